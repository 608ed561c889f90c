"""What a commit acknowledges is on the disk, whatever the server, the database or the role say of it."""

import contextlib
import sqlite3
from pathlib import Path
from typing import NoReturn

import pytest
from psycopg import errors as psycopg_errors
from sqlalchemy.exc import DBAPIError

import databases
from disclosure_ledger.errors import StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.store.engine import Patience, connect_engine, translated, writing
from disclosure_ledger.store.read import Reading
from fictions import disclosure
from hands import Hands
from ledgers import Practice

WATCH = (
    "CREATE TABLE seen (setting text)",
    """CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$""",
    "CREATE TRIGGER watch AFTER UPDATE ON ledgers FOR EACH ROW EXECUTE FUNCTION see()",
)
"""Has the database write down, in the append's own transaction, how it would commit."""


@pytest.mark.parametrize(
    ("said", "done"),
    [("off", "on"), ("local", "on"), ("remote_write", "on"), ("on", "on"), ("remote_apply", "remote_apply")],
)
def test_an_append_waits_for_the_disk_even_where_the_database_says_not_to(tmp_path: Path, said: str, done: str) -> None:
    practice = Practice(databases.fresh(), tmp_path).create()
    with contextlib.closing(Hands(practice.place)) as hands:
        name = practice.place.rsplit("/", 1)[1].split("?")[0]
        for statement in (*WATCH, f"ALTER DATABASE {name} SET synchronous_commit = {said}"):
            hands.run(statement)
    with contextlib.closing(practice.open()) as ledger:
        ledger.record(records.from_json(disclosure()))
    with contextlib.closing(Hands(practice.place)) as hands:
        assert hands.ask("SHOW synchronous_commit") == [(said,)]
        assert hands.ask("SELECT setting FROM seen") == [(done,)]


def test_a_commit_that_the_server_makes_a_rollback_is_an_error(tmp_path: Path) -> None:
    practice = Practice(databases.fresh(), tmp_path).create()
    engine = connect_engine(practice.place)
    with (
        pytest.raises(StorageFailed, match="kept nothing"),
        writing(engine, Patience(), "SELECT size FROM ledgers FOR UPDATE") as connection,
        contextlib.suppress(DBAPIError),
    ):
        connection.exec_driver_sql("SELECT 1 / 0")
    engine.dispose()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (psycopg_errors.DiskFull, "the disk is full; nothing was written"),
        (psycopg_errors.DataCorrupted, "the database is damaged"),
        (psycopg_errors.IndexCorrupted, "an index of the database does not agree with its table"),
        (psycopg_errors.IoError, "the disk failed to read or write"),
    ],
)
def test_what_fails_at_the_server_is_said_in_words(error: type[psycopg_errors.Error], said: str) -> None:
    with pytest.raises(StorageFailed, match=said) as told, translated():
        raise DBAPIError.instance(None, None, error("block 7 of base/16384/16400"), psycopg_errors.Error)
    assert "16384" not in str(told.value)


@pytest.mark.parametrize("code", ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"])
def test_a_disk_without_room_is_called_full(code: str) -> None:
    """SQLite tells it by another code where the file that could not grow is the one that its readers share."""
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorname = code
    with pytest.raises(StorageFailed, match="the disk is full; nothing was written"), translated():
        raise DBAPIError.instance(None, None, full, sqlite3.Error)


@pytest.mark.parametrize("error", [psycopg_errors.DataCorrupted, psycopg_errors.IndexCorrupted])
def test_a_damaged_database_of_a_server_fails_verification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[psycopg_errors.Error]
) -> None:
    practice = Practice(databases.fresh(), tmp_path).create()

    def broken(*_: object) -> NoReturn:
        raise DBAPIError.instance(None, None, error("unexpected zero page"), psycopg_errors.Error)

    monkeypatch.setattr(Reading, "head", broken)
    verdict = practice.verify()
    assert [(one.code, one.where) for one in verdict.findings] == [("11.schema", "the database")]
