"""How long each record is kept (45 CFR 164.530(j)(2), docs/hipaa.md): one claim a test, days in plain sight."""

import doctest
from datetime import date

import pytest

import fictions
from disclosure_ledger.hipaa import retention
from disclosure_ledger.hipaa.casefile import Filed
from disclosure_ledger.hipaa.records import from_json
from disclosure_ledger.hipaa.retention import keep_until

WRITTEN = date(2019, 3, 5)


def kept(*objects, years=6):
    """The day from which each may go; an object is recorded on WRITTEN, or on the day that goes with it."""
    filed = []
    for index, one in enumerate(objects):
        record, on = one if isinstance(one, tuple) else (one, WRITTEN)
        filed.append(Filed(index=index, record=from_json(record), recorded_on=on, in_stream=True))
    return [keep_until(filed, years=years)[index] for index in range(len(filed))]


def form(**changed):
    return {
        "kind": "authorization",
        "client": "C-1001",
        "id": "A-1",
        "signed_on": "2019-01-02",
        "recipients": ["Fairview School"],
        "information": "attendance",
        "purpose": "school plan",
        **changed,
    }


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(retention).failed == 0


def test_fewer_years_than_the_law_allows_are_refused():
    with pytest.raises(ValueError, match="at least 6"):
        kept(fictions.client(), years=5)


def test_a_release_goes_six_years_after_it_was_written_or_took_place_whichever_is_later():
    before, ahead = fictions.disclosure(disclosed_on="2018-01-02"), fictions.disclosure(disclosed_on="2019-03-09")
    assert kept(before, ahead) == [date(2025, 3, 5), date(2025, 3, 9)]


def test_an_overlay_keeps_longer():
    assert kept(fictions.disclosure(disclosed_on="2018-01-02"), years=10) == [date(2029, 3, 5)]


def test_a_form_that_never_ended_stays_and_one_that_ended_goes_six_years_after():
    assert kept(form()) == [None]
    assert kept(form(expires_on="2020-06-30")) == [date(2026, 6, 30)]


def test_a_form_that_ended_before_it_was_written_down_goes_six_years_after_that():
    assert kept(form(expires_on="2019-02-01")) == [date(2025, 3, 5)]


def test_the_first_of_several_ends_of_a_form_counts():
    taken_back = {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": "2020-01-15"}
    assert kept(form(expires_on="2021-06-30"), taken_back)[0] == date(2026, 1, 15)


def test_a_form_that_another_of_its_name_replaced_ended_on_that_day():
    assert kept(form(), (form(expires_on="2022-01-01"), date(2020, 5, 6)))[0] == date(2026, 5, 6)


@pytest.mark.parametrize("evidence", [None, [{"type": "authorization", "authorization": "A-1"}]])
def test_a_form_and_its_revocation_stay_while_a_release_that_rests_on_them_does(evidence):
    taken_back = {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": "2019-02-15"}
    school = {"name": "Fairview School", "type": "school"}
    release = fictions.disclosure(basis="authorization", recipient=school, evidence=evidence, disclosed_on="2021-04-05")
    late = (release, date(2021, 4, 5))
    assert kept(form(), taken_back, late) == [date(2027, 4, 5)] * 3
    other = (fictions.disclosure(disclosed_on="2021-04-05", recipient=school), date(2021, 4, 5))
    assert kept(form(), taken_back, other)[:2] == [date(2025, 3, 5)] * 2


def test_what_ended_something_stays_as_long_as_that_does():
    written = fictions.suspension(stated_on="2019-04-01", through="2024-09-30")
    lifted = {"kind": "suspension_lifted", "client": "C-1001", "agency": written["agency"], "lifted_on": "2019-05-01"}
    assert kept(written, lifted) == [date(2030, 9, 30)] * 2
    restriction = {"kind": "restriction", "client": "C-1001", "id": "R-1", "type": "agreed"}
    restriction |= {"effective_on": "2019-02-01", "recipients": ["Dr. Amy Sloan"]}
    ended = {"kind": "restriction_ended", "client": "C-1001", "id": "R-1", "ended_on": "2019-02-03"}
    ended |= {"how": "client_written"}
    assert kept(ended, (restriction, date(2020, 1, 2))) == [date(2026, 1, 2)] * 2


def test_a_form_is_not_replaced_by_one_of_another_name():
    assert kept(form(), (form(id="A-2"), date(2020, 5, 6))) == [None, None]


def test_a_restriction_goes_six_years_after_it_ended():
    restriction = {"kind": "restriction", "client": "C-1001", "id": "R-1", "type": "agreed"}
    restriction |= {"effective_on": "2019-02-01", "recipients": ["Dr. Amy Sloan"]}
    ended = {"kind": "restriction_ended", "client": "C-1001", "id": "R-1", "ended_on": "2021-02-03"}
    assert kept(restriction) == [None]
    assert kept(restriction, ended | {"how": "client_written"})[0] == date(2027, 2, 3)


@pytest.mark.parametrize("kind", ["self_pay", "agreed"])
def test_a_restriction_that_the_practice_ended_alone_still_binds_and_stays(kind):
    restriction = {"kind": "restriction", "client": "C-1001", "id": "R-1", "type": kind, "effective_on": "2019-02-01"}
    notice = {"kind": "restriction_ended", "client": "C-1001", "id": "R-1", "ended_on": "2021-02-03"}
    notice |= {"how": "practice_notice"}
    assert kept(restriction, notice)[0] is None
    assert kept(restriction, notice, {**notice, "ended_on": "2022-03-04", "how": "client_oral"})[0] == date(2028, 3, 4)


def test_a_client_stays_while_anything_of_theirs_does():
    assert kept(fictions.client(), fictions.disclosure(disclosed_on="2019-03-09")) == [date(2025, 3, 9)] * 2
    assert kept(fictions.client(), form()) == [None, None]


def test_a_name_in_between_goes_when_it_was_replaced():
    first, second, third = fictions.client(), fictions.client(name="Dana Moss"), fictions.client(name="Dana Vale")
    days = kept(first, (second, date(2020, 1, 1)), (third, date(2021, 1, 1)))
    assert days == [date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 1)]
    later = fictions.disclosure(disclosed_on="2023-04-05")
    assert kept(first, (second, date(2020, 1, 1)), (third, date(2021, 1, 1)), later)[:3] == [
        date(2029, 4, 5),
        date(2027, 1, 1),
        date(2029, 4, 5),
    ]


def test_a_hold_keeps_everything_until_it_is_lifted():
    hold = {"kind": "hold", "client": "C-1001", "reason": "a lawsuit"}
    lifted = {"kind": "hold_lifted", "client": "C-1001"}
    assert kept(fictions.disclosure(), hold) == [None, None]
    assert None not in kept(fictions.disclosure(disclosed_on="2019-03-01"), hold, lifted)


def test_an_open_request_keeps_the_releases_it_reaches_back_to():
    release = fictions.disclosure(disclosed_on="2019-03-01")
    asked = fictions.request(requested_on="2025-03-01", received_on="2025-03-01")
    too_late = fictions.request(requested_on="2025-03-08", received_on="2025-03-08")
    assert kept(release, (asked, date(2025, 3, 1)))[0] is None
    assert kept(release, (too_late, date(2025, 3, 8)))[0] == date(2025, 3, 5)


@pytest.mark.parametrize(("asked_on", "is_kept"), [("2025-03-07", True), ("2025-03-08", False)])
def test_an_open_request_keeps_the_entries_without_which_its_answer_cannot_be_proved_complete(asked_on, is_kept):
    release = fictions.disclosure(disclosed_on="2019-03-01", ref="E-1")
    gone = {"kind": "correction", "client": "C-1001", "corrects": 0, "reason": "x", "retract": True}
    asked = fictions.request(requested_on=asked_on, received_on=asked_on)
    for objects in ((release,), (release, gone)):
        days = kept(*objects, (asked, date.fromisoformat(asked_on)))[: len(objects)]
        assert days == [None if is_kept else date(2025, 3, 5)] * len(objects)


def test_a_suspension_goes_six_years_after_its_last_day():
    assert kept(fictions.suspension(stated_on="2019-04-01", through="2019-09-30")) == [date(2025, 9, 30)]


def test_what_has_the_same_name_and_another_kind_replaces_nothing():
    restriction = {"kind": "restriction", "client": "C-1001", "id": "A-1", "type": "agreed"}
    restriction |= {"effective_on": "2020-05-06", "recipients": ["Dr. Amy Sloan"]}
    assert kept(form(), (restriction, date(2020, 5, 6))) == [None, None]


def test_a_list_reached_as_far_back_as_its_own_request_and_not_as_a_later_one_of_the_same_id():
    release = fictions.disclosure(disclosed_on="2014-01-02")
    first = fictions.request(requested_on="2019-04-01", received_on="2019-04-01")
    given = {"kind": "accounting_provided", "client": "C-1001", "request": first["id"], "fee": "0.00"}
    given |= {"provided_on": "2019-04-10"}
    later = fictions.request(requested_on="2024-04-01", received_on="2024-04-01")
    answered = {**given, "provided_on": "2024-04-02"}
    facts = (release, first, given, (later, date(2024, 4, 1)), (answered, date(2024, 4, 2)))
    assert kept(*facts)[0] == kept(*facts[:3])[0] == date(2025, 4, 10)
