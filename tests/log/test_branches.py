"""The map in branches is the map: same root, same proofs, for every number of streams."""

import hashlib
from functools import partial

import pytest

from disclosure_ledger.log import branches, streams
from disclosure_ledger.log.branches import HIGH, LOW, by_branch, place_of, raised, root_of
from disclosure_ledger.log.streams import StreamEnd


def ends_of(count: int) -> list[StreamEnd]:
    tags = [hashlib.sha256(f"stream {number}".encode()).digest() for number in range(count)]
    return [StreamEnd(tag=tag, length=1 + tag[0], head=tag[::-1]) for tag in tags]


def under(ends: list[StreamEnd], place: int, depth: int) -> list[StreamEnd]:
    return [end for end in ends if place_of(end.tag, depth) == place]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 129, 1000, 5000])
def test_root_and_proofs_are_those_of_the_whole_map(count: int) -> None:
    ends = ends_of(count)
    low = {place: streams.branch(some, LOW) for place, some in by_branch(ends, LOW).items()}
    high = raised(low)
    root = root_of(high)
    assert root == streams.map_root(ends)
    asked = [*ends[:40], *ends_of(count + 40)[count:]]
    for one in asked:
        proof = branches.prove(
            one.tag,
            high,
            lambda place: {key: value for key, value in low.items() if key >> (LOW - HIGH) == place},
            partial(under, ends),
        )
        assert proof == streams.prove(ends, one.tag)
        found = streams.check_proof(one.tag, proof, root)
        assert found == (one if one in ends[:40] else None)


def test_a_row_of_parts_is_joined_as_each_two_of_them_are() -> None:
    some = [(bytes([count]) * 32 if count else streams.EMPTY, count) for count in (0, 1, 2)]
    pairs = [(one, other) for one in some for other in some]
    assert streams.joined([part for pair in pairs for part in pair]) == [streams.join(*pair) for pair in pairs]


def test_bounds_take_in_each_tag_of_a_branch_and_no_other() -> None:
    for end in ends_of(300):
        for depth in (0, 1, HIGH, LOW):
            first, after = branches.bounds(place_of(end.tag, depth), depth)
            assert first <= end.tag
            assert after is None or end.tag < after
    for place in range(1, 1 << HIGH):
        assert branches.bounds(place - 1, HIGH)[1] == branches.bounds(place, HIGH)[0]
    assert branches.bounds((1 << LOW) - 1, LOW)[1] is None


def test_tags_that_share_their_first_bits_meet_below_the_branches() -> None:
    ends = [StreamEnd(tag=b"\x12\x34" + bytes([n]) + bytes(29), length=1, head=bytes(32)) for n in range(5)]
    low = {place: streams.branch(some, LOW) for place, some in by_branch(ends, LOW).items()}
    assert root_of(raised(low)) == streams.map_root(ends)
    proof = branches.prove(ends[3].tag, raised(low), lambda _: low, partial(under, ends))
    assert proof == streams.prove(ends, ends[3].tag)
