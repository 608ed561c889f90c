"""Clearance of how much was sent (164.502(b), 164.514(d)): the MIN checks.

>>> sorted(SHORT_LIST)
['address', 'client_name', 'date_of_birth', 'other', 'physical_description', 'service_dates']
"""

import re
from collections.abc import Iterator
from typing import Final

from . import wording
from .asking import Asking, ClearanceFinding, finding
from .bases import MinimumNecessary

SHORT_LIST: Final = frozenset(
    {"client_name", "address", "date_of_birth", "service_dates", "physical_description", "other"}
)
"""What of the data elements 164.512(f)(2)(i) lists; `other` may be a social security number, blood type or injury."""

_SHORT_LIST_ONLY: Final = frozenset({"le_identify_locate", "workforce_crime_victim", "threat_violent_crime_admission"})
_NAMED_ONLY: Final = frozenset(
    {"court_order", "le_court_order_warrant", "le_grand_jury_subpoena", "le_administrative_request"}
)
_PROCESS: Final = ("court_order", "warrant", "subpoena")


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What the MIN checks find."""
    if _applies(asking):
        yield from _necessity(asking)
    if asking.release.basis in _NAMED_ONLY and _more_than_named(asking):
        yield finding("MIN-5")
    if asking.release.basis in _SHORT_LIST_ONLY and set(asking.release.fields or ()) - SHORT_LIST:
        yield finding("MIN-6")


def _applies(asking: Asking) -> bool:
    """Does 164.502(b) bind? For treatment only where the recipient is no provider (164.502(b)(2)(i))."""
    if asking.release.basis == "treatment":
        return asking.release.recipient.type not in ("provider", "unknown")
    return asking.basis.minimum_necessary is MinimumNecessary.APPLIES


def _necessity(asking: Asking) -> Iterator[ClearanceFinding]:
    release = asking.release
    if release.minimum_necessary is None:
        yield finding("MIN-3" if release.fields else "MIN-1")
    if asking.has("entire_record") and not _justifies(release.minimum_necessary):
        yield finding("MIN-2")
    if "may rely" in asking.basis.minimum_note:
        yield finding("MIN-4")


def _justifies(note: str | None) -> bool:
    """Is it a justification in words? A protocol's number justifies no entire record (164.514(d)(5))."""
    return note is not None and len(re.findall(r"\w+", note)) > 2 and " " in note


def _more_than_named(asking: Asking) -> bool:
    """Was something sent that none of the orders or demands names, as far as they say what they name?"""
    demand = ("written_request",) if asking.release.basis == "le_administrative_request" else ()
    texts = asking.texts(*_PROCESS, *demand)
    if not texts:
        return False
    return bool(wording.not_named("; ".join(texts), asking.release.fields or ()))
