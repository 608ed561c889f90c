"""Letters and cover sheets as files: a PDF, a page or plain text, by the ending of the name.

Deterministic: the same letter, language, print size and picture give the same bytes.

>>> sorted(ENDINGS)
['.html', '.pdf', '.txt']
>>> form_of("answer.docx")
Traceback (most recent call last):
disclosure_ledger.errors.Refused: expected a name that ends in .pdf, .html or .txt for a letter
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final

from disclosure_ledger import __version__
from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.letters import Letter

from .formats import expect_installed
from .layout import Block
from .letter_words import ENGLISH_LETTERS, LetterWords
from .letter_words_es import SPANISH_LETTERS
from .logo import Logo
from .note import Note, Part, lay_out_note

LETTER_LANGUAGES: Final[Mapping[str, LetterWords]] = MappingProxyType({"en": ENGLISH_LETTERS, "es": SPANISH_LETTERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStyle:
    """What a person may choose beside the format. `logo`: of the letterhead; plain text has none."""

    says: LetterWords = ENGLISH_LETTERS
    large: bool = False
    logo: Logo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A format of letters. `needs`: packages of the extra `render`."""

    make: Callable[[Note, bool], bytes]
    needs: tuple[str, ...] = ()

    def render(self, letter: Letter, style: LetterStyle = LetterStyle()) -> bytes:
        """The letter's bytes. Raises Refused where a package is missing."""
        expect_installed(self.needs)
        return self.make(lay_out_note(letter, style.says, style.logo), style.large)


def form_of(name: str) -> Ending:
    """The format that a file's name asks for, with all it needs installed. Raises Refused."""
    found = ENDINGS.get(PurePath(name).suffix.lower())
    if found is None:
        raise Refused("expected a name that ends in .pdf, .html or .txt for a letter")
    expect_installed(found.needs)
    return found


def _pdf(note: Note, large: bool) -> bytes:
    from .typeset import typeset

    value = asdict(note)
    value["on"] = note.on.isoformat()
    value["keywords"] = [f"disclosure-ledger {__version__}"]
    return typeset("note.typ", value, note.on, unprintable=note.unprintable, large=large, logo=note.logo)


def _html(note: Note, large: bool) -> bytes:
    from markupsafe import Markup  # an extra

    from .to_html import file_of, hash_of, logo_style, style

    sheet = style() + logo_style() + file_of("note.css")
    text: str = _template().render(
        note=note,
        large=large,
        version=__version__,
        style=Markup(sheet),  # noqa: S704 - our own files
        style_hash=Markup(hash_of(sheet)),  # noqa: S704 - base64
    )
    return text.encode()


@functools.cache
def _template() -> Any:
    from .to_html import environment, file_of

    return environment().from_string(file_of("note.html.j2"))


def _text(note: Note, _large: bool) -> bytes:
    from .to_text import heading, labelled, wrapped

    blocks = [
        "\n".join((note.practice, *note.practice_lines)),
        f"{heading(note.title)}\n{note.subtitle}",
        labelled(note.facts),
        *map(wrapped, note.opening),
        *(text for part in note.parts for text in _part(part)),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def _part(part: Part) -> Iterable[str]:
    from .to_text import heading, labelled, wrapped

    yield heading(part.heading)
    yield from map(wrapped, part.paragraphs)
    if part.quoted is not None:
        yield wrapped(part.quoted)
    if part.points:
        yield "\n".join(wrapped(f"- {text}").replace("\n", "\n  ") for text in part.points)
    if part.facts:
        yield labelled(part.facts)
    yield from map(_block, part.blocks)
    yield from map(wrapped, part.after)


def _block(block: Block) -> str:
    from .to_text import labelled, wrapped

    return f"{wrapped(block.heading)}\n{labelled(block.facts)}"


ENDINGS: Final[Mapping[str, Ending]] = MappingProxyType(
    {
        ".pdf": Ending(make=_pdf, needs=("typst",)),
        ".html": Ending(make=_html, needs=("jinja2",)),
        ".txt": Ending(make=_text),
    }
)
