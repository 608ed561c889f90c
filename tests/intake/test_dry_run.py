"""`import --dry-run` says what a real run would do, before it is done."""

from pathlib import Path
from typing import Any

import pytest

from command import Desk

RELEASE = {
    "kind": "disclosure",
    "client": "C-1001",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "County Court", "type": "court"},
    "basis": "court_order",
    "description": "visit dates",
}
FILE = [
    {"kind": "client", "client": "C-1001", "name": "Dana Example"},
    RELEASE,
    {**RELEASE, "client": "C-1003"},
    {**RELEASE, "client": "C-1003", "basis": "payment", "recipient": {"name": "BlueCo", "type": "health_plan"}},
    {"kind": "hold", "client": "C-1003", "reason": "a suit"},
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk")).init()
    desk.ok("client", "add", "--client", "c1003", "--name", "Robin Fictional")
    desk.file("file.jsonl", FILE)
    return desk


@pytest.fixture(scope="module")
def tried(desk: Desk) -> Any:
    return desk.ok("import", "file.jsonl", "--dry-run", "--json").json


def test_it_counts_kinds_new_clients_and_what_no_list_would_have(tried: Any) -> None:
    assert (tried["dry_run"], tried["recorded"], tried["entries"]) == (True, 5, [])
    assert tried["kinds"] == {"disclosure": 3, "client": 1, "hold": 1}
    assert (tried["new_clients"], tried["unnamed_clients"], tried["beside"]) == (2, 1, 1)
    assert tried["near"] == {"C-1003": ["c1003"]}
    assert tried["unlisted"] == 1


def test_it_says_what_clearance_finds_blocks_first_with_the_lines(tried: Any) -> None:
    assert tried["findings"][0]["severity"] == "block"
    assert {one["check"]: one["lines"] for one in tried["findings"]}["LAW-1"] == [2, 3]


def test_it_says_the_same_to_a_person_and_nothing_of_a_second_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path).init()
    desk.ok("client", "add", "--client", "c1003", "--name", "Robin Fictional")
    path = desk.file("file.jsonl", [{**one, "ref": f"F-{number}"} for number, one in enumerate(FILE)])
    done = desk.ok("import", path, "--dry-run")
    for said in (
        "Of each kind: 3 disclosure, 1 client, 1 hold. The ledger itself would add 1 entry.",
        "New clients: 2, of whom 1 by number alone.",
        "Releases that no client's list would have: 1 of 3.",
        "LAW-1: ",
        "         line 2, 3\n",
    ):
        assert said in done.out
    assert "client C-1003 is new; did you mean c1003?" in done.err
    desk.ok("import", path)
    assert desk.ok("import", path, "--dry-run").out == "0 records would be recorded; 5 were there already.\n"


def test_what_it_foretells_of_entries_is_what_a_real_run_writes(desk: Desk, tried: Any) -> None:
    before = desk.ok("verify", "--json").json["size"]
    made = desk.ok("import", "file.jsonl", "--json").json
    assert made["recorded"] == tried["recorded"]
    assert desk.ok("verify", "--json").json["size"] == before + tried["recorded"] + tried["beside"]
