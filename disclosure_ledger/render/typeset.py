"""Sets a letter with Typst: a tagged PDF (PDF/UA-1 and PDF/A-3a) of what comes as JSON, never as markup.

Fonts are those that Typst brings and the font packages of the extra `render`; the system's are not, so that the same
input gives the same bytes. Between them they have the scripts in which the names of most of the world's people are
written. A character that none of them has stands as its number, and the letter says so: PDF/UA lets nothing be
printed that cannot be read. No text is refused: where Typst gives up without saying why, first what joins is spelled
out, then all but ASCII.

>>> spelled_out("Ann \u16a0", {"\u16a0"})
'Ann [U+16A0]'
"""

import datetime as dt
import functools
import importlib.util
import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import orjson

from disclosure_ledger.errors import Refused

from .fitting import BREAK, kept
from .logo import Logo

STANDARDS: Final = ("ua-1", "a-3a")

_SCRIPTS: Final = (
    *("Hebrew", "Devanagari", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Tamil"),
    *("Telugu", "Thai", "Lao", "Khmer", "Myanmar", "Armenian", "Georgian", "Ethiopic", "Symbols"),
)
FONTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "fontpkg_noto_sans": ("Noto Sans",),
        "fontpkg_noto_sans_arabic": ("Noto Sans Arabic",),
        "manimgx_fonts": (*(f"Noto Sans {script}" for script in _SCRIPTS), "Noto Emoji"),
        "noto_cjk_sans_otc": ("Noto Sans CJK SC",),
    }
)
"""Font packages and the families that are used of each, in order of preference."""
_BROUGHT: Final = ("Libertinus Serif", "DejaVu Sans Mono")
_ROUNDS: Final = 200
_SHORT: Final = 12
"""Signs of a part of a word with hyphens that stays whole where there is a whole line for it (`fitting.kept`)."""
_MISSING: Final = re.compile(
    r'the text `?"(.*?)"`? could not be displayed|the PDF contains the codepoint `?"(.*?)"', re.DOTALL
)
"""What Typst says of a character without a glyph, and of one for private use, which PDF/A does not take."""
_QUOTED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
"""How Typst quotes a mark that cannot be shown alone."""
_EACH_ALONE: Final = b"""
#set document(title: "each alone")
#set text(font: json(bytes(sys.inputs.fonts)), script: "latn")
#for mark in json(bytes(sys.inputs.letter)) { par(text(mark)) }
"""


def typeset(
    source: str,
    letter: dict[str, Any],
    day: dt.date,
    *,
    unprintable: str,
    large: bool = False,
    logo: Logo | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The PDF of a letter by one of the `.typ` files here, dated `day`. Raises Refused where Typst will not set it.

    `unprintable`: what the letter says where characters stand as their numbers. `logo`: in the letterhead.
    """
    inputs = {"large": "yes" if large else "no", **more}
    letter["logo"], letter["kept"] = None, kept(_SHORT)
    if logo is not None:
        form = logo.name.removeprefix("logo.")
        letter["logo"] = {"name": logo.name, "form": form, "mime": f"image/{logo.form}", "wide": logo.inches}
        inputs["logo"] = orjson.dumps(list(logo.data)).decode()
    written = {mark for mark in _marks(letter) if not mark.isascii()} - {BREAK}
    missing, resorts = _known_to_be_missing(written, day), iter(_resorts(written))
    for _ in range(_ROUNDS):
        letter["unprintable"] = unprintable if missing else None
        made = _set(source, {**inputs, "letter": orjson.dumps(_spelled(letter, missing)).decode()}, day)
        if isinstance(made, bytes):
            return made
        if made <= missing and (made := next(resorts, set())) <= missing:
            break
        missing |= made
    hint = "give it as a page instead, in HTML"
    broken = "is the logo a whole picture? Try without it, or " if logo is not None else ""
    raise Refused("the document could not be set", hint=broken + hint)


def spelled_out(text: str, missing: Set[str]) -> str:
    """The text with each of these characters as its number."""
    return "".join(f"[U+{ord(mark):04X}]" if mark in missing else mark for mark in text)


def font_packages() -> dict[str, Path]:
    """The font packages that are installed, and where."""
    found = {name: importlib.util.find_spec(name) for name in FONTS}
    return {name: Path(spec.origin or "").parent for name, spec in found.items() if spec is not None}


def _spelled(value: Any, missing: Set[str]) -> Any:
    if not missing:
        return value
    if isinstance(value, str):
        return spelled_out(value, missing)
    if isinstance(value, dict):
        return {key: _spelled(one, missing) for key, one in value.items()}
    return [_spelled(one, missing) for one in value] if isinstance(value, list | tuple) else value


def _marks(value: Any) -> set[str]:
    """Every character of a letter."""
    if isinstance(value, str):
        return set(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return set().union(*map(_marks, parts))


def _known_to_be_missing(written: Set[str], day: dt.date) -> set[str]:
    """The characters without a glyph, where they must be known before the letter is set, else none.

    Typst gives up where a line breaks within what runs from the right and has no glyph, so that it cannot say so. And
    it says nothing of some marks without a glyph, but prints a dotted circle: not where their script is another one.
    """
    if not any(unicodedata.bidirectional(one) in ("R", "AL") or unicodedata.category(one)[0] == "M" for one in written):
        return set()
    made = _compiled(_EACH_ALONE, {"letter": orjson.dumps(sorted(written)).decode()}, day)
    return made if isinstance(made, set) else set()


def _resorts(written: Set[str]) -> Iterator[set[str]]:
    """What is spelled out where Typst will not set a letter and does not say why: what joins, then all but ASCII."""
    yield {mark for mark in written if unicodedata.category(mark) in ("Mn", "Mc", "Me", "Cf")}
    yield set(written)


def _set(source: str, inputs: Mapping[str, str], day: dt.date) -> bytes | set[str]:
    """The PDF, or the characters that no font can show."""
    here = resources.files(__package__)
    return _compiled(here.joinpath("look.typ").read_bytes() + here.joinpath(source).read_bytes(), inputs, day)


def _compiled(code: bytes, inputs: Mapping[str, str], day: dt.date) -> bytes | set[str]:
    import typst  # an extra

    families, fonts = _fonts()
    try:
        made = typst.compile(
            code,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={**inputs, "fonts": orjson.dumps(families).decode()},
            format="pdf",
            pdf_standards=list(STANDARDS),
            timestamp=dt.datetime.combine(day, dt.time(), dt.UTC),
        )
    except typst.TypstError as error:
        # what it says holds the client's data: only the characters are taken from it
        return _unprintable(f"{error.message}\n{error.diagnostic}")
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Typst's own making; it has no name that could be imported
            raise
        return set()
    return bytes(made)


def _unprintable(said: str) -> set[str]:
    texts = (
        _QUOTED.sub(lambda mark: chr(int(mark[1], 16)), text) for found in _MISSING.findall(said) for text in found
    )
    return {mark for text in texts for mark in text if not mark.isascii()} - {BREAK}


@functools.cache
def _fonts() -> tuple[list[str], Any]:
    """The families in order of preference, and the fonts that are installed for them."""
    import typst  # an extra

    here = font_packages()
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in here.values()])
    known = fonts.families()
    wanted = (*(family for name in here for family in FONTS[name]), *_BROUGHT)
    return [one for one in wanted if one in known], fonts
