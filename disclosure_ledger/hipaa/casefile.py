"""One client's records folded to what is in force.

`fold` takes the records of a client in the order of the ledger and answers for any day: which releases stand, who may
act for the client, which forms, limits and suspensions hold, which requests are open. Where dates decide, order does
not.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.records import Correction, from_json
>>> release = from_json({"kind": "disclosure", "client": "C-1001", "disclosed_on": "2026-02-03", "basis": "court_order",
...     "recipient": {"name": "County Court", "type": "court"}, "description": "attendance dates"})
>>> gone = Correction(client="C-1001", corrects=7, reason="recorded for the wrong client")
>>> day = date(2026, 2, 4)
>>> case = fold([Filed(index=7, record=release, recorded_on=day), Filed(index=9, record=gone, recorded_on=day)])
>>> [(release.original, release.standing) for release in case.releases]
[(7, None)]
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from disclosure_ledger.errors import NotFound

from . import deadlines
from .particulars import Representative
from .parts import same_name
from .records import (
    AccountingExtended,
    AccountingFeeNotice,
    AccountingProvided,
    AccountingRequest,
    AccountingWithdrawn,
    Authorization,
    AuthorizationRevoked,
    Client,
    Correction,
    Disclosure,
    Hold,
    HoldLifted,
    Record,
    ResearchCandidate,
    ResearchProtocol,
    Restriction,
    RestrictionEnded,
    Suspension,
    SuspensionLifted,
)
from .standing import Filed, Release, releases_of
from .suspensions import Lifting, Statement, about_none, in_force, suspended

__all__ = ["Casefile", "Filed", "Release", "fold"]

R = TypeVar("R", bound=Record)

MAJORITY: Final = 18
"""Years of age from which a parent as such acts for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Casefile:
    """One client's facts. Mappings are by `id`, tuples in the order of the ledger."""

    client: str | None = None
    record: Client | None = None
    """The client record in force: the last one, whole."""
    releases: tuple[Release, ...] = ()
    authorizations: Mapping[str, Authorization] = field(default_factory=dict)
    revocations: tuple[AuthorizationRevoked, ...] = ()
    restrictions: Mapping[str, Restriction] = field(default_factory=dict)
    endings: tuple[RestrictionEnded, ...] = ()
    suspensions: tuple[Statement, ...] = ()
    liftings: tuple[Lifting, ...] = ()
    holds: tuple[Hold, ...] = ()
    """The holds that nothing has lifted."""
    requests: Mapping[str, AccountingRequest] = field(default_factory=dict)
    extensions: tuple[AccountingExtended, ...] = ()
    fee_notices: tuple[AccountingFeeNotice, ...] = ()
    withdrawals: tuple[AccountingWithdrawn, ...] = ()
    provided: tuple[AccountingProvided, ...] = ()
    candidates: frozenset[str] = frozenset()
    """Studies whose selection criteria the client met."""
    protocols: Mapping[str, ResearchProtocol] = field(default_factory=dict)

    def standing(self) -> tuple[tuple[Release, Disclosure], ...]:
        """The releases that stand, each with what it says."""
        return tuple((release, release.disclosure) for release in self.releases if release.disclosure is not None)

    def release(self, index: int) -> Release | None:
        """The release that an index names: of its entry, or of an earlier correction of it."""
        return next((release for release in reversed(self.releases) if index in release.names), None)

    def protocol_name(self, release: Disclosure) -> str | None:
        """The name of the study that a release was for, where it is known."""
        protocol = self.protocols.get(release.protocol or "")
        return protocol.name if protocol is not None else None

    def representative_on(self, name: str, day: date) -> Representative | None:
        """Whoever of that name may act for the client on that day, with the widest scope (164.502(g))."""
        acting = [person for person in self.representatives_on(day) if same_name(person.name, name)]
        return min(acting, key=lambda person: person.scope != "all", default=None)

    def representatives_on(self, day: date) -> tuple[Representative, ...]:
        """Everybody who may act for the client on that day: a parent as such only for a minor (164.502(g)(3))."""
        people = self.record.representatives if self.record is not None else None
        acting = tuple(person for person in people or () if person.in_force(day))
        return tuple(person for person in acting if not person.is_parent) if self._is_of_age(day) else acting

    def _is_of_age(self, day: date) -> bool:
        """Was the client 18 on that day, or when they died?"""
        died_on = self.record.died_on if self.record is not None else None
        age = self.age_on(min(day, died_on or day))
        return age is not None and age >= MAJORITY

    def age_on(self, day: date) -> int | None:
        """The client's age in whole years, where the day of birth is known."""
        born = self.record.born_on if self.record is not None else None
        return deadlines.age_on(born, day) if born is not None else None

    def is_suspended(self, release: Disclosure, day: date) -> bool:
        """Must the release be left out of an accounting issued on that day (164.528(a)(2))?"""
        return suspended(self.suspensions, self.liftings, release, day)

    def suspensions_on(self, release: Disclosure, day: date) -> tuple[Suspension, ...]:
        """The statements about a release that hold on that day, whether or not its basis can be suspended."""
        return in_force(self.suspensions, self.liftings, release, day)

    def suspensions_about_nothing(self, day: date) -> tuple[int, ...]:
        """The entries of statements that would hold on that day, but fit none of the releases: misspelt, perhaps."""
        releases = [disclosure for _, disclosure in self.standing()]
        return tuple(one.index for one in about_none(self.suspensions, self.liftings, releases, day))

    def revoked_on(self, form: Authorization) -> date | None:
        """The day the form's revocation arrived; one that came before it was signed was another form's."""
        received = [
            revoked.received_on
            for revoked in self.revocations
            if revoked.id == form.id and revoked.received_on >= form.signed_on
        ]
        return min(received, default=None)

    def endings_of(self, restriction: Restriction) -> tuple[RestrictionEnded, ...]:
        """What ended or tried to end a restriction since it took effect, in the order of the days."""
        ours = (
            ended for ended in self.endings if ended.id == restriction.id and ended.ended_on >= restriction.effective_on
        )
        return tuple(sorted(ours, key=lambda ended: ended.ended_on))

    def request(self, id_: str) -> AccountingRequest:
        """The request of that id. Raises NotFound."""
        if id_ not in self.requests:
            raise NotFound("no request of that id is on record for this client")
        return self.requests[id_]

    def withdrawn_on(self, request: AccountingRequest) -> date | None:
        """The day the client took the request back; what came before it was made was about an earlier one."""
        ours = (gone.withdrawn_on for gone in self.withdrawals if gone.request == request.id)
        return min((day for day in ours if day >= request.requested_on), default=None)

    def fee_notice(self, request: AccountingRequest, day: date) -> AccountingFeeNotice | None:
        """What the client was told of a fee last by that day, since the request was made, and answered."""
        ours = (one for one in self.fee_notices if one.request == request.id)
        told = [one for one in ours if request.requested_on <= one.notified_on <= day]
        return max(enumerate(told), key=lambda one: (one[1].notified_on, one[0]), default=(0, None))[1]

    def given(self, request: AccountingRequest) -> AccountingProvided | None:
        """The first accounting that was given for a request; one given before it arrived answered an earlier one."""
        ours = (
            given for given in self.provided if given.request == request.id and given.provided_on >= request.received_on
        )
        return min(ours, key=lambda given: given.provided_on, default=None)

    def deadline(self, request: AccountingRequest) -> date:
        """The last day to act on a request, after any valid extension (164.528(c)(1))."""
        letters = (
            (letter.notified_on, letter.provide_by) for letter in self.extensions if letter.request == request.id
        )
        return deadlines.deadline(request.received_on, letters)

    def open_requests(self) -> tuple[AccountingRequest, ...]:
        """The requests neither answered nor taken back, the most pressing first."""
        waiting = (
            request
            for request in self.requests.values()
            if self.given(request) is None and self.withdrawn_on(request) is None
        )
        return tuple(sorted(waiting, key=lambda request: (self.deadline(request), request.id)))


def fold(filed: Iterable[Filed], *, protocols: Mapping[str, ResearchProtocol] | None = None) -> Casefile:
    """One client's facts out of all their records. `protocols`: the studies of the ledger, which have no client."""
    ordered = _without_retracted(sorted(filed, key=lambda entry: entry.index))
    clients = _of(ordered, Client)
    studies = {**(protocols or {}), **{study.id: study for study in _of(ordered, ResearchProtocol)}}
    return Casefile(
        client=next((entry.record.client for entry in ordered if entry.record.client is not None), None),
        record=clients[-1] if clients else None,
        releases=releases_of(ordered),
        authorizations={form.id: form for form in _of(ordered, Authorization)},
        revocations=_of(ordered, AuthorizationRevoked),
        restrictions={limit.id: limit for limit in _of(ordered, Restriction)},
        endings=_of(ordered, RestrictionEnded),
        suspensions=tuple(
            Statement(index=entry.index, suspension=entry.record)
            for entry in ordered
            if isinstance(entry.record, Suspension)
        ),
        liftings=tuple(
            Lifting(index=entry.index, lifted=entry.record)
            for entry in ordered
            if isinstance(entry.record, SuspensionLifted)
        ),
        holds=_holds(ordered),
        requests={request.id: request for request in _of(ordered, AccountingRequest)},
        extensions=_of(ordered, AccountingExtended),
        fee_notices=_of(ordered, AccountingFeeNotice),
        withdrawals=_of(ordered, AccountingWithdrawn),
        provided=_of(ordered, AccountingProvided),
        candidates=frozenset(candidate.protocol for candidate in _of(ordered, ResearchCandidate)),
        protocols=studies,
    )


def _without_retracted(ordered: list[Filed]) -> list[Filed]:
    """What stands of the facts: a form, limit, suspension or request that was entered in error is as if it were not.

    Releases keep their corrections: which of them stands is a question of its own (`standing`).
    """
    gone = {
        entry.record.corrects for entry in ordered if isinstance(entry.record, Correction) and entry.record.retracts
    }
    return [entry for entry in ordered if entry.index not in gone or isinstance(entry.record, Disclosure | Correction)]


def _of(ordered: Iterable[Filed], kind: type[R]) -> tuple[R, ...]:
    return tuple(entry.record for entry in ordered if isinstance(entry.record, kind))


def _holds(ordered: Iterable[Filed]) -> tuple[Hold, ...]:
    held: list[Hold] = []
    for entry in ordered:
        if isinstance(entry.record, HoldLifted):
            held.clear()
        elif isinstance(entry.record, Hold):
            held.append(entry.record)
    return tuple(held)
