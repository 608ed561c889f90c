"""A cell of a table to the JSON value of one field, by the field's form.

>>> from disclosure_ledger.hipaa.forms import FLAG, choice
>>> value("Yes", FLAG, "via_ehr"), value("Court order", choice(("court_order",)), "basis")
(True, 'court_order')

A list is written with `;` or new lines between its items (codes also with commas), a paper as `TYPE:REF:DATE:ISSUER`,
and any other list of objects as JSON.
"""

import datetime as dt
import json
import re
from typing import Any, Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord
from disclosure_ledger.hipaa.forms import COUNT, DATE, FLAG, Form
from disclosure_ledger.hipaa.particulars import Evidence
from disclosure_ledger.hipaa.parts import DISCLOSED_ON

from . import dates, from_jsonl
from .rows import Cell, Unread

_FLAGS: Final = {"true": True, "yes": True, "y": True, "x": True, "1": True} | {
    "false": False, "no": False, "n": False, "0": False,
}  # fmt: skip
_RANGE: Final = re.compile(r"(\S+)\s+(?:to|until|–|-)\s+(\S+)")


def value(cell: Cell, form: Form[Any], path: str, *, order: str | None = None) -> JSON:
    """The JSON value of a cell that is not blank, as its form writes it. Raises InvalidRecord naming the field."""
    if isinstance(cell, Unread):
        raise InvalidRecord(f"expected a value, found {cell.why}", field=path, hint=cell.hint)
    made = _value(cell, form, path, order)
    return form.write(form.read(made, path))


def _value(cell: str | dt.date | bool, form: Form[Any], path: str, order: str | None) -> JSON:
    if form is DATE or form is DISCLOSED_ON:
        return _when(cell, form, path, order)
    if isinstance(cell, dt.date):
        hint = "a spreadsheet takes 3-12 for a day: format the cell as text, and write what it should say"
        raise InvalidRecord("expected text, found a cell that holds a day", field=path, hint=hint)
    if form is FLAG:
        return _flag(cell, path)
    if isinstance(cell, bool):
        raise InvalidRecord("expected text, found a cell that holds true or false", field=path)
    if form.inside is not None:
        return _list(cell, form.inside, path, order)
    if form is COUNT:
        return _count(cell, path)
    return _code(cell) if form.is_code else cell


def _when(cell: str | dt.date | bool, form: Form[Any], path: str, order: str | None) -> JSON:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bool):
        raise InvalidRecord("expected a day, found a cell that holds true or false", field=path)
    span = _RANGE.fullmatch(cell.strip()) if form is DISCLOSED_ON else None
    if span is None:
        return dates.day(cell, order, path).isoformat()
    first, last = (dates.day(one, order, path).isoformat() for one in span.groups())
    return {"from": first, "to": last}


def _flag(cell: str | bool, path: str) -> bool:
    said = cell if isinstance(cell, bool) else _FLAGS.get(cell.strip().casefold())
    if said is None:
        raise InvalidRecord("expected yes or no", field=path)
    return said


def _count(cell: str, path: str) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise InvalidRecord("expected a whole number from 1 to 1,000,000", field=path)
    return int(text)


def _code(cell: str) -> str:
    """A code as people write it, `Court order` for `court_order`; what is none then is refused by its form."""
    return re.sub(r"[\s-]+", "_", cell.strip().casefold())


def _list(cell: str, inside: Any, path: str, order: str | None) -> JSON:
    if cell.lstrip().startswith("["):
        return _json(cell, path)
    if isinstance(inside, type):
        raise InvalidRecord("expected a list of objects as JSON", field=path)
    marks = "[,;\n]" if inside.is_code else "[;\n]"
    parts = [part.strip() for part in re.split(marks, cell) if part.strip()]
    if inside.inside is Evidence:
        return [paper(part, path, order) for part in parts]
    if inside.inside is not None:
        raise InvalidRecord("expected a list of objects as JSON", field=path)
    return [_code(part) if inside.is_code else part for part in parts]


def paper(text: str, path: str, order: str | None) -> JSON:
    """A paper from `TYPE[:REF[:DATE[:ISSUER]]]`; the issuer comes last and may hold colons."""
    kind, *rest = text.split(":", 3)
    made: dict[str, JSON] = {"type": _code(kind)}
    for name, part in zip(("ref", "dated", "issuer"), rest, strict=False):
        if part.strip():
            made[name] = dates.day(part, order, f"{path}.dated").isoformat() if name == "dated" else part
    return made


def _json(cell: str, path: str) -> JSON:
    try:
        return from_jsonl.parse(b'{"list": ' + cell.encode() + b"}")["list"]
    except InvalidRecord as error:
        raise InvalidRecord("expected a list, or one written as JSON", field=path, hint=error.hint) from None
    except (UnicodeEncodeError, json.JSONDecodeError):
        raise InvalidRecord("expected a list, or one written as JSON", field=path) from None
