"""One client's accounting: as long in a large ledger as in a small one, and few times the reading of the entries.

Before each a release about somebody is recorded, as happens all day: so each brings the stream map up to date.
"""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import sizes
from stock import PER_CLIENT, PRACTICE, disclosure, now, number

from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.render.to_text import to_text

ROUNDS = 15


class Desk:
    """A ledger at which accountings of its first client are asked for."""

    def __init__(self, ledger: Ledger, count: int) -> None:
        self._ledger, self._clients = ledger, max(2, count // PER_CLIENT)
        self._others = itertools.cycle(range(1, self._clients))
        self._moved = itertools.count()

    def record(self) -> None:
        """Something happens to another client."""
        self._ledger.record(records.from_json(disclosure(next(self._others), self._clients)))

    def account(self) -> None:
        """The accounting, as text, with its evidence."""
        asked = Asked(client=number(0), as_of=now().date())
        drawn, *given = self._ledger.account(asked, practice=PRACTICE, render=lambda drawn, _: to_text(drawn))
        assert drawn.rows
        assert all(given)

    def open(self) -> None:
        """Read and open the client's entries."""
        assert len(self._ledger.history(number(0))) >= PER_CLIENT


@pytest.fixture
def desks(shelf: Any, database: str) -> Iterator[tuple[Desk, Desk]]:
    """A small ledger, and a large one."""
    with contextlib.ExitStack() as stack:
        made = []
        for count in sizes(database).accounted:
            ledger = stack.enter_context(contextlib.closing(shelf.disclosures(database, count).open()))
            made.append(Desk(ledger, count))
        yield made[0], made[1]


def test_an_accounting_in_a_large_ledger(benchmark: BenchmarkFixture, desks: tuple[Desk, Desk], database: str) -> None:
    small, large = desks
    few, many = sizes(database).accounted
    race(
        benchmark,
        "accounting-size",
        ours=Contender(run=large.account, before=large.record),
        limit=Contender(run=small.account, before=small.record),
        rounds=ROUNDS,
        case=f"{database}, {PER_CLIENT} of {many:,} entries against {PER_CLIENT} of {few:,}",
    )


def test_an_accounting_and_the_reading_of_its_entries(
    benchmark: BenchmarkFixture, desks: tuple[Desk, Desk], database: str
) -> None:
    _, large = desks
    race(
        benchmark,
        "accounting-opening",
        ours=Contender(run=large.account, before=large.record),
        limit=Contender(run=large.open),
        rounds=ROUNDS,
        case=f"{database}, {PER_CLIENT} of {sizes(database).accounted[1]:,} entries",
    )
