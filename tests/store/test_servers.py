"""PostgreSQL itself goes down, and a standby takes its place (docs/deployment.md)."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import workers
from clusters import Cluster, clusters
from disclosure_ledger.errors import Contradicted, LedgerUnavailable
from disclosure_ledger.hipaa import records
from disclosure_ledger.log.findings import Outcome
from fictions import disclosure
from ledgers import Practice


@pytest.fixture
def servers() -> Iterator[list[Cluster]]:
    with clusters("primary", "standby") as made:
        made[0].initialise().start()
        yield made


@pytest.fixture
def practice(servers: list[Cluster], tmp_path: Path) -> Practice:
    return Practice(servers[0].url(), tmp_path).create()


def record(practice: Practice, names: list[str]) -> None:
    with contextlib.closing(practice.open(names[0])) as ledger:
        for name in names:
            ledger.record(records.from_json(disclosure(ref=name)))


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited a minute")


def test_a_server_that_crashes_under_load_loses_nothing_acknowledged(
    servers: list[Cluster], practice: Practice
) -> None:
    primary = servers[0]
    told: dict[str, int] = {}
    for cycle in range(10 if workers.LONG else 2):
        running = [workers.start(practice, f"S{cycle}-{number}") for number in range(2)]
        for worker in running:
            worker.wait_for_first()
        primary.crash()
        for worker in running:
            assert worker.finish() not in (0, None)
            told |= worker.told
        primary.start()
        workers.assert_kept(practice, told)


def test_a_server_that_is_gone_is_an_error_and_back_again_is_no_trouble(
    servers: list[Cluster], practice: Practice
) -> None:
    primary = servers[0]
    with contextlib.closing(practice.open()) as ledger:
        ledger.record(records.from_json(disclosure(ref="before")))
        primary.crash()
        for _ in range(2):
            with pytest.raises(LedgerUnavailable):
                ledger.record(records.from_json(disclosure(ref="during")))
        primary.start()
        ledger.record(records.from_json(disclosure(ref="after")))
    assert practice.assert_whole() == 4


def follow(primary: Cluster, standby: Cluster) -> None:
    """Let the standby follow, and no commit be acknowledged that it does not have."""
    primary.copy_to(standby).start()
    until(lambda: primary.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == [(1,)])
    primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    primary.ask("SELECT pg_reload_conf()")
    until(lambda: primary.ask("SELECT sync_state FROM pg_stat_replication") == [("sync",)])


def test_a_promoted_synchronous_standby_has_everything_that_was_acknowledged(
    servers: list[Cluster], practice: Practice
) -> None:
    primary, standby = servers
    follow(primary, standby)
    worker = workers.start(practice, "W")
    for _ in range(30):
        worker.wait_for_first()
    primary.crash()
    worker.finish()
    standby.promote()
    promoted = Practice(standby.url(), practice.folder)
    workers.assert_kept(promoted, worker.told)
    record(promoted, ["after the promotion"])
    promoted.assert_whole()


def test_a_standby_can_be_verified_and_not_written_to(servers: list[Cluster], practice: Practice) -> None:
    primary, standby = servers
    follow(primary, standby)
    record(practice, ["one"])
    reader = Practice(standby.url(), practice.folder)
    until(lambda: reader.verify().size == 3)
    assert reader.assert_whole() == 3
    with pytest.raises(LedgerUnavailable, match="read-only"):
        record(reader, ["two"])


def test_a_standby_that_lagged_is_refused_after_its_promotion(servers: list[Cluster], practice: Practice) -> None:
    primary, standby = servers
    record(practice, ["seen"])
    primary.copy_to(standby)  # it never followed: what came after the copy is not in it
    record(practice, ["never seen"])
    primary.crash()
    standby.start()
    standby.promote()
    promoted = Practice(standby.url(), practice.folder)
    with pytest.raises(Contradicted, match="the database holds 3 entries, the state file remembers 4"):
        record(promoted, ["refused"])
    verdict = promoted.verify()
    assert verdict.outcome is Outcome.FAILED
    assert [finding.code for finding in verdict.findings] == ["8.larger"]
