"""The whole ledger for the practice's own systems: nothing is lost, nothing corrected counts, nothing in it acts."""

import base64
import csv
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from disclosure_ledger_cli import say

import command
import fhir_checks
from command import ORIGIN, PASSPHRASE, Desk
from disclosure_ledger.custody import keyfile
from disclosure_ledger.errors import StorageFailed
from disclosure_ledger.intake import columns
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.kinds import SEALED

COURT = {
    "name": "County Court",
    "organization": "Family Division",
    "address": "9 Court Street\nFairview",
    "type": "court",
}


def release(ref: str, client: str = "C-1", **more: Any) -> dict[str, Any]:
    given = {"kind": "disclosure", "client": client, "disclosed_on": "2026-02-03", "recipient": COURT, "ref": ref}
    return {**given, "basis": "court_order", "description": "visit dates", **more}


def replacement(**more: Any) -> dict[str, Any]:
    return {name: value for name, value in release("", **more).items() if name not in ("kind", "client", "ref")}


RECORDS = [
    release("stands", method="mail", pages=3, fields=["service_dates"], note="internal, for the practice"),
    release("wrong basis"),
    release("wrong client"),
    release("no release"),
    release("claim", basis="payment", recipient={"name": "Aetna", "type": "health_plan"}, method="fax"),
    release("police", basis="le_administrative_request", recipient={"name": "State Police", "type": "law_enforcement"}),
    release("range", disclosed_on={"from": "2026-01-01", "to": "2026-01-31"}, method="portal"),
    release("event", disclosed_on={"after": "2026-01-05", "interval": "within 48 hours"}, method="email"),
    release("fax", basis="impermissible", explanation="The number was mistyped.", discovered_on="2026-02-04"),
    release("part 2", basis="authorization", part2_basis="p2_consent_specific", fields=["sud_records"]),
    release("notes", basis="authorization_psychotherapy_notes", psychotherapy_notes=True),
    release("hostile", recipient={"name": "=cmd|' /C calc'!A0", "type": "other"}, description="<script>\u202ex\u00a0y"),
    release("long", description="x" * 4000),
    {"kind": "suspension", "client": "C-1", "agency": "State Police", "statement": "written", "stated_on": "2026-02-03",
     "official": "Sgt. Fiction", "through": "2036-02-03"},
    {"kind": "correction", "client": "C-1", "corrects": "wrong basis", "reason": "a subpoena", "ref": "k1",
     "disclosure": replacement(basis="subpoena_client_notified")},
    {"kind": "correction", "client": "C-1", "corrects": "k1", "reason": "no, an order", "disclosure": replacement()},
    {"kind": "correction", "client": "C-1", "corrects": "wrong client", "reason": "moved", "retract": True},
    {"kind": "correction", "client": "C-2", "corrects": "wrong client", "reason": "moved", "disclosure": replacement()},
    {"kind": "correction", "client": "C-1", "corrects": "no release", "reason": "never sent", "retract": True},
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("practice")).init()
    for kinds in (("disclosure", "suspension"), ("correction",)):  # at two moments
        made.ok("import", made.file("records.jsonl", [record for record in RECORDS if record["kind"] in kinds]))
    made.ok("export", "fhir", "--output", "all.ndjson")
    made.ok("export", "csv", "--output", "all.csv")
    return made


@pytest.fixture(scope="module")
def events(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (desk.folder / "all.ndjson").read_bytes().splitlines()]


@pytest.fixture(scope="module")
def rows(desk: Desk) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((desk.folder / "all.csv").read_bytes().decode())))


@pytest.fixture(scope="module")
def told(desk: Desk) -> dict[int, dict[str, Any]]:
    """Every entry about a release, as `history` has it."""
    found = [one for client in ("C-1", "C-2") for one in desk.ok("history", "--client", client, "--json").json]
    return {one["entry"]: one for one in found if one["kind"] in ("disclosure", "correction")}


def details(event: dict[str, Any], place: int) -> dict[str, str]:
    return {detail["type"]: detail["valueString"] for detail in event["entity"][place]["detail"]}


def disclosures(events: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """By the number of its entry what counts as a disclosure."""
    counted = [event for event in events if event["subtype"][0]["code"] == "disclose"]
    return {int(event["entity"][2]["what"]["identifier"]["value"]): event for event in counted}


def test_every_line_passes_all_three_checks(events: list[dict[str, Any]]) -> None:
    assert [fhir_checks.found(event) for event in events] == [[]] * len(events)
    assert len({event["id"] for event in events}) == len(events)


def test_a_disclosure_has_every_field_of_its_record(
    events: list[dict[str, Any]], told: dict[int, dict[str, Any]]
) -> None:
    for index, event in disclosures(events).items():
        fields = {name: value for name, value in told[index]["fields"].items() if value is not None}
        data = event["entity"][1]
        assert event["entity"][0]["what"]["identifier"]["value"] == fields.pop("client")
        assert event["purposeOfEvent"][0]["text"] == fields.pop("purpose")
        if "<script>" in (said := fields.pop("description")):
            assert data["description"] == "<script>\\u202ex y"
        else:
            assert data["description"] == said
        assert details(event, 1) == {
            name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True)
            for name, value in fields.items()
        }


def test_what_stands_is_a_disclosure_and_nothing_else_is(
    events: list[dict[str, Any]], told: dict[int, dict[str, Any]]
) -> None:
    by_ref = {one["fields"]["ref"]: index for index, one in told.items() if one["fields"]["ref"]}
    gone = {by_ref[name] for name in ("wrong basis", "wrong client", "no release", "k1")}
    retractions = {index for index, one in told.items() if one["fields"].get("retract")}
    assert set(disclosures(events)) == set(told) - gone - retractions
    deprecated = [event for event in events if event["subtype"][0]["code"] == "deprecate"]
    states = {
        int(event["entity"][1]["what"]["identifier"]["value"]): details(event, 1)["state"] for event in deprecated
    }
    retracted = {by_ref["wrong client"], by_ref["no release"]}
    assert states == {index: "retracted" if index in retracted else "corrected" for index in gone}
    assert not any("profile" in event.get("meta", {}) or "period" in event for event in deprecated)
    for event in deprecated:
        by = int(event["entity"][2]["what"]["identifier"]["value"])
        assert event["recorded"] == told[by]["recorded_at"], "it is the correction that happened then"
        assert told[by]["kind"] == "correction"
    assert {details(event, 2)["reason"] for event in deprecated} == {
        "a subpoena",
        "no, an order",
        "moved",
        "never sent",
    }


def test_every_entry_is_found_in_the_audit_package_by_number_and_hash(
    desk: Desk, events: list[dict[str, Any]], rows: list[dict[str, str]], told: dict[int, dict[str, Any]]
) -> None:
    desk.ok("export", "audit", "audit")
    hashes = {}
    for event in events:
        for entity in event["entity"][2 if event.get("meta") else 1 :]:
            name = entity["what"]["identifier"]
            assert name["system"] == f"https://{ORIGIN}/entry"
            hashes[int(name["value"])] = next(d["valueString"] for d in entity["detail"] if d["type"] == "leaf_hash")
    assert hashes == {index: one["id"] for index, one in told.items()}
    shown = {int(row["entry"]): base64.b64encode(bytes.fromhex(row["leaf_hash_hex"])).decode() for row in rows}
    assert shown == hashes
    tiles = b"".join(path.read_bytes() for path in sorted((desk.folder / "audit").rglob("tile/0/*.p/*")))
    assert tiles
    assert all(base64.b64decode(leaf) in tiles for leaf in hashes.values())


def test_in_r5_every_line_passes_the_types(desk: Desk, events: list[dict[str, Any]]) -> None:
    later = [json.loads(line) for line in desk.ok("export", "fhir", "--release", "r5").out.splitlines()]
    assert [event["id"] for event in later] == [event["id"] for event in events]
    assert [fhir_checks.models(event, "fhir.resources") for event in later] == [[]] * len(events)


def test_codes_stand_where_they_are_right(events: list[dict[str, Any]]) -> None:
    by_ref = {details(event, 1).get("ref"): event for event in disclosures(events).values()}

    def codes(ref: str) -> list[str]:
        return [code["code"] for code in by_ref[ref]["purposeOfEvent"][0]["coding"]]

    assert codes("stands") == ["HLEGAL", "164.512(e)(1)(i)"]
    assert codes("claim") == ["HPAYMT", "164.506(c)(1), (c)(3); 164.501 'payment'"]
    assert codes("fax") == ["164.402; 164.404-.414; 164.530(f)"]
    assert details(by_ref["notes"], 1)["counted_as"] == "impermissible", "there is no form"
    assert codes("notes") == codes("fax")
    assert codes("part 2")[-1].startswith("2.31")
    networks = {ref: by_ref[ref]["agent"][1]["network"] for ref in ("claim", "event", "range")}
    assert networks == {"claim": {"type": "3"}, "event": {"type": "4"}, "range": {"type": "5"}}
    assert by_ref["stands"]["agent"][1]["network"]["extension"][0]["valueCode"] == "not-applicable"
    assert by_ref["stands"]["agent"][1]["media"]["code"] == "110038"
    assert by_ref["police"]["agent"][1]["network"]["extension"][0]["valueCode"] == "unknown"
    assert [label["code"] for label in by_ref["part 2"]["entity"][1]["securityLabel"]] == ["42CFRPart2", "SUD"]
    assert [label["code"] for label in by_ref["notes"]["entity"][1]["securityLabel"]] == ["PSYTHPN"]
    assert "securityLabel" not in by_ref["stands"]["entity"][1]
    assert by_ref["event"]["period"] == {"start": "2026-01-05"}
    assert by_ref["range"]["period"] == {"start": "2026-01-01", "end": "2026-01-31"}


def test_recorded_is_when_the_entry_was_written(events: list[dict[str, Any]], told: dict[int, dict[str, Any]]) -> None:
    for index, event in disclosures(events).items():
        assert event["recorded"] == told[index]["recorded_at"]


def test_a_suspended_release_is_in_it_and_the_help_says_so(desk: Desk, rows: list[dict[str, str]]) -> None:
    assert [row["state"] for row in rows if row["recipient.name"] == "State Police"] == ["stands"]
    assert "State Police" not in desk.ok("accounting", "--client", "C-1").out
    for name in ("fhir", "csv"):
        help_text = " ".join(desk.ok("export", name, "--help").out.split())
        assert "releases that an agency has suspended" in help_text


def test_the_table_has_a_column_for_every_field(rows: list[dict[str, str]]) -> None:
    assert {name.partition(".")[0] for name in rows[0]} >= set(SEALED["correction"])
    headed = set(columns.fields_of("disclosure"))
    assert headed <= set(rows[0])


def test_what_stands_can_be_read_into_another_ledger(
    desk: Desk, rows: list[dict[str, str]], told: dict[int, dict[str, Any]], tmp_path: Path
) -> None:
    standing = [row for row in rows if row["state"] == "stands" and row["ref"] != "hostile"]
    with (tmp_path / "standing.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(standing)
    other = Desk(tmp_path).init()
    other.ok("import", "standing.csv", "--ignore-unknown-columns")
    copies = [other.ok("history", "--client", client, "--json").json for client in ("C-1", "C-2")]
    given = [_given(one["fields"]) for copy in copies for one in copy if one["kind"] == "disclosure"]
    expected = [_given(told[int(row["entry"])]["fields"]) for row in standing]
    assert sorted(given, key=str) == sorted(expected, key=str)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """What a practice gave of a release: not what the ledger wrote, nor what a correction says of itself."""
    written = ("ref", "recorded_by", "counted_as", "findings", "corrects", "reason", "retract")
    return {name: value for name, value in fields.items() if value is not None and name not in written}


def test_the_table_says_what_became_of_each_entry(rows: list[dict[str, str]], told: dict[int, dict[str, Any]]) -> None:
    by_ref = {row["ref"]: row for row in rows if row["ref"]}
    assert by_ref["wrong basis"]["state"] == "corrected"
    assert by_ref["wrong basis"]["changed_by"] == by_ref["k1"]["entry"]
    assert by_ref["no release"]["state"] == "retracted"
    assert [row["client"] for row in rows if row["reason"] == "moved" and row["state"] == "stands"] == ["C-2"]
    assert sum(row["state"] == "retraction" for row in rows) == 2
    assert (
        by_ref["stands"]
        | {
            "note": "internal, for the practice",
            "fields": "service_dates",
            "pages": "3",
            "recipient.address": "9 Court Street\nFairview",
        }
        == by_ref["stands"]
    )
    assert len(rows) == len(told)


def test_nothing_in_the_table_is_a_formula_or_steers(rows: list[dict[str, str]]) -> None:
    hostile = next(row for row in rows if row["ref"] == "hostile")
    assert hostile["recipient.name"] == "'=cmd|' /C calc'!A0"
    assert hostile["description"] == "<script>\\u202ex\u00a0y"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]


def test_excel_is_told_that_it_is_utf_8(desk: Desk) -> None:
    desk.ok("export", "csv", "--excel", "--output", "excel.csv")
    assert (desk.folder / "excel.csv").read_bytes() == b"\xef\xbb\xbf" + (desk.folder / "all.csv").read_bytes()


@pytest.mark.parametrize("form", ["fhir", "csv"])
def test_the_same_ledger_gives_the_same_bytes_to_a_file_and_to_a_pipe(desk: Desk, form: str) -> None:
    ending = {"fhir": "ndjson", "csv": "csv"}[form]
    kept = (desk.folder / f"all.{ending}").read_bytes()
    assert desk.ok("export", form).out.encode() == kept
    desk.ok("export", form, "--output", "again")
    assert (desk.folder / "again").read_bytes() == kept


def test_the_file_is_the_owners_alone_and_an_old_one_is_replaced(desk: Desk) -> None:
    place = desk.folder / "loose.csv"
    place.write_text("old")
    place.chmod(0o644)
    done = desk.ok("export", "csv", "--output", "loose.csv", "--json")
    assert place.stat().st_mode & 0o777 == 0o600
    assert done.json == {
        "output": "loose.csv", "entries": 18, "corrected": 2, "retracted": 2, "retraction": 2, "stands": 12,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["fhir", "csv"])
def test_a_terminal_is_refused(desk: Desk, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command._Bytes, "isatty", lambda _: True, raising=False)
    done = desk("export", form)
    assert (done.exit, done.out) == (2, "")
    assert "nothing for a terminal" in done.err


def test_a_wrong_passphrase_leaves_no_file(desk: Desk) -> None:
    other = Desk(desk.folder, "another passphrase")
    assert other("export", "csv", "--output", "none.csv").exit == 7
    assert not (desk.folder / "none.csv").exists()


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(desk: Desk, tmp_path: Path) -> None:
    done = desk("export", "fhir", "--output", tmp_path / "no" / "such" / "folder.ndjson")
    assert done.exit == 1
    assert "nothing was written" in done.err
    full = OSError(28, "No space left on device")
    for fails, told in ((full, StorageFailed), (KeyboardInterrupt(), KeyboardInterrupt)):
        with pytest.raises(told):
            _write_half(tmp_path / "x", fails)
    assert list(tmp_path.iterdir()) == []


def _write_half(path: Path, fails: BaseException) -> None:
    with say.writing(path) as file:
        file.write(b"half")
        raise fails


def test_the_walk_remembers_no_entry(desk: Desk) -> None:
    keys = desk.folder / "disclosures.keys"
    secrets = keyfile.unseal(keyfile.read(keys), PASSPHRASE)
    ledger = Ledger.open(
        str(desk.folder / "disclosures.db"), secrets=secrets, state_file=keys, clock=lambda: None, entropy=os.urandom
    )
    try:
        with ledger.reading() as (_, opener):
            assert sum(1 for _ in opener.every_release()) == 18
            assert sum(len(one) for one in opener.corrected_releases()) == 18
            assert opener._opened == {}
    finally:
        ledger.close()


def test_what_was_erased_is_counted_and_tells_nothing(tmp_path: Path) -> None:
    old = Desk(tmp_path)
    with time_machine.travel(datetime(2010, 3, 1, tzinfo=UTC), tick=False):
        old.init()
        old.ok("import", old.file("old.jsonl", [release("old", client="C-9", disclosed_on="2010-02-03")]))
    old.ok("import", old.file("new.jsonl", [release("new")]))
    old.ok("erase", "--reason", "retention ended", "--authority", "privacy officer")
    done = old.ok("export", "fhir", "--output", "left.ndjson")
    assert done.out == "1 release written to left.ndjson, and beside that 1 erased entry.\n"
    assert "of which nothing is left: 1." in done.err
    (event,) = (json.loads(line) for line in (tmp_path / "left.ndjson").read_bytes().splitlines())
    assert details(event, 1)["ref"] == "new"
    table = old.ok("export", "csv").out
    assert "C-9" not in table
    assert [row["state"] for row in csv.DictReader(io.StringIO(table))] == ["erased", "stands"]
