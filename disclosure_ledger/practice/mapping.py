"""The stream map of a ledger in a database: brought up to date from what changed, and proved from its branches.

The branches that are stored are those of the last stream map. A new map looks at the streams that grew since, so a day
on which few clients had entries costs little, however many clients there are. Where a stream stands is taken from the
entries (`growing`), and all that is read beside them is held against the root of the last map.
"""

from collections.abc import Iterable, Mapping, Sequence

from disclosure_ledger import strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.log import branches, streams
from disclosure_ledger.log.branches import HIGH, LOW
from disclosure_ledger.log.header import Header
from disclosure_ledger.log.streams import NOTHING, Branch, MapProof, StreamEnd
from disclosure_ledger.store.append import Writing
from disclosure_ledger.store.read import Reading

from . import growing
from .growing import Growth


def bring_up_to_date(into: Writing) -> dict[str, JSON]:
    """What a stream map over every entry so far says: `root`, `size`, `streams`. Stores its branches.

    It says what the entries say. Raises StorageFailed where the stream heads, or the branches of the last map, differ.
    """
    last = into.last_of_kind("stream_map")
    opening, growth = growing.since(into, last or 0)
    if last is None:
        if any(before is not None for before in growth.before.values()):
            raise growing.broken("a stream")
        _expect_heads(into.stream_ends(bytes(32), None), growth.now)
        low = {place: streams.branch(ends, LOW) for place, ends in branches.by_branch(growth.now.values(), LOW).items()}
        high = branches.raised(low)
        stood, count = dict[int, Branch](), 0
    else:
        stood, count = _stood(into, opening)
        low, high = _grown(into, growth, stood)
    into.put_branches(LOW, low)
    into.put_branches(HIGH, high)
    count += sum(before is None for before in growth.before.values())
    root = branches.root_of({**stood, **high})
    return {"root": strict.base64_of(root), "size": into.head().size, "streams": count}


def _stood(into: Writing, last: Header) -> tuple[dict[int, Branch], int]:
    """The high branches of the last stream map, held against its root, and how many streams it had."""
    high = into.branches(HIGH, 0, (1 << HIGH) - 1)
    if last.kind != "stream_map" or last.public is None:
        raise growing.broken(f"entry {last.index}")
    if strict.base64_of(branches.root_of(high)) != last.public["root"]:
        raise growing.broken("the last stream map")
    return high, int(last.public["streams"])


def _grown(into: Writing, growth: Growth, stood: Mapping[int, Branch]) -> tuple[dict[int, Branch], dict[int, Branch]]:
    """The low and high branches under which a stream grew; those that stood have to make the high ones of before."""
    low, high = dict[int, Branch](), dict[int, Branch]()
    grown = branches.by_branch(growth.now.values(), LOW)
    for upper in {place >> (LOW - HIGH) for place in grown}:
        under = _under(into, upper)
        if branches.raised(under).get(upper, NOTHING) != stood.get(upper, NOTHING):
            raise growing.broken("the last stream map")
        places = [place for place in grown if place >> (LOW - HIGH) == upper]
        changed = {place: _again(into, place, growth, grown[place], under.get(place, NOTHING)) for place in places}
        low |= changed
        high |= branches.raised({**under, **changed})
    return low, high


def _again(into: Writing, place: int, growth: Growth, grown: Sequence[StreamEnd], stood: Branch) -> Branch:
    """A low branch as it is now; as it was before it has to be the one that stood."""
    said = {end.tag: end for end in grown}
    kept = [*into.stream_ends(*branches.bounds(place, LOW))]
    _expect_heads((end for end in kept if end.tag in said), said)
    before = [end for end in kept if end.tag not in said]
    before += [end for tag in said if (end := growth.before[tag]) is not None]
    if streams.branch(before, LOW) != stood:
        raise growing.broken("a stream")
    return streams.branch(kept, LOW)


def _expect_heads(kept: Iterable[StreamEnd], said: Mapping[bytes, StreamEnd]) -> None:
    """Raise StorageFailed where the streams that are kept stand elsewhere than the entries say, or are others."""
    left = dict(said)
    if any(left.pop(end.tag, None) != end for end in kept) or left:
        raise growing.broken("a stream")


def prove(reading: Reading, tag: bytes) -> MapProof:
    """What the last stream map says of a tag. The map has to be the ledger's last entry: streams grow after it."""

    def ends_under(place: int, depth: int) -> Iterable[StreamEnd]:
        return reading.stream_ends(*branches.bounds(place, depth))

    high = reading.branches(HIGH, 0, (1 << HIGH) - 1)
    return branches.prove(tag, high, lambda place: _under(reading, place), ends_under)


def _under(reading: Reading, place: int) -> dict[int, streams.Branch]:
    first = place << (LOW - HIGH)
    return reading.branches(LOW, first, first + (1 << (LOW - HIGH)) - 1)
