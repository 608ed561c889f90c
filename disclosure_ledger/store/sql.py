"""The ledgers of one database: made, opened, read, and written under one lock each.

`read` sees one consistent state and blocks nobody. What is inserted within `write` becomes visible together, with
the checkpoint of the new size, when the head has moved; an error leaves nothing behind.
"""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from disclosure_ledger.errors import NoLedger, StorageFailed, UnknownVersion

from . import schema
from .append import Writing
from .engine import Patience, connect_engine, reading, session, translated, writing
from .read import Reading
from .schema import ledgers


class Store:
    """The ledgers of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ids: dict[str, int] = {}

    @classmethod
    def create(cls, place: str) -> "Store":
        """Make the tables where there are none. What is there already, of our version, is kept."""
        engine = connect_engine(place, create=True)
        try:
            with session(engine) as connection:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                names = set(inspect(connection).get_table_names())
                if schema.schema.name not in names:
                    if names & set(schema.metadata.tables):
                        raise NoLedger("the database holds tables of the same names that are not a ledger's")
                    _make_tables(connection)
        finally:
            engine.dispose()
        return cls.open(place)

    @classmethod
    def open(cls, place: str) -> "Store":
        """The database that is there. Raises NoLedger, or UnknownVersion where its tables are of a later version."""
        engine = connect_engine(place)
        try:
            with session(engine) as connection:
                _check_version(connection)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def compact(self) -> None:
        """Rewrite what holds sealed content, so that no copy of a deleted row is left in free pages or the log."""
        with session(self._engine) as connection:
            if connection.dialect.name == "sqlite":
                for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    connection.exec_driver_sql(statement).close()
            else:
                connection.exec_driver_sql("VACUUM (FULL) sealed")
                connection.exec_driver_sql("VACUUM (FULL) data_keys")

    def origins(self) -> tuple[str, ...]:
        """The ledgers that the database holds."""
        with reading(self._engine) as connection:
            return tuple(connection.scalars(select(ledgers.c.origin).order_by(ledgers.c.origin)))

    @contextlib.contextmanager
    def read(self, origin: str) -> Iterator[Reading]:
        """One consistent state of a ledger."""
        with reading(self._engine) as connection:
            yield Reading(connection, self._ids.get(origin) or _ledger_id(connection, origin))

    @contextlib.contextmanager
    def write(self, origin: str, patience: Patience) -> Iterator[Writing]:
        """The ledger's one lock; commits at the end, and leaves nothing behind on an error."""
        ledger = self._id(origin)
        lock = f"SELECT size FROM ledgers WHERE id = {ledger:d} FOR UPDATE"
        with writing(self._engine, patience, lock) as connection:
            yield Writing(connection, ledger)

    def _id(self, origin: str) -> int:
        """The ledger's key in the tables: it never changes."""
        if origin not in self._ids:
            with reading(self._engine) as connection:
                self._ids[origin] = _ledger_id(connection, origin)
        return self._ids[origin]

    @contextlib.contextmanager
    def found(self, origin: str, patience: Patience) -> Iterator[Writing]:
        """The same for a ledger that does not exist yet: its row is made, of size 0."""
        with writing(self._engine, patience, "LOCK TABLE ledgers IN EXCLUSIVE MODE") as connection:
            if connection.scalar(select(ledgers.c.id).where(ledgers.c.origin == origin)) is not None:
                raise StorageFailed(f"the database already holds a ledger named {origin}")
            result = connection.execute(insert(ledgers).values(origin=origin, size=0, frontier=b"", checkpoint=b""))
            key = result.inserted_primary_key
            yield Writing(connection, int(key[0]) if key else 0)


def _make_tables(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
    schema.metadata.create_all(connection)
    connection.execute(insert(schema.schema).values(version=schema.VERSION))
    connection.exec_driver_sql("COMMIT")


def _check_version(connection: Connection) -> None:
    try:
        versions = list(connection.scalars(select(schema.schema.c.version)))
    except DBAPIError as error:
        with translated():
            if "NOTADB" in str(getattr(error.orig, "sqlite_errorname", "")):
                raise
        raise NoLedger("the database holds no ledger", hint="`init` makes one") from None
    if len(versions) != 1:
        raise NoLedger("the database holds no ledger of ours: expected one schema version")
    if versions[0] != schema.VERSION:
        raise UnknownVersion(f"the database's tables are of a version this release does not know, not {schema.VERSION}")


def _ledger_id(connection: Connection, origin: str) -> int:
    found = connection.scalar(select(ledgers.c.id).where(ledgers.c.origin == origin))
    if found is None:
        raise NoLedger(f"the database holds no ledger named {origin}")
    return int(found)
