"""A ledger that cannot be opened leaves nothing open behind it: on some systems an open file cannot be moved away."""

from pathlib import Path

import pytest

from disclosure_ledger.errors import KeysUnavailable, NoLedger
from disclosure_ledger.practice import writable
from disclosure_ledger.store.sql import Store
from ledgers import Practice

HANDLES = Path("/proc/self/fd")


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(str(tmp_path / "disclosures.db"), tmp_path).create()


def held(practice: Practice) -> list[str]:
    """The handles of this process on the files of the database."""
    if not HANDLES.is_dir():
        pytest.skip("no /proc here to count handles")
    found = []
    for one in HANDLES.iterdir():
        try:
            found.append(str(one.readlink()))
        except OSError:
            continue
    return [name for name in found if name.startswith(practice.place)]


def closings(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    closed, close = list[Store](), Store.close

    def closing(self: Store) -> None:
        closed.append(self)
        close(self)

    monkeypatch.setattr(Store, "close", closing)
    return closed


def test_keys_of_another_ledger_leave_nothing_open(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = closings(monkeypatch)
    with pytest.raises(NoLedger):
        Practice(practice.place, practice.folder, "other.example/disclosures").open()
    assert len(closed) == 1
    assert held(practice) == []


def test_whatever_goes_wrong_while_the_keys_are_compared_leaves_nothing_open(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeysUnavailable("no key")

    monkeypatch.setattr(writable, "in_force", fails)
    closed = closings(monkeypatch)
    with pytest.raises(KeysUnavailable):
        practice.open()
    assert len(closed) == 1
    assert held(practice) == []


def test_what_is_open_is_seen(practice: Practice) -> None:
    opened = practice.open()
    assert held(practice) != []
    opened.close()
    assert held(practice) == []
