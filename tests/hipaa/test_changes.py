"""What changed on a list that is given again: every correction, and nothing of what is suspended."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from disclosure_ledger.errors import NotFound, Refused
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.casefile import Filed, fold
from disclosure_ledger.hipaa.changes import Changes, since_given

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 20)
COURT: dict[str, Any] = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "County Court", "type": "court"},
    "basis": "court_order",
    "description": "attendance dates",
}
POLICE = {
    **COURT,
    "disclosed_on": "2026-03-03",
    "recipient": {"name": "Zebulon Sheriff", "type": "law_enforcement"},
    "basis": "le_grand_jury_subpoena",
    "description": "secret dates",
}
SUSPENSION = {
    "kind": "suspension",
    "client": "C-1",
    "agency": "Zebulon Sheriff",
    "statement": "written",
    "stated_on": "2026-03-04",
    "official": "Det. Quackenbush",
    "through": "2099-01-01",
}
ASKED = {
    "kind": "accounting_request",
    "client": "C-1",
    "id": "R-1",
    "requested_on": "2026-11-23",
    "received_on": "2026-11-23",
}
GIVEN = {"kind": "accounting_provided", "client": "C-1", "request": "R-1", "provided_on": f"{FIRST}", "fee": "0.00"}


def corrects(index: int, release: dict[str, Any] | None) -> dict[str, Any]:
    """A correction that puts a release in the place of another, or takes it away."""
    said = {"kind": "correction", "client": "C-1", "corrects": index, "reason": "a mistake"}
    if release is None:
        return {**said, "retract": True}
    return {**said, "disclosure": {name: value for name, value in release.items() if name not in ("kind", "client")}}


def found(*given: dict[str, Any] | None, day: date = SECOND) -> Changes:
    """What changed, by these records at the indexes from 1; None leaves a gap, as another client's entry does."""
    filed = [
        Filed(index=index, record=records.from_json(one), recorded_on=FIRST)
        for index, one in enumerate(given, start=1)
        if one is not None
    ]
    return since_given(filed, fold(filed), "R-1", as_of=day)


def told(changes: Changes) -> list[tuple[str | None, str | None]]:
    """Recipient and description of each release before and after."""
    rows = ((change.before, change.after) for change in changes.changes)
    return [tuple(row and f"{row.recipient.name}: {row.description}" for row in pair) for pair in rows]  # type: ignore[misc]


def test_what_was_put_right_added_and_taken_away_is_told_in_the_order_of_days() -> None:
    other = {**COURT, "disclosed_on": "2026-05-05", "description": "billing"}
    late = {**COURT, "disclosed_on": "2026-04-04", "description": "a letter"}
    changes = found(COURT, other, ASKED, GIVEN, corrects(1, {**COURT, "description": "dates"}), corrects(2, None), late)
    assert told(changes) == [
        ("County Court: attendance dates", "County Court: dates"),
        (None, "County Court: a letter"),
        ("County Court: billing", None),
    ]
    assert changes.given.provided_on == FIRST


def test_what_did_not_change_is_not_told() -> None:
    assert found(COURT, ASKED, GIVEN, corrects(1, COURT)).changes == ()


def test_a_release_that_is_treatment_after_all_is_no_longer_there() -> None:
    treatment = {**COURT, "basis": "treatment", "recipient": {"name": "Dr. Gray", "type": "provider"}}
    assert told(found(COURT, ASKED, GIVEN, corrects(1, treatment))) == [("County Court: attendance dates", None)]


def test_it_is_counted_from_the_list_last_given() -> None:
    between = corrects(1, {**COURT, "description": "dates"})
    again = {**GIVEN, "provided_on": "2026-12-10"}
    assert told(found(COURT, ASKED, GIVEN, between, again)) == []
    assert found(COURT, ASKED, GIVEN, between, again).given.provided_on == date(2026, 12, 10)


def test_a_further_copy_on_the_same_day_has_the_letter_that_went_with_the_first() -> None:
    dates = corrects(1, {**COURT, "description": "dates"})
    again, first = {**GIVEN, "provided_on": f"{SECOND}"}, (COURT, ASKED, GIVEN, dates)
    letter = found(*first)
    assert told(letter) == [("County Court: attendance dates", "County Court: dates")]
    assert found(*first, again) == found(*first, again, again) == letter
    assert found(COURT, ASKED, GIVEN, again) == found(COURT, ASKED, GIVEN)


def test_a_list_of_the_same_day_that_said_something_else_is_what_is_put_right() -> None:
    again = {**GIVEN, "provided_on": f"{SECOND}"}
    for copies in ((), (again,), (again, again)):
        changes = found(COURT, ASKED, GIVEN, again, corrects(1, {**COURT, "description": "dates"}), *copies)
        assert told(changes) == [("County Court: attendance dates", "County Court: dates")]
        assert changes.given.provided_on == SECOND


def test_a_further_copy_of_the_only_list_tells_of_no_change() -> None:
    changes = found(COURT, ASKED, GIVEN, GIVEN, day=FIRST)
    assert (told(changes), changes.given.provided_on) == ([], FIRST)


@pytest.mark.parametrize(
    "hidden",
    [
        (POLICE, SUSPENSION, ASKED, GIVEN, None),
        (POLICE, SUSPENSION, ASKED, GIVEN, corrects(2, {**POLICE, "description": "other secret dates"})),
        (POLICE, SUSPENSION, ASKED, GIVEN, corrects(2, None)),
        (POLICE, None, ASKED, GIVEN, SUSPENSION),
        (POLICE, None, ASKED, GIVEN, SUSPENSION, corrects(2, None)),
        (POLICE, None, ASKED, GIVEN, SUSPENSION, corrects(2, {**POLICE, "description": "other secret dates"})),
        (POLICE, None, ASKED, GIVEN, SUSPENSION, corrects(2, {**COURT, "description": "secret dates"})),
        (None, SUSPENSION, ASKED, GIVEN, POLICE),
        ({**COURT, "description": "secret dates"}, SUSPENSION, ASKED, GIVEN, corrects(2, POLICE)),
    ],
)
def test_of_a_suspended_release_nothing_is_told_whatever_became_of_it(hidden: tuple[Any, ...]) -> None:
    """The suspension begins before the first list or after it; the release is corrected, retracted or new."""
    changes = found(COURT, *hidden, None, None, corrects(1, {**COURT, "description": "dates"}))
    without = found(COURT, None, None, ASKED, GIVEN, None, None, None, corrects(1, {**COURT, "description": "dates"}))
    said = [one for one in told(changes) if "secret" in str(one) or "Zebulon" in str(one)]
    # a release that was listed as another's and is listed no more: the law hides what went to the agency, then and now
    assert said == []
    assert told(changes) == told(without)


def test_a_suspension_that_ended_shows_the_release_as_any_other_that_is_new() -> None:
    ended = {**SUSPENSION, "through": "2026-12-10"}
    changes = found(POLICE, ended, ASKED, GIVEN)
    assert told(changes) == [(None, "Zebulon Sheriff: secret dates")]
    assert told(found(POLICE, ended, ASKED, GIVEN, day=date(2026, 12, 10))) == []


def test_many_releases_that_one_line_stands_for_are_told_one_by_one() -> None:
    many = [{**POLICE, "disclosed_on": f"2026-03-{day:02}", "matter": "1"} for day in range(3, 8)]
    ended = {**SUSPENSION, "stated_on": f"{SECOND}"}
    changes = found(*many, ASKED, GIVEN, corrects(1, {**many[0], "description": "dates"}))
    assert len(changes.changes) == 1
    assert found(*many, ASKED, GIVEN, ended).changes == ()


def test_without_a_list_that_was_given_there_is_nothing_to_compare() -> None:
    with pytest.raises(NotFound, match="no list was given"):
        found(COURT, ASKED)


def test_a_representative_without_authority_is_told_nothing() -> None:
    with pytest.raises(Refused):
        found(COURT, {**ASKED, "requester": {"name": "Robin Guardian", "role": "representative"}}, GIVEN)


def test_the_rows_carry_no_entry_numbers() -> None:
    changes = found(COURT, ASKED, GIVEN, corrects(1, {**COURT, "description": "dates"}))
    for change in changes.changes:
        for row in (change.before, change.after):
            assert row is not None
            assert row == replace(row, entries=())


def test_what_a_representative_may_not_see_any_more_is_not_told_again() -> None:
    own = {**COURT, "service_scope": "minor_consented", "description": "secret dates"}
    person = {"name": "Robin Guardian", "authority": "parent", "from": "2020-01-01"}
    asked = {**ASKED, "requester": {"name": "Robin Guardian", "role": "representative"}}

    def client(scope: str) -> dict[str, Any]:
        return {"kind": "client", "client": "C-1", "name": "Dana", "representatives": [{**person, "scope": scope}]}

    everything, less = client("all"), client("excluding_minor_consented")
    assert told(found(everything, own, asked, GIVEN, less)) == []
    assert told(found(everything, own, asked, GIVEN, less, corrects(2, None))) == []
    assert told(found(everything, own, asked, GIVEN, corrects(2, None))) == [("County Court: secret dates", None)]
