"""Frozen records of every kind that a practice tells the ledger: valid, or not constructible.

`from_json` reads what is imported; `to_fields` and `from_fields` go to and from the flat map of docs/format.md
section 5, in which every field of the kind is present and an absent one is None.

>>> record = from_json({"kind": "hold", "client": "C-1001", "reason": "case 881"})
>>> record
Hold(client='C-1001', ref=None, note=None, recorded_by=None, reason='case 881')
>>> to_fields(record, recorded_by="owner")
{'client': 'C-1001', 'note': None, 'reason': 'case 881', 'recorded_by': 'owner', 'ref': None}
>>> from_fields("hold", to_fields(record, recorded_by="owner")).recorded_by
'owner'
>>> from_json({"kind": "hold", "client": "C-1001", "resaon": "case 881"})
Traceback (most recent call last):
    ...
disclosure_ledger.errors.InvalidRecord: field resaon: expected no field of this name

Kinds and fields: docs/records.md.
"""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord, Malformed

from .forms import nearest
from .particulars import Evidence, Informed, Override, Representative, Requester
from .parts import Day, DisclosedOn, EventPlus, Party, Range, Recipient, Span
from .people import Client, Hold, HoldLifted, Record, ResearchCandidate, ResearchProtocol
from .permissions import (
    Authorization,
    AuthorizationRevoked,
    Restriction,
    RestrictionEnded,
    Suspension,
    SuspensionLifted,
)
from .releases import REPLACEMENT_FIELDS, Correction, Disclosure, read_correction, with_replacement
from .requests import (
    AccountingExtended,
    AccountingFeeNotice,
    AccountingProvided,
    AccountingRequest,
    AccountingWithdrawn,
)
from .shapes import items, read_object, write_object

__all__ = [
    "KINDS",
    "AccountingExtended",
    "AccountingFeeNotice",
    "AccountingProvided",
    "AccountingRequest",
    "AccountingWithdrawn",
    "Authorization",
    "AuthorizationRevoked",
    "Client",
    "Correction",
    "Day",
    "DisclosedOn",
    "Disclosure",
    "EventPlus",
    "Evidence",
    "Hold",
    "HoldLifted",
    "Informed",
    "Override",
    "Party",
    "Range",
    "Recipient",
    "Record",
    "Representative",
    "Requester",
    "ResearchCandidate",
    "ResearchProtocol",
    "Restriction",
    "RestrictionEnded",
    "Span",
    "Suspension",
    "SuspensionLifted",
    "check_not_after",
    "field_names",
    "from_fields",
    "from_json",
    "release_in",
    "same_content",
    "to_fields",
    "to_json",
    "with_release",
]

KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            Client,
            Disclosure,
            Correction,
            Authorization,
            AuthorizationRevoked,
            Restriction,
            RestrictionEnded,
            Suspension,
            SuspensionLifted,
            ResearchProtocol,
            ResearchCandidate,
            AccountingRequest,
            AccountingExtended,
            AccountingFeeNotice,
            AccountingWithdrawn,
            AccountingProvided,
            Hold,
            HoldLifted,
        )
    }
)
"""Every kind of record, by its name."""

R = TypeVar("R", bound=Record)


@functools.cache
def field_names(kind: str) -> tuple[str, ...]:
    """The names of the fields of a kind, ascending (docs/format.md section 5)."""
    names = {item.name for item in items(_class(kind))}
    if kind == Correction.kind:
        names |= {"retract", *(item.name for item in REPLACEMENT_FIELDS)}
    return tuple(sorted(names))


def _class(kind: str) -> type[Record]:
    if kind not in KINDS:
        raise Malformed("expected a kind of record that this release knows")
    return KINDS[kind]


def from_json(obj: Mapping[str, JSON]) -> Record:
    """The record that one JSON object names. Raises InvalidRecord, with the path of the field, where it names none."""
    if not isinstance(obj, Mapping):
        raise InvalidRecord("expected an object")
    kind = obj.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidRecord("expected a kind of record", field="kind", hint=nearest(kind, KINDS))
    rest = {name: value for name, value in obj.items() if name != "kind"}
    return read_correction(rest) if kind == Correction.kind else read_object(KINDS[kind], rest)


def to_json(record: Record, *, stored: bool = False) -> dict[str, JSON]:
    """The input form of a record again; with `stored`, also what the ledger wrote into it."""
    obj = {"kind": record.kind, **write_object(record, stored=stored)}
    if record.client is not None:
        obj["client"] = record.client
    if isinstance(record, Correction):
        if record.replacement is None:
            return {**obj, "retract": True}
        replacement = write_object(record.replacement, stored=stored)
        obj["disclosure"] = {name: value for name, value in replacement.items() if name != "client"}
    return obj


def to_fields(
    record: Record,
    *,
    corrects_index: int | None = None,
    recorded_by: str | None = None,
    counted_as: str | None = None,
    findings: Sequence[str] | None = None,
    purpose: str | None = None,
) -> dict[str, JSON]:
    """The flat map of a record, every field of its kind present; what is given here stands before what it holds.

    `corrects_index` is the entry that stood until then, for a correction. `counted_as`, `findings` and `purpose` go
    into a release only. Raises ValueError for a correction whose entry has no index yet.
    """
    fields: dict[str, JSON] = dict.fromkeys(field_names(record.kind))
    fields |= write_object(record)
    if isinstance(record, Correction):
        fields |= _of_correction(record, corrects_index)
    if recorded_by is not None:
        fields["recorded_by"] = recorded_by
    if release_in(record) is not None:
        given = {"counted_as": counted_as, "findings": findings and list(findings), "purpose": purpose}
        fields |= {name: value for name, value in given.items() if value is not None}
        if findings is not None:
            fields["findings"] = list(findings)
    return fields


def _of_correction(record: Correction, corrects_index: int | None) -> dict[str, JSON]:
    index = record.corrects if corrects_index is None else corrects_index
    if not isinstance(index, int):
        raise ValueError("expected the index of the entry that the correction corrects")
    if record.replacement is None:
        return {"corrects": index, "retract": True}
    flat = write_object(record.replacement)
    return {"corrects": index, **{item.name: flat.get(item.name) for item in REPLACEMENT_FIELDS}}


def from_fields(kind: str, fields: Mapping[str, JSON]) -> Record:
    """The record that a flat map names, as `to_fields` wrote it. Raises Malformed or InvalidRecord."""
    if kind != Correction.kind:
        return read_object(_class(kind), fields, stored=True)
    flat = {item.name for item in REPLACEMENT_FIELDS}
    own = {name: value for name, value in fields.items() if name not in flat and name != "retract"}
    correction = read_object(Correction, own, stored=True)
    replacement = None if fields.get("retract") else {name: fields.get(name) for name in flat}
    return with_replacement(correction, replacement, stored=True)


_OWN_WRITING = frozenset({"recorded_by", "counted_as", "findings", "corrects"})


def same_content(fields_a: Mapping[str, JSON], fields_b: Mapping[str, JSON]) -> bool:
    """Do two flat maps say the same, but for what the ledger writes itself?

    Not compared: `recorded_by`, `counted_as`, `findings`, a `purpose` that one of them left out, and `corrects`, which
    is the index of what stood at the time (whoever compares knows whether both name one release).
    """
    names = (fields_a.keys() | fields_b.keys()) - _OWN_WRITING
    if fields_a.get("purpose") is None or fields_b.get("purpose") is None:
        names -= {"purpose"}
    return all(fields_a.get(name) == fields_b.get(name) for name in names)


def release_in(record: Record) -> Disclosure | None:
    """The release that a record states: the disclosure itself, or a correction's replacement."""
    if isinstance(record, Correction):
        return record.replacement
    return record if isinstance(record, Disclosure) else None


def with_release(record: R, **changed: object) -> R:
    """The same record with fields of its release changed (`counted_as=…`, `findings=…`, `purpose=…`)."""
    if isinstance(record, Correction) and record.replacement is not None:
        replacement = dataclasses.replace(record.replacement, **changed)  # type: ignore[arg-type]
        return dataclasses.replace(record, replacement=replacement)
    return dataclasses.replace(record, **changed) if isinstance(record, Disclosure) else record  # type: ignore[arg-type]


def check_not_after(record: Record, today: date) -> None:
    """Raise InvalidRecord where a release is dated after the day it is recorded."""
    release = release_in(record)
    if release is not None and release.latest_day > today:
        field = "disclosure.disclosed_on" if isinstance(record, Correction) else "disclosed_on"
        raise InvalidRecord(
            "expected a day not after the day of recording",
            field=field,
            hint="a release is recorded once it has happened; `check` judges one that is to come",
        )
