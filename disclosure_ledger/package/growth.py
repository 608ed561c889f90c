"""That a package's tree has grown from an earlier size: what a witness asks for before it cosigns (RFC 6962, 2.1.2).

The proof is read from the tiles of the package. A tile that lies gives a proof that does not hold, so that nothing
needs to be established here: the witness does.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     proof_of_growth(Path(folder), 1)
Traceback (most recent call last):
    ...
disclosure_ledger.errors.Malformed: expected the file to be there
"""

from pathlib import Path

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import merkle, note, tiles

from .examining import MOST_TILE
from .layout import CHECKPOINT
from .reading import opened


def proof_of_growth(path: Path, old: int) -> tuple[bytes, tuple[bytes, ...]]:
    """The checkpoint's note of the package at a path, and the consistency proof from `old` entries to it.

    No proof from size 0 and to the same size: there none is needed. Raises Malformed where the package lacks what it
    takes, or is smaller.
    """
    with opened(path) as files:
        raw = files.read(CHECKPOINT, note.MOST_BYTES)
        size = checkpoints.parse(raw).checkpoint.size
        if old > size:
            raise Malformed(f"expected a package of at least {old} entries, found one of {size}")
        if old in (0, size):
            return raw, ()

        def read_tile(level: int, index: int) -> bytes:
            return files.read(tiles.path(level, index, tiles.width_of(level, index, size)), MOST_TILE)

        return raw, merkle.prove_consistency(old, size, tiles.node_reader_from_tiles(read_tile, size))
