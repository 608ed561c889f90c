"""Which class of stream an entry belongs to, and why; and when a correction must become two (docs/format.md section 6).

Three classes: what an accounting lists, what else may be told to the client, and (None) what must be deniable, because
a position in a stream would betray it.

>>> from disclosure_ledger.hipaa.records import from_json
>>> release = {"kind": "disclosure", "client": "C-1001", "disclosed_on": "2026-02-03", "basis": "payment",
...     "recipient": {"name": "BlueCo", "type": "health_plan"}, "description": "claim"}
>>> release_class(from_json(release)), release_class(from_json(release), counted_as="impermissible")
('record', 'accounting')
>>> print(release_class(from_json({**release, "basis": "health_oversight"}), counted_as="impermissible"))
None
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from .bases import Rules, withheld
from .records import (
    Client,
    Correction,
    Disclosure,
    Hold,
    HoldLifted,
    Record,
    ResearchProtocol,
    Suspension,
    SuspensionLifted,
)

StreamClass: TypeAlias = Literal["accounting", "record"]

ACCOUNTING: Final = "accounting"
RECORD: Final = "record"

_DENIABLE: Final = (Suspension, SuspensionLifted, Hold, HoldLifted, ResearchProtocol)

_TEXT: Final = Rules()
"""Streams follow the text with its unsettled codes in: a reading that is switched later must find them there."""


def release_class(release: Disclosure, *, counted_as: str | None = None) -> StreamClass | None:
    """The class of a release that counts as `counted_as`.

    One stated or counted under 164.512(d), (f), (k)(2) or (k)(5), or of services that a minor consented to alone, is in
    no stream, whatever block stood.
    """
    counted = counted_as or release.counts_as
    if withheld(release.basis) or withheld(counted) or release.scope == "minor_consented":
        return None
    return ACCOUNTING if _TEXT.lists(counted) else RECORD


def stream_class(record: Record, *, target: StreamClass | None = None, first: bool = False) -> StreamClass | None:
    """The class of an entry. `target`: of the entry that a correction corrects. `first`: the client's first record?"""
    if isinstance(record, Correction):
        return target
    if isinstance(record, Client):
        return ACCOUNTING if first else None
    if isinstance(record, Disclosure):
        return release_class(record)
    return None if isinstance(record, _DENIABLE) else RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The entry that a correction is about: what stood until then."""

    index: int
    client: str
    stream: StreamClass | None
    retracted: bool = False
    """Was it retracted already, so that nothing stands?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One entry to write: the record, whose it is, and the class of stream it goes to."""

    stream: StreamClass | None
    client: str | None
    record: Record
    corrects: int | None = None


def plan(
    record: Record, *, target: Target | None = None, counted_as: str | None = None, first: bool = False
) -> tuple[Filing, ...]:
    """The entries that a record becomes: one, or two where a correction's replacement belongs elsewhere.

    Then the first retracts in the old class, and the second names the same entry in the new one; `ref` and `note` stay
    with the replacement. Raises ValueError for a correction without its target.
    """
    if not isinstance(record, Correction):
        stream = release_class(record, counted_as=counted_as) if isinstance(record, Disclosure) else None
        stream = stream if isinstance(record, Disclosure) else stream_class(record, first=first)
        return (Filing(stream=stream, client=record.client, record=record),)
    if target is None:
        raise ValueError("expected the entry that the correction corrects")
    return _corrections(replace(record, corrects=target.index), target, counted_as)


def _corrections(correction: Correction, target: Target, counted_as: str | None) -> tuple[Filing, ...]:
    if correction.replacement is None:
        return (_filing(_retraction(correction, target), target.stream),)
    stream = release_class(correction.replacement, counted_as=counted_as)
    moved = _filing(correction, stream)
    if (stream, correction.client) == (target.stream, target.client) or target.retracted:
        return (moved,)
    leaving = replace(_retraction(correction, target), ref=None, note=None)
    return _filing(leaving, target.stream), moved


def _retraction(correction: Correction, target: Target) -> Correction:
    return replace(correction, client=target.client, replacement=None)


def _filing(correction: Correction, stream: StreamClass | None) -> Filing:
    index = correction.corrects if isinstance(correction.corrects, int) else None
    return Filing(stream=stream, client=correction.client, record=correction, corrects=index)
