"""Clearance: what is found, what it does to the count, what a later record changes (docs/records.md, "Clearance")."""

import doctest
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fictions
from books import Books
from disclosure_ledger.errors import InvalidRecord
from disclosure_ledger.hipaa import (
    asking,
    checks,
    clear_forms,
    clear_limits,
    clear_minimum,
    clear_part2,
    clear_process,
    clear_prompts,
    clear_state,
    clearance,
    overlay,
)
from disclosure_ledger.hipaa.bases import BASES, PART2
from disclosure_ledger.hipaa.casefile import Casefile
from disclosure_ledger.hipaa.clearance import (
    CHECKS,
    Overlay,
    Severity,
    check,
    cleared,
    counted_as,
    may_change_others,
    purpose,
    reassess,
    standing_blocks,
)
from disclosure_ledger.hipaa.particulars import EVIDENCE_TYPES
from disclosure_ledger.hipaa.parts import RECIPIENT_TYPES
from disclosure_ledger.hipaa.records import KINDS, from_json
from disclosure_ledger.hipaa.releases import DATA_ELEMENTS, Correction

MODULES = [
    asking,
    checks,
    clear_forms,
    clear_limits,
    clear_minimum,
    clear_part2,
    clear_process,
    clear_prompts,
    clear_state,
    clearance,
    overlay,
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_the_module_hold(module):
    assert doctest.testmod(module).failed == 0


def test_the_blocks_that_change_how_a_release_counts_are_those_of_the_records_page():
    blocks = {id_ for id_, row in CHECKS.items() if row.severity is Severity.BLOCK}
    counting = {id_ for id_, row in CHECKS.items() if row.counts}
    assert counting == {
        id_
        for id_ in blocks
        if id_.split("-")[0] in ("AUTH", "PSY", "RES", "BA", "LE", "OVR", "GOV")
        or id_ in ("LAW-2", "LAW-3", "LAW-4", "ABU-2", "MIN-2", "MIN-5", "MIN-6")
    } - {"AUTH-13"}


def test_every_check_is_one_plain_cited_sentence():
    for row in CHECKS.values():
        assert row.cites
        assert all(cite.startswith(("45 CFR ", "42 CFR ")) for cite in row.cites)
        for sentence in (row.sentence, row.also):
            assert sentence is None or (sentence[0].isupper() and sentence.count(".") == 1 and sentence.endswith("."))


def test_a_finding_is_printed_with_four_members():
    [found] = [one for one in check(from_json(fictions.disclosure(verified=None)), Casefile()) if one.check == "ID-1"]
    assert found.to_json() == {
        "check": "ID-1",
        "severity": "block",
        "message": CHECKS["ID-1"].sentence,
        "cites": ["45 CFR 164.514(h)"],
    }


def test_the_fictions_of_the_tests_are_clean():
    for obj in (fictions.disclosure(), fictions.oversight()):
        assert [one for one in check(from_json(obj), Casefile()) if one.severity is not Severity.INFO] == []


UNSIGNED = fictions.disclosure(basis="authorization", evidence=None)


def test_an_override_lets_a_release_go_and_does_not_change_how_it_counts():
    accepted = from_json({**UNSIGNED, "overrides": [{"check": "AUTH-1", "reason": "seen on paper", "by": "J. Roe"}]})
    found = check(accepted, Casefile())
    assert [one.check for one in standing_blocks(from_json(UNSIGNED), found)] == ["AUTH-1"]
    assert standing_blocks(accepted, found) == ()
    assert counted_as(accepted, found) == "impermissible"


def test_an_incident_opens_when_it_happened_and_not_before():
    release = from_json(UNSIGNED)
    assert "BRE-1" not in [one.check for one in check(release, Casefile())]
    assert "BRE-1" in [one.check for one in check(release, Casefile(), happened=True)]


def test_the_clock_of_an_incident_is_named_where_its_discovery_is_known():
    release = from_json(fictions.disclosure(basis="impermissible", discovered_on="2026-08-14", verified=None))
    [found] = [one for one in check(release, Casefile()) if one.check == "BRE-1"]
    assert "2026-10-13" in found.message


def test_the_ledger_writes_count_findings_and_purpose_into_a_release():
    release = from_json(UNSIGNED)
    ready = cleared(release, check(release, Casefile(), happened=True))
    assert ready.counted_as == "impermissible"
    assert ready.findings[0] == "AUTH-1"
    assert ready.purpose == "This was sent in error. There was no signed form on record for this."


def test_what_somebody_wrote_as_the_purpose_stays():
    release = from_json({**UNSIGNED, "purpose": "We sent this by mistake."})
    assert purpose(release, check(release, Casefile())) == "We sent this by mistake."


def test_an_impermissible_release_of_an_associate_stays_one():
    release = from_json(fictions.disclosure(basis="impermissible_by_business_associate", fields=["entire_record"]))
    assert counted_as(release, check(release, Casefile())) == "impermissible_by_business_associate"


FORM = {
    "kind": "authorization",
    "client": "C-1001",
    "id": "A-1",
    "signed_on": "2026-01-02",
    "recipients": ["County Court"],
    "information": "dates",
    "purpose": "custody case",
    "expires_on": "2026-06-30",
}
REVOKED = {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": "2026-02-01"}
SIGNED = {**UNSIGNED, "evidence": [{"type": "authorization", "authorization": "A-1"}]}


def classes(*objects):
    books = Books()
    for obj in objects:
        books.record(obj)
    return books, [stream for _, filed, stream in books.entries if filed.record.kind in ("disclosure", "correction")]


def test_a_late_form_moves_a_release_from_the_accounting_to_the_record_stream():
    books, streams = classes(SIGNED, FORM)
    assert streams == ["accounting", "accounting", "record"]
    [(_, standing)] = books.casefile("C-1001").standing()
    assert (standing.counted_as, standing.purpose) == (
        "authorization",
        "You signed a form allowing us to give this information to County Court.",
    )


def test_a_late_revocation_moves_it_back_and_says_why():
    books, streams = classes(FORM, SIGNED, REVOKED)
    assert streams == ["record", "record", "accounting"]
    [(_, standing)] = books.casefile("C-1001").standing()
    assert standing.purpose == "This was sent in error. The permission had been taken back before this was sent."


def test_when_the_reason_changes_so_does_the_sentence():
    books, _ = classes(SIGNED, {**FORM, "expires_on": "2026-01-31"}, {**FORM, "recipients": ["Dr. Gray"]})
    [(_, standing)] = books.casefile("C-1001").standing()
    assert standing.purpose.endswith(CHECKS["AUTH-8"].sentence)


def test_nothing_is_reassessed_twice():
    books, _ = classes(FORM, SIGNED, REVOKED, FORM, REVOKED)
    assert reassess(books.casefile("C-1001")) == ()
    assert len(books.casefile("C-1001").releases[0].chain) == 3


def test_a_purpose_somebody_wrote_survives_a_reassessment():
    books, _ = classes(FORM, {**SIGNED, "purpose": "For the hearing in May."}, REVOKED)
    [(_, standing)] = books.casefile("C-1001").standing()
    assert (standing.counted_as, standing.purpose) == ("impermissible", "For the hearing in May.")


def test_what_was_never_cleared_is_not_reassessed():
    from disclosure_ledger.hipaa.casefile import Filed, fold

    case = fold([Filed(index=1, record=from_json(SIGNED), recorded_on=date(2026, 2, 3))])
    assert reassess(case) == ()


def test_only_what_a_client_allowed_or_limited_or_is_can_change_others():
    others = {kind: record for kind, record in KINDS.items() if record is not Correction}
    changing = {kind for kind, record in others.items() if may_change_others(record.__new__(record))}
    assert changing == {"authorization", "authorization_revoked", "restriction", "restriction_ended", "client"}


def test_a_correction_changes_others_only_where_it_takes_a_fact_back():
    retraction = Correction(client="C-1001", corrects=18, reason="recorded for the wrong client")
    replacing = replace(retraction, replacement=from_json(fictions.disclosure()))
    assert may_change_others(retraction)
    assert not may_change_others(replacing)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_release_makes_clearance_stumble(data):
    pick = lambda values: data.draw(st.sampled_from(sorted(values)))  # noqa: E731
    words = st.lists(
        st.sampled_from(
            ["client", "is", "the", "target", "not", "object", "objection", "names", "dates", "2026-02-30", "14 days"]
        ),
        max_size=6,
    ).map(" ".join)
    evidence = [
        {"type": pick(EVIDENCE_TYPES), "detail": data.draw(words) or "x", "dated": "2026-02-01"}
        for _ in range(data.draw(st.integers(0, 3)))
    ]
    release = from_json(
        fictions.disclosure(
            basis=pick(BASES),
            recipient={"name": "County Court", "type": pick(RECIPIENT_TYPES)},
            fields=data.draw(st.lists(st.sampled_from(DATA_ELEMENTS), max_size=4)),
            evidence=evidence or None,
            part2_basis=data.draw(st.none() | st.sampled_from(sorted(PART2))),
            psychotherapy_notes=data.draw(st.booleans()),
        )
    )
    books, _ = classes(FORM)
    found = check(release, books.casefile("C-1001"), happened=True)
    assert [one.check for one in found] == [id_ for id_ in CHECKS if id_ in {one.check for one in found}]
    assert counted_as(release, found) in (release.basis, "impermissible")
    assert (purpose(release, found) is None) <= (BASES[release.basis].client_purpose is None)


# -- overlays


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sate": "XX"}, "sate"),
        ({"as_of": "2026"}, "as_of"),
        ({"bases": {"court_ordr": {}}}, "basis"),
        ({"bases": {"court_order": {"allowd": True}}}, "bases.court_order.allowd"),
        ({"authorization": {"max_days": 0}}, "authorization.max_days"),
        ({"authorization": {"required_for": ["x"]}}, "authorization.required_for[0]"),
        ({"payer_profile": ["everything"]}, "payer_profile[0]"),
        ({"bases": []}, "bases"),
    ],
)
def test_an_overlay_that_is_not_understood_is_refused_by_its_path(changed, field):
    with pytest.raises(InvalidRecord) as caught:
        Overlay.from_json({"state": "XX", "as_of": "2026-01-01", **changed})
    assert caught.value.field == field


def test_the_overlay_shape_of_the_documentation_is_read():
    read = Overlay.from_json(
        {
            "state": "XX",
            "as_of": "2026-01-01",
            "extra_notation": [{"scope": "all", "fields": ["date"], "place": "chart", "cite": "1"}],
            "redisclosure_statement": {"text": "Protected.", "cite": "2"},
            "bases": {
                "serious_threat": {"duty": "mandatory", "recipients": ["target"], "trigger": "x", "cite": "3"},
                "child_abuse_report": {"mandatory": True, "clock_oral_hours": 0, "clock_written_hours": 36},
                "adult_abuse_required": {"enabled": True, "cite": "4"},
                "subpoena_client_notified": {"allowed": False, "needs": "court_order_or_consent"},
            },
            "authorization": {"max_days": 365, "required_for": ["payment", "treatment"]},
            "minor_consent_age": {"mental_health_outpatient": 13},
            "payer_profile": ["diagnosis"],
            "retention_years": {"adult": 7},
            "accounting": {"years": 6},
        }
    )
    assert not read.bases["subpoena_client_notified"].allowed
    assert read.bases["adult_abuse_required"].allowed
    assert read.required_for == {"payment", "treatment"}
