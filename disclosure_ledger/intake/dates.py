"""Dates as people write them: ISO is taken, what could be read in more than one way is refused with its readings.

>>> day("2026-04-03", None, "disclosed_on")
datetime.date(2026, 4, 3)
>>> day("03/04/26", None, "disclosed_on")
Traceback (most recent call last):
    ...
disclosure_ledger.errors.InvalidRecord: field disclosed_on: an ambiguous date: it could be 2026-03-04, 2026-04-03 or \
2003-04-26
>>> day("03/04/2026", "dmy", "disclosed_on")
datetime.date(2026, 4, 3)
"""

import datetime as dt
import re
from typing import Final

from disclosure_ledger import strict
from disclosure_ledger.errors import InvalidRecord, Malformed

ORDERS: Final = {"mdy": (2, 0, 1), "dmy": (2, 1, 0), "ymd": (0, 1, 2)}
"""Where year, month and day stand, for each order that a file can be said to be in."""

_NUMBERS: Final = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,4})", re.ASCII)


def day(text: str, order: str | None, field: str) -> dt.date:
    """The day that a text names, ISO or in the order stated for the whole file. Raises InvalidRecord."""
    text = text.strip()
    try:
        return strict.date(text)
    except Malformed as error:
        if order is None:
            raise unread(text, field, error.message, hint=_ORDERED) from None
    found = _NUMBERS.fullmatch(text)
    year, month, number = (found.groups()[place] for place in ORDERS[order]) if found else ("", "", "")
    if len(year) != 4:
        raise InvalidRecord(f"expected a date as {order}, with a year of four digits, or YYYY-MM-DD", field=field)
    try:
        return dt.date(int(year), int(month), int(number))
    except ValueError:
        raise InvalidRecord(f"expected a day that the calendar has, as {order}", field=field) from None


_ORDERED: Final = "write it as YYYY-MM-DD, or say how the file's dates go (--dates)"


def unread(text: str, field: str, message: str, *, hint: str) -> InvalidRecord:
    """The error for a text that is no ISO date: with its readings, where it has some."""
    found = readings(text)
    if len(found) > 1:
        listed = ", ".join(one.isoformat() for one in found[:-1]) + f" or {found[-1].isoformat()}"
        return InvalidRecord(f"an ambiguous date: it could be {listed}", field=field, hint=hint)
    return InvalidRecord(message, field=field, hint=f"did you mean {found[0].isoformat()}?" if found else hint)


def readings(text: str) -> list[dt.date]:
    """The days that numbers between slashes could be: month first, day first, year first."""
    found = _NUMBERS.fullmatch(text)
    if not found:
        return []
    numbers = [int(part) for part in found.groups()]
    made = []
    for places in ORDERS.values():
        year, month, number = (numbers[place] for place in places)
        try:
            made.append(dt.date(year + 2000 if year < 100 else year, month, number))
        except ValueError:
            continue
    return list(dict.fromkeys(made))
