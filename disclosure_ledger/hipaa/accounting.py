"""The accounting of disclosures of 45 CFR 164.528: one client's records, a request and a day of issue, to one document.

Pure: the same records, request, day and rules give the same accounting. What an agency suspended leaves no trace in it.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.casefile import Filed, fold
>>> from disclosure_ledger.hipaa.records import from_json
>>> release = from_json({"kind": "disclosure", "client": "C-1001", "disclosed_on": "2026-02-03", "matter": "881",
...     "basis": "court_order", "recipient": {"name": "County Court", "type": "court"}, "description": "visit dates"})
>>> case = fold([Filed(index=1, record=release, recorded_on=date(2026, 2, 3))])
>>> drawn = account(case, as_of=date(2026, 12, 1), practice=Practice(name="Harbor Counseling LLC")).to_json()
>>> drawn["period"], [row["date"] for row in drawn["rows"]]
({'from': '2020-12-01', 'to': '2026-12-01'}, ['2026-02-03'])

Object: docs/records.md ("What an accounting returns as JSON").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from disclosure_ledger.errors import Refused

from . import deadlines, officer
from .bases import BASES, PART2, Rules
from .casefile import Casefile, Release
from .document import FORMAT, Accounting, Practice
from .parts import Span, days
from .records import AccountingRequest, Disclosure, Representative
from .rows import Row, Told, in_study, is_listed, rows_from, told, told_from_fields
from .studies import Listing, Study, StudyRelease, available, listings, since

__all__ = [
    "FORMAT",
    "Accounting",
    "Asked",
    "Listing",
    "Practice",
    "Row",
    "Study",
    "StudyRelease",
    "Told",
    "account",
    "fee",
    "may_charge",
    "period_of",
    "rows_from",
    "told",
    "told_from_fields",
]

_TEXT_OF_THE_RULE: Final = Rules()
_NONE: Final[Mapping[str, Study]] = MappingProxyType({})

NOT_ENTITLED: Final = "an accounting is given to the person it is about, or to somebody who may act for that person"
"""Said to a requester without authority: it does not tell whether the practice knows the person (164.502(g))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request of the client that nobody recorded: made and received on the day of issue."""

    from_: date | None = None
    to: date | None = None


_ASKED: Final = Asked()


def account(
    casefile: Casefile,
    request: AccountingRequest | Asked | None = None,
    *,
    as_of: date,
    practice: Practice,
    rules: Rules = _TEXT_OF_THE_RULE,
    checkpoint: str = "",
    studies: Mapping[str, Study] = _NONE,
    summarize: bool | None = None,
) -> Accounting:
    """The accounting that is issued on `as_of`.

    `studies`: for each protocol id the standing releases of all clients. `summarize`: repeats as one row (default), or
    each release on its own. Raises Refused where the requester may not have it, or the practice owes none yet.
    """
    asked = request or _ASKED
    if rules.covered_since is not None and rules.covered_since > as_of:
        raise Refused(
            f"the practice is said to be covered since {rules.covered_since}, which is after the day of issue",
            hint="see covered_since in the settings",
        )
    acting = _acting(casefile, asked, as_of)
    period = period_of(asked, as_of)
    listed = _listed(casefile, asked, acting, period=period, as_of=as_of, rules=rules)
    used = _studies(casefile, [one.told for one in listed], studies, period, rules)
    protocols = frozenset(used)
    return Accounting(
        **_head(casefile, asked, acting, as_of),
        practice=practice,
        period=period,
        rules=rules.name(),
        rows=rows_from(
            (one.told for one in listed), period, rules=rules, summarize=summarize is not False, studies=protocols
        ),
        research=listings(used.values(), period),
        checkpoint=checkpoint,
        studied=tuple(sorted(one.told.index for one in listed if in_study(one.told, protocols))),
        warnings=_warnings(
            casefile, asked, acting, [one for one in listed if not in_study(one.told, protocols)], as_of
        ),
    )


def _head(
    casefile: Casefile, asked: AccountingRequest | Asked, acting: Representative | None, as_of: date
) -> dict[str, Any]:
    """Who asked, when, by when it is due, and what it costs."""
    recorded = asked if isinstance(asked, AccountingRequest) else None
    return {
        "client_number": casefile.client or "",
        "client_name": casefile.record.name if casefile.record is not None else None,
        "request_id": recorded.id if recorded else None,
        "requested_on": _requested_on(asked, as_of),
        "requester": "client" if acting is None else "representative",
        "issued_on": as_of,
        "due_on": casefile.deadline(recorded) if recorded else None,
        "latest_on": deadlines.latest_on(recorded.received_on) if recorded else None,
        "fee": fee(casefile, asked, as_of=as_of),
    }


class _Listed(NamedTuple):
    """A standing release that this accounting lists, in itself or by its study."""

    release: Release
    disclosure: Disclosure
    told: Told


def _listed(
    casefile: Casefile,
    asked: AccountingRequest | Asked,
    acting: Representative | None,
    *,
    period: Span,
    as_of: date,
    rules: Rules,
) -> list[_Listed]:
    """What the requester may see of what is listed: nothing that is suspended on the day of issue."""
    sees_minor_consented = acting is None or acting.scope == "all"
    standing = (
        _Listed(release, disclosure, _told(casefile, release, disclosure, asked, as_of, rules))
        for release, disclosure in casefile.standing()
        if sees_minor_consented or disclosure.scope != "minor_consented"
    )
    return [
        one
        for one in standing
        if is_listed(one.told, period, rules) and not casefile.is_suspended(one.disclosure, as_of)
    ]


def _acting(casefile: Casefile, asked: AccountingRequest | Asked, as_of: date) -> Representative | None:
    """Who acts for the client, or None where it is the client. Raises Refused where it is neither (164.502(g))."""
    if isinstance(asked, Asked) or asked.role == "client" or asked.requester is None:
        died_on = casefile.record.died_on if casefile.record is not None else None
        if died_on is not None and _requested_on(asked, as_of) > died_on:
            raise Refused(NOT_ENTITLED)
        return None
    acting = casefile.representative_on(asked.requester.name, as_of)
    if acting is None:
        raise Refused(NOT_ENTITLED)
    return acting


def period_of(asked: AccountingRequest | Asked, as_of: date) -> Span:
    """The first and last day that the accounting covers (164.528(a)(1), (a)(3))."""
    received_on = asked.received_on if isinstance(asked, AccountingRequest) else as_of
    first, last = deadlines.window(
        requested_on=_requested_on(asked, as_of), received_on=received_on, from_=asked.from_, to=asked.to
    )
    return Span(from_=first, to=last)


def _requested_on(asked: AccountingRequest | Asked, as_of: date) -> date:
    return asked.requested_on if isinstance(asked, AccountingRequest) else as_of


def _told(
    casefile: Casefile,
    release: Release,
    disclosure: Disclosure,
    asked: AccountingRequest | Asked,
    as_of: date,
    rules: Rules,
) -> Told:
    return told(
        release.chain[-1],
        disclosure,
        protocol_name=casefile.protocol_name(disclosure),
        consented=_consented(disclosure, rules, _requested_on(asked, as_of), as_of),
    )


_TPO: Final = frozenset(
    {"treatment", "payment", "health_care_operations", "organized_health_care_arrangement", "business_associate"}
)


def _consented(release: Disclosure, rules: Rules, requested_on: date, as_of: date) -> bool:
    """Does 42 CFR 2.25 list it: made with consent in three years; for treatment, payment, operations only by EHR?"""
    effective = rules.part2_accounting_effective
    if effective is None or as_of < effective or release.part2_basis is None:
        return False
    recent = release.latest_day >= deadlines.years_before(requested_on, deadlines.PART2_YEARS)
    routine = release.basis in _TPO or release.part2_basis == "p2_consent_tpo"
    return recent and PART2[release.part2_basis].consent and (not routine or bool(release.via_ehr))


def _studies(
    casefile: Casefile, listed: list[Told], studies: Mapping[str, Study], period: Span, rules: Rules
) -> dict[str, Study]:
    """The studies that stand in place of releases: available, and this client's information may be among them."""
    among = {one.protocol for one in listed if one.protocol is not None and in_study(one, frozenset({one.protocol}))}
    concerned = among | (casefile.candidates - _permitted_otherwise(casefile, period))
    known = {id_: since(studies[id_], rules.covered_since) for id_ in sorted(concerned) if id_ in studies}
    return {id_: study for id_, study in known.items() if available(study, period)}


_FORM_OR_LIMITED: Final = frozenset({"(a)(1)(iv)", "(a)(1)(viii)"})
"""The exclusions of research on a signed form and with a limited data set."""


def _permitted_otherwise(casefile: Casefile, period: Span) -> frozenset[str]:
    """The studies that had this client's information in the period on a form, or as a limited data set."""
    return frozenset(
        release.protocol
        for _, release in casefile.standing()
        if release.protocol is not None
        and BASES[release.counts_as].exclusion in _FORM_OR_LIMITED
        and period.touches(days(release.disclosed_on))
    )


def fee(casefile: Casefile, asked: AccountingRequest | Asked, *, as_of: date) -> str:
    """What the accounting costs (164.528(c)(2)).

    Nothing, unless it is a further one within twelve months of a free one, the fee was announced beforehand, and the
    client's last answer was to go on. A copy costs what the first one did.
    """
    if isinstance(asked, Asked):
        return deadlines.NO_FEE
    given = casefile.given(asked)
    if given is not None:
        return given.fee
    last = casefile.fee_notice(asked, as_of)
    if last is None or last.answer != "proceed" or not may_charge(casefile, asked, as_of=as_of):
        return deadlines.NO_FEE
    return last.fee


def may_charge(casefile: Casefile, request: AccountingRequest, *, as_of: date) -> bool:
    """May a fee be charged (164.528(c)(2)): do the twelve months of the last free accounting still run?

    They run from the day on which that one was asked for.
    """
    free = [
        casefile.requests[given.request].requested_on
        for given in casefile.provided
        if given.fee == deadlines.NO_FEE
        and given.request != request.id
        and given.request in casefile.requests
        and given.provided_on <= as_of
    ]
    earlier = [day for day in free if day <= request.requested_on]
    return deadlines.chargeable(request.requested_on, max(earlier, default=None))


def _warnings(
    casefile: Casefile,
    asked: AccountingRequest | Asked,
    acting: Representative | None,
    seen: list[_Listed],
    as_of: date,
) -> tuple[str, ...]:
    rows = [(one.release, one.disclosure) for one in seen]
    found = list(officer.about_rows(casefile, rows, representative=acting is not None, as_of=as_of))
    if isinstance(asked, AccountingRequest):
        found += officer.about_request(casefile, asked, as_of=as_of)
        unpaid = fee(casefile, asked, as_of=as_of) == deadlines.NO_FEE
        if unpaid and casefile.given(asked) is None and may_charge(casefile, asked, as_of=as_of):
            found.append(officer.NO_NOTICE)
    found += officer.about_people(casefile, acting, as_of=as_of)
    return tuple(found)
