"""The stream map: made whole once, then brought up to date with what a day changed."""

import contextlib
import itertools
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import rounds, sizes
from stock import disclosure

from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger

A_DAY = 50
"""Entries of a day, each about another client."""


class Undone(Exception):
    """Rolls a transaction back."""


@pytest.mark.parametrize("place", [0, 1], ids=["smaller", "larger"])
def test_the_first_map(benchmark: BenchmarkFixture, shelf: Any, database: str, place: int) -> None:
    count = sizes(database).streams[place]
    with contextlib.closing(shelf.streams(database, count).open()) as ledger:
        race(
            benchmark,
            "map-whole",
            ours=Contender(run=lambda: map_and_undo(ledger)),
            limit=Contender(run=lambda: hash_tree(count)),
            rounds=rounds(count),
            case=f"{database}, {count:,} streams",
            items=count,
            warm=False,
        )


def map_and_undo(ledger: Ledger) -> None:
    """Append a stream map, and take it back, so that the next is a first one too."""
    with contextlib.suppress(Undone), ledger.writing() as transaction:
        assert transaction.map() is not None
        raise Undone


def hash_tree(count: int) -> None:
    """As many hashes as a tree of that many leaves takes: one a leaf, and one for each pair."""
    leaf, pair = b"\x10" + bytes(72), b"\x11" + bytes(64)
    for _ in range(count):
        sha256(leaf).digest()
        sha256(pair).digest()


def test_the_map_of_a_day(benchmark: BenchmarkFixture, shelf: Any, database: str) -> None:
    few, many = sizes(database).streams
    with contextlib.ExitStack() as stack:
        small, large = (
            stack.enter_context(contextlib.closing(shelf.streams(database, count).open())) for count in (few, many)
        )
        small.seal()
        large.seal()
        race(
            benchmark,
            "map-day",
            ours=Contender(run=large.seal, before=day_of(large, many)),
            limit=Contender(run=small.seal, before=day_of(small, few)),
            rounds=9,
            case=f"{database}, {A_DAY} of {many:,} streams against {A_DAY} of {few:,}",
        )


def day_of(ledger: Ledger, clients: int) -> Callable[[], object]:
    """Record a day's releases, about clients that lie far apart."""
    turns = itertools.count()

    def record() -> object:
        first = next(turns)
        about = [(first + place * (clients // A_DAY)) % clients for place in range(A_DAY)]
        return ledger.record_all(enumerate(records.from_json(disclosure(one, clients)) for one in about))

    return record
