"""How one value of a record is read and written: a form for each kind of value. `shapes` makes records of them.

An error names the field by its path.

>>> TEXT.read("  Dr. Gray ", "recipient.name")
'Dr. Gray'
>>> DATE.write(DATE.read("2026-02-03", "disclosed_on"))
'2026-02-03'
>>> MONEY.read("12.5", "fee")
Traceback (most recent call last):
    ...
disclosure_ledger.errors.InvalidRecord: field fee: expected an amount such as "12.50"

Rules: docs/records.md ("Rules for all records").
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from disclosure_ledger import strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord, Malformed

T = TypeVar("T")

MOST_TEXT: Final = 4000
MOST_NUMBER: Final = 64
"""Characters of a client number."""
MOST_ITEMS: Final = 1000
"""Items of any list in a record: more is a slip, and would make an entry that nobody can read."""

_MONEY = re.compile(r"(0|[1-9][0-9]{0,8})\.[0-9]{2}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHECK = re.compile(r"[A-Z0-9]{1,10}-[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One shape of value. `read` takes JSON and the field's path; `write` makes the same JSON again."""

    read: Callable[[JSON, str], T]
    write: Callable[[T], JSON]
    inside: "type[Any] | Form[Any] | None" = None
    """What it is made of, for whoever fills it from a flat row: an object's shape, or the form of a list's items."""
    is_code: bool = False
    """One of a closed list of names."""


def of(form: Form[Any], *, stored: bool = False, asked: bool = False) -> Mapping[str, Any]:
    """Metadata of a dataclass field. `stored`: only the ledger writes it. `asked`: input must give it, a ledger's own
    record may lack it."""
    return {"form": form, "stored": stored, "asked": asked}


def _same(value: Any) -> JSON:
    return value


def clean(value: JSON, path: str, *, most: int = MOST_TEXT) -> str:
    """Text in NFC, trimmed, of 1 to `most` characters, without control characters but newline."""
    if not isinstance(value, str):
        raise InvalidRecord("expected text", field=path)
    trimmed: str = (value if value.isascii() else unicodedata.normalize("NFC", value)).strip()
    if not 1 <= len(trimmed) <= most:
        raise InvalidRecord(f"expected 1 to {most:,} characters, found {len(trimmed):,}", field=path)
    if not trimmed.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in trimmed):
        raise InvalidRecord("expected no control characters but newline", field=path)
    return trimmed


def text(most: int = MOST_TEXT) -> Form[str]:
    """Text of 1 to `most` characters."""
    return Form(lambda value, path: clean(value, path, most=most), _same)


def _read_date(value: JSON, path: str) -> date:
    if not isinstance(value, str):
        raise InvalidRecord("expected a date as YYYY-MM-DD", field=path)
    try:
        return strict.date(value)
    except Malformed as wrong:
        raise InvalidRecord(wrong.message, field=path) from None


def _read_money(value: JSON, path: str) -> str:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise InvalidRecord('expected an amount such as "12.50"', field=path)
    return value


def _read_sha256(value: JSON, path: str) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise InvalidRecord("expected a SHA-256 as 64 lower-case hexadecimal digits", field=path)
    return value


def _read_base64(value: JSON, path: str) -> str:
    try:
        strict.bytes_of(value if isinstance(value, str) else "?")
    except Malformed as wrong:
        raise InvalidRecord(wrong.message, field=path) from None
    return str(value)


def _read_flag(value: JSON, path: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidRecord("expected true or false", field=path)
    return value


def _read_count(value: JSON, path: str) -> int:
    if type(value) is not int or not 1 <= value <= 1_000_000:
        raise InvalidRecord("expected a whole number from 1 to 1,000,000", field=path)
    return value


def _read_check(value: JSON, path: str) -> str:
    if not isinstance(value, str) or not _CHECK.fullmatch(value):
        raise InvalidRecord("expected the id of a check such as AUTH-3", field=path)
    return value


TEXT = text()
NUMBER = text(MOST_NUMBER)
"""A client number."""
DATE: Form[date] = Form(_read_date, date.isoformat)
MONEY = Form(_read_money, _same)
"""A decimal string with two places: no float ever holds money."""
SHA256 = Form(_read_sha256, _same)
BASE64 = Form(_read_base64, _same)
FLAG = Form(_read_flag, _same)
COUNT = Form(_read_count, _same)
CHECK = Form(_read_check, _same)


def choice(values: Collection[str]) -> Form[str]:
    """One of `values`; the error says which, and the nearest."""

    def read(value: JSON, path: str) -> str:
        if not isinstance(value, str) or value not in values:
            raise InvalidRecord(f"expected one of {', '.join(values)}", field=path, hint=nearest(value, values))
        return value

    return Form(read, _same, is_code=True)


def coded(look_up: Callable[[str], object]) -> Form[str]:
    """A code of a table; `look_up` raises InvalidRecord for one that the table lacks."""

    def read(value: JSON, path: str) -> str:
        try:
            look_up(value if isinstance(value, str) else "")
        except InvalidRecord as wrong:
            raise InvalidRecord(wrong.message, field=path, hint=wrong.hint) from None
        return str(value)

    return Form(read, _same, is_code=True)


def listing(form: Form[T], *, least: int = 0) -> Form[tuple[T, ...]]:
    """A list of `least` or more items, held as a tuple."""

    def read(value: JSON, path: str) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise InvalidRecord("expected a list", field=path)
        if not least <= len(value) <= MOST_ITEMS:
            raise InvalidRecord(f"expected {least} to {MOST_ITEMS:,} items, found {len(value):,}", field=path)
        return tuple(form.read(item, f"{path}[{place}]") for place, item in enumerate(value))

    return Form(read, lambda value: [form.write(item) for item in value], inside=form)


def nearest(given: object, names: Collection[str]) -> str | None:
    """A hint for a slip of the pen; None where nothing is near."""
    import difflib  # a hint is rarely asked for

    near = difflib.get_close_matches(given, names, n=1) if isinstance(given, str) and len(given) <= 80 else []
    return f"did you mean {near[0]}?" if near else None


def under(path: str, name: str) -> str:
    """The path of a field inside another."""
    return f"{path}.{name}" if path else name
