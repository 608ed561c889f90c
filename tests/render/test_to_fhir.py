"""The accounting as FHIR R4: valid by three checks of which each sees what the others miss; literal; to the byte."""

import copy
import csv
import doctest
import importlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import fhir_checks
from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.hipaa.bases import BASES
from disclosure_ledger.released import Place, Released
from disclosure_ledger.render import ledger_csv, ledger_fhir
from disclosure_ledger.render.auditevent import Event, LedgerEntry, identifier, r4
from disclosure_ledger.render.fhir_codes import REASONS
from disclosure_ledger.render.fhir_names import Names
from disclosure_ledger.render.to_fhir import to_fhir
from disclosure_ledger.render.words_es import SPANISH

XHTML = '<div xmlns="http://www.w3.org/1999/xhtml"><p>A release.</p></div>'


def bundle(accounting: Accounting) -> dict[str, Any]:
    return json.loads(to_fhir(accounting))


def events(accounting: Accounting) -> list[dict[str, Any]]:
    inside = [entry["resource"] for entry in bundle(accounting)["entry"]]
    return [resource for resource in inside if resource["resourceType"] == "AuditEvent"]


def whole() -> dict[str, Any]:
    """An event with everything that can be in one."""
    client = identifier("https://harbor.example/disclosures/client", "C-1001")
    entry = LedgerEntry(identifier=identifier("https://harbor.example/disclosures/entry", "6"), details=(("id", "…"),))
    return r4(
        Event(
            id="4c322d4d-7645-5aab-b679-f9fc2b91217e",
            recorded="2026-02-04T09:00:00.000000Z",
            practice="Harbor Counseling LLC",
            recipient="County Court, 9 Court Street",
            client=client,
            data="visit dates",
            period=("2026-02-03", "2026-02-03"),
            statement="A court ordered it.",
            network="3",
            details=(("pages", "3"),),
            entry=entry,
            narrative=XHTML,
        )
    )


RENDERERS = ("fhir_codes", "fhir_names", "auditevent", "fhir_r5", "to_fhir", "ledger_fhir", "ledger_csv")


@pytest.mark.parametrize("name", ["released", *(f"render.{name}" for name in RENDERERS)])
def test_the_examples_of_the_modules_hold(name: str) -> None:
    done = doctest.testmod(importlib.import_module(f"disclosure_ledger.{name}"))
    assert done.attempted > 0
    assert done.failed == 0


def test_every_kind_of_row_and_a_study_pass_all_three_checks(every_kind: Accounting) -> None:
    assert fhir_checks.found(bundle(every_kind)) == []


def test_text_that_wants_to_act_passes_them_too_and_is_there_to_the_letter(hostile: Accounting) -> None:
    assert fhir_checks.found(bundle(hostile)) == []
    first, *_, last = events(hostile)
    assert first["entity"][1]["description"] == "<script>alert(1)</script>"
    assert "&lt;script&gt;" in first["text"]["div"]
    assert last["entity"][1]["description"] == "x" * 10_000
    raw = to_fhir(hostile).decode()
    assert re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", raw) is None
    assert "Maria\\\\u202emoc.x" in raw


def test_a_blank_that_the_schema_forbids_is_a_plain_one(every_kind: Accounting) -> None:
    odd = replace(every_kind, rows=(replace(every_kind.rows[0], description="a\u00a0b\u3000c\u2009d"),))
    assert events(odd)[0]["entity"][1]["description"] == "a b c d"
    assert fhir_checks.found(bundle(odd)) == []


def test_an_accounting_of_nothing_is_a_letter_alone(every_kind: Accounting) -> None:
    nothing = replace(every_kind, rows=(), research=(), checkpoint="", request_id=None)
    assert fhir_checks.found(bundle(nothing)) == []
    assert "no release" in to_fhir(nothing).decode()


def test_the_letter_is_in_the_language_asked_for(every_kind: Accounting) -> None:
    letter = json.loads(to_fhir(every_kind, words=SPANISH))["entry"][0]["resource"]
    assert letter["language"].startswith("es")
    assert fhir_checks.models(letter) == []


def test_the_same_accounting_gives_the_same_bytes_and_no_two_resources_one_id(every_kind: Accounting) -> None:
    twice = replace(every_kind, rows=(*every_kind.rows, every_kind.rows[0]))
    assert to_fhir(twice) == to_fhir(copy.deepcopy(twice))
    ids = [entry["resource"]["id"] for entry in bundle(twice)["entry"]]
    assert len(set(ids)) == len(ids) == 6


def test_a_release_keeps_its_id_in_a_later_accounting(every_kind: Accounting) -> None:
    later = replace(every_kind, issued_on=date(2027, 3, 1), request_id="R-8")
    assert [event["id"] for event in events(later)] == [event["id"] for event in events(every_kind)]


def test_days_are_a_period_and_no_moment_is_made_up(every_kind: Accounting) -> None:
    told = events(every_kind)
    assert [event["period"] for event in told] == [
        {"start": "2026-02-03", "end": "2026-02-03"},
        {"start": "2026-03-01", "end": "2026-03-09"},
        {"start": "2026-04-01"},
        {"start": "2025-10-06", "end": "2026-11-02"},
    ]
    assert told[2]["entity"][1]["detail"] == [{"type": "interval", "valueString": "within 48 hours of the visit"}]
    assert told[3]["entity"][1]["detail"] == [{"type": "count", "valueString": "14"}]
    assert all("recorded" not in event for event in told)
    assert all(event["_recorded"]["extension"][0]["valueCode"] == "masked" for event in told)


def test_nobody_is_called_the_requestor_and_no_network_is_made_up(every_kind: Accounting) -> None:
    agents = [agent for event in events(every_kind) for agent in event["agent"]]
    assert {agent["requestor"] for agent in agents} == {False}
    assert {agent["network"]["extension"][0]["valueCode"] for agent in agents} == {"unknown"}


def test_nothing_of_the_ledger_behind_a_row_is_told(every_kind: Accounting) -> None:
    numbered = replace(every_kind, rows=tuple(replace(row, entries=(71, 72)) for row in every_kind.rows))
    assert to_fhir(numbered) == to_fhir(every_kind)


def test_a_study_and_the_statements_are_in_the_letter(every_kind: Accounting) -> None:
    letter = bundle(every_kind)["entry"][0]["resource"]
    said = json.dumps(letter["section"])
    for text in (
        "Sleep and mood",
        "1 Campus Way",
        "What the law leaves out",
        "qHFzc4YpX6dG9KWNsZuR7GHAC6MiG9eD2XFo7aE56TU=",
    ):
        assert text in said
    listed = next(section["entry"] for section in letter["section"] if "entry" in section)
    assert [entry["reference"] for entry in listed] == [entry["fullUrl"] for entry in bundle(every_kind)["entry"][1:]]


def test_without_a_checkpoint_identifiers_have_no_system(every_kind: Accounting) -> None:
    unsigned = events(replace(every_kind, checkpoint=""))[0]
    assert unsigned["entity"][0]["what"]["identifier"] == {"value": "C-1001"}
    assert fhir_checks.found(unsigned) == []


def test_the_purposes_are_of_bases_that_exist() -> None:
    assert set(REASONS) < set(BASES)
    assert not {"impermissible", "impermissible_by_business_associate", "incidental"} & set(REASONS)


ERASED = Released(
    place=Place(
        index=6,
        kind="disclosure",
        leaf_hash=bytes(32),
        recorded_at=datetime(2026, 2, 4, tzinfo=UTC),
        recorder="harbor.example/disclosures/recorders/owner",
    ),
    fields=None,
)


def test_of_an_erased_entry_a_ledger_s_export_tells_that_it_was_there_and_nothing_else() -> None:
    assert ledger_fhir.line(ERASED, practice="Harbor", names=Names.of("harbor.example")) is None
    (row,) = csv.DictReader(io.StringIO(b"".join(ledger_csv.rows([ERASED])).decode()))
    told = {name: value for name, value in row.items() if value}
    assert told == {
        "entry": "6",
        "leaf_hash_hex": "00" * 32,
        "entry_kind": "disclosure",
        "recorded_at": "2026-02-04T00:00:00.000000Z",
        "recorder": "harbor.example/disclosures/recorders/owner",
        "state": "erased",
    }


# -- R5


def r5(accounting: Accounting) -> dict[str, Any]:
    return json.loads(to_fhir(accounting, r5=True))


@pytest.mark.parametrize("name", ["every_kind", "hostile"])
def test_in_r5_it_passes_the_types_and_claims_no_profile(name: str, request: pytest.FixtureRequest) -> None:
    made = r5(request.getfixturevalue(name))
    for resource in (made, *(entry["resource"] for entry in made["entry"])):
        assert fhir_checks.models(resource, "fhir.resources") == []
        assert "meta" not in resource
        assert list(fhir_checks.empty(resource)) == []
    assert fhir_checks.schema(made), "it is not R4"


def test_in_r5_it_says_what_it_says_in_r4(every_kind: Accounting) -> None:
    later = [entry["resource"] for entry in r5(every_kind)["entry"]][1:]
    for old, new in zip(events(every_kind), later, strict=True):
        assert (new["id"], new["occurredPeriod"], new["text"]) == (old["id"], old["period"], old["text"])
        assert [agent["who"] for agent in new["agent"]] == [agent["who"] for agent in old["agent"]]
        assert new["authorization"] == old["purposeOfEvent"]
        assert new["patient"]["identifier"] == {
            "system": "https://harbor.example/disclosures/client",
            "value": "C-1001",
        }
        assert new["entity"][1]["what"]["display"] == old["entity"][1]["description"]
        told = [(one["type"]["text"], one["valueString"]) for one in new["entity"][1].get("detail", ())]
        assert told == [(one["type"], one["valueString"]) for one in old["entity"][1].get("detail", ())]


# -- planted defects

Mutation = Callable[[dict[str, Any]], object]


def _put(place: str, value: Any) -> Mutation:
    """Set the value at a dotted path; Ellipsis takes it away."""
    *parents, last = place.split(".")

    def mutate(event: dict[str, Any]) -> None:
        node: Any = event
        for name in parents:
            node = node[int(name)] if name.isdecimal() else node[name]
        key: Any = int(last) if last.isdecimal() else last
        if value is ...:
            del node[key]
        else:
            node[key] = value

    return mutate


def _query(event: dict[str, Any]) -> None:
    event["entity"][1] |= {"name": "report", "query": "cGF0aWVudA=="}


DEFECTS: dict[str, Mutation] = {
    "no recorded": _put("recorded", ...),
    "no agent.requestor": _put("agent.0.requestor", ...),
    "no source.observer": _put("source.observer", ...),
    "an action that is none": _put("action", "X"),
    "an outcome that is none": _put("outcome", "1"),
    "a network type that is none": _put("agent.0.network.type", "9"),
    "recorded is a day": _put("recorded", "2026-02-04"),
    "an unknown element": _put("disclosedOn", "2026-02-03"),
    "name and query (sev-1)": _query,
    "type as in R5": _put("type", {"coding": [{"system": fhir_checks.DCM, "code": "110106"}]}),
    "a detail without a value": _put("entity.1.detail.0.valueString", ...),
    "an empty network": _put("agent.0.network", {}),
    "an id that is none": _put("id", "client C-1001"),
    "an empty text": _put("entity.1.description", ""),
    "a narrative that is no XHTML": _put("text.div", "<div><p>A release.</p></div>"),
    "not a disclosure": _put("subtype", [{"system": fhir_checks.DCM, "code": "110122"}]),
    "no recipient": _put("agent.1", ...),
    "no patient": _put("entity.0", ...),
    "a period that ends before it starts": _put("period", {"start": "2026-02-03", "end": "2026-02-01"}),
    # and beside the nineteen
    "another observer than the source": _put("source.observer", {"display": "Somebody Else LLC"}),
    "a patient that is a practitioner": _put("entity.0.what.type", "Practitioner"),
    "a modifier extension": _put("modifierExtension", [{"url": "https://harbor.example/x", "valueBoolean": True}]),
    "no purpose": _put("purposeOfEvent", ...),
    "a control character": _put("entity.1.description", "\x1f"),
}


def test_an_event_with_everything_passes() -> None:
    assert fhir_checks.found(whole()) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name: str) -> None:
    event = whole()
    DEFECTS[name](event)
    assert fhir_checks.found(event), name


def test_no_one_check_finds_every_defect() -> None:
    for check in (fhir_checks.models, fhir_checks.schema, fhir_checks.rules):
        blind = []
        for name, mutate in DEFECTS.items():
            event = whole()
            mutate(event)
            blind += [name] if not check(event) else []
        assert blind, check.__name__


def test_a_practice_without_more_than_a_name_is_enough(every_kind: Accounting) -> None:
    assert fhir_checks.found(bundle(replace(every_kind, practice=Practice(name="P")))) == []


def test_the_table_of_purposes_in_the_document_is_the_code_s() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "fhir.md").read_text("utf-8")
    told = re.findall(r"^\| `([A-Z]+)` ([a-z ]+) \| (`.*`) \|$", text, re.MULTILINE)
    bases = {basis: (code, name) for code, name, row in told for basis in re.findall(r"`(\w+)`", row)}
    assert bases == dict(REASONS)
