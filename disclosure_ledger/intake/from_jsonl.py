"""JSON Lines: one record a line (docs/records.md).

JSON as people write it, not as the ledger keeps it: keys in any order, any spacing, an optional byte order mark. What
would be ambiguous is refused: a key twice, a number with a fraction, `NaN`.

>>> [record.kind for _, record in read([b'{"kind": "client", "client": "C-1", "name": "Dana Example"}'])]
['client']
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, NoReturn

from disclosure_ledger.canonical import JSON, MAX_DEPTH
from disclosure_ledger.errors import InvalidImport, InvalidRecord
from disclosure_ledger.hipaa import records

MAX_LINE = 16 << 20
"""Bytes. An accounting that was given, as base64, is the largest thing a record holds."""

MAX_ERRORS = 100
"""More errors than this help nobody; the others are counted."""


def read(lines: Iterable[bytes]) -> Iterator[tuple[int, records.Record]]:
    """Each record with its line, counted from 1. Raises InvalidImport, with every error, when the lines end."""
    errors: list[InvalidRecord] = []
    more = 0
    for number, line in enumerate(lines, 1):
        try:
            record = read_line(line, first=number == 1)
        except InvalidRecord as error:
            if len(errors) < MAX_ERRORS:
                errors.append(error.at_line(number))
            else:
                more += 1
            continue
        if record is not None:
            yield number, record
    if errors:
        raise InvalidImport(tuple(errors), more=more)


def read_line(line: bytes, *, first: bool = False) -> records.Record | None:
    """The record of one line; None for a blank one."""
    if first:
        line = line.removeprefix(b"\xef\xbb\xbf")
    if not line.strip():
        return None
    return records.from_json(parse(line))


def parse(text: bytes) -> dict[str, JSON]:
    """One JSON object. Raises InvalidRecord."""
    if len(text) > MAX_LINE:
        raise InvalidRecord(f"expected a record of at most {MAX_LINE} bytes")
    try:
        # what json.loads does with bytes, but for making a decoder each time
        value = _DECODER.decode(text.decode(json.detect_encoding(text), "surrogatepass"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise InvalidRecord("expected one JSON object") from None
    except (RecursionError, ValueError):  # ValueError: a number of more digits than Python converts
        raise InvalidRecord(f"expected JSON of at most {MAX_DEPTH} levels, and whole numbers") from None
    if not isinstance(value, dict):
        raise InvalidRecord("expected one JSON object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise InvalidRecord("expected each key once")
    return made


def _fraction(_text: str) -> NoReturn:
    raise InvalidRecord('expected no number with a fraction: money is text such as "12.50"')


def _constant(_text: str) -> NoReturn:
    raise InvalidRecord("expected no NaN and no Infinity")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_fraction, parse_constant=_constant)
