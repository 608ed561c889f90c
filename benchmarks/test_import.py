"""A file of disclosures imported into a new ledger, against its signatures and content hashes alone on all cores."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from limits import SigningAndHashing, cores, signed_text
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import rounds, sizes
from stock import disclosure, disclosures

from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_jsonl


@pytest.fixture
def alone(shelf: Any, database: str) -> Iterator[SigningAndHashing]:
    """The limit: its processes are there before anything is timed."""
    text = signed_text(shelf.disclosures(database, sizes(database).verified[0]))
    made = SigningAndHashing(text, dict(records.to_fields(records.from_json(disclosure(0, 1)), recorded_by="owner")))
    yield made
    made.close()


@pytest.mark.parametrize("place", [0, 1], ids=["smaller", "larger"])
def test_an_import(
    benchmark: BenchmarkFixture, shelf: Any, database: str, alone: SigningAndHashing, place: int
) -> None:
    if place >= len(sizes(database).imports):
        pytest.skip("one size is enough for a look")
    count = sizes(database).imports[place]
    lines = [json.dumps(one).encode() for one in disclosures(count)]
    with contextlib.ExitStack() as stack:
        opened: list[Any] = []

        def another() -> None:
            stack.close()
            opened[:] = [stack.enter_context(contextlib.closing(shelf.fresh(database).open()))]

        race(
            benchmark,
            "import",
            ours=Contender(
                run=lambda: opened[0].import_lines(lines, from_jsonl.read, processes=cores()), before=another
            ),
            limit=Contender(run=lambda: alone.run(count)),
            rounds=rounds(count),
            case=f"{database}, {count:,} entries",
            items=count,
            warm=count < 50_000,
        )
