"""What a commit acknowledges is on the disk, whatever the server, the database or the role say of it."""

import contextlib
from pathlib import Path

import pytest
from psycopg import errors as psycopg_errors
from sqlalchemy.exc import DBAPIError

import databases
from disclosure_ledger.errors import StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.store.engine import Patience, connect_engine, translated, writing
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


def test_a_full_disk_of_the_server_is_said_so() -> None:
    full = psycopg_errors.DiskFull("could not extend file")
    with pytest.raises(StorageFailed, match="the disk is full; nothing was written"), translated():
        raise DBAPIError.instance(None, None, full, psycopg_errors.Error)
