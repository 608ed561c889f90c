"""A database changed by hand, past its guards, by somebody who may write to it; and put back."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import create_engine, inspect

from disclosure_ledger.store.engine import url_of

Row = dict[str, Any]


class Hands:
    """One open connection that no trigger and no foreign key stops."""

    def __init__(self, place: str) -> None:
        url = url_of(place)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._mark = "?" if self.is_sqlite else "%s"
        self._connection: Any
        if self.is_sqlite:
            self._connection = sqlite3.connect(url.database or "", isolation_level=None, check_same_thread=False)
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
            self._connection.execute("SET session_replication_role = replica")

    def close(self) -> None:
        self._connection.close()

    def _execute(self, statement: str, values: tuple[object, ...]) -> Any:
        if not values:
            return self._connection.execute(statement)  # in which a percent sign is one
        return self._connection.execute(statement.replace("?", self._mark), values)

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a query, its values marked `?`."""
        found = self._execute(statement, values)
        return list(found.fetchall())

    def rows(self, table: str, order: list[str]) -> list[Row]:
        """Every row of a table, in order."""
        cursor = self._connection.execute(f"SELECT * FROM {table} ORDER BY {', '.join(order)}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def run(self, statement: str, *values: object) -> None:
        """Run a statement as anybody would."""
        self._execute(statement, values)

    def change(self, statement: str, *values: object) -> int:
        """Run a statement without the guards; how many rows it touched."""
        with self._unguarded():
            return int(self._execute(statement, values).rowcount)

    @contextlib.contextmanager
    def _unguarded(self) -> Iterator[None]:
        """SQLite has no switch for triggers: they are dropped and made again in one transaction."""
        if not self.is_sqlite:
            yield
            return
        guards = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for name, _ in guards:
                self._connection.execute(f"DROP TRIGGER {name}")
            yield
            for _, made_by in guards:
                self._connection.execute(made_by)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise


def everything(place: str) -> dict[str, list[Row]]:
    """Every row of every table of a database."""
    with contextlib.closing(Hands(place)) as hands:
        return {table: hands.rows(table, columns) for table, columns in columns_there(place).items()}


def columns_there(place: str) -> dict[str, list[str]]:
    """Every table of a database with its columns, as the database itself says."""
    engine = create_engine(url_of(place))
    try:
        found = inspect(engine)
        return {table: [column["name"] for column in found.get_columns(table)] for table in found.get_table_names()}
    finally:
        engine.dispose()
