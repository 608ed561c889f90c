"""Verifies many entries' signatures at once, while their caller goes on reading.

The cryptographic library works outside the interpreter's lock, so threads help; the caller verifies too when they fall
behind, which keeps memory flat and every core busy. Whatever goes wrong in a thread is a signature that failed, and one
that was never looked at is an error of this module: neither can pass for a good one.

>>> from disclosure_ledger.log.note import VerifierKey
>>> from disclosure_ledger.log.entry import Entry, Header, SignatureLine
>>> key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
>>> line = SignatureLine(name=key.name, key_id=key.key_id, signature=bytes(64))
>>> entry = Entry(header=None, raw=b"text\\n\\n", leaf_hash=bytes(32), signature=line)
>>> with Signatures(threads=2) as signatures:
...     signatures.add(41, entry, key)
>>> signatures.failed
[41]
"""

import itertools
import os
import threading
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Final, TypeAlias

from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.note import VerifierKey

HELD: Final = 16
"""Signatures that wait for each thread before the caller lends a hand, with one.

One at a time, because a thread that is done with a signature waits for the interpreter until its caller lets go of it,
and that the caller does whenever it verifies one itself.
"""

_Item: TypeAlias = tuple[int, Entry, VerifierKey]


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Signatures:
    """Signatures to verify. After the `with` block `failed` holds the index of each that does not verify, ascending."""

    def __init__(self, threads: int | None = None) -> None:
        """`threads` counts the caller's own; None is one for each core."""
        self.failed: list[int] = []
        self._added, self._looked_at = 0, itertools.count()  # whose next() no other thread can part
        self._work: SimpleQueue[_Item | None] = SimpleQueue()
        count = cores() if threads is None else threads
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(count - 1)]
        self._most = HELD * len(self._threads)

    def __enter__(self) -> "Signatures":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._help(look=kind is None):
            pass
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join()
        self.failed.sort()
        if kind is None and next(self._looked_at) != self._added:
            raise RuntimeError("a signature was not looked at")

    def add(self, index: int, entry: Entry, key: VerifierKey) -> None:
        """Have the entry's signature verified under its recorder's key."""
        self._added += 1
        self._work.put((index, entry, key))
        if self._work.qsize() > self._most:
            self._help(look=True)

    def _help(self, *, look: bool) -> bool:
        """Take a signature from those that wait; False where none does."""
        try:
            item = self._work.get_nowait()
        except Empty:
            return False
        if look and item is not None:
            self._verify(item)
        return True

    def _serve(self) -> None:
        while (item := self._work.get()) is not None:
            self._verify(item)

    def _verify(self, item: _Item) -> None:
        index, entry, key = item
        try:
            entries.verify(entry, key)
        except Exception:  # whatever it was, this signature did not verify
            self.failed.append(index)
        next(self._looked_at)
