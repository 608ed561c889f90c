"""Accountings to lay out: one of every kind of row, and one full of text that wants to act."""

from datetime import date
from typing import Any

import pytest

from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.hipaa.parts import Day, EventPlus, Party, Range, Span
from disclosure_ledger.hipaa.rows import Named, Row
from disclosure_ledger.hipaa.studies import Listing

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    '#import "x": * ] $ _a_ \\ @ref #{panic()}',
    "{{ 7 * 7 }} {title}",
    "Maria\u202emoc.x\x07\x1b[2J",
    "&lt;b&gt; --> ]]>",
    "Zo\u20dd\u0903" + "\u0336\u200d" * 40 + "\u0489x" + "\u0302" * 5,
)
CHECKPOINT = "harbor.example/disclosures\n326\nqHFzc4YpX6dG9KWNsZuR7GHAC6MiG9eD2XFo7aE56TU=\n\n\u2014 a signature\n"
PERIOD = Span(from_=date(2020, 12, 1), to=date(2026, 12, 1))


def row(name: str = "County Court", what: str = "visit dates", **more: Any) -> Row:
    """A row with one thing of its own."""
    when = {} if "first" in more else {"on": Day(on=date(2026, 2, 3))}
    return Row(**{"recipient": Named(name=name), "description": what, "purpose": "A court ordered it.", **when, **more})


def drawn(*rows: Row, research: tuple[Listing, ...] = (), **more: Any) -> Accounting:
    """An accounting of these rows."""
    given: dict[str, Any] = {
        "practice": Practice(name="Harbor Counseling LLC", address="12 Pier Road, Hartwell", contact="555-0100"),
        "client_number": "C-1001",
        "client_name": "Dana Example",
        "request_id": "R-7",
        "requested_on": date(2026, 12, 1),
        "requester": "client",
        "period": PERIOD,
        "issued_on": date(2026, 12, 1),
        "due_on": date(2027, 1, 30),
        "latest_on": None,
        "fee": "0.00",
        "rules": "45-cfr-164.528/2002-08-14",
        "checkpoint": CHECKPOINT,
    }
    return Accounting(rows=rows, research=research, **{**given, **more})


@pytest.fixture
def every_kind() -> Accounting:
    """Each kind of date, a summary and a study."""
    party = Party(name="Fictional University", address="1 Campus Way", telephone="555-0199")
    study = Listing(
        protocol="Sleep and mood",
        description="how sleep bears on mood",
        criteria="adults seen in 2024",
        information="diagnosis and dates",
        from_=date(2025, 1, 1),
        last=date(2025, 3, 1),
        sponsor=party,
        researcher=party,
    )
    return drawn(
        row(recipient=Named(name="Clerk", organization="County Court", address="9 Court Street\nFairview")),
        row(on=Range(from_=date(2026, 3, 1), to=date(2026, 3, 9))),
        row(on=EventPlus(after=date(2026, 4, 1), interval="within 48 hours of the visit")),
        row("State Agency", first=date(2025, 10, 6), last=date(2026, 11, 2), count=14),
        research=(study,),
    )


@pytest.fixture
def hostile() -> Accounting:
    """Every text that wants to act, in every place."""
    names = [text.replace("\x07\x1b", "") for text in HOSTILE]  # a recipient's form takes no control characters
    rows = [row(name, text, purpose=text) for name, text in zip(names, HOSTILE, strict=True)]
    return drawn(
        *rows,
        row(what="x" * 10_000),
        client_name=HOSTILE[6],
        practice=Practice(name=HOSTILE[0], address=HOSTILE[2], contact=HOSTILE[4]),
    )


@pytest.fixture
def nothing() -> Accounting:
    """An accounting without a row, for somebody who acts for a client, with statements of another release."""
    return drawn(client_name=None, request_id=None, requester="representative", fee="12.50", statements=("Only this.",))
