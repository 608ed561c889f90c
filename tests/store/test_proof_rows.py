"""A proof reads rows by the height of the tree, not by its size."""

import contextlib
from pathlib import Path

import pytest

from disclosure_ledger.log import tiles
from disclosure_ledger.store.read import Reading
from fictions import disclosure
from ledgers import BOTH, Practice, from_objects, place_on

SIZES = (600, 6_000)
MOST_OF_AN_EDGE = tiles.TILE_WIDTH
"""Leaf hashes of the tile that is not full yet: they come from their entries, a row each."""


@pytest.mark.parametrize("database", BOTH)
def test_a_receipt_reads_few_rows_in_a_ledger_of_any_size(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    stored_tile, leaf_hashes = Reading.stored_tile, Reading.leaf_hashes

    def count_tile(self: Reading, level: int, index: int) -> bytes | None:
        found = stored_tile(self, level, index)
        read.append(found is not None)
        return found

    def count_leaves(self: Reading, start: int, stop: int) -> list[bytes]:
        found = leaf_hashes(self, start, stop)
        read.append(len(found))
        return found

    practice = Practice(place_on(database, tmp_path), tmp_path).create()
    with contextlib.closing(practice.open()) as ledger:
        before = 0
        for size in SIZES:
            objects = [{**disclosure(), "ref": f"F-{number}"} for number in range(before, size)]
            ledger.record_all(from_objects(objects))
            before = size
            with monkeypatch.context() as patched:
                patched.setattr(Reading, "stored_tile", count_tile)
                patched.setattr(Reading, "leaf_hashes", count_leaves)
                read.clear()
                ledger.receipt(size // 3)
            assert 0 < sum(read) <= MOST_OF_AN_EDGE + 8, (size, read)
