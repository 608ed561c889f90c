"""The second gate: bases of 42 CFR Part 2 for substance use disorder records.

A HIPAA permission alone never releases a Part 2 record. A release of one names a `part2_basis` beside its basis.
`goes_with` says which HIPAA bases a Part 2 basis can stand beside; empty means any.

>>> PART2["p2_medical_emergency"].citation
'42 CFR 2.51'
>>> PART2["p2_consent_tpo"].consent
True
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NOTICE_SHORT = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The short statement that goes with a consented release (42 CFR 2.32(a)(2))."""

NOTICE_LONG_BEGINS = (
    "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2)."
)
"""How the long statement of 2024 begins (42 CFR 2.32(a)(1)); the older one differs in what follows."""

NOTICE_LONG = (
    f"{NOTICE_LONG_BEGINS} These rules prohibit you from using or disclosing this record, or testimony that describes "
    "the information contained in this record, in any civil, criminal, administrative, or legislative proceedings by "
    "any Federal, State, or local authority, against the patient, unless authorized by the consent of the patient, "
    "except as provided at 42 CFR 2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In "
    "addition, the Federal rules prohibit you from making any other use or disclosure of this record unless at least "
    "one of the following applies: (i) Further use or disclosure is expressly permitted by the written consent of the "
    "individual whose information is being disclosed in this record or as otherwise permitted by 42 CFR part 2. (ii) "
    "You are a covered entity or business associate and have received the record for treatment, payment, or health "
    "care operations, or (iii) You have received the record from a covered entity or business associate as permitted "
    "by 45 CFR part 164, subparts A and E. A general authorization for the release of medical or other information is "
    "NOT sufficient to meet the required elements of written consent to further use or redisclose the record (see 42 "
    "CFR 2.31)."
)
"""The long statement of 2024, whole (42 CFR 2.32(a)(1); 89 FR 12472)."""

NOTICE_OLD_WORDS = "prohibit you from making any further disclosure"
"""Words that only the statement in force before 16 February 2026 holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part2Basis:
    """One basis of 42 CFR Part 2."""

    code: str
    citation: str
    requires: str
    consent: bool = False
    """Is it the patient's written consent (2.31)? Then the statement of 2.32 goes along, and 2.25 may list it."""
    goes_with: tuple[str, ...] = ()


_TPO = ("treatment", "payment", "health_care_operations", "organized_health_care_arrangement", "business_associate")
_AGREED = ("authorization", "authorization_psychotherapy_notes", "authorization_research")

_ROWS = (
    Part2Basis(
        code="p2_consent_tpo",
        citation="42 CFR 2.31, 2.33(b)",
        requires="one consent for all future treatment, payment and operations; recipients may be described generally",
        consent=True,
        goes_with=(*_TPO, *_AGREED),
    ),
    Part2Basis(
        code="p2_consent_specific",
        citation="42 CFR 2.31, 2.33(a)",
        requires="all elements of 2.31(a)",
        consent=True,
    ),
    Part2Basis(
        code="p2_consent_legal_proceeding",
        citation="42 CFR 2.31(d)",
        requires="a consent of its own, combined with no other purpose",
        consent=True,
    ),
    Part2Basis(
        code="p2_consent_sud_counseling_notes",
        citation="42 CFR 2.31(b)",
        requires="a consent of its own, combined only with another such consent",
        consent=True,
    ),
    Part2Basis(
        code="p2_patient_access",
        citation="42 CFR 2.23",
        requires="a release to the patient",
        goes_with=("individual", "personal_representative", "individual_directed_third_party"),
    ),
    Part2Basis(
        code="p2_internal_or_control",
        citation="42 CFR 2.12(c)(3)",
        requires="inside the program or with its direct administrative controller",
        goes_with=_TPO,
    ),
    Part2Basis(
        code="p2_intermediary",
        citation="42 CFR 2.24",
        requires="named participants or a class of treating providers",
        consent=True,
    ),
    Part2Basis(
        code="p2_medical_emergency",
        citation="42 CFR 2.51",
        requires="a true emergency, consent not to be had; recipient, facility, discloser, time and nature noted",
        goes_with=("treatment", "serious_threat", "involved_in_care", "notification"),
    ),
    Part2Basis(
        code="p2_child_abuse_report",
        citation="42 CFR 2.12(c)(6)",
        requires="the first report under state law only",
        goes_with=("child_abuse_report", "required_by_law"),
    ),
    Part2Basis(
        code="p2_crime_on_premises",
        citation="42 CFR 2.12(c)(5)",
        requires="a crime or threat on the premises or against staff; limited facts",
        goes_with=("le_crime_on_premises", "serious_threat", "workforce_crime_victim"),
    ),
    Part2Basis(
        code="p2_qso",
        citation="42 CFR 2.11, 2.12(c)(4)",
        requires="a qualified service organization agreement",
        goes_with=("business_associate", "health_care_operations"),
    ),
    Part2Basis(
        code="p2_research",
        citation="42 CFR 2.52",
        requires="the conditions of 2.52",
        goes_with=("research_waiver", "research_preparatory", "research_decedents", "authorization_research"),
    ),
    Part2Basis(
        code="p2_audit_evaluation",
        citation="42 CFR 2.53",
        requires="the conditions of 2.53",
        goes_with=("health_oversight", "hhs_secretary", "health_care_operations", "payment"),
    ),
    Part2Basis(
        code="p2_public_health_deidentified",
        citation="42 CFR 2.54",
        requires="de-identified records only",
        goes_with=("public_health",),
    ),
    Part2Basis(
        code="p2_court_order_noncriminal",
        citation="42 CFR 2.61, 2.64",
        requires="an order under Part 2 and a subpoena or similar mandate; notice and a chance to respond",
        goes_with=("court_order", "required_by_law"),
    ),
    Part2Basis(
        code="p2_court_order_criminal_patient",
        citation="42 CFR 2.61, 2.65",
        requires="an order under Part 2 to investigate or prosecute the patient for an extremely serious crime",
        goes_with=("le_court_order_warrant", "court_order"),
    ),
    Part2Basis(
        code="p2_court_order_program",
        citation="42 CFR 2.61, 2.66",
        requires="an order to investigate the program itself",
        goes_with=("health_oversight", "court_order", "le_court_order_warrant", "le_grand_jury_subpoena"),
    ),
    Part2Basis(
        code="p2_undercover",
        citation="42 CFR 2.67",
        requires="an order to place an undercover agent in the program",
        goes_with=("health_oversight", "le_court_order_warrant"),
    ),
    Part2Basis(
        code="p2_criminal_justice_referral",
        citation="42 CFR 2.35",
        requires="the patient's consent as a condition of the case",
        consent=True,
    ),
    Part2Basis(
        code="p2_pdmp",
        citation="42 CFR 2.36",
        requires="the patient's consent; a prescription drug monitoring program",
        consent=True,
    ),
    Part2Basis(
        code="p2_death_records",
        citation="42 CFR 2.15(b)",
        requires="vital statistics, or an inquiry into the cause of death",
        goes_with=("coroner_medical_examiner", "required_by_law", "public_health"),
    ),
)

PART2: Mapping[str, Part2Basis] = MappingProxyType({row.code: row for row in _ROWS})
"""Every code that `part2_basis` may name."""
