"""One letter of each kind, about people who do not exist."""

from dataclasses import replace
from datetime import date

from disclosure_ledger.hipaa.accounting import Practice
from disclosure_ledger.hipaa.changes import Change
from disclosure_ledger.hipaa.letters import Consent, Corrected, CoverSheet, Extension, FeeNotice, Heading, Letter
from disclosure_ledger.hipaa.part2 import NOTICE_LONG
from disclosure_ledger.hipaa.parts import Day
from disclosure_ledger.hipaa.rows import Named, Row

PRACTICE = Practice(name="Harbor Counseling LLC", address="12 Pier Road\nHartwell", contact="555-0100")


def letters(text: str = "late papers", name: str = "Dana Example", practice: Practice = PRACTICE) -> dict[str, Letter]:
    """One letter of each kind, with a text in every place that holds one."""
    head = Heading(
        practice=practice,
        dated=date(2027, 1, 12),
        name=name,
        address=text,
        client_number="C-1001",
        request_id=text,
        requested_on=date(2026, 11, 20),
        received_on=date(2026, 11, 23),
    )
    row = Row(recipient=Named(name=text, address=text), description=text, purpose=text, on=Day(on=date(2026, 2, 3)))
    consent = Consent(
        signed_on=date(2026, 1, 2), information=text, purpose=text, expires_on=date(2026, 12, 1), expires_when=text
    )
    return {
        "extension": Extension(heading=head, reason=text, due_on=date(2027, 1, 22), provide_by=date(2027, 2, 15)),
        "fee": FeeNotice(heading=head, fee="12.50", reckoned=text),
        "corrected": Corrected(
            heading=head,
            earlier_on=date(2026, 12, 1),
            changes=(
                Change(before=row, after=replace(row, description="dates")),
                Change(before=None, after=row),
                Change(before=row, after=None),
            ),
        ),
        "cover": CoverSheet(
            practice=practice,
            recipient=(name, text),
            disclosed_on=Day(on=date(2026, 2, 3)),
            description=text,
            matter=text,
            pages=3,
            notice=NOTICE_LONG,
            by_consent=True,
            consent=consent,
        ),
    }
