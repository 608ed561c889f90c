"""The state file: what the ledger remembers of itself outside the database (docs/format.md section 7).

    {"format": "disclosure-ledger/state/v1", "origin": "oakstreet.example/disclosures", "root": "…", "size": 41}

It lies beside the key file. A database that was rolled back, or restored from an older backup, is behind it; one
that was rewritten differs from it. It is written without waiting for the disk: after a crash an older memory may be
there, and an older memory is still true. It is never made from a database that is already there.

Where its length stays the same, as it does nine times in ten, it is written over in one piece that lies in one sector;
else it is replaced by rename, which ext4 has written to the disk at once, at the cost of another commit. Whoever reads
or writes it over holds a lock on it.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from disclosure_ledger import canonical, strict
from disclosure_ledger.errors import KeysUnavailable, Malformed, StorageFailed

if sys.platform != "win32":
    import fcntl

FORMAT = "disclosure-ledger/state/v1"
_MOST = 4096
"""Bytes that are read of a state file: one has a tenth of that."""
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # a link laid there by somebody else is not written through


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The last size and root that the ledger had when it was written to from here."""

    origin: str
    size: int
    root: bytes

    def encode(self) -> bytes:
        """The bytes of the state file."""
        return canonical.encode(
            {"format": FORMAT, "origin": self.origin, "root": strict.base64_of(self.root), "size": self.size}
        )


def decode(data: bytes) -> State:
    """The state that a file's bytes say. Raises Malformed."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or set(value) != {"format", "origin", "root", "size"} or value["format"] != FORMAT:
        raise Malformed("expected a state file of version 1")
    if type(value["origin"]) is not str or type(value["root"]) is not str or type(value["size"]) is not int:
        raise Malformed("expected origin, root and size in the state file")
    if value["size"] < 0:
        raise Malformed("expected a size that is not negative")
    return State(origin=strict.origin(value["origin"]), size=value["size"], root=strict.hash_of(value["root"]))


def load(path: Path) -> State | None:
    """What the state file says; None where there is none. Raises KeysUnavailable where it cannot be read."""
    try:
        with _opened(path, os.O_RDONLY) as handle:
            _lock(handle, exclusive=False)
            return _read(handle, path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeysUnavailable(f"the state file at {path} cannot be read: {error.strerror}") from None


def save(path: Path, state: State) -> None:
    """Replace the state file, mode 0600."""
    write_private(path, state.encode(), durable=False)


def advance(path: Path, state: State) -> None:
    """Remember where a ledger stands now, unless another process wrote down meanwhile that it stands further.

    Raises StorageFailed where it cannot be written, KeysUnavailable where what is there cannot be read.
    """
    try:
        with _opened(path, os.O_RDWR | _NO_FOLLOW) as handle:
            if _lock(handle, exclusive=True):
                before = _read(handle, path)
                if before.size >= state.size or _written_over(handle, path, before, state):
                    return
    except OSError:
        pass  # a link, a file that is not there or not to be written: it is replaced, or the error comes again
    before_now = load(path)
    if before_now is None or before_now.size < state.size:
        save(path, state)


def _written_over(handle: int, path: Path, before: State, state: State) -> bool:
    """Write a state of the same length in place; False where it must be a new file: another length, another name."""
    data, there = state.encode(), os.fstat(handle)
    if len(data) != len(before.encode()) or there.st_nlink != 1 or there.st_ino != path.stat().st_ino:
        return False
    try:
        return os.pwrite(handle, data, 0) == len(data)
    except OSError as error:
        raise StorageFailed(f"cannot write {path}: {error.strerror}") from None


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    handle = os.open(path, flags)
    try:
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int, *, exclusive: bool) -> bool:
    """Wait for whoever is writing the file over, or reading it. False where there are no such locks."""
    if sys.platform == "win32":
        return False
    fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
    return True


def _read(handle: int, path: Path) -> State:
    try:
        return decode(os.read(handle, _MOST))
    except Malformed as error:
        raise KeysUnavailable(
            f"the state file at {path} is damaged: {error}", hint="put back a copy of it; an older one will do"
        ) from None


def write_private(path: Path, data: bytes, *, durable: bool) -> None:
    """Write a file of mode 0600 by rename: the old content or the new, never a part. `durable` waits for the disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_FOLLOW, 0o600)
        try:
            _write_all(handle, data)
            if durable:
                os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, path)  # noqa: PTH105 - it happens with every entry, and pathlib costs half as much again
        if durable:
            _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise StorageFailed(f"cannot write {path}: {error.strerror}") from None


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
