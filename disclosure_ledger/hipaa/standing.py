"""Which entry about a release stands, after all its corrections.

A correction takes the place of the entry it names or retracts it. One that names an entry of another client moved the
release here: it is a release of its own.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.records import Correction
>>> day = date(2026, 2, 4)
>>> releases_of([Filed(index=9, record=Correction(client="C-1", corrects=7, reason="wrong client"), recorded_on=day)])
()
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from .records import Correction, Disclosure, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A record and where it stands: its entry's index, the practice's day of recording, and if it is in a stream."""

    index: int
    record: Record
    recorded_on: date
    in_stream: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release, through all its corrections."""

    original: int
    """The index of the first entry about it among this client's."""
    standing: int | None
    """The index of the entry that stands; None where it was retracted."""
    disclosure: Disclosure | None
    """What stands; None where it was retracted."""
    chain: tuple[int, ...]
    """Every entry about it, in order, the last one included."""
    names: frozenset[int]
    """Every index that a correction may call it by, those of another client's entries included."""
    in_stream: bool | None
    """Is the entry that stands in a stream? None where nobody said."""
    recorded_on: date
    """The day of the last entry about it."""


def releases_of(ordered: Iterable[Filed]) -> tuple[Release, ...]:
    """Every release with its corrections; a correction of another client's entry is a release of its own."""
    found: list[Release] = []
    place: dict[int, int] = {}
    refs: dict[str, int] = {}
    for entry in ordered:
        if entry.record.ref is not None:
            refs[entry.record.ref] = entry.index
        if isinstance(entry.record, Disclosure):
            place[entry.index] = len(found)
            found.append(_begun(entry, entry.record))
        elif isinstance(entry.record, Correction):
            named = _index(entry.record.corrects, refs)
            at = None if named is None else place.get(named)
            if at is not None:
                found[at] = _corrected(found[at], entry, entry.record)
            elif entry.record.replacement is not None:
                at = len(found)
                found.append(_begun(entry, entry.record.replacement, named))
            place |= {index: at for index in (named, entry.index) if index is not None and at is not None}
    return tuple(found)


def _index(corrects: int | str, refs: Mapping[str, int]) -> int | None:
    """The index that a correction names; a ref that is not among this client's names none."""
    return corrects if isinstance(corrects, int) else refs.get(corrects)


def _begun(entry: Filed, disclosure: Disclosure, named: int | None = None) -> Release:
    return Release(
        original=entry.index,
        standing=entry.index,
        disclosure=disclosure,
        chain=(entry.index,),
        names=frozenset({entry.index} if named is None else {entry.index, named}),
        in_stream=entry.in_stream,
        recorded_on=entry.recorded_on,
    )


def _corrected(release: Release, entry: Filed, correction: Correction) -> Release:
    return replace(
        release,
        standing=None if correction.retracts else entry.index,
        disclosure=correction.replacement,
        chain=(*release.chain, entry.index),
        names=release.names | {entry.index},
        in_stream=entry.in_stream,
        recorded_on=entry.recorded_on,
    )
