"""Clearance of what a state adds, as its overlay file says: the STATE checks.

>>> from disclosure_ledger.hipaa.checks import CHECKS
>>> any(CHECKS[id_].counts for id_ in ("STATE-1", "STATE-2", "STATE-3", "STATE-4", "AUTH-13"))
False
"""

from collections.abc import Iterator

from .asking import Asking, ClearanceFinding, finding
from .clear_forms import form_findings


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What the STATE checks find."""
    overlay, release = asking.overlay, asking.release
    cites = (overlay.cite,) if overlay.cite is not None else ()
    if release.basis in overlay.required_for and not _signed(asking):
        yield finding("STATE-1", cites=cites)
    rule = overlay.bases.get(release.basis)
    if rule is not None and not rule.allowed:
        yield finding("STATE-2", cites=(rule.cite,) if rule.cite is not None else ())
    if _outside_profile(asking):
        yield finding("STATE-3", cites=cites)
    if overlay.statement is not None and not any(overlay.statement in text for text in asking.texts()):
        yield finding("STATE-4", cites=cites)


def _signed(asking: Asking) -> bool:
    """Is there a valid signed form?"""
    return any(not list(form_findings(asking, form)) for form in asking.forms)


def _outside_profile(asking: Asking) -> bool:
    """Was a payer sent more than the state's profile names?"""
    profile = asking.overlay.payer_profile
    to_payer = asking.release.recipient.type == "health_plan" and asking.release.basis == "payment"
    return profile is not None and to_payer and bool(set(asking.release.fields or ()) - profile)
