"""The releases of a whole ledger as FHIR R4 or R5, one AuditEvent a line (NDJSON, as FHIR's bulk data has it).

>>> from datetime import UTC, datetime
>>> from disclosure_ledger.released import Place
>>> on = datetime(2026, 2, 4, tzinfo=UTC)
>>> at = Place(index=6, kind="disclosure", leaf_hash=bytes(32), recorded_at=on, recorder="owner")
>>> fields = {"client": "C-1001", "disclosed_on": "2026-02-03", "basis": "court_order", "counted_as": "court_order",
...     "description": "visit dates", "recipient": {"name": "County Court", "type": "court"}}
>>> event = orjson.loads(line(Released(place=at, fields=fields), practice="Harbor", names=Names.of("harbor.example")))
>>> [code["code"] for code in event["purposeOfEvent"][0]["coding"]], event["recorded"], event["period"]["start"]
(['HLEGAL', '164.512(e)(1)(i)'], '2026-02-04T00:00:00.000000Z', '2026-02-03')

A release that stands is a disclosure by the profile. An entry that was corrected or retracted is an event of another
kind, `deprecate`: whoever counts disclosures does not count it, and nothing of it is lost. Mapping: docs/fhir.md.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from disclosure_ledger import strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.hipaa.bases import BASES, PART2
from disclosure_ledger.hipaa.parts import EventPlus, read_disclosed_on
from disclosure_ledger.released import Change, Place, Released

from . import auditevent, fhir_r5
from .auditevent import Coding, Deprecation, Event, LedgerEntry, identifier
from .fhir_codes import ACT_CODE, ACT_REASON, CFR_42, CFR_45, DCM, MEDIA, NETWORKS, REASONS, coding
from .fhir_names import Names
from .to_fhir import who

_PLACED: Final = frozenset({"client", "description", "purpose"})
"""Fields that stand in an element of their own, whole; every other one is a detail."""

_BY_HAND: Final = frozenset({"mail", "in_person"})


def line(released: Released, *, practice: str, names: Names, r5: bool = False) -> bytes | None:
    """The AuditEvent with a newline; None for what an event cannot tell: an erased entry, or a retraction itself.

    What a retraction says stands in the event of the entry that it retracts.
    """
    if released.fields is None or released.state == "retraction":
        return None
    if released.change is not None:
        event = auditevent.r4_deprecation(_deprecation(released, released.fields, released.change, practice, names))
    else:
        event = auditevent.r4(_event(released.place, released.fields, practice, names))
    return orjson.dumps(fhir_r5.event(event) if r5 else event, option=orjson.OPT_APPEND_NEWLINE)


def _event(place: Place, fields: Mapping[str, Any], practice: str, names: Names) -> Event:
    recipient, method = fields["recipient"], fields.get("method") or ""
    return Event(
        id=names.id("entry", str(place.index)),
        recorded=strict.text_of_instant(place.recorded_at),
        practice=practice,
        recipient=who(recipient["name"], recipient.get("organization"), recipient.get("address")),
        client=identifier(names.system("client"), fields["client"]),
        data=fields["description"],
        period=_period(fields["disclosed_on"]),
        reasons=_reasons(fields),
        statement=fields.get("purpose") or "",
        network=NETWORKS.get(method),
        no_network="not-applicable" if method in _BY_HAND else "unknown",
        medium=coding(DCM, *MEDIA[method]) if method in MEDIA else None,
        details=_details(fields, _PLACED),
        labels=_labels(fields),
        entry=_entry(place, names),
    )


def _deprecation(
    released: Released, fields: Mapping[str, Any], change: Change, practice: str, names: Names
) -> Deprecation:
    return Deprecation(
        id=names.id("deprecated", str(released.place.index)),
        recorded=strict.text_of_instant(change.place.recorded_at),
        practice=practice,
        client=identifier(names.system("client"), fields["client"]),
        state=released.state,
        details=_details(fields, frozenset({"client"})),
        entry=_entry(released.place, names),
        by=_entry(change.place, names, change.told),
    )


def _period(value: JSON) -> tuple[str, str | None]:
    on = read_disclosed_on(value, "disclosed_on")
    return f"{on.first_day}", None if isinstance(on, EventPlus) else f"{on.last_day}"


def _reasons(fields: Mapping[str, Any]) -> tuple[Coding, ...]:
    """Codes of the basis that counts: its purpose of use where there is one, and its paragraphs."""
    counted = fields.get("counted_as") or fields["basis"]
    reason = [coding(ACT_REASON, *REASONS[counted])] if counted in REASONS else []
    paragraphs = [coding(CFR_45, BASES[counted].citation, BASES[counted].title)]
    if fields.get("part2_basis"):
        cited = PART2[fields["part2_basis"]].citation
        paragraphs.append({"system": CFR_42, "code": cited.removeprefix("42 CFR ")})
    return (*reason, *paragraphs)


def _labels(fields: Mapping[str, Any]) -> tuple[Coding, ...]:
    """What the record itself says of how sensitive it is; nothing is guessed from a description."""
    labels = []
    if fields.get("part2_basis"):
        labels.append(coding(ACT_CODE, "42CFRPart2", "42 CFR Part2"))
    if "sud_records" in (fields.get("fields") or ()):
        labels.append(coding(ACT_CODE, "SUD", "substance use disorder information sensitivity"))
    if fields.get("psychotherapy_notes"):
        labels.append(coding(ACT_CODE, "PSYTHPN", "psychotherapy note information sensitivity"))
    return tuple(labels)


def _details(fields: Mapping[str, JSON], placed: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Every field by its own name: text as it is, anything else as JSON."""
    told = ((name, value) for name, value in fields.items() if value is not None and name not in placed)
    return tuple((name, value if isinstance(value, str) else orjson.dumps(value).decode()) for name, value in told)


def _entry(place: Place, names: Names, told: tuple[tuple[str, str], ...] = ()) -> LedgerEntry:
    return LedgerEntry(
        identifier=identifier(names.system("entry"), str(place.index)),
        details=(
            ("kind", place.kind),
            ("leaf_hash", strict.base64_of(place.leaf_hash)),
            ("recorded_at", strict.text_of_instant(place.recorded_at)),
            ("recorder", place.recorder),
            *told,
        ),
    )
