"""What a writer adds to a ledger within its transaction: rows, tiles of the tree's right edge, and the new head.

Nothing here updates or deletes an entry. The head moves by compare-and-swap: a writer that built on another size
than the one that stands adds nothing.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from disclosure_ledger.errors import StorageFailed
from disclosure_ledger.log import merkle
from disclosure_ledger.log.streams import Branch
from disclosure_ledger.log.tiles import TILE_WIDTH

from .prepared import Prepared, pipelined
from .queries import NOTES
from .read import Reading
from .rows import BATCH, EntryRow, Head
from .schema import checkpoints, data_keys, entries, ledgers, map_branches, sealed, stream_heads
from .schema import tiles as tiles_table

_COLUMNS = tuple(column.name for column in entries.columns if column.name != "ledger")
_ROW, _VALUES = ("ledger", *_COLUMNS), attrgetter(*_COLUMNS)
_ADD_ENTRY = Prepared(insert(entries), ("ledger", *_COLUMNS))
_ADD_CONTENT = Prepared(insert(sealed), ("ledger", "idx", "content"))
_ADD_DATA_KEY = Prepared(insert(data_keys), ("ledger", "key_tag", "wrapped"))
_ADD_CHECKPOINT = Prepared(insert(checkpoints), ("ledger", "size", "note"))
_MOVE = Prepared(
    update(ledgers)
    .where(ledgers.c.id == bindparam("key"), ledgers.c.size == bindparam("old"))
    .values(size=bindparam("new"), frontier=bindparam("edge"), checkpoint=bindparam("note"))
)


def _put(table: Table) -> dict[str, Prepared]:
    """By dialect: insert, or replace the values of a row whose key is there."""
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    made = {}
    for dialect in (sqlite, postgresql):
        statement = dialect.insert(table)
        values = {name: statement.excluded[name] for name in names if name not in keys}
        made[dialect.__name__.rsplit(".", 1)[-1]] = Prepared(
            statement.on_conflict_do_update(index_elements=keys, set_=values), names
        )
    return made


_PUT_STREAM_HEAD = _put(stream_heads)
_PUT_TILE = _put(tiles_table)
_PUT_BRANCH = _put(map_branches)


class Writing(Reading):
    """A transaction that holds the ledger's lock."""

    def __init__(self, connection: Connection, ledger: int) -> None:
        super().__init__(connection, ledger)
        self._checks: list[Callable[[], None]] | None = None

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Send what is written within as one message where the database takes one; what it answers is checked last."""
        checks: list[Callable[[], None]] = []
        with pipelined(self._connection) as is_one:
            self._checks = checks if is_one else None
            yield
        self._checks = None
        for check in checks:
            check()

    def _check(self, check: Callable[[], None]) -> None:
        """Look at an answer: now, or when all that is sent together has been answered."""
        if self._checks is None:
            check()
        else:
            self._checks.append(check)

    def add_entries(self, rows: Sequence[EntryRow]) -> None:
        """Insert entries, and read each back: a flipped bit that is signed over can never be repaired."""
        self._ahead.facts.clear()
        _ADD_ENTRY.run_many(
            self._connection,
            [dict(zip(_ROW, (self._ledger, *_VALUES(row)), strict=True)) for row in rows],
        )
        first, after = rows[0].idx, rows[-1].idx + 1
        answers = [
            NOTES.run(self._connection, ledger=self._ledger, start=start, until=min(start + BATCH, after))
            for start in range(first, after, BATCH)
        ]
        self._check(lambda: _expect_kept(rows, answers))

    def add_contents(self, contents: Sequence[tuple[int, bytes]]) -> None:
        """Insert sealed contents by index."""
        if contents:
            self._ahead.facts.clear()
            rows = [{"ledger": self._ledger, "idx": index, "content": content} for index, content in contents]
            _ADD_CONTENT.run_many(self._connection, rows)

    def add_data_key(self, key_tag: bytes, wrapped: bytes) -> None:
        """Insert a wrapped data key."""
        self._ahead.keys.pop(key_tag, None)
        _ADD_DATA_KEY.run(self._connection, ledger=self._ledger, key_tag=key_tag, wrapped=wrapped)

    def put_stream_heads(self, heads: Iterable[tuple[bytes, int, bytes]]) -> None:
        """Set length and last leaf hash of streams."""
        moved = list(heads)
        rows = [{"ledger": self._ledger, "tag": tag, "length": length, "head": head} for tag, length, head in moved]
        if rows:
            self._ahead.forget(streams=[tag for tag, _, _ in moved])
            self._put(_PUT_STREAM_HEAD, rows)

    def put_branches(self, depth: int, branches: Mapping[int, Branch]) -> None:
        """Set parts of the stream map at a depth."""
        rows = [
            {"ledger": self._ledger, "depth": depth, "place": place, "hash": hashed, "streams": count}
            for place, (hashed, count) in branches.items()
        ]
        if rows:
            self._put(_PUT_BRANCH, rows)

    def drop_contents(self, indexes: Sequence[int]) -> None:
        """Destroy sealed contents: an erasure entry of the same transaction lists them."""
        self._ahead.forget()
        for place in range(0, len(indexes), BATCH):
            some = indexes[place : place + BATCH]
            self._connection.execute(delete(sealed).where(sealed.c.ledger == self._ledger, sealed.c.idx.in_(some)))

    def drop_unused_keys(self) -> None:
        """Destroy the data keys that seal nothing any more."""
        self._ahead.forget()
        unused = [key_tag for key_tag, _ in self.data_keys() if not self.is_used(key_tag)]
        for key_tag in unused:
            mine = (data_keys.c.ledger == self._ledger, data_keys.c.key_tag == key_tag)
            self._connection.execute(delete(data_keys).where(*mine))

    def rewrap(self, wrap: Callable[[bytes, bytes], bytes]) -> None:
        """Replace every wrapped data key by what `wrap(key_tag, wrapped)` makes of it."""
        self._ahead.forget()
        for key_tag, wrapped in list(self.data_keys()):
            mine = (data_keys.c.ledger == self._ledger, data_keys.c.key_tag == key_tag)
            self._connection.execute(update(data_keys).where(*mine).values(wrapped=wrap(key_tag, wrapped)))

    def add_leaves(self, size: int, leaf_hashes: Sequence[bytes]) -> None:
        """Extend the tiles of a tree of that size by leaves: complete tiles of level 0, all tiles above."""
        rows: list[dict[str, object]] = []
        level, start, hashes = 0, size, list(leaf_hashes)
        while hashes:
            start, hashes = self._extend_level(level, start, hashes, rows)
            level += 1
        if rows:
            self._put(_PUT_TILE, rows)

    def _extend_level(
        self, level: int, start: int, hashes: list[bytes], rows: list[dict[str, object]]
    ) -> tuple[int, list[bytes]]:
        """Add `hashes` from place `start` on at one level; return what that adds to the level above."""
        first = start // TILE_WIDTH
        complete_before = start // TILE_WIDTH
        if start % TILE_WIDTH:
            if level == 0 and start % TILE_WIDTH + len(hashes) < TILE_WIDTH:
                return complete_before, []  # level 0 is kept by the entries until a tile is complete
            kept = self._edge(level, first, start % TILE_WIDTH)
            hashes = kept + hashes
        above = []
        for offset in range(0, len(hashes), TILE_WIDTH):
            tile = hashes[offset : offset + TILE_WIDTH]
            if len(tile) == TILE_WIDTH:
                above.append(merkle.root(tile))
            elif level == 0:
                continue
            index = first + offset // TILE_WIDTH
            rows.append({"ledger": self._ledger, "level": level, "idx": index, "hashes": b"".join(tile)})
        return complete_before, above

    def _edge(self, level: int, index: int, width: int) -> list[bytes]:
        """The hashes of the right edge's tile before this transaction's leaves."""
        if level == 0:
            return self.leaf_hashes(index * TILE_WIDTH, index * TILE_WIDTH + width)
        data = self.tile(level, index)
        return [data[place : place + 32] for place in range(0, len(data), 32)]

    def _put(self, statements: dict[str, Prepared], rows: list[dict[str, object]]) -> None:
        statements[self._connection.dialect.name].run_many(self._connection, rows)

    def add_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a checkpoint that leaves the practice."""
        _ADD_CHECKPOINT.run(self._connection, ledger=self._ledger, size=size, note=note)

    def move_head(self, old: int, new: Head) -> None:
        """Compare-and-swap: the head is the new one if it stood at size `old`, else nothing is kept."""
        moved = _MOVE.run(
            self._connection,
            key=self._ledger,
            old=old,
            new=new.size,
            edge=new.frontier,
            note=new.checkpoint,
        )
        self._standing = None
        self._check(lambda: _expect_moved(moved, old))


def _expect_kept(rows: Sequence[EntryRow], answers: Iterable[Any]) -> None:
    kept = (bytes(note) for answer in answers for (note,) in answer.fetchall())
    for row, note in zip(rows, kept, strict=True):
        if merkle.leaf_hash(note) != row.leaf_hash:
            raise StorageFailed(f"entry {row.idx} came back from the database otherwise than it was written")


def _expect_moved(moved: Any, old: int) -> None:
    if moved.rowcount != 1:
        raise StorageFailed(f"the head is no longer at size {old}: another writer moved it")
