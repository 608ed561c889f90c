"""One checkpoint without the ledger behind it, held against what its reader trusts and knows.

A receipt and an evidence file each show one checkpoint and a few entries. They cannot tell who was entitled to sign it
but by the keys that the reader brings or the file proves, and they can be compared with another checkpoint only at a
size that both name. Checks carry the numbers of docs/format.md section 12:

4. no entry shown is later than a witness's time on the checkpoint, by more than clocks differ
7. both of the log's lines are there; each that belongs to a trusted key verifies; of each type of which a key is
   trusted, one does
8. a checkpoint known from outside of a size that this one proves has the same root; an entry known from outside is
   the one shown here
9. trusted witnesses' lines verify, and are as many as the policy asks for

>>> from disclosure_ledger.log.checkpoint import Memory
>>> named = checkpoints.Checkpoint(origin="a", size=2, root=bytes(32))
>>> shown = SignedCheckpoint(checkpoint=named, note=checkpoints.Note(text=b"", signatures=(), raw=b""))
>>> trust = Trust(known=(Memory(where="the state file", size=2, root=bytes([1]) + bytes(31)),))
>>> snapshot = Snapshot(shown=shown, trust=trust, findings=Findings())
>>> snapshot.check_known()
>>> [finding.code for finding in snapshot.findings.all()]
['8.different']
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import Known, Memory, SignedCheckpoint, Trust
from disclosure_ledger.log.findings import Accusation, Findings, Verdict
from disclosure_ledger.log.note import ED25519, MLDSA44, VerifierKey
from disclosure_ledger.log.witnessing import check_quorum, check_times, is_line_good, name_of, witnesses_of
from disclosure_ledger.strict import base64_of

_LINE_SIZES = {ED25519: 64, MLDSA44: 8 + 2420}
"""Bytes after the key id in a line of each of the log's two types."""
_CODES = {ED25519: "7.ed25519", MLDSA44: "7.mldsa"}
_NAMES = {ED25519: "Ed25519", MLDSA44: "ML-DSA-44"}


@dataclass(kw_only=True)
class Snapshot:
    """A checkpoint, what was proved under it, and what its reader trusts."""

    shown: SignedCheckpoint
    trust: Trust
    findings: Findings
    history: tuple[VerifierKey, ...] = ()
    """The log keys that the file itself proves to be in force at the checkpoint's size or before; none in a receipt."""
    recorders: frozenset[bytes] = frozenset()
    """The public keys of recorders that the file shows."""
    roots: dict[int, bytes] = field(default_factory=dict)
    """Roots of earlier sizes that are proved to be of this tree; its own is always there."""
    leaves: Mapping[int, bytes] = field(default_factory=dict)
    """Leaf hashes that are proved to be of this tree, by index."""
    latest: tuple[int, dt.datetime] | None = None
    """The latest entry shown, and when it says it was recorded."""
    accusations: list[Accusation] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roots[self.shown.checkpoint.size] = self.shown.checkpoint.root

    def check_trusted_lines(self) -> None:
        """Check 7 where nothing but trust says which keys are the log's.

        Both of the log's lines are there. Of each type of which a key is trusted, a trusted key's line verifies: else
        whoever can forge one of the two signatures could put anything in the place of the other.
        """
        for kind in _CODES:
            if not self._has_line_of(kind):
                self.findings.add(_CODES[kind], "checkpoint", f"a line of the log's {_NAMES[kind]} key", "none")
        trusted = self._trusted()
        good = [key.kind for key in trusted if self._check_line(key)]
        if not self.trust.keys:
            self.findings.add("7.no-trusted-key", "trust", "a trusted log key", "none")
        elif not good:
            names = ", ".join(map(name_of, self.trust.keys))
            self.findings.add("7.trusted-key", "checkpoint", names, "no line of a trusted key that verifies")
        else:
            self._check_each_type({key.kind for key in trusted}, set(good))

    def _check_each_type(self, trusted: set[int], good: set[int]) -> None:
        for kind in sorted(_CODES.keys() - good):
            if kind in trusted:
                self.findings.add(_CODES[kind], "checkpoint", f"a line of a trusted {_NAMES[kind]} key", "none")
            else:
                self.notices.append(f"The checkpoint's {_NAMES[kind]} line was not checked: its key is not trusted.")

    def log_time(self) -> int | None:
        """The time in the log's own ML-DSA-44 line, in seconds since 1970; None where no known key of its verifies."""
        for key in (*self.history, *self._trusted()):
            if key.kind == MLDSA44 and is_line_good(self.shown, key):
                return checkpoints.verify_mldsa(self.shown, key)
        return None

    def check_witnesses(self) -> None:
        """Checks 9 and 4 of the checkpoint shown."""
        times = check_quorum(self.shown, self.trust, own=self._own(), findings=self.findings)
        check_times("checkpoint", times, self.latest, self.findings)

    def check_known(self) -> None:
        """Check 8 of everything that the caller knows, as far as it is of a size that can be compared."""
        for item in self.trust.known:
            if isinstance(item, Memory):
                self._compare(item.where, item.size, item.root)
            else:
                self._check_note(item)

    def compare_leaves(self, where: str, known: SignedCheckpoint, leaves: Mapping[int, bytes]) -> bool:
        """Check 8 of entries that are proved under another checkpoint. True where there was one to compare."""
        shared = sorted(self.leaves.keys() & leaves.keys())
        for index in shared:
            if self.leaves[index] != leaves[index]:
                expected, found = base64_of(leaves[index]), f"entry {index}: {base64_of(self.leaves[index])}"
                self.findings.add("8.different", where, expected, found)
                self.accuse(where, known)
                break
        return bool(shared)

    def compare_root(self, where: str, known: SignedCheckpoint, roots: Mapping[int, bytes]) -> bool:
        """Check 8 of roots that are proved to be of one history. True where there was one to compare."""
        shared = sorted(self.roots.keys() & roots.keys())
        if [size for size in shared if not self._compare(where, size, roots[size])]:
            self.accuse(where, known)
        return bool(shared)

    def accuse(self, where: str, known: SignedCheckpoint) -> None:
        """Say that two signed checkpoints cannot both be true."""
        pair = known.raw.decode(), self.shown.raw.decode()
        self.accusations.append(Accusation(where=where, known=pair[0], shown=pair[1]))

    def _check_note(self, known: Known) -> None:
        try:
            signed = checkpoints.parse(known.raw)
        except Malformed:
            self.findings.add("8.unreadable", known.where, "a signed checkpoint")
            return
        self.check_signed(known.where, signed)

    def check_signed(self, where: str, signed: SignedCheckpoint) -> None:
        """Check 8 of one checkpoint known from outside."""
        named = signed.checkpoint
        if not self.is_of_this_ledger(where, signed):
            return
        if named.size not in self.roots:
            self.say_incomparable(where, named.size)
            return
        self.check_vouched(where, signed)
        self.compare_root(where, signed, {named.size: named.root})

    def is_of_this_ledger(self, where: str, signed: SignedCheckpoint) -> bool:
        """Whether a checkpoint known from outside has this one's origin; a finding where not."""
        ours, theirs = self.shown.checkpoint.origin, signed.checkpoint.origin
        if ours != theirs:
            self.findings.add("8.other-ledger", where, ours, theirs)
        return ours == theirs

    def check_vouched(self, where: str, signed: SignedCheckpoint) -> None:
        """Check 8: a key that is known for this ledger, or a trusted witness, has signed what is known from outside."""
        if not any(is_line_good(signed, key) for key in self._vouching()):
            self.findings.add("8.signature", where, "a line of a key known for this ledger", "none")

    def say_incomparable(self, where: str, size: int) -> None:
        """Say that what is known from outside is of another size, which contradicts nothing and proves nothing."""
        self.notices.append(f"{where} is of size {size}: only an audit package can be compared with it.")

    def _compare(self, where: str, size: int, root: bytes) -> bool:
        found = self.roots.get(size, root)
        if found != root:
            self.findings.add("8.different", where, base64_of(root), f"at size {size}: {base64_of(found)}")
        return found == root

    def _vouching(self) -> Iterable[VerifierKey]:
        return (*self.history, *self.trust.keys, *witnesses_of(self.trust, self._own()))

    def _own(self) -> frozenset[bytes]:
        return self.recorders | {key.public for key in (*self.history, *self._trusted())}

    def _trusted(self) -> list[VerifierKey]:
        """The trusted keys that are of this ledger."""
        return [key for key in self.trust.keys if key.name == self.shown.checkpoint.origin and key.kind in _CODES]

    def _has_line_of(self, kind: int) -> bool:
        lines = self.shown.note.signatures
        origin, size = self.shown.checkpoint.origin, _LINE_SIZES[kind]
        return any(line.name == origin and len(line.signature) == size for line in lines)

    def _check_line(self, key: VerifierKey) -> bool:
        """Whether a trusted log key has a line; one that does not verify is a finding."""
        if not self.shown.note.lines_of(key):
            return False
        if not (good := is_line_good(self.shown, key)):
            self.findings.add(_CODES[key.kind], "checkpoint", name_of(key), "a line that does not verify")
        return good


@dataclass(kw_only=True)
class Checked:
    """A file that shows one checkpoint, verified; more can be compared with it before its verdict is drawn."""

    findings: Findings
    size: int
    """How many entries it shows."""
    snapshot: Snapshot | None = None
    """None where it shows no checkpoint that can be read."""
    notices: tuple[str, ...] = ()

    @property
    def shown(self) -> SignedCheckpoint | None:
        """The checkpoint."""
        return self.snapshot.shown if self.snapshot else None

    def verdict(self) -> Verdict:
        """What it amounts to, with everything found so far."""
        named = self.shown.checkpoint if self.shown else None
        more = self.snapshot.notices if self.snapshot else ()
        return Verdict(
            size=self.size,
            findings=self.findings.all(),
            origin=named.origin if named else None,
            checkpoint=named.text() if named else None,
            accusations=tuple(self.snapshot.accusations) if self.snapshot else (),
            notices=(*self.notices, *more, *self.findings.left_out()),
        )
