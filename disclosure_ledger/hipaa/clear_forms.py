"""Clearance of signed forms and of psychotherapy notes (164.508): the AUTH and PSY checks.

A release under a form is excluded from the accounting only where the form was valid and the release stayed inside it.

>>> for_research("end of the research study"), is_open_ended("none"), is_open_ended("discharge from treatment")
(True, True, False)
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from . import wording
from .asking import Asking, ClearanceFinding, finding
from .bases import IMPERMISSIBLE, Notes
from .checks import CHECKS
from .permissions import CORE_ELEMENTS, STATEMENTS
from .records import Authorization

AUTHORIZED: Final = frozenset(
    {
        "authorization",
        "authorization_psychotherapy_notes",
        "authorization_marketing_or_sale",
        "authorization_research",
    }
)
"""The bases of 164.508."""

_STUDY_END: Final = re.compile(
    r"\b(end|completion) of (the |this )?(research )?(study|project|research)\b|\bstudy (ends?|completion)\b"
)
_OPEN_END: Final = re.compile(
    r"^(none|never|no end|no expir\w*( date| event)?|n/?a|not applicable|indefinite\w*|unlimited|open[- ]ended"
    r"|does not expire|(until|unless|when) (it is |(i|we|the (client|patient)) )?revoke[sd]?|upon revocation|forever"
    r"|until further notice|ongoing|(in )?perpetu\w+)\b"
)
_ANOTHER_NOTES_FORM: Final = re.compile(r"\b(psychotherapy|session|therapy)[ -]notes\b")
_ORDINARY: Final = re.compile(r"\b(general|ordinary|consent|intake|records?|treatment|notice|policy|and)\b")
_ANOTHER_FORM: Final = re.compile(
    r"\bauthori[sz]ations?\b|\breleases? of information\b|\bconsent (for|to) (release|disclos)"
)
_LIMITS: Final = re.compile(r"\b(only|limited to)\b")
_GENERAL: Final = re.compile(
    r"\b(records?|chart|file|information|history|everything|any|all|needed|necessary|relevant|including|etc)\b"
)
_WITH_EVERY_FORM: Final = ("client_name", "date_of_birth", "address", "member_id", "psychotherapy_notes", "other")
_IN_A_SUMMARY: Final = (
    *("service_dates", "diagnosis", "symptoms", "functional_status"),
    *("treatment_goals", "treatment_plan", "progress", "prognosis"),
)
"""What a summary of treatment tells (164.501, "psychotherapy notes"), with its dates."""
_NOT_A_FORM: Final = re.compile(
    r"\b(consent(?! (for|to) (release|disclos))|notice|intake|agreement|contract|polic(y|ies)|condition\w*)\b"
)


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What the AUTH and PSY checks find."""
    if asking.release.basis in AUTHORIZED:
        yield from _authorization(asking)
    if asking.release.holds_notes and asking.release.basis not in IMPERMISSIBLE:
        yield from _notes(asking)


def for_research(event: str) -> bool:
    """Does the form end with a study?"""
    return _STUDY_END.search(event.casefold()) is not None


def is_open_ended(event: str) -> bool:
    """Does the form say that it never ends?"""
    return _OPEN_END.search(event.strip().casefold()) is not None


def _authorization(asking: Asking) -> Iterator[ClearanceFinding]:
    """The findings of the best form there is: one valid form is enough; for session notes, one of their own."""
    own = _notes_forms(asking) if asking.release.holds_notes else ()
    forms = own or asking.forms
    if not forms:
        yield finding("AUTH-1", message=CHECKS["AUTH-1"].also)
    else:
        yield from min((_weighed(asking, form) for form in forms), key=lambda one: one[0])[1]
    if any(wording.mentions(text, wording.NO_COPY) for text in asking.texts("authorization")):
        yield finding("AUTH-9")
    yield finding("AUTH-11")
    yield finding("AUTH-12")


def _weighed(asking: Asking, form: Authorization) -> tuple[tuple[int, int, bool, int, str], list[ClearanceFinding]]:
    """How much is wrong with a form, by federal law and at all, and what. Of two alike the one signed last before."""
    found = list(form_findings(asking, form))
    wrong = sum(one.counts for one in found)
    return (wrong, len(found), form.signed_on > asking.first_day, -form.signed_on.toordinal(), form.id), found


def _notes_forms(asking: Asking) -> tuple[Authorization, ...]:
    return tuple(form for form in asking.forms if form.psychotherapy_notes)


def form_findings(asking: Asking, form: Authorization) -> Iterator[ClearanceFinding]:
    """What keeps one form from being an authorization for this release."""
    yield from _completeness(form)
    if form.missing(STATEMENTS):
        yield finding("AUTH-2")
    if _has_ended(asking, form):
        yield finding("AUTH-3")
    revoked_on = asking.casefile.revoked_on(form)
    if revoked_on is not None and revoked_on <= asking.last_day:
        yield finding("AUTH-5")
    if is_wrongly_combined(form):
        yield finding("AUTH-6")
    if form.psychotherapy_notes and is_mixed_notes_form(form):
        yield finding("PSY-2" if asking.release.holds_notes else "AUTH-6")
    if any(wording.affirms(text, wording.KNOWN_FALSE) for text in asking.texts("authorization")):
        yield finding("AUTH-7")
    if not asking.is_named_by(form) or asking.first_day < form.signed_on:
        yield finding("AUTH-8")
    elif is_beyond(form.information, asking.release.fields or ()):
        yield finding("AUTH-8", message=CHECKS["AUTH-8"].also)
    if _never_ends(asking, form):
        yield finding("AUTH-10")
    if asking.overlay.max_days is not None and (asking.last_day - form.signed_on).days > asking.overlay.max_days:
        yield finding("AUTH-13", cites=(asking.overlay.cite,) if asking.overlay.cite else ())


def _completeness(form: Authorization) -> Iterator[ClearanceFinding]:
    """Core elements, and an expiry that is not blank (164.508(c)(1), (b)(2)(ii))."""
    blank = form.expires_on is None and form.expires_when is None
    if form.missing(CORE_ELEMENTS) or blank:
        yield finding("AUTH-1")
        yield finding("AUTH-4")


def _has_ended(asking: Asking, form: Authorization) -> bool:
    """Has the last day passed, or the event happened?"""
    past = form.expires_on is not None and form.expires_on < asking.last_day
    return past or (form.event_happened_on is not None and form.event_happened_on <= asking.last_day)


def is_wrongly_combined(form: Authorization) -> bool:
    """Is it joined with what is no other ordinary authorization (164.508(b)(3))? Notes forms have their own check."""
    if form.combined_with is None or form.psychotherapy_notes:
        return False
    other = form.combined_with.casefold()
    if _ANOTHER_NOTES_FORM.search(other):
        return True
    return not _for_study(form) and (_NOT_A_FORM.search(other) is not None or not _ANOTHER_FORM.search(other))


def is_beyond(information: str, data_elements: Iterable[str]) -> bool:
    """Was something released that a form which limits itself to what it names does not name (164.508(c)(1)(i))?"""
    said = information.casefold()
    if not _LIMITS.search(said) or _GENERAL.search(said):
        return False
    inside = {*_WITH_EVERY_FORM, *(_IN_A_SUMMARY if "summar" in said else ())}
    return bool(wording.not_named(information, tuple(one for one in data_elements if one not in inside)))


def _for_study(form: Authorization) -> bool:
    return re.search(r"\b(research|study|trial)\b", form.purpose.casefold()) is not None


def _never_ends(asking: Asking, form: Authorization) -> bool:
    """Is `none` or `end of the study` its only end, outside of research?"""
    if form.expires_on is not None or form.expires_when is None:
        return False
    if asking.release.basis == "authorization_research" or _for_study(form):
        return False
    return is_open_ended(form.expires_when) or for_research(form.expires_when)


def _notes(asking: Asking) -> Iterator[ClearanceFinding]:
    yield finding("PSY-4")
    if asking.has("entire_record", "progress_notes"):
        yield finding("PSY-5")
    own_form = asking.release.basis in AUTHORIZED and bool(_notes_forms(asking))
    if asking.release.recipient.type == "health_plan" and not own_form:
        yield finding("PSY-3")
    if asking.release.basis not in AUTHORIZED:
        yield from _notes_ground(asking)
    elif not _notes_forms(asking):
        yield finding("PSY-1")


def is_mixed_notes_form(form: Authorization) -> bool:
    """Is a notes form joined with anything but another notes form (164.508(b)(3)(ii))?"""
    if form.combined_with is None:
        return False
    other = form.combined_with.casefold()
    return not _ANOTHER_NOTES_FORM.search(other) or _ORDINARY.search(other) is not None


def _notes_ground(asking: Asking) -> Iterator[ClearanceFinding]:
    """Notes without a form of their own: on the grounds of 164.508(a)(2) alone."""
    release, rule = asking.release, asking.basis.psychotherapy_notes
    if release.basis == "court_order" or release.basis.startswith("le_"):
        yield finding("PSY-7")
    if release.basis == "health_oversight":
        if not any(wording.affirms(text, wording.OF_THE_ORIGINATOR) for text in asking.texts()):
            yield finding("PSY-6")
    elif rule is Notes.BARRED or (rule is Notes.CONDITIONAL and not _condition_met(asking)):
        yield finding("PSY-1")


def _condition_met(asking: Asking) -> bool:
    """Is the release required by law, in the way the table's condition says?"""
    if asking.release.basis == "child_abuse_report":
        return bool(asking.release.papers("statute"))
    if asking.release.basis == "le_administrative_request":
        compelled = any(wording.affirms(text, wording.COMPULSORY) for text in asking.texts())
        return compelled or bool(asking.release.papers("statute"))
    return any(
        wording.affirms(text, wording.NAMES_NOTES) for text in asking.texts("court_order", "warrant", "subpoena")
    )
