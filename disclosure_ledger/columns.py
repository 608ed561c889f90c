"""Check 11: what the database keeps beside the notes is what the notes make.

Index columns, tiles, stream heads, the head and the checkpoints that left the practice. Nothing here needs a key.
"""

from collections.abc import Iterator, Mapping

from .errors import DisclosureLedgerError
from .log import branches, checkpoint, merkle, tiles
from .log.branches import HIGH, LOW
from .log.entry import Entry, StreamLink
from .log.findings import Finding
from .log.streams import Branch, StreamEnd, StreamTree
from .log.streams import branch as stream_branch
from .log.verifier import Walk
from .store.read import Head, Reading, WholeRow
from .strict import MAX_INTEGER


def mark(value: object, place: int = 0) -> str:
    """A stored value for a finding, from some byte on: short, and never a client's data."""
    if value is None:
        return "nothing"
    if not isinstance(value, bytes):
        return f"{value}"[:40]
    return f"{'…' if place else ''}{value[place : place + 8].hex()} ({len(value)} bytes)"


def first_difference(one: object, other: object) -> int:
    """Where two byte strings begin to differ; 0 for anything else."""
    if not isinstance(one, bytes) or not isinstance(other, bytes):
        return 0
    pairs = zip(one, other, strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


class Columns:
    """Compares while the notes are walked; `finish` looks at what is there once for the whole ledger."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._edge = tiles.TileEdge()
        self._tiles = 0
        self._since_map: dict[bytes, StreamLink] = {}
        """For each stream that grew after the last stream map, its first link since: it says how the stream stood."""
        self._mapped = False
        self.findings: list[Finding] = []

    def _compare(self, code: str, where: str, expected: object, found: object) -> None:
        if expected != found:
            place = first_difference(expected, found)
            finding = Finding(code=code, where=where, expected=mark(expected, place), found=mark(found, place))
            self.findings.append(finding)

    def row(self, row: WholeRow | None, parsed: Entry | None, leaf: bytes) -> None:
        """Compare one row with its entry: no row where it is missing, no entry where the note is none."""
        if row is not None and (row.leaf_hash != leaf or (parsed is not None and _index_of(row) != _index_in(parsed))):
            self._differs(row, parsed, leaf)
        self._follow_map(parsed)
        for level, index, tile in self._edge.append(leaf):
            self._tile(level, index, tile)

    def _differs(self, row: WholeRow, parsed: Entry | None, leaf: bytes) -> None:
        """Say which column it is."""
        where = f"entry {row.idx}"
        self._compare("11.column", f"{where}, leaf_hash", leaf, row.leaf_hash)
        if parsed is not None:
            names = ("kind", "stream_tag", "stream_position")
            for name, expected, found in zip(names, _index_in(parsed), _index_of(row), strict=True):
                self._compare("11.column", f"{where}, {name}", expected, found)

    def _follow_map(self, parsed: Entry | None) -> None:
        if parsed is None:
            return
        if parsed.header.kind == "stream_map":
            self._since_map.clear()
            self._mapped = True
        elif parsed.header.stream is not None:
            self._since_map.setdefault(parsed.header.stream.tag, parsed.header.stream)

    def _tile(self, level: int, index: int, tile: bytes) -> None:
        self._tiles += 1
        self._compare("11.tile", tiles.path(level, index), tile, self._reading.stored_tile(level, index))

    def finish(self, head: Head, frontier: merkle.Frontier, streams: StreamTree) -> None:
        """Compare what there is once: the right edge, the head, the stream heads, and that nothing else is there."""
        for level, index, tile in self._edge.partial():
            if level > 0:  # level 0 is kept by the entries until a tile is complete
                self._tile(level, index, tile)
        self._compare("11.tile", "the number of tiles", self._tiles, self._reading.count_tiles())
        self._compare("11.head", "ledgers, frontier", frontier.encode(), head.frontier)
        self._streams(streams)
        self._branches(streams)
        for table, count in self._reading.beyond(min(head.size, MAX_INTEGER)).items():
            found = f"{count} rows that belong to no entry"
            self.findings.append(Finding(code="11.head", where=table, expected="no row", found=found))
        for problem in self._reading.strays():
            self.findings.append(Finding(code="11.schema", where=problem, expected="no row", found="rows"))
        for name in self._reading.missing_guards():
            found = "no such trigger"
            self.findings.append(Finding(code="11.schema", where=name, expected="the trigger", found=found))

    def _streams(self, streams: StreamTree) -> None:
        seen = 0
        for tag, length, head in self._reading.stream_heads():
            end = streams.get(tag)
            where = f"stream {tag.hex()[:16]}"
            seen += end is not None
            self._compare("11.stream", f"{where}, length", end and end.length, length)
            self._compare("11.stream", f"{where}, head", end and end.head, head)
        if seen != len(streams):
            found = f"{seen} of {len(streams)}"
            self.findings.append(Finding(code="11.stream", where="stream_heads", expected="every stream", found=found))

    def _branches(self, streams: StreamTree) -> None:
        """The stored parts of the last stream map are those of the streams as they stood then."""
        low: dict[int, Branch] = {}
        if self._mapped:
            places = branches.by_branch(self._as_mapped(streams), LOW)
            low = {place: stream_branch(ends, LOW) for place, ends in places.items()}
        for depth, expected in ((LOW, low), (HIGH, branches.raised(low))):
            stored = self._reading.all_branches(depth)
            for place in sorted(expected.keys() | stored.keys()):
                where = f"map_branches, depth {depth}, place {place}"
                wanted, found = expected.get(place, (None, None)), stored.get(place, (None, None))
                self._compare("11.stream", f"{where}, hash", wanted[0], found[0])
                self._compare("11.stream", f"{where}, streams", wanted[1], found[1])
        for depth in self._reading.other_depths((LOW, HIGH)):
            finding = Finding(code="11.stream", where=f"map_branches, depth {depth}", expected="no row", found="rows")
            self.findings.append(finding)

    def _as_mapped(self, streams: StreamTree) -> Iterator[StreamEnd]:
        for end in streams:
            link = self._since_map.get(end.tag)
            if link is None:
                yield end
            elif link.position and link.previous is not None:
                yield StreamEnd(tag=end.tag, length=link.position, head=link.previous)

    def checkpoints(self, given: Mapping[int, bytes], walk: Walk) -> None:
        """Compare every checkpoint that left the practice with the tree and the log keys of its size."""
        for size, note in given.items():
            where = f"checkpoints, size {size}"
            mark_there, keys = walk.marks.get(size), walk.keys_at(size)
            try:
                signed = checkpoint.parse(note)
                if keys is not None:
                    checkpoint.verify_ed25519(signed, keys.ed25519)
                    checkpoint.verify_mldsa(signed, keys.mldsa)
            except DisclosureLedgerError as error:
                finding = Finding(code="11.checkpoint", where=where, expected="a checkpoint", found=error.message)
                self.findings.append(finding)
                continue
            self._compare("11.checkpoint", where, size, signed.checkpoint.size)
            self._compare("11.checkpoint", where, mark_there and mark_there.root, signed.checkpoint.root)


def _index_of(row: WholeRow) -> tuple[object, object, object]:
    return row.kind, row.stream_tag, row.stream_position


def _index_in(parsed: Entry) -> tuple[object, object, object]:
    """The index columns as the entry makes them."""
    link = parsed.header.stream
    return (parsed.header.kind, None, None) if link is None else (parsed.header.kind, link.tag, link.position)
