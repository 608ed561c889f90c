"""Suspensions hide what 164.528(a)(2) lets an agency keep back: no more, no longer, nobody else's."""

import doctest
from datetime import date

import pytest

import fictions
from disclosure_ledger.hipaa import suspensions
from disclosure_ledger.hipaa.casefile import Filed, fold
from disclosure_ledger.hipaa.records import from_json, with_release

DAY = date(2026, 5, 4)


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(suspensions).failed == 0


def hidden(on, *objects, release=None, counted_as=None):
    """Is the release suspended on a day, given these records beside it?"""
    record = from_json(release or fictions.oversight())
    if counted_as is not None:
        record = with_release(record, counted_as=counted_as)
    filed = [record, *(from_json(obj) for obj in objects)]
    case = fold(Filed(index=index, record=one, recorded_on=DAY) for index, one in enumerate(filed))
    return case.is_suspended(record, date.fromisoformat(on))


def oral(**changed):
    return fictions.suspension(**{"statement": "oral", "through": None, "stated_on": "2026-10-23", **changed})


def lifted(**changed):
    return {
        "kind": "suspension_lifted",
        "client": "C-1001",
        "agency": "State Medicaid Agency",
        "lifted_on": "2026-06-01",
        **changed,
    }


@pytest.mark.parametrize(
    ("on", "is_hidden"), [("2026-05-10", False), ("2026-05-11", True), ("2026-12-15", True), ("2026-12-16", False)]
)
def test_a_written_statement_holds_from_its_day_through_its_last(on, is_hidden):
    assert hidden(on, fictions.suspension()) is is_hidden


@pytest.mark.parametrize(("on", "is_hidden"), [("2026-11-22", True), ("2026-11-23", False)])
def test_an_oral_statement_holds_through_day_30(on, is_hidden):
    assert hidden(on, oral()) is is_hidden


def test_an_oral_statement_that_named_a_sooner_end_keeps_it_and_one_that_named_a_later_end_does_not():
    assert not hidden("2026-11-02", oral(through="2026-11-01"))
    assert not hidden("2026-11-23", oral(through="2026-12-31"))


def test_a_second_oral_statement_does_not_start_the_clock_again():
    assert not hidden("2026-11-23", oral(), oral(stated_on="2026-11-15"))
    assert not hidden("2026-11-30", oral(stated_on="2026-11-15"), oral())


def test_an_oral_statement_after_the_first_had_run_out_holds_for_a_release_that_came_later():
    release = fictions.oversight(disclosed_on="2026-10-01")
    assert hidden("2026-10-30", oral(stated_on="2026-03-01"), oral(stated_on="2026-10-23"), release=release)


def test_a_written_statement_within_the_thirty_days_takes_over():
    written = fictions.suspension(stated_on="2026-11-20", through="2027-03-31")
    assert hidden("2027-03-31", oral(), written)
    assert not hidden("2027-04-01", oral(), written)


def test_only_the_agency_that_spoke_is_covered_by_name_or_organization():
    assert not hidden("2026-06-01", fictions.suspension(agency="County Sheriff"))
    assert hidden("2026-06-01", fictions.suspension(agency="state  medicaid AGENCY"))
    person = fictions.oversight(
        recipient={"name": "J. Roe", "organization": "State Medicaid Agency", "type": "oversight_agency"}
    )
    assert hidden("2026-06-01", fictions.suspension(), release=person)


def test_a_statement_about_a_matter_covers_that_matter_alone():
    assert hidden("2026-06-01", fictions.suspension(matter="audit-1"))
    assert not hidden("2026-06-01", fictions.suspension(matter="audit-2"))
    assert not hidden("2026-06-01", fictions.suspension(matter="audit-1"), release=fictions.oversight(matter=None))


def test_a_release_under_another_paragraph_is_never_suspended():
    police = {"name": "State Medicaid Agency", "type": "law_enforcement"}
    for basis in ("serious_threat", "court_order", "child_abuse_report", "hhs_secretary", "impermissible"):
        assert not hidden(
            "2026-06-01", fictions.suspension(), release=fictions.disclosure(basis=basis, recipient=police)
        )


def test_a_release_stated_under_512_d_stays_suspended_whatever_block_stood():
    assert hidden("2026-06-01", fictions.suspension(), counted_as="impermissible")


def test_lifting_ends_it_from_that_day_on():
    assert hidden("2026-05-31", fictions.suspension(), lifted())
    assert not hidden("2026-06-01", fictions.suspension(), lifted())


def test_lifting_one_matter_leaves_the_others():
    assert hidden("2026-06-02", fictions.suspension(), lifted(matter="audit-2"))
    assert not hidden("2026-06-02", fictions.suspension(), lifted(matter="audit-1"))


def test_a_statement_made_after_the_lifting_holds():
    assert hidden("2026-06-02", lifted(), fictions.suspension(stated_on="2026-06-02"))
    assert hidden("2026-06-02", lifted(), fictions.suspension(stated_on="2026-06-01"))


def test_lifting_by_another_agency_changes_nothing():
    assert hidden("2026-06-02", fictions.suspension(), lifted(agency="County Sheriff"))
