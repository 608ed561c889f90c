"""Windows, due dates and fees to the day (docs/hipaa.md: window arithmetic, deadlines, fees)."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.hipaa import deadlines
from disclosure_ledger.hipaa.deadlines import (
    age_on,
    chargeable,
    deadline,
    due_on,
    free_again_on,
    latest_on,
    notify_by,
    oral_through,
    retained_through,
    window,
    years_before,
)


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(deadlines).failed == 0


@pytest.mark.parametrize(
    ("asked", "earliest"),
    [
        ("2024-02-29", "2018-02-28"),
        ("2026-02-28", "2020-02-28"),
        ("2026-03-01", "2020-03-01"),
        ("2028-02-29", "2022-02-28"),
        ("2026-11-23", "2020-11-23"),
    ],
)
def test_six_years_back_is_the_same_day_of_the_calendar(asked, earliest):
    assert years_before(date.fromisoformat(asked), 6) == date.fromisoformat(earliest)


def test_the_window_counts_back_from_the_letters_date_and_up_to_its_arrival():
    assert window(requested_on=date(2026, 11, 20), received_on=date(2026, 11, 23)) == (
        date(2020, 11, 20),
        date(2026, 11, 23),
    )


def windowed(first=None, last=None):
    return window(requested_on=date(2026, 11, 23), received_on=date(2026, 11, 23), from_=first, to=last)


def test_a_narrower_period_is_kept_and_a_wider_one_cut():
    assert windowed(date(2026, 1, 1), date(2026, 6, 30)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert windowed(date(2019, 1, 1), date(2030, 1, 1)) == (date(2020, 11, 23), date(2026, 11, 23))
    assert windowed(None, date(2021, 1, 1)) == (date(2020, 11, 23), date(2021, 1, 1))


def test_a_period_wholly_outside_leaves_the_nearest_day():
    assert windowed(date(2010, 1, 1), date(2012, 1, 1)) == (date(2020, 11, 23), date(2020, 11, 23))
    assert windowed(date(2027, 1, 1), date(2027, 2, 1)) == (date(2026, 11, 23), date(2026, 11, 23))


@given(st.dates(), st.dates(), st.none() | st.dates(), st.none() | st.dates())
def test_a_window_never_ends_before_it_begins_and_never_leaves_the_six_years(requested, received, first, last):
    received = max(requested, received)
    lower, upper = window(requested_on=requested, received_on=received, from_=first, to=last)
    assert years_before(requested, 6) <= lower <= upper <= received


def test_sixty_days_and_ninety_days_do_not_roll_over_a_weekend():
    assert due_on(date(2026, 11, 23)) == date(2027, 1, 22)
    assert latest_on(date(2026, 11, 23)) == date(2027, 2, 21)
    assert due_on(date(2026, 11, 2)) == date(2027, 1, 1)


RECEIVED = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("letters", "due"),
    [
        ([], "2027-01-22"),
        ([("2027-01-22", "2027-02-21")], "2027-02-21"),
        ([("2027-01-23", "2027-02-21")], "2027-01-22"),
        ([("2027-01-10", "2027-02-22")], "2027-01-22"),
        ([("2027-01-10", "2027-01-15")], "2027-01-22"),
        ([("2026-11-22", "2027-02-21")], "2027-01-22"),
        ([("2027-01-20", "2027-02-21"), ("2027-01-10", "2027-02-01")], "2027-02-01"),
        ([("2027-01-05", "2027-03-01"), ("2027-01-10", "2027-02-01")], "2027-02-01"),
    ],
)
def test_only_the_first_valid_letter_extends(letters, due):
    pairs = [(date.fromisoformat(letter), date.fromisoformat(promised)) for letter, promised in letters]
    assert deadline(RECEIVED, pairs) == date.fromisoformat(due)


def test_an_oral_statement_lasts_thirty_days():
    assert oral_through(date(2026, 10, 23)) == date(2026, 11, 22)


def test_a_request_is_free_again_on_the_anniversary():
    assert free_again_on(date(2026, 2, 10)) == date(2027, 2, 10)
    assert free_again_on(date(2024, 2, 29)) == date(2025, 2, 28)
    assert chargeable(date(2027, 2, 9), date(2026, 2, 10))
    assert not chargeable(date(2027, 2, 10), date(2026, 2, 10))
    assert not chargeable(date(2027, 2, 9), None)


def test_clocks_of_breach_and_retention():
    assert notify_by(date(2026, 8, 14)) == date(2026, 10, 13)
    assert retained_through(date(2024, 2, 29)) == date(2030, 3, 1)
    assert retained_through(date(2026, 2, 28)) == date(2032, 2, 28)


def test_age_turns_on_the_birthday():
    assert age_on(date(2008, 3, 14), date(2026, 3, 13)) == 17
    assert age_on(date(2008, 3, 14), date(2026, 3, 14)) == 18
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(st.dates(), st.integers(0, 60))
def test_no_date_of_the_calendar_is_too_early_or_too_late(day, years):
    assert years_before(day, years) <= day
    assert due_on(day) >= day
    assert retained_through(day) >= day
