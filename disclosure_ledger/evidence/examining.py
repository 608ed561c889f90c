"""Verifies an evidence file (docs/format.md section 11; section 12, check 13 with those that it rests on).

Numbers are those of section 12:

1.  every entry shown parses, is of this origin
2.  `previous` is the leaf hash before it, where both are shown
3.  every entry is signed by a recorder whom the key entries entitle at its index
4.  time does not run backwards, nor lie more than 300 seconds after a timestamp or cosignature
7.  the checkpoint verifies under both log keys in force at its size, each rotation under its handover, and a trusted
    key is one of them or of those before them
8.  what is known from outside does not contradict it
9.  the policy's quorum is met
10. timestamps verify
12. nothing was erased too early
13. a. every note, proof, link, opening and the map hold
    b. the stream begins with this client's `client` record, and its length and head are the map's
    c. every row is about this client; a `listed` entry is in no stream and stands once
    d. `accounting.checkpoint` has the same text, and both of the log's lines
    e. the rows made of the opened entries equal the rows printed, but for what the research form covers
    f. where the map is older than the day before the accounting was issued, or before its period ends, it is incomplete
    g. no release is dated after it was recorded, and none is left out by a rule from after the day of issue

>>> verify(b"{}", Trust()).outcome.value, [finding.code for finding in verify(b"{}", Trust()).findings]
('failed', ['13.form'])
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.document import Accounting
from disclosure_ledger.hipaa.words import STATEMENTS
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import SignedCheckpoint, Trust
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.findings import Finding, Findings, Verdict
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.log.snapshot import Checked, Snapshot
from disclosure_ledger.log.witnessing import check_time, is_line_good, name_of

from . import form, printed
from .chain import Chain
from .form import Evidence, Opened
from .history import History
from .opening import Item, corrected_by, expect_trimmed
from .proving import Proofs
from .standing import Standing

if TYPE_CHECKING:
    from disclosure_ledger.log.timestamp import Authority


def verify(data: bytes, trust: Trust, *, authorities: Sequence["Authority"] = ()) -> Verdict:
    """Say what an evidence file amounts to under the caller's trust. Never raises because of what the bytes are."""
    return check(data, trust, authorities=authorities).verdict()


def check(data: bytes, trust: Trust, *, authorities: Sequence["Authority"] = ()) -> "CheckedEvidence":
    """The same before its verdict is drawn: for those who compare more with it."""
    findings = Findings()
    try:
        evidence = form.parse(data)
    except UnknownVersion as error:
        findings.add("13.version", "evidence", form.FORMAT, error.message)
        return CheckedEvidence(findings=findings, size=0)
    except Malformed as error:
        findings.add("13.form", "evidence", "evidence in its one spelling", error.message)
        return CheckedEvidence(findings=findings, size=0)
    try:
        shown = checkpoints.parse(evidence.checkpoint)
    except Malformed as error:
        findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message)
        return CheckedEvidence(findings=findings, size=0)
    return _Examination.of(evidence, shown, trust, findings).run(authorities)


@dataclass(kw_only=True)
class CheckedEvidence(Checked):
    """An evidence file, verified, with what can be compared with another of the same client."""

    client: str | None = None
    """The client number that its accounting names."""
    tag: bytes | None = None
    stream: tuple[bytes, ...] = ()
    """Leaf hashes of the stream's entries, in order."""


@dataclass(kw_only=True)
class _Examination:
    """One evidence file under verification."""

    evidence: Evidence
    shown: SignedCheckpoint
    findings: Findings
    history: History
    chain: Chain
    snapshot: Snapshot
    rules: Rules | None = None
    """By which the accounting was drawn; None where they are not known."""
    notices: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, evidence: Evidence, shown: SignedCheckpoint, trust: Trust, findings: Findings) -> "_Examination":
        history = History(proofs=Proofs(named=shown.checkpoint, findings=findings))
        return cls(
            evidence=evidence,
            shown=shown,
            findings=findings,
            history=history,
            chain=Chain(history=history, tag=evidence.tag, end=evidence.stream_map.end),
            snapshot=Snapshot(shown=shown, trust=trust, findings=findings),
        )

    def run(self, authorities: Sequence["Authority"]) -> CheckedEvidence:
        """Every check, each after those that it rests on."""
        self.history.read(self.evidence.keys)
        accounting = self._read_accounting()
        last = self.chain.check_map(self.evidence.stream_map)
        stream = self._open("stream", self.evidence.stream, accounting)
        listed = self._open("listed", self.evidence.listed, accounting)
        self.history.check_checkpoint(self.shown, last, self.snapshot.trust)
        if accounting is not None:
            self._check_accounting(accounting, stream, listed, last)
        self.history.proofs.check_neighbours()
        self._check_outside(authorities)
        if accounting is not None:
            self._describe(accounting, stream, listed)
        return CheckedEvidence(
            findings=self.findings,
            size=self.history.proofs.count,
            snapshot=self.snapshot,
            notices=tuple(self.notices),
            client=self._client() or None,
            tag=self.evidence.tag,
            stream=tuple(leaf_hash(one.note) for one in self.evidence.stream),
        )

    def _read_accounting(self) -> Accounting | None:
        try:
            accounting = Accounting.from_json(self.evidence.accounting)
            expect_trimmed({**self.evidence.accounting, "checkpoint": None})
        except UnknownVersion as error:
            self.findings.add("13.version", "accounting", "an accounting of version 1", error.message)
        except Malformed as error:
            self.findings.add("13.form", "accounting", "an accounting as it is printed", error.message)
        else:
            return accounting
        return None

    def _open(self, name: str, shown: Sequence[Opened], accounting: Accounting | None) -> list[Item]:
        """13 a and b of the stream, or of what is listed: each entry read, and what is opened of it."""
        read = [self.chain.read(f"{name}[{place}]", one) for place, one in enumerate(shown)]
        if name == "stream":
            self.chain.check_links(shown, read)
        items, period = list[Item](), accounting.period if accounting else None
        for entry, one in zip(read, shown, strict=True):
            if entry is not None and name == "listed":
                self._check_listed(entry, one)
            if entry is not None and (item := self.chain.open(entry, one, period)) is not None:
                items.append(item)
        return items

    def _check_listed(self, entry: Entry, shown: Opened) -> None:
        """13 c: a listed entry is in no stream, and is there."""
        if entry.header.stream is not None:
            self.history.proofs.fault(entry, "13.listed", "an entry of no stream", "one of a stream")
        if shown.erasure is not None:
            self.history.proofs.fault(entry, "13.listed", "an entry that a row is made of", "one that was erased")

    def _check_accounting(
        self, accounting: Accounting, stream: Sequence[Item], listed: Sequence[Item], last: Entry | None
    ) -> None:
        """13 b to f: the accounting against the entries that stand."""
        standing = Standing(
            client=self._client(),
            period=accounting.period,
            findings=self.findings,
            unknown=self.history.proofs.unknown_in("stream"),
        )
        self._check_first(standing, stream)
        following = [item for item in stream if not self._is_first(item)]
        standing.take_stream(following)
        standing.take_listed(listed, following)
        self._check_same_checkpoint(accounting)
        proofs, rows = self.history.proofs, self.evidence.accounting["rows"]
        unknown = len(proofs.unknown_in("stream")) + len(proofs.unknown_in("listed"))
        self.rules, told = printed.check(accounting, rows, standing, unknown, self.findings)
        self.notices += told
        until = max(accounting.issued_on, accounting.period.to)
        if last is not None and _is_before(last.header.recorded_at.date(), until):
            found = f"the map is of {last.header.recorded_at.date()}"
            self.findings.add("13.not-covered", "accounting", f"a map of {until}", found)

    def _check_first(self, standing: Standing, stream: Sequence[Item]) -> None:
        """13 b: the stream begins with the client that the accounting is about."""
        first = next((item for item in stream if self._is_first(item)), None)
        if first is not None and first.fields.keys() == {"client"}:
            standing.check_client(first)
        elif first is not None:
            found = ", ".join(sorted(first.fields)) or "nothing"
            self.findings.at(first.index, Finding(code="13.opened", where=first.where, expected="client", found=found))
        elif self.chain.began_before_erasure(self.evidence.stream):
            if not any("client" in item.fields for item in stream):
                self.findings.add("13.client-erased", "stream", "an entry that names the client", "none")
        elif "stream[0]" not in self.history.proofs.unknown:
            self.findings.add("13.stream", "stream", "a first entry whose client is open", "none")

    def _is_first(self, item: Item) -> bool:
        return bool(self.evidence.stream) and self._leaf_at(item.index) == leaf_hash(self.evidence.stream[0].note)

    def _leaf_at(self, index: int) -> bytes | None:
        entry = self.history.proofs.proved.get(index)
        return entry.leaf_hash if entry is not None else None

    def _check_same_checkpoint(self, accounting: Accounting) -> None:
        """13 d. Cosignatures may differ: the evidence gathers them, and on the copy they prove nothing."""
        try:
            copy = checkpoints.parse(accounting.checkpoint.encode())
        except Malformed as error:
            self.findings.add("13.checkpoint", "accounting", "the checkpoint of the evidence", error.message)
            return
        if copy.note.text != self.shown.note.text:
            self.findings.add("13.checkpoint", "accounting", self.shown.note.text.decode(), copy.note.text.decode())
            return
        keys = self.history.keys_at(self.shown.checkpoint.size)
        for key in keys.both() if keys is not None and copy.raw != self.shown.raw else ():
            if is_line_good(self.shown, key) and not is_line_good(copy, key):
                self.findings.add("13.checkpoint", "accounting", f"a line of {name_of(key)} that verifies", "none")

    def _client(self) -> str:
        """The client number as the accounting spells it."""
        client = self.evidence.accounting.get("client")
        number = client.get("number") if isinstance(client, dict) else None
        return number if isinstance(number, str) else ""

    def _check_outside(self, authorities: Sequence["Authority"]) -> None:
        """Checks 4, 8, 9 and 10."""
        proofs, snapshot = self.history.proofs, self.snapshot
        snapshot.history = self.history.keys_up_to(self.shown.checkpoint.size)
        snapshot.recorders, snapshot.leaves = self.history.recorder_keys(), proofs.leaves()
        snapshot.roots.update(self.history.roots)
        if proofs.proved:
            index, latest = max(proofs.proved.items())
            snapshot.latest = index, latest.header.recorded_at
        snapshot.check_witnesses()
        if self.evidence.timestamps:
            self._check_timestamps(authorities)
        snapshot.check_known()

    def _check_timestamps(self, authorities: Sequence["Authority"]) -> None:
        """Checks 10 and 4 of what authorities have stamped."""
        from disclosure_ledger.log import timestamp  # few files hold any

        for place, response in enumerate(self.evidence.timestamps):
            where = f"timestamps[{place}]"
            time = timestamp.check(where, response, self.shown.note.text, authorities, self.findings)
            if time is not None:
                check_time(where, time, self.snapshot.latest, self.findings)

    def _describe(self, accounting: Accounting, stream: Sequence[Item], listed: Sequence[Item]) -> None:
        """What a reader should know beside the verdict."""
        proved = self.history.proofs.proved
        first = next((item for item in stream if self._is_first(item)), None)
        if first is not None:
            self.notices.append(f"The client's stream begins on {proved[first.index].header.recorded_at.date()}.")
        for index, by in sorted(corrected_by([*stream, *listed]).items()):
            self.notices += [
                f"Entry {index} was {'retracted' if one.retracts else 'replaced'} by entry {one.index}." for one in by
            ]
        self.notices += [f"Entry {index} was erased." for index in self._erased()]
        self.notices += [
            f"Entry {one.index} is in no stream: nothing proves that all such are listed." for one in listed
        ]
        if count := len(accounting.research):
            self.notices.append(f"Studies that are printed: {count}. Nothing proves what is said of them.")
        if accounting.statements != STATEMENTS:
            self.notices.append("What the accounting says beside its rows is not what this release says on every one.")
        if self.rules is not None and self.rules != Rules():
            self.notices.append(f"Where the rule leaves room, the accounting reads it so: {self.rules.name()}.")

    def _erased(self) -> list[int]:
        shown = {leaf_hash(one.note) for one in self.evidence.stream if one.erasure is not None}
        return sorted(index for index, leaf in self.snapshot.leaves.items() if leaf in shown)


def _is_before(day: dt.date, until: dt.date) -> bool:
    """Whether a day is earlier than the day before another."""
    return until.toordinal() - day.toordinal() > 1
