"""Connections: one way to begin, wait, commit and fail, on SQLite and PostgreSQL.

Transactions are begun and ended by this module in plain SQL, because the two drivers differ in when they begin one
by themselves, and a writer must hold the lock before it reads the head it will build on.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    PendingRollbackError,
)

from disclosure_ledger.errors import DisclosureLedgerError, Locked, NoLedger, StorageFailed

from .prepared import run_plain

_NOT_OURS = frozenset({"SQLITE_NOTADB", "SQLITE_CANTOPEN"})
_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_RECOVERY"})
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_CORRUPT_VTAB", "XX001"})
_DAMAGED_INDEX = frozenset({"SQLITE_CORRUPT_INDEX", "XX002"})
_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100"})  # the second: a -shm file that could not grow
_FAILED_DISK = "58030"  # PostgreSQL's SQLSTATE for an error of its files
_READ_ONLY = ("25006", "0A000")  # SQLSTATEs: a read-only transaction; a standby asked for one that writes
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's SQLSTATE for a lock_timeout that ran out


class Damaged(StorageFailed):
    """The database itself is broken: its pages, or an index and its table, contradict each other."""


def _quiet() -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a writer waits for another. Seconds."""

    limit: float = 30.0
    notice_after: float = 1.0
    on_wait: Callable[[], None] = _quiet
    """Called once, when `notice_after` has passed."""


def url_of(place: str) -> URL:
    """The database that a path or a URL names: anything without `://` is a SQLite file."""
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
    except ArgumentError:
        raise NoLedger("expected a path or a database URL") from None
    if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise NoLedger(f"a ledger is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}")
    return url


def connect_engine(place: str, *, create: bool = False) -> Engine:
    """An engine for a place. `create` makes an SQLite file (mode 0600) where there is none; else one must be there."""
    url = url_of(place)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(Path(url.database or ""), create=create)
    try:
        return create_engine(url, isolation_level="AUTOCOMMIT")
    except (NoSuchModuleError, ModuleNotFoundError):
        raise StorageFailed("PostgreSQL needs its driver", hint="pip install 'disclosure-ledger[postgres]'") from None


def _sqlite_engine(path: Path, *, create: bool) -> Engine:
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    elif not path.is_file():
        raise NoLedger(f"no ledger at {path}", hint="name it with --ledger or DISCLOSURE_LEDGER; `init` makes one")
    uri = path.resolve().as_uri() + "?mode=rw"

    def connect() -> sqlite3.Connection:
        # check_same_thread: verification reads in one thread and checks signatures in others
        # timeout, in seconds: who opens waits while another recovers the log or folds it back
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5)
        if not create and not os.access(path.resolve().parent, os.W_OK):
            _expect_readable(connection)
        return connection

    # the connection stays open between transactions: closing the last one makes SQLite fold its whole log back
    engine = create_engine("sqlite://", creator=connect, isolation_level="AUTOCOMMIT", poolclass=QueuePool)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _expect_readable(connection: sqlite3.Connection) -> None:
    """Say what is wrong with a folder that cannot be written to: SQLite calls the file one that cannot be opened."""
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorname == "SQLITE_CANTOPEN" or error.sqlite_errorname.startswith("SQLITE_READONLY"):
            raise StorageFailed(
                "the database lies where nothing can be written, and SQLite has to write beside it even to read it",
                hint="copy it to another folder first, with its -wal where there is one",
            ) from None
        raise


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = FULL")  # in WAL this is what makes a commit durable
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased leaves no copy in free pages


@contextlib.contextmanager
def session(engine: Engine) -> Iterator[Connection]:
    """A connection whose driver's errors come out as this library's."""
    with translated(), engine.connect() as connection:
        yield connection


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database from its first to its last read, and blocks no writer."""
    with session(engine) as connection:
        mode = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if _is_postgresql(connection) else ""
        _begin(connection, f"BEGIN{mode}")
        try:
            yield connection
        finally:
            _roll_back(connection)


@contextlib.contextmanager
def writing(engine: Engine, patience: Patience, lock: str) -> Iterator[Connection]:
    """A transaction that holds the lock before it reads: commits at the end, rolls back on any error.

    `lock` is the PostgreSQL statement that takes the row lock; SQLite has one lock for the whole file.
    """
    with session(engine) as connection:
        begin = _begin_postgresql if _is_postgresql(connection) else _begin_sqlite
        _wait(lambda seconds: begin(connection, seconds, lock), patience)
        try:
            yield connection
            _commit(connection)
        except BaseException as error:
            _roll_back(connection)
            if isinstance(error, DBAPIError) and _is_gone(error):
                # not "no ledger": the answer to COMMIT may be what was lost, and a release recorded twice counts twice
                raise StorageFailed(
                    "the connection to the database was lost; what was being written may have been kept, or not",
                    hint="look whether it is there before you record it again",
                ) from None
            raise


def _commit(connection: Connection) -> None:
    # PostgreSQL answers ROLLBACK, and no error, where a statement of the transaction had failed and nobody said so
    if getattr(run_plain(connection, "COMMIT"), "statusmessage", "COMMIT") != "COMMIT":
        raise StorageFailed("the database kept nothing of what was written")


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _begin(connection: Connection, statements: str) -> None:
    """Run what begins a transaction: on another connection where the pool's turns out to have gone since it was used.

    Nothing was asked of it yet, so that to ask again is safe; asking first whether it is there costs a round trip.
    """
    try:
        run_plain(connection, statements)
    except DBAPIError:
        driver: Any = connection.connection.dbapi_connection
        if not getattr(driver, "closed", False):
            raise
        connection.invalidate()
        run_plain(connection, statements)


_CACHE = 32 * 1024
"""KiB of pages that a writer keeps: with SQLite's own 2,000 an import writes most of them several times over."""


def _begin_sqlite(connection: Connection, seconds: float, _lock: str) -> None:
    if connection.info.get("patience") != seconds:
        run_plain(connection, f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        run_plain(connection, f"PRAGMA cache_size = -{_CACHE}")
        connection.info["patience"] = seconds
    run_plain(connection, "BEGIN IMMEDIATE")


_DURABLE = """SELECT set_config('synchronous_commit', 'on', true)
WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')"""
"""What a commit acknowledges is on the disk, and on the standby where there is one: whatever role and server say."""


def _begin_postgresql(connection: Connection, seconds: float, lock: str) -> None:
    wait = f"SET LOCAL lock_timeout = {max(1, int(seconds * 1000))}"
    try:
        _begin(connection, ";".join(("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", wait, _DURABLE, lock)))
    except DBAPIError:
        _roll_back(connection)
        raise


def _wait(attempt: Callable[[float], None], patience: Patience) -> None:
    """Try to take the lock, in steps, until it is had or the limit has passed."""
    started = time.monotonic()
    step, noticed = min(patience.notice_after, patience.limit), False
    while True:
        try:
            return attempt(step)
        except DBAPIError as error:
            if not _is_busy(error):
                raise
        waited = time.monotonic() - started
        if waited >= patience.limit:
            raise Locked(
                f"another writer held the ledger for {patience.limit:g} seconds", hint="try again when it is done"
            )
        if not noticed and waited >= patience.notice_after:
            patience.on_wait()
            noticed = True
        step = min(0.5, patience.limit - waited)


def _roll_back(connection: Connection) -> None:
    # the first error is the one to report; a connection that is gone has rolled back by itself, and of one that
    # SQLAlchemy has seen go, it says so in an error that is not the driver's
    with contextlib.suppress(DBAPIError, PendingRollbackError):
        connection.exec_driver_sql("ROLLBACK")


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the drivers' errors into this library's, without their text: it can hold the parameters."""
    try:
        yield
    except DisclosureLedgerError:
        raise
    except (DatabaseError, InterfaceError) as error:
        raise _translation(error) from None


def _is_busy(error: DBAPIError) -> bool:
    return _code(error) in _BUSY or getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def _is_gone(error: DBAPIError) -> bool:
    """Is the server no longer there: no code, one of a connection's (class 08), or one of a server that stops?"""
    code = _code(error)
    return isinstance(error, DatabaseError | InterfaceError) and (not code or code.startswith(("08", "57P0")))


def _code(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")


def _translation(error: DBAPIError) -> DisclosureLedgerError:
    code = _code(error)
    if _is_busy(error):
        return Locked("another writer holds the ledger", hint="try again when it is done")
    if code in _NOT_OURS:
        return NoLedger("the file is no ledger's database")
    if code in _DAMAGED:
        return Damaged("the database is damaged", hint="verify it, and restore it from a backup")
    if code in _DAMAGED_INDEX:
        hint = "`doctor --indexes` says which; verify once REINDEX has made it again from the table"
        return Damaged("an index of the database does not agree with its table", hint=hint)
    if code in _FULL:
        return StorageFailed("the disk is full; nothing was written", hint="make room and try again")
    if code.startswith("SQLITE_READONLY") or code in _READ_ONLY:
        return StorageFailed("the database cannot be written to: it, or its disk, is read-only")
    if code.startswith("SQLITE_IOERR") or code == _FAILED_DISK:
        return StorageFailed("the disk failed to read or write; nothing is acknowledged that was not kept")
    if isinstance(error.orig, sqlite3.IntegrityError) or code.startswith("23"):
        return StorageFailed("the database refused a row that would contradict another")
    if _is_gone(error):
        return NoLedger("no connection to the database", hint="is the server running, and the URL right?")
    return StorageFailed(f"the database refused ({code})")
