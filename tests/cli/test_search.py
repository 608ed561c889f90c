"""`search` finds what an entry says, in whatever spelling, and leaves nothing of it behind."""

from pathlib import Path
from typing import Any

import pytest
from disclosure_ledger_cli import say

from command import Desk
from disclosure_ledger.practice.searching import folded, where


def release(client: str, day: str, name: str, **more: Any) -> dict[str, Any]:
    about = {"kind": "disclosure", "client": client, "disclosed_on": day, "basis": "required_by_law"}
    return {**about, "recipient": {"name": name, "type": "court"}, "description": "visit dates", **more}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("search")).init()
    told = [
        {"kind": "client", "client": "C-1", "name": "Zoë Example"},
        release("C-1", "2026-01-05", "Fairview Superior Court"),
        release("C-2", "2026-02-05", "Anneliese Müller", matter="CV-12", note="canary-kestrel"),
        release("C-2", "2026-03-05", "Fairview Police", disclosed_on={"from": "2026-03-01", "to": "2026-03-09"}),
    ]
    made.ok("import", made.file("told.jsonl", told), "--quiet")
    return made


def found(desk: Desk, *arguments: str) -> list[str | None]:
    entries = desk.ok("search", *arguments, "--json").json
    return [(one["fields"].get("recipient") or one["fields"])["name"] for one in entries]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("FAIRVIEW",), ["Fairview Superior Court", "Fairview Police"]),
        (("fairview", "visit   dates", "superior"), ["Fairview Superior Court"]),
        (("muller",), ["Anneliese Müller"]),
        (("zoe",), ["Zoë Example"]),
        (("cv-12",), ["Anneliese Müller"]),
        (("--recipient", "MÜLL"), ["Anneliese Müller"]),
        (("--client", "C-2"), [None, "Anneliese Müller", "Fairview Police"]),
        (("--kind", "client", "--client", "C-1"), ["Zoë Example"]),
        (("fairview", "--from", "2026-03-09"), ["Fairview Police"]),
        (("--kind", "disclosure", "--to", "2026-02-05"), ["Fairview Superior Court", "Anneliese Müller"]),
        (("fairview", "--from", "2026-03-10"), []),
        (("nobody",), []),
    ],
)
def test_it_finds_what_fits_in_every_respect(desk: Desk, arguments: tuple[str, ...], names: list[str | None]) -> None:
    assert found(desk, *arguments) == names


def test_it_prints_like_history_and_says_when_there_is_nothing(desk: Desk) -> None:
    shown = desk.ok("search", "muller").out
    assert (
        "C-2     disclosure  purpose, recipient  2026-02-05  Anneliese Müller  [required_by_law]  visit dates" in shown
    )
    assert desk.ok("search", "nobody").out == "Nothing found in 5 entries.\n"
    assert desk("search").exit == 2
    assert desk("search", "--client", "C-9").exit == 1
    assert desk("search", "x", "--from", "03/04/26").exit == 1


def test_it_leaves_nothing_on_the_disk(desk: Desk) -> None:
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir() if path.name != "told.jsonl"}
    assert found(desk, "kestrel") == ["Anneliese Müller"]
    after = {path.name: path.read_bytes() for path in desk.folder.iterdir() if path.name != "told.jsonl"}
    assert before.keys() == after.keys()
    assert not any(b"kestrel" in data for data in after.values())


def test_words_are_compared_without_case_accents_and_spacing() -> None:
    assert folded(" STRASSE  Ｆull ") == folded("straße full")
    assert where({"document": "bXVsbGVy", "note": None, "pages": 3}, ("m",)) is None


@pytest.mark.parametrize(
    ("sought", "text", "stands"),
    [
        ("lowe", "what they allowed", False),
        ("lowe", "Lowe & Finch", True),
        ("finch lowe", "Lowe & Finch", True),
        ("law", "required_by_law", True),
        ("0007", "D-2026-0007", True),
        ("007", "D-2026-0007", False),
        ("& f", "Lowe & Finch", True),
        ("花子", "山田花子", True),
    ],
)
def test_every_word_sought_begins_a_word(sought: str, text: str, stands: bool) -> None:
    assert where({"description": text}, (folded(sought),)) == (("description",) if stands else None)


def test_a_blank_text_is_a_usage_error(desk: Desk) -> None:
    assert desk("search", "").exit == 2
    assert desk("search", "court", " ").exit == 2
    assert desk("search", "--recipient", " ").exit == 2


def test_a_table_is_folded_to_the_terminal_and_left_alone_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [("1", "word " * 30)]
    assert len(say.table(rows, ("n", "what")).split("\n")) == 3
    monkeypatch.setattr(say, "_width", lambda: 80)
    lines = say.table(rows, ("n", "what")).split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[3].startswith("   word")
    assert " ".join(" ".join(lines[2:]).split()) == "1 " + ("word " * 30).strip()


def test_every_wide_column_is_folded_and_none_too_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(say, "_width", lambda: 80)
    rows = [("2025-10-06 … 2026-11-02 (14×)", "State Workers' Compensation Board", "word " * 12)]
    lines = say.table(rows, ("when", "who", "why"), indent=3).split("\n")
    assert max(map(len, lines)) <= 77
    monkeypatch.setattr(say, "_width", lambda: 30)
    assert len(say.table(rows, ("when", "who", "why")).split("\n")) == 3
