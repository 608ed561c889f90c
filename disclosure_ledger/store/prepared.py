"""Statements compiled once and run on the driver's own cursor: for what happens with every entry.

SQLAlchemy Core writes the SQL of each dialect; its execution costs more than SQLite's own for one row, so the few
statements of the append path keep the text and skip the rest. Values are bytes, text, whole numbers and None, which
both drivers give back as they are.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection
from sqlalchemy.exc import DBAPIError


class Prepared:
    """One statement. Parameters are named as its bind parameters, or for an INSERT as its columns."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._texts: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def _text(self, connection: Connection) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
        """The SQL, the order of its parameters where they are positional, and the values that stand in it."""
        name = connection.dialect.name
        if name not in self._texts:
            compiled: Any = self._statement.compile(dialect=connection.dialect, column_keys=self._columns)
            self._texts[name] = compiled.string, compiled.positiontup, compiled.params
        return self._texts[name]

    def run(self, connection: Connection, **parameters: Any) -> Any:
        """The driver's cursor after running it once: `fetchone`, `fetchall`, `rowcount`."""
        text, order, fixed = self._text(connection)
        values = {**fixed, **parameters}
        driver: Any = connection.connection.dbapi_connection
        try:
            return driver.execute(text, values if order is None else [values[name] for name in order])
        except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise _wrapped(connection, error) from None

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once a row."""
        if len(rows) == 1:
            self.run(connection, **rows[0])
            return
        text, order, _ = self._text(connection)
        driver: Any = connection.connection.dbapi_connection
        given = rows if order is None else [[row[name] for name in order] for row in rows]
        try:
            driver.cursor().executemany(text, given)
        except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
            raise _wrapped(connection, error) from None


@contextlib.contextmanager
def pipelined(connection: Connection) -> Iterator[bool]:
    """Send the statements that are run within as one message, and let an error among them come out at the end.

    Whether they are: SQLite is in this process, and has nothing to send.
    """
    driver: Any = connection.connection.dbapi_connection
    if not hasattr(driver, "pipeline"):
        yield False
        return
    try:
        with driver.pipeline():
            yield True
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise _wrapped(connection, error) from None


def run_plain(connection: Connection, statement: str) -> Any:
    """Run a statement without parameters, such as COMMIT, on the driver's own cursor, and give that."""
    driver: Any = connection.connection.dbapi_connection
    try:
        return driver.execute(statement)
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise _wrapped(connection, error) from None


def _wrapped(connection: Connection, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy gives it, so that one place translates all of them."""
    kind: Any = connection.dialect.dbapi
    return DBAPIError.instance(None, None, error, kind.Error, dialect=connection.dialect)
