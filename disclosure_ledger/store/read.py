"""What a ledger in a database holds, in one consistent state: raw bytes and numbers, nothing interpreted.

Every query is bounded by what is asked: a proof reads O(log n) rows, one client's entries are found by an index, and
a walk over everything goes in slices.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from disclosure_ledger.errors import NotFound
from disclosure_ledger.log import tiles as tlog
from disclosure_ledger.log.merkle import NodeReader
from disclosure_ledger.log.streams import Branch, StreamEnd

from .ahead import NO_RELEASE, Ahead
from .prepared import Prepared
from .schema import GUARDS, checkpoints, data_keys, entries, ledgers, map_branches, sealed, stream_heads
from .schema import tiles as tiles_table

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a ledger stands: its size, the right edge of its tree, and the signed checkpoint of that size."""

    size: int
    frontier: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a ledger stands, and what whoever goes on from there has to look at first."""

    head: Head
    last_note: bytes | None
    """The note of the last entry."""
    marks: tuple[int | None, int | None]
    """The last rotation of the log keys and the last erasure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One row of `entries`: the note, and the columns by which it is found."""

    idx: int
    note: bytes
    kind: str
    leaf_hash: bytes
    stream_tag: bytes | None = None
    stream_position: int | None = None
    client_tag: bytes | None = None
    matter_tag: bytes | None = None
    ref_tag: bytes | None = None


class WholeRow(NamedTuple):
    """A row of `entries` as it is stored, with what is sealed beside it."""

    idx: int
    note: bytes
    kind: str
    leaf_hash: bytes
    stream_tag: bytes | None
    stream_position: int | None
    client_tag: bytes | None
    matter_tag: bytes | None
    ref_tag: bytes | None
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An entry with its sealed content; `content` is None for a public or an erased entry."""

    idx: int
    kind: str
    note: bytes
    content: bytes | None


_SAME_ENTRY = (sealed.c.ledger == entries.c.ledger) & (sealed.c.idx == entries.c.idx)
_WITH_CONTENT = select(entries.c.idx, entries.c.kind, entries.c.note, sealed.c.content).join_from(
    entries, sealed, _SAME_ENTRY, isouter=True
)
_OWNER = func.coalesce(entries.c.client_tag, entries.c.matter_tag).label("owner")
_OWNED = _WITH_CONTENT.add_columns(_OWNER)
_LEDGER: BindParameter[Any] = bindparam("ledger")
_NOTE = Prepared(select(entries.c.note).where(entries.c.ledger == _LEDGER, entries.c.idx == bindparam("idx")))


def _last(kind: ColumnElement[str]) -> ScalarSelect[int]:
    """The index of a ledger's last entry of a kind (not of `disclosure`)."""
    mine = select(func.max(entries.c.idx)).where(entries.c.ledger == _LEDGER, NO_RELEASE, entries.c.kind == kind)
    return mine.scalar_subquery()


_HEAD = Prepared(
    select(
        *(ledgers.c.size, ledgers.c.frontier, ledgers.c.checkpoint),
        select(entries.c.note)
        .where(entries.c.ledger == _LEDGER, entries.c.idx == case((ledgers.c.size > 0, ledgers.c.size - 1)))
        .correlate(ledgers)
        .scalar_subquery(),
        *(_last(literal_column(f"'{kind}'")) for kind in ("log_key_rotated", "erasure")),
    ).where(ledgers.c.id == _LEDGER)
)
_LAST_OF_KIND = Prepared(select(_last(bindparam("kind"))))
_STREAM_HEAD = Prepared(
    select(stream_heads.c.length, stream_heads.c.head).where(
        stream_heads.c.ledger == _LEDGER, stream_heads.c.tag == bindparam("tag")
    )
)
_OF_CLIENT_BUT_RELEASES = Prepared(
    _WITH_CONTENT.where(
        entries.c.ledger == _LEDGER,
        entries.c.client_tag == bindparam("tag"),
        NO_RELEASE,
    )
)
_OF_REF = Prepared(select(entries.c.idx).where(entries.c.ledger == _LEDGER, entries.c.ref_tag == bindparam("tag")))
_DATA_KEY = Prepared(
    select(data_keys.c.wrapped).where(data_keys.c.ledger == _LEDGER, data_keys.c.key_tag == bindparam("tag"))
)
_ROWS = Prepared(
    select(*(entries.c[name] for name in WholeRow._fields[:-1]), sealed.c.content)
    .join_from(entries, sealed, _SAME_ENTRY, isouter=True)
    .where(entries.c.ledger == _LEDGER, entries.c.idx >= bindparam("start"), entries.c.idx < bindparam("until"))
    .order_by(entries.c.idx)
)
_OF_CLIENT = Prepared(_WITH_CONTENT.where(entries.c.ledger == _LEDGER, entries.c.client_tag == bindparam("tag")))
_OF_STREAM = Prepared(_OWNED.where(entries.c.ledger == _LEDGER, entries.c.stream_tag == bindparam("tag")))
_ENDS = select(stream_heads.c.tag, stream_heads.c.length, stream_heads.c.head).where(
    stream_heads.c.ledger == _LEDGER, stream_heads.c.tag >= bindparam("first")
)
_ENDS_FROM = Prepared(_ENDS.order_by(stream_heads.c.tag))
_ENDS_BETWEEN = Prepared(_ENDS.where(stream_heads.c.tag < bindparam("after")).order_by(stream_heads.c.tag))
_BRANCHES = Prepared(
    select(map_branches.c.place, map_branches.c.hash, map_branches.c.streams).where(
        map_branches.c.ledger == _LEDGER,
        map_branches.c.depth == bindparam("depth"),
        map_branches.c.place >= bindparam("first"),
        map_branches.c.place <= bindparam("last"),
    )
)
NOTES = Prepared(
    select(entries.c.note)
    .where(entries.c.ledger == _LEDGER, entries.c.idx >= bindparam("start"), entries.c.idx < bindparam("until"))
    .order_by(entries.c.idx)
)

_LEAF_HASHES = Prepared(
    select(entries.c.leaf_hash)
    .where(entries.c.ledger == _LEDGER, entries.c.idx >= bindparam("start"), entries.c.idx < bindparam("until"))
    .order_by(entries.c.idx)
)
_TILE = Prepared(
    select(tiles_table.c.hashes).where(
        tiles_table.c.ledger == _LEDGER,
        tiles_table.c.level == bindparam("level"),
        tiles_table.c.idx == bindparam("idx"),
    )
)


def _as_stored(row: Row[Any]) -> Stored:
    return _plainly_stored(row.idx, row.kind, row.note, row.content)


def _plainly_stored(idx: int, kind: str, note: bytes, content: bytes | None) -> Stored:
    return Stored(idx=idx, kind=kind, note=bytes(note), content=None if content is None else bytes(content))


class Reading:
    """What a ledger holds, in one consistent state. Every answer is raw bytes and numbers."""

    def __init__(self, connection: Connection, ledger: int) -> None:
        self._connection = connection
        self._ledger = ledger
        self._standing: Standing | None = None
        self._ahead = Ahead()

    def standing(self) -> Standing:
        """Where the ledger stood when this state of it was first looked at."""
        if self._standing is None:
            size, frontier, note, last, *marks = _HEAD.run(self._connection, ledger=self._ledger).fetchone()
            self._standing = Standing(
                head=Head(size=size, frontier=bytes(frontier), checkpoint=bytes(note)),
                last_note=None if last is None else bytes(last),
                marks=(marks[0], marks[1]),
            )
        return self._standing

    def head(self) -> Head:
        """Size, right edge and checkpoint."""
        return self.standing().head

    def look_ahead(self, client_tag: bytes, streams: tuple[bytes, bytes]) -> None:
        """Ask at once what the next entry about a client will need; the tags of its two streams, accounting first."""
        self._ahead.ask(self._connection, self._ledger, client_tag, streams)

    def note(self, index: int) -> bytes:
        """The note of an entry. Raises NotFound."""
        row = _NOTE.run(self._connection, ledger=self._ledger, idx=index).fetchone()
        if row is None:
            raise NotFound(f"the ledger has no entry {index}")
        return bytes(row[0])

    def stored(self, index: int) -> Stored:
        """An entry with its sealed content. Raises NotFound."""
        for one in self._stored(_WITH_CONTENT.where(entries.c.ledger == self._ledger, entries.c.idx == index)):
            return one
        raise NotFound(f"the ledger has no entry {index}")

    def notes(self, start: int, stop: int) -> Iterator[bytes]:
        """The notes from `start` up to `stop`, in order. A gap ends them early."""
        while start < stop:
            until = min(start + BATCH, stop)
            for (note,) in NOTES.run(self._connection, ledger=self._ledger, start=start, until=until).fetchall():
                yield bytes(note)
            start = until

    def rows(self, start: int, stop: int) -> Iterator[WholeRow]:
        """Whole rows of `entries` from `start` up to `stop`, with what is sealed of each, in order of index.

        In slices of BATCH, so that memory stays flat.
        """
        while start < stop:
            until = min(start + BATCH, stop)
            yield from map(
                WholeRow._make, _ROWS.run(self._connection, ledger=self._ledger, start=start, until=until).fetchall()
            )
            start = until

    def leaf_hashes(self, start: int, stop: int) -> list[bytes]:
        """The leaf hashes from `start` up to `stop`, as the index column has them."""
        rows = _LEAF_HASHES.run(self._connection, ledger=self._ledger, start=start, until=stop).fetchall()
        return [bytes(value) for (value,) in rows]

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile as far as the tree goes; level 0 of the right edge comes from the entries."""
        found = self.stored_tile(level, index)
        if found is not None:
            return found
        if level == 0:
            return b"".join(self.leaf_hashes(index * tlog.TILE_WIDTH, (index + 1) * tlog.TILE_WIDTH))
        return b""

    def node_reader(self, size: int) -> NodeReader:
        """Hashes of complete subtrees of the tree of that size, from its tiles: O(log n) rows a proof."""
        return tlog.node_reader_from_tiles(self.tile, size)

    def stream_head(self, tag: bytes) -> tuple[int, bytes] | None:
        """Length and last leaf hash of a stream; None where there is no such stream."""
        if tag in self._ahead.streams:
            return self._ahead.streams[tag]
        row = _STREAM_HEAD.run(self._connection, ledger=self._ledger, tag=tag).fetchone()
        return (row[0], bytes(row[1])) if row else None

    def stream_heads(self) -> Iterator[tuple[bytes, int, bytes]]:
        """Every stream: tag, length, last leaf hash; ascending by tag."""
        query = select(stream_heads.c.tag, stream_heads.c.length, stream_heads.c.head)
        query = query.where(stream_heads.c.ledger == self._ledger).order_by(stream_heads.c.tag)
        for row in self._connection.execute(query.execution_options(yield_per=BATCH)):
            yield bytes(row.tag), row.length, bytes(row.head)

    def stream_ends(self, first: bytes, after: bytes | None) -> Iterator[StreamEnd]:
        """The streams whose tags lie from `first` up to `after`; None: up to the last."""
        query, more = (_ENDS_FROM, {}) if after is None else (_ENDS_BETWEEN, {"after": after})
        rows = query.run(self._connection, ledger=self._ledger, first=first, **more)
        while some := rows.fetchmany(BATCH):
            for tag, length, head in some:
                yield StreamEnd(tag=bytes(tag), length=length, head=bytes(head))

    def streams_since(self, index: int) -> tuple[set[bytes], int]:
        """The tags of the streams that grew after an entry, and how many of them began after it."""
        query = select(entries.c.stream_tag, entries.c.stream_position).where(
            entries.c.ledger == self._ledger, entries.c.idx > index, entries.c.stream_tag.is_not(None)
        )
        rows = self._connection.execute(query).all()
        return {bytes(row.stream_tag) for row in rows}, sum(row.stream_position == 0 for row in rows)

    def branches(self, depth: int, first: int, last: int) -> dict[int, Branch]:
        """The parts of the last stream map at a depth, from place `first` to `last`, both included."""
        rows = _BRANCHES.run(self._connection, ledger=self._ledger, depth=depth, first=first, last=last).fetchall()
        return {place: (bytes(hashed), count) for place, hashed, count in rows}

    def all_branches(self, depth: int) -> dict[int, Branch]:
        """Every part of the last stream map at a depth."""
        query = select(map_branches.c.place, map_branches.c.hash, map_branches.c.streams).where(
            map_branches.c.ledger == self._ledger, map_branches.c.depth == depth
        )
        return {row.place: (bytes(row.hash), row.streams) for row in self._connection.execute(query)}

    def other_depths(self, depths: Sequence[int]) -> list[int]:
        """Depths at which parts of a map are stored, but for these."""
        query = select(map_branches.c.depth).where(
            map_branches.c.ledger == self._ledger, map_branches.c.depth.not_in(depths)
        )
        return sorted({int(value) for value in self._connection.scalars(query.distinct())})

    def last_of_kind(self, kind: str) -> int | None:
        """The index of the last entry of a kind (not of `disclosure`)."""
        (found,) = _LAST_OF_KIND.run(self._connection, ledger=self._ledger, kind=kind).fetchone()
        return None if found is None else int(found)

    def of_client(self, client_tag: bytes) -> Iterator[Stored]:
        """One client's entries with what is sealed of them, in order."""
        return self._of_client(_OF_CLIENT, client_tag)

    def of_client_but_releases(self, client_tag: bytes) -> Iterator[Stored]:
        """One client's entries but disclosures, in order: few, however many releases there are."""
        asked = self._ahead.facts.get(client_tag)
        if asked is not None:
            return (_plainly_stored(*row) for row in asked)
        return self._of_client(_OF_CLIENT_BUT_RELEASES, client_tag)

    def _of_client(self, query: Prepared, client_tag: bytes) -> Iterator[Stored]:
        rows = query.run(self._connection, ledger=self._ledger, tag=client_tag).fetchall()
        return (_plainly_stored(*row) for row in sorted(rows, key=itemgetter(0)))

    def of_stream(self, tag: bytes) -> Iterator[tuple[Stored, bytes | None]]:
        """The entries of one stream, in order, each with its owner's tag."""
        rows = _OF_STREAM.run(self._connection, ledger=self._ledger, tag=tag).fetchall()
        for *row, owner in sorted(rows, key=itemgetter(0)):
            yield _plainly_stored(*row), None if owner is None else bytes(owner)

    def of_matter(self, matter_tag: bytes) -> Iterator[tuple[Stored, bytes | None]]:
        """The entries of one matter or research protocol, in order, each with its owner's tag."""
        return self._owned(_OWNED.where(entries.c.ledger == self._ledger, entries.c.matter_tag == matter_tag))

    def of_kinds(self, kinds: Sequence[str]) -> Iterator[tuple[Stored, bytes | None]]:
        """The entries of some kinds, in order, each with its owner's tag. `disclosure` is in no index: use a range."""
        return self._owned(_OWNED.where(entries.c.ledger == self._ledger, NO_RELEASE, entries.c.kind.in_(kinds)))

    def clients_of(self, kind: str) -> list[bytes]:
        """The tags of the clients whom entries of a kind (not `disclosure`) are about, ascending."""
        query = select(entries.c.client_tag).where(entries.c.ledger == self._ledger, NO_RELEASE, entries.c.kind == kind)
        query = query.where(entries.c.client_tag.is_not(None)).distinct()
        return sorted(bytes(tag) for tag in self._connection.scalars(query))

    def owner_of(self, index: int) -> bytes | None:
        """Whose data key seals an entry: the client's tag, or the protocol's; None for a public entry."""
        query = select(_OWNER).where(entries.c.ledger == self._ledger, entries.c.idx == index)
        found = self._connection.scalar(query)
        return None if found is None else bytes(found)

    def of_ref(self, ref_tag: bytes) -> int | None:
        """The index of the entry with a source system's id."""
        row = _OF_REF.run(self._connection, ledger=self._ledger, tag=ref_tag).fetchone()
        return None if row is None else int(row[0])

    def known_refs(self, ref_tags: Sequence[bytes]) -> set[bytes]:
        """Which of these source systems' ids are in the ledger."""
        found: set[bytes] = set()
        for place in range(0, len(ref_tags), BATCH // 2):
            some = ref_tags[place : place + BATCH // 2]
            query = select(entries.c.ref_tag).where(entries.c.ledger == self._ledger, entries.c.ref_tag.in_(some))
            found.update(bytes(value) for value in self._connection.scalars(query))
        return found

    def _stored(self, query: Select[Any]) -> Iterator[Stored]:
        return map(_as_stored, self._in_order(query))

    def _owned(self, query: Select[Any]) -> Iterator[tuple[Stored, bytes | None]]:
        for row in self._in_order(query):
            yield _as_stored(row), bytes(row.owner) if row.owner is not None else None

    def _in_order(self, query: Select[Any]) -> list[Row[Any]]:
        """An answer by index. Sorted here: asked to sort, SQLite walks the whole ledger instead of the index."""
        return sorted(self._connection.execute(query).all(), key=lambda row: row.idx)

    def data_key(self, key_tag: bytes) -> bytes | None:
        """A wrapped data key."""
        if key_tag in self._ahead.keys:
            return self._ahead.keys[key_tag]
        row = _DATA_KEY.run(self._connection, ledger=self._ledger, tag=key_tag).fetchone()
        return None if row is None else bytes(row[0])

    def any_data_key(self) -> tuple[bytes, bytes] | None:
        """One wrapped data key with the tag of whose it is; None where there is none."""
        query = select(data_keys.c.key_tag, data_keys.c.wrapped).where(data_keys.c.ledger == self._ledger).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else (bytes(row.key_tag), bytes(row.wrapped))

    def data_keys(self) -> Iterator[tuple[bytes, bytes]]:
        """Every wrapped data key with the tag of whose it is."""
        query = select(data_keys.c.key_tag, data_keys.c.wrapped).where(data_keys.c.ledger == self._ledger)
        for row in self._connection.execute(query.order_by(data_keys.c.key_tag).execution_options(yield_per=BATCH)):
            yield bytes(row.key_tag), bytes(row.wrapped)

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """Every checkpoint that left the practice, ascending by size."""
        query = select(checkpoints.c.size, checkpoints.c.note).where(checkpoints.c.ledger == self._ledger)
        for row in self._connection.execute(query.order_by(checkpoints.c.size)):
            yield row.size, bytes(row.note)

    def checkpoint_at(self, size: int) -> bytes | None:
        """The checkpoint of a size that left the practice."""
        query = select(checkpoints.c.note).where(checkpoints.c.ledger == self._ledger, checkpoints.c.size == size)
        found = self._connection.scalar(query)
        return None if found is None else bytes(found)

    def beyond(self, size: int) -> dict[str, int]:
        """How many rows each table has at or beyond a size: there must be none."""
        counts = {}
        for table, column in ((entries, entries.c.idx), (sealed, sealed.c.idx), (checkpoints, checkpoints.c.size)):
            least = size if table is not checkpoints else size + 1
            query = select(column).where(table.c.ledger == self._ledger, (column >= least) | (column < 0))
            counts[table.name] = len(self._connection.execute(query.limit(BATCH)).all())
        return {name: count for name, count in counts.items() if count}

    def sealed_between(self, first: int, last: int) -> list[int]:
        """Indexes of sealed content in a range, both ends included."""
        query = select(sealed.c.idx).where(sealed.c.ledger == self._ledger, sealed.c.idx.between(first, last))
        return [int(value) for value in self._connection.scalars(query.order_by(sealed.c.idx))]

    def stored_tile(self, level: int, index: int) -> bytes | None:
        """A tile as it is stored; None where it is not."""
        row = _TILE.run(self._connection, ledger=self._ledger, level=level, idx=index).fetchone()
        return None if row is None else bytes(row[0])

    def count_tiles(self) -> int:
        """How many tiles are stored."""
        query = select(func.count()).select_from(tiles_table).where(tiles_table.c.ledger == self._ledger)
        return int(self._connection.scalar(query) or 0)

    def is_used(self, key_tag: bytes) -> bool:
        """Whether something is sealed with a data key."""
        for owner in (entries.c.client_tag, entries.c.matter_tag):
            query = select(entries.c.idx).join_from(entries, sealed, _SAME_ENTRY)
            query = query.where(
                entries.c.ledger == self._ledger, owner == key_tag, _OWNER.is_not_distinct_from(key_tag)
            ).limit(1)
            if self._connection.execute(query).first() is not None:
                return True
        return False

    def strays(self) -> list[str]:
        """Tables with rows of no ledger."""
        found = []
        for table in (entries, sealed, data_keys, tiles_table, stream_heads, map_branches, checkpoints):
            query = select(table.c.ledger).where(table.c.ledger.not_in(select(ledgers.c.id))).limit(1)
            if self._connection.execute(query).first() is not None:
                found.append(f"{table.name}, of no ledger")
        return found

    def missing_guards(self) -> list[str]:
        """The triggers that keep entries from being changed and are not there."""
        if self._connection.dialect.name == "postgresql":
            query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'entries'::regclass AND tgenabled = 'O'"
        else:
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
        there = {str(name) for (name,) in self._connection.exec_driver_sql(query)}
        return sorted(GUARDS[self._connection.dialect.name] - there)
