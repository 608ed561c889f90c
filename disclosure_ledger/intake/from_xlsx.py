"""A sheet of an Excel workbook (.xlsx): what it shows, and an error where what it holds is something else.

    sheet = read(data, sheet="Releases")

A formula is refused by its cell, since the value beside it is only what some program computed last. So are hidden rows
and columns, and merged cells: whoever looks at the sheet would see another list than the ledger gets. A whole number is
its digits, with the leading zeros that its format shows; a number shown in any other way is refused, and so is a time
of day. Text cells are taken as they are.

The file is a zip of XML from outside: its unpacked size, its rows and columns are limited before anything is built, and
a document type declaration, which could make entities grow, is refused.
"""

import datetime as dt
import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from disclosure_ledger.errors import Refused

from .rows import MAX_COLUMNS, MAX_FILE, MAX_ROWS, Cell, Row, Sheet, Unread, invalid, letters

MAX_UNPACKED: Final = 48 << 20
"""Bytes of XML in the workbook. The reader takes about twenty times that in memory."""

MAX_PARTS: Final = 2000
MAX_CELLS: Final = 2_000_000

_DIGITS: Final = frozenset({"General", "@", "0", "#", "#,##0"})
_PADDED: Final = re.compile(r"0{2,20}")
_WIDE: Final = re.compile(rb"(?:[\t\n\r ]\0|\0[\t\n\r ])*(?:<\0|\0<)")
"""How XML in UTF-16 begins where no mark of its byte order does."""
_LARGEST: Final = 10**15
"""Excel keeps fifteen digits of a number: a longer one has lost its end."""


def read(data: bytes, *, sheet: str | None = None, header_row: int = 1) -> Sheet:
    """The table on a sheet, by its name or number (from 1); its header is the row of that number.

    Raises InvalidRecord, or Refused where openpyxl is not installed.
    """
    _expect_harmless(data)
    found, notices = _chosen(_workbook(data), sheet)
    _expect_plain(found, header_row)
    rows = _rows(found, header_row)
    header = next(rows, None)
    if header is None:
        raise invalid("expected a header and rows below it; the sheet has none")
    return Sheet(header=header, rows=rows, lettered=True, notices=notices)


def _expect_harmless(data: bytes) -> None:
    if len(data) > MAX_FILE:
        raise invalid(f"expected a file of at most {MAX_FILE >> 20} MiB", hint="divide it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise invalid(f"expected a workbook of at most {MAX_UNPACKED >> 20} MiB unpacked", hint="divide it")
            for info in infos:
                _expect_no_entities(parts.read(info))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        raise _NO_WORKBOOK from None


_NO_WORKBOOK: Final = invalid("expected an .xlsx workbook, unencrypted and whole")


def _expect_no_entities(part: bytes) -> None:
    # of every part: which are XML is said by the workbook itself, and not by their names. Another encoding than ASCII's
    # family would hide the declaration from this look
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or part[:2] in (b"\xff\xfe", b"\xfe\xff") or _WIDE.match(part):
        raise invalid("expected a workbook without a document type declaration, in UTF-8")


def _workbook(data: bytes) -> Any:
    try:
        import openpyxl  # type: ignore[import-untyped]  # an extra
    except ImportError:
        hint = "pip install 'disclosure-ledger[xlsx]', or save the sheet as CSV UTF-8"
        raise Refused("openpyxl is needed to read a workbook, and it is not installed", hint=hint) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that it does not know: none matter here
            return openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    except MemoryError:
        raise
    except Exception:  # a foreign reader over foreign bytes raises anything
        raise _NO_WORKBOOK from None


def _chosen(book: Any, name: str | None) -> tuple[Any, tuple[str, ...]]:
    """The sheet to read, and what to say of the others."""
    sheets = book.worksheets
    if name is not None:
        named = [one for one in sheets if one.title == name] or _numbered(sheets, name)
        if not named:
            raise invalid(f"expected a sheet's name, or its number from 1 to {len(sheets)}")
        return named[0], ()
    shown = [one for one in sheets if one.sheet_state == "visible" and _has_cells(one)]
    hidden = sum(one.sheet_state != "visible" for one in sheets)
    if len(shown) != 1:
        what = "no sheet that is shown" if not shown else f"{len(shown)} sheets with something on them"
        hint = f"say which with --sheet, by its name or its number from 1 to {len(sheets)}"
        raise invalid(f"expected one sheet, found {what}", hint=hint)
    return shown[0], (f"{hidden} hidden sheet{'s' if hidden > 1 else ''} not read",) if hidden else ()


def _numbered(sheets: list[Any], name: str) -> list[Any]:
    number = int(name) if name.isascii() and name.isdecimal() and len(name) < 5 else 0
    return sheets[number - 1 : number] if number else []


def _has_cells(sheet: Any) -> bool:
    return sheet.max_row > 1 or sheet.max_column > 1 or sheet["A1"].value is not None


def _expect_plain(sheet: Any, header_row: int) -> None:
    """Raise InvalidRecord where the sheet is too large, or shows something else than it holds."""
    height, width = sheet.max_row, sheet.max_column
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        message = f"expected at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns, found {height:,} and {width:,}"
        raise invalid(message, hint="delete what lies outside the table, or divide the sheet")
    for merged in sheet.merged_cells.ranges:
        if merged.max_row >= header_row:
            raise invalid(f"merged cells at {merged.coord}", line=merged.min_row, hint=_UNMERGE)
    for name, column in sheet.column_dimensions.items():
        if column.hidden:
            last = letters(min(column.max or 1, width) - 1)
            raise invalid(
                f"column {name} is hidden" if last == name else f"columns {name} to {last} are hidden", hint=_SHOW
            )


_UNMERGE: Final = "unmerge them: each row is one record; a title above the headings is passed over with --header-row"
_SHOW: Final = "show it, or delete it: what nobody sees is not imported, and not left out in silence"


def _rows(sheet: Any, header_row: int) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(min_row=header_row), header_row):
        row = Row(line=number, cells=tuple(_cell(cell) for cell in cells))
        if sheet.row_dimensions[number].hidden and not row.is_blank():
            wrong = invalid("the row is hidden", line=number, hint=_SHOW)
            row = Row(line=number, cells=row.cells, wrong=wrong)
        yield row


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or not isinstance(value, str | bool | int | float | dt.date | dt.time | dt.timedelta):
        return Unread(f"a formula in {cell.coordinate}", "put its value in its place: copy, then paste special, values")
    if cell.data_type == "e":
        return Unread(f"an error of the spreadsheet in {cell.coordinate}")
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _number(cell, value)
    return _moment(cell, value)


def _number(cell: Any, value: float) -> Cell:
    if not math.isfinite(value) or value != int(value) or abs(value) >= _LARGEST:
        return Unread(f"a number with a fraction, or of more than 15 digits, in {cell.coordinate}", _AS_TEXT)
    digits, shown = str(int(value)), cell.number_format
    if shown in _DIGITS:
        return digits
    if _PADDED.fullmatch(shown) and value >= 0:
        return digits.zfill(len(shown))
    return Unread(f"a number shown in a form of its own in {cell.coordinate}", _AS_TEXT)


_AS_TEXT: Final = "format the cell as text, and write what it should say"


def _moment(cell: Any, value: dt.date | dt.time | dt.timedelta) -> Cell:
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date()
    elif isinstance(value, dt.date):
        return value
    return Unread(f"a time of day in {cell.coordinate}", "a release has a day: write the date alone")
