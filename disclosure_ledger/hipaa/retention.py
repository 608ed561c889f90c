"""How long a record is kept: six years from its creation, or from when it was last in effect (164.530(j)(2)).

A release is kept together with its corrections, with every accounting that listed it, and while a request that
reaches back to it is open; a form, a limit or a
suspension as long as it holds and six years more, a form also while a release that rests on it is kept, and what ended
any of them as long as they are; the client's own record as long as anything else is. A legal hold
keeps everything. Longer, where an overlay says so.

>>> retained_through(date(2020, 2, 29)), retained_through(date(2019, 3, 5), 10)
(datetime.date(2026, 3, 1), datetime.date(2029, 3, 5))
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from . import deadlines
from .bases import BASES
from .casefile import Casefile, Filed, Release, fold
from .classes import is_class_of
from .deadlines import retained_through
from .parts import days, same_name
from .records import (
    AccountingProvided,
    Authorization,
    AuthorizationRevoked,
    Client,
    Correction,
    Disclosure,
    Record,
    Restriction,
    RestrictionEnded,
    Suspension,
    SuspensionLifted,
)

YEARS = 6
"""The federal floor (164.530(j)(2))."""


def keep_until(filed: Iterable[Filed], *, years: int = YEARS) -> Mapping[int, date | None]:
    """For each of one client's entries the day from which it may be erased; None: not while things stand as they do.

    Raises ValueError for fewer years than the law allows.
    """
    if years < YEARS:
        raise ValueError(f"expected at least {YEARS} years")
    every = sorted(filed, key=lambda one: one.index)
    case = fold(every)
    ends = {one.index: _ends(one, every, case) for one in every}
    until = {index: None if end is None else retained_through(end, years) for index, end in ends.items()}
    forms = {
        one.index: one.record
        for one in every
        if isinstance(one.record, Authorization) and case.authorizations.get(one.record.id) is one.record
    }
    for release in case.releases:
        listed = [retained_through(day, years) for day in _listed(release.disclosure, case)]
        chain = [index for index in release.chain if index in until]
        _together(until, chain, listed)
        if _is_asked_for(release, case):
            until |= dict.fromkeys(chain)
        for form in _rested_on(release.disclosure, forms):
            _as_long_as(until, form, chain)
    facts = [one for one in every if isinstance(one.record, Authorization | Restriction | Suspension)]
    for one in every:
        if isinstance(one.record, AuthorizationRevoked | RestrictionEnded | SuspensionLifted):
            _as_long_as(until, one.index, [fact.index for fact in facts if _is_ended_by(fact.record, one.record)])
    _with_the_rest(until, [one for one in every if isinstance(one.record, Client)], years)
    return dict.fromkeys(until) if case.holds else until


def _with_the_rest(until: dict[int, date | None], clients: list[Filed], years: int) -> None:
    """The client's first record, which begins the stream, and the one in force go when everything else may."""
    edges = {one.index: one for one in (clients[:1] + clients[-1:])}
    rest = [day for index, day in until.items() if index not in edges]
    for index, one in edges.items():
        known = [day for day in rest if day is not None]
        until[index] = None if len(known) < len(rest) else max([*known, retained_through(one.recorded_on, years)])


def _together(until: dict[int, date | None], chain: list[int], more: list[date]) -> None:
    """A release and its corrections go on the last of their days."""
    known = [until[index] for index in chain]
    last = None if None in known else max([*(day for day in known if day is not None), *more], default=None)
    for index in chain:
        until[index] = last


def _as_long_as(until: dict[int, date | None], index: int, others: Iterable[int]) -> None:
    """Something stays while any of the others does."""
    all_ = [until[index], *(until[other] for other in others)]
    until[index] = None if None in all_ else max(day for day in all_ if day is not None)


def _rested_on(release: Disclosure | None, forms: Mapping[int, Authorization]) -> Iterator[int]:
    """The entries of the forms that a release rests on: without them it would come to count as one without a form."""
    if release is None:
        return
    named = {paper.authorization for paper in release.papers()} - {None}
    by_form = BASES[release.basis].exclusion == "(a)(1)(iv)"
    for index, form in forms.items():
        if form.id in named if named else by_form and _names(form, release):
            yield index


def _names(form: Authorization, release: Disclosure) -> bool:
    recipient = release.recipient
    return any(recipient.is_called(name) or is_class_of(name, recipient.type) for name in form.recipients)


def _is_ended_by(fact: Record, end: Record) -> bool:
    """Is that record the end of that fact? Without it the fact would come to hold again."""
    if isinstance(fact, Authorization) and isinstance(end, AuthorizationRevoked):
        return fact.id == end.id
    if isinstance(fact, Restriction) and isinstance(end, RestrictionEnded):
        return fact.id == end.id
    return isinstance(fact, Suspension) and isinstance(end, SuspensionLifted) and same_name(fact.agency, end.agency)


def _ends(one: Filed, every: list[Filed], case: Casefile) -> date | None:
    """The later of a record's creation and the last day it was in effect; None while it is."""
    record = one.record
    if isinstance(record, Client):
        return max([one.recorded_on, *_replaced(one, every)])
    if isinstance(record, Authorization | Restriction | Suspension):
        end = _last_effect(one, every, case)
        return None if end is None else max(one.recorded_on, end)
    if isinstance(record, Disclosure):
        return max(one.recorded_on, record.latest_day)
    if isinstance(record, Correction) and record.replacement is not None:
        return max(one.recorded_on, record.replacement.latest_day)
    return one.recorded_on


def _last_effect(one: Filed, every: list[Filed], case: Casefile) -> date | None:
    record = one.record
    ended: list[date] = []
    if isinstance(record, Authorization):
        revoked = case.revoked_on(record)
        ended += [day for day in (record.expires_on, record.event_happened_on, revoked) if day is not None]
        ended += _replaced(one, every)
    elif isinstance(record, Restriction):
        # the practice's own notice ends nothing for what was in the record before (164.522(a)(2)(iii))
        ended += [end.ended_on for end in case.endings_of(record) if end.how != "practice_notice"]
        ended += _replaced(one, every)
    elif isinstance(record, Suspension):
        # a statement without an end suspends thirty days at most, and one lifted early is simply kept a little longer
        ended.append(record.through or deadlines.oral_through(record.stated_on))
    return min(ended, default=None)


def _replaced(one: Filed, every: list[Filed]) -> list[date]:
    """The day a later record of the same id took its place."""
    return [later.recorded_on for later in every if later.index > one.index and _same(one.record, later.record)][:1]


def _same(one: Record, other: Record) -> bool:
    return type(one) is type(other) and getattr(one, "id", None) == getattr(other, "id", None)


def _is_asked_for(release: Release, case: Casefile) -> bool:
    """Whether a request that nobody has answered yet reaches back to a release, and it is owed; or to its last entry,
    and the answer could not be proved complete without it.

    Entries are dated in UTC, and one of the day before the period counts as of it: hence two days.
    """
    known = deadlines.plus(release.recorded_on, 2)
    last = known if release.disclosure is None else max(known, days(release.disclosure.disclosed_on).to)
    return any(last >= deadlines.years_before(one.requested_on, YEARS) for one in case.open_requests())


def _listed(release: Disclosure | None, case: Casefile) -> list[date]:
    """The days on which accountings were given whose period a release may belong to."""
    if release is None:
        return []
    span = days(release.disclosed_on)
    given = []
    for provided in case.provided:
        first = _first_day(provided, case)
        if span.to >= first:
            given.append(provided.provided_on)
    return given


def _first_day(provided: AccountingProvided, case: Casefile) -> date:
    """How far back an accounting reached: to its request's six years, or where that is not known, six from its day.

    A request of the same id that came later is not the one it answered.
    """
    request = case.requests.get(provided.request)
    asked_on = min(request.requested_on, provided.provided_on) if request else provided.provided_on
    return deadlines.years_before(asked_on, YEARS)
