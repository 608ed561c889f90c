"""Later facts change how earlier releases count, and facts entered in error can be taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from command import Desk

FORM = {
    "kind": "authorization",
    "client": "C-1",
    "id": "A-1",
    "signed_on": "2026-01-02",
    "recipients": ["Westbrook Academy"],
    "information": "attendance dates",
    "purpose": "school plan",
    "expires_on": "2026-12-31",
    "ref": "F-1",
}
RELEASE = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-03-09",
    "recipient": {"name": "Westbrook Academy", "type": "school"},
    "basis": "authorization",
    "description": "attendance dates",
    "fields": ["service_dates"],
    "evidence": [{"type": "authorization", "authorization": "A-1"}],
    "verified": "telephoned the school office",
    "ref": "D-1",
}
OVERSIGHT = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-03-09",
    "recipient": {"name": "State Board", "type": "oversight_agency"},
    "basis": "health_oversight",
    "description": "visit dates",
    "fields": ["service_dates"],
    "evidence": [{"type": "written_request", "ref": "B-1", "dated": "2026-03-01"}],
    "verified": "letterhead",
    "minimum_necessary": "the dates asked for",
}
SUSPENSION = {
    "kind": "suspension",
    "client": "C-1",
    "agency": "State Board",
    "statement": "written",
    "stated_on": "2026-03-10",
    "official": "Inspector Example",
    "through": "2099-01-01",
    "ref": "S-1",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).init()


def record(desk: Desk, value: dict[str, Any]) -> dict[str, Any]:
    return desk.ok("record", "--input", "-", "--json", stdin=json.dumps(value)).json


def listed(desk: Desk) -> list[str]:
    done = desk.ok("accounting", "--client", "C-1", "--format", "json", "--evidence", "proof", "--quiet")
    assert desk("verify", "proof", "--key", "disclosures.vkey").exit == 0
    assert desk("verify", "--full").exit == 0
    return [row["recipient"]["name"] for row in done.json["rows"]]


def retract(desk: Desk, ref: str) -> Any:
    value = {"kind": "correction", "client": "C-1", "corrects": ref, "reason": "entered in error", "retract": True}
    return desk("record", "--input", "-", "--json", stdin=json.dumps(value))


def test_a_revocation_that_had_arrived_earlier_puts_the_release_on_the_list(desk: Desk) -> None:
    record(desk, FORM)
    assert record(desk, RELEASE)["also"] == []
    assert listed(desk) == []
    late = {"kind": "authorization_revoked", "client": "C-1", "id": "A-1", "received_on": "2026-03-01"}
    assert len(record(desk, late)["also"]) == 2, "out of one class, into the other"
    assert listed(desk) == ["Westbrook Academy"]
    assert [one["kind"] for one in desk.ok("history", "--client", "C-1", "--json").json][-3:] == [
        "authorization_revoked",
        "correction",
        "correction",
    ]


def test_a_form_that_is_recorded_late_takes_the_release_off_the_list(desk: Desk) -> None:
    assert next(one["check"] for one in record(desk, RELEASE)["findings"]).startswith("AUTH")
    assert listed(desk) == ["Westbrook Academy"]
    record(desk, FORM)
    assert listed(desk) == []


def test_a_form_entered_in_error_can_be_taken_back_and_the_release_counts_again(desk: Desk) -> None:
    record(desk, FORM)
    record(desk, RELEASE)
    assert listed(desk) == []
    assert retract(desk, "F-1").exit == 0
    assert listed(desk) == ["Westbrook Academy"]
    assert retract(desk, "F-1").exit == 1, "once is enough"


def test_a_suspension_entered_in_error_can_be_taken_back_without_a_trace(desk: Desk) -> None:
    record(desk, OVERSIGHT)
    record(desk, SUSPENSION)
    assert listed(desk) == []
    assert retract(desk, "S-1").exit == 0
    assert listed(desk) == ["State Board"]
    entries = desk.ok("history", "--client", "C-1", "--json").json
    assert [one["stream"] for one in entries if one["kind"] in ("suspension", "correction")] == [None, None]


def test_a_fact_is_not_replaced_by_a_release_nor_for_another_client(desk: Desk) -> None:
    record(desk, FORM)
    replacement = {name: value for name, value in RELEASE.items() if name not in ("kind", "client", "ref")}
    wrong = {"kind": "correction", "client": "C-1", "corrects": "F-1", "reason": "x", "disclosure": replacement}
    assert desk("record", "--input", "-", stdin=json.dumps(wrong)).exit == 1
    other = {"kind": "correction", "client": "C-2", "corrects": "F-1", "reason": "x", "retract": True}
    assert desk("record", "--input", "-", stdin=json.dumps(other)).exit == 1
    first = {"kind": "correction", "client": "C-1", "corrects": 1, "reason": "x", "retract": True}
    assert desk("record", "--input", "-", stdin=json.dumps(first)).exit == 1, "the beginning of the client's stream"


def test_the_first_client_record_is_written_by_the_ledger_where_nobody_did(desk: Desk) -> None:
    made = record(desk, RELEASE)
    assert made["also"] == [1]
    assert made["entry"] == 2
    first = desk.ok("show", "1", "--json").json
    assert first["kind"] == "client"
    assert first["stream"]["position"] == 0
    assert {name for name, value in first["fields"].items() if value is not None} == {"client", "recorded_by"}


def test_strict_refuses_before_and_an_override_lets_it_pass_without_changing_how_it_counts(desk: Desk) -> None:
    refused = desk("record", "--strict", "--input", "-", "--json", stdin=json.dumps(RELEASE))
    assert refused.exit == 3
    assert refused.error["findings"] == ["AUTH-1"]
    accepted = {**RELEASE, "overrides": [{"check": "AUTH-1", "reason": "the form is in the mail", "by": "Dr. Example"}]}
    made = desk.ok("record", "--strict", "--input", "-", "--json", stdin=json.dumps(accepted)).json
    assert desk.ok("show", str(made["entry"]), "--json").json["fields"]["counted_as"] == "impermissible"


def test_due_shows_what_is_late_first(desk: Desk) -> None:
    for number, day in enumerate(("2026-11-20", "2026-01-05", "2026-10-01")):
        desk.ok("request", "add", "--client", f"C-{number}", "--id", "R-1", "--requested-on", day, "--received-on", day)
    desk.ok("request", "withdraw", "--client", "C-2", "--request", "R-1", "--withdrawn-on", "2026-10-02")
    due = desk.ok("due", "--json").json
    assert [(one["client"], one["due_on"]) for one in due] == [("C-1", "2026-03-06"), ("C-0", "2027-01-19")]
    assert due[0]["late"] is True
    assert "LATE by" in desk.ok("due").out
    assert len(desk.ok("request", "list", "--json").json) == 3
