"""The accounting where studies are told of for all (164.528(b)(4))."""

from datetime import date

import pytest

import fictions
from accountings import asked_by, days_of, drawn, representative
from disclosure_ledger.hipaa.accounting import Listing
from disclosure_ledger.hipaa.bases import Rules

PROTOCOL = fictions.protocol()


def studied(client, day="2025-06-01", **changed):
    return fictions.studied(client, disclosed_on=day, **changed)


def others(count, **changed):
    return [studied(f"C-2{n:03d}", **changed) for n in range(count)]


CANDIDATE = {"kind": "research_candidate", "client": "C-1001", "protocol": "P-1"}


def test_fifty_people_make_a_study_and_forty_nine_do_not():
    fifty = drawn(PROTOCOL, *others(49), studied("C-1001", "2025-07-01"), fictions.request())
    assert fifty.rows == ()
    [study] = fifty.research
    assert (study.protocol, study.from_, study.last) == ("Sleep and Trauma", date(2025, 6, 1), date(2025, 7, 1))
    assert "may or may not" in study.statement
    assert len(fifty.studied) == 1
    fewer = drawn(PROTOCOL, *others(48), studied("C-1001"), fictions.request())
    assert (len(fewer.rows), fewer.research) == (1, ())


def test_one_person_twice_is_one_person():
    answer = drawn(PROTOCOL, *others(48), *others(48), studied("C-1001"), fictions.request())
    assert answer.research == ()


def test_the_count_is_of_the_accountings_own_period():
    answer = drawn(PROTOCOL, *others(49), studied("C-1001"), fictions.request(**{"from": "2025-06-02"}))
    assert answer.research == ()
    assert answer.rows == ()


def test_every_client_who_met_the_criteria_gets_the_study_even_if_nothing_was_sent():
    answer = drawn(PROTOCOL, *others(50), CANDIDATE, fictions.request())
    assert [study.protocol for study in answer.research] == ["Sleep and Trauma"]
    assert drawn(PROTOCOL, *others(50), fictions.client(), fictions.request()).research == ()


def test_the_last_date_of_a_study_lies_in_the_period():
    span = {"from": "2025-01-01", "to": "2026-06-30"}
    [study] = drawn(
        PROTOCOL, *others(50, day=span), CANDIDATE, fictions.request(**{"from": "2025-02-01", "to": "2025-03-31"})
    ).research
    assert (study.from_, study.last) == (date(2025, 2, 1), date(2025, 3, 31))


def test_a_release_for_the_study_that_was_not_under_512_i_keeps_its_own_row():
    wrong = studied("C-1001", "2025-07-01")
    wrong |= {"basis": "impermissible", "explanation": "Sent to the wrong study."}
    answer = drawn(PROTOCOL, *others(50), wrong, CANDIDATE, fictions.request())
    assert days_of(answer) == ["2025-07-01"]
    assert len(answer.research) == 1


FORM = {
    "kind": "authorization",
    "client": "C-1001",
    "id": "A-7",
    "signed_on": "2025-06-01",
    "recipients": ["State University"],
    "information": "sleep diaries",
    "purpose": "the research study",
    "expires_when": "end of the research study",
}
LIMITED = {"basis": "limited_data_set", "evidence": None}


@pytest.mark.parametrize("apart", [{"basis": "authorization_research", "evidence": None}, LIMITED])
def test_who_was_in_a_study_by_a_form_or_in_a_limited_data_set_is_not_told_of_it(apart):
    sent = studied("C-1001", "2025-07-01") | {"recipient": {"name": "State University", "type": "researcher"}} | apart
    own = {name: value for name, value in sent.items() if value is not None}
    objects = [PROTOCOL, *others(50), FORM, CANDIDATE, own]
    answer = drawn(*objects, fictions.request())
    assert (answer.rows, answer.research) == ((), ())
    later = fictions.request(**{"from": "2025-07-02"})
    assert drawn(*objects, *others(50, day="2025-08-01"), later).research != ()
    assert len(drawn(*objects, studied("C-1001", "2025-07-02"), fictions.request()).research) == 1


def test_a_study_has_nothing_from_before_the_practice_was_covered():
    late = [studied(f"C-2{n:03d}", "2025-09-01") for n in range(50)]
    objects = [PROTOCOL, *others(50), CANDIDATE, fictions.request()]
    covered = Rules(covered_since=date(2025, 8, 1))
    assert drawn(*objects, rules=covered).research == ()
    [study] = drawn(*objects, *late, rules=covered).research
    assert (study.from_, study.last) == (date(2025, 9, 1), date(2025, 9, 1))


def test_a_study_row_is_read_back():
    [study] = drawn(PROTOCOL, *others(50), CANDIDATE, fictions.request()).research
    assert Listing.from_json(study.to_json()) == study


def test_a_representative_without_the_scope_does_not_learn_of_a_study_from_the_minors_own_care():
    own = studied("C-1001", service_scope="minor_consented")
    parent = representative("excluding_minor_consented")
    assert drawn(PROTOCOL, *others(50), parent, own, asked_by()).research == ()
    assert len(drawn(PROTOCOL, *others(50), parent, own, fictions.request()).research) == 1
