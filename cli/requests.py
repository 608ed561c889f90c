"""`request` and `due`: who asked for an accounting, and by when it is owed (45 CFR 164.528(c))."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from disclosure_ledger.errors import InvalidRecord, NotFound, Refused
from disclosure_ledger.hipaa import letters
from disclosure_ledger.hipaa.casefile import Casefile
from disclosure_ledger.hipaa.document import Practice
from disclosure_ledger.hipaa.records import (
    AccountingExtended,
    AccountingFeeNotice,
    AccountingRequest,
    AccountingWithdrawn,
)
from disclosure_ledger.practice.pending import OpenRequest

from . import say
from .facts import CLIENT, Flag, Telling, recorder
from .options import shared, today
from .using import open_ledger

_REQUEST = Flag(name="--request", field="request", help="The request's id", required=True)
_NOBODY = Practice(name="")


def _expect_unused(case: Casefile, asked: AccountingRequest) -> None:
    """Refuse an id that the client's earlier request has: the new one would take its place, and its deadline.

    The same request again is harmless.
    """
    earlier = case.requests.get(asked.id)
    if earlier is None or (asked.ref is not None and earlier.ref == asked.ref):
        return
    if _bare(earlier) != _bare(asked):
        raise Refused(
            f"this client has a request of this id, received {earlier.received_on}; nothing was recorded",
            hint="choose another --id; what was entered wrongly is first taken back: `correct ENTRY --retract`",
        )


def _bare(asked: AccountingRequest) -> AccountingRequest:
    """What was asked for, without what is only about its recording."""
    return replace(asked, ref=None, note=None, recorded_by=None)


def _effect(make: Callable[[Casefile, Any], object], what: str) -> Callable[[Casefile, Any], str | None]:
    """A judge by what refuses the letter: words about a record that does not have its effect in law."""

    def judge(case: Casefile, record: Any) -> str | None:
        _known(case, record.request)
        try:
            make(case, record)
        except (Refused, InvalidRecord) as error:
            return f"it is recorded, but {what}: {error.message}"
        return None

    return judge


def _known(case: Casefile, request: str) -> AccountingRequest:
    """The request of that id. Raises NotFound."""
    try:
        return case.request(request)
    except NotFound as error:
        hint = "`request list --client NUMBER` shows the requests on record; nothing was recorded"
        raise NotFound(error.message, hint=hint) from None


def _extended(case: Casefile, told: AccountingExtended) -> None:
    letters.extension(case, told, _NOBODY)


def _charged(case: Casefile, told: AccountingFeeNotice) -> None:
    letters.fee_notice(case, told, _NOBODY)


def _withdrawn(case: Casefile, gone: AccountingWithdrawn) -> None:
    asked = letters.open_request(case, gone.request)
    if gone.withdrawn_on < asked.requested_on:
        raise Refused(f"it was made on {asked.requested_on}, after that day, and is still to be answered")


@click.group("request")
def request_command() -> None:
    """Requests for an accounting, and what answers them."""


request_command.add_command(
    recorder(
        "add",
        "accounting_request",
        (
            CLIENT,
            Flag(name="--id", field="id", help="The practice's own id of the request", required=True),
            Flag(name="--requested-on", field="requested_on", help="Day it was made", form="date", required=True),
            Flag(name="--received-on", field="received_on", help="Day it arrived", form="date", required=True),
            Flag(name="--from", field="from", help="First day of a narrower period", form="date"),
            Flag(name="--to", field="to", help="Last day of a narrower period", form="date"),
            Flag(name="--requester", field="requester.name", help="Who asks, where it is not the client"),
            Flag(name="--role", field="requester.role", help="client or representative"),
        ),
        """Record that somebody asked for an accounting. The 60 days run from the day it arrived.

        \b
        disclosure-ledger request add --client C-1001 --id R-7 --requested-on 2026-11-20 --received-on today

        Each request of a client has an id of its own.
        """,
        judge=_expect_unused,
    )
)
request_command.add_command(
    recorder(
        "extend",
        "accounting_extended",
        (
            CLIENT,
            _REQUEST,
            Flag(name="--notified-on", field="notified_on", help="Day the client was told", form="date", required=True),
            Flag(name="--reason", field="reason", help="Why, as the client was told", required=True),
            Flag(name="--provide-by", field="provide_by", help="The new day", form="date", required=True),
        ),
        """Record that the client was told in writing of one delay, of 30 days at most.

        \b
        disclosure-ledger request extend --client C-1001 --request R-7 --notified-on today \\
            --reason "records of a business associate are late" --provide-by 2027-02-15 --letter R-7-extension.pdf

        With --letter the client's letter is written too, and nothing is recorded where the law would give no more
        time: the client is told within the first 60 days, once, and of at most 30 days more.
        """,
        judge=_effect(_extended, "the law gives no more time by it"),
        telling=Telling(
            make=lambda case, record, practice, _: letters.extension(case, record, practice),
            help="Write the letter that tells the client: .pdf, .html or .txt.",
        ),
    )
)
request_command.add_command(
    recorder(
        "fee",
        "accounting_fee_notice",
        (
            CLIENT,
            _REQUEST,
            Flag(name="--notified-on", field="notified_on", help="Day the client was told", form="date", required=True),
            Flag(name="--fee", field="fee", help="The amount, such as 12.50", required=True),
            Flag(name="--answer", field="answer", help="proceed, narrowed, withdrawn or none_yet", required=True),
        ),
        """Record that the client was told a fee, and what they said. Without it there is no fee.

        \b
        disclosure-ledger request fee --client C-1001 --request R-7 --notified-on today --fee 12.50 --answer proceed
        disclosure-ledger request fee --client C-1001 --request R-7 --notified-on today --fee 12.50 \\
            --answer none_yet --worked-out "25 pages at $0.50 a page" --letter R-7-fee.pdf

        With --letter the client's letter is written too, and nothing is recorded where the list is free.
        """,
        judge=_effect(_charged, "no fee may be charged on it"),
        telling=Telling(
            make=lambda case, record, practice, more: letters.fee_notice(
                case, record, practice, reckoned=more.get("reckoned")
            ),
            help="Write the letter that tells the client: .pdf, .html or .txt.",
            more=(Flag(name="--worked-out", field="reckoned", help="In the letter: how the fee was worked out"),),
        ),
    )
)
request_command.add_command(
    recorder(
        "withdraw",
        "accounting_withdrawn",
        (
            CLIENT,
            _REQUEST,
            Flag(name="--withdrawn-on", field="withdrawn_on", help="Day it was", form="date", required=True),
        ),
        """Record that the client took a request back.

        \b
        disclosure-ledger request withdraw --client C-1001 --request R-7 --withdrawn-on today
        """,
        judge=_effect(_withdrawn, "it changes nothing"),
    )
)


@request_command.command("list")
@click.option("--client", metavar="NUMBER", help="Only this client's.")
@shared
def list_command(client: str | None) -> None:
    """List requests, answered ones too.

    \b
    disclosure-ledger request list
    disclosure-ledger request list --client C-1001
    """
    with open_ledger() as (ledger, chosen):
        found = [one for one in ledger.requests() if client is None or one.client == client]
        _print(found, today(chosen), as_json=chosen.json)


@click.command("due")
@shared
def due_command() -> None:
    """List the accountings that are owed, the most overdue first.

    \b
    disclosure-ledger due
    """
    with open_ledger() as (ledger, chosen):
        found = [one for one in ledger.requests() if one.state == "open"]
        _print(found, today(chosen), as_json=chosen.json)


def _print(found: list[OpenRequest], now: dt.date, *, as_json: bool) -> None:
    if as_json:
        say.data_json([_as_json(one, now) for one in found])
    elif not found:
        say.data("None.")
    else:
        heads = ("due", "client", "request", "received", "extended to 90 days", "state")
        rows = [
            (
                one.due_on.isoformat(),
                one.client,
                one.id,
                one.received_on.isoformat(),
                one.latest_on.isoformat(),
                _state(one, now),
            )
            for one in found
        ]
        say.data(say.table(rows, heads))


def _state(one: OpenRequest, now: dt.date) -> str:
    if one.state != "open":
        return one.state
    days = (one.due_on - now).days
    return f"LATE by {-days} days" if days < 0 else f"{days} days left"


def _as_json(one: OpenRequest, now: dt.date) -> dict[str, object]:
    return {
        "client": one.client,
        "request": one.id,
        "requested_on": one.requested_on.isoformat(),
        "received_on": one.received_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "latest_on": one.latest_on.isoformat(),
        "state": one.state,
        "late": one.state == "open" and one.due_on < now,
    }
