"""What a verification reports: findings with closed codes, and the verdict they amount to (docs/format.md section 12).

A code is the number of its check, a dot and a name: `7.root`. The registry is closed, so that every code is explained
to its reader and none can be misspelt. The outcome follows from the findings alone: nobody can say "verified" beside a
finding. A finding never holds a client's data.

>>> finding = Finding(code="7.root", where="checkpoint", expected="the root of the entries", found="another")
>>> Verdict(size=42, findings=(finding,)).outcome
<Outcome.FAILED: 'failed'>
>>> Verdict(size=42, findings=(Finding(code="8.no-outside", where="trust"),)).outcome
<Outcome.INCOMPLETE: 'incomplete'>
>>> Verdict(size=42).outcome
<Outcome.VERIFIED: 'verified'>
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

REGISTRY: Mapping[str, str] = MappingProxyType(
    {
        "1.parse": "An entry is not in the format's one spelling.",
        "1.version": "A part is of a version that this release does not know; what depends on it was not checked.",
        "1.origin": "An entry names another ledger.",
        "1.index": "An entry names another position than the one it stands at.",
        "1.genesis": "The ledger does not begin with its one genesis.",
        "2.previous": "An entry does not name the hash of the entry before it.",
        "3.recorder": "An entry is signed by nobody who was entitled to record at that time.",
        "3.signature": "An entry's signature does not verify under its recorder's key.",
        "3.key-again": "A recorder's name or key is added a second time, or stands in another role.",
        "3.revocation": "An entry revokes a recorder who is not entitled.",
        "4.backwards": "An entry was recorded earlier than the entry before it.",
        "4.after-outside-time": "An entry was recorded later than an outside time that covers it.",
        "5.position": "A stream's entry does not follow the one before it: its position is not the next.",
        "5.previous": "A stream's entry does not name the hash of the stream's entry before it.",
        "5.client": "A client record stands in a stream after its beginning.",
        "5.kind": "A stream that begins with a client record holds what is neither disclosure nor correction.",
        "6.streams": "A stream map counts another number of streams than there are.",
        "6.root": "A stream map is not the map of the entries before it.",
        "7.size": "There are more or fewer entries than the checkpoint says.",
        "7.root": "The entries do not hash to the checkpoint's root.",
        "7.checkpoint": "The checkpoint cannot be read as one.",
        "7.ed25519": "The checkpoint is not signed with the Ed25519 log key in force at its size.",
        "7.mldsa": "The checkpoint is not signed with the ML-DSA-44 log key in force at its size.",
        "7.mldsa-time": "The log's own time on a checkpoint is not that of its last entry.",
        "7.handover": "A rotation of the log keys is not handed over by the keys before it.",
        "7.handover-unasked": "A handover is shown for a size at which no rotation took place.",
        "7.key-again": "A log key stands in another role too.",
        "7.trusted-key": "Of a type of key that is trusted, no trusted key is the log's, or was before.",
        "7.no-trusted-key": "No key was given to trust: anybody could have made this.",
        "7.vkeys": "The keys shown with the entries are not those in force.",
        "7.tile": "A tile is missing, is not the tree's, or is of another size.",
        "7.bundle": "A bundle of entries is missing, is damaged, or is of another size.",
        "7.file": "A file that belongs to no such package, or a part of it is missing or cannot be read.",
        "7.inclusion": "An entry is not in the tree that the checkpoint signs.",
        "7.consistency": "An earlier checkpoint is not the beginning of the tree that the checkpoint signs.",
        "7.receipt": "A receipt cannot be read as one.",
        "8.larger": "Cut off: a checkpoint known from outside is of a larger ledger than this one.",
        "8.different": "Rewritten: a checkpoint known from outside is of another history than this one.",
        "8.signature": "A checkpoint known from outside is signed by none of the keys that are known for this ledger.",
        "8.unreadable": "What was given as known from outside cannot be read.",
        "8.other-ledger": "What was given as known from outside is of another ledger.",
        "8.earlier": "Another evidence file of this client shows another stream, or another beginning of it.",
        "8.package": "An audit package known from outside shows that this ledger does not hold.",
        "8.no-outside": "Nothing is known from outside: a cut-off end or a rewrite by the keys' holder stays unseen.",
        "9.cosignature": "A trusted witness's line does not verify.",
        "9.witness": "A trusted witness's key is one of the ledger's own keys.",
        "9.quorum": "Fewer trusted witnesses have cosigned the checkpoint than the policy asks for.",
        "10.timestamp": "A timestamp does not verify, or is of something else.",
        "10.authority": "A timestamp cannot be checked: no authority was given to trust.",
        "11.schema": "A part of the database is not as this release makes it.",
        "11.column": "An index column disagrees with the entry beside it.",
        "11.tile": "A stored tile is not the tree's.",
        "11.head": "The stored head disagrees with the entries.",
        "11.stream": "A stored stream head disagrees with the entries.",
        "11.checkpoint": "A stored checkpoint is not of this ledger's past.",
        "11.private": "A private column is missing or is not what the keys make of the content.",
        "12.opening": "An opened field does not belong to the entry that it is shown for.",
        "12.openings": "The openings cannot be read.",
        "12.content": "A sealed content does not open, or is not what its entry commits to.",
        "12.schema": "A sealed content is not a valid record of its kind.",
        "12.class": "An entry stands in another class of stream than its content says.",
        "12.tag": "An entry stands in a stream that is not its client's.",
        "12.two-streams": "A client has two streams of one class.",
        "12.missing": "A sealed content is missing, and no erasure lists it.",
        "12.left": "A sealed content, or the key to it, is still there after its erasure.",
        "12.too-early": "An entry was erased sooner than six years after it was recorded.",
        "12.not-erasable": "An erasure lists an entry that holds nothing to erase.",
        "12.not-opened": "Sealed contents were not opened: the keys to them are not at hand.",
        "13.form": "The evidence is not in its form.",
        "13.version": "The evidence is of a version that this release does not know.",
        "13.inclusion": "An entry that the evidence shows is not in the tree that its checkpoint signs.",
        "13.keys": "An entry that added, revoked or rotated a key is missing, or out of order.",
        "13.stream-map": "The stream map is not the checkpoint's last entry, or does not hold the stream.",
        "13.stream": "The stream shown is not whole, or does not begin with this client.",
        "13.listed": "A row that comes from no stream stands twice, or stands in one.",
        "13.opened": "An entry opens other fields than the evidence must show.",
        "13.erasure": "An entry is called erased, and the erasure does not list it, or it is of the period.",
        "13.day": "A release is dated later than the day on which it was recorded.",
        "13.client-erased": "The first entry of the stream was erased, and no other that is open names this client.",
        "13.client": "A row is about another client.",
        "13.checkpoint": "The accounting was drawn from another checkpoint, or the log did not sign its copy.",
        "13.rows": "The rows printed are not those that the entries make.",
        "13.not-covered": "The stream map is older than the accounting: what came later is not covered.",
        "14.evidence": "The evidence inside a document stands twice, is cut short, or cannot be taken out.",
        "14.different": "The document shows something else than its evidence makes.",
        "14.not-compared": (
            "What the document shows was not compared: only the list as its evidence has it was verified."
        ),
    }
)
"""Every code, and what it says in one plain sentence."""

INCOMPLETE = frozenset(
    {
        *("1.version", "7.no-trusted-key", "8.signature", "8.unreadable", "8.other-ledger", "8.no-outside"),
        *("10.authority", "12.not-opened", "13.version", "13.not-covered", "13.client-erased", "14.not-compared"),
    }
)
"""The codes that say: what was checked holds, but something asked for could not be."""


MOST_OF_A_CODE = 1_000
"""Findings of one code that a verdict lists; the rest is counted, so that a hostile file cannot fill the memory."""


class Outcome(StrEnum):
    """What a verification amounts to."""

    VERIFIED = "verified"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not hold, or that could not be checked. A code outside the registry is a ValueError."""

    code: str
    where: str
    """A place: `entry 41`, `checkpoint`, `tile/0/000`, a file's name."""
    expected: str = ""
    found: str = ""

    def __post_init__(self) -> None:
        if self.code not in REGISTRY:
            raise ValueError(f"expected a code of the registry, found {self.code}")

    @property
    def fails(self) -> bool:
        """Whether this alone makes a verification fail."""
        return self.code not in INCOMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """Two signed statements that cannot both be true: whoever signed both has rewritten or cut off the ledger."""

    where: str
    """Where the one known from outside came from."""
    known: str
    """The note known from outside."""
    shown: str
    """The note that came with what was verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwitnessed:
    """The entries at the end that no outside memory covers yet."""

    first: int
    """The first entry not covered."""
    count: int
    since: dt.datetime | None
    """When that entry says it was recorded; None where it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verification found. The outcome follows from the findings."""

    size: int
    """How many entries were looked at."""
    findings: tuple[Finding, ...] = ()
    origin: str | None = None
    checkpoint: str | None = None
    """The checkpoint's text, without signature lines."""
    unwitnessed: Unwitnessed | None = None
    accusations: tuple[Accusation, ...] = ()
    notices: tuple[str, ...] = field(default=())
    """What a reader should know that is no finding: one sentence each."""

    @property
    def outcome(self) -> Outcome:
        """Failed where a finding fails, else incomplete where there is one, else verified."""
        if any(finding.fails for finding in self.findings):
            return Outcome.FAILED
        return Outcome.INCOMPLETE if self.findings else Outcome.VERIFIED

    def plus(self, findings: Iterable[Finding]) -> "Verdict":
        """The verdict with further findings."""
        return replace(self, findings=(*self.findings, *findings))


class Findings:
    """Findings as they come; in the end those about entries first, in the entries' order."""

    def __init__(self) -> None:
        self._of_entries: list[tuple[int, Finding]] = []
        self._of_the_whole: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def at(self, index: int, finding: Finding) -> None:
        """Take a finding about one entry."""
        if self._has_room(finding):
            self._of_entries.append((index, finding))

    def add(self, code: str, where: str, expected: str = "", found: str = "") -> None:
        """Take a finding about the whole."""
        self.extend([Finding(code=code, where=where, expected=expected, found=found)])

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take findings about the whole, or in an order of their own."""
        self._of_the_whole.extend(filter(self._has_room, findings))

    def all(self) -> tuple[Finding, ...]:
        """All that are listed."""
        return (*(item[1] for item in sorted(self._of_entries, key=lambda item: item[0])), *self._of_the_whole)

    def fail(self) -> bool:
        """Whether any of them fails."""
        return any(one.fails for one in self.all())

    def left_out(self) -> tuple[str, ...]:
        """What to say of those that are not."""
        return tuple(
            f"{count - MOST_OF_A_CODE} more findings of code {code} are not listed."
            for code, count in self._counts.items()
            if count > MOST_OF_A_CODE
        )

    def _has_room(self, finding: Finding) -> bool:
        self._counts[finding.code] += 1
        return self._counts[finding.code] <= MOST_OF_A_CODE
