"""Verifies many entries' signatures by other processes, a sheaf at a time, while their caller goes on reading.

A thread that is done with a signature waits for the interpreter until its caller lets go of it; a process does not. It
is for those who may start one: other processes import the caller's main module, which therefore needs its guard.
Whatever goes wrong is a signature that failed or an error, as in `signatures`: nothing can pass for a good one.

>>> key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
>>> line = SignatureLine(name=key.name, key_id=key.key_id, signature=bytes(64))
>>> entry = Entry(header=None, raw=b"text\\n\\n", leaf_hash=bytes(32), signature=line)
>>> with Sheaves(processes=2) as sheaves:
...     sheaves.add(41, entry, key)
>>> sheaves.failed
[41]
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from types import TracebackType
from typing import Final, TypeAlias

from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.note import SignatureLine, VerifierKey
from disclosure_ledger.log.signatures import Signatures

WORTH_A_PROCESS: Final = 4_000
"""Signatures that are verified before another process is started: it takes as long to come up."""
SHEAF: Final = 128
"""Signatures that are handed over at once."""
_HELD: Final = 3
"""Sheaves that wait for each process before the caller verifies one itself."""

_NO_PROCESS: Final = (BrokenProcessPool, OSError, ImportError, NotImplementedError)
"""What is raised where a system refuses processes, or has no semaphores to wait for them by."""

_Item: TypeAlias = tuple[int, Entry, VerifierKey]
_Packed: TypeAlias = tuple[str, bytes, str, bytes, bytes]
"""A vkey, what it should have signed, and the name, key id and signature of the line that says so."""


class Sheaves:
    """What `Signatures` is, by processes from the moment that many signatures have come."""

    def __init__(self, processes: int) -> None:
        """`processes` counts the caller's own."""
        self.failed: list[int] = []
        self._threads, self._own = Signatures(), Signatures(threads=1)
        self._others = processes - 1
        self._pool: ProcessPoolExecutor | None = None
        self._added = self._looked_at = 0
        self._sheaf: list[_Item] = []
        self._away: deque[tuple[list[_Item], Future[list[bool]]]] = deque()

    def __enter__(self) -> "Sheaves":
        self._threads.__enter__()
        self._own.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._verify(self._sheaf, self._own)
                while self._away:
                    self._take_back()
        finally:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
            self._threads.__exit__(kind, error, trace)
            self._own.__exit__(kind, error, trace)
        self.failed = sorted(self.failed + self._threads.failed + self._own.failed)
        if kind is None and self._looked_at != self._added:
            raise RuntimeError("a signature was not looked at")

    def add(self, index: int, entry: Entry, key: VerifierKey) -> None:
        """Have the entry's signature verified under its recorder's key."""
        self._added += 1
        if self._others < 1 or self._added <= WORTH_A_PROCESS:
            self._verify([(index, entry, key)], self._threads)
            return
        self._sheaf.append((index, entry, key))
        if len(self._sheaf) == SHEAF:
            sheaf, self._sheaf = self._sheaf, []
            self._hand_over(sheaf)

    def _hand_over(self, sheaf: list[_Item]) -> None:
        while self._away and self._away[0][1].done():
            self._take_back()
        if len(self._away) >= _HELD * self._others:
            self._verify(sheaf, self._own)
            return
        try:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")  # a fork would copy the caller's database connection
                self._pool = ProcessPoolExecutor(self._others, mp_context=context, initializer=_sit_down)
            self._away.append((sheaf, self._pool.submit(_verified, [_packed(one, key) for _, one, key in sheaf])))
        except _NO_PROCESS:
            self._alone(sheaf)

    def _take_back(self) -> None:
        sheaf, answer = self._away.popleft()
        try:
            good = answer.result()
        except BrokenProcessPool:  # killed, as by a system that ran out of memory
            self._alone(sheaf)
            return
        if len(good) == len(sheaf):
            self._looked_at += len(sheaf)
            self.failed += [index for (index, _, _), is_good in zip(sheaf, good, strict=True) if is_good is not True]

    def _alone(self, sheaf: list[_Item]) -> None:
        """Go on without other processes."""
        self._others = 0
        self._verify(sheaf, self._threads)

    def _verify(self, sheaf: Sequence[_Item], here: Signatures) -> None:
        for index, entry, key in sheaf:
            here.add(index, entry, key)
        self._looked_at += len(sheaf)


def _sit_down() -> None:
    """An interruption is the caller's to answer: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_vkey = lru_cache(VerifierKey.vkey)
_key = lru_cache(VerifierKey.parse)


def _packed(entry: Entry, key: VerifierKey) -> _Packed:
    line = entry.signature
    return _vkey(key), entry.text, line.name, line.key_id, line.signature


def _verified(sheaf: Sequence[_Packed]) -> list[bool]:
    """Which of these their recorders signed. Runs in another process."""
    return [_is_signed(*one) for one in sheaf]


def _is_signed(vkey: str, text: bytes, name: str, key_id: bytes, signature: bytes) -> bool:
    try:
        entries.verify_line(text, SignatureLine(name=name, key_id=key_id, signature=signature), _key(vkey))
    except Exception:  # whatever it was, this signature did not verify
        return False
    return True
