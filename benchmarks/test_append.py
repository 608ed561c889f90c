"""One durable append to a ledger that holds thousands of entries, against a raw commit and a signature."""

import contextlib
import os
from typing import Any

from limits import Signing, row_size, signed_text
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import sizes
from stock import PER_CLIENT, disclosure

from disclosure_ledger.hipaa import records


def test_one_append(benchmark: BenchmarkFixture, shelf: Any, database: str, rows: Any) -> None:
    count = sizes(database).verified[0]
    holding = shelf.disclosures(database, count)
    numbers = iter(range(10**9))
    with contextlib.closing(holding.open()) as ledger:
        ledger.record(records.from_json(disclosure(0, 1)))
        size, signing = row_size(holding), Signing(signed_text(holding))
        bodies = [os.urandom(size) for _ in range(64)]
        waiting: list[records.Record] = []

        def next_record() -> None:
            waiting[:] = [records.from_json(disclosure(next(numbers), count // PER_CLIENT))]

        def commit() -> None:
            signing.once()
            rows.commit(bodies[0])

        race(
            benchmark,
            "append",
            ours=Contender(run=lambda: ledger.record(waiting[0]), before=next_record),
            limit=Contender(run=commit, before=lambda: bodies.append(bodies.pop(0))),
            rounds=sizes(database).appends,
            case=f"{database}, {count:,} entries",
            row_bytes=size,
        )
