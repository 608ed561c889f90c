"""Is the database shaped as this release makes it? Looked at before any value in it is interpreted.

SQLite keeps what it is given: text among bytes, a fraction for a whole number, a view in the place of a table. Code
that reads such a value fails somewhere by accident; `misfits` finds it first, and by name. PostgreSQL keeps types,
though not from whoever owns the tables. `doctored` sees what no value shows: a guard that guards nothing, and an index
that leaves a row out, so that whoever looks by client sees less than the table holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, Text

from .engine import reading
from .read import Reading
from .schema import _POSTGRESQL_GUARDS, _SQLITE_GUARDS, metadata
from .sql import Store

MOST = 20
"""Misfits of one table that are named: one is enough to fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """One thing that is not as this release makes it."""

    where: str
    expected: str
    found: str


def misfits(store: Store) -> tuple[Misfit, ...]:
    """What a reader would stumble over: tables and columns that are not those made, and values of another type."""
    with reading(store._engine) as connection:
        return tuple(_columns(connection)) or tuple(_values(connection))


def doctored(there: Reading) -> tuple[Misfit, ...]:
    """What makes no value wrong: guards of another text, and pages and indexes that SQLite's own check faults."""
    connection = there._connection
    if connection.dialect.name == "postgresql":
        return tuple(_postgresql_guards(connection))
    return (*_sqlite_guards(connection), *_pages(connection))


# -- tables and columns

_SQLITE_COLUMNS = """SELECT m.name, m.type, p.name, p.type
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p WHERE m.type IN ('table', 'view')"""

_POSTGRESQL_COLUMNS = """SELECT c.relname, CASE c.relkind WHEN 'r' THEN 'table' ELSE 'view' END,
        a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND pg_table_is_visible(c.oid)"""


def _columns(connection: Connection) -> Iterator[Misfit]:
    query = _SQLITE_COLUMNS if connection.dialect.name == "sqlite" else _POSTGRESQL_COLUMNS
    there = {
        (str(table), str(column)): f"{type_} of a {kind}".lower()
        for table, kind, column, type_ in connection.exec_driver_sql(query)
        if table in metadata.tables
    }
    made = {
        (table.name, column.name): f"{column.type.compile(dialect=connection.dialect)} of a table".lower()
        for table in metadata.sorted_tables
        for column in table.columns
    }
    for table, column in sorted(made.keys() | there.keys()):
        expected, found = made.get((table, column), "no column"), there.get((table, column), "no column")
        if expected != found:
            yield Misfit(where=f"{table}, {column}", expected=expected, found=found[:40])


# -- values

_CLASSES = ((LargeBinary, "blob"), (Integer, "integer"), (Text, "text"))


def _values(connection: Connection) -> Iterator[Misfit]:
    """Values of another storage class than their column's; only SQLite has such."""
    if connection.dialect.name == "sqlite":
        for table in metadata.sorted_tables:
            yield from _of_other_classes(connection, table)
            yield from _of_no_characters(connection, table)


def _class(column: Column[object]) -> str:
    return next(name for kind, name in _CLASSES if isinstance(column.type, kind))


def _of_other_classes(connection: Connection, table: Table) -> Iterator[Misfit]:
    allowed = {
        column.name: (_class(column), "null") if column.nullable else (_class(column),) for column in table.columns
    }
    wrong = " OR ".join(f"typeof({name}) NOT IN {_listed(classes)}" for name, classes in allowed.items())
    found = ", ".join(f"typeof({name})" for name in allowed)
    query = f"SELECT rowid, {found} FROM {table.name} WHERE {wrong} LIMIT {MOST}"
    for row, *kinds in connection.exec_driver_sql(query):
        for (name, classes), kind in zip(allowed.items(), kinds, strict=True):
            if kind not in classes:
                yield Misfit(where=f"{table.name}, {name}, row {row}", expected=classes[0], found=str(kind))


def _listed(classes: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{name}'" for name in classes) + ")"


def _of_no_characters(connection: Connection, table: Table) -> Iterator[Misfit]:
    """Text whose bytes are no UTF-8: the driver refuses to read it at all."""
    for column in table.columns:
        if isinstance(column.type, Text):
            query = f"SELECT DISTINCT CAST({column.name} AS BLOB) FROM {table.name}"
            for (value,) in connection.exec_driver_sql(query):
                if not _is_utf8(value):
                    yield Misfit(where=f"{table.name}, {column.name}", expected="UTF-8", found="other bytes")
                    break


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


# -- guards, pages and indexes


def _sqlite_guards(connection: Connection) -> Iterator[Misfit]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
    there = {str(name): str(text) for name, text in connection.exec_driver_sql(query)}
    for text in _SQLITE_GUARDS:
        name = text.split()[2]
        if name in there and there[name].split() != text.split():
            yield Misfit(where=name, expected="the trigger", found="another trigger of its name")


# what a trigger does is a number of bits: row 1, before 2, delete 8, update 16, truncate 32 (pg_trigger.h)
_POSTGRESQL_TRIGGERS = {"entries_keep_rows": 1 | 2 | 8 | 16, "entries_keep_table": 2 | 32}


def _postgresql_guards(connection: Connection) -> Iterator[Misfit]:
    query = """SELECT t.tgname, t.tgtype, t.tgqual IS NULL AND t.tgattr = ''::int2vector, p.prosrc
        FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE t.tgrelid = 'entries'::regclass"""
    body = _POSTGRESQL_GUARDS[0].split("$$")[1].split()
    for name, kind, always, text in connection.exec_driver_sql(query):
        wanted = _POSTGRESQL_TRIGGERS.get(name)
        if wanted is not None and (kind, always, text.split()) != (wanted, True, body):
            yield Misfit(where=name, expected="the trigger", found="another trigger of its name")


def _pages(connection: Connection) -> Iterator[Misfit]:
    """What SQLite finds in its file: broken pages, indexes that are not their tables', missing values."""
    for (found,) in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
        if found != "ok":
            yield Misfit(where="the database file", expected="pages and indexes that agree", found=str(found)[:80])
