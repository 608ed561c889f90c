"""An AuditEvent of FHIR R4 about a release, by the profile IHE BALP PrivacyDisclosure.Source.

>>> event = Event(id="e-1", recorded="2026-02-04T09:00:00.000000Z", practice="Harbor Counseling LLC",
...     recipient="County Court", client=identifier("https://harbor.example/disclosures/client", "C-1001"),
...     data="visit dates", period=("2026-02-03", "2026-02-03"), statement="A court ordered it.")
>>> r4(event)["period"], [agent["who"] for agent in r4(event)["agent"]]
({'start': '2026-02-03', 'end': '2026-02-03'}, [{'type': 'Organization', 'display': 'Harbor Counseling LLC'}, \
{'display': 'County Court'}])

Elements that the profile demands and a ledger does not know say so, by data-absent-reason. What is an instant in FHIR
and a day in the ledger is not made up: the days of the release stand in `period`, which takes days, and `recorded` is
when the entry was written. Mapping: docs/fhir.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from .fhir_codes import DATA_LIFECYCLE, DCM, ENTITY_TYPE, LIFECYCLE, OBJECT_ROLE, PROFILE, absent, coding, text

Coding = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """The entry of the ledger that says it: by number and hash it is found in an audit package."""

    identifier: Coding
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What an AuditEvent tells of. Texts are as recorded; they are made fit for FHIR where they are written."""

    id: str
    recorded: str | None
    """When the entry was written; None where the reader is not to know."""
    practice: str
    recipient: str
    client: Coding
    """An Identifier."""
    data: str
    """What was released."""
    period: tuple[str, str | None]
    """First and last day; None: an interval after the first, which the details tell."""
    reasons: tuple[Coding, ...] = ()
    statement: str = ""
    """Why, as the client reads it."""
    network: str | None = None
    """The code of the kind of network."""
    no_network: str = "unknown"
    """Why there is none: a code of data-absent-reason."""
    medium: Coding | None = None
    details: tuple[tuple[str, str], ...] = ()
    labels: tuple[Coding, ...] = ()
    entry: LedgerEntry | None = None
    narrative: str | None = None
    """A Narrative's div."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """An entry about a release that stands no more: corrected, or retracted. It is no disclosure."""

    id: str
    recorded: str
    """When the correction was written."""
    practice: str
    client: Coding
    state: str
    """`corrected` or `retracted`."""
    details: tuple[tuple[str, str], ...]
    entry: LedgerEntry
    by: LedgerEntry
    """The correction."""


EXPORT: Final = coding(DCM, "110106", "Export")
DISCLOSE: Final = coding(LIFECYCLE, "disclose", "Disclose Record Lifecycle Event")
DEPRECATE: Final = coding(LIFECYCLE, "deprecate", "Deprecate Record Lifecycle Event")
SOURCE: Final = coding(DCM, "110153", "Source Role ID")
DESTINATION: Final = coding(DCM, "110152", "Destination Role ID")
PERSON: Final = coding(ENTITY_TYPE, "1", "Person")
SYSTEM_OBJECT: Final = coding(ENTITY_TYPE, "2", "System Object")
PATIENT: Final = coding(OBJECT_ROLE, "1", "Patient")
REPORT: Final = coding(OBJECT_ROLE, "3", "Report")
SECURITY_RESOURCE: Final = coding(OBJECT_ROLE, "13", "Security Resource")
_DISCLOSURE: Final = coding(DATA_LIFECYCLE, "11", "Disclosure")
_DELETION: Final = coding(DATA_LIFECYCLE, "14", "Logical deletion")


def identifier(system: str | None, value: str) -> dict[str, Any]:
    """An Identifier."""
    return {**({"system": system} if system else {}), "value": text(value)}


def r4(event: Event) -> dict[str, Any]:
    """The AuditEvent of a release, for FHIR R4 (4.0.1)."""
    practice = {"type": "Organization", "display": text(event.practice)}
    return {
        "resourceType": "AuditEvent",
        "id": event.id,
        "meta": {"profile": [PROFILE]},
        **({"text": {"status": "generated", "div": event.narrative}} if event.narrative else {}),
        "type": EXPORT,
        "subtype": [DISCLOSE],
        "action": "R",
        "period": period(event.period),
        **recorded(event.recorded),
        "outcome": "0",
        "purposeOfEvent": [purpose(event)],
        "agent": [_agent(SOURCE, practice, event), _agent(DESTINATION, {"display": text(event.recipient)}, event)],
        "source": {"observer": practice},
        "entity": [_patient(event.client), _data(event), *([_entry(event.entry)] if event.entry else [])],
    }


def r4_deprecation(event: Deprecation) -> dict[str, Any]:
    """The AuditEvent of an entry that was corrected or retracted: no disclosure, and not of the profile."""
    practice = {"type": "Organization", "display": text(event.practice)}
    said = {**_entry(event.entry), "lifecycle": _DELETION}
    said["detail"] = details((("state", event.state), *event.entry.details, *event.details))
    return {
        "resourceType": "AuditEvent",
        "id": event.id,
        "type": coding(DCM, "110100", "Application Activity"),
        "subtype": [DEPRECATE],
        "action": "U",
        "recorded": event.recorded,
        "outcome": "0",
        "agent": [{"who": practice, "requestor": True}],
        "source": {"observer": practice},
        "entity": [_patient(event.client), said, _entry(event.by)],
    }


def period(days: tuple[str, str | None]) -> dict[str, Any]:
    """A Period of whole days."""
    first, last = days
    return {"start": first, **({"end": last} if last is not None else {})}


def recorded(moment: str | None) -> dict[str, Any]:
    """The element `recorded`: a moment, or that the reader is not to know it."""
    return {"recorded": moment} if moment is not None else {"_recorded": absent("masked")}


def purpose(event: Event) -> dict[str, Any]:
    """Why, as codes and as the statement of 164.528(b)(2)(iv)."""
    codes = {"coding": list(event.reasons)} if event.reasons else {}
    words = {"text": text(event.statement)} if event.statement else {}
    return {**codes, **words} or absent("unknown")


def details(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Details of an entity: names and values."""
    return [{"type": name, "valueString": text(value)} for name, value in pairs]


def _agent(role: Coding, who: dict[str, Any], event: Event) -> dict[str, Any]:
    """Who asked for a release is no field of a record: neither end is called the requestor."""
    return {
        "type": {"coding": [role]},
        "who": who,
        "requestor": False,
        **({"media": event.medium} if event.medium else {}),
        "network": {"type": event.network} if event.network else absent(event.no_network),
    }


def _patient(client: Coding) -> dict[str, Any]:
    return {"what": {"type": "Patient", "identifier": client}, "type": PERSON, "role": PATIENT}


def _data(event: Event) -> dict[str, Any]:
    return {
        "type": SYSTEM_OBJECT,
        "role": REPORT,
        "lifecycle": _DISCLOSURE,
        **({"securityLabel": list(event.labels)} if event.labels else {}),
        "description": text(event.data),
        **({"detail": details(event.details)} if event.details else {}),
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "what": {"identifier": entry.identifier},
        "type": SYSTEM_OBJECT,
        "role": SECURITY_RESOURCE,
        "detail": details(entry.details),
    }
