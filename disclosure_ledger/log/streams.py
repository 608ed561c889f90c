"""Streams and the stream map: why a client can know that nothing was left out (docs/format.md section 6).

    tag  = HMAC-SHA256(tag key, "disclosure-ledger/stream/v1" ‖ 0x00 ‖ class ‖ 0x00 ‖ value)
    leaf = SHA-256(0x10 ‖ tag ‖ length in 8 bytes ‖ head);  node = SHA-256(0x11 ‖ left ‖ right);  empty = 32 zero bytes

The map is a compact sparse Merkle tree: a subtree of one stream is its leaf, and one of none is `empty`, so each set
of streams has one root, and a proof shows either a stream's end or that there is no such stream.

>>> ends = [StreamEnd(tag=bytes([first]) + bytes(31), length=1, head=bytes(32)) for first in (0x00, 0x40, 0x80)]
>>> root = map_root(ends)
>>> proof = prove(ends, ends[1].tag)
>>> proof.siblings == (leaf(ends[2]), leaf(ends[0])), check_proof(ends[1].tag, proof, root) == ends[1]
(True, True)
>>> absent = b"\\xc0" + bytes(31)
>>> prove(ends, absent).end == ends[2], check_proof(absent, prove(ends, absent), root)
(True, None)
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.strict import HASH_SIZE, MAX_INTEGER, base64_of, hash_of

EMPTY = bytes(HASH_SIZE)
"""The root of no streams."""

TAG_BITS = 8 * HASH_SIZE

_CONTEXT = b"disclosure-ledger/stream/v1"
_LENGTH_SIZE = 8


class StreamEnd(NamedTuple):
    """Where a stream stands: how many entries it has, and the leaf hash of its last.

    A named tuple: of many streams it is the making of these, row by row, that takes time.
    """

    tag: bytes
    length: int
    head: bytes

    def as_json(self) -> dict[str, JSON]:
        """As evidence holds it."""
        return {"head": base64_of(self.head), "length": self.length, "tag": base64_of(self.tag)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapProof:
    """What a stream map says of one tag."""

    siblings: tuple[bytes, ...]
    """From the root down to where the walk ends."""
    end: StreamEnd | None
    """What stands there: the tag's own leaf, another's, or nothing."""


def tag(tag_key: bytes, stream_class: str, value: str) -> bytes:
    """The tag of one class and value: names nobody without the key."""
    message = b"\x00".join((_CONTEXT, stream_class.encode(), value.encode()))
    return hmac.digest(tag_key, message, "sha256")


def leaf(end: StreamEnd) -> bytes:
    """The hash of one stream's end."""
    return sha256(b"\x10" + end.tag + end.length.to_bytes(_LENGTH_SIZE, "big") + end.head).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two sides of the map."""
    return sha256(b"\x11" + left + right).digest()


def map_root(ends: Iterable[StreamEnd]) -> bytes:
    """The root of the map of these streams, in any order. A tag that stands twice is a ValueError."""
    tags, leaves = _ordered(ends)
    return _subtree(tags, leaves, 0, len(tags), 0)


def prove(ends: Iterable[StreamEnd], tag: bytes, *, below: int = 0) -> MapProof:
    """What the map of these streams says of a tag; with `below`, the part of it under that many first bits."""
    by_tag = {end.tag: end for end in ends}
    tags, leaves = _ordered(by_tag.values())
    low, high, siblings = 0, len(tags), list[bytes]()
    while high - low > 1:
        depth = below + len(siblings)
        middle = _parting(tags, low, high, depth)
        if _bit(tag, depth):
            siblings.append(_subtree(tags, leaves, low, middle, depth + 1))
            low = middle
        else:
            siblings.append(_subtree(tags, leaves, middle, high, depth + 1))
            high = middle
    return MapProof(siblings=tuple(siblings), end=by_tag[tags[low]] if low < high else None)


def root_from_proof(tag: bytes, proof: MapProof) -> bytes:
    """The root that a proof about `tag` leads to. Raises Malformed where it is not in the form of section 6."""
    _expect_form(tag, proof)
    result = leaf(proof.end) if proof.end else EMPTY
    for depth in reversed(range(len(proof.siblings))):
        sibling = proof.siblings[depth]
        result = node(sibling, result) if _bit(tag, depth) else node(result, sibling)
    return result


def check_proof(tag: bytes, proof: MapProof, root: bytes) -> StreamEnd | None:
    """Establish what the map of this root says of `tag`: the end of its stream, or None where it has no stream.

    Raises Malformed where the proof has not its form, ProofFailed where it leads to another root.
    """
    found = root_from_proof(tag, proof)
    if found != root:
        raise ProofFailed("the proof leads to another map", expected=base64_of(root), found=base64_of(found))
    return proof.end if proof.end and proof.end.tag == tag else None


def parse_end(value: JSON) -> StreamEnd:
    """The stream's end that evidence holds. Raises Malformed."""
    if not isinstance(value, dict) or value.keys() != {"head", "length", "tag"} or type(value["length"]) is not int:
        raise Malformed("expected a stream's end: tag, length and head")
    if not isinstance(value["tag"], str) or not isinstance(value["head"], str):
        raise Malformed("expected a stream's tag and head in base64")
    end = StreamEnd(tag=hash_of(value["tag"]), length=value["length"], head=hash_of(value["head"]))
    _expect_end(end)
    return end


class StreamTree:
    """Streams as they grow, with a map root that costs what changed since it was last asked for.

    Memory is one small record a stream and two hashes for each sixteen streams. Tags that share their first bits share
    a bucket; what stands above the buckets is kept, what stands in one is hashed anew when it changed.
    """

    _FULL = 16

    def __init__(self) -> None:
        self._ends: dict[bytes, bytes] = {}
        self._depth = 0
        self._changed: set[int] = set()
        self._divide()

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[StreamEnd]:
        return (self._end(tag, record) for tag, record in self._ends.items())

    def get(self, tag: bytes) -> StreamEnd | None:
        """Where the stream stands, or None where there is none."""
        record = self._ends.get(tag)
        return None if record is None else self._end(tag, record)

    def put(self, end: StreamEnd) -> None:
        """Let the stream stand there from now on."""
        if end.tag not in self._ends:
            self._buckets[self._bucket(end.tag)].append(end.tag)
        self._ends[end.tag] = end.length.to_bytes(_LENGTH_SIZE, "big") + end.head
        self._changed.add(self._bucket(end.tag))
        if len(self._ends) > self._FULL << self._depth:
            self._depth += 2
            self._divide()

    def root(self) -> bytes:
        """The root of the map of all streams as they stand."""
        places, self._changed = self._changed, set[int]()
        for place in places:
            self._nodes[self._depth][place] = self._hash_bucket(place)
        for depth in reversed(range(self._depth)):
            places = {place >> 1 for place in places}
            below = self._nodes[depth + 1]
            for place in places:
                self._nodes[depth][place] = join(below[2 * place], below[2 * place + 1])
        return self._nodes[0][0][0]

    def _divide(self) -> None:
        self._buckets: list[list[bytes]] = [[] for _ in range(1 << self._depth)]
        for tag in self._ends:
            self._buckets[self._bucket(tag)].append(tag)
        self._nodes = [[NOTHING] * (1 << depth) for depth in range(self._depth + 1)]
        self._changed = set(range(1 << self._depth))

    def _bucket(self, tag: bytes) -> int:
        return int.from_bytes(tag[:4], "big") >> (32 - self._depth)

    def _hash_bucket(self, place: int) -> tuple[bytes, int]:
        tags = sorted(self._buckets[place])
        leaves = [sha256(b"\x10" + tag + self._ends[tag]).digest() for tag in tags]
        return _subtree(tags, leaves, 0, len(tags), self._depth), min(len(tags), _MANY)

    @staticmethod
    def _end(tag: bytes, record: bytes) -> StreamEnd:
        length = int.from_bytes(record[:_LENGTH_SIZE], "big")
        return StreamEnd(tag=tag, length=length, head=record[_LENGTH_SIZE:])


Branch: TypeAlias = tuple[bytes, int]
"""A part of the map: its hash, and how many streams it holds, two standing for more."""

_MANY = 2
NOTHING: Branch = (EMPTY, 0)
"""A part of the map that holds no stream."""


def branch(ends: Iterable[StreamEnd], depth: int) -> Branch:
    """The part of the map that holds these streams, whose tags agree in their first `depth` bits."""
    tags, leaves = _ordered(ends)
    return _subtree(tags, leaves, 0, len(tags), depth), min(len(tags), _MANY)


def join(left: Branch, right: Branch) -> Branch:
    """The hash and the number of streams, up to two, over two sides: one stream alone stays its leaf."""
    count = left[1] + right[1]
    if count < _MANY:
        return left if left[1] else right
    return node(left[0], right[0]), _MANY


def joined(row: Sequence[Branch]) -> list[Branch]:
    """What `join` makes of the parts of one depth, two by two. Put together here: a day's map takes thousands."""
    return [
        (sha256(b"\x11" + one + other).digest(), _MANY)
        if some + more >= _MANY
        else (one, some)
        if some
        else (other, more)
        for (one, some), (other, more) in zip(row[::2], row[1::2], strict=True)
    ]


def _ordered(ends: Iterable[StreamEnd]) -> tuple[list[bytes], list[bytes]]:
    """Tags in order, and their leaves beside them. `leaf` is written out: a day's map takes thousands."""
    leaves = [
        (tag, sha256(b"\x10" + tag + length.to_bytes(_LENGTH_SIZE, "big") + head).digest())
        for tag, length, head in ends
    ]
    leaves.sort()
    tags = [tag for tag, _ in leaves]
    if len(set(tags)) != len(tags):
        raise ValueError("expected each tag once")
    return tags, [hashed for _, hashed in leaves]


def _subtree(tags: Sequence[bytes], leaves: Sequence[bytes], low: int, high: int, depth: int) -> bytes:
    """root(S, d) of section 6, where S is the slice from `low` to before `high` of the ordered streams."""
    if high - low < _MANY:
        return leaves[low] if low < high else EMPTY
    middle = _parting(tags, low, high, depth)
    left = _subtree(tags, leaves, low, middle, depth + 1)
    return node(left, _subtree(tags, leaves, middle, high, depth + 1))


def _parting(tags: Sequence[bytes], low: int, high: int, depth: int) -> int:
    """The first place in the slice whose bit `depth` is set. The slice's tags agree in the bits before."""
    byte, mask = depth >> 3, 0x80 >> (depth & 7)
    while low < high:
        middle = (low + high) >> 1
        if tags[middle][byte] & mask:
            high = middle
        else:
            low = middle + 1
    return low


def _bit(tag: bytes, depth: int) -> bool:
    """Bit `depth` of a tag; bit 0 is the most significant of the first byte."""
    return bool(tag[depth >> 3] & (0x80 >> (depth & 7)))


def _expect_form(tag: bytes, proof: MapProof) -> None:
    if len(tag) != HASH_SIZE or any(len(sibling) != HASH_SIZE for sibling in proof.siblings):
        raise Malformed(f"expected a tag and siblings of {HASH_SIZE} bytes")
    depth = len(proof.siblings)
    if depth > TAG_BITS or proof.siblings[-1:] == (EMPTY,):
        raise Malformed(f"expected at most {TAG_BITS} siblings, the last one not empty")
    if proof.end:
        _expect_end(proof.end)
        if any(_bit(proof.end.tag, place) != _bit(tag, place) for place in range(depth)):
            raise Malformed("expected a leaf that stands on the way to the tag")


def _expect_end(end: StreamEnd) -> None:
    if len(end.tag) != HASH_SIZE or len(end.head) != HASH_SIZE or not 1 <= end.length <= MAX_INTEGER:
        raise Malformed("expected a stream of at least one entry")
