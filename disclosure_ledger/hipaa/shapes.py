"""How a whole object is read and written: a frozen dataclass whose fields carry forms, and one reader for all kinds.

Read from JSON or built in Python, a value passes its form, so an invalid record cannot be constructed.

>>> from disclosure_ledger.hipaa.forms import DATE, of
>>> from dataclasses import field
>>> from datetime import date
>>> @dataclass(frozen=True, slots=True, kw_only=True)
... class Day(Shaped):
...     on: date = field(metadata=of(DATE))
>>> read_object(Day, {"on": "2026-02-03"})
Day(on=datetime.date(2026, 2, 3))
>>> read_object(Day, {})
Traceback (most recent call last):
    ...
disclosure_ledger.errors.InvalidRecord: field on: expected a value, found none

Rules: docs/records.md ("Rules for all records").
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeAlias, TypeVar

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord

from .forms import Form, nearest, under

S = TypeVar("S", bound="Shaped")

Put: TypeAlias = Callable[[Any, Any], None]
"""Sets one attribute of an instance."""

_NAME = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """One field of a shape: the attribute, the name in JSON, its form, and when it must be there."""

    attribute: str
    name: str
    form: Form[Any]
    required: bool
    asked: bool
    stored: bool


class Shaped:
    """A frozen dataclass whose fields carry forms. What is built in Python passes them as what is read does."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for item in items(type(self)):
            value = getattr(self, item.attribute)
            if value is not None:
                object.__setattr__(self, item.attribute, item.form.read(_written(item, value), item.name))
            elif item.required:
                raise InvalidRecord("expected a value", field=item.name)
        self.rules()

    def rules(self) -> None:
        """Raise InvalidRecord where the fields contradict each other."""


def items(kind: type[Shaped]) -> tuple[Item, ...]:
    """The fields of a shape that carry a form, in their order."""
    key: Any = kind  # mypy holds a class of dataclasses for unhashable
    return _items(key)


@functools.cache
def _items(kind: Any) -> tuple[Item, ...]:
    return tuple(
        Item(
            attribute=field.name,
            name=field.name.rstrip("_"),
            form=field.metadata["form"],
            required=field.default is MISSING,
            asked=field.metadata["asked"],
            stored=field.metadata["stored"],
        )
        for field in fields(kind)
        if "form" in field.metadata
    )


def built(kind: type[S], values: Mapping[str, Any]) -> S:
    """An instance of values that have passed their forms already: only the rules between fields are left to check."""
    made: S = object.__new__(kind)
    key: Any = kind
    for attribute, put in _puts(key).items():
        put(made, values.get(attribute))
    made.rules()
    return made


def read_object(kind: type[S], value: JSON, *, path: str = "", stored: bool = False, **given: Any) -> S:
    """The value of shape `kind` that a JSON object names; `given` sets attributes that the object may not."""
    if not isinstance(value, Mapping):
        raise InvalidRecord("expected an object", field=path or None)
    key: Any = kind
    way = _way(key, stored, frozenset(given))
    _refuse_unknown(value, way.known, path)
    made: S = object.__new__(kind)
    find, before = value.get, f"{path}." if path else ""
    for name, put, read, needed in way.read:
        raw = find(name)
        if raw is not None:
            put(made, read(raw, before + name))
        elif needed:
            raise InvalidRecord("expected a value, found none", field=before + name)
        else:
            put(made, None)
    for attribute, put in way.given:
        put(made, given.get(attribute))
    try:
        made.rules()
    except InvalidRecord as wrong:
        field = under(path, wrong.field) if wrong.field else path or None
        raise InvalidRecord(wrong.message, field=field, hint=wrong.hint) from None
    return made


@dataclass(frozen=True, slots=True)
class _Way:
    """How objects of a shape are read, worked out once: it happens several times with every record."""

    known: Mapping[str, Item]
    """The fields that an object may name."""
    read: tuple[tuple[str, Put, Callable[[JSON, str], Any], bool], ...]
    """The same as reading goes through them: name, what sets the attribute, what reads it, whether it must be there."""
    given: tuple[tuple[str, Put], ...]
    """The other attributes, and what sets them."""


@functools.cache
def _way(kind: Any, stored: bool, given: frozenset[str]) -> _Way:
    known = {item.name: item for item in items(kind) if (stored or not item.stored) and item.attribute not in given}
    puts = dict(_puts(kind))
    return _Way(
        known=known,
        read=tuple(
            (name, puts.pop(item.attribute), item.form.read, item.required or (item.asked and not stored))
            for name, item in known.items()
        ),
        given=tuple(puts.items()),
    )


@functools.cache
def _puts(kind: Any) -> Mapping[str, Put]:
    """For each attribute of a shape what sets it in a new instance, past the lock of a frozen dataclass."""
    return {field.name: getattr(kind, field.name).__set__ for field in fields(kind)}


@functools.cache
def _writers(kind: Any, stored: bool) -> tuple[tuple[str, str, Callable[[Any], JSON]], ...]:
    return tuple((item.name, item.attribute, item.form.write) for item in items(kind) if stored or not item.stored)


def _refuse_unknown(value: Mapping[str, JSON], known: Mapping[str, Item], path: str) -> None:
    if value.keys() <= known.keys():
        return
    for name in value:
        if name not in known:
            safe = _NAME.fullmatch(str(name))  # a name from outside may be anything, even somebody's
            raise InvalidRecord(
                "expected no field of this name" if safe else "expected only fields of this kind",
                field=under(path, name) if safe else path or None,
                hint=nearest(name, known),
            )


def write_object(value: Shaped, *, stored: bool = True) -> dict[str, JSON]:
    """The JSON object of a shape; absent fields are left out."""
    kind: Any = type(value)
    return {
        name: write(found)
        for name, attribute, write in _writers(kind, stored)
        if (found := getattr(value, attribute)) is not None
    }


def nested(kind: type[S]) -> Form[S]:
    """An object of its own shape inside a record; fields that are absent are left out when written."""
    return Form(lambda value, path: read_object(kind, value, path=path), lambda value: write_object(value), inside=kind)


def _written(item: Item, value: Any) -> JSON:
    try:
        return item.form.write(value)
    except (AttributeError, TypeError):
        raise InvalidRecord("expected a value of the field's type", field=item.name) from None
