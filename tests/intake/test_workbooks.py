"""Workbooks are read as they are shown, or refused by the cell; whoever made them, they do no harm."""

import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger.errors import InvalidImport, InvalidRecord
from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_csv, from_xlsx
from disclosure_ledger.intake.table import Reading, Table
from tabling import GOOD, HEADER, ROW, book, of_book


def test_days_digits_and_booleans_of_a_workbook_are_taken_as_shown() -> None:
    def change(_book: Any, sheet: Any) -> None:
        sheet["A2"].number_format = "00000"

    day = dt.datetime(2026, 2, 3)  # noqa: DTZ001 - a cell has no time zone
    ((line, record),) = of_book(book([*HEADER, "via ehr"], [123, day, *ROW[2:], True], change=change))
    assert line == 2
    assert isinstance(record, records.Disclosure)
    assert (record.client, str(record.disclosed_on.first_day), record.via_ehr) == ("00123", "2026-02-03", True)


@pytest.mark.parametrize(
    ("cell", "value", "form", "why"),
    [
        ("F2", '="a"&"b"', None, "a formula in F2"),
        ("F2", 0.5, None, "a number with a fraction"),
        ("A2", 10**16, None, "of more than 15 digits"),
        ("A2", 123456789, "000-00-0000", "a number shown in a form of its own in A2"),
        ("A2", dt.datetime(2026, 3, 12), None, "found a cell that holds a day"),  # noqa: DTZ001
        ("B2", dt.datetime(2026, 3, 12, 9, 30), None, "a time of day in B2"),  # noqa: DTZ001
        ("E2", "#N/A", None, "an error of the spreadsheet in E2"),
    ],
)
def test_a_cell_that_is_not_what_it_shows_is_refused_by_name(cell: str, value: Any, form: str | None, why: str) -> None:
    def change(_book: Any, sheet: Any) -> None:
        sheet[cell] = value
        sheet[cell].number_format = form or sheet[cell].number_format

    with pytest.raises(InvalidImport) as caught:
        of_book(book(HEADER, ROW, change=change))
    assert why in str(caught.value.errors[0])


def _merge(_book: Any, sheet: Any) -> None:
    sheet.merge_cells("C2:D2")


def _hide_row(_book: Any, sheet: Any) -> None:
    sheet.row_dimensions[2].hidden = True


def _hide_column(_book: Any, sheet: Any) -> None:
    sheet.column_dimensions["C"].hidden = True


def _second(made: Any, _sheet: Any) -> None:
    made.create_sheet("Two")["A1"] = "Client"


def _far(_book: Any, sheet: Any) -> None:
    sheet["XFD1048576"] = "x"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_merge, "merged cells at C2:D2"),
        (_hide_row, "the row is hidden"),
        (_hide_column, "column C is hidden"),
        (_second, "found 2 sheets with something on them"),
        (_far, "expected at most 200,000 rows and 200 columns"),
    ],
)
def test_a_sheet_that_shows_something_else_than_it_holds_is_refused(change: Any, why: str) -> None:
    with pytest.raises((InvalidImport, InvalidRecord)) as caught:
        of_book(book(HEADER, ROW, change=change))
    said = caught.value.errors[0] if isinstance(caught.value, InvalidImport) else caught.value
    assert why in str(said)


def test_a_sheet_is_chosen_by_name_or_number_and_hidden_ones_are_told() -> None:
    data = book(HEADER, ROW, change=_second)
    assert len(of_book(data, sheet="Sheet")) == len(of_book(data, sheet="1")) == 1
    with pytest.raises(InvalidRecord, match="number from 1 to 2"):
        of_book(data, sheet="3")

    def hide(made: Any, _sheet: Any) -> None:
        made.create_sheet("Old")["A1"] = "x"
        made["Old"].sheet_state = "hidden"

    assert from_xlsx.read(book(HEADER, ROW, change=hide)).notices == ("1 hidden sheet not read",)


def _repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_a_workbook_that_would_grow_is_refused_before_it_does() -> None:
    bomb = _repacked(book(HEADER, ROW), lambda name, part: part + b" " * (50 << 20) if "sheet1" in name else part)
    assert len(bomb) < 1 << 20
    with pytest.raises(InvalidRecord, match="MiB unpacked"):
        from_xlsx.read(bomb)
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    laughs = _repacked(book(HEADER, ROW), lambda name, part: entity + part if "sheet1" in name else part)
    with pytest.raises(InvalidRecord, match="document type declaration"):
        from_xlsx.read(laughs)


@pytest.mark.parametrize("called", ["sheet1.dat", "sheet1.XML"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_part_of_a_workbook_is_looked_at_whatever_it_is_called(called: str, encoding: str) -> None:
    entity = b'\n<!DOCTYPE x [<!ENTITY a "Gray">]>'

    def change(name: str, part: bytes) -> bytes:
        if "sheet1" in name:
            return (entity + part).decode().encode(encoding)
        return part.replace(b"sheet1.xml", called.encode())

    with pytest.raises(InvalidRecord, match="document type declaration"):
        from_xlsx.read(_renamed(_repacked(book(HEADER, ROW), change), "sheet1.xml", called))


def test_parts_that_are_no_xml_are_let_be() -> None:
    data = io.BytesIO(book(HEADER, ROW))
    with zipfile.ZipFile(data, "a") as more:
        more.writestr("xl/media/image1.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0")
        more.writestr("xl/printerSettings/printerSettings1.bin", "HP LaserJet <office>".encode("utf-16-le"))
    assert len(of_book(data.getvalue())) == 1


def _renamed(data: bytes, before: str, after: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name.replace(before, after), old.read(name))
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="Clientae,;\"\n\t='0\ufeff", max_size=80).map(str.encode))
def test_rubbish_is_an_error_and_never_a_traceback(data: bytes) -> None:
    for read in (from_csv.read, from_xlsx.read):
        try:
            list(Table(read(data), Reading()).read())
        except (InvalidImport, InvalidRecord):
            pass
        else:
            raise AssertionError("nothing here is a table of releases")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_flipped_byte_of_a_workbook_is_no_traceback(at: int, by: int) -> None:
    data = GOOD[:at] + bytes([GOOD[at] ^ by]) + GOOD[at + 1 :]
    with contextlib.suppress(InvalidImport, InvalidRecord):
        list(Table(from_xlsx.read(data), Reading()).read())
