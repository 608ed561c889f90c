"""JSON in and out: RFC 8785, restricted so that every reader agrees (docs/format.md section 1).

ASCII keys, NFC strings, integers within ±(2^53−1), booleans, null, at most 32 levels; no floats. `decode` parses,
writes again and refuses what differs by a byte, so a document has one spelling and a duplicate key cannot hide.

>>> encode({"b": 1, "a": [None, True, "é"]})
b'{"a":[null,true,"\\xc3\\xa9"],"b":1}'
"""

import unicodedata
from collections.abc import Iterable
from typing import Any, TypeAlias

import orjson

from .errors import Malformed
from .strict import MAX_INTEGER

JSON: TypeAlias = Any
"""None, bool, int, str, list or dict of these. A recursive alias would make every reader cast."""

MAX_DEPTH = 32


def encode(value: JSON) -> bytes:
    """The one spelling of a value. Raises Malformed where the value has none."""
    check(value)
    return encode_checked(value)


def check(value: JSON) -> None:
    """Refuse a value that has no canonical spelling: Malformed."""
    _check(value, MAX_DEPTH)


def encode_checked(value: JSON) -> bytes:
    """The one spelling of a value that `check` has let pass, alone or as a part of something."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # a lone surrogate: text that UTF-8 does not have
        raise Malformed("expected Unicode text") from None


def decode(data: bytes) -> JSON:
    """The value that canonical bytes name. Raises Malformed for every other spelling of it."""
    try:
        value = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError):
        raise Malformed("expected JSON") from None
    if encode(value) != data:
        raise Malformed("expected JSON in the canonical form of RFC 8785")
    return value


_PLAIN = (type(None), bool)
_TEXT = frozenset({str})


def _check(value: JSON, depth: int) -> None:
    """Refuse what RFC 8785 as restricted here cannot say. `depth` is how many levels may still open."""
    kind = type(value)
    if kind is str:
        _check_text(value)
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise Malformed("expected integers within 2^53-1")
    elif kind in _PLAIN:
        pass
    elif kind is dict:
        _check_keys(value)
        _check_items(value.values(), depth)
    elif kind is list or kind is tuple:
        _check_items(value, depth)
    else:
        raise Malformed("expected no floats and nothing that JSON lacks")


def _check_items(items: Iterable[JSON], depth: int) -> None:
    """The items of a list or the values of an object. Most are short texts and nulls: those cost no call."""
    if depth == 0:
        raise Malformed(f"expected at most {MAX_DEPTH} levels")
    for item in items:
        if item is None or (type(item) is str and item.isascii()):
            continue
        _check(item, depth - 1)


def _check_keys(value: dict[JSON, JSON]) -> None:
    try:
        ascii_only = "".join(value).isascii()
    except TypeError:
        ascii_only = False
    if not ascii_only:
        raise Malformed("expected ASCII keys")


def _check_text(text: str) -> None:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise Malformed("expected strings in Unicode form NFC")
