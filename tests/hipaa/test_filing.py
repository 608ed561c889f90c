"""Every entry goes to its class of stream, and what must be deniable to none (docs/format.md section 6)."""

import doctest

import pytest

import fictions
from disclosure_ledger.hipaa import filing
from disclosure_ledger.hipaa.bases import BASES
from disclosure_ledger.hipaa.filing import Target, plan, release_class, stream_class
from disclosure_ledger.hipaa.records import KINDS, from_json

NONE = {"health_oversight", "national_security", "correctional_custody"}


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(filing).failed == 0


@pytest.mark.parametrize("code", BASES)
def test_a_release_is_filed_by_how_it_counts_unless_it_must_be_deniable(code):
    expected = "record" if BASES[code].accountable == "no" else "accounting"
    if code in NONE or code.startswith("le_"):
        expected = None
    assert release_class(from_json(fictions.disclosure(basis=code))) == expected


def test_a_block_does_not_expose_a_release_stated_under_a_deniable_basis():
    for code in [*NONE, "le_identify_locate"]:
        assert release_class(from_json(fictions.disclosure(basis=code)), counted_as="impermissible") is None
    assert release_class(from_json(fictions.disclosure(basis="payment")), counted_as="impermissible") == "accounting"


def test_services_a_minor_consented_to_are_in_no_stream():
    for code in ("payment", "public_health", "impermissible"):
        release = from_json(fictions.disclosure(basis=code, service_scope="minor_consented"))
        assert release_class(release) is None


def test_only_the_first_client_record_begins_a_stream():
    assert stream_class(from_json(fictions.client()), first=True) == "accounting"
    assert stream_class(from_json(fictions.client())) is None


def test_kinds_that_must_be_deniable_are_in_no_stream_and_the_others_in_the_record_stream():
    assert stream_class(from_json(fictions.suspension())) is None
    assert stream_class(from_json({"kind": "hold", "client": "C-1", "reason": "x"})) is None
    assert stream_class(from_json({"kind": "hold_lifted", "client": "C-1"})) is None
    assert stream_class(from_json(fictions.request())) == "record"
    assert stream_class(from_json({"kind": "research_candidate", "client": "C-1", "protocol": "P"})) == "record"
    assert {kind for kind in KINDS if kind.startswith("accounting_")} == {
        "accounting_request",
        "accounting_extended",
        "accounting_fee_notice",
        "accounting_withdrawn",
        "accounting_provided",
    }


def correction(*, client="C-1001", **changed):
    replacement = {k: v for k, v in fictions.disclosure(**changed).items() if k not in ("kind", "client")}
    what = {"disclosure": replacement} if changed else {"retract": True}
    return from_json(
        {"kind": "correction", "client": client, "corrects": 3, "reason": "x", "ref": "K-1", "note": "n", **what}
    )


TARGET = Target(index=7, client="C-1001", stream="accounting")


def summary(filings):
    return [(f.stream, f.client, f.corrects, f.record.retracts, f.record.ref) for f in filings]


def test_a_correction_within_its_class_is_one_entry_that_names_what_stood():
    assert summary(plan(correction(matter="882"), target=TARGET)) == [("accounting", "C-1001", 7, False, "K-1")]


def test_a_retraction_stays_with_the_corrected_entry():
    moved = correction(client="C-2002")
    assert summary(plan(moved, target=TARGET)) == [("accounting", "C-1001", 7, True, "K-1")]


def test_a_replacement_of_another_class_makes_two_entries_that_name_one():
    assert summary(plan(correction(basis="payment"), target=TARGET)) == [
        ("accounting", "C-1001", 7, True, None),
        ("record", "C-1001", 7, False, "K-1"),
    ]


def test_a_replacement_that_counts_as_impermissible_belongs_to_the_accounting():
    record = Target(index=7, client="C-1001", stream="record")
    assert summary(plan(correction(basis="payment"), target=record, counted_as="impermissible")) == [
        ("record", "C-1001", 7, True, None),
        ("accounting", "C-1001", 7, False, "K-1"),
    ]


def test_a_replacement_for_another_client_makes_two_entries_one_each():
    assert summary(plan(correction(client="C-2002", matter="881"), target=TARGET)) == [
        ("accounting", "C-1001", 7, True, None),
        ("accounting", "C-2002", 7, False, "K-1"),
    ]


def test_a_move_out_of_every_stream_retracts_in_the_stream():
    assert summary(plan(correction(basis="health_oversight"), target=TARGET)) == [
        ("accounting", "C-1001", 7, True, None),
        (None, "C-1001", 7, False, "K-1"),
    ]


def test_the_note_and_ref_of_a_move_stay_with_the_replacement():
    retraction, moved = plan(correction(basis="payment"), target=TARGET)
    assert (retraction.record.note, moved.record.note) == (None, "n")


def test_nothing_is_retracted_twice():
    gone = Target(index=7, client="C-1001", stream="accounting", retracted=True)
    assert summary(plan(correction(basis="payment"), target=gone)) == [("record", "C-1001", 7, False, "K-1")]


def test_every_other_record_is_one_entry_of_its_class():
    assert [(f.stream, f.client, f.corrects) for f in plan(from_json(fictions.request()))] == [
        ("record", "C-1001", None)
    ]
    assert plan(from_json(fictions.disclosure()), counted_as="court_order")[0].stream == "accounting"
    assert plan(from_json(fictions.client()), first=True)[0].stream == "accounting"


def test_a_correction_cannot_be_filed_without_its_entry():
    with pytest.raises(ValueError):
        plan(correction())
