"""The client's stream: proved by the map, whole, in order; and what was erased of it (section 12, check 13 a and b).

The map is the checkpoint's last entry, so that nothing comes after it. It names the stream's length and last entry;
every entry names the one before it. So an entry that is left out, at the end or anywhere, is seen.

>>> from disclosure_ledger.log.checkpoint import Checkpoint
>>> from disclosure_ledger.log.findings import Findings
>>> from disclosure_ledger.log.streams import StreamEnd
>>> proofs = Proofs(named=Checkpoint(origin="a", size=1, root=bytes(32)), findings=Findings())
>>> chain = Chain(history=History(proofs=proofs), tag=bytes(32), end=StreamEnd(tag=bytes(32), length=1, head=bytes(32)))
>>> chain.check_links((), ())
>>> [(one.code, one.expected, one.found) for one in proofs.findings.all()]
[('13.stream', 'at least its first entry', 'none'), ('13.stream', '1 entries', '0 entries')]
"""

from collections.abc import Sequence
from dataclasses import dataclass

from disclosure_ledger.errors import DisclosureLedgerError, Malformed
from disclosure_ledger.hipaa.deadlines import retained_through
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import streams
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.kinds import STREAM_BEGINS, STREAM_FOLLOWS
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.log.streams import MapProof, StreamEnd
from disclosure_ledger.strict import base64_of, hash_of

from .form import MapShown, Opened, Shown
from .history import History
from .opening import Item, days_of, item_of
from .proving import Proofs


@dataclass(kw_only=True)
class Chain:
    """One client's accounting stream, as its evidence shows it."""

    history: History
    tag: bytes
    end: StreamEnd
    """Its end, as the evidence says the map has it."""

    @property
    def proofs(self) -> Proofs:
        """The entries shown."""
        return self.history.proofs

    def read(self, where: str, shown: Shown) -> Entry | None:
        """An entry, found in the tree and signed by who was entitled; None where it cannot be read."""
        entry = self.proofs.read(where, shown)
        if entry is not None:
            self.history.check_signature(entry)
        return entry

    def check_map(self, shown: MapShown) -> Entry | None:
        """13 a: the map is the checkpoint's last entry and holds the stream's end. Gives the map where it is one."""
        entry = self.read("stream_map", shown)
        if entry is None:
            if self.proofs.unknown.get("stream_map") != self.proofs.named.size - 1:
                expected = "a stream map as the checkpoint's last entry"
                self.proofs.findings.add("13.stream-map", "stream_map", expected, "what cannot be read as one")
            return None
        header = entry.header
        if header.kind != "stream_map" or header.public is None or header.index != self.proofs.named.size - 1:
            self.proofs.fault(entry, "13.stream-map", "a stream map as the checkpoint's last entry", header.kind)
            return None
        try:
            found = streams.check_proof(
                self.tag, MapProof(siblings=shown.siblings, end=self.end), hash_of(header.public["root"])
            )
        except DisclosureLedgerError as error:
            self.proofs.fault(entry, "13.stream-map", "a proof that leads to the map's root", error.message)
        else:
            if found is None:
                self.proofs.fault(entry, "13.stream-map", "the stream's own leaf", "another's")
        return entry

    def check_links(self, shown: Sequence[Opened], read: Sequence[Entry | None]) -> None:
        """13 b: positions and links are whole, the kinds are an accounting stream's, and the map's end is reached."""
        if not shown:
            self._fault_of_the_whole("at least its first entry", "none")
        for position, entry in enumerate(read):
            if entry is not None:
                before = leaf_hash(shown[position - 1].note) if position else None
                self._check_link(entry, position, before)
        if len(shown) != self.end.length:
            self._fault_of_the_whole(f"{self.end.length} entries", f"{len(shown)} entries")
        elif shown and leaf_hash(shown[-1].note) != self.end.head:
            self._fault_of_the_whole(base64_of(self.end.head), base64_of(leaf_hash(shown[-1].note)))

    def open(self, entry: Entry, shown: Opened, period: Span | None) -> Item | None:
        """13 a: what is opened of an entry, as it commits to it; None where it was erased, or does not open."""
        if shown.erasure is not None:
            self._check_erasure(entry, shown.erasure, period)
            return None
        try:
            item = item_of(entry, shown.content)
        except Malformed as error:
            self.proofs.fault(entry, "13.opened", "an opening of this entry", error.message)
            return None
        self._check_day(entry, item)
        return item

    def began_before_erasure(self, shown: Sequence[Opened]) -> bool:
        """Whether the stream's first entry was erased: then all of the stream that there was, or it is a fault."""
        if not shown or shown[0].erasure is None:
            return False
        try:
            first, erasure = (entries.parse(note) for note in (shown[0].note, shown[0].erasure.note))
        except Malformed:
            return False
        standing = {leaf_hash(one.note) for one in shown if one.erasure is None}
        for index, entry in self.proofs.proved.items():
            if index < erasure.header.index and entry.leaf_hash in standing:
                self.proofs.fault(entry, "13.erasure", "erased with the stream's first entry", "not erased")
        return first.header.kind == STREAM_BEGINS

    def _check_day(self, entry: Entry, item: Item) -> None:
        """13: nothing is recorded before it happened. Where it was recorded the day may be one ahead of UTC's."""
        try:
            when = days_of(item)
        except Malformed:
            return  # whoever judges what is open says so
        recorded_on = entry.header.recorded_at.date()
        if when is not None and when.to.toordinal() > recorded_on.toordinal() + 1:
            expected = f"at most a day after {recorded_on}, when it was recorded"
            self.proofs.fault(entry, "13.day", expected, "a later day")

    def _check_link(self, entry: Entry, position: int, before: bytes | None) -> None:
        link, kind = entry.header.stream, entry.header.kind
        kinds = STREAM_FOLLOWS if position else {STREAM_BEGINS}
        if kind not in kinds:
            self.proofs.fault(entry, "13.stream", " or ".join(sorted(kinds)), kind)
        if link is None or link.tag != self.tag:
            self.proofs.fault(entry, "13.stream", "an entry of the client's stream", "one of another, or of none")
        elif link.position != position:
            self.proofs.fault(entry, "13.stream", f"position {position}", f"position {link.position}")
        elif link.previous != before:
            self.proofs.fault(entry, "13.stream", base64_of(before or b""), base64_of(link.previous or b""))

    def _check_erasure(self, entry: Entry, shown: Shown, period: Span | None) -> None:
        """13: the erasure lists the entry, which is older than the period. 12: and was not erased too early."""
        index, recorded_on = entry.header.index, entry.header.recorded_at.date()
        erasure = self.read(f"entry {index}, erasure", shown)
        if erasure is None:
            return
        if erasure.header.kind != "erasure" or not _lists(erasure, index):
            self.proofs.fault(entry, "13.erasure", "an erasure that lists it", f"entry {erasure.header.index}")
        elif erasure.header.recorded_at.date() < (day := retained_through(recorded_on)):
            found = f"erased on {erasure.header.recorded_at.date()}"
            self.proofs.fault(entry, "12.too-early", f"erased from {day} on", found)
        if period is not None and recorded_on.toordinal() >= period.from_.toordinal() - 1:
            expected = f"recorded earlier than the day before {period.from_}"
            self.proofs.fault(entry, "13.erasure", expected, f"recorded on {recorded_on}")

    def _fault_of_the_whole(self, expected: str, found: str) -> None:
        self.proofs.findings.add("13.stream", "stream", expected, found)


def _lists(erasure: Entry, index: int) -> bool:
    return any(first <= index <= last for first, last in entries.erased_by(erasure.header))
