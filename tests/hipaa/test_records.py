"""Records are valid or not constructible, and go to and from their fields unchanged (docs/records.md)."""

import contextlib
import doctest
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fictions
import locate
from disclosure_ledger.errors import InvalidRecord, Malformed
from disclosure_ledger.hipaa import forms, parts, people, permissions, records, releases, requests, shapes
from disclosure_ledger.hipaa.records import (
    KINDS,
    Client,
    Correction,
    Disclosure,
    check_not_after,
    field_names,
    from_fields,
    from_json,
    same_content,
    to_fields,
    to_json,
    with_release,
)
from disclosure_ledger.log.kinds import SEALED

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("module", [forms, parts, people, permissions, records, releases, requests, shapes])
def test_the_examples_of_the_module_hold(module):
    assert doctest.testmod(module).failed == 0


def test_the_law_and_the_format_name_the_same_fields():
    assert {kind: field_names(kind) for kind in KINDS} == dict(SEALED)


def all_public_records():
    for file in sorted(locate.scenarios().glob("*/*.json")):
        case = json.loads(file.read_text())
        yield from [*case["records"], *([case["check"]] if "check" in case else [])]


def test_every_record_of_the_public_cases_is_read_and_written_unchanged():
    for obj in all_public_records():
        assert to_json(from_json(obj)) == obj


def test_fields_are_read_back_as_the_same_record():
    for obj in all_public_records():
        fields = to_fields(from_json(obj), corrects_index=3, recorded_by="owner")
        assert to_fields(from_fields(obj["kind"], fields)) == fields
        assert tuple(sorted(fields)) == field_names(obj["kind"])


def test_the_entries_of_the_format_vectors_are_records():
    entries = json.loads((locate.vectors() / "format-v1" / "entries.json").read_text())["entries"]
    sealed = [entry for entry in entries if "fields" in entry]
    assert sealed
    for entry in sealed:
        whole = {name: entry["fields"].get(name) for name in field_names(entry["kind"])}
        assert to_fields(from_fields(entry["kind"], whole)) == whole


def refused(obj):
    with pytest.raises(InvalidRecord) as caught:
        from_json(obj)
    return caught.value


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"disclosed_on": "2026-02-30"}, "disclosed_on"),
        ({"disclosed_on": "2026-2-3"}, "disclosed_on"),
        ({"disclosed_on": {"from": "2026-02-03", "to": "2026-02-01"}}, "disclosed_on.to"),
        ({"disclosed_on": {"after": "2026-02-03"}}, "disclosed_on.interval"),
        ({"disclosed_on": {"from": "2026-02-03", "after": "2026-02-03", "interval": "x"}}, "disclosed_on.from"),
        ({"recipient": {"name": "  ", "type": "court"}}, "recipient.name"),
        ({"recipient": {"name": "County Court"}}, "recipient.type"),
        ({"recipient": {"name": "County Court", "type": "judge"}}, "recipient.type"),
        ({"recipient": "County Court"}, "recipient"),
        ({"basis": "court_ordr"}, "basis"),
        ({"description": ""}, "description"),
        ({"description": "x" * 4001}, "description"),
        ({"description": "bell \x07"}, "description"),
        ({"description": 5}, "description"),
        ({"client": "C" * 65}, "client"),
        ({"fields": ["diagnoses"]}, "fields[0]"),
        ({"fields": "diagnosis"}, "fields"),
        ({"pages": 2.0}, "pages"),
        ({"pages": True}, "pages"),
        ({"pages": 0}, "pages"),
        ({"via_ehr": 1}, "via_ehr"),
        ({"document_sha256": "AB" * 32}, "document_sha256"),
        ({"evidence": [{"type": "court_order"}, {"type": "letter"}]}, "evidence[1].type"),
        ({"evidence": [{"type": "court_order", "docket": "881"}]}, "evidence[0].docket"),
        ({"client_informed": {"on": "2026-02-03"}}, "client_informed"),
        ({"client_informed": {"how": "in session", "exception": "would endanger"}}, "client_informed.exception"),
        ({"overrides": [{"check": "auth-3", "reason": "x", "by": "y"}]}, "overrides[0].check"),
        ({"service": {"from": "2026-02-03"}}, "service.to"),
        ({"counted_as": "court_order"}, "counted_as"),
        ({"recorded_by": "owner"}, "recorded_by"),
        ({"recipent": {}}, "recipent"),
    ],
)
def test_a_wrong_field_is_refused_by_its_path(changed, field):
    assert refused({**fictions.disclosure(), **changed}).field == field


@pytest.mark.parametrize("name", ["client", "disclosed_on", "recipient", "basis", "description"])
def test_a_release_without_a_required_field_is_refused(name):
    assert refused(fictions.disclosure(**{name: None})).field == name


def test_a_slip_of_the_pen_gets_a_hint_and_no_error_repeats_what_was_written():
    wrong = refused(fictions.disclosure(descripton="session content"))
    assert wrong.hint == "did you mean description?"
    assert "session content" not in str(wrong)


def test_a_name_that_is_no_field_name_is_not_repeated():
    wrong = refused({**fictions.client(), "Dana Whitfield, 22 Alder Ct": 1})
    assert "Dana" not in str(wrong)
    assert wrong.field is None


@pytest.mark.parametrize("kind", [None, "disclosures", 5])
def test_an_unknown_kind_is_refused(kind):
    assert refused({"kind": kind, "client": "C-1001"}).field == "kind"


def test_text_is_trimmed_and_composed():
    record = from_json(fictions.disclosure(description="  re\u0301sume\u0301\nof 2025 "))
    assert record.description == "r\u00e9sum\u00e9\nof 2025"


def test_a_null_is_an_absent_field():
    assert from_json({**fictions.disclosure(), "matter": None}) == from_json(fictions.disclosure(matter=None))
    assert refused({**fictions.disclosure(), "basis": None}).field == "basis"


@pytest.mark.parametrize("fee", ["12.5", "12", "012.50", "-1.00", 12.5, "1,000.00"])
def test_money_is_a_decimal_string_with_two_places(fee):
    notice = {"kind": "accounting_fee_notice", "client": "C-1", "request": "R", "notified_on": "2026-01-01"}
    assert refused({**notice, "fee": fee, "answer": "proceed"}).field == "fee"


def test_a_written_suspension_must_say_until_when():
    assert refused(fictions.suspension(through=None)).field == "through"
    assert from_json(fictions.suspension(statement="oral", through=None)).through is None


def test_a_request_is_not_received_before_it_is_made():
    assert refused(fictions.request(received_on="2026-11-22")).field == "received_on"
    assert refused(fictions.request(**{"from": "2026-02-01", "to": "2026-01-01"})).field == "to"


def test_a_correction_replaces_or_retracts_never_both_or_neither():
    correction = {"kind": "correction", "client": "C-1001", "corrects": 3, "reason": "wrong basis"}
    replacement = {k: v for k, v in fictions.disclosure().items() if k not in ("kind", "client")}
    assert from_json({**correction, "retract": True}).retracts
    assert from_json({**correction, "disclosure": replacement}).replacement.client == "C-1001"
    assert refused(correction).field == "disclosure"
    assert refused({**correction, "retract": True, "disclosure": replacement}).field == "disclosure"
    assert refused({**correction, "retract": False}).field == "retract"
    assert refused({**correction, "corrects": -1, "retract": True}).field == "corrects"
    assert refused({**correction, "corrects": True, "retract": True}).field == "corrects"
    assert refused({**correction, "disclosure": {**replacement, "ref": "D-1"}}).field == "disclosure.ref"
    assert refused({**correction, "disclosure": {**replacement, "basis": "x"}}).field == "disclosure.basis"


def test_what_is_built_in_python_passes_the_same_rules():
    with pytest.raises(InvalidRecord) as caught:
        Client(client="C-1001", name="x" * 4001)
    assert caught.value.field == "name"
    with pytest.raises(InvalidRecord):
        Client(client="C-1001", born_on="1984-05-09")
    with pytest.raises(InvalidRecord):
        Client(client=None, name="Dana Whitfield")
    assert Client(client=" C-1001 ").client == "C-1001"


def test_a_client_needs_a_name_in_input_but_not_in_the_ledgers_own_record():
    assert refused({"kind": "client", "client": "C-1001"}).field == "name"
    assert from_fields("client", {"client": "C-1001"}).name is None


def test_what_the_ledger_writes_goes_into_the_fields_and_is_not_compared():
    record = from_json(fictions.disclosure(ref="D-1"))
    first = to_fields(record, recorded_by="owner", counted_as="impermissible", findings=("LAW-4",), purpose="Because.")
    again = to_fields(record, recorded_by="front-desk")
    assert (first["counted_as"], first["findings"], first["purpose"]) == ("impermissible", ["LAW-4"], "Because.")
    assert same_content(first, again)
    assert not same_content(first, to_fields(from_json(fictions.disclosure(ref="D-1", matter="882"))))
    assert not same_content(first, to_fields(from_json(fictions.disclosure(ref="D-1", purpose="Another."))))


def test_no_findings_are_written_as_an_empty_list_and_none_given_as_absent():
    record = from_json(fictions.disclosure())
    assert to_fields(record, findings=())["findings"] == []
    assert to_fields(record)["findings"] is None


def test_a_correction_holds_its_replacement_flat_and_a_retraction_holds_none():
    replacement = {k: v for k, v in fictions.disclosure().items() if k not in ("kind", "client")}
    correction = from_json(
        {"kind": "correction", "client": "C-1001", "corrects": "D-1", "reason": "x", "disclosure": replacement}
    )
    fields = to_fields(correction, corrects_index=7, counted_as="court_order")
    assert (fields["corrects"], fields["basis"], fields["retract"], fields["counted_as"]) == (
        7,
        "court_order",
        None,
        "court_order",
    )
    gone = to_fields(Correction(client="C-1001", corrects=7, reason="x"), counted_as="court_order", findings=())
    assert gone["retract"] is True
    assert {name for name, value in gone.items() if value is not None} == {"client", "corrects", "reason", "retract"}
    with pytest.raises(ValueError):
        to_fields(correction)


def test_a_release_can_be_counted_anew_without_touching_anything_else():
    record = with_release(from_json(fictions.disclosure()), counted_as="impermissible", findings=("LAW-4",))
    assert isinstance(record, Disclosure)
    assert record.counts_as == "impermissible"
    assert to_json(record) == fictions.disclosure()


def test_no_release_is_dated_after_the_day_it_is_recorded():
    record = from_json(fictions.disclosure(disclosed_on={"from": "2026-01-01", "to": "2026-02-03"}))
    check_not_after(record, date(2026, 2, 3))
    with pytest.raises(InvalidRecord) as caught:
        check_not_after(record, date(2026, 2, 2))
    assert caught.value.field == "disclosed_on"
    check_not_after(from_json(fictions.request()), date(2000, 1, 1))


@given(st.dictionaries(st.sampled_from(["kind", *field_names("correction")]) | st.text(max_size=5), JUNK))
def test_no_junk_does_more_than_be_refused(obj):
    for kind in ("disclosure", "correction", "client", obj.get("kind")):
        try:
            from_json({**obj, "kind": kind})
        except InvalidRecord:
            continue


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.text(max_size=9), JUNK))
def test_no_junk_in_a_ledger_does_more_than_be_refused(kind, fields):
    with contextlib.suppress(InvalidRecord, Malformed):
        from_fields(kind, fields)
