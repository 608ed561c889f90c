"""The tree of RFC 6962 over SHA-256: leaf and node hash, root, proofs and their checks (RFC 6962 section 2.1).

The functions come in pairs: `prove_*` reads hashes of complete subtrees and returns a proof; `check_*` takes plain
values and raises ProofFailed. What a proof leads to is calculated apart (`root_from_inclusion`,
`roots_from_consistency`), so that a failure can print what was expected and what was found. A `Frontier` is all that
must be kept of a tree in order to go on with it.

>>> leaves = [leaf_hash(data) for data in (b"a", b"b", b"c")]
>>> tree = EMPTY.extend(leaves)
>>> tree.size, tree.root() == node_hash(node_hash(leaves[0], leaves[1]), leaves[2]) == root(leaves)
(3, True)
>>> proof = (leaves[0], leaves[2])
>>> check_inclusion(leaves[1], 1, 3, proof, tree.root())
>>> check_inclusion(leaves[1], 1, 3, proof[:1], tree.root())
Traceback (most recent call last):
    ...
disclosure_ledger.errors.ProofFailed: expected a longer inclusion proof
"""

import hashlib
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.strict import HASH_SIZE, base64_of

NodeReader: TypeAlias = Callable[[int, int], bytes]
"""(level, index) to the hash of the complete subtree of 2**level leaves that is number `index` from the left."""

_sha256 = hashlib.sha256
_PAIR = 2 * HASH_SIZE
_NODE = _sha256(b"\x01")
_pairs_of = struct.Struct(f"{_PAIR}s").iter_unpack

EMPTY_ROOT = _sha256(b"").digest()
"""The root of the tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf: SHA-256 of 0x00 and the data."""
    return _sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and its two sides."""
    return _sha256(b"\x01" + left + right).digest()


def row_above(row: bytes) -> bytes:
    """The inner nodes over hashes that lie one after the other, two by two; one left over has none above it."""
    above = list[bytes]()
    for (pair,) in _pairs_of(row[: len(row) // _PAIR * _PAIR]):
        inner = _NODE.copy()  # costs less than beginning one: an accounting makes ten thousand and more
        inner.update(pair)
        above.append(inner.digest())
    return b"".join(above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """A tree's right edge: enough to append to it and to know its root."""

    size: int
    """How many leaves the tree has."""
    nodes: tuple[bytes, ...]
    """The complete subtrees that make it up, largest first: one for each bit of `size` that is set."""

    def __post_init__(self) -> None:
        if len(self.nodes) != self.size.bit_count() or any(len(node) != HASH_SIZE for node in self.nodes):
            raise Malformed(f"expected {self.size.bit_count()} hashes of {HASH_SIZE} bytes at the tree's edge")

    def append(self, leaf: bytes) -> "Frontier":
        """The tree with one leaf hash more."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """The tree with these leaf hashes more."""
        size, nodes = self.size, list(self.nodes)
        for leaf in leaves:
            _grow(nodes, size, leaf)
            size += 1
        return Frontier(size=size, nodes=tuple(nodes))

    def root(self) -> bytes:
        """The root at this size."""
        return _fold(self.nodes) if self.nodes else EMPTY_ROOT

    def encode(self) -> bytes:
        """The nodes one after the other; the size is kept beside them."""
        return b"".join(self.nodes)

    @classmethod
    def decode(cls, size: int, data: bytes) -> "Frontier":
        """The frontier of `size` leaves whose nodes are `data`. Raises Malformed where the length is another."""
        if size < 0 or len(data) != size.bit_count() * HASH_SIZE:
            raise Malformed(f"expected {max(size, 0).bit_count()} hashes at the tree's edge, found {len(data)} bytes")
        return cls(size=size, nodes=tuple(data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)))


EMPTY = Frontier(size=0, nodes=())
"""The tree without leaves."""


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return EMPTY.extend(leaves).root()


def root_at(size: int, node: NodeReader) -> bytes:
    """The root that the tree had at `size`, from one read for each bit of it."""
    return _subtree(0, size, node) if size else EMPTY_ROOT


def frontier_at(size: int, node: NodeReader) -> Frontier:
    """The right edge that the tree had at `size`, from one read for each bit of it."""
    nodes, begin = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            nodes.append(node(level, begin >> level))
            begin += 1 << level
    return Frontier(size=size, nodes=tuple(nodes))


def prove_inclusion(index: int, size: int, node: NodeReader) -> tuple[bytes, ...]:
    """The inclusion proof of leaf `index` in the tree of `size` leaves, the leaf's sibling first."""
    return prove_inclusions((index,), size, node)[index]


def prove_inclusions(indices: Iterable[int], size: int, node: NodeReader) -> dict[int, tuple[bytes, ...]]:
    """The inclusion proof of each of these leaves, by index: the tree is walked once, for all of them."""
    wanted = sorted(set(indices))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < size:
        raise ValueError("expected an index inside the tree")
    proofs = dict[int, tuple[bytes, ...]]()

    def walk(begin: int, end: int, inside: list[int], above: tuple[bytes, ...]) -> None:
        """`inside`: the leaves wanted of this range; `above`: the siblings on the way down to it, the nearest first."""
        if end - begin == 1:
            proofs[begin] = above
            return
        middle = begin + _split(end - begin)
        at = bisect_left(inside, middle)
        if at:
            walk(begin, middle, inside[:at], (_subtree(middle, end, node), *above))
        if at < len(inside):
            walk(middle, end, inside[at:], (_subtree(begin, middle, node), *above))

    if wanted:
        walk(0, size, wanted, ())
    return proofs


def prove_consistency(old: int, new: int, node: NodeReader) -> tuple[bytes, ...]:
    """The proof that the tree of `old` leaves is the beginning of the tree of `new` (RFC 6962 section 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError("expected an old size from 1 up to the new size")
    return tuple(_subtree(begin, end, node) for begin, end in _changes(old, 0, new, whole=True))


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to. Raises ProofFailed where its form is not the one of this place."""
    _expect_hashes((leaf, *proof))
    if not 0 <= index < size:
        raise ProofFailed(f"expected an index below the size {size}, found {index}")
    place, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofFailed("expected a shorter inclusion proof")
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFailed("expected a longer inclusion proof")
    return result


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Establish that `leaf` is leaf `index` of the tree with this size and root. Raises ProofFailed."""
    _expect_hashes((root,))
    _expect_same(root, root_from_inclusion(leaf, index, size, proof), "the inclusion proof leads to another root")


def roots_from_consistency(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency proof leads to; `old_root` stands in it where it is a node."""
    _expect_hashes((old_root, *proof))
    if not 0 < old < new:
        raise ProofFailed(f"expected an old size from 1 to below {new}, found {old}")
    hashes = iter(proof if old & (old - 1) else (old_root, *proof))
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = next(hashes, None)
    if first is None:
        raise ProofFailed("expected a longer consistency proof")
    return _climb(first, hashes, place, last)


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Establish that one tree is the beginning of the other. From size 0 nothing can be proved: ProofFailed."""
    _expect_hashes((old_root, new_root))
    if old == new and old > 0:
        if proof:
            raise ProofFailed("expected no proof between equal sizes")
        _expect_same(old_root, new_root, "two roots stand for one size")
        return
    found_old, found_new = roots_from_consistency(old, new, old_root, proof)
    _expect_same(old_root, found_old, "the consistency proof leads to another old root")
    _expect_same(new_root, found_new, "the consistency proof leads to another new root")


def _climb(first: bytes, hashes: Iterator[bytes], place: int, last: int) -> tuple[bytes, bytes]:
    """Both roots, from the hash where the two trees part and the rest of the proof."""
    old = new = first
    for sibling in hashes:
        if last == 0:
            raise ProofFailed("expected a shorter consistency proof")
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFailed("expected a longer consistency proof")
    return old, new


def _grow(nodes: list[bytes], size: int, leaf: bytes) -> None:
    """Append to the edge of a tree of `size` leaves: as many nodes join as `size` ends with set bits."""
    while size & 1:
        leaf = _sha256(b"\x01" + nodes.pop() + leaf).digest()
        size >>= 1
    nodes.append(leaf)


def _fold(nodes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, largest first."""
    result = nodes[-1]
    for node in reversed(nodes[:-1]):
        result = node_hash(node, result)
    return result


def _split(width: int) -> int:
    """The largest power of two below `width`, at least 2: where RFC 6962 parts a tree."""
    return 1 << ((width - 1).bit_length() - 1)


def _changes(old: int, begin: int, end: int, *, whole: bool) -> list[tuple[int, int]]:
    """The ranges of a consistency proof, in its order; `whole` while the old tree fills the range from 0."""
    if old == end:
        return [] if whole else [(begin, end)]
    middle = begin + _split(end - begin)
    if old <= middle:
        return [*_changes(old, begin, middle, whole=whole), (middle, end)]
    return [*_changes(old, middle, end, whole=False), (begin, middle)]


def _subtree(begin: int, end: int, node: NodeReader) -> bytes:
    """The root over leaves `begin` to before `end`, a range that RFC 6962 makes a subtree of."""
    width = end - begin
    if not width & (width - 1):  # a complete subtree, as nearly all are
        level = width.bit_length() - 1
        return node(level, begin >> level)
    nodes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(node(level, begin >> level))
        begin += 1 << level
    return _fold(nodes)


def _expect_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(item) != HASH_SIZE for item in hashes):
        raise ProofFailed(f"expected every hash of {HASH_SIZE} bytes")


def _expect_same(expected: bytes, found: bytes, message: str) -> None:
    if expected != found:
        raise ProofFailed(message, expected=base64_of(expected), found=base64_of(found))
