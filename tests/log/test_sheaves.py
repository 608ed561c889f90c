"""Signatures verified by other processes: none is skipped, and nothing that goes wrong passes for a good one."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger.log import sheaves as module
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.sheaves import Sheaves
from disclosure_ledger.log.verifier import walk_log
from log_maker import recorder, spoilt, story

KEY = recorder("owner").key
GOOD = next(made for made in story().made if made.signature.name == KEY.name)
BAD = replace(GOOD, signature=replace(GOOD.signature, signature=bytes(64)))
OTHER = replace(GOOD, signature=replace(GOOD.signature, name="another"))
SHORT = replace(GOOD, signature=replace(GOOD.signature, signature=b"x"))
ALTERED = replace(GOOD, raw=GOOD.raw.replace(b'"v":1', b'"v":2'))
KINDS = (GOOD, BAD, GOOD, OTHER, SHORT, ALTERED, GOOD)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have other processes begin early, so that a few hundred signatures tell as much as thousands."""
    monkeypatch.setattr(module, "WORTH_A_PROCESS", 10)
    monkeypatch.setattr(module, "SHEAF", 16)


def given(count: int) -> Iterator[tuple[int, Entry]]:
    return ((index, KINDS[index % len(KINDS)]) for index in range(count))


def take(signatures: Sheaves, count: int) -> Sheaves:
    """Have that many verified."""
    with signatures:
        for index, one in given(count):
            signatures.add(index, one, KEY)
    return signatures


def bad(count: int) -> list[int]:
    return [index for index, one in given(count) if one is not GOOD]


@pytest.mark.parametrize(("processes", "count"), [(1, 100), (2, 0), (2, 9), (2, 26), (2, 27), (2, 700), (3, 700)])
def test_every_bad_signature_is_named_and_no_good_one(processes: int, count: int) -> None:
    assert take(Sheaves(processes), count).failed == bad(count)


def test_no_process_is_started_for_few_signatures() -> None:
    with Sheaves(2) as signatures:
        for index, one in given(20):
            signatures.add(index, one, KEY)
        assert signatures._pool is None


def test_a_killed_process_costs_no_signature() -> None:
    with Sheaves(2) as signatures:
        for index, one in given(400):
            signatures.add(index, one, KEY)
            if index == 200:
                assert signatures._pool is not None
                for process in list(signatures._pool._processes.values()):
                    process.kill()
    assert signatures.failed == bad(400)


@pytest.mark.parametrize("error", [OSError, ImportError, NotImplementedError])
def test_where_no_process_can_be_started_the_caller_does_the_work(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(module, "ProcessPoolExecutor", refuse)
    assert take(Sheaves(2), 300).failed == bad(300)


class Lying:
    """A pool whose answers are not what was asked for."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def submit(self, *_: Any) -> Future[Any]:
        made = Future[Any]()
        made.set_result(self._answer)
        return made

    def shutdown(self, **_: Any) -> None:
        """Nothing to end."""


@pytest.mark.parametrize("answer", [[], [True] * 15, [True] * 17])
def test_an_answer_of_another_length_is_an_error(monkeypatch: pytest.MonkeyPatch, answer: list[bool]) -> None:
    monkeypatch.setattr(module, "ProcessPoolExecutor", lambda *_, **__: Lying(answer))
    with pytest.raises(RuntimeError, match="not looked at"):
        take(Sheaves(2), 40)


def test_only_true_is_a_good_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ProcessPoolExecutor", lambda *_, **__: Lying([1] * 16))
    with Sheaves(2) as signatures:
        for index in range(26):
            signatures.add(index, GOOD, KEY)
    assert signatures.failed == list(range(10, 26))


def test_an_interruption_is_passed_on_and_leaves_no_process() -> None:
    running = list[Any]()

    def interrupted(signatures: Sheaves) -> None:
        with signatures:
            for index, one in given(300):
                signatures.add(index, one, KEY)
            assert signatures._pool is not None
            running.extend(signatures._pool._processes.values())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted(Sheaves(2))
    for process in running:
        process.join(timeout=30)
    assert [process.is_alive() for process in running] == [False]


@pytest.mark.parametrize("place", [None, 0, 7, -1])
def test_a_ledgers_verdict_is_the_same_by_processes(monkeypatch: pytest.MonkeyPatch, place: int | None) -> None:
    monkeypatch.setattr(module, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(module, "SHEAF", 2)
    maker = story()
    notes = list(maker.notes)
    if place is not None:
        notes[place] = spoilt(notes[place], KEY)
    shown, trust = maker.checkpoint(), Trust()
    by_processes, by_threads = (
        walk_log(notes, shown, trust=trust, processes=processes).verdict for processes in (2, 1)
    )
    assert by_processes == by_threads
    assert (place is not None) == any(one.code == "3.signature" for one in by_processes.findings)
