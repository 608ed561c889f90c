"""What is asked of all of a ledger, by verification and by changes of keys; in slices, so that memory stays flat."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from disclosure_ledger.log.streams import Branch

from . import queries
from .rows import BATCH, WholeRow
from .schema import GUARDS, checkpoints, data_keys, entries, ledgers, map_branches, sealed, stream_heads
from .schema import tiles as tiles_table


class Whole:
    """Every row of a ledger, in one consistent state."""

    def __init__(self, connection: Connection, ledger: int) -> None:
        self._connection = connection
        self._ledger = ledger

    def rows(self, start: int, stop: int) -> Iterator[WholeRow]:
        """Whole rows of `entries` from `start` up to `stop`, with what is sealed of each, in order of index.

        In slices of BATCH, so that memory stays flat.
        """
        while start < stop:
            until = min(start + BATCH, stop)
            found = queries.ROWS.run(self._connection, ledger=self._ledger, start=start, until=until)
            yield from map(WholeRow._make, found.fetchall())
            start = until

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """Every checkpoint that left the practice, ascending by size."""
        query = select(checkpoints.c.size, checkpoints.c.note).where(checkpoints.c.ledger == self._ledger)
        for row in self._connection.execute(query.order_by(checkpoints.c.size)):
            yield row.size, bytes(row.note)

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

    def count_tiles(self) -> int:
        """How many tiles are stored."""
        query = select(func.count()).select_from(tiles_table).where(tiles_table.c.ledger == self._ledger)
        return int(self._connection.scalar(query) or 0)

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

    def is_used(self, key_tag: bytes) -> bool:
        """Whether something is sealed with a data key."""
        for owner in (entries.c.client_tag, entries.c.matter_tag):
            query = select(entries.c.idx).join_from(entries, sealed, queries.SAME_ENTRY)
            query = query.where(
                entries.c.ledger == self._ledger, owner == key_tag, queries.OWNER.is_not_distinct_from(key_tag)
            ).limit(1)
            if self._connection.execute(query).first() is not None:
                return True
        return False

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

    def stream_heads(self) -> Iterator[tuple[bytes, int, bytes]]:
        """Every stream: tag, length, last leaf hash; ascending by tag."""
        query = select(stream_heads.c.tag, stream_heads.c.length, stream_heads.c.head)
        query = query.where(stream_heads.c.ledger == self._ledger).order_by(stream_heads.c.tag)
        for row in self._connection.execute(query.execution_options(yield_per=BATCH)):
            yield bytes(row.tag), row.length, bytes(row.head)
