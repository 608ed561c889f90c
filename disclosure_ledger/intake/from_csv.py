"""CSV (RFC 4180): UTF-8, with or without a byte order mark; commas, semicolons or tabs, whichever its header uses.

>>> sheet = read(b"Client;Date\\r\\n00123;2026-02-03\\r\\n")
>>> sheet.header.cells, [row.cells for row in sheet.rows]
(('Client', 'Date'), [('00123', '2026-02-03')])

A line with more or fewer cells than the header is an error: something is missing, or a quote is. An apostrophe before
`=`, `+`, `-` or `@` is taken off: it is how an export keeps a spreadsheet from calculating.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final

from disclosure_ledger.errors import InvalidRecord

from .rows import MAX_COLUMNS, MAX_FILE, MAX_ROWS, Row, Sheet, invalid

_DELIMITERS: Final = ",;\t"
_QUIETED: Final = tuple(f"'{mark}" for mark in "=+-@\t\r")
_SAVE_AS: Final = "in Excel, save it as 'CSV UTF-8'"


def read(data: bytes, *, header_row: int = 1) -> Sheet:
    """The table in a file's bytes; its header is the row of that number. Raises InvalidRecord."""
    if len(data) > MAX_FILE:
        raise invalid(f"expected a file of at most {MAX_FILE >> 20} MiB", hint="divide it")
    text = _decoded(data)
    delimiter, text, before = _delimiter(text)
    rows = _rows(text, delimiter, before)
    for number, row in enumerate(rows, 1):
        if row.wrong is not None:
            raise row.wrong
        if number == header_row:
            return Sheet(header=row, rows=_even(rows, len(row.cells)))
    raise invalid("expected a header and rows below it; the file has none")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise invalid("expected UTF-8, found UTF-16", line=1, hint=_SAVE_AS)
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise invalid("expected UTF-8, found bytes of another encoding", line=line, hint=_SAVE_AS) from None


def _delimiter(text: str) -> tuple[str, str, int]:
    """The delimiter; the text without a line that only names it (`sep=;`); how many lines that were."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and len(named) == len("sep=") + 1:
        return named[-1], rest, 1
    return max(_DELIMITERS, key=lambda mark: _unquoted(first, mark)), text, 0


def _unquoted(line: str, mark: str) -> int:
    """How often a mark stands outside quotes: every second piece between quotes is inside."""
    return sum(piece.count(mark) for piece in line.split('"')[::2])


def _rows(text: str, delimiter: str, before: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count, line = 0, before + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Row(
                line=line, cells=(), wrong=invalid("expected cells as RFC 4180 writes them", line=line, hint=_QUOTE)
            )
            return
        if cells is None:
            return
        count += 1
        if count > MAX_ROWS:
            yield Row(line=line, cells=(), wrong=_too_long(line))
            return
        yield Row(line=line, cells=tuple(_loud(cell) for cell in cells))
        line = before + reader.line_num + 1


_QUOTE: Final = 'a quote is open, or stands in the middle of a cell: inside quotes, " is written ""'


def _too_long(line: int) -> InvalidRecord:
    return invalid(f"expected at most {MAX_ROWS:,} rows", line=line, hint="divide the file")


def _loud(cell: str) -> str:
    return cell[1:] if cell.startswith(_QUIETED) else cell


def _even(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """The rows, each as wide as the header; another one says so."""
    for row in rows:
        found = len(row.cells)
        if row.wrong is None and not row.is_blank() and (found != width or found > MAX_COLUMNS):
            wrong = invalid(f"expected {width} cells, as in the header, found {found}", line=row.line, hint=_CELLS)
            yield Row(line=row.line, cells=(), wrong=wrong)
        else:
            yield row


_CELLS: Final = "a cell that holds the delimiter or a new line needs quotes around it"
