"""Clearance of the grounds of 164.512 and of who is told: the LAW, LE, ABU, OVR, GOV, ID and BA checks.

>>> sorted(GOVERNMENT_ONLY)
['government_benefit_programs', 'medical_suitability', 'military_separation_or_va', 'nics_report']
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from . import wording
from .asking import Asking, ClearanceFinding, finding
from .bases import IMPERMISSIBLE
from .records import Evidence

GOVERNMENT_ONLY: Final = frozenset(
    {"nics_report", "military_separation_or_va", "medical_suitability", "government_benefit_programs"}
)
"""What 164.512(k) allows to offices of the government alone."""

WITHOUT_VERIFICATION: Final = IMPERMISSIBLE | {
    "facility_directory",
    "involved_in_care",
    "notification",
    "disaster_relief",
    "deceased_involved_person",
    "serious_threat",
    "threat_violent_crime_admission",
    "threat_escapee",
    "incidental",
    "whistleblower",
    "workforce_crime_victim",
}
"""164.510 (514(h)(1)(i)), good faith under 164.512(j) (514(h)(2)(iv)), and what the practice itself did not send."""

CUSTODY_STATEMENT_LIVES: Final = timedelta(days=7)
"""How old a statement about custody may be: it speaks of its own day, and custody ends without notice."""

_ASSURANCES: Final = ("satisfactory_assurance", "protective_order")


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What these checks find."""
    basis = asking.release.basis
    if basis == "court_order":
        yield from _order(asking)
    if basis.startswith("subpoena_"):
        yield from _subpoena(asking)
    if basis == "threat_violent_crime_admission" and asking.facts.counseling:
        yield finding("LE-1")
    if basis == "correctional_custody" and not _in_custody(asking):
        yield finding("LE-2")
    yield from _abuse(asking)
    if basis == "health_oversight" and _against_the_client(asking):
        yield finding("OVR-1")
    if basis in GOVERNMENT_ONLY and asking.facts.private:
        yield finding("GOV-1")
    if basis not in WITHOUT_VERIFICATION and asking.release.verified is None:
        yield finding("ID-1")
    if basis == "business_associate" and not _contract(asking):
        yield finding("BA-1")


def _order(asking: Asking) -> Iterator[ClearanceFinding]:
    """Is it an order of a court or tribunal, and are its court, docket and date on record?"""
    release = asking.release
    orders = [paper for paper in release.papers("court_order", "subpoena") if is_order(paper)]
    if release.papers("court_order", "subpoena") and not orders:
        yield finding("LAW-4")
    elif not any(_is_complete(asking, paper) for paper in orders):
        yield finding("LAW-1")


def is_order(paper: Evidence) -> bool:
    """Is the paper an order? One that only an attorney or clerk signed is a subpoena, whatever it is called."""
    detail, issuer = paper.detail or "", paper.issuer or ""
    if wording.affirms(detail, wording.SIGNED_BY_A_JUDGE):
        return True
    if wording.affirms(detail, wording.BY_ATTORNEY_OR_CLERK) or wording.mentions(detail, wording.BY_A_JUDGES_CLERK):
        return False
    if wording.mentions(detail, wording.JUDICIAL):
        return wording.affirms(detail, wording.JUDICIAL)
    if paper.type == "subpoena":
        return False
    court = wording.mentions(issuer, wording.BY_A_JUDGE) and not wording.mentions(issuer, wording.CLERK)
    return court or not wording.mentions(issuer, wording.LAW_FIRM)


def _is_complete(asking: Asking, paper: Evidence) -> bool:
    court = paper.issuer is not None or asking.release.recipient.type == "court"
    docket = paper.ref is not None or asking.release.matter is not None
    return court and docket and paper.dated is not None and paper.dated <= asking.last_day


def _subpoena(asking: Asking) -> Iterator[ClearanceFinding]:
    """Were the matching assurances there, with their papers, and had the time to object run out?"""
    papers = [paper for paper in asking.release.papers() if _assures(asking, paper)]
    if not papers:
        yield finding("LAW-2")
    if asking.release.basis != "subpoena_protective_order":
        said = [paper for paper in asking.release.papers(*_ASSURANCES, "subpoena", "other") if paper.detail is not None]
        if any(wording.objection_open(paper.detail or "", asking.first_day, paper.dated) for paper in said):
            yield finding("LAW-3")


def _assures(asking: Asking, paper: Evidence) -> bool:
    """Is it an assurance of the kind the basis needs, in time, with more than a bare statement?"""
    detail = paper.detail or ""
    if paper.dated is not None and paper.dated > asking.last_day:
        return False
    if wording.affirms_bare_statement(detail):
        return False
    if asking.release.basis == "subpoena_client_notified":
        return paper.type == "satisfactory_assurance" and not _only_protective(detail)
    if asking.release.basis == "subpoena_protective_order":
        about = not detail or wording.affirms(detail, wording.PROTECTIVE)
        return paper.type == "protective_order" or (paper.type == "satisfactory_assurance" and about)
    own_effort = paper.type in ("other", "written_request") and wording.affirms(detail, wording.NOTICE_GIVEN)
    return paper.type in _ASSURANCES or own_effort


def _only_protective(detail: str) -> bool:
    """Does an assurance speak of a protective order and not of notice to the client?"""
    return wording.mentions(detail, wording.PROTECTIVE) and not wording.mentions(detail, wording.NOTICE_TO_CLIENT)


def _in_custody(asking: Asking) -> bool:
    """Does a statement show custody on that day (164.512(k)(5)(i), (iii))?"""
    return any(
        not wording.affirms(paper.detail or "", wording.OUT_OF_CUSTODY)
        and not wording.mentions(paper.detail or "", wording.NOT_IN_CUSTODY)
        and (paper.dated is None or asking.first_day - CUSTODY_STATEMENT_LIVES <= paper.dated <= asking.last_day)
        for paper in asking.release.papers("custody_statement")
    )


def _abuse(asking: Asking) -> Iterator[ClearanceFinding]:
    basis = asking.release.basis
    if basis.startswith("adult_abuse_"):
        if asking.release.client_informed is None:
            yield finding("ABU-1")
        age = asking.casefile.age_on(asking.first_day)
        if (age is not None and age < 18) or _speaks_of(asking, child=True):
            yield finding("ABU-2")
    if basis == "child_abuse_report" and _speaks_of(asking, child=False):
        yield finding("ABU-2")


def _speaks_of(asking: Asking, *, child: bool) -> bool:
    """Do the agency's name and the report's papers speak of children only, or of adults only?"""
    recipient = asking.release.recipient
    papers = asking.release.papers("statute", "report_number")
    said = [recipient.name, recipient.organization, *(text for paper in papers for text in (paper.ref, paper.issuer))]
    text = "; ".join(part for part in said if part)
    children = wording.mentions(text, wording.CHILD)
    if child:
        return children and not wording.mentions(text, wording.ADULT)
    return wording.mentions(text, wording.OF_ADULTS) and not children


def _against_the_client(asking: Asking) -> bool:
    """Is the client the target in a matter that is not about care or benefits (164.512(d)(2))?"""
    text = "; ".join(asking.texts())
    return wording.affirms(text, wording.CLIENT_IS_TARGET) and not wording.affirms(text, wording.ABOUT_CARE)


def _contract(asking: Asking) -> bool:
    """Is a business associate contract on record that was in force?"""
    return any(
        (paper.dated is None or paper.dated <= asking.first_day)
        and not wording.contract_over(paper.detail or "", asking.first_day)
        for paper in asking.release.papers("baa")
    )
