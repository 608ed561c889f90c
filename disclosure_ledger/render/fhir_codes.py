"""The codes of FHIR that an export needs, and which of them a legal basis has.

>>> REASONS["court_order"], "impermissible" in REASONS
(('HLEGAL', 'legal'), False)
>>> text("Ann\\u00a0Lee\\x07")
'Ann Lee\\\\u0007'

There is no official table from paragraphs of 45 CFR to purposes of use: `REASONS` is ours. A basis without a row has no
code that says what it is, and is told by its paragraph and its sentence alone (docs/fhir.md).
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .visible import visible

PROFILE: Final = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source"
"""IHE Basic Audit Log Patterns: a privacy disclosure as its source records it."""

DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"
ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
LIFECYCLE: Final = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
ENTITY_TYPE: Final = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE: Final = "http://terminology.hl7.org/CodeSystem/object-role"
DATA_LIFECYCLE: Final = "http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle"
CFR_45: Final = "https://www.ecfr.gov/current/title-45"
CFR_42: Final = "https://www.ecfr.gov/current/title-42"
"""A paragraph of the Code of Federal Regulations is a code of its title."""
ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

_REASONS: Final = {
    ("PATRQT", "patient requested"): ("individual", "individual_directed_third_party"),
    ("TREAT", "treatment"): ("treatment",),
    ("HPAYMT", "healthcare payment"): ("payment",),
    ("HOPERAT", "healthcare operations"): ("health_care_operations", "organized_health_care_arrangement"),
    ("TRAIN", "training"): ("operations_mh_training",),
    ("HLEGAL", "legal"): (
        *("operations_defend_own_action", "court_order", "subpoena_client_notified"),
        *("subpoena_protective_order", "subpoena_entity_effort"),
    ),
    ("HMARKT", "healthcare marketing"): ("authorization_marketing_or_sale",),
    ("HRESCH", "healthcare research"): (
        *("authorization_research", "research_waiver", "research_preparatory", "research_decedents"),
    ),
    ("HDIRECT", "directory"): ("facility_directory",),
    ("DISASTER", "disaster"): ("disaster_relief",),
    ("HCOMPL", "health compliance"): ("required_by_law",),
    ("PUBHLTH", "public health"): (
        *("public_health", "child_abuse_report", "fda_regulated", "communicable_disease_contact"),
        *("employer_workplace_health", "school_immunization"),
    ),
    ("THREAT", "threat"): (
        *("adult_abuse_required", "adult_abuse_agreed", "adult_abuse_authorized"),
        *("serious_threat", "threat_violent_crime_admission", "threat_escapee"),
    ),
    ("GOV", "government"): (
        *("hhs_secretary", "health_oversight", "le_required_by_law", "le_court_order_warrant"),
        *("le_grand_jury_subpoena", "le_administrative_request", "le_identify_locate", "le_crime_victim"),
        *("le_death_criminal", "le_crime_on_premises", "le_crime_emergency", "national_security"),
        *("protective_services", "medical_suitability", "correctional_custody", "government_benefit_programs"),
        *("nics_report",),
    ),
    ("HDECD", "decedent"): ("coroner_medical_examiner", "funeral_director"),
    ("DONAT", "donation"): ("organ_donation",),
    ("MILCDM", "military command"): ("military_command",),
    ("COVERAGE", "coverage under policy or program"): ("workers_compensation",),
}
REASONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {basis: reason for reason, bases in _REASONS.items() for basis in bases}
)
"""For a legal basis the code of v3-ActReason and its display."""

NETWORKS: Final[Mapping[str, str]] = MappingProxyType({"fax": "3", "phone": "3", "email": "4", "portal": "5"})
"""For a method the kind of network: a telephone, an e-mail address, a URI."""

MEDIA: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"mail": ("110038", "Paper Document"), "email": ("110031", "Email"), "portal": ("110037", "URI")}
)
"""For a method the medium, a code of DICOM."""


def text(given: str) -> str:
    """Text that a FHIR string can hold (`[ \\r\\n\\t\\S]+`): what steers is spelled out, every blank is a plain one."""
    shown = visible(given)
    if shown.isprintable():
        return shown
    return "".join(" " if unicodedata.category(mark) == "Zs" else mark for mark in shown)


def coding(system: str, code: str, display: str) -> dict[str, Any]:
    """A Coding."""
    return {"system": system, "code": code, "display": display}


def absent(reason: str) -> dict[str, Any]:
    """What stands in place of a value that is not there, and why: a code of data-absent-reason."""
    return {"extension": [{"url": ABSENT, "valueCode": reason}]}
