"""The stream map in two levels of branches, so that a day's changes cost what changed (docs/format.md section 6).

A branch is the part of the map under the first 7 or 14 bits of a tag: its hash and how many streams it holds. With the
branches of 14 bits kept from one map to the next, a new map reads the streams of the branches that changed, and a
proof reads one branch of streams and two levels of branches; nothing reads every stream. What is kept can be made
again from the streams at any time.

>>> ends = [StreamEnd(tag=bytes([n]) + bytes(31), length=1, head=bytes(32)) for n in range(200)]
>>> low = {place: streams.branch(some, LOW) for place, some in by_branch(ends, LOW).items()}
>>> root_of(raised(low)) == streams.map_root(ends)
True
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from disclosure_ledger.log import streams
from disclosure_ledger.log.streams import NOTHING, Branch, MapProof, StreamEnd

HIGH = 7
"""Bits of a tag above the first level of branches: at most 128 of them."""
LOW = 14
"""Bits above the second: at most 16,384, of some sixty streams each where there are a million."""


def place_of(tag: bytes, depth: int) -> int:
    """Which branch of a level a tag belongs to: the number that its first `depth` bits spell."""
    return int.from_bytes(tag[:2], "big") >> (16 - depth)


def bounds(place: int, depth: int) -> tuple[bytes, bytes | None]:
    """The first tag of a branch, and the first after it; None after the last branch."""
    end = place + 1
    after = (end << (16 - depth)).to_bytes(2, "big") + bytes(30) if end < 1 << depth else None
    return (place << (16 - depth)).to_bytes(2, "big") + bytes(30), after


def by_branch(ends: Iterable[StreamEnd], depth: int) -> dict[int, list[StreamEnd]]:
    """Streams by the branch they belong to."""
    found: dict[int, list[StreamEnd]] = defaultdict(list)
    for end in ends:
        found[place_of(end.tag, depth)].append(end)
    return found


def raised(low: Mapping[int, Branch]) -> dict[int, Branch]:
    """The branches of 7 bits over some of 14; those of one high branch must all be there, or none of them."""
    high = {place >> (LOW - HIGH) for place in low}
    return {place: _pyramid(_children(low, place))[0][0] for place in high}


def root_of(high: Mapping[int, Branch]) -> bytes:
    """The root of the map over all its branches of 7 bits."""
    return _pyramid([high.get(place, NOTHING) for place in range(1 << HIGH)])[0][0][0]


def prove(
    tag: bytes,
    high: Mapping[int, Branch],
    low_under: Callable[[int], Mapping[int, Branch]],
    ends_under: Callable[[int, int], Iterable[StreamEnd]],
) -> MapProof:
    """What the map says of a tag.

    `low_under(place)` gives the branches of 14 bits under one of 7; `ends_under(place, depth)` the streams whose tags
    begin with the bits of `place`.
    """
    siblings: list[bytes] = []
    upper = place_of(tag, HIGH)
    inside = _walk(_pyramid([high.get(place, NOTHING) for place in range(1 << HIGH)]), upper, siblings)
    if inside > 1:
        inside = _walk(_pyramid(_children(low_under(upper), upper)), place_of(tag, LOW) % (1 << (LOW - HIGH)), siblings)
    if inside == 0:
        return MapProof(siblings=tuple(siblings), end=None)
    depth = len(siblings)
    rest = streams.prove(ends_under(place_of(tag, depth), depth), tag, below=depth)
    return MapProof(siblings=(*siblings, *rest.siblings), end=rest.end)


def _children(low: Mapping[int, Branch], place: int) -> list[Branch]:
    """The branches of 14 bits under one of 7, in order, with nothing where there is none."""
    first = place << (LOW - HIGH)
    return [low.get(first + offset, NOTHING) for offset in range(1 << (LOW - HIGH))]


def _pyramid(branches: list[Branch]) -> list[list[Branch]]:
    """The branches, and above them all that they are joined to: the whole first."""
    levels = [branches]
    while len(levels[0]) > 1:
        levels.insert(0, streams.joined(levels[0]))
    return levels


def _walk(levels: list[list[Branch]], place: int, siblings: list[bytes]) -> int:
    """Go down towards a place, noting siblings, until a part holds at most one stream; how many that part holds."""
    for level, branches in enumerate(levels):
        bits = len(levels) - 1 - level
        here = place >> bits
        if bits == 0 or branches[here][1] < _MANY:
            return branches[here][1]
        siblings.append(levels[level + 1][(place >> (bits - 1)) ^ 1][0])
    raise ValueError("expected levels down to the branches")


_MANY = 2
