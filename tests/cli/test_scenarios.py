"""Every public case of law holds through the command line."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from command import Desk
from disclosure_ledger import canonical, evidence
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.note import VerifierKey
from ledgers import BOTH, place_on
from locate import scenarios

ACCOUNTING = sorted((scenarios() / "accounting").glob("*.json"))
AT_LEAST = 30


def test_the_cases_are_there() -> None:
    assert len(ACCOUNTING) >= AT_LEAST


def fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


@pytest.mark.parametrize("database", BOTH)
@pytest.mark.parametrize("path", ACCOUNTING, ids=lambda path: path.stem)
def test_accounting_case(path: Path, database: str, tmp_path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    place = place_on(database, tmp_path)
    desk = Desk(tmp_path).init(case["practice"]["name"], case["practice"]["timezone"], place=place)
    replay(desk, case["records"])
    asked = case["accounting"]
    options = []
    if "summarize" in asked.get("options", {}):
        options = ["--summarize" if asked["options"]["summarize"] else "--no-summarize"]
    done = draw(desk, asked["client"], asked["request"], asked["as_of"], *options)
    if case["expect"].get("refused"):
        assert done.exit == 1
        assert done.out == ""
        return
    assert done.exit == 0, done.err
    judge(done.json, case["expect"])
    prove(desk, done.json)


def prove(desk: Desk, printed: dict[str, Any]) -> None:
    """The evidence that came with it verifies, under the ledger's key alone, and is of what was printed."""
    raw = (desk.folder / "evidence.json").read_bytes()
    keys = tuple(map(VerifierKey.parse, (desk.folder / "disclosures.vkey").read_text().split()))
    verdict = evidence.verify(raw, Trust(keys=keys))
    failing = [one for one in verdict.findings if one.fails]
    assert not failing
    assert json.loads(raw)["accounting"] == printed
    struck = json.loads(raw)
    if struck["accounting"]["rows"]:
        struck["accounting"]["rows"].pop()
        assert evidence.verify(canonical.encode(struck), Trust(keys=keys)).outcome is Outcome.FAILED


def replay(desk: Desk, records: list[dict[str, Any]]) -> None:
    """Import what comes before each accounting, and give that accounting where the case says so."""
    batch: list[dict[str, Any]] = []
    for record in records:
        if record["kind"] != "accounting_provided":
            batch.append(record)
            continue
        write(desk, batch)
        batch = []
        done = draw(desk, record["client"], record["request"], record["provided_on"])
        assert done.exit == 0, done.err
        assert done.json["fee"] == record["fee"]
    write(desk, batch)


def write(desk: Desk, batch: list[dict[str, Any]]) -> None:
    if batch:
        desk.ok("import", desk.file("records.jsonl", batch), "--quiet")


def draw(desk: Desk, client: str, request: str, as_of: str, *options: str) -> Any:
    asked = ("--client", client, "--request", request, "--as-of", as_of, "--format", "json")
    return desk("accounting", *asked, "--evidence", "evidence.json", "--quiet", *options)


def judge(given: dict[str, Any], expect: dict[str, Any]) -> None:
    for name in ("period", "fee", "due_on", "latest_on"):
        if name in expect:
            assert given[name] == expect[name], name
    for text in expect.get("absent", []):
        assert fold(text) not in fold(json.dumps(given, ensure_ascii=False)), text
    if "rows" in expect:
        rest = list(given["rows"])
        for wanted in expect["rows"]:
            found = next((row for row in rest if matches(row, wanted)), None)
            assert found is not None, (wanted, rest)
            rest.remove(found)
        assert rest == []
    if "research" in expect:
        assert len(given["research"]) == len(expect["research"])
        for wanted in expect["research"]:
            assert any(
                fold(wanted["protocol_contains"]) in fold(json.dumps(study, ensure_ascii=False))
                and study["last"] == wanted["last"]
                for study in given["research"]
            )


def matches(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    recipient = fold(row["recipient"]["name"] + "\n" + (row["recipient"].get("organization") or ""))
    return (
        fold(wanted.get("recipient", "")) in recipient
        and all(row.get(name) == wanted[name] for name in ("date", "first", "last", "count") if name in wanted)
        and all(fold(text) in fold(row["purpose"] or "") for text in wanted.get("purpose_contains", []))
        and all(fold(text) in fold(row["description"]) for text in wanted.get("description_contains", []))
    )


CLEARANCE = sorted((scenarios() / "clearance").glob("*.json"))


def test_the_clearance_cases_are_there() -> None:
    assert len(CLEARANCE) >= 25


@pytest.mark.parametrize("path", CLEARANCE, ids=lambda path: path.stem)
def test_clearance_case(path: Path, tmp_path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    desk = Desk(tmp_path).init()
    write(desk, case["records"])
    done = desk("check", "--input", "-", "--json", stdin=json.dumps(case["check"]))
    found = {one["check"]: one["severity"] for one in done.json["findings"]}
    blocks = {check for check, severity in found.items() if severity == "block"}
    assert done.exit == (3 if blocks else 0), done
    expect = case["expect"]
    if "block" in expect:
        assert set(expect["block"]) <= blocks if expect["block"] else not blocks
    assert set(expect.get("warn", [])) <= {check for check, severity in found.items() if severity in ("block", "warn")}
    assert not set(expect.get("not", [])) & set(found)
