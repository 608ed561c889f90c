"""The same payload appended by other ledgers from PyPI: once with each commit on its own, once as a batch."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peers import PEERS, Peer
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import sizes
from stock import disclosures

from disclosure_ledger.hipaa import records

pytestmark = pytest.mark.filterwarnings("default")
SINGLE = 60
"""Rounds of one append each, a tenth of what the ledger's own figure has."""


@pytest.fixture(params=list(PEERS))
def maker(request: pytest.FixtureRequest) -> Callable[[Path], Peer]:
    """What opens a new ledger of a peer in a folder; skips where the peer is not installed."""
    pytest.importorskip(request.param, reason=f"{request.param} is not installed: pip install -e '.[bench]'")
    made: Callable[[Path], Peer] = PEERS[request.param]
    return made


def test_one_append(
    benchmark: BenchmarkFixture, shelf: Any, tmp_path: Path, request: pytest.FixtureRequest, maker: Any
) -> None:
    name = request.node.callspec.params["maker"]
    payloads = list(disclosures(SINGLE + 1))
    mine, theirs = iter(payloads), iter(payloads)
    with (
        contextlib.closing(shelf.fresh("sqlite").open()) as ledger,
        contextlib.closing(maker(tmp_path)) as peer,
    ):
        race(
            benchmark,
            "peer-append",
            ours=Contender(run=lambda: ledger.record(records.from_json(next(mine)))),
            limit=Contender(run=lambda: peer.append(next(theirs))),
            rounds=SINGLE,
            case=described(name),
            group="peers",
        )


def test_a_batch(
    benchmark: BenchmarkFixture,
    shelf: Any,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    maker: Any,
) -> None:
    name = request.node.callspec.params["maker"]
    count = sizes().peers
    payloads = list(disclosures(count))
    with contextlib.ExitStack() as stack:
        ledgers: list[Any] = []
        peers: list[Peer] = []

        def another_ledger() -> None:
            ledgers.append(stack.enter_context(contextlib.closing(shelf.fresh("sqlite").open())))

        def another_peer() -> None:
            peers.append(stack.enter_context(contextlib.closing(maker(tmp_path_factory.mktemp("peer")))))

        race(
            benchmark,
            "peer-import",
            ours=Contender(run=lambda: import_all(ledgers[-1], payloads), before=another_ledger),
            limit=Contender(run=lambda: peers[-1].append_many(payloads), before=another_peer),
            rounds=5,
            case=f"{described(name)}, {count:,} entries",
            items=count,
            group="peers",
            # the aim is to be faster than whoever signs each entry
            **({} if PEERS[name].signs else {"aim": None}),
        )


def import_all(ledger: Any, payloads: list[dict[str, Any]]) -> None:
    """Record what a file would hold."""
    numbered = ((line, records.from_json(one)) for line, one in enumerate(payloads, 1))
    assert len(ledger.record_all(numbered)) == len(payloads)


def described(name: str) -> str:
    """The peer, and whether it signs."""
    return f"{name}, {'Ed25519 each' if PEERS[name].signs else 'unsigned'}"
