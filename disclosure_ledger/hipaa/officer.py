"""What the privacy officer should look at before an accounting is handed over. It never reaches the client.

Each warning names entries by number and the paragraph to think about; none holds a client's data, and none speaks of
what is suspended.

>>> SUSPENSION_WITHOUT_GROUND.format(entry=12)[:9]
'entry 12:'
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from .casefile import Casefile, Release
from .deadlines import years_before
from .records import AccountingRequest, Disclosure, Representative

SUSPENSION_WITHOUT_GROUND: Final = (
    "entry {entry}: an agency asked that releases to it not be shown, but the law lets it ask that only for releases"
    " under 45 CFR 164.512(d) or (f). This one is listed; decide before the accounting goes out (164.528(a)(2))"
)
SUSPENSION_OF_NOTHING: Final = (
    "entry {entry}: an agency asked that releases to it not be shown, and none to it is on record under that name and"
    " matter. What it meant is listed if it stands under another: decide before the accounting goes out (164.528(a)(2))"
)
ABUSE_AND_REPRESENTATIVE: Final = (
    "entry {entry}: an abuse report is listed for a representative. Decide under 45 CFR 164.502(g)(5), and mind the"
    " state's rule on the reporter's name, before the accounting goes out"
)
OF_AGE: Final = (
    "the client is 18 or older and the representative acts as a parent or guardian: make sure that the authority still"
    " holds (45 CFR 164.502(g)(3))"
)
DECEASED: Final = "the client has died: give this only to whoever may act for the estate (45 CFR 164.502(g)(4))"
CONFIDENTIAL: Final = (
    "the client asked for a confidential address or method: send this there and nowhere else (45 CFR 164.522(b))"
)
LATE: Final = "this is issued after its deadline (45 CFR 164.528(c)(1))"
WITHDRAWN: Final = "the request was taken back: make sure that the client still wants this"
CUT: Final = "the period that was asked for reaches outside the six years: it was cut to them (45 CFR 164.528(a)(1))"
NO_NOTICE: Final = (
    "this is a second accounting within twelve months, but no fee was announced and accepted: it is free"
    " (45 CFR 164.528(c)(2)(ii))"
)

_ABUSE: Final = frozenset(
    {"child_abuse_report", "adult_abuse_required", "adult_abuse_agreed", "adult_abuse_authorized"}
)
_OF_MINORS: Final = ("parent", "guardian", "mother", "father")


def about_rows(
    casefile: Casefile, listed: Sequence[tuple[Release, Disclosure]], *, representative: bool, as_of: date
) -> Iterator[str]:
    """Warnings about single entries: what is listed, and what was to keep something off the list."""
    for entry in casefile.suspensions_about_nothing(as_of):
        yield SUSPENSION_OF_NOTHING.format(entry=entry)
    for release, disclosure in listed:
        if casefile.suspensions_on(disclosure, as_of):
            yield SUSPENSION_WITHOUT_GROUND.format(entry=release.standing)
        if representative and disclosure.basis in _ABUSE:
            yield ABUSE_AND_REPRESENTATIVE.format(entry=release.standing)


def about_request(casefile: Casefile, request: AccountingRequest, *, as_of: date) -> Iterator[str]:
    """Warnings about the request: time, period, withdrawal."""
    gone, told = casefile.withdrawn_on(request), casefile.fee_notice(request, as_of)
    if (gone is not None and gone <= as_of) or (told is not None and told.answer == "withdrawn"):
        yield WITHDRAWN
    if as_of > casefile.deadline(request) and casefile.given(request) is None:
        yield LATE
    lower = years_before(request.requested_on, 6)
    if (request.from_ or lower) < lower or (request.to or request.received_on) > request.received_on:
        yield CUT


def about_people(casefile: Casefile, acting: Representative | None, *, as_of: date) -> Iterator[str]:
    """Warnings about who receives it, and where."""
    client = casefile.record
    if client is None:
        return
    # what somebody was given in the client's life, such as a power of attorney, mostly ends with it
    if client.died_on is not None and (acting is None or acting.from_ <= client.died_on):
        yield DECEASED
    age = casefile.age_on(as_of)
    minor_only = acting is not None and any(word in acting.authority.casefold() for word in _OF_MINORS)
    if minor_only and age is not None and age >= 18:
        yield OF_AGE
    if client.communication is not None:
        yield CONFIDENTIAL
