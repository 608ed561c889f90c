"""Every request for an accounting and where it stands: open, answered or withdrawn (45 CFR 164.528(c))."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from disclosure_ledger.hipaa import deadlines
from disclosure_ledger.hipaa.casefile import Casefile, Filed, fold
from disclosure_ledger.hipaa.records import AccountingRequest

from .opening import Opener

_KINDS = (
    "accounting_request",
    "accounting_extended",
    "accounting_fee_notice",
    "accounting_withdrawn",
    "accounting_provided",
    "correction",
)
"""What is retracted counts no more: neither a request, nor the withdrawal of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request and its deadlines."""

    client: str
    id: str
    requested_on: dt.date
    received_on: dt.date
    due_on: dt.date
    """The deadline after any valid extension."""
    latest_on: dt.date
    """The last day that a valid extension can reach: 90 days after receipt."""
    state: str
    """`open`, `answered` or `withdrawn`."""


def requests(opener: Opener) -> tuple[OpenRequest, ...]:
    """The requests of all clients, the most pressing first."""
    by_client: dict[str, list[Filed]] = defaultdict(list)
    for opened in opener.of_kinds(*_KINDS):
        filed = opener.as_filed(opened)
        if filed is not None and filed.record.client is not None:
            by_client[filed.record.client].append(filed)
    found = [_stands(fold(filed), request) for filed in by_client.values() for request in fold(filed).requests.values()]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.client, one.id)))


def _stands(case: Casefile, request: AccountingRequest) -> OpenRequest:
    if case.given(request) is not None:
        state = "answered"
    else:
        state = "open" if case.withdrawn_on(request) is None else "withdrawn"
    return OpenRequest(
        client=request.client,
        id=request.id,
        requested_on=request.requested_on,
        received_on=request.received_on,
        due_on=case.deadline(request),
        latest_on=deadlines.latest_on(request.received_on),
        state=state,
    )
