"""A suspension leaves no trace in what the client gets: not in the document, and not in its evidence."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from command import Desk

CANARIES = ("Zebulon Sheriff", "Det. Quackenbush", "secret dates of visits", "S-4711")
CLIENT = {"kind": "client", "client": "C-1", "name": "Dana Example"}
COURT = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "County Court", "type": "court"},
    "basis": "court_order",
    "description": "attendance dates",
    "matter": "881",
    "fields": ["service_dates"],
    "evidence": [{"type": "court_order", "ref": "881", "dated": "2026-01-20", "issuer": "County Court"}],
    "verified": "seal checked",
    "minimum_necessary": "limited to what the order names",
}
POLICE = {
    **COURT,
    "disclosed_on": "2026-03-03",
    "recipient": {"name": CANARIES[0], "type": "law_enforcement"},
    "basis": "le_grand_jury_subpoena",
    "description": CANARIES[2],
    "matter": CANARIES[3],
    "evidence": [{"type": "subpoena", "ref": CANARIES[3], "dated": "2026-03-01", "issuer": "Grand jury"}],
}
SUSPENSION = {
    "kind": "suspension",
    "client": "C-1",
    "agency": CANARIES[0],
    "statement": "written",
    "stated_on": "2026-03-04",
    "official": CANARIES[1],
    "through": "2099-01-01",
}
REQUEST = {
    "kind": "accounting_request",
    "client": "C-1",
    "id": "R-1",
    "requested_on": "2026-11-23",
    "received_on": "2026-11-23",
}


def drawn(folder: Path, records: list[dict[str, Any]]) -> tuple[str, dict[str, Any], str]:
    """Text, JSON and evidence of a ledger with these records."""
    folder.mkdir()
    desk = Desk(folder).init()
    desk.ok("import", desk.file("records.jsonl", records), "--quiet")
    asked = ("accounting", "--client", "C-1", "--request", "R-1", "--as-of", "2026-11-24")
    text = desk.ok(*asked).out
    given = desk.ok(*asked, "--format", "json", "--evidence", "proof").json
    done = desk("verify", "proof", "--key", "disclosures.vkey")
    assert done.exit == 0, done
    return text, given, (folder / "proof").read_text()


def everything(text: str) -> str:
    """A text and all base64 within it, decoded."""
    decoded = []
    for word in set(text.replace('"', " ").replace("\\n", " ").split()):
        try:
            decoded.append(base64.b64decode(word, validate=True).decode("utf-8", "ignore"))
        except ValueError:
            continue
    return text + "\n".join(decoded)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Any, Any]:
    kept = drawn(tmp_path / "kept", [CLIENT, COURT, POLICE, SUSPENSION, REQUEST])
    none = drawn(tmp_path / "none", [CLIENT, COURT, REQUEST])
    return kept, none


def test_no_suspended_fact_is_anywhere_in_document_or_evidence(pair: tuple[Any, Any]) -> None:
    (text, given, proof), _ = pair
    for canary in CANARIES:
        for where in (text, json.dumps(given), everything(proof)):
            assert canary not in where


def test_document_and_evidence_have_the_same_form_with_and_without_it(pair: tuple[Any, Any]) -> None:
    (text, given, proof), (text_without, given_without, proof_without) = pair
    assert {**given, "checkpoint": None} == {**given_without, "checkpoint": None}
    assert text.split("This list was drawn from")[0] == text_without.split("This list was drawn from")[0]
    one, other = json.loads(proof), json.loads(proof_without)
    assert form_of(one) == form_of(other)


def form_of(value: Any) -> Any:
    """What there is but not what it says: proofs may be longer, as in any ledger that holds more."""
    if isinstance(value, dict):
        return {name: form_of(item) for name, item in value.items() if name not in ("proof", "siblings", "consistency")}
    if isinstance(value, list):
        return [form_of(item) for item in value]
    return type(value).__name__


def test_without_the_suspension_the_same_release_is_listed(tmp_path: Path) -> None:
    _, given, proof = drawn(tmp_path / "open", [CLIENT, COURT, POLICE, REQUEST])
    assert [row["recipient"]["name"] for row in given["rows"]] == ["County Court", CANARIES[0]]
    assert len(json.loads(proof)["listed"]) == 1
