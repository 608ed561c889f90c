"""Text to value, one spelling only (docs/format.md section 1).

Python reads more than it should: `int()` takes `1_000`, `+5` and `٣`; `b64decode(validate=True)` takes `YWJ=` for
`YWI=`; `datetime.fromisoformat` takes a dozen forms. Under a signature, two spellings of one value are two
documents, so each reader here accepts exactly the text its writer makes.

>>> decimal("41"), base64_of(b"ab"), bytes_of("YWI=")
(41, 'YWI=', b'ab')
>>> instant("2026-11-23T14:03:22.123456Z").isoformat()
'2026-11-23T14:03:22.123456+00:00'
"""

import binascii
import datetime as dt
import re

from .errors import Malformed

MAX_INTEGER = 2**53 - 1
"""The largest number that every JSON reader keeps exactly (RFC 8785, RFC 7493)."""

MAX_ORIGIN = 120
HASH_SIZE = 32

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# hours to 23: later Pythons read 24:00:00 as the next day's midnight, which has a spelling already
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
_ORIGIN = re.compile(r"[!-*,-~]{1,120}", re.ASCII)
_RECORDER = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


def decimal(text: str, *, most: int = MAX_INTEGER) -> int:
    """The number that decimal ASCII text names: no sign, no leading zero, at most `most`."""
    if not _DECIMAL.fullmatch(text):
        raise Malformed("expected a decimal number without sign or leading zero")
    number = int(text)
    if number > most:
        raise Malformed(f"expected a number of at most {most}")
    return number


def base64_of(data: bytes) -> str:
    """Standard padded base64 (RFC 4648 section 4)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def bytes_of(text: str) -> bytes:
    """The bytes that canonical base64 text names; any other spelling is refused."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True) if text else b""
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed("expected standard padded base64") from None
    if base64_of(data) != text:
        raise Malformed("expected canonical base64: unused bits must be zero")
    return data


def hash_of(text: str) -> bytes:
    """The 32 bytes of a SHA-256 hash written in base64."""
    data = bytes_of(text)
    if len(data) != HASH_SIZE:
        raise Malformed(f"expected a hash of {HASH_SIZE} bytes, found {len(data)}")
    return data


def date(text: str) -> dt.date:
    """A day of the calendar, `YYYY-MM-DD`."""
    if not _DATE.fullmatch(text):
        raise Malformed("expected a date as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Malformed("expected a day that the calendar has") from None


def instant(text: str) -> dt.datetime:
    """A moment in UTC, `YYYY-MM-DDTHH:MM:SS.ffffffZ`; seconds run from 00 to 59."""
    if not _INSTANT.fullmatch(text):
        raise Malformed("expected a time as YYYY-MM-DDTHH:MM:SS.ffffffZ")
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("expected a time that the calendar has") from None


def text_of_instant(moment: dt.datetime) -> str:
    """The one spelling of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("expected an aware datetime")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def origin(text: str) -> str:
    """A ledger's name: printable ASCII without space or `+`, 1 to 120 characters. Returned unchanged."""
    if not _ORIGIN.fullmatch(text):
        raise Malformed(f"expected an origin of 1 to {MAX_ORIGIN} printable ASCII characters without space or +")
    return text


def recorder_name(text: str) -> str:
    """A recorder's short name: `[a-z0-9-]{1,40}`. Returned unchanged."""
    if not _RECORDER.fullmatch(text):
        raise Malformed("expected a recorder's name of 1 to 40 characters from a-z, 0-9 and -")
    return text
