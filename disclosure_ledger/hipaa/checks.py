"""The registry of clearance checks: for each id its severity, one plain sentence, its citation, and whether it counts.

The sentence is read by staff before a release and, where a block made a release impermissible, by the client after it;
so it speaks of neither. A check that `counts` makes a release, for the accounting, one that its stated basis does not
cover; missing paperwork alone does not (docs/records.md, "Clearance").

>>> CHECKS["AUTH-3"].severity.value, CHECKS["AUTH-3"].sentence, CHECKS["AUTH-3"].cites
('block', 'The permission in the signed form had ended before this was sent.', ('45 CFR 164.508(b)(2)(i)',))
>>> CHECKS["ID-1"].severity.value, CHECKS["ID-1"].counts
('block', False)

Source: docs/hipaa.md, "Rules to enforce or warn on at recording time".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How hard a finding is. A block refuses only before a release; what happened is always recorded."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the registry."""

    id: str
    severity: Severity
    sentence: str
    cites: tuple[str, ...]
    counts: bool = False
    """Does a block of this kind change how the release counts?"""
    also: str | None = None
    """Another sentence that a finding may have: where nothing is there to be wrong."""


def _block(id_: str, sentence: str, *cites: str, also: str | None = None) -> Check:
    return Check(id=id_, severity=Severity.BLOCK, sentence=sentence, cites=_cited(cites), counts=True, also=also)


def _paper(id_: str, sentence: str, *cites: str) -> Check:
    return Check(id=id_, severity=Severity.BLOCK, sentence=sentence, cites=_cited(cites))


def _warn(id_: str, sentence: str, *cites: str) -> Check:
    return Check(id=id_, severity=Severity.WARN, sentence=sentence, cites=_cited(cites))


def _info(id_: str, sentence: str, *cites: str) -> Check:
    return Check(id=id_, severity=Severity.INFO, sentence=sentence, cites=_cited(cites))


def _cited(cites: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"45 CFR {cite}" if cite.startswith("16") else cite for cite in cites)


_ROWS = (
    _block(
        "AUTH-1",
        "The signed form lacks something the law wants on it: what, who gives it, who gets it, why, until when,"
        " a signature, or its date.",
        "164.508(c)(1)",
        also="There was no signed form on record for this.",
    ),
    _block(
        "AUTH-2",
        "The signed form lacks a statement the law wants in it: how to take permission back, whether care depends on"
        " signing, or that the information may be passed on.",
        "164.508(c)(2)",
    ),
    _block("AUTH-3", "The permission in the signed form had ended before this was sent.", "164.508(b)(2)(i)"),
    _block("AUTH-4", "The form was not filled in completely.", "164.508(b)(2)(ii)"),
    _block("AUTH-5", "The permission had been taken back before this was sent.", "164.508(b)(2)(iii)", "164.508(b)(5)"),
    _block(
        "AUTH-6",
        "The form was combined with another paper, or made a condition, in a way the law does not allow.",
        "164.508(b)(2)(iv)",
        "164.508(b)(3)-(4)",
    ),
    _block("AUTH-7", "Something important in the form was known to be false.", "164.508(b)(2)(v)"),
    _block(
        "AUTH-8",
        "The signed form does not cover this: it names somebody else, or was signed only later.",
        "164.508(a)(1)",
        also="More was sent than the signed form allows.",
    ),
    _warn("AUTH-9", "No copy of the signed form was given to the person who signed it.", "164.508(c)(4)"),
    _block(
        "AUTH-10",
        "The form has no day or event on which it ends, and only a form for research may do without one.",
        "164.508(c)(1)(v)",
    ),
    _info("AUTH-11", "Keep the signed form for six years after it was last in effect.", "164.508(b)(6)", "164.530(j)"),
    _info("AUTH-12", "The form must be written in plain language.", "164.508(c)(3)"),
    _paper("AUTH-13", "The form was signed longer ago than state law allows.", "160.203(b)"),
    _block(
        "PSY-1",
        "A therapist's private session notes need a permission form of their own, or one of the few grounds the law"
        " names.",
        "164.508(a)(2)",
    ),
    _block(
        "PSY-2",
        "The permission for session notes was combined with something else than another such permission.",
        "164.508(b)(3)(ii)",
    ),
    _block(
        "PSY-3",
        "A health plan may not have session notes without a permission form of their own.",
        "164.508(a)(2)",
        "164.508(b)(4)",
    ),
    _info(
        "PSY-4",
        "Session notes are only what analyses a session's conversation and is kept apart from the record; times,"
        " medication, test results and any summary are not.",
        "164.501",
    ),
    _warn("PSY-5", "Session notes that are kept in the general record lose their special protection.", "164.501"),
    _block(
        "PSY-6",
        "An oversight agency may have session notes only when it oversees the person who wrote them.",
        "164.508(a)(2)(ii)",
    ),
    _warn(
        "PSY-7",
        "An order or demand reaches session notes only where it names them; check the privilege between therapist and"
        " patient first.",
        "164.103",
        "164.512(a)",
    ),
    _block(
        "RES-1",
        "These services had been paid for in full, with the request not to tell the health plan.",
        "164.522(a)(1)(vi)",
        "164.502(c)",
    ),
    _block(
        "RES-2",
        "A restriction on services paid for in full cannot be ended by the practice alone.",
        "164.522(a)(2)(iii)",
    ),
    _block(
        "RES-3",
        "The practice had agreed not to share this.",
        "164.502(c)",
        "164.522(a)(1)(iii)-(iv)",
    ),
    _info("RES-4", "A restriction names this recipient, but does not stop this kind of release.", "164.522(a)(1)(v)"),
    _block(
        "RES-5",
        "A restriction that the practice ended alone still covers what was in the record before.",
        "164.522(a)(2)(iii)",
    ),
    _warn(
        "RES-6",
        "Only some of these services may be under a restriction: restrict them one by one.",
        "164.522(a)(1)(vi)(B)",
    ),
    _warn(
        "RES-7",
        "Payment in full is a fact with a date: make sure that it was made and still holds.",
        "164.522(a)(1)(vi)(B)",
    ),
    _paper("CON-1", "The person asked to be reached at another address or in another way.", "164.522(b)"),
    _warn(
        "MIN-1",
        "Neither a list of what was sent nor a protocol shows that it was no more than needed.",
        "164.514(d)(3)",
    ),
    _block("MIN-2", "The entire record was sent, and nothing says why all of it was needed.", "164.514(d)(5)"),
    _warn(
        "MIN-3",
        "Name the standing protocol for a routine release, or note the review of this one.",
        "164.514(d)(3)(i)-(ii)",
    ),
    _info(
        "MIN-4",
        "Note whose word was relied on for how much was needed: an official's, a researcher's, another provider's.",
        "164.514(d)(3)(iii)",
    ),
    _block(
        "MIN-5",
        "More was sent than the order or demand names.",
        "164.512(e)(1)(i)",
        "164.512(f)(1)",
    ),
    _block(
        "MIN-6",
        "More was sent than the short list of details the law allows for this.",
        "164.512(f)(2)(i)",
    ),
    _paper("LAW-1", "The record of the order lacks its court, docket number or date.", "164.512(e)(1)(i)"),
    _block(
        "LAW-2",
        "The papers that have to come with a subpoena were not there.",
        "164.512(e)(1)(ii)-(iv)",
    ),
    _block(
        "LAW-3",
        "The time to object to the subpoena had not run out, or an objection was not settled.",
        "164.512(e)(1)(iii)(C)",
    ),
    _block("LAW-4", "The paper was a subpoena and not an order of a judge.", "164.512(e)(1)(i)-(ii)"),
    _block("LE-1", "What is said in counseling or therapy may not be told to the police for this.", "164.512(j)(2)"),
    _block("LE-2", "Nothing shows that the person was in custody on that day.", "164.512(k)(5)"),
    _warn(
        "ABU-1",
        "The person was not told of the report, and no reason for that is noted.",
        "164.512(c)(2)",
    ),
    _block(
        "ABU-2",
        "Reports about children and reports about adults rest on different rules, and the wrong one was named.",
        "164.512(b)(1)(ii)",
        "164.512(c)(1)",
    ),
    _block(
        "OVR-1",
        "The agency was looking into the person and not into health care or benefits.",
        "164.512(d)(2)",
    ),
    _block("GOV-1", "The law allows this only to government offices, not to a private practice.", "164.512(k)"),
    _paper("ID-1", "Nothing shows how the recipient's identity and authority were checked.", "164.514(h)"),
    _block(
        "BA-1",
        "There was no contract in force with the company that got this.",
        "164.502(e)(2)",
        "164.504(e)",
    ),
    _warn(
        "BRE-1",
        "An incident is open: the person has to be told within 60 days of its discovery, unless a risk assessment shows"
        " a low probability of compromise.",
        "164.402",
        "164.404",
    ),
    _info(
        "AMD-1",
        "The record was amended: offer the list of those who got it before, so that they can be told.",
        "164.526(c)(3)",
    ),
    _warn("SUB-1", "Make one entry for each person whose information went out.", "164.528(a)(1)"),
    _info("FERPA-1", "A school's counseling records may be education records, outside of these rules.", "160.103"),
    _paper(
        "P2-1",
        "Records of substance use treatment need a ground of their own.",
        "42 CFR 2.12",
        "42 CFR 2.13(a)",
    ),
    _paper(
        "P2-2",
        "The rules for substance use records know no such release on this ground.",
        "42 CFR 2.12",
    ),
    _paper("P2-3", "There is no valid written consent for substance use records.", "42 CFR 2.31"),
    _paper(
        "P2-4",
        "The notice that has to go along with substance use records was missing or out of date.",
        "42 CFR 2.32",
    ),
    _paper(
        "P2-5",
        "A medical emergency has to be noted with the recipient's facility and the nature of the emergency.",
        "42 CFR 2.51",
    ),
    _paper(
        "P2-6",
        "Substance use records need both a court's order under Part 2 and a subpoena or mandate.",
        "42 CFR 2.61",
    ),
    _paper(
        "P2-7",
        "This consent for substance use records may not be combined with another one.",
        "42 CFR 2.31(b), (d)",
    ),
    _paper("STATE-1", "State law wants a signed form for this.", "160.203(b)"),
    _paper("STATE-2", "State law does not allow this ground.", "160.203(b)"),
    _paper("STATE-3", "State law does not let a payer have all of this.", "160.203(b)"),
    _warn("STATE-4", "State law wants a statement to go along with this.", "160.203(b)"),
)

CHECKS: Mapping[str, Check] = MappingProxyType({row.id: row for row in _ROWS})
"""Every check, in the order in which findings are reported."""
