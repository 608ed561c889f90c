"""What a ledger in a database holds, in one consistent state: raw bytes and numbers, nothing interpreted.

Every query is bounded by what is asked: a proof reads O(log n) rows, one client's entries are found by an index, and
a walk over everything goes in slices.
"""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from disclosure_ledger.errors import NotFound
from disclosure_ledger.log import tiles as tlog
from disclosure_ledger.log.merkle import NodeReader
from disclosure_ledger.log.streams import Branch, StreamEnd

from . import queries
from .ahead import NO_RELEASE, Ahead
from .prepared import Prepared
from .rows import BATCH, EntryRow, Head, Standing, Stored, WholeRow
from .schema import entries
from .whole import Whole

__all__ = ["BATCH", "EntryRow", "Head", "Reading", "Stored", "WholeRow"]


def _as_stored(row: Row[Any]) -> Stored:
    return _plainly_stored(row.idx, row.kind, row.note, row.content)


def _plainly_stored(idx: int, kind: str, note: bytes, content: bytes | None) -> Stored:
    return Stored(idx=idx, kind=kind, note=bytes(note), content=None if content is None else bytes(content))


class Reading(Whole):
    """What a ledger holds, in one consistent state. Every answer is raw bytes and numbers."""

    def __init__(self, connection: Connection, ledger: int) -> None:
        super().__init__(connection, ledger)
        self._standing: Standing | None = None
        self._ahead = Ahead()

    def standing(self) -> Standing:
        """Where the ledger stood when this state of it was first looked at."""
        if self._standing is None:
            size, frontier, note, last, *marks = queries.HEAD.run(self._connection, ledger=self._ledger).fetchone()
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
        row = queries.NOTE.run(self._connection, ledger=self._ledger, idx=index).fetchone()
        if row is None:
            raise NotFound(f"the ledger has no entry {index}")
        return bytes(row[0])

    def stored(self, index: int) -> Stored:
        """An entry with its sealed content. Raises NotFound."""
        for one in self._stored(queries.WITH_CONTENT.where(entries.c.ledger == self._ledger, entries.c.idx == index)):
            return one
        raise NotFound(f"the ledger has no entry {index}")

    def notes(self, start: int, stop: int) -> Iterator[bytes]:
        """The notes from `start` up to `stop`, in order. A gap ends them early."""
        while start < stop:
            until = min(start + BATCH, stop)
            for (note,) in queries.NOTES.run(
                self._connection, ledger=self._ledger, start=start, until=until
            ).fetchall():
                yield bytes(note)
            start = until

    def leaf_hashes(self, start: int, stop: int) -> list[bytes]:
        """The leaf hashes from `start` up to `stop`, as the index column has them."""
        rows = queries.LEAF_HASHES.run(self._connection, ledger=self._ledger, start=start, until=stop).fetchall()
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
        row = queries.STREAM_HEAD.run(self._connection, ledger=self._ledger, tag=tag).fetchone()
        return (row[0], bytes(row[1])) if row else None

    def stream_ends(self, first: bytes, after: bytes | None) -> Iterator[StreamEnd]:
        """The streams whose tags lie from `first` up to `after`; None: up to the last."""
        query, more = (queries.ENDS_FROM, {}) if after is None else (queries.ENDS_BETWEEN, {"after": after})
        rows = query.run(self._connection, ledger=self._ledger, first=first, **more)
        while some := rows.fetchmany(BATCH):
            yield from map(StreamEnd._make, some)

    def branches(self, depth: int, first: int, last: int) -> dict[int, Branch]:
        """The parts of the last stream map at a depth, from place `first` to `last`, both included."""
        rows = queries.BRANCHES.run(
            self._connection, ledger=self._ledger, depth=depth, first=first, last=last
        ).fetchall()
        return {place: (bytes(hashed), count) for place, hashed, count in rows}

    def last_of_kind(self, kind: str) -> int | None:
        """The index of the last entry of a kind (not of `disclosure`)."""
        (found,) = queries.LAST_OF_KIND.run(self._connection, ledger=self._ledger, kind=kind).fetchone()
        return None if found is None else int(found)

    def of_client(self, client_tag: bytes) -> Iterator[Stored]:
        """One client's entries with what is sealed of them, in order."""
        return self._of_client(queries.OF_CLIENT, client_tag)

    def of_client_but_releases(self, client_tag: bytes) -> Iterator[Stored]:
        """One client's entries but disclosures, in order: few, however many releases there are."""
        asked = self._ahead.facts.get(client_tag)
        if asked is not None:
            return (_plainly_stored(*row) for row in asked)
        return self._of_client(queries.OF_CLIENT_BUT_RELEASES, client_tag)

    def _of_client(self, query: Prepared, client_tag: bytes) -> Iterator[Stored]:
        rows = query.run(self._connection, ledger=self._ledger, tag=client_tag).fetchall()
        return (_plainly_stored(*row) for row in sorted(rows, key=itemgetter(0)))

    def of_matter(self, matter_tag: bytes) -> Iterator[tuple[Stored, bytes | None]]:
        """The entries of one matter or research protocol, in order, each with its owner's tag."""
        return self._owned(queries.OWNED.where(entries.c.ledger == self._ledger, entries.c.matter_tag == matter_tag))

    def of_kinds(self, kinds: Sequence[str]) -> Iterator[tuple[Stored, bytes | None]]:
        """The entries of some kinds, in order, each with its owner's tag. `disclosure` is in no index: use a range."""
        return self._owned(queries.OWNED.where(entries.c.ledger == self._ledger, NO_RELEASE, entries.c.kind.in_(kinds)))

    def clients_of(self, kind: str) -> list[bytes]:
        """The tags of the clients whom entries of a kind (not `disclosure`) are about, ascending."""
        query = select(entries.c.client_tag).where(entries.c.ledger == self._ledger, NO_RELEASE, entries.c.kind == kind)
        query = query.where(entries.c.client_tag.is_not(None)).distinct()
        return sorted(bytes(tag) for tag in self._connection.scalars(query))

    def owner_of(self, index: int) -> bytes | None:
        """Whose data key seals an entry: the client's tag, or the protocol's; None for a public entry."""
        query = select(queries.OWNER).where(entries.c.ledger == self._ledger, entries.c.idx == index)
        found = self._connection.scalar(query)
        return None if found is None else bytes(found)

    def of_ref(self, ref_tag: bytes) -> int | None:
        """The index of the entry with a source system's id."""
        row = queries.OF_REF.run(self._connection, ledger=self._ledger, tag=ref_tag).fetchone()
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
        row = queries.DATA_KEY.run(self._connection, ledger=self._ledger, tag=key_tag).fetchone()
        return None if row is None else bytes(row[0])

    def checkpoint_at(self, size: int) -> bytes | None:
        """The checkpoint of a size that left the practice."""
        row = queries.CHECKPOINT.run(self._connection, ledger=self._ledger, size=size).fetchone()
        return None if row is None else bytes(row[0])

    def stored_tile(self, level: int, index: int) -> bytes | None:
        """A tile as it is stored; None where it is not."""
        row = queries.TILE.run(self._connection, ledger=self._ledger, level=level, idx=index).fetchone()
        return None if row is None else bytes(row[0])
