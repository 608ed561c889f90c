"""What a table is, whatever file it came in: a header and rows of cells, each with its place.

A cell is text, a day, true or false, or `Unread`: something that is there and is no value to trust (a formula, a number
that its format shows otherwise). Nothing is guessed from a number: `00123` stays `00123`.

>>> letters(0), letters(27)
('A', 'AB')
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from disclosure_ledger.errors import InvalidRecord

MAX_FILE: Final = 64 << 20
"""Bytes of a file. A row of a release is about 300, so this is more than any practice has in one."""

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
"""A record has fewer than fifty fields: a wider sheet is no list of records."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that holds something which is not taken, and why."""

    why: str
    hint: str | None = None


Cell: TypeAlias = str | dt.date | bool | Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. `line` is where it begins in a text file, or its number in a sheet, counted from 1."""

    line: int
    cells: tuple[Cell, ...]
    wrong: InvalidRecord | None = None
    """What is the matter with the row as a whole."""

    def is_blank(self) -> bool:
        """Is there nothing in it?"""
        return self.wrong is None and all(isinstance(cell, str) and not cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A header, the rows below it, how its columns are called, and what the reader left out, to be told."""

    header: Row
    rows: Iterable[Row]
    lettered: bool = False
    """Columns are A, B, C, as in a spreadsheet; else they are counted from 1."""
    notices: tuple[str, ...] = ()

    def column(self, place: int) -> str:
        """What a person calls a column."""
        return f"column {letters(place) if self.lettered else place + 1}"


def letters(place: int) -> str:
    """The letters of a column counted from 0."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def invalid(message: str, *, line: int | None = None, hint: str | None = None) -> InvalidRecord:
    """An error about a file as a whole, or one line of it."""
    return InvalidRecord(message, line=line, hint=hint)
