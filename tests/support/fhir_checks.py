"""Three checks of a FHIR R4 resource, each seeing what the others do not; together they find every planted defect.

`models`: the types of fhir.resources (R4B, whose AuditEvent is R4's). `schema`: HL7's own JSON schema. `rules`: the
profile IHE BALP PrivacyDisclosure.Source and FHIR's invariants, as FHIRPath.
"""

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# an excerpt, without descriptions, of fhir.schema.json of FHIR R4 (4.0.1), https://hl7.org/fhir/R4/downloads.html; HL7
# publishes the FHIR specification under Creative Commons CC0, https://hl7.org/fhir/R4/license.html
SCHEMA = Path(__file__).parents[1] / "render" / "hl7-fhir-r4.schema.json"

DCM = "http://dicom.nema.org/resources/ontology/DCM"
_LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_SOURCE = f"agent.where(type.coding.where(system = '{DCM}' and code = '110153').exists())"
_RECIPIENT = f"agent.where(type.coding.where(system = '{DCM}' and code = '110152').exists())"
_XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">'
_PATIENT = f"entity.where(type.system = '{_ENTITY}' and type.code = '1')"

RULES = {
    # element of the profile: what it demands
    "type is DCM 110106 Export": f"type.system = '{DCM}' and type.code = '110106'",
    "subtype[disclosure] is there": f"subtype.where(system = '{_LIFECYCLE}' and code = 'disclose').exists()",
    "action is R": "action = 'R'",
    "outcome 1..1": "outcome.count() = 1",
    "modifierExtension 0..0": "modifierExtension.empty()",
    "agent[source] 1..1": f"{_SOURCE}.count() = 1",
    "agent[source].who 1..1": f"{_SOURCE}.who.count() = 1",
    "agent[source].network 1..1": f"{_SOURCE}.network.count() = 1",
    "val-audit-source: agent[source].who = source.observer": f"{_SOURCE}.who = source.observer",
    "agent[recipient] 1..1": f"{_RECIPIENT}.count() = 1",
    "agent[recipient].who 1..1": f"{_RECIPIENT}.who.count() = 1",
    "agent[recipient].network 1..1": f"{_RECIPIENT}.network.count() = 1",
    "entity 2..*": "entity.count() >= 2",
    "entity[patient] 1..1": f"{_PATIENT}.count() = 1",
    "entity[patient].role is object-role 1": f"{_PATIENT}.role.where(system = '{_ROLE}' and code = '1').count() = 1",
    "entity[patient].what 1..1, a Patient": f"{_PATIENT}.what.count() = 1 and {_PATIENT}.what.type = 'Patient'",
    # not of the profile: what this export promises beside it
    "purposeOfEvent is there": "purposeOfEvent.exists()",
    "period.start is there": "period.start.exists()",
}
"""What only a disclosure must fulfil."""

INVARIANTS = {
    "sev-1: no entity has both name and query": "entity.where(name.exists() and query.exists()).empty()",
    "per-1: no period ends before it starts": "period.end.empty() or period.start <= period.end",
    "txt-1: a narrative is XHTML": f"text.empty() or text.`div`.startsWith('{_XHTML}')",
}
"""What FHIR demands of every AuditEvent, and a schema cannot say."""


@functools.cache
def _compiled(expression: str) -> Callable[[Any], list[Any]]:
    fhirpathpy = pytest.importorskip("fhirpathpy", reason="the rules are FHIRPath: install the extra test")
    from fhirpathpy.models import models

    compiled: Callable[[Any], list[Any]] = fhirpathpy.compile(expression, models["r4"])
    return compiled


def rules(event: dict[str, Any]) -> list[str]:
    """The rules that an AuditEvent breaks: those of the profile only where it claims it."""
    claimed = RULES if event.get("meta", {}).get("profile") else {}
    broken = [name for name, path in {**claimed, **INVARIANTS}.items() if _compiled(path)(event) != [True]]
    return broken + [f"ele-1: {path} has a value or children" for path in empty(event)]


def empty(node: Any, path: str = "AuditEvent") -> Iterator[str]:
    """Where something is there and says nothing; FHIRPath does not see it."""
    if node in ({}, [], "", None):
        yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in children:
        yield from empty(child, f"{path}.{name}")


@functools.cache
def _validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="HL7's schema needs jsonschema: install the extra test")
    return jsonschema.Draft6Validator(json.loads(SCHEMA.read_text("utf-8")))


def schema(resource: dict[str, Any]) -> list[str]:
    """What HL7's JSON schema finds."""
    return [error.json_path for error in _validator().iter_errors(resource)]


def models(resource: dict[str, Any], package: str = "fhir.resources.R4B") -> list[str]:
    """What the types of fhir.resources find."""
    fhir = pytest.importorskip(package, reason="the types of FHIR: install the extra test")
    try:
        fhir.get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValueError as error:
        return [f"{error}"]
    return []


def found(resource: dict[str, Any]) -> list[str]:
    """What any of the three finds; for a Bundle, in every resource that it holds."""
    if resource["resourceType"] == "Bundle":
        inside = [fault for entry in resource["entry"] for fault in found(entry["resource"])]
        return inside + models(resource) + schema(resource)
    ruled = rules(resource) if resource["resourceType"] == "AuditEvent" else []
    return models(resource) + schema(resource) + ruled
