"""Cases of law as data: replayed through the law tower, and what comes out compared with what the case expects."""

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from books import Books
from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.clearance import NO_OVERLAY, Facts, Overlay, Severity, check, counted_as
from disclosure_ledger.hipaa.records import AccountingProvided, Disclosure, from_json


def folded(text: str) -> str:
    """Text for comparing: NFC, without regard to case."""
    return unicodedata.normalize("NFC", text).casefold()


def books_of(case: dict[str, Any]) -> Books:
    """The case's records, written in order."""
    books = Books(
        practice=case.get("practice", {}).get("name", "Harbor Counseling LLC"),
        rules=Rules.parse(case["rules"]) if "rules" in case else Rules(),
        facts=Facts(**case.get("facts", {})),
        overlay=Overlay.from_json(case["overlay"]) if "overlay" in case else NO_OVERLAY,
    )
    for obj in case["records"]:
        if obj["kind"] == "accounting_provided":
            mark = from_json(obj)
            assert isinstance(mark, AccountingProvided)
            assert books.provide(mark).fee == mark.fee
        else:
            books.record(obj)
    return books


def draw(case: dict[str, Any]) -> Accounting:
    """The accounting that the case asks for. Raises Refused."""
    asked = case["accounting"]
    books = books_of(case)
    options = asked.get("options", {})
    as_of = date.fromisoformat(asked["as_of"])
    return books.account(asked["client"], asked.get("request"), as_of, summarize=options.get("summarize"))


def check_accounting(case: dict[str, Any]) -> None:
    """Assert that the accounting is what the case expects."""
    expect = case["expect"]
    if expect.get("refused"):
        with pytest.raises(Refused):
            draw(case)
        return
    out = draw(case).to_json()
    for key in ("period", "fee", "due_on", "latest_on"):
        if key in expect:
            assert out[key] == expect[key], key
    if "rows" in expect:
        _match_rows(out["rows"], expect["rows"])
    printed = folded(json.dumps(out, ensure_ascii=False))
    for text in expect.get("absent", ()):
        assert folded(text) not in printed, text
    if "research" in expect:
        assert len(out["research"]) == len(expect["research"])
        for found, wanted in zip(out["research"], expect["research"], strict=True):
            assert folded(wanted["protocol_contains"]) in folded(json.dumps(found, ensure_ascii=False))
            assert found["last"] == wanted["last"]


def _match_rows(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    left = list(found)
    for wanted in expected:
        match = next((row for row in left if _fits(row, wanted)), None)
        assert match is not None, (wanted, found)
        left.remove(match)
    assert left == []


def _fits(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    names = [row["recipient"]["name"], row["recipient"].get("organization", "")]
    return (
        any(folded(wanted["recipient"]) in folded(name) for name in names)
        and all(row.get(key) == wanted[key] for key in ("date", "first", "last", "count") if key in wanted)
        and all(folded(text) in folded(row["purpose"]) for text in wanted.get("purpose_contains", ()))
        and all(folded(text) in folded(row["description"]) for text in wanted.get("description_contains", ()))
    )


def check_clearance(case: dict[str, Any]) -> None:
    """Assert that the check of a release finds what the case expects."""
    books = books_of(case)
    release = from_json(case["check"])
    assert isinstance(release, Disclosure)
    case_file = books.casefile(release.client)
    found = {one.check: one for one in check(release, case_file, facts=books.facts, overlay=books.overlay)}
    blocks = {id_ for id_, one in found.items() if one.severity is Severity.BLOCK}
    expect = case["expect"]
    if "block" in expect:
        assert set(expect["block"]) <= blocks, blocks
        assert expect["block"] or not blocks, blocks
    hard = {id_ for id_, one in found.items() if one.severity is not Severity.INFO}
    assert set(expect.get("warn", ())) <= hard, hard
    assert set(expect.get("info", ())) <= set(found), set(found)
    assert not set(expect.get("not", ())) & set(found)
    if "counted_as" in expect:
        assert counted_as(release, found.values()) == expect["counted_as"]


def load(folder: Path) -> list[Any]:
    """Every case of a folder as a pytest parameter named after its holding."""
    return [pytest.param(json.loads(file.read_text()), id=file.stem) for file in sorted(folder.glob("*.json"))]
