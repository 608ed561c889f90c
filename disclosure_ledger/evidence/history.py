"""Who could sign what: the ledger's keys from its genesis to the checkpoint (docs/format.md sections 4 and 12).

Evidence shows the genesis and every entry that added, revoked or rotated a key. From these follow the recorder who was
entitled at any index and the log keys in force at any size. A rotation counts only with its handover: a checkpoint
that ends with it, signed by both keys before it, and proved to be the beginning of this tree.

That none of these entries was left out evidence cannot show, but for those it needs: an audit package can.

An entry of an unknown version may have added a recorder whom no other entry names, to sign after it. The log keys it
may have rotated only where it shows a handover that the keys before it have signed: whoever has none of the ledger's
keys could else excuse a checkpoint of their own.

>>> from disclosure_ledger.log.checkpoint import Checkpoint
>>> from disclosure_ledger.log.findings import Findings
>>> named = Checkpoint(origin="a", size=1, root=bytes(32))
>>> history = History(proofs=Proofs(named=named, findings=Findings()))
>>> history.read(())
>>> [finding.code for finding in history.proofs.findings.all()], history.keys_at(1)
(['13.keys'], None)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from disclosure_ledger.errors import DisclosureLedgerError, ProofFailed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import merkle
from disclosure_ledger.log.checkpoint import LogKeys, SignedCheckpoint, Trust
from disclosure_ledger.log.entitled import InForce, UnsignedHandover, check_handover, keys_at, keys_up_to
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.note import MLDSA44, VerifierKey
from disclosure_ledger.log.witnessing import is_line_good, name_of, seconds

from .form import KeyShown
from .proving import Proofs

KINDS: Final = frozenset({"genesis", "recorder_added", "recorder_revoked", "log_key_rotated"})
"""The kinds of entries that change who may sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """A recorder, and the entries that it could sign: from the first to the last, both included."""

    key: VerifierKey
    first: int
    last: int | None = None


@dataclass(kw_only=True)
class History:
    """The keys of one ledger as its evidence shows them."""

    proofs: Proofs
    recorders: dict[tuple[str, bytes], Entitled] = field(default_factory=dict)
    """By name and key id. None is ever added twice."""
    log_keys: list[InForce] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    """The roots at handovers that are proved to be the beginning of this tree."""
    missing: set[str] = field(default_factory=set)
    """Names that signed and that no entry shown entitles."""
    names: set[str] = field(default_factory=set)
    """Names that recorders had."""
    recorder_publics: set[bytes] = field(default_factory=set)
    """Public keys that recorders had."""
    log_publics: set[bytes] = field(default_factory=set)
    """Public keys that the log had."""
    handovers: list[SignedCheckpoint] = field(default_factory=list)
    """Those that are of this tree."""
    unknown_from: int | None = None
    """The first entry of an unknown version that is shown to have changed a key."""
    rotated: bool = False
    """Whether an entry of an unknown version rotated the log keys, as its handover proves."""

    def read(self, shown: Iterable[KeyShown]) -> None:
        """Take the entries in their order."""
        last = -1
        for place, one in enumerate(shown):
            entry = self.proofs.read(f"keys[{place}]", one)
            if entry is None:
                self._take_unknown(f"keys[{place}]", one)
                continue
            if entry.header.kind not in KINDS or entry.header.index <= last:
                self.proofs.fault(entry, "13.keys", "entries that change a key, in order", entry.header.kind)
            last = max(last, entry.header.index)
            self._take(entry, one)
        if not self.log_keys and not self._is_genesis_unknown:
            self.proofs.findings.add("13.keys", "keys", "the genesis first", "none")

    def keys_at(self, size: int) -> LogKeys | None:
        """The log keys in force at a size; None without a genesis."""
        return keys_at(self.log_keys, size)

    def keys_up_to(self, size: int) -> tuple[VerifierKey, ...]:
        """The log keys in force at a size, and all before them."""
        return keys_up_to(self.log_keys, size)

    def recorder_keys(self) -> frozenset[bytes]:
        """The public keys of every recorder there was."""
        return frozenset(self.recorder_publics)

    def check_checkpoint(self, shown: SignedCheckpoint, last: Entry | None, trust: Trust) -> None:
        """Check 7: both keys in force have signed, and a trusted one is among them or those before.

        last: the checkpoint's last entry, where it is shown: its time is the log's own.
        """
        findings, keys = self.proofs.findings, self.keys_at(shown.checkpoint.size)
        if keys is None:
            code = "1.version" if self._is_genesis_unknown else "7.ed25519"
            findings.add(code, "checkpoint", "a log key that a genesis names", "none")
        else:
            self._check_line("7.ed25519", shown, keys.ed25519)
            time = self._check_line("7.mldsa", shown, keys.mldsa)
            if time is not None and last is not None and time != (own := seconds(last.header.recorded_at)):
                findings.add("7.mldsa-time", "checkpoint", str(own), str(time))
        known = self.keys_up_to(shown.checkpoint.size)
        if not trust.keys:
            findings.add("7.no-trusted-key", "trust", "a trusted log key", "none")
        elif not checkpoints.is_trusted(trust, known):
            expected, found = (", ".join(map(name_of, each)) for each in (trust.keys, known))
            code = "1.version" if self._may_be_trusted(shown, trust) else "7.trusted-key"
            findings.add(code, "trust", expected, found or "no log keys")

    def check_signature(self, entry: Entry) -> None:
        """Check 3: who signed was entitled at that index by an entry shown, and the signature verifies."""
        if not self.log_keys:
            return  # without a genesis nothing is known of who could sign: that is said once
        line, index = entry.signature, entry.header.index
        found = self.recorders.get((line.name, line.key_id))
        if found is not None and found.first <= index and (found.last is None or index <= found.last):
            self.proofs.check_signature(entry, found.key)
            return
        may_be = found is None and self._may_be_added(line.name, index)
        code = "1.version" if may_be else "3.recorder"
        self.proofs.fault(entry, code, "a recorder entitled by the entries shown", line.name)
        if found is None and line.name not in self.missing:
            self.missing.add(line.name)
            code = "1.version" if may_be else "13.keys"
            self.proofs.findings.add(code, "keys", f"the entry that added {line.name}", "none")

    @property
    def _is_genesis_unknown(self) -> bool:
        return self.unknown_from == 0

    def _may_be_added(self, name: str, index: int) -> bool:
        """Whether an entry of an unknown version, before this one, may have added a recorder of this name."""
        return name not in self.names and self.unknown_from is not None and self.unknown_from < index

    def _may_be_trusted(self, shown: SignedCheckpoint, trust: Trust) -> bool:
        """Whether a trusted key may be one that an entry of an unknown version names: it has signed this tree."""
        signed = [shown, *self.handovers] if self._is_genesis_unknown or self.rotated else []
        return any(is_line_good(one, key) for one in signed for key in trust.keys)

    def _doubt(self, code: str) -> str:
        """The code of a fault of the log keys that a rotation of an unknown version may explain."""
        return "1.version" if self.rotated or self._is_genesis_unknown else code

    def _take_unknown(self, where: str, shown: KeyShown) -> None:
        """See whether an entry of an unknown version rotated the log keys: not without a handover by those before."""
        index = self.proofs.unknown.get(where)
        if index is None:
            return
        self.unknown_from = index if self.unknown_from is None else min(index, self.unknown_from)
        if shown.handover is None:
            return
        try:
            self._check_handover(index + 1, shown)
            self._check_consistency(index + 1, shown)
        except UnsignedHandover:
            self.rotated = self.rotated or self._is_genesis_unknown
        except DisclosureLedgerError:
            return
        else:
            self.rotated = True

    def _check_line(self, code: str, shown: SignedCheckpoint, key: VerifierKey) -> int | None:
        """Whether a log key in force has signed, and its time."""
        try:
            if key.kind == MLDSA44:
                return checkpoints.verify_mldsa(shown, key)
            checkpoints.verify_ed25519(shown, key)
        except ProofFailed as error:
            chosen = code if shown.note.lines_of(key) else self._doubt(code)
            self.proofs.findings.add(chosen, "checkpoint", name_of(key), error.message)
        return None

    def _take(self, entry: Entry, shown: KeyShown) -> None:
        header = entry.header
        if header.kind == "genesis":
            self._begin(entry)
        elif not self.log_keys:
            return
        self.check_signature(entry)
        if header.kind == "recorder_added":
            self._entitle(entry, entries.recorder_of(header), header.index + 1)
        elif header.kind == "recorder_revoked":
            self._revoke(entry, entries.recorder_of(header))
        elif header.kind == "log_key_rotated":
            self._rotate(entry, shown)
        if header.kind != "log_key_rotated" and shown.handover is not None:
            self.proofs.fault(entry, "7.handover-unasked", "a rotation", header.kind)

    def _begin(self, entry: Entry) -> None:
        keys = entries.log_keys_of(entry.header)
        self.log_keys.append(InForce(after=0, keys=keys))
        self.log_publics.update(key.public for key in keys.both())
        self._entitle(entry, entries.recorder_of(entry.header), 0)

    def _entitle(self, entry: Entry, key: VerifierKey, first: int) -> None:
        """Check 3: no name or key is added twice, and none stands in two roles."""
        if key.name in self.names or key.public in self.recorder_publics or key.public in self.log_publics:
            self.proofs.fault(entry, "3.key-again", "a name and a key that never stood before", key.name)
        self.names.add(key.name)
        self.recorder_publics.add(key.public)
        self.recorders.setdefault((key.name, key.key_id), Entitled(key=key, first=first))

    def _revoke(self, entry: Entry, key: VerifierKey) -> None:
        found = self.recorders.get((key.name, key.key_id))
        if found is None or found.last is not None or found.key != key:
            may_be = found is None and self._may_be_added(key.name, entry.header.index)
            self.proofs.fault(entry, "1.version" if may_be else "3.revocation", "an entitled recorder", key.name)
            return
        self.recorders[key.name, key.key_id] = replace(found, last=entry.header.index)

    def _rotate(self, entry: Entry, shown: KeyShown) -> None:
        """Check 7: the checkpoint that ends with a rotation is signed by the keys before, and is of this history."""
        new, size = entries.log_keys_of(entry.header), entry.header.index + 1
        self.log_publics.update(key.public for key in new.both())
        if any(key.public in self.recorder_publics for key in new.both()):
            self.proofs.fault(entry, "7.key-again", "a key that never was a recorder's", entry.header.kind)
        expected = f"a checkpoint of size {size} signed by the keys before"
        try:
            self._check_handover(size, shown)
        except UnsignedHandover as error:
            self.proofs.fault(entry, self._doubt("7.handover"), expected, error.message)
        except DisclosureLedgerError as error:
            self.proofs.fault(entry, "7.handover", expected, error.message)
        else:
            if self._is_consistent(entry, size, shown):
                self.log_keys.append(InForce(after=size, keys=new))

    def _check_handover(self, size: int, shown: KeyShown) -> None:
        check_handover(shown.handover, self.keys_at(size), origin=self.proofs.named.origin, size=size, root=None)

    def _is_consistent(self, entry: Entry, size: int, shown: KeyShown) -> bool:
        try:
            self._check_consistency(size, shown)
        except ProofFailed as error:
            self.proofs.fault(entry, "7.consistency", error.expected or error.message, error.found or "")
            return False
        return True

    def _check_consistency(self, size: int, shown: KeyShown) -> None:
        """Check 7: the handover's tree is the beginning of the checkpoint's. Raises ProofFailed."""
        named, signed = self.proofs.named, checkpoints.parse(shown.handover or b"")
        before = signed.checkpoint.root
        merkle.check_consistency(size, named.size, before, named.root, shown.consistency or ())
        self.roots[size] = before
        self.handovers.append(signed)
