"""Verifies an audit package: the layout, then everything that its entries prove (docs/format.md sections 11 and 12).

The checks that need the entries alone are `log.verifier`'s. What is added here, with the numbers of section 12:

4.  no entry is later than a timestamp that covers it, by more than clocks differ
7.  the files are those of the checkpoint's size and no other: bundles of entries, tiles that hash to the tree, the
    handover of each rotation, the log's keys in force
8.  something outside vouches for the ledger: a checkpoint that the caller knows, a witness, or a timestamp
10. timestamps verify, over the text that the checkpoint of their size has
12. openings match the root of the entry that they are shown for, and nothing is opened after its erasure

Nothing runs over the size that a checkpoint claims, but only over files that are there: a hostile one costs no more.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     verdict, walk = examine(Path(folder), trust=Trust())
>>> [finding.where for finding in verdict.findings if finding.code == "7.file"], walk is not None and walk.frontier.size
(['checkpoint'], 0)
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import note as notes
from disclosure_ledger.log import tiles, timestamp
from disclosure_ledger.log.checkpoint import Checkpoint, SignedCheckpoint, Trust
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.findings import Finding, Findings, Unwitnessed, Verdict
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.log.timestamp import Authority
from disclosure_ledger.log.verifier import Walk, walk_log
from disclosure_ledger.log.witnessing import check_time
from disclosure_ledger.strict import HASH_SIZE

from . import layout, openings
from .layout import CHECKPOINT, OPENINGS, VKEYS
from .reading import Files, opened

MOST_TILE: Final = tiles.TILE_WIDTH * HASH_SIZE
MOST_BUNDLE: Final = tiles.TILE_WIDTH * (2 + entries.NOTE_LIMIT)
MOST_VKEYS: Final = 10_000
"""Two keys take some two thousand bytes."""
MOST_OF_A_KIND: Final = 10_000
"""Handovers, or timestamps: a daily timestamp of 27 years."""
MOST_BYTES_OF_A_KIND: Final = 64_000_000
"""They are held until the entries have gone by: as many take some six kilobytes each."""


def verify(
    path: Path,
    *,
    trust: Trust,
    authorities: Sequence[Authority] = (),
    threads: int | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Say what the audit package at a path amounts to under the caller's trust.

    authorities: whose timestamps count. threads: how many verify signatures; None: one a core. on_progress: called with
    the number of entries read. Raises NotFound where nothing is there; what the bytes are never makes it raise.
    """
    return examine(path, trust=trust, authorities=authorities, threads=threads, on_progress=on_progress)[0]


def examine(
    path: Path,
    *,
    trust: Trust,
    authorities: Sequence[Authority] = (),
    threads: int | None = None,
    on_progress: Callable[[int], None] | None = None,
    on_entry: Callable[[int, bytes, Entry | None], None] | None = None,
    require_outside: bool = True,
    sizes: Iterable[int] = (),
) -> tuple[Verdict, Walk | None]:
    """The same, with what the walk established: for those who compare more with it.

    sizes: further sizes to keep a mark of. No walk comes back where the files cannot be read at all.
    """
    try:
        with opened(path) as files:
            examination = _Examination(files=files, trust=trust, authorities=authorities)
            examination.on_entry, examination.on_progress = on_entry, on_progress
            walk = examination.run(threads, sizes)
            return examination.verdict(walk, require_outside=require_outside), walk
    except Malformed as error:
        finding = Finding(code="7.file", where=path.name, expected="an audit package", found=error.message)
        return Verdict(size=0, findings=(finding,)), None


def checkpoint_of(path: Path) -> bytes:
    """The checkpoint's note in the package at a path, unverified. Raises Malformed where there is none."""
    with opened(path) as files:
        return files.read(CHECKPOINT, notes.MOST_BYTES)


@dataclass(kw_only=True)
class _Examination:
    """One audit package under verification."""

    files: Files
    trust: Trust
    authorities: Sequence[Authority]
    on_entry: Callable[[int, bytes, Entry | None], None] | None = None
    on_progress: Callable[[int], None] | None = None
    findings: Findings = field(default_factory=Findings)
    shown: SignedCheckpoint | None = None
    size: int = 0
    """How many entries there should be."""
    seen: set[str] = field(default_factory=set)
    """Files whose place in the layout is known."""
    edge: tiles.TileEdge = field(default_factory=tiles.TileEdge)
    opening: openings.Openings = field(init=False)
    stamped: frozenset[int] = frozenset()
    """The sizes that timestamps are of."""
    recorded: dict[int, dt.datetime] = field(default_factory=dict)
    """When the first entry that each timestamp does not cover was recorded."""

    def __post_init__(self) -> None:
        self.opening = openings.Openings(self.findings)

    def run(self, threads: int | None, sizes: Iterable[int]) -> Walk:
        """Read every file once, in an order that lets each be judged by those before it."""
        checkpoint = self._read(CHECKPOINT, notes.MOST_BYTES, "7.file") or b""
        try:
            self.shown = checkpoints.parse(checkpoint)
            self.size = self.shown.checkpoint.size
        except Malformed:  # the walk says so; its entries are judged all the same
            self.size = layout.size_of_bundles(self.files.names)
        self._read_openings()
        handovers, stamps = self._read_sized(layout.Kind.HANDOVER), self._read_sized(layout.Kind.TIMESTAMP)
        self.stamped = frozenset(stamps)
        walk = walk_log(
            self._notes(),
            checkpoint,
            trust=self.trust,
            handovers=handovers,
            threads=threads,
            on_entry=self._take,
            require_outside=False,
            sizes=[*sizes, *stamps],
        )
        self._check_tiles()
        self._check_vkeys(walk)
        self.opening.finish(walk.is_erased)
        covered = self._check_stamps(stamps, walk)
        self._check_files()
        return replace(walk, verdict=replace(walk.verdict, unwitnessed=self._unwitnessed(walk.verdict, covered)))

    def verdict(self, walk: Walk, *, require_outside: bool) -> Verdict:
        """The walk's verdict and what was found beside it."""
        found, span = walk.verdict, walk.verdict.unwitnessed
        covered = walk.verdict.size > 0 and (span is None or span.first > 0)
        contradicted = any(one.code in ("8.larger", "8.different") for one in found.findings)
        if require_outside and not covered and not contradicted:
            self.findings.add("8.no-outside", "trust", "a checkpoint known from outside, or a timestamp", "none")
        return replace(found.plus(self.findings.all()), notices=(*found.notices, *self.findings.left_out()))

    def _read(self, name: str, most: int, code: str) -> bytes | None:
        """A file's bytes; a finding and None where it cannot be read."""
        self.seen.add(name)
        try:
            return self.files.read(name, most)
        except Malformed as error:
            self.findings.add(code, name, "a file of this package", error.message)
            return None

    def _notes(self) -> Iterator[bytes]:
        """The notes of every bundle in order; stops with Malformed at one that is missing or damaged."""
        for index in range(-(-self.size // tiles.TILE_WIDTH)):
            width = tiles.width_of(0, index, self.size)
            name = tiles.bundle_path(index, width)
            self.seen.add(name)
            try:
                bundle = tiles.decode_bundle(self.files.read(name, MOST_BUNDLE))
            except Malformed as error:
                raise Malformed(f"{name}: {error.message}") from None
            if len(bundle) != width:
                self.findings.add("7.bundle", name, f"{width} entries", f"{len(bundle)} entries")
            yield from bundle
            if self.on_progress is not None:
                self.on_progress(index * tiles.TILE_WIDTH + len(bundle))

    def _take(self, index: int, raw: bytes, entry: Entry | None) -> None:
        """What is looked at beside the walk while an entry goes by."""
        if index < self.size:
            for level, number, tile in self.edge.append(entry.leaf_hash if entry else leaf_hash(raw)):
                self._check_tile(level, number, tile)
        if index in self.stamped and entry is not None:
            self.recorded[index] = entry.header.recorded_at
        self.opening.take(index, raw, entry)
        if self.on_entry is not None:
            self.on_entry(index, raw, entry)

    def _check_tiles(self) -> None:
        """Check 7 of the tiles that are not full."""
        for level, number, tile in self.edge.partial():
            self._check_tile(level, number, tile)

    def _check_tile(self, level: int, number: int, tile: bytes) -> None:
        name = tiles.path(level, number, len(tile) // HASH_SIZE)
        found = self._read(name, MOST_TILE, "7.tile")
        if found is not None and found != tile:
            self.findings.add("7.tile", name, "the hashes of the entries", "others")

    def _check_vkeys(self, walk: Walk) -> None:
        """Check 7 of the keys shown. Entries of a later version may have rotated them."""
        found = self._read(VKEYS, MOST_VKEYS, "7.vkeys")
        keys = walk.keys_at(self.size)
        if found is None or keys is None:
            return
        expected = "".join(f"{key.vkey()}\n" for key in keys.both()).encode()
        if found != expected:
            uncertain = any(one.code == "1.version" for one in walk.verdict.findings)
            code = "1.version" if uncertain else "7.vkeys"
            self.findings.add(code, VKEYS, "the two keys in force, one a line, Ed25519 first", "others")

    def _read_openings(self) -> None:
        if OPENINGS in self.files.names:
            data = self._read(OPENINGS, openings.MOST_BYTES, "12.openings")
            if data is not None:
                self.opening.read(data)

    def _read_sized(self, kind: layout.Kind) -> dict[int, bytes]:
        """The handovers or timestamps by their sizes."""
        found, held = dict[int, bytes](), 0
        for name in sorted(self.files.names):
            named = layout.sized(name)
            if named is None or named[0] is not kind:
                continue
            if len(found) == MOST_OF_A_KIND or held > MOST_BYTES_OF_A_KIND:
                break  # the rest is not seen, and so reported as files that belong to no package
            is_handover = kind is layout.Kind.HANDOVER
            most, code = (notes.MOST_BYTES, "7.file") if is_handover else (timestamp.MOST_BYTES, "10.timestamp")
            data = self._read(name, most, code)
            if data is not None:
                found[named[1]] = data
                held += len(data)
        return found

    def _check_stamps(self, stamps: dict[int, bytes], walk: Walk) -> int:
        """Checks 10 and 4; gives the largest size that a timestamp vouches for."""
        covered = 0
        for size, response in sorted(stamps.items()):
            where, mark = layout.path_of(layout.Kind.TIMESTAMP, size), walk.marks.get(size)
            if mark is None or self.shown is None or size > self.size:
                self.findings.add("10.timestamp", where, "a size that this ledger had", str(size))
                continue
            text = Checkpoint(origin=self.shown.checkpoint.origin, size=size, root=mark.root).text().encode()
            time = timestamp.check(where, response, text, self.authorities, self.findings)
            if time is not None:
                covered = size
                last = (size - 1, mark.latest) if mark.latest is not None else None
                check_time(where, time, last, self.findings)
        return covered

    def _unwitnessed(self, verdict: Verdict, covered: int) -> Unwitnessed | None:
        """What nothing outside vouches for, where a timestamp vouches for more than is known otherwise."""
        span = verdict.unwitnessed
        if span is None or covered <= span.first:
            return span
        since = self.recorded.get(covered)
        count = span.first + span.count - covered
        return (
            Unwitnessed(first=covered, count=count, since=since if since and since.tzinfo else None) if count else None
        )

    def _check_files(self) -> None:
        """Check 7: nothing else is there."""
        for name in sorted(self.files.names - self.seen):
            self.findings.add(layout.code_of(name), name, "no file of this name at this size", "one")
        for name in self.files.strange:
            self.findings.add("7.file", name, "a plain file that stands once", "something else")
