"""The files of an audit package, from a folder or a zip, read so that a hostile one does no harm.

Nothing is ever unpacked. Links and what is no plain file are reported and not followed; a file is read up to the size
that its kind can have; a zip that is packed tighter than notes and hashes can be is refused before it is read.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     _ = (Path(folder) / "checkpoint").write_bytes(b"a note")
...     _ = (Path(folder) / "a link").symlink_to("checkpoint")
...     with opened(Path(folder)) as files:
...         files.names, files.strange, files.read("checkpoint", 6)
(frozenset({'checkpoint'}), ('a link',), b'a note')
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from disclosure_ledger.errors import Malformed, NotFound

MOST_FILES: Final = 1_000_000
"""Files of one package: as many as 250 million entries have."""
MOST_DEPTH: Final = 8
"""Folders inside each other: the layout has six for a tile of the largest tree."""
MOST_PACKED: Final = 100
"""How many bytes a zip may hold for each of its own: notes and hashes pack three to one, a bomb a thousand to one."""
SMALL_ZIP: Final = 1_000_000
"""A zip that holds no more is read however tightly it is packed."""

_ENCRYPTED = 0x1
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError)
"""What the standard library raises at a zip that is damaged, encrypted or of a kind it does not know."""


class Files(Protocol):
    """The files of a package by their paths in it."""

    names: frozenset[str]
    strange: tuple[str, ...]
    """What is there and cannot be a file of a package: links, sockets, a name that stands twice."""

    def read(self, name: str, most: int) -> bytes:
        """A file's bytes. Raises Malformed where there is none, or it holds more than `most`."""
        ...


@contextmanager
def opened(path: Path) -> Iterator[Files]:
    """The files of the package at a path. Raises Malformed for what is neither folder nor zip, NotFound for nothing."""
    if path.is_dir():
        yield Folder(path)
        return
    with _archive(path) as archive:
        yield Archive(archive, path.stat().st_size)


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise NotFound(f"no file at {path}") from None
    except _UNREADABLE:
        raise Malformed("expected a folder, or a zip that can be read") from None


class Folder:
    """A package in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        names, strange = list[str](), list[str]()
        for name, plain in _walk(path, "", 0):
            (names if plain else strange).append(name)
            if len(names) + len(strange) > MOST_FILES:
                raise Malformed(f"expected a package of at most {MOST_FILES} files")
        self.names, self.strange = frozenset(names), tuple(sorted(strange))

    def read(self, name: str, most: int) -> bytes:
        """A file's bytes; a link that took its place since is not followed."""
        if name not in self.names:
            raise Malformed("expected the file to be there")
        try:
            handle = os.open(self._path / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(handle, "rb") as file:
                return _limited(file.read(most + 1), most)
        except OSError:
            raise Malformed("expected a file that can be read") from None


class Archive:
    """A package in a zip. One common folder at its top, as some programs put it there, is seen through."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        members = [one for one in archive.infolist() if not one.is_dir()]
        held = sum(one.file_size for one in members)
        if len(members) > MOST_FILES:
            raise Malformed(f"expected a package of at most {MOST_FILES} files")
        if held > SMALL_ZIP and held > MOST_PACKED * size:
            raise Malformed(f"expected a zip that holds at most {MOST_PACKED} times its own size")
        top = _common_folder(members)
        self._members, strange = dict[str, zipfile.ZipInfo](), list[str]()
        for one in members:
            name = one.filename[len(top) :]
            if name in self._members or not _is_plain(one):
                strange.append(name)
            self._members[name] = one
        self.names, self.strange = frozenset(self._members), tuple(sorted(strange))

    def read(self, name: str, most: int) -> bytes:
        """A file's bytes, unpacked only as far as they may be many."""
        member = self._members.get(name)
        if member is None or not _is_plain(member):
            raise Malformed("expected the file to be there")
        try:
            with self._archive.open(member) as file:
                return _limited(file.read(most + 1), most)
        except _UNREADABLE:
            raise Malformed("expected a file that can be unpacked") from None


def _walk(folder: Path, before: str, depth: int) -> Iterator[tuple[str, bool]]:
    """Every path under a folder, and whether it is a plain file; folders that are too deep are told as strange."""
    try:
        found = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        yield before or ".", False
        return
    for one in found:
        name = before + one.name
        if not one.is_dir(follow_symlinks=False):
            yield name, one.is_file(follow_symlinks=False)
        elif depth == MOST_DEPTH:
            yield name, False
        else:
            yield from _walk(folder / one.name, f"{name}/", depth + 1)


def _common_folder(members: list[zipfile.ZipInfo]) -> str:
    """The folder that every file of a zip is in, with its slash; nothing where a checkpoint stands at the top."""
    tops = {one.filename.partition("/")[0] for one in members}
    if len(tops) != 1 or any("/" not in one.filename for one in members):
        return ""
    return f"{tops.pop()}/"


def _is_plain(one: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(one.external_attr >> 16)
    return kind in (0, stat.S_IFREG) and not one.flag_bits & _ENCRYPTED and one.compress_type in _PACKINGS


def _limited(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise Malformed(f"expected at most {most} bytes")
    return data
