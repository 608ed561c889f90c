"""A change of keys or an erasure that is interrupted anywhere leaves a ledger whose key file still opens and signs it.

Key file and database cannot be written in one transaction: `pending` in the key file bridges them (docs/format.md
section 8 and 9).
"""

import contextlib
import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import faults as injection
from command import PASSPHRASE, Desk
from faults import FAILED, LOST, PERSISTED, WRITES, Faults
from fictions import disclosure
from ledgers import BOTH, START, Practice, clock, from_objects, place_on

LONG_AGO = START - dt.timedelta(days=8 * 365)
CLIENTS = 24
"""More than are erased: one a fault."""

COUNTED = ("UPDATE ledgers", *(begins for begins in WRITES if begins != "UPDATE"))
"""Without the update of each data key that remains: one like the other."""

Command = Callable[[int], tuple[str, ...]]


def rotate(_number: int) -> tuple[str, ...]:
    return ("keys", "rotate")


def erase(number: int) -> tuple[str, ...]:
    return ("erase", "--client", f"C-{number}", "--reason", "retention ended", "--authority", "privacy officer")


def add_recorder(number: int) -> tuple[str, ...]:
    return ("keys", "add-recorder", f"desk-{number}")


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    return injection.injected(monkeypatch)


@pytest.fixture(params=BOTH)
def desk(request: pytest.FixtureRequest, faults: Faults, tmp_path: Path) -> Desk:
    practice = Practice(place_on(request.param, tmp_path), tmp_path).create(clock(LONG_AGO))
    old = [disclosure(client=f"C-{number}", disclosed_on="2018-02-03", evidence=None) for number in range(CLIENTS)]
    with contextlib.closing(practice.open(now=clock(LONG_AGO))) as ledger:
        ledger.record_all(from_objects(old))
    practice.save_keys(PASSPHRASE)
    made = Desk(tmp_path)
    made.environment |= {"DISCLOSURE_LEDGER": practice.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    return made


def assert_in_order(desk: Desk, command: Command, number: int) -> None:
    """It takes an entry, lets the same be done, or done again, and verifies in full."""
    desk.ok("client", "add", "--client", f"N-{number}", "--name", "Robin Fictional")
    again = desk(*command(number))
    assert again.exit == 0 or command is add_recorder, again  # its name may be taken: it is never added twice
    assert desk.ok("verify", "--full").out.startswith("VERIFIED")


@pytest.mark.parametrize("command", [rotate, erase, add_recorder])
def test_a_fault_of_the_database_leaves_the_keys_in_order(desk: Desk, faults: Faults, command: Command) -> None:
    on_server = "://" in desk.environment["DISCLOSURE_LEDGER"]
    numbers = itertools.count()
    for how in (PERSISTED, LOST) if on_server else (PERSISTED, FAILED):
        for step in itertools.count():
            number = next(numbers)
            faults.arm(step, how, COUNTED)
            done = desk(*command(number))
            faults.disarm()
            if faults.fired is None:
                assert done.exit == 0
                break
            assert "fault in this program" not in done.err
            assert_in_order(desk, command, number)
        assert step >= 3


@contextlib.contextmanager
def replacing_fails(at: int, how: str) -> Iterator[list[str]]:
    """The `at`-th file to be put in its place is not, or is and says it was not; gives the names that were tried."""
    tried: list[str] = []
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        tried.append(Path(target).name)
        fails = len(tried) - 1 == at
        if not fails or how == PERSISTED:
            real(source, target)
        if fails:
            raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replace)
        yield tried


@pytest.mark.parametrize("command", [rotate, erase, add_recorder])
@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_replaced_leaves_the_keys_in_order(desk: Desk, command: Command) -> None:
    numbers = itertools.count()
    for how in (FAILED, PERSISTED):
        for step in itertools.count():
            number = next(numbers)
            with replacing_fails(step, how) as tried:
                done = desk(*command(number))
            if len(tried) <= step:
                assert done.exit == 0
                assert "disclosures.keys" in tried
                break
            assert "fault in this program" not in done.err
            assert_in_order(desk, command, number)
        assert step >= 1  # the key file; the state file is replaced only where it grows
