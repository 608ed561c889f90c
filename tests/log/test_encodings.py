"""The spellings of JSON and of single values: the golden lists, and the public vectors of RFC 8785."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from disclosure_ledger import canonical, strict
from disclosure_ledger.errors import Malformed
from golden_log import golden
from locate import vectors

READERS: dict[str, Callable[[str], object]] = {
    "base64": strict.bytes_of,
    "date": strict.date,
    "decimal": strict.decimal,
    "origin": strict.origin,
    "time": strict.instant,
}
JCS_WITHIN = ("arrays", "structures")
JCS_BEYOND = ("french", "unicode", "values", "weird")
"""They hold floats, keys beyond ASCII or text that is not NFC, which the ledger's JSON leaves out."""


def test_every_golden_list_has_its_reader() -> None:
    assert set(golden("encodings.json")) == {*READERS, "json"}


@pytest.mark.parametrize("kind", READERS)
def test_single_values(kind: str) -> None:
    lists = golden("encodings.json")[kind]
    assert lists["accepted"]
    assert lists["refused"]
    for text in lists["accepted"]:
        READERS[kind](text)
    for text in lists["refused"]:
        with pytest.raises(Malformed):
            READERS[kind](text)


def test_a_time_is_read_as_it_is_written_and_midnight_has_one_spelling() -> None:
    for text in ("2026-11-23T00:00:00.000000Z", "2026-11-23T23:59:59.999999Z", "0001-01-01T19:00:00.000001Z"):
        assert strict.text_of_instant(strict.instant(text)) == text
    for text in ("2026-11-22T24:00:00.000000Z", "2026-11-22T29:00:00.000000Z"):
        assert strict._INSTANT.fullmatch(text) is None
        with pytest.raises(Malformed):
            strict.instant(text)


def test_accepted_json_is_written_as_it_was_read() -> None:
    for text in golden("encodings.json")["json"]["accepted"]:
        data = base64.b64decode(text, validate=True)
        assert canonical.encode(canonical.decode(data)) == data


def test_refused_json() -> None:
    for refused in golden("encodings.json")["json"]["refused"]:
        data = base64.b64decode(refused["bytes"], validate=True)
        with pytest.raises(Malformed):
            canonical.decode(data)


def jcs(folder: str, name: str) -> bytes:
    return (vectors() / "jcs" / folder / f"{name}.json").read_bytes()


def test_every_public_vector_is_named_here() -> None:
    assert {path.stem for path in (vectors() / "jcs" / "input").iterdir()} == {*JCS_WITHIN, *JCS_BEYOND}


@pytest.mark.parametrize("name", JCS_WITHIN)
def test_public_vectors_to_the_byte(name: str) -> None:
    expected = jcs("output", name)
    # one of them spells the number 56 as 56.0
    assert canonical.encode(json.loads(jcs("input", name), parse_float=whole)) == expected
    assert canonical.encode(canonical.decode(expected)) == expected


def whole(text: str) -> int:
    number = float(text)
    assert number.is_integer()
    return int(number)


@pytest.mark.parametrize("name", JCS_BEYOND)
def test_public_vectors_beyond_our_json_are_refused(name: str) -> None:
    value: Any = json.loads(jcs("input", name))
    with pytest.raises(Malformed):
        canonical.encode(value)
    with pytest.raises(Malformed):
        canonical.decode(jcs("output", name))
