"""Letters and cover sheets from the command line: their flags, the letterhead, and a file that is there or is not."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from disclosure_ledger.errors import NotFound
from disclosure_ledger.hipaa.accounting import Practice
from disclosure_ledger.hipaa.letters import CoverSheet, Letter, cover_sheet
from disclosure_ledger.hipaa.records import Disclosure
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.render.letters import LETTER_LANGUAGES, LetterStyle, form_of
from disclosure_ledger.render.logo import Logo, logo_of

from . import say
from .settings import FILE, Settings


def letter_flags(name: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command a flag for a letter's file, named so, and the flags for how it is set."""
    what = name.removeprefix("--").replace("-", " ")
    languages = click.Choice(tuple(LETTER_LANGUAGES))
    language = click.option("--language", type=languages, default="en", show_default=True, help=f"Of the {what}.")
    large = click.option("--large-print", is_flag=True, help=f"Set the {what} in large print.")

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        return click.option(name, "letter", metavar="FILE", help=text)(language(large(command)))

    return give


def practice_of(ledger: Ledger, chosen: Settings) -> Practice:
    """Who writes, as the letterhead has it."""
    return Practice(name=ledger.practice_name(), address=chosen.address, contact=chosen.contact)


def warn_unreachable(practice: Practice) -> None:
    """Warn of a letter from which nobody could tell how to reach the practice."""
    if not (practice.address or practice.contact):
        say.warn(f"the letter says no way to reach the practice: set address and contact in {FILE}")


def style_of(chosen: Settings, language: str, *, large: bool) -> LetterStyle:
    """How a letter is set, with the practice's logo where the settings name one. Raises NotFound, InvalidRecord."""
    return LetterStyle(says=LETTER_LANGUAGES[language], large=large, logo=logo_at(chosen.logo))


def sheet_of(ledger: Ledger, release: Disclosure, practice: Practice) -> Letter:
    """The cover sheet of a release, with the scope of the consent that the ledger holds for it."""
    case = None
    with contextlib.suppress(NotFound):  # the first record of a client: then there is no form either
        case = ledger.casefile(release.client)
    return cover_sheet(release, case, practice)


@contextlib.contextmanager
def written(name: str, letter: Letter, style: LetterStyle) -> Iterator[None]:
    """Write a letter, and take it away again where what goes with it fails. Raises Refused, StorageFailed."""
    path = Path(name)
    with removed_on_failure([path]):
        say.write(path, form_of(name).render(letter, style))
        yield
    warn_unreachable(letter.practice if isinstance(letter, CoverSheet) else letter.heading.practice)


@contextlib.contextmanager
def removed_on_failure(paths: Iterable[Path]) -> Iterator[None]:
    """Leave no file behind where the command fails after all; what was there before it is not touched."""
    new = [path for path in paths if not path.exists()]
    try:
        yield
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def logo_at(path: Path | None) -> Logo | None:
    """The picture in a file; None for none. Raises NotFound, InvalidRecord."""
    if path is None:
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(f"the logo {path} cannot be read: {error.strerror}") from None
    return logo_of(data)
