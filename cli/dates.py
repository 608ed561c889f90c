"""Dates as people type them: ISO, `today`, `yesterday`; what could be read three ways is refused."""

import datetime as dt
import re

from disclosure_ledger import strict
from disclosure_ledger.errors import InvalidRecord, Malformed

_SLASHED = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,4})", re.ASCII)


def day(text: str, today: dt.date, *, field: str) -> dt.date:
    """The day that a person typed. Raises InvalidRecord naming the field."""
    text = text.strip()
    if text.lower() == "today":
        return today
    if text.lower() == "yesterday":
        return today - dt.timedelta(days=1)
    try:
        return strict.date(text)
    except Malformed as error:
        message = str(error)
    readings = _readings(text)
    if len(readings) > 1:
        listed = ", ".join(one.isoformat() for one in readings[:-1]) + f" or {readings[-1].isoformat()}"
        raise InvalidRecord(f"an ambiguous date: it could be {listed}", field=field, hint="write it as YYYY-MM-DD")
    hint = f"did you mean {readings[0].isoformat()}?" if readings else "write it as YYYY-MM-DD, today or yesterday"
    raise InvalidRecord(message, field=field, hint=hint)


def _readings(text: str) -> list[dt.date]:
    """The days that numbers between slashes could be: month first, day first, year first."""
    found = _SLASHED.fullmatch(text)
    if not found:
        return []
    one, two, three = (int(part) for part in found.groups())
    readings = []
    for year, month, number in ((three, one, two), (three, two, one), (one, two, three)):
        try:
            readings.append(dt.date(year + 2000 if year < 100 else year, month, number))
        except ValueError:
            continue
    return list(dict.fromkeys(readings))
