"""CSV and XLSX: all rows, no formula, the same bytes each time."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.hipaa.words import STATEMENTS
from disclosure_ledger.render.layout import COMMAND
from disclosure_ledger.render.table import HEADER, inert, records
from disclosure_ledger.render.to_csv import to_csv
from disclosure_ledger.render.words import ENGLISH


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


def footers(accounting: Accounting) -> list[str]:
    """What stands at the foot of each printed sheet of a workbook, as it is written there."""
    pytest.importorskip("xlsxwriter", reason="a workbook needs xlsxwriter: install the extra render")
    from disclosure_ledger.render.to_xlsx import to_xlsx

    with zipfile.ZipFile(io.BytesIO(to_xlsx(accounting))) as book:
        sheets = [ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")) for number in (1, 2)]
    return [sheet.findtext(".//{*}oddFooter") or "" for sheet in sheets]


def test_every_printed_sheet_says_whose_list_it_is_and_by_what_it_is_checked(every_kind: Accounting) -> None:
    ledger, size, root = every_kind.checkpoint.split("\n")[:3]
    for footer in footers(every_kind):
        whose, checkpoint = footer.removesuffix("&R&8&P / &N").split("\n")
        assert whose == f"&L&8Confidential · Client number C-1001 · {every_kind.practice.name.replace('&', '&&')}"
        assert checkpoint == f"Fingerprint: {root} · Entries: {size} · Ledger: {ledger}"


def test_a_footer_has_room_for_the_fingerprint_and_no_name_in_it_gives_an_order(every_kind: Accounting) -> None:
    size, root = every_kind.checkpoint.split("\n")[1:3]
    for length in (1, 40, 41, 42, 120, 121):
        practice = Practice(name=f"{'x' * (length % 2)}{'&' * length}D&P")
        checkpoint = f"{'&' * 120}\n{size}\n{root}\n\n"
        for footer in footers(replace(every_kind, practice=practice, checkpoint=checkpoint)):
            assert len(footer) <= 255
            assert f"\nFingerprint: {root} · Entries: {size}" in footer
            assert re.findall(r"&(&|.)", footer.replace("&&", "")) == ["L", "8", "R", "8", "P", "N"]


def test_a_workbook_says_beside_its_rows_what_the_letter_says(every_kind: Accounting) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reading a workbook back needs openpyxl")
    pytest.importorskip("xlsxwriter", reason="a workbook needs xlsxwriter: install the extra render")
    from disclosure_ledger.render.to_xlsx import to_xlsx

    for accounting, nothing in ((every_kind, False), (replace(every_kind, rows=()), True)):
        about = openpyxl.load_workbook(io.BytesIO(to_xlsx(accounting)))["About"]
        told = {cell.value for line in about.iter_rows() for cell in line}
        assert {*STATEMENTS, ENGLISH.check_why, ENGLISH.check_apart, ENGLISH.check_run, COMMAND} <= told
        assert (ENGLISH.nothing in told) == nothing
