"""Prompts around a release: an open incident, an amended record, whose release it is, a school's records.

>>> sorted(ABOUT_SOMEBODY_ELSE)[:2]
['adult_abuse_agreed', 'adult_abuse_authorized']
"""

from collections.abc import Iterator
from typing import Final

from . import wording
from .asking import Asking, ClearanceFinding, finding
from .bases import IMPERMISSIBLE
from .deadlines import notify_by

ABOUT_SOMEBODY_ELSE: Final = frozenset(
    {
        "serious_threat",
        "threat_violent_crime_admission",
        "threat_escapee",
        "child_abuse_report",
        "adult_abuse_required",
        "adult_abuse_agreed",
        "adult_abuse_authorized",
    }
)
"""Releases that tell of two people: whoever threatens or harms, and whoever is threatened or harmed."""


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What these checks find."""
    if asking.release.basis in IMPERMISSIBLE:
        yield from incident(asking)
    if any(wording.mentions(text, wording.AMENDED) for text in (asking.release.description, *asking.texts())):
        yield finding("AMD-1")
    if asking.release.basis in ABOUT_SOMEBODY_ELSE:
        yield finding("SUB-1")
    if asking.release.recipient.type == "school":
        yield finding("FERPA-1")


def incident(asking: Asking) -> Iterator[ClearanceFinding]:
    """The clock of 164.404(b), unless a risk assessment is on record that stops it (164.402(2))."""
    if any(wording.affirms(text, wording.LOW_PROBABILITY) for text in asking.texts("incident_report")):
        return
    discovered_on = asking.release.discovered_on
    if discovered_on is None:
        yield finding("BRE-1")
    else:
        yield finding(
            "BRE-1",
            message="An incident is open: unless a risk assessment shows a low probability of compromise, the person"
            f" has to be told by {notify_by(discovered_on).isoformat()}.",
        )
