"""May this go out? The checks before a release, and the same at recording.

A record of what happened is never refused: what is found is stored with it. A block that stands at recording makes the
release, for the accounting, one that its stated basis does not cover, so that an expired form makes it accountable.

>>> from disclosure_ledger.hipaa.casefile import Casefile
>>> from disclosure_ledger.hipaa.records import from_json
>>> release = from_json({"kind": "disclosure", "client": "C-1001", "disclosed_on": "2026-04-13", "verified": "by phone",
...     "basis": "authorization", "recipient": {"name": "Westbrook Academy", "type": "school"}, "description": "dates"})
>>> found = check(release, Casefile())
>>> [one.check for one in found if one.severity is Severity.BLOCK]
['AUTH-1']
>>> counted_as(release, found), purpose(release, found)
('impermissible', 'This was sent in error. There was no signed form on record for this.')

Rules: docs/hipaa.md, "Rules to enforce or warn on at recording time"; docs/records.md, "Clearance".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from . import bases, clear_forms, clear_limits, clear_minimum, clear_part2, clear_process, clear_prompts, clear_state
from .asking import Asking, ClearanceFinding, Facts, finding, in_order
from .casefile import Casefile, Release
from .checks import CHECKS, Check, Severity
from .overlay import NO_OVERLAY, Overlay
from .records import (
    Authorization,
    AuthorizationRevoked,
    Client,
    Correction,
    Disclosure,
    Record,
    Restriction,
    RestrictionEnded,
)

__all__ = [
    "CHECKS",
    "NO_OVERLAY",
    "Check",
    "ClearanceFinding",
    "Facts",
    "Overlay",
    "Reassessed",
    "Severity",
    "check",
    "cleared",
    "counted_as",
    "finding",
    "may_change_others",
    "purpose",
    "reassess",
    "standing_blocks",
]

_TOPICS: Final = (
    clear_forms.findings,
    clear_limits.findings,
    clear_minimum.findings,
    clear_process.findings,
    clear_prompts.findings,
    clear_part2.findings,
    clear_state.findings,
)
_FACTS: Final = Facts()

REASON: Final = "a later record changes how this release counts"
"""The reason on a correction that the ledger appends itself."""


def check(
    release: Disclosure,
    casefile: Casefile,
    *,
    facts: Facts = _FACTS,
    overlay: Overlay = NO_OVERLAY,
    happened: bool = False,
) -> tuple[ClearanceFinding, ...]:
    """What clearance finds, in the order of the registry. Without a block it may go out.

    `happened`: it went out, and is being recorded. Then a block that makes it impermissible opens an incident (BRE-1).
    """
    asking = Asking(release=release, casefile=casefile, facts=facts, overlay=overlay)
    found = [one for topic in _TOPICS for one in topic(asking)]
    if happened and any(one.counts for one in found):
        found += clear_prompts.incident(asking)
    return in_order(found)


def standing_blocks(release: Disclosure, findings: Iterable[ClearanceFinding]) -> tuple[ClearanceFinding, ...]:
    """The blocks that nobody has accepted by an override: they refuse a release that has not happened yet."""
    accepted = {override.check for override in release.overrides or ()}
    return tuple(one for one in findings if one.severity is Severity.BLOCK and one.check not in accepted)


def counted_as(release: Disclosure, findings: Iterable[ClearanceFinding]) -> str:
    """The basis that decides the accounting: the stated one, or `impermissible` where a block stood.

    An override changes nothing: it says who went on, not that the finding was wrong.
    """
    if release.basis not in bases.IMPERMISSIBLE and any(one.counts for one in findings):
        return "impermissible"
    return release.basis


def purpose(
    release: Disclosure, findings: Iterable[ClearanceFinding], *, protocol_name: str | None = None
) -> str | None:
    """The sentence the client reads: what was written, or else the sentence of how it counts (164.528(b)(2)(iv))."""
    if release.purpose is not None:
        return release.purpose
    found = tuple(findings)
    first = next((one.message for one in found if one.counts), None)
    return bases.purpose(
        counted_as(release, found),
        recipient=release.recipient.name,
        matter=release.matter,
        protocol_name=protocol_name,
        explanation=release.explanation,
        block_sentence=first,
        disclosed_by=release.disclosed_by,
    )


def cleared(
    release: Disclosure, findings: Sequence[ClearanceFinding], *, protocol_name: str | None = None
) -> Disclosure:
    """The release with all that the ledger writes into it: how it counts, the ids of the findings, the purpose."""
    return replace(
        release,
        counted_as=counted_as(release, findings),
        findings=tuple(one.check for one in findings),
        purpose=purpose(release, findings, protocol_name=protocol_name),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassessed:
    """A release that counts differently now, and the correction that says so."""

    release: Release
    correction: Correction
    """Names the entry that stands; its replacement has `counted_as`, `findings` and `purpose`."""
    findings: tuple[ClearanceFinding, ...]


def may_change_others(record: Record) -> bool:
    """Can a record of this kind change how an earlier release counts?"""
    if isinstance(record, Correction):
        return record.retracts
    return isinstance(record, Authorization | AuthorizationRevoked | Restriction | RestrictionEnded | Client)


def reassess(casefile: Casefile, *, facts: Facts = _FACTS, overlay: Overlay = NO_OVERLAY) -> tuple[Reassessed, ...]:
    """The standing releases that count differently now than was stored, each with its correction.

    A revocation that had arrived earlier, a form that is recorded late, a restriction that was in force: how a release
    counts, and the sentence that the ledger wrote about it, follow the facts, in whichever order they are recorded.
    """
    found = []
    for release, disclosure in casefile.standing():
        findings = check(disclosure, casefile, facts=facts, overlay=overlay, happened=True)
        anew = _anew(disclosure, findings, casefile.protocol_name(disclosure))
        if disclosure.counted_as is not None and _differs(disclosure, anew):
            found.append(_reassessed(release, anew, findings))
    return tuple(found)


def _differs(stored: Disclosure, anew: Disclosure) -> bool:
    """Does it count differently, or is what went wrong something else now?"""
    if stored.counted_as != anew.counted_as:
        return True
    return anew.counted_as in bases.IMPERMISSIBLE and stored.purpose != anew.purpose


def _anew(disclosure: Disclosure, findings: tuple[ClearanceFinding, ...], protocol_name: str | None) -> Disclosure:
    """The release as it would be recorded today; a purpose that somebody wrote stays."""
    ours = _is_ours(disclosure, protocol_name)
    blank = replace(disclosure, purpose=None) if ours else disclosure
    return cleared(blank, findings, protocol_name=protocol_name)


def _reassessed(release: Release, anew: Disclosure, findings: tuple[ClearanceFinding, ...]) -> Reassessed:
    correction = Correction(
        client=anew.client,
        corrects=release.chain[-1],
        reason=REASON,
        replacement=replace(anew, ref=None, note=None, recorded_by=None),
    )
    return Reassessed(release=release, correction=correction, findings=findings)


def _is_ours(disclosure: Disclosure, protocol_name: str | None) -> bool:
    """Is the stored purpose a sentence that the ledger filled in, of the old count?"""
    stored = [CHECKS[id_] for id_ in disclosure.findings or () if id_ in CHECKS]
    blank = replace(disclosure, purpose=None)
    said = [finding(row.id, message=text) for row in stored if row.counts for text in (row.sentence, row.also) if text]
    ours = {purpose(blank, (one,)) for one in said}
    plain = {purpose(blank, (), protocol_name=name) for name in (None, protocol_name)}
    return disclosure.purpose in ours | plain
