"""The stream map of a ledger in a database: brought up to date from what changed, and proved from its branches.

The branches that are stored are those of the last stream map. A new map looks at the streams that grew since, so a day
on which few clients had entries costs little, however many clients there are.
"""

from collections.abc import Iterable

from disclosure_ledger import strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.log import branches, entry, streams
from disclosure_ledger.log.branches import HIGH, LOW
from disclosure_ledger.log.streams import MapProof, StreamEnd
from disclosure_ledger.store.append import Writing
from disclosure_ledger.store.read import Reading


def bring_up_to_date(into: Writing) -> dict[str, JSON]:
    """What a stream map over every entry so far says: `root`, `size`, `streams`. Stores its branches."""
    size = into.head().size
    last = into.last_of_kind("stream_map")
    if last is None:
        everything = branches.by_branch(into.stream_ends(bytes(32), None), LOW)
        places, count = set(everything), sum(map(len, everything.values()))
        low = {place: streams.branch(ends, LOW) for place, ends in everything.items()}
    else:
        grown, begun = into.streams_since(last)
        places = {branches.place_of(tag, LOW) for tag in grown}
        low = {place: streams.branch(into.stream_ends(*branches.bounds(place, LOW)), LOW) for place in places}
        count = int((entry.parse(into.note(last)).header.public or {})["streams"]) + begun
    into.put_branches(LOW, low)
    if last is None:
        high = branches.raised(low)
    else:
        changed = {place >> (LOW - HIGH) for place in places}
        high = branches.raised({key: part for place in changed for key, part in _under(into, place).items()})
    into.put_branches(HIGH, high)
    root = branches.root_of(into.branches(HIGH, 0, (1 << HIGH) - 1))
    return {"root": strict.base64_of(root), "size": size, "streams": count}


def prove(reading: Reading, tag: bytes) -> MapProof:
    """What the last stream map says of a tag. The map has to be the ledger's last entry: streams grow after it."""

    def ends_under(place: int, depth: int) -> Iterable[StreamEnd]:
        return reading.stream_ends(*branches.bounds(place, depth))

    high = reading.branches(HIGH, 0, (1 << HIGH) - 1)
    return branches.prove(tag, high, lambda place: _under(reading, place), ends_under)


def _under(reading: Reading, place: int) -> dict[int, streams.Branch]:
    first = place << (LOW - HIGH)
    return reading.branches(LOW, first, first + (1 << (LOW - HIGH)) - 1)
