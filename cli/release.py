"""The flags of a release, for `record` and `correct`: flags to one JSON record, as a file would hold it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import click

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord

from .dates import day

_FLAGS = (
    click.option("--on", metavar="DATE", help="Day of the release: YYYY-MM-DD, today or yesterday."),
    click.option("--to", "until", metavar="DATE", help="Last day, where it went on from --on to another day."),
    click.option("--recipient", metavar="NAME", help="Who received it."),
    click.option("--organization", help="The recipient's organization."),
    click.option("--address", help="The recipient's address, if known."),
    click.option("--type", "recipient_type", metavar="TYPE", help="court, attorney, health_plan, provider, …"),
    click.option("--basis", metavar="CODE", help="The legal basis relied on, such as court_order or payment."),
    click.option("--description", help="What was released, in words the client may read."),
    click.option("--field", "fields", multiple=True, metavar="CODE", help="A data element released; repeat it."),
    click.option("--purpose", help="Why, in words the client reads; left out: the sentence of the basis."),
    click.option("--matter", help="Case, audit, claim or protocol number."),
    click.option(
        "--evidence",
        multiple=True,
        metavar="PAPER",
        help="TYPE[:REF[:DATE[:ISSUER]]]; repeat it.",
    ),
    click.option("--verified", help="How the recipient's identity and authority were verified."),
    click.option("--minimum-necessary", help="The protocol, or the note of the review, that limited it."),
    click.option("--method", help="mail, fax, email, portal, phone, in_person, electronic or other."),
    click.option("--explanation", help="For what should not have happened: what went wrong, for the client."),
    click.option("--protocol", help="The research protocol's id."),
)


FLAG_OF = {
    "disclosed_on": "--on",
    "disclosed_on.to": "--to",
    "recipient": "--recipient",
    "recipient.organization": "--organization",
    "recipient.address": "--address",
    "recipient.type": "--type",
    "fields": "--field",
    **{name: f"--{name}" for name in ("basis", "description", "purpose", "matter", "evidence", "verified", "method")},
    **{name: f"--{name}" for name in ("explanation", "protocol", "client", "ref", "note", "reason")},
    "minimum_necessary": "--minimum-necessary",
}
"""The flag that fills a field."""


def release_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags of a release."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def from_flags(flags: Mapping[str, Any], today: dt.date) -> dict[str, JSON]:
    """What the flags say, as a record's fields; what was not said is left out."""
    said: dict[str, JSON] = {
        name: flags[name]
        for name in ("basis", "description", "purpose", "matter", "verified", "minimum_necessary", "method")
        if flags[name] is not None
    }
    said |= {name: flags[name] for name in ("explanation", "protocol") if flags[name] is not None}
    if flags["on"] is not None:
        said["disclosed_on"] = _when(flags["on"], flags["until"], today)
    elif flags["until"] is not None:
        raise InvalidRecord("expected --on with --to", field="disclosed_on")
    recipient = {
        "name": flags["recipient"],
        "organization": flags["organization"],
        "address": flags["address"],
        "type": flags["recipient_type"],
    }
    recipient = {name: value for name, value in recipient.items() if value is not None}
    if recipient:
        said["recipient"] = recipient
    if flags["fields"]:
        said["fields"] = list(flags["fields"])
    if flags["evidence"]:
        said["evidence"] = [_paper(text, today) for text in flags["evidence"]]
    return said


def _when(on: str, until: str | None, today: dt.date) -> JSON:
    first = day(on, today, field="disclosed_on").isoformat()
    return first if until is None else {"from": first, "to": day(until, today, field="disclosed_on.to").isoformat()}


def _paper(text: str, today: dt.date) -> dict[str, JSON]:
    """A paper from its flag; the issuer comes last and may hold colons."""
    kind, *rest = text.split(":", 3)
    paper: dict[str, JSON] = {"type": kind}
    for name, value in zip(("ref", "dated", "issuer"), rest, strict=False):
        if value:
            paper[name] = day(value, today, field="evidence.dated").isoformat() if name == "dated" else value
    return paper
