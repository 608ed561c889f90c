"""Any file handed to `verify`, told apart, verified, and held against a pile of others (docs/format.md section 12).

No database and no key is needed, and nothing here knows of either: a ledger in a database is `audit`'s.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "evidence.json"
...     _ = path.write_text('{"format":"disclosure-ledger/evidence/v2"}')
...     verify(path, trust=Trust()).outcome.value
'incomplete'
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from . import evidence, package, pile
from .embedded import picture
from .errors import Malformed, NoLedger, NotFound
from .log import checkpoint as checkpoints
from .log import receipt
from .log.checkpoint import Trust
from .log.findings import Finding, Findings, Verdict
from .log.snapshot import Checked, Snapshot
from .pile import Kept, Kind

if TYPE_CHECKING:
    from .log.timestamp import Authority

Difference: TypeAlias = Callable[[bytes, bytes], Finding | None]
"""Check 14 of a document and the evidence inside (`documents.difference`): None where it shows what that makes.

It is given, because it needs what sets documents; verification itself needs none of that.
"""

UNCOMPARED: Final = Finding(
    code="14.not-compared", where="document", expected="what can make it again", found="nothing that does"
)
MOST_UNPROVED: Final = 2_000_000
"""Bytes of evidence that does not hold above which nothing is made of it: that could take as long as somebody likes."""
_ACCOUNTING: Final = "disclosure-ledger/accounting/"

SAME: Final = "The document shows what its evidence makes, to the byte."
WHAT_COUNTS: Final = "What counts is the list that the evidence has, and not what the document shows."
PICTURE: Final = "Nothing proves the picture at the top: the evidence knows nothing of it."
ONE_CHECKPOINT: Final = "A checkpoint shows what its signers said, and nothing of the entries: an audit package does."


def verify(
    target: Path | Kept,
    *,
    trust: Trust,
    known: Sequence[Kept] = (),
    authorities: Sequence["Authority"] = (),
    threads: int | None = None,
    on_progress: Callable[[int], None] | None = None,
    difference: Difference | None = None,
) -> Verdict:
    """Say what the file or folder at a path, or what was read of it (`find`), amounts to under the caller's trust.

    known: files from outside to compare it with (`pile.gather`). authorities: whose timestamps count. threads,
    on_progress: for audit packages. difference: what holds a page or PDF against its evidence
    (`documents.difference`); without it what such a document shows stays unverified. Raises NotFound where nothing is
    there or nothing in it can be verified, NoLedger where it is none of ours; what the bytes are never makes it raise
    otherwise.
    """
    if isinstance(target, Path):
        target = pile.read(target)
    if target.kind is Kind.PACKAGE:
        told = replace(trust, known=(*trust.known, *pile.notes(known)))
        return package.verify(
            target.path, trust=told, authorities=authorities, threads=threads, on_progress=on_progress
        )
    checked = _checked(target, trust, authorities, difference)
    if known:
        _compare(checked, known, trust)
    return checked.verdict()


def find(place: str) -> Kept | None:
    """The file or folder that a place names, for `verify`; None where it is a database, or nothing is there.

    Raises NotFound where it cannot be read.
    """
    path = Path(place)
    if "://" in place or not path.exists():
        return None
    found = pile.read(path)
    return None if found.kind is Kind.DATABASE else found


def _compare(checked: Checked, known: Sequence[Kept], trust: Trust) -> None:
    from . import comparing  # it loads the verifiers of every kind

    for kept in known:
        comparing.compare(checked, kept, trust)


def _checked(target: Kept, trust: Trust, authorities: Sequence["Authority"], difference: Difference | None) -> Checked:
    if target.kind is Kind.RECEIPT:
        return receipt.check(target.data, trust)
    if target.kind is Kind.CHECKPOINT:
        return _check_checkpoint(target.data, trust)
    if target.kind is Kind.JSON:
        _expect_evidence(target)
        return evidence.check(target.data, trust, authorities=authorities)
    if target.kind in (Kind.HTML, Kind.PDF):
        return _check_document(target, trust, authorities, difference)
    raise NoLedger(f"{target.where} is none of ours: no ledger, audit package, evidence, receipt or checkpoint")


def _check_document(
    target: Kept, trust: Trust, authorities: Sequence["Authority"], difference: Difference | None
) -> Checked:
    """A page or a PDF: the evidence inside, and check 14, whether that is what is shown."""
    try:
        inside = target.json()
    except Malformed as error:
        findings = Findings()
        findings.add("14.evidence", "document", "one evidence that can be taken out", error.message)
        return Checked(findings=findings, size=0)
    if inside is None:
        raise NotFound(f"no evidence was found in {target.where}", hint="verify the evidence file beside it")
    checked = evidence.check(inside, trust, authorities=authorities)
    failed = checked.findings.fail()
    found: Finding | None = UNCOMPARED
    if difference is not None and not (failed and len(inside) > MOST_UNPROVED):
        found = difference(target.data, inside)
    checked.findings.extend([found] if found is not None else [])
    if found is not None or not failed:
        checked.notices = (*checked.notices, SAME if found is None else WHAT_COUNTS)
    if picture(target.data) is not None:
        checked.notices = (*checked.notices, PICTURE)
    return checked


def _expect_evidence(target: Kept) -> None:
    """Refuse JSON that announces itself as something else. What announces nothing is evidence that was damaged."""
    announced = evidence.format_of(target.data)
    if announced is not None and announced.startswith(_ACCOUNTING):
        hint = "verify the evidence file that was made with it"
        raise NotFound(f"{target.where} is an accounting without its evidence", hint=hint)
    if announced is not None and not announced.startswith(evidence.FAMILY):
        raise NoLedger(f"{target.where} is none of ours: JSON of another format")


def _check_checkpoint(raw: bytes, trust: Trust) -> Checked:
    """A checkpoint alone: checks 7 as far as trust goes, 8 and 9."""
    findings = Findings()
    try:
        shown = checkpoints.parse(raw)
    except Malformed as error:
        findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message)
        return Checked(findings=findings, size=0)
    snapshot = Snapshot(shown=shown, trust=trust, findings=findings)
    snapshot.check_trusted_lines()
    snapshot.check_witnesses()
    snapshot.check_known()
    return Checked(findings=findings, size=0, snapshot=snapshot, notices=(ONE_CHECKPOINT,))
