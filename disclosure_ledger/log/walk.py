"""Walks a ledger's entries in order and says what does not hold (docs/format.md section 12, checks 1 to 6).

What an entry may do depends on those before it: who may record, which log keys are in force, where each stream stands.
`Walker` keeps just that, one small record a stream and four bytes an entry, so a ledger of any length can be walked.
It reports every fault and goes on: an entry that cannot be read still has a leaf hash, and the next one is judged.

Checks carry the numbers of section 12:
1. the entry parses, is of this origin and has its index; the first is the genesis, and no other
2. `previous` is the leaf hash before it
3. its recorder was entitled at that index; the signature itself is left to `verify`, which may work in parallel
4. time does not run backwards
5. stream positions and links are whole; a `client` entry is its stream's first; disclosures and corrections follow it
6. every stream map is right
7. each rotation of the log keys is handed over by the keys before it (the checkpoint is the verifier's)
12. nothing is erased that holds nothing to erase, or too early

After an entry of an unknown version nothing is certain of recorders, streams and keys: what would be a fault of theirs
is then reported as `1.version`, which makes a verdict incomplete. Signatures and hashes are never excused so.

>>> findings = []
>>> walker = Walker(
...     origin="a", report=lambda index, finding: findings.append((index, finding.code)), verify=lambda *signed: None
... )
>>> walker.take(b"not an entry") is None, walker.size, findings
(True, 1, [(0, '1.parse'), (0, '1.genesis')])
"""

import datetime as dt
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from disclosure_ledger.errors import DisclosureLedgerError, Malformed, UnknownVersion
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.checkpoint import LogKeys
from disclosure_ledger.log.entitled import InForce, Recorders, UnsignedHandover, check_handover, keys_at, keys_up_to
from disclosure_ledger.log.entry import NO_PREVIOUS, Entry, Header
from disclosure_ledger.log.findings import Finding
from disclosure_ledger.log.kinds import STREAM_BEGINS, STREAM_FOLLOWS
from disclosure_ledger.log.merkle import EMPTY, Frontier, leaf_hash
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.log.streams import StreamEnd, StreamTree
from disclosure_ledger.strict import base64_of, hash_of, text_of_instant

YEARS_KEPT = 6
"""An entry is erased no sooner than six years after it was recorded (docs/format.md section 8)."""

_LEAVES_HELD = 256
_LONGEST_NAME = 255
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the ledger was at one size."""

    size: int
    root: bytes
    latest: dt.datetime | None
    """The latest `recorded_at` up to there."""
    last: dt.datetime | None
    """The last entry's `recorded_at`; None where it cannot be read."""


class Walker:
    """The state of a ledger up to some entry, and the judgement of the next."""

    def __init__(
        self,
        *,
        origin: str | None,
        report: Callable[[int, Finding], None],
        verify: Callable[[int, Entry, VerifierKey], None],
        handovers: Mapping[int, bytes] | None = None,
        mldsa: bool = True,
        sizes: Collection[int] = (),
    ) -> None:
        """`report` takes each fault with the entry's index, `verify` each signature that remains to be verified.

        `handovers` are notes by size; `mldsa` says whether each needs both lines. At each of `sizes` a mark is kept.
        """
        self.origin, self.size = origin, 0
        self.recorders, self.streams = Recorders(), StreamTree()
        self.log_keys: list[InForce] = []
        self.marks: dict[int, Mark] = {}
        self.recorded: dict[int, dt.datetime] = {}
        self.erased: list[tuple[int, int]] = []
        self.handed_over: set[int] = set()
        self._report, self._verify = report, verify
        self._handovers, self._mldsa, self._sizes = handovers or {}, mldsa, frozenset(sizes)
        self._frontier, self._leaves = EMPTY, list[bytes]()
        self._previous, self._latest, self._uncertain = NO_PREVIOUS, _NEVER, False
        self._accounting = set[bytes]()
        self._days, self._public = array("i"), array("Q")
        self._mark(None)

    @property
    def frontier(self) -> Frontier:
        """The tree over all entries taken."""
        self._plant()
        return self._frontier

    @property
    def uncertain(self) -> bool:
        """Whether an entry of an unknown version came by."""
        return self._uncertain

    def keys_at(self, size: int) -> LogKeys | None:
        """The log keys in force at a size; None before the genesis."""
        return keys_at(self.log_keys, size)

    def keys_up_to(self, size: int) -> tuple[VerifierKey, ...]:
        """The log keys in force at a size, and all before them."""
        return keys_up_to(self.log_keys, size)

    def take(self, raw: bytes) -> Entry | None:
        """Judge the next entry and take it as it is; gives it where it can be read."""
        entry = self._read(raw)
        leaf = entry.leaf_hash if entry else leaf_hash(raw)
        if entry:
            self._judge(entry)
        elif self.size == 0 and not self._uncertain:
            self._fault("1.genesis")
        self._days.append(self._latest.toordinal())
        self._leaves.append(leaf)
        self._previous, self.size = leaf, self.size + 1
        if entry and entry.header.kind == "log_key_rotated":
            self._rotate(entry.header)
        if self.size in self._sizes:
            self._mark(entry)
        elif len(self._leaves) >= _LEAVES_HELD:
            self._plant()
        return entry

    def _read(self, raw: bytes) -> Entry | None:
        """Check 1, as far as an entry alone shows it."""
        try:
            return entries.parse(raw)
        except UnknownVersion as error:
            self._uncertain = True
            self._fault("1.version", found=error.message)
        except Malformed as error:
            self._fault("1.parse", found=error.message)
        return None

    def _judge(self, entry: Entry) -> None:
        header = entry.header
        self._check_place(header)
        self._check_time(header)
        if header.kind == "genesis" and self.size == 0:
            self._begin(header)
        self._check_recorder(entry)
        if header.stream is not None:
            self._check_stream(entry, header.stream)
        elif header.public is not None:
            self._public.append(self.size)
            self._follow(header)

    def _check_place(self, header: Header) -> None:
        """Checks 1 and 2."""
        if header.origin != self.origin:
            if self.origin is None:
                self.origin = header.origin
            else:
                self._fault("1.origin", self.origin, header.origin)
        if header.index != self.size:
            self._fault("1.index", str(self.size), str(header.index))
        if (header.kind == "genesis") != (self.size == 0):
            self._fault("1.genesis", found=f"{header.kind} as entry {self.size}")
        if header.previous != self._previous:
            self._fault("2.previous", base64_of(self._previous), base64_of(header.previous))

    def _check_time(self, header: Header) -> None:
        """Check 4."""
        if header.recorded_at < self._latest:
            self._fault("4.backwards", text_of_instant(self._latest), text_of_instant(header.recorded_at))
        else:
            self._latest = header.recorded_at
        if self.size in self._sizes:
            self.recorded[self.size] = header.recorded_at

    def _check_recorder(self, entry: Entry) -> None:
        """Check 3: who signed was entitled by an entry before, and not revoked by one."""
        line = entry.signature
        key = self.recorders.entitled.get((line.name, line.key_id))
        if key is None:
            self._fault(self._doubt("3.recorder"), "an entitled recorder", f"{_shown(line.name)}+{line.key_id.hex()}")
        else:
            self._verify(self.size, entry, key)

    def _check_stream(self, entry: Entry, link: entries.StreamLink) -> None:
        """Check 5. After a fault the stream goes on from where the entry says it is: one fault is one finding."""
        before, kind = self.streams.get(link.tag), entry.header.kind
        position, head = (before.length, before.head) if before else (0, None)
        if link.position != position:
            self._fault(self._doubt("5.position"), str(position), str(link.position))
        elif link.previous != head:
            self._fault(self._doubt("5.previous"), base64_of(head or b""), base64_of(link.previous or b""))
        if kind == STREAM_BEGINS:
            if before or link.position:
                self._fault(self._doubt("5.client"), "a client record first in its stream", f"position {link.position}")
            else:
                self._accounting.add(link.tag)
        elif link.tag in self._accounting and kind not in STREAM_FOLLOWS:
            self._fault("5.kind", "disclosure or correction", kind)
        self.streams.put(StreamEnd(tag=link.tag, length=link.position + 1, head=entry.leaf_hash))

    def _follow(self, header: Header) -> None:
        """What a public entry does to those after it."""
        if header.kind == "stream_map":
            self._check_map(header)
        elif header.kind == "erasure":
            self._check_erasure(header)
        elif header.kind == "recorder_added":
            self._entitle(entries.recorder_of(header))
        elif header.kind == "recorder_revoked" and not self.recorders.revoke(key := entries.recorder_of(header)):
            self._fault(self._doubt("3.revocation"), "an entitled recorder", key.name)

    def _begin(self, header: Header) -> None:
        self.log_keys.append(InForce(after=0, keys=entries.log_keys_of(header)))
        self._entitle(entries.recorder_of(header))

    def _entitle(self, key: VerifierKey) -> None:
        """Check 3: no name or key is added twice, and none stands in two roles."""
        is_log_key = any(key.public == log.public for item in self.log_keys for log in item.keys.both())
        if not self.recorders.add(key) or is_log_key:
            self._fault("3.key-again", "a name and a key that never stood before", key.name)

    def _check_map(self, header: Header) -> None:
        """Check 6. That the size is the entry's index, check 1 has seen."""
        public = header.public or {}
        if public["streams"] != len(self.streams):
            self._fault(self._doubt("6.streams"), str(len(self.streams)), str(public["streams"]))
        if hash_of(public["root"]) != (root := self.streams.root()):
            self._fault(self._doubt("6.root"), base64_of(root), public["root"])

    def _check_erasure(self, header: Header) -> None:
        """Check 12, as far as it shows without contents: what is erased was sealed, and six years old."""
        for first, last in entries.erased_by(header):
            if last >= self.size:
                continue  # its index is wrong, and check 1 said so
            self.erased.append((first, last))
            public = self._public[bisect_left(self._public, first)]  # the erasure itself, where there is none before
            if public <= last:
                self._fault("12.not-erasable", "sealed entries", f"entry {public}")
            if header.recorded_at.date() < (day := _kept_until(self._days[last])):
                self._fault("12.too-early", f"entry {last} erased from {day} on", str(header.recorded_at.date()))

    def _rotate(self, header: Header) -> None:
        """Check 7: the checkpoint that ends with a rotation is signed by the keys before it, or they stay in force."""
        new, expected = entries.log_keys_of(header), f"a checkpoint of size {self.size} signed by the keys before"
        self.handed_over.add(self.size)
        if any(self.recorders.ever(key.public) for key in new.both()):
            self._fault("7.key-again", "a key that never was a recorder's", header.kind, back=1)
        try:
            check_handover(
                self._handovers.get(self.size),
                self.keys_at(self.size),
                origin=self.origin,
                size=self.size,
                root=self.frontier.root(),
                mldsa=self._mldsa,
            )
        except UnsignedHandover as error:
            self._fault(self._doubt("7.handover"), expected, error.message, back=1)
        except DisclosureLedgerError as error:
            self._fault("7.handover", expected, error.message, back=1)
        else:
            self.log_keys.append(InForce(after=self.size, keys=new))

    def _plant(self) -> None:
        """Put the leaves that wait into the tree: many at once cost less."""
        self._frontier = self._frontier.extend(self._leaves)
        self._leaves.clear()

    def _mark(self, entry: Entry | None) -> None:
        if self.size in self._sizes:
            latest = self._latest if self._latest > _NEVER else None
            last = entry.header.recorded_at if entry else None
            self.marks[self.size] = Mark(size=self.size, root=self.frontier.root(), latest=latest, last=last)

    def _doubt(self, code: str) -> str:
        """The code of a fault that an entry of an unknown version may explain."""
        return "1.version" if self._uncertain else code

    def _fault(self, code: str, expected: str = "", found: str = "", *, back: int = 0) -> None:
        """Report a fault of the entry at hand; `back` 1 once it is taken."""
        index = self.size - back
        self._report(index, Finding(code=code, where=f"entry {index}", expected=expected, found=found))


def _shown(name: str) -> str:
    """A name from a signature line as a finding may show it: whoever made the note chose it."""
    return name if len(name) <= _LONGEST_NAME and name.isascii() and name.isprintable() else "a name that no key has"


def _kept_until(ordinal: int) -> dt.date:
    """The first day on which what was recorded on a day may be erased; 29 February counts as 1 March."""
    day = dt.date.fromordinal(ordinal)
    year = min(day.year + YEARS_KEPT, dt.MAXYEAR)
    if (day.month, day.day) == (2, 29):
        return dt.date(year, 3, 1)
    return day.replace(year=year)
