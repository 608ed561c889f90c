"""Many processes write one ledger: none is lost, none waits for ever, and readers stand in nobody's way."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import workers
from command import PASSPHRASE, Desk
from disclosure_ledger import audit
from disclosure_ledger.errors import Locked, StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.store.engine import Patience
from disclosure_ledger.store.read import Head
from disclosure_ledger.store.sql import Store
from fictions import client, disclosure
from hands import Hands
from ledgers import BOTH, Practice, place_on

WRITERS, EACH = (8, 500) if workers.LONG else (4, 12)
TAKE_LOCK = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("BEGIN", "SELECT size FROM ledgers FOR UPDATE"),
}


@pytest.fixture(params=BOTH)
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Practice:
    return Practice(place_on(request.param, tmp_path), tmp_path).create()


@pytest.fixture
def ledger(practice: Practice) -> Iterator[Ledger]:
    with contextlib.closing(practice.open()) as made:
        yield made


@pytest.fixture
def writer(practice: Practice) -> Iterator[Hands]:
    """Another writer, who holds the ledger's lock until it is told to let go."""
    with contextlib.closing(Hands(practice.place)) as hands:
        for statement in TAKE_LOCK["sqlite" if hands.is_sqlite else "postgresql"]:
            hands.run(statement)
        yield hands


@pytest.fixture
def desk(practice: Practice) -> Desk:
    practice.save_keys(PASSPHRASE)
    made = Desk(practice.folder)
    made.environment |= {"DISCLOSURE_LEDGER": practice.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    return made


def test_many_processes_append_without_fork_gap_or_loss(practice: Practice) -> None:
    running = [workers.start(practice, f"W{number}", EACH) for number in range(WRITERS)]
    told: dict[str, int] = {}
    for worker in running:
        assert worker.finish() == 0
        told |= worker.told
    assert len(told) == WRITERS * EACH
    size = workers.assert_kept(practice, told)
    with contextlib.closing(practice.open()) as ledger:
        kinds = [ledger.show(index).kind for index in range(size)]
    assert kinds.count("disclosure") == WRITERS * EACH
    assert practice.remembered().size == size


def record_by(desk: Desk, seconds: float | str) -> tuple[int, str, float]:
    """Record at the command line with so much patience: its exit code, its talk, and how long it took."""
    desk.environment["DISCLOSURE_LEDGER_WAIT"] = str(seconds)
    started = time.monotonic()
    done = desk("client", "add", "--client", "C-1", "--name", "Robin Fictional")
    return done.exit, done.err, time.monotonic() - started


def test_a_waiting_writer_says_so_and_gives_up_with_exit_6(practice: Practice, desk: Desk, writer: Hands) -> None:
    exit_code, said, took = record_by(desk, 1.6)
    assert exit_code == 6
    assert said.count("Waiting for another writer") == 1
    assert "another writer held the ledger for 1.6 seconds" in said
    assert 1.5 < took < 30
    writer.run("ROLLBACK")
    assert practice.assert_whole() == 1


def test_a_writer_whose_turn_comes_after_a_second_said_that_it_waits(desk: Desk, writer: Hands) -> None:
    threading.Timer(3.0, writer.run, ["ROLLBACK"]).start()
    exit_code, said, _ = record_by(desk, 60)
    assert (exit_code, said.count("Waiting for another writer")) == (0, 1)


def test_a_writer_whose_turn_comes_at_once_says_nothing_of_waiting(desk: Desk, writer: Hands) -> None:
    threading.Timer(0.1, writer.run, ["ROLLBACK"]).start()
    exit_code, said, _ = record_by(desk, 60)
    assert (exit_code, "Waiting" in said) == (0, False)


def test_a_writer_without_patience_is_told_at_once(practice: Practice, writer: Hands) -> None:
    with (
        contextlib.closing(practice.open(patience=Patience(limit=0.0))) as ledger,
        pytest.raises(Locked),
    ):
        ledger.record(records.from_json(client()))


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "1e999", "soon", "1s"])
def test_a_patience_that_is_no_number_of_seconds_is_refused(practice: Practice, desk: Desk, seconds: str) -> None:
    exit_code, said, _ = record_by(desk, seconds)
    assert exit_code == 1
    assert f"expected seconds in DISCLOSURE_LEDGER_WAIT, a number from 0 on, found '{seconds}'" in said
    assert practice.assert_whole() == 1
    assert record_by(desk, "0")[0] == 0


def test_a_reader_sees_one_size_and_holds_up_nobody(practice: Practice, ledger: Ledger) -> None:
    with contextlib.closing(Store.open(practice.place)) as store, store.read(practice.origin) as reading:
        before = reading.head()
        for number in range(3):
            ledger.record(records.from_json(disclosure(ref=f"R-{number}")))
        assert reading.head() == before
        assert len(list(reading.notes(0, 100))) == before.size
        assert list(reading.stream_heads()) == []
    with contextlib.closing(Store.open(practice.place)) as store, store.read(practice.origin) as reading:
        assert reading.head().size == before.size + 4


def test_verification_sees_one_size_while_others_write(practice: Practice, ledger: Ledger) -> None:
    ledger.record(records.from_json(disclosure(ref="R-1")))
    trust, written = practice.trust(), []

    def write(_done: int) -> None:
        written.append(ledger.record(records.from_json(disclosure(ref=f"R-during-{len(written)}"))))

    verdict = audit.verify_ledger(
        practice.place, practice.origin, trust=trust, secrets=practice.secrets, threads=1, on_progress=write
    )
    assert (verdict.outcome, verdict.size, written != []) == (Outcome.VERIFIED, 3, True)
    assert practice.assert_whole() == 3 + len(written)


def test_writing_is_not_held_up_while_a_reader_stays(desk: Desk, practice: Practice) -> None:
    with contextlib.closing(Store.open(practice.place)) as store, store.read(practice.origin) as reading:
        reading.head()
        exit_code, said, _ = record_by(desk, 0.5)
    assert (exit_code, "Waiting" in said) == (0, False)


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_who_opens_waits_for_whoever_has_the_file_to_itself(practice: Practice, desk: Desk) -> None:
    """SQLite lets nobody in while it recovers after a crash, or folds its log back: short, and no reason to give up."""
    with contextlib.closing(Hands(practice.place)) as hands:
        hands.ask("SELECT size FROM ledgers")
        hands.run("PRAGMA locking_mode = EXCLUSIVE")
        hands.change("UPDATE ledgers SET size = size")

        def let_go() -> None:
            hands.run("PRAGMA locking_mode = NORMAL")
            hands.ask("SELECT size FROM ledgers")

        later = threading.Timer(0.4, let_go)
        later.start()
        done = desk("verify")
        later.join()
    assert done.exit == 0, done


def test_a_head_that_another_writer_moved_is_not_moved_again(practice: Practice) -> None:
    with contextlib.closing(Store.open(practice.place)) as store:
        with pytest.raises(StorageFailed), store.write(practice.origin, Patience()) as writing:
            writing.move_head(7, Head(size=8, frontier=b"", checkpoint=b""))
        with store.read(practice.origin) as reading:
            assert reading.head().size == 1
    assert practice.assert_whole() == 1
