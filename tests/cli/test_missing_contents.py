"""What is not there and was not erased stops whoever needs it: it is no erased content, and no unknown client."""

import re
from pathlib import Path

import pytest

from command import Desk
from tampering import copy, delete

COURT = {"recipient": {"name": "County Court", "type": "court"}, "basis": "court_order", "description": "visit dates"}
CHECK = {"kind": "disclosure", "client": "C-1", "disclosed_on": "2026-03-05", **COURT}
TOLD = [
    {"kind": "client", "client": "C-1", "name": "Dana Example"},
    {"kind": "restriction", "client": "C-1", "id": "RS-1", "type": "self_pay", "effective_on": "2026-01-02"},
    CHECK | {"disclosed_on": "2026-02-03"},
    CHECK | {"client": "C-2"},
]
RESTRICTION, RELEASE = 2, 3


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("good")).init()
    desk.ok("import", desk.file("told.jsonl", TOLD), "--quiet")
    return desk


COMMANDS = [
    ("history", "--client", "C-1"),
    ("accounting", "--client", "C-1"),
    ("search", "--client", "C-1"),
    ("search", "county"),
    ("show", f"{RELEASE}"),
    ("open-field", f"{RELEASE}", "recipient"),
    ("export", "csv"),
    ("export", "fhir"),
    ("erase", "--reason", "retention ended", "--authority", "privacy officer", "--dry-run"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("gone", [f"idx = {RELEASE}", "idx > 0"], ids=["one", "all"])
def test_a_content_that_no_erasure_lists_is_missed(
    good: Desk, tmp_path: Path, command: tuple[str, ...], gone: str
) -> None:
    good.ok(*command)
    done = copy(good, tmp_path, delete("sealed", gone))(*command)
    assert done.exit == 1, done
    assert re.search("the content of entry [123] is missing, and no erasure lists it", done.err)
    assert "run: disclosure-ledger verify" in done.err


@pytest.mark.parametrize("command", ["check", "record"])
def test_no_release_is_judged_without_a_fact_that_was_recorded(good: Desk, tmp_path: Path, command: str) -> None:
    desk = copy(good, tmp_path, delete("sealed", f"idx = {RESTRICTION}"))
    done = desk(command, "--input", desk.file("check.json", [CHECK]))
    assert done.exit == 1, done
    assert f"the content of entry {RESTRICTION} is missing" in done.err
    assert desk("verify").exit == 3


def test_a_name_that_was_taken_off_an_entry_does_not_make_it_erased(good: Desk, tmp_path: Path) -> None:
    def change(database):
        database.execute(f"UPDATE entries SET client_tag = NULL WHERE idx = {RELEASE}")

    done = copy(good, tmp_path, change)("show", f"{RELEASE}")
    assert done.exit == 1, done
    assert f"the content of entry {RELEASE} is missing" in done.err
