"""Signatures verified in threads: none is skipped, and nothing that goes wrong passes for a good one."""

import os
import threading
from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger.log import signatures as module
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.signatures import Signatures
from log_maker import recorder, story

KEY = recorder("owner").key
GOOD = next(made for made in story().made if made.signature.name == KEY.name)
BAD = replace(GOOD, signature=replace(GOOD.signature, signature=bytes(64)))
OTHER = replace(GOOD, signature=replace(GOOD.signature, name="another"))
SHORT = replace(GOOD, signature=replace(GOOD.signature, signature=b"x"))
BROKEN = replace(GOOD, raw=b"no note")


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 16, 17, 500])
def test_every_bad_signature_is_named_and_no_good_one(threads: int, count: int) -> None:
    kinds = [GOOD, BAD, GOOD, OTHER, SHORT, BROKEN, GOOD]
    with Signatures(threads) as signatures:
        for index in range(count):
            signatures.add(index, kinds[index % len(kinds)], KEY)
    assert signatures.failed == [index for index in range(count) if kinds[index % len(kinds)] is not GOOD]


def test_while_the_threads_are_stuck_the_caller_does_the_work_and_few_signatures_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, caller, verify, waiting = threading.Event(), threading.current_thread(), Signatures._verify, list[int]()

    def stuck(self: Signatures, item: Any) -> None:
        if threading.current_thread() is not caller:
            gate.wait(timeout=30)
        verify(self, item)

    monkeypatch.setattr(Signatures, "_verify", stuck)
    with Signatures(3) as signatures:
        for index in range(40 * module.HELD):
            signatures.add(index, BAD, KEY)
            waiting.append(signatures._work.qsize())
        gate.set()
    assert signatures.failed == list(range(40 * module.HELD))
    assert max(waiting) <= 2 * module.HELD  # of two threads


def test_as_many_threads_are_started_as_asked_beside_the_callers_own() -> None:
    before = threading.active_count()
    for asked, more in ((1, 0), (2, 1), (5, 4), (None, module.cores() - 1)):
        with Signatures(asked):
            assert threading.active_count() == before + more
    assert 1 <= module.cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("error", [ValueError, RuntimeError, MemoryError])
def test_whatever_goes_wrong_in_a_thread_is_a_failed_signature(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def broken(entry: Entry, key: object) -> None:
        raise error

    monkeypatch.setattr(module.entries, "verify", broken)
    with Signatures(3) as signatures:
        for index in range(200):
            signatures.add(index, GOOD, KEY)
    assert signatures.failed == list(range(200))


def test_a_signature_that_was_never_looked_at_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def dropped(self: Signatures, item: Any) -> None:
        """Loses what it was given."""

    monkeypatch.setattr(Signatures, "_verify", dropped)
    with pytest.raises(RuntimeError, match="not looked at"), Signatures(2) as signatures:
        signatures.add(0, GOOD, KEY)


@pytest.mark.parametrize("threads", [1, 3])
def test_an_interruption_is_passed_on_and_leaves_no_thread(threads: int) -> None:
    def interrupted(signatures: Signatures) -> None:
        with signatures:
            for index in range(300):
                signatures.add(index, GOOD, KEY)
            raise KeyboardInterrupt

    before, signatures = threading.active_count(), Signatures(threads)
    with pytest.raises(KeyboardInterrupt):
        interrupted(signatures)
    assert threading.active_count() == before
