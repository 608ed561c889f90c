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

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from disclosure_ledger.errors import DisclosureLedgerError, Malformed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import Known, Memory, SignedCheckpoint, Trust
from disclosure_ledger.log.findings import Accusation, Findings, Unwitnessed
from disclosure_ledger.log.note import ED25519, VerifierKey
from disclosure_ledger.log.walk import Walker, seconds
from disclosure_ledger.strict import base64_of, text_of_instant

CLOCKS_DIFFER = 300
"""By how many seconds an entry may say that it was recorded after an outside time that covers it."""


@dataclass(kw_only=True)
class Outside:
    """The comparison of one walked ledger with everything that is known from outside."""

    walker: Walker
    shown: SignedCheckpoint | None
    """The checkpoint that came with the ledger; None where it cannot be read."""
    trust: Trust
    findings: Findings
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
        for key in self.trust.witnesses:
            if self._is_own(key):
                self.findings.add("9.witness", key.name, "a key that is none of the ledger's")
        count = 0
        if self.shown is not None:
            count = sum(self._has_cosigned(self.shown, key) for key in self._witnesses())
            named = self.shown.checkpoint
            if count:
                self._compare("checkpoint", named.size, named.root, vouched=True)
            self._check_times("checkpoint", self.shown)
        if count < self.trust.quorum:
            self.findings.add("9.quorum", "checkpoint", f"{self.trust.quorum} witnesses", f"{count} witnesses")

    def unwitnessed(self) -> Unwitnessed | None:
        """The entries at the end that nothing outside vouches for."""
        count = self.walker.size - self.covered
        if count <= 0:
            return None
        return Unwitnessed(first=self.covered, count=count, since=self.walker.recorded.get(self.covered))

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
            self._check_times(known.where, signed)

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
        if keys is not None and all(_is_line_good(signed, key) for key in keys.both()):
            return True
        return any(_is_line_good(signed, key) for key in (*self.trust.keys, *self._witnesses()))

    def _has_cosigned(self, signed: SignedCheckpoint, key: VerifierKey) -> bool:
        """Whether a witness has a line here that verifies; one that does not is a finding."""
        if not signed.note.lines_of(key):
            return False
        if not (good := _is_line_good(signed, key)):
            self.findings.add("9.cosignature", "checkpoint", f"{key.name}+{key.key_id.hex()}")
        return good

    def _check_times(self, where: str, signed: SignedCheckpoint) -> None:
        """Check 4 against the witnesses' times on one checkpoint of this ledger's past."""
        mark = self.walker.marks.get(signed.checkpoint.size)
        if mark is None or mark.latest is None or mark.root != signed.checkpoint.root:
            return
        for key in self._witnesses():
            if _is_line_good(signed, key):
                time = checkpoints.verify_cosignature(signed, key)
                self._check_time(where, time, mark.size - 1, mark.latest)

    def _check_time(self, where: str, time: int, index: int, latest: dt.datetime) -> None:
        if seconds(latest) > time + CLOCKS_DIFFER:
            expected = f"at most {CLOCKS_DIFFER} seconds after {time}, the time of {where}"
            self.findings.add("4.after-outside-time", f"entry {index}", expected, text_of_instant(latest))

    def _witnesses(self) -> list[VerifierKey]:
        """The trusted witnesses that are none of the ledger's own keys, each public key once."""
        unique = {key.public: key for key in reversed(self.trust.witnesses)}
        return [key for key in unique.values() if not self._is_own(key)]

    def _is_own(self, key: VerifierKey) -> bool:
        log = (own.public for item in self.walker.log_keys for own in item.keys.both())
        return key.public in log or self.walker.recorders.ever(key.public)


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


def _is_line_good(signed: SignedCheckpoint, key: VerifierKey) -> bool:
    """Whether a key of any type has a line on the checkpoint, and each line of it verifies."""
    verify = checkpoints.verify_ed25519 if key.kind == ED25519 else checkpoints.verify_cosignature
    try:
        verify(signed, key)
    except DisclosureLedgerError:
        return False
    return True
