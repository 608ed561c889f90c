"""The statements of reading that are asked often, each compiled once (`prepared`).

Where a client's or a kind's entries are asked for, the condition is that of an index, word for word; a test asks SQLite
for its plan. Nothing is ordered here but what an index has in order: asked to sort a client's entries, SQLite walks the
whole ledger instead of the index.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, bindparam, case, func, literal_column, select

from .ahead import NO_RELEASE
from .prepared import Prepared
from .rows import WholeRow
from .schema import checkpoints, data_keys, entries, ledgers, map_branches, sealed, stream_heads
from .schema import tiles as tiles_table

SAME_ENTRY = (sealed.c.ledger == entries.c.ledger) & (sealed.c.idx == entries.c.idx)
WITH_CONTENT = select(entries.c.idx, entries.c.kind, entries.c.note, sealed.c.content).join_from(
    entries, sealed, SAME_ENTRY, isouter=True
)
OWNER = func.coalesce(entries.c.client_tag, entries.c.matter_tag).label("owner")
OWNED = WITH_CONTENT.add_columns(OWNER)
LEDGER: BindParameter[Any] = bindparam("ledger")
NOTE = Prepared(select(entries.c.note).where(entries.c.ledger == LEDGER, entries.c.idx == bindparam("idx")))


def _last(kind: ColumnElement[str]) -> ScalarSelect[int]:
    """The index of a ledger's last entry of a kind (not of `disclosure`)."""
    mine = select(func.max(entries.c.idx)).where(entries.c.ledger == LEDGER, NO_RELEASE, entries.c.kind == kind)
    return mine.scalar_subquery()


HEAD = Prepared(
    select(
        *(ledgers.c.size, ledgers.c.frontier, ledgers.c.checkpoint),
        select(entries.c.note)
        .where(entries.c.ledger == LEDGER, entries.c.idx == case((ledgers.c.size > 0, ledgers.c.size - 1)))
        .correlate(ledgers)
        .scalar_subquery(),
        *(_last(literal_column(f"'{kind}'")) for kind in ("log_key_rotated", "erasure")),
    ).where(ledgers.c.id == LEDGER)
)
LAST_OF_KIND = Prepared(select(_last(bindparam("kind"))))
STREAM_HEAD = Prepared(
    select(stream_heads.c.length, stream_heads.c.head).where(
        stream_heads.c.ledger == LEDGER, stream_heads.c.tag == bindparam("tag")
    )
)
OF_CLIENT_BUT_RELEASES = Prepared(
    WITH_CONTENT.where(
        entries.c.ledger == LEDGER,
        entries.c.client_tag == bindparam("tag"),
        NO_RELEASE,
    )
)
OF_REF = Prepared(select(entries.c.idx).where(entries.c.ledger == LEDGER, entries.c.ref_tag == bindparam("tag")))
DATA_KEY = Prepared(
    select(data_keys.c.wrapped).where(data_keys.c.ledger == LEDGER, data_keys.c.key_tag == bindparam("tag"))
)
ROWS = Prepared(
    select(*(entries.c[name] for name in WholeRow._fields[:-1]), sealed.c.content)
    .join_from(entries, sealed, SAME_ENTRY, isouter=True)
    .where(entries.c.ledger == LEDGER, entries.c.idx >= bindparam("start"), entries.c.idx < bindparam("until"))
    .order_by(entries.c.idx)
)
CHECKPOINT = Prepared(
    select(checkpoints.c.note).where(checkpoints.c.ledger == LEDGER, checkpoints.c.size == bindparam("size"))
)
OF_CLIENT = Prepared(WITH_CONTENT.where(entries.c.ledger == LEDGER, entries.c.client_tag == bindparam("tag")))
ENDS = select(stream_heads.c.tag, stream_heads.c.length, stream_heads.c.head).where(
    stream_heads.c.ledger == LEDGER, stream_heads.c.tag >= bindparam("first")
)
ENDS_FROM = Prepared(ENDS.order_by(stream_heads.c.tag))
ENDS_BETWEEN = Prepared(ENDS.where(stream_heads.c.tag < bindparam("after")).order_by(stream_heads.c.tag))
BRANCHES = Prepared(
    select(map_branches.c.place, map_branches.c.hash, map_branches.c.streams).where(
        map_branches.c.ledger == LEDGER,
        map_branches.c.depth == bindparam("depth"),
        map_branches.c.place >= bindparam("first"),
        map_branches.c.place <= bindparam("last"),
    )
)
NOTES = Prepared(
    select(entries.c.note)
    .where(entries.c.ledger == LEDGER, entries.c.idx >= bindparam("start"), entries.c.idx < bindparam("until"))
    .order_by(entries.c.idx)
)

LEAF_HASHES = Prepared(
    select(entries.c.leaf_hash)
    .where(entries.c.ledger == LEDGER, entries.c.idx >= bindparam("start"), entries.c.idx < bindparam("until"))
    .order_by(entries.c.idx)
)
TILE = Prepared(
    select(tiles_table.c.hashes).where(
        tiles_table.c.ledger == LEDGER,
        tiles_table.c.level == bindparam("level"),
        tiles_table.c.idx == bindparam("idx"),
    )
)
