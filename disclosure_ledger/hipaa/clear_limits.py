"""Clearance of what the client asked for (164.522): the RES and CON checks.

A restriction on services paid for in full binds against health plans, for payment and operations. One that the
practice agreed to binds for treatment, payment, operations and the involvement of others; never against what a law or
order requires.

>>> sorted(INVOLVEMENT)
['deceased_involved_person', 'disaster_relief', 'involved_in_care', 'notification']
"""

import re
from collections.abc import Iterator
from typing import Final

from . import wording
from .asking import Asking, ClearanceFinding, finding
from .checks import Severity
from .classes import is_everybody_of
from .parts import Span
from .records import Restriction, RestrictionEnded
from .releases import METHODS

PLAN_PURPOSES: Final = frozenset({"payment", "health_care_operations", "organized_health_care_arrangement"})
"""What a plan may want it for: payment and operations, not treatment (164.522(a)(1)(vi)(A))."""
TREATMENT_PAYMENT_OPERATIONS: Final = PLAN_PURPOSES | {
    "treatment",
    "operations_mh_training",
    "operations_defend_own_action",
    "business_associate",
    "fundraising",
}
INVOLVEMENT: Final = frozenset({"involved_in_care", "notification", "disaster_relief", "deceased_involved_person"})
"""The bases of 164.510(b)."""

EMERGENCY: Final = "A restriction covers this, but emergency treatment may have it: ask the provider not to pass it on."


def findings(asking: Asking) -> Iterator[ClearanceFinding]:
    """What the RES and CON checks find."""
    for restriction in asking.casefile.restrictions.values():
        if restriction.effective_on <= asking.last_day and _is_about(asking, restriction):
            yield from (
                _self_pay(asking, restriction) if restriction.type == "self_pay" else _agreed(asking, restriction)
            )
    if not _channel_honoured(asking):
        yield finding("CON-1")


def _is_about(asking: Asking, restriction: Restriction) -> bool:
    """Does the restriction name the recipient or everybody like it; or, where it names nobody, is it a health plan?"""
    recipient = asking.release.recipient
    if restriction.recipients is None:
        return recipient.type == "health_plan"
    organization = recipient.organization
    return (
        restriction.names(recipient.name)
        or (organization is not None and restriction.names(organization))
        or any(is_everybody_of(name, recipient.type) for name in restriction.recipients)
    )


def _endings(asking: Asking, restriction: Restriction) -> tuple[RestrictionEnded, ...]:
    endings = asking.casefile.endings_of(restriction)
    return tuple(ended for ended in endings if ended.ended_on <= asking.first_day)


def _self_pay(asking: Asking, restriction: Restriction) -> Iterator[ClearanceFinding]:
    release = asking.release
    endings = _endings(asking, restriction)
    if release.basis not in PLAN_PURPOSES or release.papers("statute"):
        return
    if any(ended.how != "practice_notice" for ended in endings):
        return
    touched = _touched(restriction, release.service)
    if touched is False:
        return
    if touched is None or not _inside(restriction, release.service):
        yield finding("RES-6")
    if restriction.paid_on is None or asking.last_day < restriction.paid_on:
        yield finding("RES-7")
    paid = restriction.paid_on is None or restriction.paid_on <= asking.last_day
    if touched and paid:
        yield finding("RES-1")
        if endings:
            yield finding("RES-2")


def _touched(restriction: Restriction, service: Span | None) -> bool | None:
    """Is the release about services under the restriction? None where nothing says which services it is about."""
    if service is None:
        return None
    if restriction.services is None:
        return restriction.effective_on <= service.to
    return restriction.services.touches(service)


def _inside(restriction: Restriction, service: Span | None) -> bool:
    """Are all of them under it?"""
    if service is None:
        return False
    if restriction.services is None:
        return restriction.effective_on <= service.from_
    return restriction.services.covers(service)


def _agreed(asking: Asking, restriction: Restriction) -> Iterator[ClearanceFinding]:
    release = asking.release
    endings = _endings(asking, restriction)
    if any(ended.how != "practice_notice" for ended in endings):
        return
    if release.basis not in TREATMENT_PAYMENT_OPERATIONS | INVOLVEMENT:
        yield finding("RES-4")
        return
    if endings and release.service is not None and endings[0].ended_on <= release.service.from_:
        return
    if restriction.services is not None and release.service is None:
        yield finding("RES-6")
    elif restriction.services is None or (release.service and restriction.services.touches(release.service)):
        yield from _breach(asking, ended_alone=bool(endings))


def _breach(asking: Asking, *, ended_alone: bool) -> Iterator[ClearanceFinding]:
    emergency = any(wording.affirms(text, wording.EMERGENCY) for text in asking.texts())
    if asking.release.basis == "treatment" and emergency:
        yield finding("RES-4", message=EMERGENCY, severity=Severity.WARN)
        return
    yield finding("RES-3")
    if ended_alone:
        yield finding("RES-5")


_WORDS_OF_METHODS: Final = {
    "mail": r"mail|post|letter",
    "fax": r"fax",
    "email": r"e-?mail",
    "portal": r"portal",
    "phone": r"phone|telephone|call|text message|voicemail",
    "in_person": r"in person|pick(ed)? ?up",
}


def _channel_honoured(asking: Asking) -> bool:
    """Does a release to the client go where and how the client asked to be reached (164.522(b))?"""
    client = asking.casefile.record
    wish = client.communication if client is not None else None
    if wish is None or asking.release.basis != "individual":
        return True
    return _method_fits(wish, asking.release.method) and _address_fits(wish, asking.release.recipient.address)


def _method_fits(wish: str, method: str | None) -> bool:
    pattern = _WORDS_OF_METHODS.get(method or "")
    if pattern is None:
        return True
    wished = [name for name in METHODS if name in _WORDS_OF_METHODS and _wishes(wish, _WORDS_OF_METHODS[name])]
    return not _refuses(wish, pattern) and (not wished or method in wished)


def _wishes(wish: str, pattern: str) -> bool:
    return wording.affirms(wish, re.compile(rf"(?<!e)(?<!e-)\b({pattern})"))


def _refuses(wish: str, pattern: str) -> bool:
    found = re.compile(rf"(?<!e)(?<!e-)\b({pattern})")
    return wording.mentions(wish, found) and not wording.affirms(wish, found)


def _address_fits(wish: str, address: str | None) -> bool:
    """An address that was used is the one that was wished for, where the wish holds one."""
    if address is None or not re.search(r"\d", wish):
        return True
    return _plain(address) in _plain(wish) or _plain(wish) in _plain(address)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
