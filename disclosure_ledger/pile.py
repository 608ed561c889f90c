"""What is known from outside: any pile of files that somebody kept, each told apart by how it begins.

Every checkpoint, receipt, evidence file, accounting and audit package in anyone's hands remembers the ledger as it was
(docs/format.md section 7). A ledger or an audit package is compared with the checkpoint in each, at its own size; a
file that shows one checkpoint and a few entries is compared with all that each proves (`targets`).

>>> kind_of(b"c2sp.org/tlog-proof@v1\\nindex 0"), kind_of(b"SQLite format 3\\x00"), kind_of(b"PK\\x03\\x04")
(<Kind.RECEIPT: 'receipt'>, <Kind.DATABASE: 'database'>, <Kind.PACKAGE: 'audit package'>)
>>> kind_of("oakstreet.example/disclosures\\n0\\n47DE…\\n\\n— oakstreet.example/disclosures bGUz…\\n".encode())
<Kind.CHECKPOINT: 'checkpoint'>
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from . import evidence, package
from .embedded import MOST_AROUND, embedded
from .errors import DisclosureLedgerError, Malformed, NotFound
from .log import receipt
from .log.checkpoint import Known
from .log.note import MOST_BYTES as MOST_NOTE

MOST_FILES: Final = 10_000
"""Files of one pile: more is some folder that was meant otherwise."""

_BEGINNING = 4096
_SIGNED = "\n\n— ".encode()


class Kind(StrEnum):
    """What a file is, by how it begins."""

    CHECKPOINT = "checkpoint"
    RECEIPT = "receipt"
    JSON = "evidence"
    """An object of JSON: evidence, an accounting, or something else."""
    PACKAGE = "audit package"
    DATABASE = "database"
    PDF = "PDF"
    HTML = "page"
    UNKNOWN = "unknown"


_MOST: Final = {
    Kind.CHECKPOINT: MOST_NOTE,
    Kind.RECEIPT: receipt.MOST_BYTES,
    Kind.JSON: evidence.MOST_BYTES,
    Kind.PDF: MOST_AROUND,
    Kind.HTML: MOST_AROUND,
}
"""The kinds that are read at once, and how long they may be: what is longer is refused by whoever reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file that is known from outside, or one audit package."""

    where: str
    """What to call it in a finding: its path as it was given."""
    kind: Kind
    path: Path
    data: bytes
    """The file's bytes; of an audit package its checkpoint; of a database and of what is none of ours how it begins."""

    def note(self) -> bytes:
        """The checkpoint's note in it; no bytes where there is none."""
        if self.kind in (Kind.CHECKPOINT, Kind.PACKAGE):
            return self.data
        try:
            if self.kind is Kind.RECEIPT:
                return receipt.parse(self.data).checkpoint
            return _note_in_json(self.json() or b"")
        except DisclosureLedgerError:
            return b""

    def json(self) -> bytes | None:
        """The JSON that it is, or the evidence inside of it; None where it is no such file or holds none.

        Raises Malformed where a document holds several, or one that cannot be taken out.
        """
        if self.kind in (Kind.PDF, Kind.HTML):
            return embedded(self.data)
        return self.data if self.kind is Kind.JSON else None


def gather(paths: Iterable[Path]) -> tuple[Kept, ...]:
    """The files at these paths; of a folder that is no audit package, all that is in it.

    Raises NotFound where nothing is there or it cannot be read.
    """
    found = list[Kept]()
    for kept in (kept for path in paths for kept in _gathered(path)):
        found.append(kept)
        if len(found) > MOST_FILES:
            raise NotFound(f"expected at most {MOST_FILES} files that are known from outside")
    return tuple(found)


def notes(pile: Sequence[Kept]) -> tuple[Known, ...]:
    """The checkpoints in a pile, for a ledger or an audit package to be compared with."""
    return tuple(Known(where=kept.where, raw=kept.note()) for kept in pile)


def kind_of(beginning: bytes) -> Kind:
    """What a file that begins so is."""
    text = beginning.lstrip()[:64].lower()
    if beginning.startswith(receipt.FAMILY.encode()):
        return Kind.RECEIPT
    if beginning.startswith(b"SQLite format 3\x00"):
        return Kind.DATABASE
    if package.is_zip(beginning):
        return Kind.PACKAGE
    if beginning.startswith(b"%PDF-"):
        return Kind.PDF
    if text.startswith(b"{"):
        return Kind.JSON
    if text.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    return Kind.CHECKPOINT if _SIGNED in beginning else Kind.UNKNOWN


def kind_at(path: Path) -> Kind:
    """What is at a path. Raises NotFound where nothing is, or it cannot be read."""
    if path.is_dir():
        return Kind.PACKAGE if package.is_folder(path) else Kind.UNKNOWN
    with _opened(path) as file:
        return kind_of(file.read(_BEGINNING))


def read(path: Path) -> Kept:
    """The file or audit package at a path, told apart. Raises NotFound where it cannot be read.

    A file is opened once, so that all of it is what it was at one moment, and a pipe will do.
    """
    if path.is_dir():
        kind, data = kind_at(path), b""
    else:
        with _opened(path) as file:
            data = file.read(_BEGINNING)
            kind = kind_of(data)
            data += file.read(max(0, _MOST.get(kind, 0) + 1 - len(data)))
    return Kept(where=str(path), kind=kind, path=path, data=_checkpoint_of(path) if kind is Kind.PACKAGE else data)


def _gathered(path: Path) -> Iterator[Kept]:
    if not path.is_dir() or package.is_folder(path):
        yield read(path)
        return
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None
    for one in inside:
        if not one.is_symlink():
            yield from _gathered(one)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise NotFound(f"no file at {path}") from None
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None


def _checkpoint_of(path: Path) -> bytes:
    try:
        return package.checkpoint_of(path)
    except Malformed:
        return b""


def _note_in_json(data: bytes) -> bytes:
    """The checkpoint that evidence or an accounting holds: it is signed, so its frame need not be in one spelling."""
    if len(data) > evidence.MOST_BYTES:
        return b""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return b""
    note = value.get("checkpoint") if isinstance(value, dict) else None
    return note.encode() if isinstance(note, str) else b""
