"""At whatever statement the database fails, nothing acknowledged is lost and nothing is left half done.

Each fault comes in pairs: it failed, and it failed but was done; on PostgreSQL the connection can also be gone before
the statement reached the server.
"""

import contextlib
import datetime as dt
import errno
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import faults as injection
import workers
from command import PASSPHRASE, Desk
from disclosure_ledger.errors import LedgerUnavailable, StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.drawing import Asked
from faults import FAILED, LOST, PERSISTED, WRITES, Faults
from fictions import disclosure
from ledgers import BOTH, PRACTICE, Practice, from_objects, place_on

LETTERHEAD = Letterhead(name=PRACTICE, address="12 Pier Road", contact="555-0100")


def record(ledger: Ledger, number: int) -> None:
    """A release of a client who is new: a data key, a first client record and the release."""
    ledger.record(records.from_json(disclosure(client=f"C-{number}", ref=f"F-{number}")))


def import_many(ledger: Ledger, number: int) -> None:
    ledger.record_all(from_objects([disclosure(client="C-1", ref=f"I-{number}-{line}") for line in range(3)]))


def seal(ledger: Ledger, _number: int) -> None:
    ledger.seal()


def give_checkpoint(ledger: Ledger, _number: int) -> None:
    ledger.checkpoint()


def account(ledger: Ledger, _number: int) -> None:
    asked = Asked(client="C-1", as_of=dt.date(2026, 11, 24))
    ledger.account(asked, practice=LETTERHEAD, render=lambda *_: b"a document")


Operation = Callable[[Ledger, int], None]
OPERATIONS: tuple[Operation, ...] = (record, import_many, seal, give_checkpoint, account)
"""What is interrupted."""


ENOSPC = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    return injection.injected(monkeypatch)


@pytest.fixture(params=BOTH)
def practice(request: pytest.FixtureRequest, faults: Faults, tmp_path: Path) -> Practice:
    return Practice(place_on(request.param, tmp_path), tmp_path).create()


@pytest.fixture
def ledger(practice: Practice) -> Iterator[Ledger]:
    with contextlib.closing(practice.open()) as made:
        record(made, 1)
        yield made


def ways(practice: Practice) -> tuple[str, ...]:
    return (FAILED, PERSISTED, LOST) if "://" in practice.place else (FAILED, PERSISTED)


def attempt(ledger: Ledger, operation: Operation, number: int) -> bool:
    """Whether it was acknowledged; an error is one of this library's, that says the ledger could not be used."""
    try:
        operation(ledger, number)
    except LedgerUnavailable:
        return False
    return True


def size(ledger: Ledger) -> int:
    with ledger.reading() as (reading, _):
        return reading.head().size


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_fault_at_any_statement_loses_nothing(
    practice: Practice, faults: Faults, ledger: Ledger, operation: Operation
) -> None:
    numbers = itertools.count(100)
    for how in ways(practice):
        for step in itertools.count():
            record(ledger, next(numbers))  # something new to seal
            before, number = size(ledger), next(numbers)
            faults.arm(step, how, ("",) if workers.LONG or operation is record else ("BEGIN", *WRITES))
            acknowledged = attempt(ledger, operation, number)
            faults.disarm()
            after = practice.assert_whole()
            if faults.fired is None:
                assert acknowledged
                break
            kept = how == PERSISTED and faults.fired.startswith("COMMIT")
            assert acknowledged or kept or after == before, (how, faults.fired)
            operation(ledger, number)
            assert size(ledger) > before or operation is give_checkpoint
        practice.assert_whole()
        assert step >= 3  # begin, one that writes, commit: reads are counted only where asked
        assert any(statement.startswith("COMMIT") for statement in faults.passed)


@pytest.mark.parametrize("practice", ["postgresql"], indirect=True)
def test_a_commit_whose_answer_was_lost_is_not_called_a_missing_ledger(
    practice: Practice, faults: Faults, ledger: Ledger
) -> None:
    """Exit 5 would send people looking for their ledger; what they need to know is that it may have been recorded."""
    faults.arm(10**6, PERSISTED)
    record(ledger, 100)
    faults.arm(faults.passed.index("COMMIT"), PERSISTED)
    with pytest.raises(StorageFailed, match="connection to the database was lost"):
        record(ledger, 200)
    assert faults.fired == "COMMIT"
    faults.disarm()
    with contextlib.closing(practice.open()) as anew:
        assert anew.show("F-200").kind == "disclosure"


STEPS = ("open", "write", "replace", "pwrite")
"""What writing the state file is made of: it is written over where its length stays, and else replaced."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("how", [FAILED, PERSISTED])
def test_a_state_file_that_cannot_be_written_loses_no_entry(
    practice: Practice, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, step: str, how: str
) -> None:
    grows = step != "pwrite"
    for number in range(2, 5 if grows else 6):  # up to entry 9: the next one's number has a digit more
        record(ledger, number)
    remembered = practice.remembered()
    real = getattr(os, step)

    def fail(*arguments: Any, **named: Any) -> Any:
        if step == "open" and not arguments[1] & (os.O_WRONLY | os.O_RDWR):
            return real(*arguments, **named)  # reading what is remembered is no part of writing it
        if how == PERSISTED:
            real(*arguments, **named)
        raise ENOSPC

    with monkeypatch.context() as broken:
        broken.setattr(os, step, fail)
        record(ledger, 6)
    assert len(ledger.notices) == 1
    assert "it is recorded, but the state file" in ledger.notices[0]
    assert "No space left" in ledger.notices[0]
    done = (step, how) in (("replace", PERSISTED), ("pwrite", PERSISTED))
    assert practice.remembered().size == (practice.assert_whole() if done else remembered.size)
    record(ledger, 7)
    assert practice.remembered().size == practice.assert_whole()


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """A function that leaves so many more pages to every SQLite database that is opened from now on."""
    connect = sqlite3.connect

    def leave(pages: int) -> None:
        def opened(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **named)
            (there,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {there + pages}")
            return connection

        monkeypatch.setattr(sqlite3, "connect", opened)

    yield leave
    monkeypatch.setattr(sqlite3, "connect", connect)


def record_for_ever(ledger: Ledger, practice: Practice) -> None:
    for number in itertools.count():
        record(ledger, number)
        assert size(ledger) == practice.remembered().size == 1 + 2 * (number + 1)


@pytest.mark.parametrize("pages", [0, 3])
@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_so_and_loses_nothing(practice: Practice, full: Callable[[int], None], pages: int) -> None:
    full(pages)
    with contextlib.closing(practice.open("full")) as ledger:
        with pytest.raises(StorageFailed, match="the disk is full"):
            record_for_ever(ledger, practice)
        held = size(ledger)
    assert practice.assert_whole() == held == practice.remembered().size
    full(1000)
    with contextlib.closing(practice.open("room again")) as ledger:
        record(ledger, 5000)
    assert practice.assert_whole() == held + 2


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_a_full_disk_is_exit_1_at_the_command_line(practice: Practice, full: Callable[[int], None]) -> None:
    practice.save_keys(PASSPHRASE)
    desk = Desk(practice.folder)
    desk.environment |= {"DISCLOSURE_LEDGER": practice.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    lines = [disclosure(client=f"C-{number}", ref=f"L-{number}") for number in range(100)]
    path = desk.file("many.jsonl", lines)
    full(2)
    done = desk("import", path, "--quiet")
    assert (done.exit, done.out) == (1, "")
    assert "the disk is full; nothing was written" in done.err
    assert practice.assert_whole() == 1
    full(10_000)
    assert desk("import", path, "--quiet").exit == 0
    assert practice.assert_whole() == 201


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """As somebody whom the file system's permissions bind: they do not bind root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only(faults: Faults) -> Iterator[Desk]:
    """A ledger of two clients on a disk that takes nothing."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-read-only-"))
    practice = Practice(str(folder / "disclosures.db"), folder).create()
    with contextlib.closing(practice.open()) as ledger:
        record(ledger, 1)
    practice.save_keys(PASSPHRASE)
    desk = Desk(folder)
    desk.environment |= {"DISCLOSURE_LEDGER": practice.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    yield desk
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_read_only_disk_is_said_so_and_loses_nothing(read_only: Desk) -> None:
    new = ("client", "add", "--client", "C-9", "--name", "Robin Fictional")
    database = read_only.folder / "disclosures.db"
    before = database.read_bytes()
    read_only("client", "add", "--help")  # what is loaded late is loaded while it can be read
    with without_rights():
        done = read_only(*new)
    assert (done.exit, done.out) == (1, "")
    assert "read-only" in done.err
    assert database.read_bytes() == before
    read_only.folder.chmod(0o755)
    for path in read_only.folder.iterdir():
        path.chmod(0o600)
    read_only.ok(*new)
    read_only.ok("verify")
