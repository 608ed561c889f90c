"""How the practice reads the law stands in its settings file, and changes what the commands say."""

import json
from pathlib import Path

import pytest

from command import Desk

RELEASE = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "Westbrook Academy", "type": "school"},
    "basis": "individual_directed_third_party",
    "description": "attendance dates",
    "fields": ["service_dates"],
    "evidence": [{"type": "written_request", "ref": "W-1", "dated": "2026-02-01"}],
    "verified": "telephoned the school office",
}
CLAIM = {
    **RELEASE,
    "basis": "payment",
    "recipient": {"name": "BlueCo", "type": "health_plan"},
    "minimum_necessary": "MN-1",
    "service": {"from": "2026-02-01", "to": "2026-02-01"},
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).init()


def say(desk: Desk, line: str) -> None:
    with (desk.folder / "disclosure-ledger.toml").open("a") as file:
        file.write(line + "\n")


def test_a_basis_whose_place_is_unsettled_can_be_turned_off(desk: Desk) -> None:
    desk.ok("record", "--input", "-", stdin=json.dumps(RELEASE))
    given = desk.ok("accounting", "--client", "C-1", "--format", "json").json
    assert len(given["rows"]) == 1
    say(desk, 'without = ["individual_directed_third_party"]')
    given = desk.ok("accounting", "--client", "C-1", "--format", "json", "--evidence", "proof").json
    assert given["rows"] == []
    assert given["rules"] == "45-cfr-164.528/2002-08-14+without-individual_directed_third_party"


def test_an_overlay_blocks_before_a_release_and_never_changes_how_it_counts(desk: Desk) -> None:
    (desk.folder / "state.json").write_text(
        json.dumps({"state": "XX", "as_of": "2026-01-01", "authorization": {"required_for": ["payment"]}})
    )
    assert desk("check", "--input", "-", stdin=json.dumps(CLAIM)).exit == 0
    say(desk, 'overlay = "state.json"')
    done = desk("check", "--input", "-", "--json", stdin=json.dumps(CLAIM))
    assert done.exit == 3
    assert "STATE-1" in [one["check"] for one in done.json["findings"]]
    assert desk("record", "--strict", "--input", "-", stdin=json.dumps(CLAIM)).exit == 3
    recorded = desk.ok("record", "--input", "-", "--json", stdin=json.dumps(CLAIM)).json
    shown = desk.ok("show", str(recorded["entry"]), "--json").json["fields"]
    assert "STATE-1" in shown["findings"]
    assert shown["counted_as"] == "payment"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('without = "payment"', "without"),
        ('without = ["payment"]', "without"),
        ('private = "yes"', "private"),
        ('covered_since = "2010-01-01"', "covered_since"),
        ('overlay = "missing.json"', "overlay"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(desk: Desk, line: str, field: str) -> None:
    say(desk, line)
    done = desk("seal", "--json")
    assert done.exit == 1
    assert done.error["field"] == field
