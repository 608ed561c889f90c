"""What is otherwise on a list that is given again: the same request, drawn as it was then and as it is now.

Compared release by release, never line by line: a line that stands for many would tell by its count that one is kept
back. **Nothing is told of a release that is suspended on the day of the new list**, in the words of then or of now: a
row that is gone because an agency asked for it (164.528(a)(2)) is passed over. One whose suspension has ended is on
the list and is told as any other. Nor is anything told that the requester may not see any more.

Example: tests/hipaa/test_changes.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from disclosure_ledger.errors import NotFound

from .accounting import account
from .bases import Rules
from .casefile import Casefile, Filed, fold
from .document import Practice
from .records import AccountingProvided, AccountingRequest
from .rows import Row
from .studies import Study

_TEXT_OF_THE_RULE: Final = Rules()
_NONE: Final[Mapping[str, Study]] = MappingProxyType({})
_NOBODY: Final = Practice(name="-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One release as it was listed and as it is: `before` is None for an added one, `after` for one that is gone."""

    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since the last list that was given for a request."""

    request: AccountingRequest
    given: AccountingProvided
    changes: tuple[Change, ...]


def since_given(
    filed: Sequence[Filed],
    case: Casefile,
    request: str,
    *,
    as_of: date,
    rules: Rules = _TEXT_OF_THE_RULE,
    studies: Mapping[str, Study] = _NONE,
) -> Changes:
    """What changed since the list that was last given. `case`: all of `filed`, folded with its studies.

    A list that was given on the same day and says the same is the new one in another form: the letter that went with it
    goes with this one too.

    Raises NotFound where no list was given for the request, Refused where the requester may have none.
    """
    asked = case.request(request)
    after, found = _rows(case, asked, as_of, rules, studies), None
    for index, given in _given(filed, asked):
        then = fold((one for one in filed if one.index < index), protocols=case.protocols)
        before = _rows(then, asked, given.provided_on, rules, studies)
        hidden = _hidden(then, case, asked, as_of)
        pairs = ((before.get(one), after.get(one)) for one in {**before, **after} if one not in hidden)
        changes = sorted((Change(before=was, after=is_) for was, is_ in pairs if was != is_), key=_order)
        if changes or given.provided_on != as_of:
            return Changes(request=asked, given=given, changes=tuple(changes))
        found = found or Changes(request=asked, given=given, changes=())
    if found is None:
        raise NotFound("no list was given for this request yet", hint="the letter goes with a list that is given again")
    return found


def _given(filed: Iterable[Filed], asked: AccountingRequest) -> list[tuple[int, AccountingProvided]]:
    """The lists that were given for a request, the last one first, with the indexes of their entries."""
    ours = (
        (one.index, one.record)
        for one in filed
        if isinstance(one.record, AccountingProvided)
        and one.record.request == asked.id
        and one.record.provided_on >= asked.received_on
    )
    return sorted(ours, key=lambda one: one[0], reverse=True)


def _rows(
    case: Casefile, asked: AccountingRequest, day: date, rules: Rules, studies: Mapping[str, Study]
) -> dict[int, Row]:
    """Each release's own row, by the first entry about it; what a study stands for has none."""
    drawn = account(case, asked, as_of=day, practice=_NOBODY, rules=rules, studies=studies, summarize=False)
    found = {}
    for row in drawn.rows:
        release = case.release(row.entries[0])
        if release is not None:
            found[release.original] = replace(row, entries=())
    return found


def _hidden(then: Casefile, now: Casefile, asked: AccountingRequest, day: date) -> frozenset[int]:
    """The releases of which nothing may be told on that day, in what they said then or say now."""
    sees_minor_consented = _sees_minor_consented(now, asked, day)
    return frozenset(
        release.original
        for case in (then, now)
        for release, disclosure in case.standing()
        if now.is_suspended(disclosure, day) or (disclosure.scope == "minor_consented" and not sees_minor_consented)
    )


def _sees_minor_consented(case: Casefile, asked: AccountingRequest, day: date) -> bool:
    """May the requester see, on that day, what the minor consented to alone (164.502(g)(3))?"""
    if asked.role == "client" or asked.requester is None:
        return True
    acting = case.representative_on(asked.requester.name, day)
    return acting is not None and acting.scope == "all"


def _order(change: Change) -> tuple[date, str]:
    row = change.after or change.before
    assert row is not None  # noqa: S101 - one of the two is there
    return row.first_day, row.recipient.name
