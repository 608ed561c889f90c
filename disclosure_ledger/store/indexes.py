"""Whether the indexes of a database agree with its tables, each asked by itself.

Verification reads entries in their order and so sees every row; a client's history is found by an index. One that was
damaged (by a disk, or by a change of the system's collation) leaves entries out without a word. SQLite's own check
compares the two. Of PostgreSQL every index is read from end to end, and the rows that it finds are held against those
that a scan of the table finds: their number, and a hash over the values that it is made of.

>>> [len(queries_of(table)) for table in (schema.entries, schema.sealed)]
[6, 1]
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Table

from . import schema
from .read import Reading

_BY_TABLE: Final = "enable_indexscan = off", "enable_indexonlyscan = off", "enable_bitmapscan = off"
_BY_INDEX: Final = "enable_seqscan = off", "enable_bitmapscan = off", "enable_sort = off"
_SETTINGS: Final = frozenset(text.partition(" ")[0] for text in (*_BY_TABLE, *_BY_INDEX))
MOST: Final = 20
"""Problems of an SQLite file that are told."""


def disagreeing(there: Reading) -> tuple[str, ...]:
    """What is wrong with the indexes of the database: the names of those that differ from their tables."""
    connection = there._connection
    return tuple(_sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection))


def queries_of(table: Table) -> dict[str, tuple[str, str]]:
    """For each index of a table, the same question to the table and to the index: how many rows, and which."""
    key = table.primary_key
    asked = {f"{table.name}_pkey": (", ".join(column.name for column in key.columns), "")} if len(key.columns) else {}
    for index in table.indexes:
        where = index.dialect_options["postgresql"]["where"]
        text = "" if where is None else f" WHERE {where.compile(compile_kwargs={'literal_binds': True})}"
        asked[str(index.name)] = ", ".join(column.name for column in index.columns), text
    return {name: _questions(table.name, *about) for name, about in sorted(asked.items())}


def _questions(table: str, columns: str, where: str) -> tuple[str, str]:
    rows = f"SELECT ROW({columns})::text AS it FROM {table}{where}"
    outer = "SELECT count(*), coalesce(sum(hashtextextended(it, 0)), 0) FROM"
    return f"{outer} ({rows}) AS rows", f"{outer} ({rows} ORDER BY {columns}) AS rows"


def _sqlite(connection: Connection) -> Iterator[str]:
    for (found,) in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
        if found != "ok":
            yield str(found)[:80]


def _postgresql(connection: Connection) -> Iterator[str]:
    for table in schema.metadata.sorted_tables:
        for name, (of_table, of_index) in queries_of(table).items():
            if _answer(connection, _BY_TABLE, of_table) != _answer(connection, _BY_INDEX, of_index):
                yield name


def _answer(connection: Connection, settings: tuple[str, ...], query: str) -> tuple[int, ...]:
    for name in _SETTINGS:
        connection.exec_driver_sql(f"SET LOCAL {name} = on")
    for setting in settings:
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    return tuple(int(value) for value in connection.exec_driver_sql(query).one())
