"""Adds to an audit package in a folder what its ledger has gained since (docs/format.md section 11).

Full tiles and full bundles never change, so they stay as they are; what was not full is written anew, with what came
after it. A package holds exactly the files of one size, so one that is half old and half new would not verify. The new
one is therefore put together beside the old (files that stay are linked, not copied) and the two folders exchange
their places in one step: whoever looks, or stops it, finds the old package or the new.

>>> before = Opening(index=4, content=["a hash", "a hash"])
>>> now = Opening(index=4, content=[["a salt", "a name", "a value"], "a hash"])
>>> joined([before], [now]) == (now,), len(joined([now], [before]))
(True, 2)
"""

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from disclosure_ledger.errors import Malformed, Refused, StorageFailed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import note as notes
from disclosure_ledger.log import tiles
from disclosure_ledger.log.checkpoint import SignedCheckpoint

from . import openings as opening_file
from .layout import CHECKPOINT, OPENINGS, VKEYS, sized
from .making import write_file
from .openings import Opening
from .reading import Files, opened

_ELSEWHERE: Final = "write it to another folder, and see what verify says of this one"
_AT_FDCWD: Final = -100
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An audit package that is there. Nothing is established of it but its form."""

    checkpoint: SignedCheckpoint
    names: frozenset[str]
    openings: tuple[Opening, ...]

    @property
    def size(self) -> int:
        """How many entries its checkpoint covers."""
        return self.checkpoint.checkpoint.size

    @property
    def full(self) -> int:
        """How many of them are in full bundles."""
        return self.size - self.size % tiles.TILE_WIDTH

    def has_all_of(self, note: bytes) -> bool:
        """Whether its checkpoint is this one, with each of its lines: then it may have witnesses' lines beside."""
        other = checkpoints.parse(note)
        ours = self.checkpoint.note
        return ours.text == other.note.text and set(other.note.signatures) <= set(ours.signatures)


def earlier(path: Path) -> Earlier:
    """The package in a folder, to be added to.

    Raises Refused where there is none, or one that lacks a file of its size or holds one that belongs to none: what
    stays in place is not read again, and a file that somebody put there is not this program's to delete.
    """
    try:
        with opened(path) as files:
            signed = checkpoints.parse(files.read(CHECKPOINT, notes.MOST_BYTES))
            _expect_whole(files, signed.checkpoint.size)
            shown = files.read(OPENINGS, opening_file.MOST_BYTES) if OPENINGS in files.names else None
            found = opening_file.parse(shown) if shown is not None else ()
            return Earlier(checkpoint=signed, names=files.names, openings=found)
    except Malformed as error:
        raise Refused(
            f"{path} holds no audit package that could be added to: {error.message}", hint=_ELSEWHERE
        ) from None


def add(target: Path, before: Earlier, made: Iterable[tuple[str, bytes]]) -> int:
    """Make the package at `target` one of these files and of those of `before` that stay; how many files were added.

    made: the files after the full bundles of `before`. A file that is there with the same bytes is not added. Raises
    StorageFailed where they cannot be written; then, and whatever `made` raises, the package is as it was.
    """
    target = target.resolve()
    try:
        with tempfile.TemporaryDirectory(prefix=".audit-", dir=target.parent) as folder:
            beside = Path(folder) / "made"
            beside.mkdir(mode=0o700)
            keep = _keeper(target, beside)
            for name in _staying(before):
                keep(name)
            count = _add(target, beside, before, keep, made)
            if count or len(_names(beside)) != len(before.names):
                _to_disk(beside)
                _exchange(beside, target, Path(folder) / "old")
            return count
    except OSError as error:
        raise StorageFailed(f"cannot write {target}: {error.strerror}; it is as it was") from None


def joined(kept: Sequence[Opening], given: Sequence[Opening]) -> tuple[Opening, ...]:
    """What was opened before and what is opened now, each once: an opening that shows all of another stands for it."""
    return (*(one for one in kept if not any(_shows_all_of(other, one) for other in given)), *given)


def _add(
    target: Path, beside: Path, before: Earlier, keep: Callable[[str], None], made: Iterable[tuple[str, bytes]]
) -> int:
    count = 0
    for name, data in made:
        new = beside / PurePosixPath(name)
        if name in before.names and (target / PurePosixPath(name)).read_bytes() == data:
            if not new.exists():
                keep(name)
            continue
        new.unlink(missing_ok=True)
        write_file(beside, name, data, to_disk=True)
        count += 1
    return count


def _expect_whole(files: Files, size: int) -> None:
    """The files of this size are there, and no other but those that are named by sizes, keys and openings."""
    missing = next((name for name in _of_the_tree(size) if name not in files.names), None)
    if missing is not None:
        raise Malformed(f"{missing} is missing")
    known = {CHECKPOINT, VKEYS, OPENINGS, *_of_the_tree(size)}
    for name in sorted(files.names - known):
        if sized(name) is None:
            raise Malformed(f"{name} belongs to no package of its size")
    if files.strange:
        raise Malformed(f"{files.strange[0]} is no plain file")


def _of_the_tree(size: int) -> Iterator[str]:
    for level, index, width in tiles.tiles_of(size):
        yield tiles.path(level, index, width)
        if level == 0:
            yield tiles.bundle_path(index, width)


def _staying(before: Earlier) -> Iterator[str]:
    """What is in every later package of the ledger: full tiles and bundles, handovers and timestamps."""
    for name in sorted(before.names):
        is_full = name.startswith("tile/") and not PurePosixPath(name).parent.name.endswith(".p")
        if is_full or sized(name) is not None:
            yield name


def _keeper(target: Path, beside: Path) -> Callable[[str], None]:
    """Puts a file of the old package into the new: by a second name where the file system has them, else by a copy."""

    def keep(name: str) -> None:
        old, new = (folder / PurePosixPath(name) for folder in (target, beside))
        new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(old, new, follow_symlinks=False)
        except (OSError, NotImplementedError):
            shutil.copy2(old, new, follow_symlinks=False)

    return keep


def _names(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _to_disk(folder: Path) -> None:
    """Wait until every folder of the new package is on the disk: only then may it take the place of the old."""
    if sys.platform == "win32":
        return  # folders cannot be opened there
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _exchange(made: Path, target: Path, old: Path) -> None:
    """Let two folders change places: in one step where the system can, else with one between, which is taken back."""
    if _exchanged(made, target):
        return
    target.rename(old)
    try:
        made.rename(target)
    except OSError:
        old.rename(target)
        raise


def _exchanged(made: Path, target: Path) -> bool:
    """Whether the system exchanged the two in one step (renameat2 of Linux, renamex_np of macOS)."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(made), os.fsencode(target)
        if sys.platform == "darwin":
            return bool(library.renamex_np(*names, _EXCHANGE) == 0)
        if sys.platform == "linux":
            return bool(library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0)
    return False


def _shows_all_of(one: Opening, other: Opening) -> bool:
    if one.index != other.index:
        return False
    if one.salt_root is not None or one == other:
        return True
    if not isinstance(one.content, list) or not isinstance(other.content, list):
        return False
    pairs = zip(one.content, other.content, strict=False)
    return len(one.content) == len(other.content) and all(a == b for a, b in pairs if isinstance(b, list))
