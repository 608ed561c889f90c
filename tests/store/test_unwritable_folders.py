"""A database on a read-only medium: what SQLite calls a file that cannot be opened is said to be that."""

import os
import sqlite3
from pathlib import Path

import pytest

from disclosure_ledger.errors import NoLedger, StorageFailed
from disclosure_ledger.store import engine
from disclosure_ledger.store.sql import Store
from ledgers import Practice


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(str(tmp_path / "ledger" / "disclosures.db"), tmp_path).create()


class Failing(sqlite3.Connection):
    """A connection as SQLite gives one to a file whose folder it cannot write to: it fails at the first look."""

    name = "SQLITE_CANTOPEN"

    def execute(self, *_: object) -> sqlite3.Cursor:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorname = self.name
        raise error


def opened(practice: Practice, monkeypatch: pytest.MonkeyPatch, name: str, *, writable: bool) -> None:
    made = sqlite3.connect

    def connect(where: str, **more: object) -> sqlite3.Connection:
        found = made(where, **more, factory=Failing)  # type: ignore[call-overload]
        found.name = name
        return found  # type: ignore[no-any-return]

    monkeypatch.setattr(engine.sqlite3, "connect", connect)
    monkeypatch.setattr(os, "access", lambda *_: writable)
    Store.open(practice.place)


@pytest.mark.parametrize("name", ["SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY"])
def test_it_has_to_be_copied_first(practice: Practice, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(StorageFailed, match="lies where nothing can be written") as raised:
        opened(practice, monkeypatch, name, writable=False)
    assert "copy it to another folder first" in (raised.value.hint or "")


def test_elsewhere_a_file_that_cannot_be_opened_is_no_ledger(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoLedger):
        opened(practice, monkeypatch, "SQLITE_CANTOPEN", writable=True)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may write everywhere has no such folder")
def test_in_a_folder_that_cannot_be_written_to(practice: Practice) -> None:
    folder = Path(practice.place).parent
    folder.chmod(0o500)
    try:
        with pytest.raises(StorageFailed, match="lies where nothing can be written"):
            Store.open(practice.place)
    finally:
        folder.chmod(0o700)
