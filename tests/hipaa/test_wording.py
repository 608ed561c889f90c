"""Evidence is read for what it affirms, and what it leaves open is never held against a release."""

import doctest
from datetime import date

import pytest

from disclosure_ledger.hipaa import classes, wording
from disclosure_ledger.hipaa.clear_process import is_order
from disclosure_ledger.hipaa.records import Evidence

DAY = date(2026, 4, 13)


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(wording).failed == doctest.testmod(classes).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "written statement with copies of the notice to the client; time to object over, no objection",
        "notice sent with copies; the period for objections passed; none was raised",
        "objection period ended; no objections",
        "time to object ran until 2026-04-12",
        "time to raise objections over: objections none",
        "14 days to object, all passed; no objection",
        "client objected; objection overruled",
        "motion to quash denied",
        "copies enclosed",
        "the 14-day period to object has passed without objection",
        "no objection was filed and the time for raising objections has elapsed",
        "notice mailed 2026-03-20; 14 days to object; no objection",
        "14 days to object from 2026-03-20; no objection",
        "14 days to object ended on 2026-04-10",
        "deadline for objections: 2026-04-12; none",
        "the client could object until 2026-04-12",
    ],
)
def test_nothing_is_open_where_the_time_is_over_and_objections_are_settled(text):
    assert not wording.objection_open(text, DAY, date(2026, 4, 8))


@pytest.mark.parametrize(
    "text",
    [
        "time to object not over",
        "time to object runs to 2026-04-13",
        "the time to object has not run out",
        "14 days to object",
        "the client objected",
        "objection pending",
        "motion to quash filed and not decided",
        "time to object over; objections unresolved",
        "objection filed, not yet resolved",
        "the objection period is still open",
        "notice mailed 2026-04-05; 14 days to object; no objection",
        "given 14 days to object from 2026-04-05; no objection",
        "deadline for objections: 2026-04-20",
        "the client has until 2026-04-20 to object",
        "the client may object until 2026-04-20",
    ],
)
def test_something_is_open_where_the_text_says_so(text):
    assert wording.objection_open(text, DAY, date(2026, 4, 8))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("written statement with copies of the notice", False),
        ("no notice of objection received", False),
        ("written statement only", True),
        ("statement without the accompanying documentation", True),
        ("statement without any copies", True),
        ("no proof of notice", True),
        ("papers not yet enclosed", True),
        ("client not yet notified", True),
        ("notice not sent", True),
        ("copies of the notice; no notice of a motion to quash received", False),
        ("copies of the notice; no papers filed in opposition", False),
        ("copies of the notice; records not sent before the time to object was over", False),
    ],
)
def test_a_bare_statement_is_one_that_says_its_papers_are_missing(text, bare):
    assert wording.affirms_bare_statement(text) is bare


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("audit of billing and care; the client is not its target", False),
        ("the client's records are the subject of an audit", False),
        ("the client is subject to a copay", False),
        ("the client is its target", True),
        ("the client is the subject of a tax inquiry", True),
        ("investigation of the client for fraud", True),
        ("target: the client is not it", False),
    ],
)
def test_the_client_is_the_target_only_where_the_text_says_so(text, target):
    assert wording.affirms(text, wording.CLIENT_IS_TARGET) is target


@pytest.mark.parametrize(
    ("text", "about_care"),
    [
        ("audit of billing", True),
        ("inquiry into Medicaid benefits", True),
        ("a tax matter, not about health care or benefits", False),
        ("unrelated to the receipt of health care", False),
    ],
)
def test_a_matter_is_about_care_where_the_text_affirms_it(text, about_care):
    assert wording.affirms(text, wording.ABOUT_CARE) is about_care


@pytest.mark.parametrize(
    ("text", "released", "beyond"),
    [
        (
            "signed by the judge; names visit dates and the treatment summary",
            ("service_dates", "treatment_summary"),
            (),
        ),
        ("names attendance and the treatment summary", ("service_dates", "treatment_summary"), ()),
        ("names visit dates and diagnosis", ("client_name", "service_dates", "diagnosis"), ()),
        ("names visit dates", ("service_dates", "diagnosis"), ("diagnosis",)),
        ("orders release of the treatment records", ("progress_notes", "diagnosis"), ()),
        ("orders release of the entire record", ("entire_record", "psychotherapy_notes"), ("psychotherapy_notes",)),
        ("names the psychotherapy notes of 2025", ("psychotherapy_notes",), ()),
        ("names visit dates, not the diagnosis", ("diagnosis",), ("diagnosis",)),
        ("signed by the judge", ("diagnosis",), ()),
        ("order dated 2026-01-05, authorizes disclosure", ("diagnosis",), ()),
        ("orders release of the file to both parties; hearing date 2026-03-01", ("diagnosis",), ()),
        ("", ("diagnosis",), ()),
    ],
)
def test_what_an_order_does_not_name_is_found_only_where_it_lists_what_it_names(text, released, beyond):
    assert wording.not_named(text, released) == beyond


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("client in lawful custody today; needed for the client's health care there", False),
        ("in custody; records released to the jail nurse", False),
        ("client released on probation", True),
        ("client was released yesterday", True),
        ("held until March; was released since", True),
        ("the record was released to the jail nurse", False),
        ("in custody; will be released on bail next week", False),
        ("a probationer", True),
        ("on supervised release", True),
    ],
)
def test_custody_ends_where_the_text_says_so(text, out):
    assert wording.affirms(text, wording.OUT_OF_CUSTODY) is out


@pytest.mark.parametrize(
    ("name", "kind", "concerned"),
    [
        ("my family", "family", True),
        ("all family members", "family", True),
        ("any of my relatives", "family", True),
        ("my brother", "family", False),
        ("Family Services of Fairview", "family", False),
        ("my health insurance", "health_plan", True),
        ("all health plans", "health_plan", True),
        ("my employer", "employer", True),
        ("my employer", "family", False),
        ("my doctor", "provider", False),
    ],
)
def test_a_restriction_may_name_everybody_of_a_class(name, kind, concerned):
    assert classes.is_everybody_of(name, kind) is concerned


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("orders release of the psychotherapy notes of 2025", True),
        ("all records; psychotherapy notes excluded", False),
        ("psychotherapy notes are withheld", False),
        ("everything but psychotherapy notes not yet ordered", False),
    ],
)
def test_session_notes_are_named_only_where_they_are_not_left_out(text, names):
    assert wording.affirms(text, wording.NAMES_NOTES) is names


@pytest.mark.parametrize(
    ("text", "of_the_writer"),
    [
        ("the board reviews the therapist's conduct", True),
        ("the board is investigating the psychologist", True),
        ("an audit of billing", False),
    ],
)
def test_an_agency_oversees_whoever_wrote_the_notes_where_the_text_says_so(text, of_the_writer):
    assert wording.affirms(text, wording.OF_THE_ORIGINATOR) is of_the_writer


@pytest.mark.parametrize(
    ("text", "by_a_judge"),
    [
        ("issued by the court clerk under seal and signed by Judge Roe", True),
        ("signed by an administrative law judge", True),
        ("signed by the clerk for the judge", False),
        ("issued by the judge's clerk", False),
        ("signed by counsel, not by a judge", False),
    ],
)
def test_a_paper_that_a_judge_signed_is_an_order_whoever_issued_it(text, by_a_judge):
    assert is_order(Evidence(type="court_order", detail=text, issuer="Superior Court")) is by_a_judge


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("in force", False),
        ("expired", True),
        ("not yet signed", True),
        ("not terminated", False),
        ("terminated 2026-04-12", True),
        ("terminated effective 2026-12-31", False),
        ("expires 2026-04-12", True),
        ("term: 2020-01-01 to 2026-04-13", False),
        ("an earlier contract expired 2019-12-31, this one took its place", False),
    ],
)
def test_a_contract_is_over_from_the_day_after_its_last(text, over):
    assert wording.contract_over(text, DAY) is over


@pytest.mark.parametrize(
    ("text", "pattern", "affirmed"),
    [
        ("a psychiatric emergency", wording.EMERGENCY, True),
        ("a non-emergency transfer", wording.EMERGENCY, False),
        ("low probability of compromise", wording.LOW_PROBABILITY, True),
        ("low probability of compromise not shown", wording.LOW_PROBABILITY, False),
    ],
)
def test_what_a_word_beside_it_takes_back_is_not_affirmed(text, pattern, affirmed):
    assert wording.affirms(text, pattern) is affirmed


@pytest.mark.parametrize("text", ["attorney-issued subpoena", "signed by Atty. Lowe", "a clerk-signed paper"])
def test_what_an_attorney_or_a_clerk_signed_is_no_order(text):
    assert wording.affirms(text, wording.BY_ATTORNEY_OR_CLERK)


@pytest.mark.parametrize(
    ("name", "kind", "belongs"),
    [
        ("any of my treating doctors", "provider", True),
        ("all health plans", "health_plan", True),
        ("Fairview Family Doctors", "provider", False),
        ("any of my treating doctors", "school", False),
        ("my brother", "unknown", False),
    ],
)
def test_a_form_may_name_a_class_of_persons(name, kind, belongs):
    assert classes.is_class_of(name, kind) is belongs
