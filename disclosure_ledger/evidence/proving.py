"""The entries that evidence shows: each read, found in the tree, and signed by who was entitled (section 12, 1 to 4).

Evidence shows a few entries of many. Each is proved by inclusion; what must hold between neighbours in the ledger is
checked where both happen to be shown.

>>> from disclosure_ledger.log.checkpoint import Checkpoint
>>> proofs = Proofs(named=Checkpoint(origin="a", size=1, root=bytes(32)), findings=Findings())
>>> proofs.read("keys[0]", Shown(note=b"no note", proof=())) is None, proofs.findings.all()[0].code
(True, '1.parse')
"""

import datetime as dt
from dataclasses import dataclass, field

import orjson

from disclosure_ledger.errors import Malformed, ProofFailed, UnknownVersion
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import merkle
from disclosure_ledger.log.checkpoint import Checkpoint
from disclosure_ledger.log.entry import NO_PREVIOUS, Entry
from disclosure_ledger.log.findings import Finding, Findings
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.strict import base64_of, text_of_instant

from .form import Shown


@dataclass(kw_only=True)
class Proofs:
    """The entries shown under one checkpoint, as they are read."""

    named: Checkpoint
    findings: Findings
    proved: dict[int, Entry] = field(default_factory=dict)
    """By index: in the tree, whatever else is wrong with them."""
    count: int = 0
    """How many entries are shown."""
    unknown: dict[str, int] = field(default_factory=dict)
    """By where they are shown: the indexes of entries of the tree that are of a version this release does not know.

    One that is not proved to be in the tree explains nothing: else anybody could excuse a fault by adding one. One that
    is explains only what hangs on the place at which it is shown.
    """

    def read(self, where: str, shown: Shown) -> Entry | None:
        """Checks 1 and 7 of one entry; None where it cannot be read."""
        self.count += 1
        try:
            entry = entries.parse(shown.note)
        except UnknownVersion as error:
            if (index := self._proved_index(shown)) is not None:
                self.unknown[where] = index
            self.findings.add("1.version", where, "", error.message)
            return None
        except Malformed as error:
            self.findings.add("1.parse", where, "", error.message)
            return None
        if entry.header.origin != self.named.origin:
            self.fault(entry, "1.origin", self.named.origin, entry.header.origin)
        self._check_inclusion(entry, shown)
        return entry

    def check_signature(self, entry: Entry, key: VerifierKey) -> None:
        """Check 3 of an entry, under the recorder who was entitled at its index."""
        try:
            entries.verify(entry, key)
        except ProofFailed:
            self.fault(entry, "3.signature")

    def check_neighbours(self) -> None:
        """Checks 2 and 4 of every entry shown whose neighbour before it, or any before it, is shown too."""
        before: Entry | None = None
        latest = dt.datetime.min.replace(tzinfo=dt.UTC)
        for index, entry in sorted(self.proved.items()):
            header = entry.header
            if index == 0 or (before is not None and before.header.index == index - 1):
                expected = before.leaf_hash if before is not None else NO_PREVIOUS
                if header.previous != expected:
                    self.fault(entry, "2.previous", base64_of(expected), base64_of(header.previous))
            if header.recorded_at < latest:
                self.fault(entry, "4.backwards", text_of_instant(latest), text_of_instant(header.recorded_at))
            before, latest = entry, max(latest, header.recorded_at)

    def leaves(self) -> dict[int, bytes]:
        """The leaf hashes that are proved, by index."""
        return {index: entry.leaf_hash for index, entry in self.proved.items()}

    def unknown_in(self, place: str) -> tuple[int, ...]:
        """The indexes of the entries of an unknown version that are shown in `keys`, `stream` or `listed`."""
        return tuple(index for where, index in self.unknown.items() if where.startswith(f"{place}["))

    def fault(self, entry: Entry, code: str, expected: str = "", found: str = "") -> None:
        """Report a fault of one entry."""
        index = entry.header.index
        self.findings.at(index, Finding(code=code, where=f"entry {index}", expected=expected, found=found))

    def _proved_index(self, shown: Shown) -> int | None:
        """The index that an entry of an unknown version names, as all so far do; None where the tree has it not."""
        try:
            index = orjson.loads(shown.note.partition(b"\n")[0])["index"]
            merkle.check_inclusion(leaf_hash(shown.note), index, self.named.size, shown.proof, self.named.root)
        except (orjson.JSONDecodeError, KeyError, TypeError, ProofFailed):
            return None
        return int(index)

    def _check_inclusion(self, entry: Entry, shown: Shown) -> None:
        index = entry.header.index
        try:
            merkle.check_inclusion(entry.leaf_hash, index, self.named.size, shown.proof, self.named.root)
        except ProofFailed as error:
            self.fault(entry, "13.inclusion", error.expected or error.message, error.found or "")
        else:
            self.proved[index] = entry
