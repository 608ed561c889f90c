"""Tables of two rows, for tests: as CSV and as a workbook."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_xlsx
from disclosure_ledger.intake.table import Reading, Table

HEADER = ["Client", "Date", "Recipient", "Recipient type", "Basis", "Description"]
ROW = ["00123", "2026-02-03", "County Court", "court", "court_order", "visit dates"]


def book(*lines: list[Any], change: Callable[[Any, Any], None] = lambda _book, _sheet: None) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    for line in lines:
        sheet.append(line)
    change(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def of_book(data: bytes, *, sheet: str | None = None, **how: Any) -> list[tuple[int, records.Record]]:
    return list(Table(from_xlsx.read(data, sheet=sheet), Reading(**how)).read())


GOOD = book(HEADER, ROW)
