"""A ledger against what is known of it from outside (docs/format.md section 12, checks 4, 8 and 9).

Whoever holds the keys can rewrite a ledger or cut off its end so that it is whole in itself. Only a memory elsewhere
tells: an earlier checkpoint in anyone's hands, a size and root beside the key file, a witness's line. Each is compared
at its own size with the tree that was walked, and each contradiction is given with both notes.

>>> from disclosure_ledger.log.findings import Findings
>>> findings, trust = Findings(), Trust(known=(Memory(where="state", size=2, root=bytes(32)),))
>>> walker = Walker(origin="a", report=findings.at, verify=lambda *signed: None)
>>> outside = Outside(walker=walker, shown=None, trust=trust, findings=findings)
>>> outside.check_known()
>>> findings.all()
(Finding(code='8.larger', where='state', expected='at least 2 entries', found='0 entries'),)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import Known, Memory, SignedCheckpoint, Trust
from disclosure_ledger.log.findings import Accusation, Findings, Unwitnessed
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.log.walk import Walker
from disclosure_ledger.log.witnessing import check_quorum, check_times, is_line_good, witnesses_of
from disclosure_ledger.strict import base64_of


@dataclass(kw_only=True)
class Outside:
    """The comparison of one walked ledger with everything that is known from outside."""

    walker: Walker
    shown: SignedCheckpoint | None
    """The checkpoint that came with the ledger; None where it cannot be read."""
    trust: Trust
    findings: Findings
    at_home: bool = False
    """Whether the checkpoint is the database's own, which no witness sees."""
    covered: int = 0
    """The largest size that something outside vouches for."""
    contradicted: bool = False
    """Whether anything known from outside contradicts the ledger."""
    accusations: list[Accusation] = field(default_factory=list)

    def check_known(self) -> None:
        """Check 8 of everything that the caller knows."""
        for item in self.trust.known:
            if isinstance(item, Memory):
                self._compare(item.where, item.size, item.root, vouched=True)
            else:
                self._check_note(item)

    def check_witnesses(self) -> None:
        """Check 9 of the checkpoint shown. A key counts once; one of the ledger's own keys is no witness."""
        earlier = self._of_its_past() if self.at_home else None
        times = check_quorum(self.shown, self.trust, own=self._own(), findings=self.findings, earlier=earlier)
        if self.shown is not None:
            named = self.shown.checkpoint
            if times:
                self._compare("checkpoint", named.size, named.root, vouched=True)
            self._check_times("checkpoint", self.shown, times)

    def unwitnessed(self) -> Unwitnessed | None:
        """The entries at the end that nothing outside vouches for."""
        count = self.walker.size - self.covered
        if count <= 0:
            return None
        return Unwitnessed(first=self.covered, count=count, since=self.walker.recorded.get(self.covered))

    def _of_its_past(self) -> list[SignedCheckpoint]:
        """The checkpoints known from outside that are of this ledger's past."""
        found = list[SignedCheckpoint]()
        for item in self.trust.known:
            signed = readable(item) if isinstance(item, Known) else None
            if signed is None or signed.checkpoint.origin != self.walker.origin:
                continue
            mark = self.walker.marks.get(signed.checkpoint.size)
            if mark is not None and mark.root == signed.checkpoint.root:
                found.append(signed)
        return found

    def _check_note(self, known: Known) -> None:
        """Compare a note even where its signature says nothing; but then it vouches for nothing."""
        signed = readable(known)
        if signed is None:
            self.findings.add("8.unreadable", known.where, "a signed checkpoint")
        elif signed.checkpoint.origin != self.walker.origin:
            self.findings.add("8.other-ledger", known.where, self.walker.origin or "", signed.checkpoint.origin)
        else:
            vouched = self._is_signed(signed)
            if not vouched:
                self.findings.add("8.signature", known.where, "a line of a key known for this ledger", "none")
            named = signed.checkpoint
            if not self._compare(known.where, named.size, named.root, vouched=vouched):
                self._accuse(known.where, signed)
            good = [key for key in self._witnesses() if is_line_good(signed, key)]
            times = {key: checkpoints.verify_cosignature(signed, key) for key in good}
            self._check_times(known.where, signed, times)

    def _compare(self, where: str, size: int, root: bytes, *, vouched: bool) -> bool:
        """Check 8: not larger, not different. False where it contradicts the ledger."""
        mark = self.walker.marks.get(size)
        shown = self.shown.checkpoint.size if self.shown else self.walker.size
        if size > shown:
            return self._contradict("8.larger", where, f"at least {size} entries", f"{shown} entries")
        if mark is None:
            return True  # there are fewer entries than the checkpoint says: check 7 says so
        if mark.root != root:
            return self._contradict("8.different", where, base64_of(root), f"at size {size}: {base64_of(mark.root)}")
        if vouched:
            self.covered = max(self.covered, size)
        return True

    def _contradict(self, code: str, where: str, expected: str, found: str) -> bool:
        self.contradicted = True
        self.findings.add(code, where, expected, found)
        return False

    def _accuse(self, where: str, known: SignedCheckpoint) -> None:
        if self.shown is not None:
            pair = known.raw.decode(), self.shown.raw.decode()
            self.accusations.append(Accusation(where=where, known=pair[0], shown=pair[1]))

    def _is_signed(self, signed: SignedCheckpoint) -> bool:
        """Whether both log keys of its size, a trusted key or a trusted witness have signed a note from outside."""
        keys = self.walker.keys_at(signed.checkpoint.size)
        if keys is not None and all(is_line_good(signed, key) for key in keys.both()):
            return True
        return any(is_line_good(signed, key) for key in (*self.trust.keys, *self._witnesses()))

    def _check_times(self, where: str, signed: SignedCheckpoint, times: Mapping[VerifierKey, int]) -> None:
        """Check 4 against the witnesses' times on one checkpoint of this ledger's past."""
        mark = self.walker.marks.get(signed.checkpoint.size)
        if mark is not None and mark.latest is not None and mark.root == signed.checkpoint.root:
            check_times(where, times, (mark.size - 1, mark.latest), self.findings)

    def _witnesses(self) -> list[VerifierKey]:
        return witnesses_of(self.trust, self._own())

    def _own(self) -> frozenset[bytes]:
        """The public keys of the ledger itself."""
        log = {own.public for item in self.walker.log_keys for own in item.keys.both()}
        return frozenset(log | {key.public for key in self.trust.witnesses if self.walker.recorders.ever(key.public)})


def readable(known: Known) -> SignedCheckpoint | None:
    """The checkpoint that a note from outside is; None where it is none."""
    try:
        return checkpoints.parse(known.raw)
    except Malformed:
        return None


def sizes_of(trust: Trust) -> Iterator[int]:
    """The sizes at which a ledger will be compared with what is known from outside."""
    for item in trust.known:
        if isinstance(item, Memory):
            yield item.size
        elif (signed := readable(item)) is not None:
            yield signed.checkpoint.size
