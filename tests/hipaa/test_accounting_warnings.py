"""What an accounting warns the privacy officer of, beside the page."""

import json
from datetime import date, timedelta

import pytest

import fictions
from accountings import AS_OF, asked_by, books_of, drawn, earlier, representative
from disclosure_ledger.hipaa import officer


def test_a_letter_about_a_release_that_cannot_be_suspended_is_a_warning_and_the_row_stays():
    threat = fictions.oversight(basis="serious_threat")
    answer = drawn(fictions.client(), threat, fictions.suspension(), fictions.request())
    assert len(answer.rows) == 1
    assert any("entry 1:" in warning for warning in answer.warnings)
    assert "Okafor" not in " ".join(answer.warnings)


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({}, False),
        ({"agency": "Medicaid Agency"}, True),
        ({"matter": "audit-2"}, True),
        ({"agency": "Medicaid Agency", "through": "2026-11-30"}, False),
        ({"agency": "Medicaid Agency", "stated_on": "2026-12-02"}, False),
    ],
)
def test_a_statement_that_fits_no_release_is_a_warning_on_its_days(changed, warned):
    answer = drawn(fictions.client(), fictions.oversight(), fictions.suspension(**changed), fictions.request())
    assert (officer.SUSPENSION_OF_NOTHING.format(entry=2) in answer.warnings) is warned


def test_a_statement_that_fits_no_release_is_no_warning_once_it_is_lifted():
    gone = {"kind": "suspension_lifted", "client": "C-1001", "agency": "Medicaid Agency", "lifted_on": "2026-11-30"}
    objects = (fictions.oversight(), fictions.suspension(agency="Medicaid Agency"), gone, fictions.request())
    assert drawn(fictions.client(), *objects).warnings == ()


def test_what_is_suspended_is_in_no_warning():
    assert drawn(fictions.client(), fictions.oversight(), fictions.suspension(), fictions.request()).warnings == ()


def test_an_abuse_report_before_a_representative_is_a_warning():
    report = fictions.disclosure(basis="child_abuse_report")
    assert any("502(g)(5)" in w for w in drawn(representative(), report, asked_by()).warnings)
    assert not any("502(g)(5)" in w for w in drawn(representative(), report, fictions.request()).warnings)


def test_an_abuse_report_that_was_a_mistake_is_a_warning_too():
    agency = {"name": "Child Protective Services", "type": "protective_services"}
    report = fictions.disclosure(basis="adult_abuse_required", recipient=agency)
    books = books_of(representative(), report, asked_by())
    assert books.casefile("C-1001").releases[0].disclosure.counts_as == "impermissible"
    assert any("502(g)(5)" in warning for warning in books.account("C-1001", "R-1", AS_OF).warnings)


def test_an_answer_on_the_last_day_is_not_late():
    due = date(2026, 11, 23) + timedelta(days=60)
    assert officer.LATE not in drawn(fictions.client(), fictions.request(), as_of=due).warnings
    assert officer.LATE in drawn(fictions.client(), fictions.request(), as_of=due + timedelta(days=1)).warnings


def test_a_request_withdrawn_on_the_day_of_issue_is_withdrawn_and_one_of_the_day_after_is_not():
    gone = {"kind": "accounting_withdrawn", "client": "C-1001", "request": "R-1", "withdrawn_on": "2026-12-01"}
    objects = (fictions.client(), fictions.request(), gone)
    assert officer.WITHDRAWN in drawn(*objects, as_of=date(2026, 12, 1)).warnings
    assert officer.WITHDRAWN not in drawn(*objects, as_of=date(2026, 11, 30)).warnings


@pytest.mark.parametrize(("since", "warned"), [("2026-06-02", True), ("2026-06-03", False)])
def test_an_authority_from_before_the_clients_death_is_a_warning(since, warned):
    dead = representative(**{"from": since}) | {"died_on": "2026-06-02"}
    assert (officer.DECEASED in drawn(dead, asked_by()).warnings) is warned


@pytest.mark.parametrize(("answer", "warned"), [("withdrawn", True), ("proceed", False)])
def test_a_request_that_was_taken_back_when_the_fee_was_told_is_a_warning(answer, warned):
    notice = {"kind": "accounting_fee_notice", "client": "C-1001", "request": "R-1", "notified_on": "2026-11-24"}
    notice |= {"fee": "12.00", "answer": answer}
    answered = drawn(fictions.client(), *earlier(), fictions.request(), notice)
    assert (officer.WITHDRAWN in answered.warnings) is warned


@pytest.mark.parametrize(
    ("objects", "warning"),
    [
        ([representative(), asked_by()], officer.OF_AGE),
        ([fictions.client(communication="PO Box 7 only"), fictions.request()], officer.CONFIDENTIAL),
        ([fictions.client(), fictions.request(requested_on="2026-09-01", received_on="2026-09-01")], officer.LATE),
        ([fictions.client(), fictions.request(**{"from": "2019-01-01"})], officer.CUT),
        ([fictions.client(), *earlier(), fictions.request()], officer.NO_NOTICE),
        (
            [
                fictions.client(),
                fictions.request(),
                {"kind": "accounting_withdrawn", "client": "C-1001", "request": "R-1", "withdrawn_on": "2026-11-30"},
            ],
            officer.WITHDRAWN,
        ),
    ],
)
def test_what_the_officer_should_look_at_is_a_warning(objects, warning):
    assert warning in drawn(*objects).warnings
    assert warning not in drawn(fictions.client(), fictions.request()).warnings


def test_no_warning_is_printed():
    answer = drawn(fictions.client(communication="PO Box 7 only"), fictions.request())
    assert answer.warnings
    assert not any(warning in json.dumps(answer.to_json()) for warning in answer.warnings)
