"""A role of PostgreSQL for whoever records: it can do what the ledger asks of it, and change no entry.

The guards of the table refuse to change an entry, but whoever owns the tables can take them away. So the owner makes
the tables and stays out of daily work; the role that works has the rights below and no others. It cannot drop or alter
a table either: PostgreSQL gives that to nobody but owners.

| table | what the role may |
|---|---|
| `entries`, `checkpoints` | read, insert |
| `ledgers`, `tiles`, `stream_heads`, `map_branches` | read, insert, update |
| `sealed` | read, insert, delete: an erasure |
| `data_keys` | read, insert, update, delete: an erasure, and a new vault key |
| `disclosure_ledger_schema` | read |
"""

from contextlib import closing
from types import MappingProxyType

from sqlalchemy import Connection, text

from disclosure_ledger.errors import NotFound, Refused

from .engine import Patience, writing
from .schema import metadata
from .sql import Store

RIGHTS = MappingProxyType(
    {
        "disclosure_ledger_schema": ("SELECT",),
        "ledgers": ("SELECT", "INSERT", "UPDATE"),
        "entries": ("SELECT", "INSERT"),
        "sealed": ("SELECT", "INSERT", "DELETE"),
        "data_keys": ("SELECT", "INSERT", "UPDATE", "DELETE"),
        "tiles": ("SELECT", "INSERT", "UPDATE"),
        "stream_heads": ("SELECT", "INSERT", "UPDATE"),
        "map_branches": ("SELECT", "INSERT", "UPDATE"),
        "checkpoints": ("SELECT", "INSERT"),
    }
)
"""What the role may, table by table: no UPDATE, DELETE or TRUNCATE of entries."""

COMPACTED = ("sealed", "data_keys")
"""Tables that an erasure rewrites, so that no copy of what it deleted is left."""

_MAINTAIN = 170000  # the release from which rewriting a table is a right of its own, and not its owner's alone
_TOO_MUCH = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


def grant(place: str, role: str) -> None:
    """Give a role of the database's server the rights of RIGHTS, and take every other right on the tables from it.

    Raises Refused on SQLite, where the one who asks does not own the tables, and for a role that could change entries
    all the same: a superuser, the owner, or a member of a role that can. Raises NotFound where there is no such role.
    """
    with closing(Store.open(place)) as store:
        if store._engine.dialect.name != "postgresql":
            raise Refused("SQLite has no roles", hint="who may do what is a matter of the file's permissions")
        with writing(store._engine, Patience(), "SELECT 1") as connection:
            _expect_owner(connection)
            _expect_bound(connection, role)
            for statement in _statements(connection, role):
                connection.exec_driver_sql(statement)
            _expect_limited(connection, role)


_NAMES = """SELECT current_schema(), pg_get_serial_sequence('ledgers', 'id'),
    current_setting('server_version_num')::integer"""


def _statements(connection: Connection, role: str) -> list[str]:
    """The SQL, each name quoted: a role may be called anything."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    schema, sequence, version = connection.exec_driver_sql(_NAMES).one()
    tables, name = ", ".join(map(quote, metadata.tables)), quote(role)
    made = [f"REVOKE ALL ON {tables} FROM PUBLIC, {name}", f"GRANT USAGE ON SCHEMA {quote(schema)} TO {name}"]
    made += [f"GRANT {', '.join(rights)} ON {quote(table)} TO {name}" for table, rights in RIGHTS.items()]
    made += [f"GRANT USAGE ON SEQUENCE {sequence} TO {name}"]  # for a further ledger in the same database
    if version >= _MAINTAIN:
        made += [f"GRANT MAINTAIN ON {quote(table)} TO {name}" for table in COMPACTED]
    return made


def _expect_owner(connection: Connection) -> None:
    query = "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = 'entries'::regclass"
    if not connection.exec_driver_sql(query).scalar():
        raise Refused(
            "only the role that owns the tables can grant rights on them", hint="connect as the one of `init`"
        )


_BOUND = text(
    """SELECT rolsuper, pg_has_role(pg_roles.oid, relowner, 'MEMBER')
    FROM pg_roles, pg_class WHERE rolname = :role AND pg_class.oid = 'entries'::regclass"""
)


def _expect_bound(connection: Connection, role: str) -> None:
    """Raise where the role is none, or one that no right binds."""
    found = connection.execute(_BOUND, {"role": role}).one_or_none()
    if found is None:
        raise NotFound("the server has no role of this name", hint="CREATE ROLE makes one")
    if found[0]:
        raise Refused("the role is a superuser, whom no right binds", hint="make one that is not: CREATE ROLE")
    if found[1]:
        raise Refused("the role owns the tables, or may act as the one that does", hint="make another: CREATE ROLE")


def _expect_limited(connection: Connection, role: str) -> None:
    """Raise where the role has from elsewhere what it does not have from here."""
    query = text("SELECT has_table_privilege(:role, 'entries', :right)")
    for right in _TOO_MUCH:
        if connection.execute(query, {"role": role, "right": right}).scalar():
            raise Refused(f"the role has {right} on entries through another role; nothing was granted")
