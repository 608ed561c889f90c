"""A whole ledger verified with every signature, against the signature checks alone; and the memory that it takes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import race as racing
from limits import Checking, cores, size_of
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import rounds, sizes
from stock import ORIGIN, Holding

from disclosure_ledger import audit
from disclosure_ledger.log.findings import Outcome

MOST_CHECKED = 100_000
"""Signatures that one round of the limit checks; of a larger ledger it does a share."""


@pytest.fixture(params=[0, 1], ids=["smaller", "larger"])
def holding(request: pytest.FixtureRequest, shelf: Any, database: str) -> Holding:
    """A ledger of disclosures."""
    held: Holding = shelf.disclosures(database, sizes(database).verified[request.param])
    return held


@pytest.fixture
def checking(holding: Holding) -> Iterator[Checking]:
    """The limit."""
    made = Checking(holding)
    yield made
    made.close()


def verify(holding: Holding, *, opened: bool) -> None:
    """Verify a ledger."""
    secrets = holding.secrets if opened else None
    trust = holding.trust()
    verdict = audit.verify_ledger(holding.place, ORIGIN, trust=trust, secrets=secrets, processes=cores())
    assert verdict.outcome is Outcome.VERIFIED, verdict.findings


def test_every_signature(benchmark: BenchmarkFixture, holding: Holding, checking: Checking) -> None:
    time_verification(benchmark, holding, checking, "verify", opened=False)


@pytest.mark.parametrize("holding", [0], indirect=True, ids=["smaller"])
def test_every_content(benchmark: BenchmarkFixture, holding: Holding, checking: Checking) -> None:
    time_verification(benchmark, holding, checking, "verify-opened", opened=True)


def time_verification(
    benchmark: BenchmarkFixture, holding: Holding, checking: Checking, figure: str, *, opened: bool
) -> None:
    """Time verification against the signature checks alone."""
    count = size_of(holding)
    checked = min(count, MOST_CHECKED)
    race(
        benchmark,
        figure,
        ours=Contender(run=lambda: verify(holding, opened=opened)),
        limit=Contender(run=lambda: checking.run(checked), share=checked / count),
        rounds=rounds(count),
        case=f"{holding.database}, {count:,} entries",
        items=count,
        warm=False,
    )


def test_memory(benchmark: BenchmarkFixture, shelf: Any, database: str) -> None:
    smaller, larger = (shelf.disclosures(database, count) for count in sizes(database).verified)
    least = peak(smaller)
    benchmark.group = "memory"
    most = benchmark.pedantic(lambda: peak(larger), rounds=1)
    racing.note(benchmark, "memory", case="", limits=[1.0], items=1)
    more = most["size"] - least["size"]
    benchmark.extra_info.update(
        case=f"{database}, {most['size']:,} entries against {least['size']:,}",
        ratio=most["peak"] / least["peak"],
        ratio_low=None,
        ratio_high=None,
        ours_us=None,
        limit_us=None,
        peak_bytes=most["peak"],
        limit_bytes=least["peak"],
        bytes_per_entry=(most["peak"] - least["peak"]) / more,
    )


def peak(holding: Holding) -> dict[str, int]:
    """The size of a ledger, and the most memory that a process held while it verified it, in bytes."""
    trust = holding.trust()
    known = trust.known[0]
    told = {
        "place": holding.place,
        "origin": ORIGIN,
        "vkey": trust.keys[0].vkey(),
        "size": getattr(known, "size", 0),
        "root": getattr(known, "root", b"").hex(),
    }
    script = Path(__file__).parent / "support" / "verify_once.py"
    done = subprocess.run([sys.executable, script], input=json.dumps(told), capture_output=True, text=True, check=True)
    answer: dict[str, int] = json.loads(done.stdout)
    return answer
