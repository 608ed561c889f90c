"""Windows, due dates and fees of 45 CFR 164.528, on plain dates and amounts.

Calendar years, never days; both ends included; nothing rolls over a weekend.

>>> from datetime import date
>>> window(requested_on=date(2026, 11, 20), received_on=date(2026, 11, 23))
(datetime.date(2020, 11, 20), datetime.date(2026, 11, 23))
>>> years_before(date(2024, 2, 29), 6), due_on(date(2026, 11, 23)), latest_on(date(2026, 11, 23))
(datetime.date(2018, 2, 28), datetime.date(2027, 1, 22), datetime.date(2027, 2, 21))
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

YEARS: Final = 6
"""How far an accounting reaches back (164.528(a)(1)), and how long papers are kept (164.530(j)(2))."""
PART2_YEARS: Final = 3
"""How far 42 CFR 2.25 reaches back, once it is in force."""
ACT_WITHIN: Final = 60
"""Days from receipt (164.528(c)(1)(i))."""
EXTENSION: Final = 30
"""Days more, once (164.528(c)(1)(ii))."""
ORAL: Final = 30
"""Days an oral statement suspends (164.528(a)(2)(ii)(C))."""
NOTIFY_WITHIN: Final = 60
"""Days from the discovery of a breach (164.404(b))."""
NO_FEE: Final = "0.00"


def plus(day: date, count: int) -> date:
    """The day `count` days later, or the calendar's last."""
    return day + timedelta(days=count) if date.max - day >= timedelta(days=count) else date.max


def years_before(day: date, years: int) -> date:
    """The same day of the calendar `years` earlier; 29 February becomes the 28th, the earlier of two readings."""
    return _moved(day, -years, leap_day=28)


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th."""
    return _moved(day, years, leap_day=28)


def _moved(day: date, years: int, *, leap_day: int) -> date:
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return date.min if years < 0 else date.max
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, leap_day) if leap_day == 28 else date(year, 3, 1)
    return day.replace(year=year)


def retained_through(day: date, years: int = YEARS) -> date:
    """The first day on which what was last in effect on `day` may go (164.530(j)(2)); 29 February counts as 1 March."""
    return _moved(day, years, leap_day=29)


def window(
    *, requested_on: date, received_on: date, from_: date | None = None, to: date | None = None
) -> tuple[date, date]:
    """The first and last day an accounting covers (164.528(a)(1), (a)(3)).

    Six years back from the day the request was made, up to the day it was received; a narrower period that was asked
    for is cut to that. One that lies wholly outside leaves the nearest day.
    """
    lower, upper = years_before(requested_on, YEARS), received_on
    first = min(max(from_ or lower, lower), upper)
    last = max(min(to or upper, upper), lower)
    return first, max(first, last)


def due_on(received_on: date) -> date:
    """The last day to act without an extension (164.528(c)(1)(i))."""
    return plus(received_on, ACT_WITHIN)


def latest_on(received_on: date) -> date:
    """The last day that a valid extension can reach (164.528(c)(1)(ii))."""
    return plus(received_on, ACT_WITHIN + EXTENSION)


def deadline(received_on: date, extensions: Iterable[tuple[date, date]] = ()) -> date:
    """The last day to act, after the first valid extension; `extensions` are pairs of letter's day and promised day.

    Valid is a letter of the first 60 days that promises a day of the 30 after them. A letter that comes late, or
    promises more, extends nothing, and there is only one.
    """
    due, latest = due_on(received_on), latest_on(received_on)
    for notified_on, provide_by in sorted(extensions):
        if received_on <= notified_on <= due < provide_by <= latest:
            return provide_by
    return due


def oral_through(stated_on: date) -> date:
    """The last day that an oral statement suspends: day 30 (164.528(a)(2)(ii)(C))."""
    return plus(stated_on, ORAL)


def free_again_on(requested_on: date) -> date:
    """The first day on which a request is free again after a free one of `requested_on` (164.528(c)(2))."""
    return years_after(requested_on, 1)


def chargeable(requested_on: date, last_free_request: date | None) -> bool:
    """May a fee be charged: is there a free accounting whose twelve months still run on the day of the request?"""
    return last_free_request is not None and requested_on < free_again_on(last_free_request)


def notify_by(discovered_on: date) -> date:
    """The last day to tell the client of a breach (164.404(b))."""
    return plus(discovered_on, NOTIFY_WITHIN)


def age_on(born_on: date, day: date) -> int:
    """Whole years of age on that day; who was born on 29 February turns on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
