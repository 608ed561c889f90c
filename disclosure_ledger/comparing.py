"""A file that shows one checkpoint, held against one that is known from outside (docs/format.md section 12, check 8).

Both are signed, so that whatever both prove and cannot both be true accuses whoever signed both: two roots of one size,
two entries of one index, two streams of one client, or an audit package whose own entries do not hold. What is known
from outside is itself verified first; what does not verify accuses nobody, and makes the verdict incomplete.

>>> from pathlib import Path
>>> from disclosure_ledger.log.findings import Findings
>>> nothing = Checked(findings=Findings(), size=0)
>>> compare(nothing, Kept(where="a", kind=Kind.UNKNOWN, path=Path("a"), data=b""), Trust())
>>> nothing.findings.all()
()
"""

from typing import Final

from . import evidence, package
from .errors import Malformed
from .evidence import CheckedEvidence
from .log import checkpoint as checkpoints
from .log import receipt
from .log.checkpoint import Trust
from .log.entry import Entry
from .log.findings import Finding, Outcome, Verdict
from .log.merkle import leaf_hash
from .log.snapshot import Checked, Snapshot
from .log.verifier import Walk
from .pile import Kept, Kind

_OF_THE_ENTRIES: Final = frozenset({"1", "2", "3", "4", "5", "6"})
"""Checks that speak of the ledger itself, whoever made the package that shows it."""
_OF_ERASURES: Final = frozenset({"12.too-early", "12.not-erasable"})


def compare(checked: Checked, kept: Kept, trust: Trust) -> None:
    """Check 8 of one file or audit package that is known from outside. `trust`: the keys under which it counts."""
    snapshot, keys = checked.snapshot, Trust(keys=trust.keys)
    if snapshot is None:
        return
    if kept.kind is Kind.PACKAGE:
        _compare_package(checked, snapshot, kept, keys)
    elif kept.kind is Kind.RECEIPT:
        _compare_checked(checked, snapshot, kept, receipt.check(kept.data, keys))
    elif (inside := _evidence_in(kept)) is not None:
        _compare_checked(checked, snapshot, kept, evidence.check(inside, keys))
    else:
        _compare_note(snapshot, kept)


def _evidence_in(kept: Kept) -> bytes | None:
    """The evidence that a file is or holds. What its document shows is nothing to a comparison of what was signed."""
    try:
        data = kept.json()
    except Malformed:
        return None
    return data if data is not None and (evidence.format_of(data) or "").startswith(evidence.FAMILY) else None


def _compare_note(snapshot: Snapshot, kept: Kept) -> None:
    try:
        signed = checkpoints.parse(kept.note())
    except Malformed:
        snapshot.findings.add("8.unreadable", kept.where, "a signed checkpoint")
        return
    snapshot.check_signed(kept.where, signed)


def _compare_checked(checked: Checked, snapshot: Snapshot, kept: Kept, other: Checked) -> None:
    """Against a receipt or an evidence file: every root and every entry that both prove."""
    theirs = other.snapshot
    if theirs is None:
        snapshot.findings.add("8.unreadable", kept.where, "a receipt or evidence", _first_failing(other.verdict()))
        return
    if not snapshot.is_of_this_ledger(kept.where, theirs.shown):
        return
    snapshot.check_vouched(kept.where, theirs.shown)
    if (verdict := other.verdict()).outcome is Outcome.FAILED:
        snapshot.findings.add("8.unreadable", kept.where, "a file that verifies", _first_failing(verdict))
        snapshot.compare_root(kept.where, theirs.shown, {theirs.shown.checkpoint.size: theirs.shown.checkpoint.root})
        return
    compared = [
        snapshot.compare_root(kept.where, theirs.shown, theirs.roots),
        snapshot.compare_leaves(kept.where, theirs.shown, theirs.leaves),
        _compare_streams(checked, snapshot, kept, other),
    ]
    if not any(compared):
        snapshot.say_incomparable(kept.where, theirs.shown.checkpoint.size)


def _compare_streams(checked: Checked, snapshot: Snapshot, kept: Kept, other: Checked) -> bool:
    """Two evidence files of one client have one tag, and the larger checkpoint's stream begins with the other's."""
    if not isinstance(checked, CheckedEvidence) or not isinstance(other, CheckedEvidence):
        return False
    if checked.client is None or checked.client != other.client or other.shown is None:
        return False
    ours, theirs = (snapshot.shown.checkpoint.size, checked.stream), (other.shown.checkpoint.size, other.stream)
    (_, shorter), (_, longer) = sorted((ours, theirs), key=lambda one: one[0])
    if checked.tag != other.tag or longer[: len(shorter)] != shorter:
        expected = "the same stream with the same beginning"
        snapshot.findings.add("8.earlier", kept.where, expected, "another stream" if checked.tag != other.tag else "")
        snapshot.accuse(kept.where, other.shown)
    return True


def _compare_package(checked: Checked, snapshot: Snapshot, kept: Kept, keys: Trust) -> None:
    """Against an audit package: every root and entry, that its own entries hold, and that no key entry was left out."""
    leaves, changes = dict[int, bytes](), list[int]()

    def on_entry(index: int, raw: bytes, entry: Entry | None) -> None:
        if index in snapshot.leaves:
            leaves[index] = entry.leaf_hash if entry else leaf_hash(raw)
        if entry is not None and entry.header.kind in evidence.KEY_KINDS:
            changes.append(index)

    verdict, walk = package.examine(
        kept.path, trust=keys, require_outside=False, on_entry=on_entry, sizes=[*snapshot.roots]
    )
    if walk is None or walk.checkpoint is None:
        snapshot.findings.add("8.unreadable", kept.where, "an audit package", _first_failing(verdict))
        return
    if not snapshot.is_of_this_ledger(kept.where, walk.checkpoint):
        return
    snapshot.check_vouched(kept.where, walk.checkpoint)
    of_the_ledger, of_the_package = _parted(verdict)
    if of_the_package:
        snapshot.findings.add("8.unreadable", kept.where, "an audit package that verifies", _said(of_the_package))
        return
    _compare_walk(snapshot, kept, walk, leaves)
    if of_the_ledger:
        snapshot.findings.add("8.package", kept.where, "a ledger that holds", _said(of_the_ledger))
    if isinstance(checked, CheckedEvidence):
        _check_changes(snapshot, kept, changes)


def _compare_walk(snapshot: Snapshot, kept: Kept, walk: Walk, leaves: dict[int, bytes]) -> None:
    if walk.checkpoint is None:
        return
    size = walk.checkpoint.checkpoint.size
    roots = {at: mark.root for at, mark in walk.marks.items() if at <= size}
    compared = [
        snapshot.compare_root(kept.where, walk.checkpoint, roots),
        snapshot.compare_leaves(kept.where, walk.checkpoint, leaves),
    ]
    if not any(compared):
        snapshot.say_incomparable(kept.where, size)


def _check_changes(snapshot: Snapshot, kept: Kept, changes: list[int]) -> None:
    """Check 13: the evidence shows every entry that changed a key, as far as the package has them."""
    for index in changes:
        if index < snapshot.shown.checkpoint.size and index not in snapshot.leaves:
            found = f"left out: {kept.where} has it"
            snapshot.findings.add("13.keys", f"entry {index}", "every entry that changed a key", found)


def _parted(verdict: Verdict) -> tuple[list[Finding], list[Finding]]:
    """What fails of the ledger that a package shows, and what fails of the package itself."""
    of_the_ledger, of_the_package = list[Finding](), list[Finding]()
    for one in verdict.findings:
        if one.fails:
            is_ours = one.code.partition(".")[0] in _OF_THE_ENTRIES or one.code in _OF_ERASURES
            (of_the_ledger if is_ours else of_the_package).append(one)
    return of_the_ledger, of_the_package


def _first_failing(verdict: Verdict) -> str:
    return _said([one for one in verdict.findings if one.fails] or list(verdict.findings))


def _said(findings: list[Finding]) -> str:
    return f"{findings[0].code} at {findings[0].where}" if findings else ""
