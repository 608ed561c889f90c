"""Dates as people type them: ISO, `today`, `yesterday`, `tomorrow`; what could be read three ways is refused."""

import datetime as dt

from disclosure_ledger import strict
from disclosure_ledger.errors import Malformed
from disclosure_ledger.intake import dates


def day(text: str, today: dt.date, *, field: str) -> dt.date:
    """The day that a person typed. Raises InvalidRecord naming the field."""
    text = text.strip()
    if text.lower() == "today":
        return today
    if text.lower() == "yesterday":
        return today - dt.timedelta(days=1)
    if text.lower() == "tomorrow":
        return today + dt.timedelta(days=1)
    try:
        return strict.date(text)
    except Malformed as error:
        message = str(error)
    raise dates.unread(text, field, message, hint="write it as YYYY-MM-DD, today or yesterday")
