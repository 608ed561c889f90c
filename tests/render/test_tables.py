"""CSV and XLSX: all rows, no formula, the same bytes each time."""

import csv
import io

import pytest

from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.render.table import HEADER, inert, records
from disclosure_ledger.render.to_csv import to_csv


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def test_the_table_has_every_row_and_study(every_kind: Accounting) -> None:
    table = read(to_csv(every_kind))
    assert table[0] == list(HEADER)
    assert [line[0] for line in table[1:]] == ["release", "release", "release", "summary", "study"]
    assert table[4][1:4] == ["2025-10-06", "2026-11-02", "14"]
    assert table[3][4] == "within 48 hours of the visit"


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_a_cell_that_begins_like_a_formula_is_text(mark: str) -> None:
    assert inert(f"{mark}1+1") == f"'{mark}1+1"
    assert inert(f"a{mark}") == f"a{mark}"


def test_hostile_text_stands_in_csv_as_text(hostile: Accounting) -> None:
    data = to_csv(hostile)
    assert [cell for line in read(data) for cell in line if cell[:1] in tuple("=+-@")] == []
    assert b"\x1b" not in data
    assert "\u202e".encode() not in data
    assert b"<script>alert(1)</script>" in data
    assert b"x" * 10_000 in data


def test_excel_is_told_the_encoding_only_when_asked(every_kind: Accounting) -> None:
    assert to_csv(every_kind, excel=True) == b"\xef\xbb\xbf" + to_csv(every_kind)


def test_hostile_text_stands_in_a_workbook_as_text(hostile: Accounting) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reading a workbook back needs openpyxl")
    pytest.importorskip("xlsxwriter", reason="a workbook needs xlsxwriter: install the extra render")
    from disclosure_ledger.render.to_xlsx import to_xlsx

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(hostile)))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    found = [[cell.value or "" for cell in line] for line in book["Releases"].iter_rows(min_row=2)]
    assert [tuple(line) for line in found] == list(records(hostile))


def test_the_same_input_gives_the_same_workbook(every_kind: Accounting) -> None:
    pytest.importorskip("xlsxwriter", reason="a workbook needs xlsxwriter: install the extra render")
    from disclosure_ledger.render.to_xlsx import to_xlsx

    assert to_xlsx(every_kind) == to_xlsx(every_kind)
