"""A long list as PDF and as a page: ten times the rows take about ten times as long, and no more."""

from datetime import date
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from stock import PRACTICE

from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.parts import Day, Span
from disclosure_ledger.hipaa.rows import Named, Row
from disclosure_ledger.render.formats import FORMATS

FEW, MANY = 500, 5_000


def drawn(rows: int) -> Accounting:
    """A list of so many rows, no two alike."""
    more: dict[str, Any] = dict.fromkeys(("client_name", "request_id", "due_on", "latest_on"))
    return Accounting(
        practice=PRACTICE,
        client_number="C-1",
        requested_on=date(2026, 12, 1),
        requester="client",
        period=Span(from_=date(2020, 12, 1), to=date(2026, 12, 1)),
        issued_on=date(2026, 12, 1),
        fee="0.00",
        rules="45-cfr-164.528/2002-08-14",
        rows=tuple(
            Row(
                recipient=Named(name=f"County Court {number}", address=f"{number} Court Street"),
                description=f"attendance dates, sheet {number}",
                purpose=f"A court ordered it (case {number}).",
                on=Day(on=date(2026, 1, 1 + number % 28)),
            )
            for number in range(rows)
        ),
        research=(),
        **more,
    )


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_long_list(benchmark: BenchmarkFixture, form: str) -> None:
    few, many = drawn(FEW), drawn(MANY)
    race(
        benchmark,
        "long-list",
        ours=Contender(run=lambda: FORMATS[form].render(many, None)),
        limit=Contender(run=lambda: FORMATS[form].render(few, None)),
        rounds=3,
        case=f"{form}, {MANY:,} rows against {FEW:,}",
    )
