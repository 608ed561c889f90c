"""The layout of a tree in files (C2SP tlog-tiles): tiles of 256 hashes, bundles of 256 entries.

A tile of level L and number N holds the hashes of 256 complete subtrees of 256**L leaves each; the last of a level may
be narrower. A bundle holds the notes of the same leaves as a tile of level 0, each after its length in two bytes.

>>> path(0, 1234067), path(1, 0, 17), bundle_path(273, 112)
('tile/0/x001/x234/067', 'tile/1/000.p/17', 'tile/entries/273.p/112')
>>> parse_path("tile/0/x001/x234/067")
(0, 1234067, 256)
>>> [tile for tile in tiles_of(70_000) if tile[0] > 0 or tile[1] > 271]
[(0, 272, 256), (0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
>>> decode_bundle(encode_bundle([b"one", b"two"]))
(b'one', b'two')
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log.merkle import EMPTY_ROOT, NodeReader, root, row_above
from disclosure_ledger.strict import HASH_SIZE, MAX_INTEGER

TILE_HEIGHT = 8
TILE_WIDTH = 256
"""Hashes of a full tile, notes of a full bundle: 2**TILE_HEIGHT."""

MOST_LEVEL = 63
MOST_TILES_KEPT = 64
"""Tiles that a reader keeps: a megabyte, and a proof in a tree of a thousand million leaves reads five."""

_LENGTH_SIZE = 2
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


def path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Where a tile is kept."""
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """Where a bundle of entries is kept."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def parse_path(text: str) -> tuple[int | None, int, int]:
    """The level, index and width that a path names; the level of a bundle is None. Raises Malformed."""
    match = _PATH.fullmatch(text)
    if match is None:
        raise Malformed("expected the path of a tile or bundle")
    level = None if match["level"] == "entries" else int(match["level"])
    index, width = int(re.sub(r"[x/]", "", match["number"])), int(match["width"] or TILE_WIDTH)
    made = bundle_path(index, width) if level is None else path(level, index, width)
    if made != text or index > MAX_INTEGER or (level or 0) > MOST_LEVEL:
        raise Malformed("expected the one path of a tile or bundle")
    return level, index, width


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, index and width of every tile of a tree of this size, and of no other; ascending."""
    level, count = 0, size
    while count:
        for index in range(-(-count // TILE_WIDTH)):
            yield level, index, min(TILE_WIDTH, count - index * TILE_WIDTH)
        level, count = level + 1, count // TILE_WIDTH


def width_of(level: int, index: int, size: int) -> int:
    """How wide a tile is in a tree of this size; 0 where the tree does not have it. For a bundle the level is 0."""
    return max(0, min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH))


def encode_bundle(notes: Iterable[bytes]) -> bytes:
    """The bundle of these notes, each at most 65,535 bytes."""
    return b"".join(len(note).to_bytes(_LENGTH_SIZE, "big") + note for note in notes)


def decode_bundle(data: bytes) -> tuple[bytes, ...]:
    """The notes of a bundle. Raises Malformed where it ends inside one, or holds more than 256."""
    notes, place = list[bytes](), 0
    while place < len(data):
        begin = place + _LENGTH_SIZE
        place = begin + int.from_bytes(data[place:begin], "big")
        if place > len(data):
            raise Malformed("expected a bundle that ends with an entry")
        notes.append(data[begin:place])
        if len(notes) > TILE_WIDTH:
            raise Malformed(f"expected a bundle of at most {TILE_WIDTH} entries")
    return tuple(notes)


def width_in(tile: bytes) -> int:
    """How many hashes a tile holds. Raises Malformed where its length is none that a tile can have."""
    if not tile or len(tile) % HASH_SIZE or len(tile) > TILE_WIDTH * HASH_SIZE:
        raise Malformed(f"expected a tile of 1 to {TILE_WIDTH} hashes")
    return len(tile) // HASH_SIZE


def tile_root(tile: bytes) -> bytes:
    """The hash that the next level holds for a full tile."""
    while len(tile) > HASH_SIZE:
        tile = row_above(tile)
    return tile


def node_reader_from_tiles(read_tile: Callable[[int, int], bytes], size: int) -> NodeReader:
    """A reader of the tree of this size: `read_tile(level, index)` gives a tile, at least as wide as that tree's.

    A tile that is too short raises Malformed. The last tiles read are kept, each with the rows of nodes above it as
    far as they were asked for: the proofs of neighbours ask for the same nodes.
    """

    @lru_cache(maxsize=MOST_TILES_KEPT)
    def rows(level: int, index: int) -> list[bytes]:
        tile, width = read_tile(level, index), width_of(level, index, size)
        if width_in(tile) < width:
            raise Malformed(f"expected {width} hashes in {path(level, index, width or TILE_WIDTH)}")
        return [tile[: width * HASH_SIZE]]

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, place = divmod(index, TILE_WIDTH >> height)
        known = rows(tile_level, tile_index)
        while len(known) <= height:
            known.append(row_above(known[-1]))
        found = known[height][place * HASH_SIZE : (place + 1) * HASH_SIZE]
        if not found:
            raise ValueError(f"expected a complete subtree of the tree of {size} leaves")
        return found

    return node


class TileEdge:
    """The tiles of a growing tree: each full one is given out once, what is not full yet is kept.

    >>> edge = TileEdge()
    >>> [len(edge.append(bytes([n % 256]) * 32)) for n in range(256)][-2:]
    [0, 1]
    >>> [(level, index, len(tile)) for level, index, tile in edge.partial()]
    [(1, 0, 32)]
    """

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[bytearray] = []

    @classmethod
    def at(cls, size: int, node: NodeReader) -> "TileEdge":
        """The edge of the tree that `node` reads, as it was at an earlier size."""
        made = cls()
        made.size = size
        for level in range(0, size.bit_length(), TILE_HEIGHT):
            count = size >> level
            first = count - count % TILE_WIDTH
            made._rows.append(bytearray(b"".join(node(level, index) for index in range(first, count))))
        return made

    def root(self) -> bytes:
        """The root of the tree so far."""
        below: list[bytes] = []
        for row in self._rows:
            here = [bytes(row[at : at + HASH_SIZE]) for at in range(0, len(row), HASH_SIZE)]
            below = [root([*here, *below])] if here or below else []
        return below[0] if below else EMPTY_ROOT

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Take one leaf hash more, and give each tile that became full by it: level, index and bytes."""
        full = list[tuple[int, int, bytes]]()
        self.size += 1
        while (tile := self._put(len(full), leaf)) is not None:
            index = (self.size >> (TILE_HEIGHT * (len(full) + 1))) - 1
            full.append((len(full), index, tile))
            leaf = tile_root(tile)
        return full

    def _put(self, level: int, hashed: bytes) -> bytes | None:
        """Add a hash to the last tile of a level, and take the tile away where that fills it."""
        if level == len(self._rows):
            self._rows.append(bytearray())
        row = self._rows[level]
        row += hashed
        if len(row) < TILE_WIDTH * HASH_SIZE:
            return None
        tile = bytes(row)
        row.clear()
        return tile

    def partial(self) -> Iterator[tuple[int, int, bytes]]:
        """The tiles that are not full, as level, index and bytes."""
        for level, row in enumerate(self._rows):
            if row:
                yield level, self.size >> (TILE_HEIGHT * (level + 1)), bytes(row)


def _number(index: int) -> str:
    """The number in groups of three digits, all but the last behind an x."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    if not 1 <= width <= TILE_WIDTH:
        raise ValueError(f"expected a width from 1 to {TILE_WIDTH}")
    return "" if width == TILE_WIDTH else f".p/{width}"
