"""Every release of a ledger, one at a time, in the order of the ledger: for an export of the whole.

Two passes over one consistent state. The first looks at clients of whom something was corrected and keeps, for each
entry that lost its place, the correction that took it; the second walks. Memory grows with the corrections alone, not
with the ledger.
"""

from collections.abc import Iterable, Iterator

from disclosure_ledger.hipaa.standing import releases_of
from disclosure_ledger.released import Change, Place, Released

from .opening import OpenEntry, Opener

_TOLD = ("reason", "note", "recorded_by", "ref")


def every_release(opener: Opener) -> Iterator[Released]:
    """Every `disclosure` and `correction`, suspended, excluded and erased ones too."""
    changes = _changes(opener)
    for opened in opener.every_release():
        yield Released(place=_place(opened), fields=opened.fields, change=changes.get(opened.index))


def _changes(opener: Opener) -> dict[int, Change]:
    """For each entry that stands no more, what took its place (`hipaa.standing`)."""
    found: dict[int, Change] = {}
    for opened in opener.corrected_releases():
        by_index = {one.index: one for one in opened}
        filed = (opener.as_filed(one) for one in opened)
        for release in releases_of(one for one in filed if one is not None):
            found |= _chain([by_index[index] for index in release.chain])
    return found


def _chain(chain: Iterable[OpenEntry]) -> Iterator[tuple[int, Change]]:
    before: OpenEntry | None = None
    for opened in chain:
        if before is not None:
            yield before.index, _change(opened)
        before = opened


def _change(opened: OpenEntry) -> Change:
    fields = opened.fields or {}
    told = tuple((name, str(fields[name])) for name in _TOLD if fields.get(name) is not None)
    return Change(place=_place(opened), retracts=bool(fields.get("retract")), told=told)


def _place(opened: OpenEntry) -> Place:
    header = opened.entry.header
    return Place(
        index=header.index,
        kind=header.kind,
        leaf_hash=opened.entry.leaf_hash,
        recorded_at=header.recorded_at,
        recorder=opened.entry.signature.name,
    )
