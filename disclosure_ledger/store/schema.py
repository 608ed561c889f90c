"""Tables, triggers and the schema's version (docs/format.md section 10).

`entries.note` is the truth. Every other column is an index that can be made again from the notes, the sealed
content and the keys; `verify` does so and compares. No column holds a client's data in the clear, and none holds
what `verify` could not check.

| table | one row |
|---|---|
| `disclosure_ledger_schema` | the version of these tables |
| `ledgers` | a ledger: origin, size, right edge of the tree, the checkpoint of that size |
| `entries` | an entry: its note, and the columns by which it is found |
| `sealed` | the sealed content of an entry |
| `data_keys` | a client's (or protocol's) data key, wrapped |
| `tiles` | 256 hashes of the tree: level 0 when complete, higher levels as far as they go |
| `stream_heads` | a stream: its length and last leaf hash |
| `map_branches` | a part of the last stream map: its hash, and whether it holds one stream or more |
| `checkpoints` | a checkpoint that left the practice |
"""

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)

VERSION = 1

metadata = MetaData()

schema = Table("disclosure_ledger_schema", metadata, Column("version", Integer, nullable=False))

ledgers = Table(
    "ledgers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("checkpoint", LargeBinary, nullable=False),
)


def _ledger() -> Column[int]:
    return Column("ledger", Integer, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


entries = Table(
    "entries",
    metadata,
    _ledger(),
    _number("idx"),
    Column("note", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("stream_tag", LargeBinary),
    Column("stream_position", BigInteger),
    Column("client_tag", LargeBinary),
    Column("matter_tag", LargeBinary),
    Column("ref_tag", LargeBinary),
)


def _found_by(name: str, *columns: str, unique: bool = False) -> None:
    """An index over the rows that have its first column: most entries lack a ref, many a matter."""
    first = entries.c[columns[0]]
    Index(
        name,
        entries.c.ledger,
        *(entries.c[column] for column in columns),
        unique=unique,
        sqlite_where=first.is_not(None),
        postgresql_where=first.is_not(None),
    )


_found_by("entries_by_stream", "stream_tag", "stream_position", unique=True)
_found_by("entries_by_client", "client_tag", "kind", "idx")
_found_by("entries_by_matter", "matter_tag", "idx")
_found_by("entries_by_ref", "ref_tag", unique=True)
Index(
    "entries_by_kind",
    entries.c.ledger,
    entries.c.kind,
    entries.c.idx,
    sqlite_where=entries.c.kind != "disclosure",
    postgresql_where=entries.c.kind != "disclosure",
)

sealed = Table("sealed", metadata, _ledger(), _number("idx"), Column("content", LargeBinary, nullable=False))

data_keys = Table(
    "data_keys",
    metadata,
    _ledger(),
    Column("key_tag", LargeBinary, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

tiles = Table(
    "tiles",
    metadata,
    _ledger(),
    Column("level", Integer, primary_key=True, autoincrement=False),
    _number("idx"),
    Column("hashes", LargeBinary, nullable=False),
)

stream_heads = Table(
    "stream_heads",
    metadata,
    _ledger(),
    Column("tag", LargeBinary, primary_key=True),
    Column("length", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
)

map_branches = Table(
    "map_branches",
    metadata,
    _ledger(),
    Column("depth", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("streams", Integer, nullable=False),
)

checkpoints = Table("checkpoints", metadata, _ledger(), _number("size"), Column("note", LargeBinary, nullable=False))

_SQLITE_GUARDS = (
    """CREATE TRIGGER entries_keep_update BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END""",
    """CREATE TRIGGER entries_keep_delete BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END""",
    # INSERT OR REPLACE deletes without firing the trigger above
    """CREATE TRIGGER entries_keep_replace BEFORE INSERT ON entries
    WHEN EXISTS (SELECT 1 FROM entries WHERE ledger = NEW.ledger AND idx = NEW.idx)
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END""",
)

_POSTGRESQL_GUARDS = (
    """CREATE FUNCTION entries_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$""",
    """CREATE TRIGGER entries_keep_rows BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION entries_keep()""",
    """CREATE TRIGGER entries_keep_table BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION entries_keep()""",
)

for _dialect, _guards in (("sqlite", _SQLITE_GUARDS), ("postgresql", _POSTGRESQL_GUARDS)):
    for _guard in _guards:
        event.listen(entries, "after_create", DDL(_guard).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]

GUARDS = {
    "sqlite": frozenset({"entries_keep_update", "entries_keep_delete", "entries_keep_replace"}),
    "postgresql": frozenset({"entries_keep_rows", "entries_keep_table"}),
}
"""The triggers that refuse to change entries, by database."""
