"""The tlog-tiles layout: paths, tiles, bundles, and proofs read from them."""

import hashlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log import merkle, tiles
from disclosure_ledger.log.merkle import leaf_hash
from golden_log import b64, folder, golden


def written(leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
    """All tiles of a tree by level and index, as an edge gives them."""
    edge, found = tiles.TileEdge(), dict[tuple[int, int], bytes]()
    for leaf in leaves:
        found.update({(level, index): tile for level, index, tile in edge.append(leaf)})
    found.update({(level, index): tile for level, index, tile in edge.partial()})
    return found


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(f"entry {number}".encode()) for number in range(size)]


def test_the_golden_paths_are_made_and_read() -> None:
    for number, path in golden("tiles.json")["paths"].items():
        assert tiles.path(0, int(number)) == path
        assert tiles.parse_path(path) == (0, int(number), 256)


def test_the_golden_trees_have_their_tiles() -> None:
    for tree in golden("tiles.json")["trees"]:
        size, leaves = tree["size"], leaves_of(tree["size"])
        found, listing = written(leaves), []
        for level, index, width in tiles.tiles_of(size):
            assert len(found[level, index]) == 32 * width
            path, digest = tiles.path(level, index, width), hashlib.sha256(found[level, index]).hexdigest()
            assert tree["sha256"].get(path, digest) == digest
            listing.append(f"{path} {digest}\n")
        assert len(found) == len(listing) == tree["tiles"]
        assert merkle.root(leaves) == b64(tree["root"])
        assert hashlib.sha256("".join(listing).encode()).hexdigest() == tree["listing_sha256"]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 600])
def test_proofs_read_from_tiles_are_those_of_the_tree(size: int) -> None:
    leaves = leaves_of(600)
    found = written(leaves)
    node = tiles.node_reader_from_tiles(lambda level, index: found[level, index], size)
    root = merkle.root(leaves[:size])
    assert merkle.root_at(size, node) == root
    for index in {0, 1, size // 2, size - 1}:
        if index < size:
            proof = merkle.prove_inclusion(index, size, node)
            merkle.check_inclusion(leaves[index], index, size, proof, root)
    for old in {1, size // 2 or 1, size}:
        proof = merkle.prove_consistency(old, size, node)
        merkle.check_consistency(old, size, merkle.root(leaves[:old]), root, proof)


def test_a_proof_in_a_large_tree_reads_a_few_tiles() -> None:
    asked = list[tuple[int, int]]()

    def read(level: int, index: int) -> bytes:
        asked.append((level, index))
        return bytes(32) * tiles.width_of(level, index, 1_000_000)

    node = tiles.node_reader_from_tiles(read, 1_000_000)
    merkle.prove_inclusion(123_456, 1_000_000, node)
    assert len(asked) == len(set(asked)) <= 6


def test_a_tile_that_is_too_short_is_malformed() -> None:
    for short in (b"", bytes(31), bytes(32), bytes(33), bytes(32 * 257)):
        node = tiles.node_reader_from_tiles(lambda level, index, short=short: short, 2)
        with pytest.raises(Malformed):
            node(0, 1)


def test_a_subtree_that_is_not_complete_is_not_read() -> None:
    node = tiles.node_reader_from_tiles(lambda level, index: bytes(32 * 3), 3)
    with pytest.raises(ValueError, match="complete"):
        node(2, 0)


@given(st.integers(0, 2**40), st.integers(0, 5), st.integers(0, 2000))
def test_the_width_of_a_tile_is_that_of_the_listing(size: int, level: int, index: int) -> None:
    small = size % 70_000
    listed = {(found, number): width for found, number, width in tiles.tiles_of(small)}
    assert tiles.width_of(level, index, small) == listed.get((level, index), 0)


@given(st.integers(0, 63), st.integers(0, 2**50), st.integers(1, 256))
def test_a_path_names_one_tile(level: int, index: int, width: int) -> None:
    assert tiles.parse_path(tiles.path(level, index, width)) == (level, index, width)
    assert tiles.parse_path(tiles.bundle_path(index, width)) == (None, index, width)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x01/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/٠٠٠",
        "tile/entries/000\n",
        "/tile/0/000",
        "tile/0/../000",
        "tile/data/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_another_spelling_of_a_path_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        tiles.parse_path(text)


@pytest.mark.parametrize("width", [0, 257, -1])
def test_no_path_is_made_of_a_width_that_no_tile_has(width: int) -> None:
    with pytest.raises(ValueError, match="width"):
        tiles.path(0, 0, width)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_notes(notes: list[bytes]) -> None:
    assert tiles.decode_bundle(tiles.encode_bundle(notes)) == tuple(notes)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_of_bundles_raise_anything_but_malformed(data: bytes) -> None:
    try:
        notes = tiles.decode_bundle(data)
    except Malformed:
        return
    assert tiles.encode_bundle(notes) == data


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x00\x00", b"\x00\x00" * 257])
def test_a_bundle_cut_short_or_too_long_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        tiles.decode_bundle(data)


def test_a_bundle_and_a_tile_of_256_are_full_and_not_too_long() -> None:
    assert len(tiles.decode_bundle(b"\x00\x00" * 256)) == 256
    assert tiles.width_in(bytes(32 * 256)) == 256
    for wrong in (b"", bytes(32 * 257), bytes(33)):
        with pytest.raises(Malformed):
            tiles.width_in(wrong)


def test_a_note_that_no_bundle_can_hold_is_refused() -> None:
    with pytest.raises(OverflowError):
        tiles.encode_bundle([bytes(65_536)])


def test_the_golden_package_has_its_tile_and_its_bundle() -> None:
    package = folder() / "audit-package"
    notes = tiles.decode_bundle((package / tiles.bundle_path(0, 32)).read_bytes())
    assert notes == tuple((folder() / f"entries/{index:02d}.note").read_bytes() for index in range(32))
    tile = (package / tiles.path(0, 0, 32)).read_bytes()
    assert tile == b"".join(map(leaf_hash, notes))
