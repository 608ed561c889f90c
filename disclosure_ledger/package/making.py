"""Makes an audit package from plain values, and puts it down as a folder or a zip (docs/format.md section 11).

`files` gives the files one after the other, as the entries come: a package of any size passes through in bundles. The
same values give the same bytes, in a zip too: its files carry no time of their own.

>>> made = dict(files(checkpoint=b"c", notes=[b"one", b"two"], vkeys=("a", "b")))
>>> sorted(made)
['checkpoint', 'log.vkey', 'tile/0/000.p/2', 'tile/entries/000.p/2']
>>> made["tile/entries/000.p/2"]
b'\\x00\\x03one\\x00\\x03two'
"""

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from disclosure_ledger.errors import Refused, StorageFailed
from disclosure_ledger.log import tiles
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.strict import HASH_SIZE

from . import openings as opening_file
from .layout import CHECKPOINT, OPENINGS, VKEYS, Kind, path_of
from .openings import Opening

_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""
_PRIVATE: Final = 0o600


def files(
    *,
    checkpoint: bytes,
    notes: Iterable[bytes],
    vkeys: Sequence[str],
    handovers: Mapping[int, bytes] | None = None,
    timestamps: Mapping[int, bytes] | None = None,
    openings: Sequence[Opening] = (),
    root: bytes | None = None,
    since: tiles.TileEdge | None = None,
) -> Iterator[tuple[str, bytes]]:
    """The files of an audit package as (path, bytes).

    checkpoint: the note, with both of the log's lines. notes: of every entry below its size, in order. vkeys: of the
    two log keys in force, Ed25519 first. handovers, timestamps: by size. root: what the notes must hash to: at the end
    StorageFailed where they do not. since: the edge of a tree of full bundles; then `notes` begins after it, and only
    the tiles and bundles that come after it are made.
    """
    yield CHECKPOINT, checkpoint
    yield VKEYS, "".join(f"{vkey}\n" for vkey in vkeys).encode()
    for size, note in sorted((handovers or {}).items()):
        yield path_of(Kind.HANDOVER, size), note
    for size, response in sorted((timestamps or {}).items()):
        yield path_of(Kind.TIMESTAMP, size), response
    if openings:
        yield OPENINGS, opening_file.format(openings)
    edge = since or tiles.TileEdge()
    yield from _tree(notes, edge)
    if root is not None and edge.root() != root:
        raise StorageFailed(
            "the entries in the database are not those of its checkpoint", hint="run: disclosure-ledger verify"
        )


def write(target: Path, made: Iterable[tuple[str, bytes]]) -> int:
    """Put the files down at `target`: a zip where its name ends so, else a folder. Readable by the owner alone.

    Gives how many files they are.

    Whole or not at all: they are written beside and moved into place. Raises Refused where something is there already,
    StorageFailed where they cannot be written; whatever `made` raises is raised, and nothing is left.
    """
    if target.exists():
        hint = "name one that is not there, or a folder that holds a package to be added to"
        raise Refused(f"{target} is there already", hint=hint)
    try:
        with tempfile.TemporaryDirectory(prefix=".audit-", dir=target.parent) as folder:
            beside = Path(folder) / "made"
            count = (_write_zip if target.suffix == ".zip" else _write_folder)(beside, made)
            beside.rename(target)
            return count
    except OSError as error:
        raise StorageFailed(f"cannot write {target}: {error.strerror}") from None


def _tree(notes: Iterable[bytes], edge: tiles.TileEdge) -> Iterator[tuple[str, bytes]]:
    """Bundles and tiles as they fill; at the end those that are not full."""
    bundle = list[bytes]()
    for note in notes:
        bundle.append(note)
        for level, index, tile in edge.append(leaf_hash(note)):
            yield tiles.path(level, index), tile
        if len(bundle) == tiles.TILE_WIDTH:
            yield tiles.bundle_path(edge.size // tiles.TILE_WIDTH - 1), tiles.encode_bundle(bundle)
            bundle.clear()
    if bundle:
        yield tiles.bundle_path(edge.size // tiles.TILE_WIDTH, len(bundle)), tiles.encode_bundle(bundle)
    for level, index, tile in edge.partial():
        yield tiles.path(level, index, len(tile) // HASH_SIZE), tile


def write_file(folder: Path, name: str, data: bytes, *, to_disk: bool = False) -> None:
    """One file of a package, in the folders of its path. `to_disk`: wait until it is there to stay."""
    path = folder / PurePosixPath(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(data)
        if to_disk:
            file.flush()
            os.fsync(file.fileno())


def _write_folder(folder: Path, made: Iterable[tuple[str, bytes]]) -> int:
    folder.mkdir(mode=0o700)
    count = 0
    for name, data in made:
        write_file(folder, name, data)
        count += 1
    return count


def _write_zip(path: Path, made: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    with (
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, data in made:
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, _PRIVATE << 16, 3
            archive.writestr(member, data)
            count += 1
    return count
