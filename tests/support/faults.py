"""Faults of a database at a chosen statement: it fails, or it is done and says that it failed, or the line goes dead.

Every statement of both drivers passes through `Faults.pass_on` while `injected` lasts.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
import pytest
from psycopg import errors as psycopg_errors

T = TypeVar("T")

FAILED = "failed"
PERSISTED = "failed but persisted"
LOST = "the connection is lost before"

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "VACUUM", "PRAGMA wal_checkpoint")
"""How the statements begin that change something."""


@dataclass
class Faults:
    """What is to go wrong, and what went by since it was armed."""

    at: int | None = None
    """The how-manieth statement from now fails; None: none does."""
    how: str = FAILED
    counted: tuple[str, ...] = ("",)
    """How the statements begin that count; the others pass."""
    passed: list[str] = field(default_factory=list)
    fired: str | None = None
    """The statement at which it happened."""

    def arm(self, at: int, how: str, counted: tuple[str, ...] = ("",)) -> None:
        """Let the `at`-th statement from now fail; the first is 0."""
        self.at, self.how, self.counted, self.passed, self.fired = at, how, counted, [], None

    def disarm(self) -> None:
        self.at = None

    def pass_on(self, cursor: Any, statement: object, run: Callable[[], T]) -> T:
        """Run a statement, unless its time has come."""
        if self.at is None or self.fired is not None or not str(statement).startswith(self.counted):
            return run()
        self.passed.append(str(statement))
        if len(self.passed) - 1 != self.at:
            return run()
        self.fired = str(statement)
        if self.how == PERSISTED:
            run()
        raise _error(cursor, self.how)


def _error(cursor: Any, how: str) -> Exception:
    """The driver's own error; PostgreSQL's line is dead after all but a plain failure."""
    if isinstance(cursor, sqlite3.Cursor):
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"
        return error
    if how == FAILED:
        return psycopg_errors.IoError("could not write")
    cursor.connection.close()
    return psycopg.OperationalError("server closed the connection unexpectedly")


def injected(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Faults for every connection that is opened from now on."""
    faults = Faults()

    class SqliteCursor(sqlite3.Cursor):
        def execute(self, statement: str, *more: Any) -> Any:
            return faults.pass_on(self, statement, lambda: super(SqliteCursor, self).execute(statement, *more))

        def executemany(self, statement: str, *more: Any) -> Any:
            return faults.pass_on(self, statement, lambda: super(SqliteCursor, self).executemany(statement, *more))

    class SqliteConnection(sqlite3.Connection):
        def cursor(self, factory: Any = SqliteCursor) -> Any:
            return super().cursor(factory)

        def execute(self, statement: str, *more: Any) -> Any:
            return self.cursor().execute(statement, *more)

    class PostgresCursor(psycopg.Cursor[Any]):
        def execute(self, statement: Any, *more: Any, **named: Any) -> Any:
            run = super().execute
            return faults.pass_on(self, statement, lambda: run(statement, *more, **named))

        def executemany(self, statement: Any, *more: Any, **named: Any) -> Any:
            run = super().executemany
            return faults.pass_on(self, statement, lambda: run(statement, *more, **named))

    open_sqlite, open_postgres = sqlite3.connect, psycopg.connect

    def connect_sqlite(*arguments: Any, **named: Any) -> Any:
        return open_sqlite(*arguments, **{"factory": SqliteConnection} | named)

    def connect_postgres(*arguments: Any, **named: Any) -> Any:
        return open_postgres(*arguments, **{"cursor_factory": PostgresCursor} | named)

    monkeypatch.setattr(sqlite3, "connect", connect_sqlite)
    monkeypatch.setattr(psycopg, "connect", connect_postgres)
    return faults
