"""What reaches a terminal, and how: data to standard output, talk to standard error, nothing that acts.

Text that somebody else wrote (a recipient's name, a note) may hold control characters or marks that turn the
reading direction; a terminal obeys them. Everything printed passes through `plain`.
"""

import contextlib
import itertools
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

from disclosure_ledger.errors import Refused, StorageFailed

_STEERING = frozenset("\x7f\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the reading direction or begins a line, beside the control characters."""


def plain(text: str) -> str:
    """The text with what would steer a terminal made visible; newlines stay, and so do joiners within words."""
    if text.isprintable():
        return text
    return "".join(f"\\u{ord(mark):04x}" if _steers(mark) and mark != "\n" else mark for mark in text)


def _steers(mark: str) -> bool:
    return mark in _STEERING or unicodedata.category(mark) in ("Cc", "Cs")


def colour(stream: Any) -> bool:
    """Whether to colour: FORCE_COLOR says yes, NO_COLOR and TERM=dumb say no, else a terminal does."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or bool(stream.isatty())


_VERDICT = re.compile(r"^( *)(VERIFIED|FAILED|INCOMPLETE)(?=  )", re.MULTILINE)
_SHADES = {"VERIFIED": "green", "FAILED": "red", "INCOMPLETE": "yellow"}


def data(text: str) -> None:
    """Print what was asked for. A verdict at the beginning of a line is coloured where colour is welcome."""
    shown = plain(text)
    if colour(sys.stdout):
        shown = _VERDICT.sub(lambda found: found[1] + click.style(found[2], fg=_SHADES[found[2]], bold=True), shown)
    click.echo(shown, color=colour(sys.stdout))


def data_json(value: Any) -> None:
    """Print one JSON value."""
    click.echo(as_json(value))


def as_json(value: Any) -> str:
    """Indented JSON that is harmless on a screen."""
    return harmless(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def harmless(text: str) -> str:
    """JSON text with the steering marks escaped, which changes no value: JSON itself escapes control characters."""
    if text.isprintable():
        return text
    return "".join(f"\\u{ord(mark):04x}" if mark in _STEERING else mark for mark in text)


def talk(text: str, *, quiet: bool = False) -> None:
    """Tell the person what happened, on standard error."""
    if not quiet:
        click.echo(plain(text), err=True)


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 entry`, `3 entries`; `many` where more than an s makes it."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def entries(count: int) -> str:
    """So many entries."""
    return counted(count, "entry", "entries")


def warn(text: str) -> None:
    """Tell the person what to look at; `--quiet` does not silence it."""
    click.echo(click.style("look here: ", bold=True) + plain(text), err=True, color=colour(sys.stderr))


def table(rows: Iterable[Sequence[str]], heads: Sequence[str], *, right: Sequence[int] = (), indent: int = 0) -> str:
    """Lines of aligned columns, which the caller may indent.

    On a terminal wide columns are folded until the table fits; elsewhere a row is one line, for `grep`.
    """
    cells = [[plain(cell).replace("\n", " ") for cell in row] for row in rows]
    widths = [max([len(head), *(len(row[column]) for row in cells)]) for column, head in enumerate(heads)]
    fitted = _fitted(widths, indent)
    if fitted != widths:
        widths, cells = fitted, [line for row in cells for line in _folded(row, fitted)]
    lines = [heads, ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


_NARROWEST = 16
"""Characters: a moment is as wide, and words in a narrower column are worse to read than a line that breaks."""


def _fitted(widths: list[int], indent: int) -> list[int]:
    """The widths, the widest made narrower until all fit the terminal; as they are where they cannot, or need not."""
    room, fitted = _width(), list(widths)
    if room is None:
        return widths
    room -= indent + 2 * (len(widths) - 1)
    while sum(fitted) > room:
        widest = fitted.index(max(fitted))
        if fitted[widest] <= _NARROWEST:
            return widths
        fitted[widest] -= 1
    return fitted


def _width() -> int | None:
    """How wide the terminal is; None where standard output is none."""
    if not sys.stdout.isatty():
        return None
    import shutil  # with all that it can pack: only a terminal waits for that

    return shutil.get_terminal_size().columns


def _folded(row: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    """A row as several lines, each cell folded at spaces."""
    import textwrap  # its expressions are compiled when it is loaded, and few tables are too wide

    parts = [textwrap.wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    return [list(line) for line in itertools.zip_longest(*parts, fillvalue="")] or [[""] * len(row)]


_LIVED_BY = re.compile(
    rb"""SQLite\ format\ 3\x00 | \{"format":"disclosure-ledger/(?:keys|state|witness|witness-key)/
    | [^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\n""",
    re.VERBOSE,
)
"""How the files begin that a ledger or a witness lives by: database, key file, state, vkey."""


def expect_replaceable(path: Path) -> None:
    """Let pass a file that may be written or replaced. Raises Refused for one that a ledger or a witness lives by."""
    beginning = b""
    with contextlib.suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                beginning = file.read(4096)
    if _LIVED_BY.match(beginning):
        hint = "give the file that is to be written another name"
        raise Refused(f"{path} is what a ledger or a witness lives by, and is not written over", hint=hint)


def called(path: Path) -> str:
    """What to call a file that is about to be written: it says where that replaces another."""
    return f"{path}, in place of what was there" if path.exists() else str(path)


def write(path: Path, content: bytes) -> str:
    """Write a file for the person, mode 0600, whole or not at all. Returns what to call it (`called`).

    Raises Refused for a file that a ledger lives by, StorageFailed.
    """
    from disclosure_ledger.custody.memory import write_private  # what is only printed needs none of it

    expect_replaceable(path)
    name = called(path)
    try:
        write_private(path, content, durable=True)
    except StorageFailed as error:
        raise StorageFailed(f"{error}; nothing was written") from None
    return name


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file of mode 0600 to write piece by piece: whole when the block ends, and not at all if it fails.

    Raises Refused for a file that a ledger lives by, StorageFailed.
    """
    expect_replaceable(path)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            raise StorageFailed(f"cannot write {path}: {error.strerror}; nothing was written") from None
        raise
