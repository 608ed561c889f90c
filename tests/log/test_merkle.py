"""The tree of RFC 6962, beside the recursion of its text, and mutations of every proof."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import merkle
from disclosure_ledger.log.merkle import EMPTY, Frontier, leaf_hash, node_hash
from trees import LEAVES, oracle_root, reader, split


def oracle_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*oracle_path(m, leaves[:k]), oracle_root(leaves[k:])]
    return [*oracle_path(m - k, leaves[k:]), oracle_root(leaves[:k])]


def oracle_subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [oracle_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*oracle_subproof(m, leaves[:k], whole), oracle_root(leaves[k:])]
    return [*oracle_subproof(m - k, leaves[k:], False), oracle_root(leaves[:k])]


def mutations(proof: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Every hash flipped, cut away or doubled, neighbours in each other's place, garbage at both ends."""
    for place, item in enumerate(proof):
        flipped = bytes([item[0] ^ 1]) + item[1:]
        yield (*proof[:place], flipped, *proof[place + 1 :])
        yield proof[:place] + proof[place + 1 :]
        yield proof[:place]
        yield (*proof[: place + 1], item, *proof[place + 1 :])
        yield (*proof[:place], item[:-1], *proof[place + 1 :])
    for place, (left, right) in enumerate(pairwise(proof)):
        yield (*proof[:place], right, left, *proof[place + 2 :])
    yield (*proof, bytes(32))
    yield (bytes(32), *proof)


@pytest.mark.parametrize("size", [*range(20), 31, 32, 33, 64, 100, 127, 128, 129, 130])
def test_roots_are_those_of_the_recursion(size: int) -> None:
    expected = oracle_root(LEAVES[:size])
    assert merkle.root(LEAVES[:size]) == expected
    assert EMPTY.extend(LEAVES[:size]).root() == expected
    assert merkle.root_at(size, reader(LEAVES)) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33, 130])
def test_inclusion_proofs_are_those_of_the_recursion_and_hold(size: int) -> None:
    for index in range(size):
        proof = merkle.prove_inclusion(index, size, reader(LEAVES))
        assert list(proof) == oracle_path(index, LEAVES[:size])
        merkle.check_inclusion(LEAVES[index], index, size, proof, oracle_root(LEAVES[:size]))


@pytest.mark.parametrize("new", [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33, 130])
def test_consistency_proofs_are_those_of_the_recursion_and_hold(new: int) -> None:
    for old in range(1, new + 1):
        proof = merkle.prove_consistency(old, new, reader(LEAVES))
        assert list(proof) == oracle_subproof(old, LEAVES[:new], True)
        merkle.check_consistency(old, new, oracle_root(LEAVES[:old]), oracle_root(LEAVES[:new]), proof)


@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (0, 2), (1, 2), (2, 3), (6, 7), (0, 8), (5, 8), (16, 17), (12, 33)]
)
def test_no_mutation_of_an_inclusion_proof_holds(index: int, size: int) -> None:
    root, leaf = oracle_root(LEAVES[:size]), LEAVES[index]
    proof = tuple(oracle_path(index, LEAVES[:size]))
    for wrong in mutations(proof):
        if wrong != proof:
            with pytest.raises(ProofFailed):
                merkle.check_inclusion(leaf, index, size, wrong, root)


@pytest.mark.parametrize(("index", "size"), [(0, 2), (2, 3), (6, 7), (5, 8), (16, 17), (12, 33)])
def test_a_proof_holds_for_no_other_leaf_index_or_root(index: int, size: int) -> None:
    root, proof = oracle_root(LEAVES[:size]), tuple(oracle_path(index, LEAVES[:size]))
    for other in range(-1, size + 2):
        if other != index:
            with pytest.raises(ProofFailed):
                merkle.check_inclusion(LEAVES[index], other, size, proof, root)
    for leaf, wrong_root in ((LEAVES[index + 1], root), (LEAVES[index], bytes(32)), (LEAVES[index], root[:31])):
        with pytest.raises(ProofFailed):
            merkle.check_inclusion(leaf, index, size, proof, wrong_root)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 4), (4, 7), (6, 8), (7, 8), (8, 9), (12, 33), (64, 130)])
def test_no_mutation_of_a_consistency_proof_holds(old: int, new: int) -> None:
    roots = oracle_root(LEAVES[:old]), oracle_root(LEAVES[:new])
    proof = tuple(oracle_subproof(old, LEAVES[:new], True))
    for wrong in mutations(proof):
        if wrong != proof:
            with pytest.raises(ProofFailed):
                merkle.check_consistency(old, new, *roots, wrong)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 4), (4, 7), (7, 8), (8, 9), (12, 33)])
def test_a_consistency_proof_holds_for_no_other_root(old: int, new: int) -> None:
    first, second = oracle_root(LEAVES[:old]), oracle_root(LEAVES[:new])
    proof = tuple(oracle_subproof(old, LEAVES[:new], True))
    for roots in ((bytes(32), second), (first, bytes(32)), (second, first), (first[:31], second), (first, second[:31])):
        with pytest.raises(ProofFailed):
            merkle.check_consistency(old, new, *roots, proof)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (-1, 5), (5, 4), (5, -1)])
def test_nothing_is_consistent_from_size_0_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ProofFailed):
        merkle.check_consistency(old, new, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, ())
    with pytest.raises(ValueError, match="old size"):
        merkle.prove_consistency(old, new, reader(LEAVES))


def test_equal_sizes_have_equal_roots_and_no_proof() -> None:
    root = oracle_root(LEAVES[:7])
    merkle.check_consistency(7, 7, root, root, ())
    for other, proof in ((bytes(32), ()), (root, (bytes(32),))):
        with pytest.raises(ProofFailed):
            merkle.check_consistency(7, 7, root, other, proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_is_made_of_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="index"):
        merkle.prove_inclusion(index, size, reader(LEAVES))


@given(st.integers(1, 130).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))))
def test_proofs_made_in_one_walk_are_those_of_each_leaf(case: tuple[int, set[int]]) -> None:
    size, indices = case
    proofs = merkle.prove_inclusions(indices, size, reader(LEAVES))
    assert proofs.keys() == indices
    for index, proof in proofs.items():
        merkle.check_inclusion(LEAVES[index], index, size, proof, oracle_root(LEAVES[:size]))


def test_a_walk_for_many_leaves_reads_what_they_share_once() -> None:
    asked = []

    def node(level: int, index: int) -> bytes:
        asked.append((level, index))
        return bytes(32)

    merkle.prove_inclusions(range(4096), 1 << 20, node)
    assert len(asked) == len(set(asked))


@given(st.integers(0, 130), st.integers(0, 130))
def test_a_frontier_goes_on_where_it_was_put_down(first: int, second: int) -> None:
    begun = EMPTY.extend(LEAVES[: min(first, second)])
    again = Frontier.decode(begun.size, begun.encode())
    assert again == begun
    for leaf in LEAVES[min(first, second) : max(first, second)]:
        again = again.append(leaf)
    assert again == EMPTY.extend(LEAVES[: max(first, second)])


@pytest.mark.parametrize(("size", "data"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (2, bytes(31)), (-1, b"")])
def test_a_frontier_of_another_length_is_refused(size: int, data: bytes) -> None:
    with pytest.raises(Malformed):
        Frontier.decode(size, data)


def test_a_proof_reads_as_many_nodes_as_the_tree_is_high() -> None:
    asked = []

    def node(level: int, index: int) -> bytes:
        asked.append((level, index))
        return bytes(32)

    merkle.prove_inclusion(123_456, 1_000_000, node)
    merkle.prove_consistency(123_456, 1_000_000, node)
    merkle.root_at(1_000_000, node)
    assert len(asked) < 90


def test_a_frontier_is_not_made_of_other_nodes_than_its_size_has() -> None:
    for size, nodes in ((1, ()), (0, (bytes(32),)), (3, (bytes(32),)), (1, (bytes(31),)), (1, (bytes(33),))):
        with pytest.raises(Malformed):
            Frontier(size=size, nodes=nodes)


def test_a_row_is_hashed_two_by_two_and_what_is_left_over_is_not() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(7)]
    for width in range(8):
        pairs = zip(leaves[0 : width - width % 2 : 2], leaves[1:width:2], strict=True)
        assert merkle.row_above(b"".join(leaves[:width])) == b"".join(merkle.node_hash(*pair) for pair in pairs)


def test_hashes_of_another_length_are_refused_even_where_the_roots_agree() -> None:
    leaf, short = LEAVES[0], bytes(31)
    for wrong in (
        (leaf, 0, 2, (short,), node_hash(leaf, short)),
        (short, 0, 1, (), short),
        (short, 0, 2, (leaf,), node_hash(short, leaf)),
    ):
        with pytest.raises(ProofFailed, match="32 bytes"):
            merkle.check_inclusion(*wrong)
    for pair in (
        (1, 2, leaf, node_hash(leaf, short), (short,)),
        (1, 2, short, node_hash(short, leaf), (leaf,)),
        (5, 5, short, short, ()),
    ):
        with pytest.raises(ProofFailed, match="32 bytes"):
            merkle.check_consistency(*pair)


@pytest.mark.parametrize("left", [True, False])
def test_a_proof_that_goes_on_after_the_root_is_refused_even_where_it_leads_there(left: bool) -> None:
    more = bytes(32)

    def above(root: bytes) -> bytes:
        return node_hash(more, root) if left else node_hash(root, more)

    for size in (1, 2, 3, 8):
        proof = (*oracle_path(0, LEAVES[:size]), more)
        with pytest.raises(ProofFailed, match="shorter"):
            merkle.check_inclusion(LEAVES[0], 0, size, proof, above(oracle_root(LEAVES[:size])))
    for old, new in ((1, 2), (3, 7), (4, 8)):
        proof = (*oracle_subproof(old, LEAVES[:new], True), more)
        for first in (oracle_root(LEAVES[:old]), above(oracle_root(LEAVES[:old]))):
            with pytest.raises(ProofFailed):
                merkle.check_consistency(old, new, first, above(oracle_root(LEAVES[:new])), proof)
