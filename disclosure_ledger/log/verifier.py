"""Verifies a ledger: every entry, the checkpoint, and what is known from outside (docs/format.md section 12).

Raw bytes and a caller's trust go in, a verdict comes out; whether the bytes come from a database or an audit package
makes no difference here. Checks 1 to 6 are made by `walk` as the entries stream by, their signatures in threads beside
it. Then, at the end:

7. as many entries as the checkpoint says, hashing to its root; signed with both log keys in force at its size (inside
   the database with the Ed25519 one); of each type trusted a key is one of these or of those before them
8. every checkpoint known from outside is of this ledger's past: not larger, not different
9. trusted witnesses' lines verify, and are as many as the policy's quorum: on the checkpoint, or, inside the database,
   on one of the ledger's past that is known from outside
4. no entry is later than an outside time that covers it, by more than clocks differ

>>> verdict = verify_log([b"no entry"], b"no checkpoint", trust=Trust())
>>> print(*[finding.code for finding in verdict.findings])
1.parse 1.genesis 7.checkpoint 7.no-trusted-key 8.no-outside
>>> verdict.outcome
<Outcome.FAILED: 'failed'>
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import LogKeys, SignedCheckpoint, Trust
from disclosure_ledger.log.entitled import InForce, keys_at
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.findings import Finding, Findings, Verdict
from disclosure_ledger.log.merkle import Frontier
from disclosure_ledger.log.note import MLDSA44, VerifierKey
from disclosure_ledger.log.outside import Outside, sizes_of
from disclosure_ledger.log.signatures import Signatures
from disclosure_ledger.log.streams import StreamTree
from disclosure_ledger.log.walk import Mark, Walker
from disclosure_ledger.log.witnessing import seconds
from disclosure_ledger.strict import base64_of

if TYPE_CHECKING:
    from disclosure_ledger.log.sheaves import Sheaves

    Crowd: TypeAlias = Signatures | Sheaves

OnEntry: TypeAlias = Callable[[int, bytes, Entry | None], None]
"""Called with each entry's index, note, and what it is, or None where it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a verification established on the way, for those who compare more with it."""

    verdict: Verdict
    checkpoint: SignedCheckpoint | None
    frontier: Frontier
    """The tree over all entries, also those beyond the checkpoint."""
    streams: StreamTree
    """Where each stream stands."""
    recorders: tuple[VerifierKey, ...]
    """Who may record now."""
    log_keys: tuple[InForce, ...]
    """The log keys, and since which size each pair signs."""
    marks: Mapping[int, Mark]
    """The ledger at each size that was asked for and reached."""
    erased: tuple[tuple[int, int], ...]
    """The ranges of entries that erasures list, joined, ascending, both ends included."""

    def keys_at(self, size: int) -> LogKeys | None:
        """The log keys in force at a size."""
        return keys_at(self.log_keys, size)

    def is_erased(self, index: int) -> bool:
        """Whether an erasure lists this entry."""
        place = bisect_right(self.erased, index, key=lambda both: both[0]) - 1
        return place >= 0 and index <= self.erased[place][1]


def verify_log(
    notes: Iterable[bytes],
    checkpoint: bytes,
    *,
    trust: Trust,
    handovers: Mapping[int, bytes] | None = None,
    mldsa: bool = True,
    threads: int | None = None,
    on_entry: OnEntry | None = None,
    extra: Iterable[Finding] = (),
    require_outside: bool = True,
) -> Verdict:
    """Say what a ledger's entries and checkpoint amount to under the caller's trust: `walk_log`, the verdict alone."""
    return walk_log(
        notes,
        checkpoint,
        trust=trust,
        handovers=handovers,
        mldsa=mldsa,
        threads=threads,
        on_entry=on_entry,
        extra=extra,
        require_outside=require_outside,
    ).verdict


def walk_log(
    notes: Iterable[bytes],
    checkpoint: bytes,
    *,
    trust: Trust,
    handovers: Mapping[int, bytes] | None = None,
    mldsa: bool = True,
    threads: int | None = None,
    processes: int = 1,
    on_entry: OnEntry | None = None,
    extra: Iterable[Finding] = (),
    require_outside: bool = True,
    sizes: Iterable[int] = (),
) -> Walk:
    """Verify a ledger, and give what was established beside the verdict.

    notes: every entry's note, in order; read once. checkpoint: the note of the checkpoint that covers them.
    handovers: the checkpoint of each rotation of the log keys, by its size. mldsa: whether checkpoints must carry the
    ML-DSA-44 line, which they lack only inside the database. threads: how many verify signatures; None: one a core.
    processes: with more than one, that many do it instead; the calling script then needs `if __name__ == "__main__"`.
    on_entry: called with index, note and entry (None where it cannot be read) as they go by. extra: further findings,
    read when the walk is done. require_outside: whether knowing nothing from outside makes the verdict incomplete.
    sizes: further sizes to keep a mark of. Never raises because of what the bytes are.
    """
    examination = _Examination(trust=trust, handovers=dict(handovers or {}), mldsa=mldsa)
    examination.read_checkpoint(checkpoint)
    signatures = _by_processes(processes) if processes > 1 else Signatures(threads)
    examination.walk(notes, signatures, on_entry=on_entry, sizes=sizes)
    examination.check_checkpoint()
    outside = examination.check_outside(require=require_outside)
    examination.findings.extend(extra)
    return examination.result(outside)


def _by_processes(processes: int) -> "Crowd":
    from disclosure_ledger.log.sheaves import Sheaves  # a file is verified without what starts processes

    return Sheaves(processes)


@dataclass(kw_only=True)
class _Examination:
    """One verification under way."""

    trust: Trust
    handovers: dict[int, bytes]
    mldsa: bool
    findings: Findings = field(default_factory=Findings)
    shown: SignedCheckpoint | None = None
    walker: Walker = field(init=False)

    def read_checkpoint(self, raw: bytes) -> None:
        try:
            self.shown = checkpoints.parse(raw)
        except Malformed as error:
            self.findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message)

    def walk(
        self, notes: Iterable[bytes], signatures: "Crowd", *, on_entry: OnEntry | None, sizes: Iterable[int]
    ) -> None:
        """Checks 1 to 6, and the signatures of check 3."""
        with signatures:
            self.walker = self._walker(signatures, sizes)
            try:
                for index, raw in enumerate(notes):
                    entry = self.walker.take(raw)
                    if on_entry is not None:
                        on_entry(index, raw, entry)
            except (Malformed, ProofFailed) as error:  # from whoever reads the notes
                self.findings.add("7.bundle", f"entry {self.walker.size}", "further entries", error.message)
        for index in signatures.failed:
            self.findings.at(index, Finding(code="3.signature", where=f"entry {index}"))

    def check_checkpoint(self) -> None:
        """Check 7."""
        if self.walker.size == 0:
            self.findings.add("1.genesis", "entry 0", "a genesis", "no entries")
        for size in sorted(self.handovers.keys() - self.walker.handed_over):
            self.findings.add("7.handover-unasked", f"handover/{size}", "a rotation at this size", "none")
        if self.shown is not None:
            self._check_tree(self.shown)
            self._check_log_signatures(self.shown)
            self._check_trusted_key(self.shown)
        if not self.trust.keys:
            self.findings.add("7.no-trusted-key", "trust", "a trusted log key", "none")

    def check_outside(self, *, require: bool) -> Outside:
        """Checks 8 and 9, and the outside times of check 4."""
        outside = Outside(
            walker=self.walker, shown=self.shown, trust=self.trust, findings=self.findings, at_home=not self.mldsa
        )
        outside.check_known()
        outside.check_witnesses()
        if require and not outside.covered and not outside.contradicted:
            self.findings.add("8.no-outside", "trust", "a checkpoint known from outside", "none")
        return outside

    def result(self, outside: Outside) -> Walk:
        """The verdict, and what was established."""
        walker = self.walker
        verdict = Verdict(
            size=walker.size,
            findings=self.findings.all(),
            origin=walker.origin,
            checkpoint=self.shown.checkpoint.text() if self.shown else None,
            unwitnessed=outside.unwitnessed(),
            accusations=tuple(outside.accusations),
            notices=self.findings.left_out(),
        )
        return Walk(
            verdict=verdict,
            checkpoint=self.shown,
            frontier=walker.frontier,
            streams=walker.streams,
            recorders=tuple(walker.recorders.entitled.values()),
            log_keys=tuple(walker.log_keys),
            marks=walker.marks,
            erased=tuple(_joined(walker.erased)),
        )

    def _walker(self, signatures: "Crowd", sizes: Iterable[int]) -> Walker:
        asked = {0, *sizes, *sizes_of(self.trust)}
        if self.shown is not None:
            asked.add(self.shown.checkpoint.size)
        return Walker(
            origin=self.shown.checkpoint.origin if self.shown else None,
            report=self.findings.at,
            verify=signatures.add,
            handovers=self.handovers,
            mldsa=self.mldsa,
            sizes=asked,
        )

    def _check_tree(self, shown: SignedCheckpoint) -> None:
        named, mark = shown.checkpoint, self.walker.marks.get(shown.checkpoint.size)
        if self.walker.size != named.size:
            self.findings.add("7.size", "checkpoint", f"{named.size} entries", f"{self.walker.size} entries")
        if mark is not None and mark.root != named.root:
            self.findings.add("7.root", "checkpoint", base64_of(mark.root), base64_of(named.root))

    def _check_log_signatures(self, shown: SignedCheckpoint) -> None:
        keys, mark = self.walker.keys_at(shown.checkpoint.size), self.walker.marks.get(shown.checkpoint.size)
        if keys is None:
            self.findings.add(self._doubt("7.ed25519"), "checkpoint", "a log key that a genesis names", "none")
            return
        self._check_line("7.ed25519", shown, keys.ed25519)
        if self.mldsa:
            time = self._check_line("7.mldsa", shown, keys.mldsa)
            if time is not None and mark and mark.last and time != (last := seconds(mark.last)):
                self.findings.add("7.mldsa-time", "checkpoint", str(last), str(time))

    def _check_line(self, code: str, shown: SignedCheckpoint, key: VerifierKey) -> int | None:
        """Whether a log key has signed, and its time. A rotation of an unknown version may explain a missing line."""
        try:
            if key.kind == MLDSA44:
                return checkpoints.verify_mldsa(shown, key)
            checkpoints.verify_ed25519(shown, key)
        except ProofFailed as error:
            chosen = code if shown.note.lines_of(key) else self._doubt(code)
            self.findings.add(chosen, "checkpoint", _name_of(key), error.message)
        return None

    def _check_trusted_key(self, shown: SignedCheckpoint) -> None:
        history = self.walker.keys_up_to(shown.checkpoint.size)
        if self.trust.keys and not checkpoints.is_trusted(self.trust, history):
            expected, found = (", ".join(map(_name_of, keys)) for keys in (self.trust.keys, history))
            self.findings.add(self._doubt("7.trusted-key"), "trust", expected, found or "no log keys")

    def _doubt(self, code: str) -> str:
        """The code of a fault that an entry of an unknown version may explain."""
        return "1.version" if self.walker.uncertain else code


def _name_of(key: VerifierKey) -> str:
    return f"{key.name}+{key.key_id.hex()}"


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same ranges, ascending, those that meet as one."""
    last: tuple[int, int] | None = None
    for begin, end in sorted(ranges):
        if last is not None and begin <= last[1] + 1:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = begin, end
    if last is not None:
        yield last
