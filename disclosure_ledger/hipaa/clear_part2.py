"""Clearance of substance use disorder records: the second gate of 42 CFR Part 2.

What it finds blocks a release; it never changes how one counts under 164.528.

>>> NEW_NOTICE_FROM
datetime.date(2026, 2, 16)
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from . import wording
from .asking import Asking, ClearanceFinding, finding
from .bases import PART2, Part2Basis
from .checks import Severity
from .clear_forms import form_findings
from .part2 import NOTICE_LONG_BEGINS, NOTICE_OLD_WORDS, NOTICE_SHORT
from .records import Authorization

NEW_NOTICE_FROM: Final = date(2026, 2, 16)
"""From when the statement of before 2024 will not do (89 FR 12472)."""

_COUNSELING_NOTES: Final = re.compile(r"\bcounsel?ing[ -]notes\b|\bsud[ -]notes\b")
_ANOTHER_USE: Final = re.compile(
    r"\b(general|intake|treatment|payment|operations|records?|legal|proceedings?|policy)\b"
)
_ALONE: Final = frozenset({"p2_consent_legal_proceeding", "p2_consent_sud_counseling_notes"})
_ORDERED: Final = frozenset(
    {"p2_court_order_noncriminal", "p2_court_order_criminal_patient", "p2_court_order_program", "p2_undercover"}
)


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What the P2 checks find."""
    code = asking.release.part2_basis
    if code is None:
        if asking.has("sud_records"):
            yield finding("P2-1", severity=None if asking.facts.part2_program else Severity.WARN)
        return
    row = PART2[code]
    if row.goes_with and asking.release.basis not in row.goes_with:
        yield finding("P2-2")
    if row.consent:
        yield from _consent(asking, row)
    if code == "p2_medical_emergency" and not _emergency_noted(asking):
        yield finding("P2-5")
    if code in _ORDERED and not _ordered(asking):
        yield finding("P2-6")


def _consent(asking: Asking, row: Part2Basis) -> Iterator[ClearanceFinding]:
    """A valid written consent (2.31), and the statement that goes along (2.32)."""
    if not any(_holds(asking, form, row) for form in asking.forms):
        yield finding("P2-3")
    if row.code in _ALONE and asking.forms and all(_is_joined(form, row) for form in asking.forms):
        yield finding("P2-7")
    if not _notice_goes_along(asking):
        yield finding("P2-4")


def _holds(asking: Asking, form: Authorization, row: Part2Basis) -> bool:
    """Is the form a consent of 2.31, signed before the release? What it is joined to is P2-7's to judge."""
    forgiven = {"AUTH-6", "AUTH-13", "PSY-2"}
    if row.code == "p2_consent_tpo":
        forgiven |= {"AUTH-8", "AUTH-10"}  # described recipients and no end will do (2.31(a)(4), (a)(7))
    flaws = (one for one in form_findings(asking, form) if one.check not in forgiven)
    return form.signed_on <= asking.first_day and not any(flaws)


def _is_joined(form: Authorization, row: Part2Basis) -> bool:
    """Is it joined to a consent that it may not be joined to (2.31(b), (d))?"""
    if form.combined_with is None:
        return False
    other = form.combined_with.casefold()
    alike = _COUNSELING_NOTES.search(other) is not None and _ANOTHER_USE.search(other) is None
    return row.code != "p2_consent_sud_counseling_notes" or not alike


def _notice_goes_along(asking: Asking) -> bool:
    """Does the evidence hold one of the two statements of 2.32, and no outdated one?"""
    texts = [" ".join(text.split()).casefold() for text in asking.texts()]
    if asking.first_day >= NEW_NOTICE_FROM and any(NOTICE_OLD_WORDS in text for text in texts):
        return False
    wanted = (NOTICE_SHORT.casefold().removesuffix("."), NOTICE_LONG_BEGINS.casefold(), NOTICE_OLD_WORDS)
    return any(words in text for text in texts for words in wanted)


def _emergency_noted(asking: Asking) -> bool:
    """Are the facility and the nature of the emergency noted (2.51(c))?"""
    told = (asking.release.description, *asking.texts())
    return asking.release.recipient.organization is not None and any(
        wording.mentions(text, wording.EMERGENCY) for text in told
    )


def _ordered(asking: Asking) -> bool:
    """Are both on record: an order, which only authorizes, and a mandate, which compels (2.61)?"""
    return bool(asking.release.papers("court_order")) and bool(asking.release.papers("subpoena", "warrant"))
