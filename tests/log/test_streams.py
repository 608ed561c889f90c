"""Tags and the stream map (docs/format.md section 6), beside the recursion of its text."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import streams
from disclosure_ledger.log.streams import EMPTY, MapProof, StreamEnd, StreamTree
from golden_log import b64, golden


def oracle_root(ends: list[StreamEnd], depth: int = 0) -> bytes:
    """root(S, d) as section 6 says it."""
    if not ends:
        return bytes(32)
    if len(ends) == 1:
        (end,) = ends
        return hashlib.sha256(b"\x10" + end.tag + end.length.to_bytes(8, "big") + end.head).digest()
    sides: tuple[list[StreamEnd], list[StreamEnd]] = ([], [])
    for end in ends:
        sides[int.from_bytes(end.tag, "big") >> (255 - depth) & 1].append(end)
    return hashlib.sha256(b"\x11" + oracle_root(sides[0], depth + 1) + oracle_root(sides[1], depth + 1)).digest()


def end_of(value: dict[str, Any]) -> StreamEnd:
    return StreamEnd(tag=b64(value["tag"]), length=value["length"], head=b64(value["head"]))


def proof_of(case: dict[str, Any]) -> MapProof:
    siblings = tuple(b64(item) for item in case["siblings"])
    return MapProof(siblings=siblings, end=end_of(case["end"]) if case["end"] else None)


def test_the_golden_tags_are_made() -> None:
    case = golden("stream-tags.json")
    for item in case["stream_tags"] + case["private_columns"]:
        assert streams.tag(bytes.fromhex(case["tag_key_hex"]), item["class"], item["value"]) == b64(item["tag"])


def test_the_golden_maps_have_their_roots_and_proofs() -> None:
    for case in golden("stream-map.json")["sets"]:
        ends, root = [end_of(item) for item in case["streams"]], b64(case["root"])
        assert streams.map_root(ends) == oracle_root(ends) == root
        for item in case["proofs"]:
            tag, proof = b64(item["tag"]), proof_of(item)
            assert streams.prove(ends, tag) == proof
            member = streams.check_proof(tag, proof, root)
            assert (member is not None) is (item["says"] == "member")


def test_the_golden_leaf_is_made() -> None:
    case = golden("stream-map.json")["leaf_of"]
    assert streams.leaf(end_of(case)) == b64(case["leaf"])


def test_the_golden_proofs_that_must_not_hold_do_not() -> None:
    for case in golden("stream-map.json")["refused"]:
        with pytest.raises((Malformed, ProofFailed)):
            streams.check_proof(b64(case["tag"]), proof_of(case), b64(case["root"]))


SHORT = st.binary(min_size=1, max_size=2).map(lambda first: first + bytes(32 - len(first)))
LATE = st.integers(0, 7).map(lambda last: bytes(31) + bytes([last]))
TAGS = SHORT | LATE
SETS = st.dictionaries(TAGS, st.tuples(st.integers(1, 3), st.integers(0, 255)), max_size=40)


def ends_of(drawn: dict[bytes, tuple[int, int]]) -> list[StreamEnd]:
    return [StreamEnd(tag=tag, length=length, head=bytes([head]) * 32) for tag, (length, head) in drawn.items()]


@given(SETS)
def test_the_root_is_that_of_the_recursion_in_any_order(drawn: dict[bytes, tuple[int, int]]) -> None:
    ends = ends_of(drawn)
    assert streams.map_root(ends) == streams.map_root(reversed(ends)) == oracle_root(ends)


@given(SETS, TAGS)
def test_every_tag_is_proved_present_or_absent(drawn: dict[bytes, tuple[int, int]], absent: bytes) -> None:
    ends = ends_of(drawn)
    root = streams.map_root(ends)
    for tag in [*drawn, absent]:
        expected = next((end for end in ends if end.tag == tag), None)
        assert streams.check_proof(tag, streams.prove(ends, tag), root) == expected


@given(st.lists(st.tuples(TAGS, st.integers(1, 9)), max_size=120), st.integers(1, 20))
def test_the_growing_tree_has_the_root_of_the_map_at_every_step(steps: list[tuple[bytes, int]], every: int) -> None:
    tree, plain = StreamTree(), dict[bytes, StreamEnd]()
    for number, (tag, length) in enumerate(steps):
        end = StreamEnd(tag=tag, length=length, head=bytes([number]) * 32)
        plain[tag] = end
        tree.put(end)
        assert tree.get(tag) == end
        if number % every == 0:
            assert tree.root() == streams.map_root(plain.values())
    assert tree.root() == streams.map_root(plain.values())
    assert len(tree) == len(plain)
    assert {end.tag: end for end in tree} == plain


def test_the_growing_tree_divides_its_buckets_and_keeps_its_root() -> None:
    tree, plain = StreamTree(), list[StreamEnd]()
    for number in range(1500):
        end = StreamEnd(tag=hashlib.sha256(str(number).encode()).digest(), length=1 + number, head=bytes(32))
        plain.append(end)
        tree.put(end)
        if number % 97 == 0:
            assert tree.root() == streams.map_root(plain)
    assert tree.root() == streams.map_root(plain)


@pytest.mark.parametrize("first", [0x00, 0x01, 0x40, 0x80, 0xFF])
@pytest.mark.parametrize("count", [15, 16, 17, 18, 64, 65, 66, 300])
def test_the_growing_tree_is_right_where_nearly_all_tags_begin_alike(first: int, count: int) -> None:
    """Parts of the map then hold no stream, or one that must stay its leaf."""
    tree, plain = StreamTree(), list[StreamEnd]()
    tags = [bytes([first]) + hashlib.sha256(bytes([n % 256, n // 256])).digest()[1:] for n in range(count)]
    for tag in [*tags, bytes([first ^ 0x80]) + bytes(31), bytes([first ^ 0x02]) + bytes(31)]:
        plain.append(StreamEnd(tag=tag, length=1, head=bytes(32)))
        tree.put(plain[-1])
    assert tree.root() == streams.map_root(plain) == oracle_root(plain)


def test_a_tag_that_stands_twice_has_no_root() -> None:
    end = StreamEnd(tag=bytes(32), length=1, head=bytes(32))
    with pytest.raises(ValueError, match="once"):
        streams.map_root([end, end])


ENDS = [StreamEnd(tag=hashlib.sha256(bytes([n])).digest(), length=n + 1, head=bytes([n]) * 32) for n in range(40)]


@pytest.mark.parametrize("number", [0, 7, 23])
def test_no_mutation_of_a_proof_holds(number: int) -> None:
    root, end = streams.map_root(ENDS), ENDS[number]
    proof = streams.prove(ENDS, end.tag)
    wrong = [MapProof(siblings=proof.siblings[:place], end=end) for place in range(len(proof.siblings))]
    for place, item in enumerate(proof.siblings):
        rest = proof.siblings[:place], proof.siblings[place + 1 :]
        wrong.append(MapProof(siblings=(*rest[0], bytes([item[0] ^ 1]) + item[1:], *rest[1]), end=end))
        wrong.append(MapProof(siblings=(*rest[0], *rest[1]), end=end))
        wrong.append(MapProof(siblings=(*rest[0], item[:31], *rest[1]), end=end))
    wrong.extend(MapProof(siblings=proof.siblings, end=other) for other in (None, ENDS[number + 1]))
    for length, head in ((end.length + 1, end.head), (end.length, bytes([255]) * 32), (0, end.head), (2**53, end.head)):
        wrong.append(MapProof(siblings=proof.siblings, end=StreamEnd(tag=end.tag, length=length, head=head)))
    for candidate in wrong:
        with pytest.raises((Malformed, ProofFailed)):
            streams.check_proof(end.tag, candidate, root)


def test_a_proof_for_one_tag_says_nothing_of_another() -> None:
    root, proof = streams.map_root(ENDS), streams.prove(ENDS, ENDS[0].tag)
    with pytest.raises((Malformed, ProofFailed)):
        streams.check_proof(ENDS[1].tag, proof, root)


def test_a_last_sibling_that_is_empty_is_refused_even_where_the_root_would_agree() -> None:
    end = StreamEnd(tag=bytes(32), length=1, head=bytes(32))
    proof = MapProof(siblings=(EMPTY,), end=end)
    with pytest.raises(Malformed):
        streams.check_proof(end.tag, proof, streams.node(streams.leaf(end), EMPTY))
    deeper = MapProof(siblings=(OTHER, EMPTY), end=end)
    with pytest.raises(Malformed):
        streams.check_proof(end.tag, deeper, streams.node(streams.node(streams.leaf(end), EMPTY), OTHER))
    higher = MapProof(siblings=(EMPTY, OTHER), end=end)
    root = streams.node(streams.node(streams.leaf(end), OTHER), EMPTY)
    assert streams.check_proof(end.tag, higher, root) == end


END = StreamEnd(tag=b"\x80" + bytes(31), length=1, head=bytes(32))
OTHER = streams.leaf(ENDS[0])


def test_a_leaf_beside_the_way_is_refused_even_where_the_root_agrees() -> None:
    """Whoever makes a map may put anything in it: a proof must be of its one form all the same."""
    with pytest.raises(Malformed, match="on the way"):
        streams.check_proof(bytes(32), MapProof(siblings=(OTHER,), end=END), streams.node(streams.leaf(END), OTHER))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_hashes_of_another_length_are_refused_even_where_the_root_agrees(size: int) -> None:
    with pytest.raises(Malformed, match="32 bytes"):
        streams.check_proof(
            END.tag, MapProof(siblings=(bytes(size),), end=END), streams.node(bytes(size), streams.leaf(END))
        )
    with pytest.raises(Malformed, match="32 bytes"):
        streams.check_proof(bytes(size), MapProof(siblings=(), end=None), EMPTY)


@pytest.mark.parametrize(
    "changes", [{"head": bytes(31)}, {"head": bytes(33)}, {"tag": END.tag + b"x"}, {"length": 0}, {"length": 2**53}]
)
def test_an_end_that_no_stream_has_is_refused_even_where_the_root_agrees(changes: dict[str, Any]) -> None:
    wrong = END._replace(**changes)
    with pytest.raises(Malformed, match="at least one"):
        streams.check_proof(END.tag, MapProof(siblings=(), end=wrong), streams.leaf(wrong))


def test_a_proof_has_as_many_siblings_as_a_tag_has_bits_and_no_more() -> None:
    deep = MapProof(siblings=(OTHER,) * 256, end=END)
    assert streams.check_proof(END.tag, deep, streams.root_from_proof(END.tag, deep)) == END
    with pytest.raises(Malformed, match="256"):
        streams.root_from_proof(END.tag, MapProof(siblings=(OTHER,) * 257, end=END))


def test_the_longest_stream_has_an_end() -> None:
    end = END._replace(length=2**53 - 1)
    assert streams.check_proof(end.tag, MapProof(siblings=(), end=end), streams.leaf(end)) == end


@pytest.mark.parametrize(
    "value",
    [
        None,
        {**ENDS[0].as_json(), "head": 5},
        {**ENDS[0].as_json(), "tag": ["x"]},
        {},
        {"head": "x", "length": 1, "tag": "y"},
        {**ENDS[0].as_json(), "length": 0},
        {**ENDS[0].as_json(), "length": True},
        {**ENDS[0].as_json(), "length": "1"},
        {**ENDS[0].as_json(), "head": None},
        {**ENDS[0].as_json(), "more": 1},
    ],
)
def test_an_end_in_another_form_is_refused(value: object) -> None:
    assert streams.parse_end(ENDS[0].as_json()) == ENDS[0]
    with pytest.raises(Malformed):
        streams.parse_end(value)
