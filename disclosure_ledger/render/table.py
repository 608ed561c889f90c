"""An accounting as rows of a spreadsheet: one header, and no text that is taken for a formula.

>>> HEADER[:5]
('type', 'first_date', 'last_date', 'count', 'when')
>>> inert("=cmd|' /C calc'!A0"), inert("Harbor County Court")
("'=cmd|' /C calc'!A0", 'Harbor County Court')

`type` is `release`, `summary` (164.528(b)(3)) or `study` (164.528(b)(4)); dates are ISO 8601; a cell that does not
apply is empty. For a study the recipient is its researcher.
"""

from typing import Final

from disclosure_ledger.hipaa.accounting import Accounting, Listing, Row
from disclosure_ledger.hipaa.parts import EventPlus, Party

from .visible import visible

HEADER: Final = (
    *("type", "first_date", "last_date", "count", "when"),
    *("recipient", "organization", "address", "description", "purpose"),
    *("study", "criteria", "sponsor", "statement"),
)

_ACTING: Final = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""How a cell begins that a spreadsheet may calculate; the last four are the full-width forms."""


def records(accounting: Accounting) -> tuple[tuple[str, ...], ...]:
    """The rows and the studies, each as wide as the header; control characters and steering marks are spelled out."""
    rows = (*map(_release, accounting.rows), *map(_study, accounting.research))
    return tuple(tuple(visible(cell) for cell in row) for row in rows)


def inert(cell: str) -> str:
    """The cell as text: one that begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell[:1] in _ACTING and cell else cell


def _release(row: Row) -> tuple[str, ...]:
    who = (row.recipient.name, row.recipient.organization or "", row.recipient.address or "")
    return (*_dates(row), *who, row.description, row.purpose, "", "", "", "")


def _dates(row: Row) -> tuple[str, ...]:
    if row.on is None:
        return ("summary", f"{row.first}", f"{row.last}", f"{row.count}", "")
    interval = row.on.interval if isinstance(row.on, EventPlus) else ""
    return ("release", f"{row.on.first_day}", f"{row.on.last_day}", "1", interval)


def _study(study: Listing) -> tuple[str, ...]:
    who = (study.researcher.name, "", f"{study.researcher.address}\n{study.researcher.telephone}")
    about = (study.information, study.description, study.protocol, study.criteria)
    return ("study", f"{study.from_}", f"{study.last}", "", "", *who, *about, _party(study.sponsor), study.statement)


def _party(party: Party) -> str:
    return f"{party.name}\n{party.address}\n{party.telephone}"
