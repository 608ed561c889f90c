"""Letters that answer a request, and the sheet that goes before a release: each a small value, made of what is filed.

A value is made only where the law lets the letter have its effect, so that no letter promises what does not hold: an
extension within its two limits (164.528(c)(1)(ii)), a fee where one may be charged (164.528(c)(2)).

>>> from datetime import date
>>> from disclosure_ledger.hipaa.casefile import Filed, fold
>>> from disclosure_ledger.hipaa.records import AccountingExtended, AccountingRequest
>>> day = date(2026, 11, 23)
>>> asked = AccountingRequest(client="C-1001", id="R-1", requested_on=day, received_on=day)
>>> told = AccountingExtended(client="C-1001", request="R-1", notified_on=day, reason="late records",
...     provide_by=date(2027, 2, 21))
>>> letter = extension(fold([Filed(index=1, record=asked, recorded_on=day)]), told, Practice(name="Harbor"))
>>> letter.due_on, letter.provide_by
(datetime.date(2027, 1, 22), datetime.date(2027, 2, 21))
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from disclosure_ledger.errors import InvalidRecord, Refused

from . import deadlines
from .accounting import may_charge
from .bases import PART2
from .casefile import Casefile
from .changes import Change, Changes
from .document import Practice
from .part2 import NOTICE_LONG, NOTICE_SHORT
from .parts import DisclosedOn
from .records import AccountingExtended, AccountingFeeNotice, AccountingRequest, Authorization, Disclosure

_WITHOUT_NOTICE: Final = frozenset({"p2_patient_access", "p2_internal_or_control", "p2_public_health_deidentified"})
"""Part 2 releases that need no word about it: to the patient, within the program, and of nobody in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What every letter to a client begins with. `name`: of whoever asked; None where only the number is known."""

    practice: Practice
    dated: date
    name: str | None
    address: str | None
    client_number: str
    request_id: str
    requested_on: date
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """The one written statement that gives up to 30 days more (164.528(c)(1)(ii))."""

    heading: Heading
    reason: str
    due_on: date
    """The last of the first 60 days."""
    provide_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNotice:
    """The fee, told before anything is charged, with the right to withdraw or ask for less (164.528(c)(2)(ii))."""

    heading: Heading
    fee: str
    reckoned: str | None
    """How the fee was worked out, in words for the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What is otherwise on a list that is given again for one request."""

    heading: Heading
    earlier_on: date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How far a patient's consent reaches: the "clear explanation of the scope" of 42 CFR 2.32(b).

    Without the form's recipients: one of them need not know of the others.
    """

    signed_on: date
    information: str
    purpose: str
    expires_on: date | None
    expires_when: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet:
    """What goes before the pages of a release. It names no client: a cover is read by whoever stands at the fax."""

    practice: Practice
    recipient: tuple[str, ...]
    """Name, then organization and address where they are known."""
    disclosed_on: DisclosedOn
    description: str
    matter: str | None
    pages: int | None
    notice: str | None = None
    """The words of 42 CFR 2.32(a), as the rule has them."""
    by_consent: bool = False
    """Must a copy of the consent, or its scope, go along (42 CFR 2.32(b))?"""
    consent: Consent | None = None


Letter: TypeAlias = Extension | FeeNotice | Corrected | CoverSheet


def extension(case: Casefile, told: AccountingExtended, practice: Practice) -> Extension:
    """The letter of an extension. Raises NotFound, or Refused or InvalidRecord where it would extend nothing."""
    asked = open_request(case, told.request)
    due, latest = deadlines.due_on(asked.received_on), deadlines.latest_on(asked.received_on)
    told_before = (letter for letter in case.extensions if letter.request == told.request)
    if any(letter.notified_on >= asked.received_on for letter in told_before):
        raise Refused("this request was extended before, and the law gives one extension (45 CFR 164.528(c)(1)(ii))")
    if not asked.received_on <= told.notified_on <= due:
        raise InvalidRecord(
            f"expected a day up to {due.isoformat()}: the client is told within the first 60 days", field="notified_on"
        )
    if not due < told.provide_by <= latest:
        raise InvalidRecord(
            f"expected a day after {due.isoformat()} and up to {latest.isoformat()}: 30 days more at most",
            field="provide_by",
        )
    heading = _heading(case, asked, practice, told.notified_on)
    return Extension(heading=heading, reason=told.reason, due_on=due, provide_by=told.provide_by)


def fee_notice(
    case: Casefile, told: AccountingFeeNotice, practice: Practice, *, reckoned: str | None = None
) -> FeeNotice:
    """The letter that tells a fee. Raises NotFound, or Refused where the list is free."""
    asked = open_request(case, told.request)
    if told.fee == deadlines.NO_FEE:
        raise InvalidRecord("expected an amount above 0.00: what is free needs no notice", field="fee")
    if not may_charge(case, asked, as_of=told.notified_on):
        raise Refused(
            "this list is free: no free one was given for a request of the twelve months before (45 CFR 164.528(c)(2))"
        )
    return FeeNotice(heading=_heading(case, asked, practice, told.notified_on), fee=told.fee, reckoned=reckoned)


def corrected(case: Casefile, found: Changes, practice: Practice, dated: date) -> Corrected:
    """The letter that goes with a list that is given again."""
    heading = _heading(case, found.request, practice, dated)
    return Corrected(heading=heading, earlier_on=found.given.provided_on, changes=found.changes)


def cover_sheet(release: Disclosure, case: Casefile | None, practice: Practice) -> CoverSheet:
    """The cover sheet of a release; the casefile is where its forms are found."""
    basis = PART2.get(release.part2_basis or "")
    consented = basis is not None and basis.consent
    told = basis is not None and basis.code not in _WITHOUT_NOTICE
    to = release.recipient
    return CoverSheet(
        practice=practice,
        recipient=tuple(text for text in (to.name, to.organization, to.address) if text is not None),
        disclosed_on=release.disclosed_on,
        description=release.description,
        matter=release.matter,
        pages=release.pages,
        notice=NOTICE_LONG if consented else NOTICE_SHORT if told else None,
        by_consent=consented,
        consent=_consent(release, case) if consented and case is not None else None,
    )


def open_request(case: Casefile, id_: str) -> AccountingRequest:
    """The request, if it is still to be answered. Raises NotFound, Refused."""
    asked = case.request(id_)
    if case.given(asked) is not None or case.withdrawn_on(asked) is not None:
        raise Refused("this request was answered or taken back: there is nothing to tell of it")
    return asked


def _heading(case: Casefile, asked: AccountingRequest, practice: Practice, dated: date) -> Heading:
    record = case.record
    by_client = asked.role == "client" or asked.requester is None
    # a client who asked for another address or method than the usual one gets no letter to the usual one (164.522(b))
    at_home = by_client and record is not None and record.communication is None
    return Heading(
        practice=practice,
        dated=dated,
        name=(record.name if record is not None else None) if by_client else asked.requester.name,  # type: ignore[union-attr]
        address=record.address if at_home and record is not None else None,
        client_number=asked.client,
        request_id=asked.id,
        requested_on=asked.requested_on,
        received_on=asked.received_on,
    )


def _consent(release: Disclosure, case: Casefile) -> Consent | None:
    """The scope of the form that the release names, or of the only one that names its recipient."""
    named = [paper.authorization for paper in release.evidence or () if paper.authorization is not None]
    forms = [case.authorizations[id_] for id_ in named if id_ in case.authorizations]
    if not forms:
        forms = [
            form
            for form in case.authorizations.values()
            if any(release.recipient.is_called(r) for r in form.recipients)
        ]
    return _scope(forms[0]) if len(forms) == 1 else None


def _scope(form: Authorization) -> Consent:
    return Consent(
        signed_on=form.signed_on,
        information=form.information,
        purpose=form.purpose,
        expires_on=form.expires_on,
        expires_when=form.expires_when,
    )
