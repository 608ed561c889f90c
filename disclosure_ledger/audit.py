"""Verifies a ledger at home: everything that its notes prove, and checks 11 and 12 over the database.

The notes are the truth. Every column, tile, stream head and checkpoint beside them is made again from them and
compared; with the keys at hand every sealed content is opened and held against its root, the fields of its kind, its
class of stream and its tags. One pass, in slices: memory stays flat but for one small record a stream.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from .columns import Columns
from .contents import Contents, OpenedContents
from .custody.keyfile import Secrets
from .errors import Malformed, NoLedger, NotFound
from .log import entry, merkle
from .log.checkpoint import Memory, Trust
from .log.entry import Entry
from .log.findings import Finding, Verdict
from .log.verifier import walk_log
from .settling import in_force
from .store import shape
from .store.engine import Damaged
from .store.read import BATCH, Head, Reading, WholeRow
from .store.sql import Store

MOST_MISSING = 100_000
"""Rows that are missed before the walk ends: a size that somebody wrote must not keep it looking for ever."""


def verify_ledger(
    place: str,
    origin: str,
    *,
    trust: Trust,
    secrets: Secrets | None = None,
    full: bool = False,
    threads: int | None = None,
    processes: int = 1,
    on_progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Say what holds of a ledger in a database, and what does not.

    place: a path or URL. secrets: opens the contents; without them they are looked for, and `full` then makes the
    verdict incomplete. threads: how many verify signatures; None: one a core. processes: with more than one, that many
    do it instead; the calling script then needs `if __name__ == "__main__"`. Raises NoLedger, UnknownVersion or
    StorageFailed where there is nothing to verify; what the bytes are never makes it raise.
    """
    with closing(Store.open(place)) as store:
        try:
            if misfits := shape.misfits(store):
                return Verdict(size=0, origin=origin, findings=tuple(_of_schema(misfits)))
            if origin not in store.origins():
                return _misplaced(store, origin, trust)
            with store.read(origin) as reading:
                verdict = _Audit(reading, secrets).run(trust, threads, processes, on_progress)
                verdict = verdict.plus(_of_schema(shape.doctored(reading)))
        except Damaged as error:
            return Verdict(size=0, origin=origin, findings=(_damaged(error),))
    if full and secrets is None:
        found = "no passphrase"
        verdict = verdict.plus([Finding(code="12.not-opened", where="trust", expected="the keys", found=found)])
    return verdict


def origins(place: str) -> tuple[str, ...]:
    """The ledgers that a database holds."""
    with closing(Store.open(place)) as store:
        return store.origins()


def _of_schema(misfits: Iterable[shape.Misfit]) -> list[Finding]:
    return [Finding(code="11.schema", where=one.where, expected=one.expected, found=one.found) for one in misfits]


def _damaged(error: Damaged) -> Finding:
    return Finding(code="11.schema", where="the database", expected="pages that can be read", found=error.message)


def _misplaced(store: Store, origin: str, trust: Trust) -> Verdict:
    """No ledger goes by this name. Is one there that was renamed, or one that is remembered from outside?"""
    for name in store.origins():
        with store.read(name) as reading:
            if _origin_of_genesis(reading) == origin:
                renamed = Finding(code="11.column", where="ledgers, origin", expected=origin, found=name[:120])
                return Verdict(size=reading.head().size, origin=origin, findings=(renamed,))
    remembered = max((item.size for item in trust.known if isinstance(item, Memory)), default=0)
    if not remembered:
        raise NoLedger(f"the database holds no ledger named {origin}")
    gone = Finding(
        code="8.larger", where="the state file", expected=f"at least {remembered} entries", found="no ledger"
    )
    return Verdict(size=0, origin=origin, findings=(gone,))


def _origin_of_genesis(reading: Reading) -> str | None:
    try:
        return entry.parse(reading.note(0)).header.origin
    except (Malformed, NotFound):
        return None


@dataclass
class _Audit:
    """One verification of one ledger under way."""

    reading: Reading
    secrets: Secrets | None
    columns: Columns = field(init=False)
    contents: Contents = field(init=False)
    _rows: deque[WholeRow | None] = field(default_factory=deque)
    """Rows whose notes were handed to the walk and have not come back as entries yet."""

    def __post_init__(self) -> None:
        self.columns = Columns(self.reading)
        secrets = in_force(self.secrets, self.reading) if self.secrets else None
        self.contents = OpenedContents(self.reading, secrets) if secrets else Contents(self.reading)

    def run(
        self, trust: Trust, threads: int | None, processes: int, on_progress: Callable[[int], None] | None
    ) -> Verdict:
        head = self.reading.head()
        given = dict(self.reading.checkpoints())

        def on_entry(index: int, note: bytes, parsed: Entry | None) -> None:
            self._beside(note, parsed)
            if on_progress is not None and index % 1000 == 0:
                on_progress(index)

        walk = walk_log(
            self._notes(head),
            head.checkpoint,
            trust=trust,
            handovers={size: given[size] for size in self._rotations() if size in given},
            mldsa=False,
            threads=threads,
            processes=processes,
            on_entry=on_entry,
            sizes=[head.size, *given],
        )
        self.columns.finish(head, walk.frontier, walk.streams)
        self.columns.checkpoints(given, walk)
        self.contents.finish(walk.erased)
        return walk.verdict.plus([*self.columns.findings, *self.contents.findings])

    def _rotations(self) -> list[int]:
        """The sizes at which log keys were handed over."""
        return [stored.idx + 1 for stored, _ in self.reading.of_kinds(("log_key_rotated",))]

    def _notes(self, head: Head) -> Iterator[bytes]:
        """The note of every entry; an empty one where a row is missing, so that the rest keep their places."""
        missing = 0
        for start in range(0, head.size, BATCH):
            until = min(start + BATCH, head.size)
            there = {row.idx: row for row in self.reading.rows(start, until)}
            for index in range(start, until):
                row = there.get(index)
                self._rows.append(row)
                yield row.note if row is not None else b""
            missing += until - start - len(there)
            if missing > MOST_MISSING:
                return

    def _beside(self, note: bytes, parsed: Entry | None) -> None:
        row = self._rows.popleft()
        leaf = parsed.leaf_hash if parsed else merkle.leaf_hash(note)
        self.columns.row(row, parsed, leaf)
        if row is not None and parsed is not None:
            self.contents.row(row, parsed)
