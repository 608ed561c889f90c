"""A file that several processes judge becomes the same bytes as one read in order, and fails with the same words."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dying_reader
from disclosure_ledger.errors import InvalidImport
from disclosure_ledger.intake import from_jsonl
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice import judging
from disclosure_ledger.practice.recording import Recorded
from fictions import client, disclosure, oversight
from hands import everything
from ledgers import BOTH, Practice, place_on


@pytest.fixture(autouse=True)
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "WORTH_A_PROCESS", 1)


@pytest.fixture
def foreseen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each import by several processes, whether it came to its end."""
    found: list[bool] = []
    real = Ledger._import_seen

    def watched(self: Ledger, *arguments: Any) -> tuple[Recorded, ...]:
        found.append(False)
        made = real(self, *arguments)
        found[-1] = True
        return made

    monkeypatch.setattr(Ledger, "_import_seen", watched)
    return found


def mixed() -> list[dict[str, Any]]:
    """Old clients and new, facts among the disclosures, findings, refs, and matters."""
    about = [disclosure(client=f"C-{number % 7}", ref=f"M-{number}", matter=f"{number}") for number in range(60)]
    about[10] = oversight(client="C-3", ref="M-10")
    about[20] = disclosure(client="C-4", ref=None, minimum_necessary=None, evidence=None)
    about[30] = client(client="C-5", name="Robin Fictional")
    about[40] = {"kind": "hold", "client": "C-6", "reason": "case 881"}
    about[18] = disclosure(
        client="C-4",
        recipient={"name": "Westbrook Academy", "type": "school"},
        basis="authorization",
        evidence=[{"type": "authorization", "authorization": "A-1"}],
    )
    about[50] = FORM
    return about


FORM = {
    "kind": "authorization",
    "client": "C-4",
    "id": "A-1",
    "signed_on": "2026-01-02",
    "recipients": ["Westbrook Academy"],
    "information": "dates of attendance",
    "purpose": "school plan",
    "expires_on": "2026-06-30",
}
"""What an earlier line's release counts by: it is corrected when this is read."""


BEFORE = [client(client="C-1"), disclosure(client="C-2", ref="M-2", matter="2"), disclosure(client="C-2", ref="old")]
"""What the ledger knows before: a client's name, and one disclosure of the file."""


def imported(
    practice: Practice, objects: list[Any], processes: int
) -> tuple[tuple[Recorded, ...], dict[str, list[dict[str, Any]]]]:
    with contextlib.closing(practice.create().open()) as ledger:
        ledger.record_all(from_jsonl.read([json.dumps(one).encode() for one in BEFORE]))
        lines = [one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in objects]
        made = ledger.import_lines(lines, from_jsonl.read, processes=processes)
    practice.assert_whole()
    return made, everything(practice.place)


@pytest.mark.parametrize("database", BOTH)
def test_any_number_of_processes_writes_the_same_bytes(database: str, tmp_path: Path, foreseen: list[bool]) -> None:
    found = []
    for processes in (1, 2, 3):
        (folder := tmp_path / str(processes)).mkdir()
        found.append(imported(Practice(place_on(database, folder), folder), [*mixed(), b"\n"], processes))
    assert found[0] == found[1] == found[2]
    assert foreseen == [True, True]
    made, _ = found[0]
    assert [one.already for one in made].count(True) == 1
    assert any(one.findings for one in made)
    assert any(one.also for one in made)
    assert [one.kind for one in made if one.kind == "authorization" and one.also] == ["authorization"]


def wrong_day(objects: list[Any]) -> None:
    objects[8] |= {"disclosed_on": "2035-01-01"}  # of a client of whom the file tells nothing else


def key_twice(objects: list[Any]) -> None:
    objects[6] = b'{"kind": "disclosure", "client": "C-1", "client": "C-2"}'


def no_json(objects: list[Any]) -> None:
    objects[7] = b"{"


def unknown_field(objects: list[Any]) -> None:
    objects[7] |= {"desription": "x"}


def ref_of_another(objects: list[Any]) -> None:
    objects[2] |= {"description": "something else"}


@pytest.mark.parametrize("wrong", [wrong_day, key_twice, no_json, unknown_field, ref_of_another])
def test_what_is_wrong_is_said_in_the_same_words_and_nothing_is_written(
    wrong: Callable[[list[Any]], None], tmp_path: Path
) -> None:
    objects = mixed()
    wrong(objects)
    wrong_day(objects)
    said = []
    for processes in (1, 2):
        (folder := tmp_path / str(processes)).mkdir()
        practice = Practice(place_on("sqlite", folder), folder)
        with pytest.raises(InvalidImport) as raised:
            imported(practice, objects, processes)
        said.append([(str(one), one.hint) for one in raised.value.errors])
        assert practice.assert_whole() == 5
    assert said[0] == said[1]
    assert len(said[0]) == (1 if wrong is wrong_day else 2)


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "correction", "client": "C-1", "corrects": "M-8", "reason": "x", "retract": True},
        disclosure(client="C-1", ref="M-8", matter="8"),
        disclosure(client=" C-1 "),
    ],
    ids=["a correction", "a ref again", "a number with blanks"],
)
def test_what_cannot_be_foreseen_is_read_in_order(more: dict[str, Any], tmp_path: Path, foreseen: list[bool]) -> None:
    found = []
    for processes in (1, 2):
        (folder := tmp_path / str(processes)).mkdir()
        found.append(imported(Practice(place_on("sqlite", folder), folder), [*mixed(), more], processes))
    assert found[0] == found[1]
    assert True not in foreseen


def test_a_file_imported_twice_by_several_processes_writes_nothing_more(tmp_path: Path, foreseen: list[bool]) -> None:
    lines = [json.dumps(disclosure(client=f"C-{n % 3}", ref=f"T-{n}", matter=f"{n}")).encode() for n in range(20)]
    practice = Practice(place_on("sqlite", tmp_path), tmp_path).create()
    with contextlib.closing(practice.open()) as ledger:
        first = ledger.import_lines(lines, from_jsonl.read, processes=2)
        size = practice.assert_whole()
        again = ledger.import_lines(lines, from_jsonl.read, processes=2)
    assert [one.index for one in again] == [one.index for one in first]
    assert all(one.already for one in again)
    assert (practice.assert_whole(), foreseen) == (size, [True, True])


def test_processes_that_are_killed_leave_the_file_to_be_read_in_order(tmp_path: Path, foreseen: list[bool]) -> None:
    lines = [json.dumps(disclosure(client=f"C-{n % 3}", ref=f"T-{n}", matter=f"{n}")).encode() for n in range(20)]
    practice = Practice(place_on("sqlite", tmp_path), tmp_path).create()
    with contextlib.closing(practice.open()) as ledger:
        made = ledger.import_lines(lines, dying_reader.read, processes=2)
    assert [one.ref for one in made] == [f"T-{n}" for n in range(20)]
    assert practice.assert_whole() == 1 + 3 + 20
    assert foreseen == [False]
