"""`client`, `authorization`, `restriction`, `suspension` and `hold`: what decides whether a release may go out."""

import click

from . import say
from .facts import CLIENT, Flag, recorder
from .history import summary
from .options import shared
from .using import open_ledger


def _required(name: str, field: str, text: str, form: str = "text") -> Flag:
    return Flag(name=name, field=field, help=text, form=form, required=True)


def _optional(name: str, field: str, text: str, form: str = "text") -> Flag:
    return Flag(name=name, field=field, help=text, form=form)


_ID = _required("--id", "id", "The practice's own id of it")


def _lister(group: str, kinds: tuple[str, ...], text: str) -> click.Command:
    """A command that lists a client's entries of some kinds."""

    def command(client: str) -> None:
        with open_ledger() as (ledger, chosen):
            found = [one for one in ledger.history(client) if one.kind in kinds]
        if chosen.json:
            say.data_json([{"entry": one.index, "kind": one.kind, **dict(one.fields or {})} for one in found])
            return
        if not found:
            say.data("None.")
            return
        say.data(say.table([(str(one.index), one.kind, summary(one)) for one in found], ("entry", "kind", "what")))

    command.__doc__ = f"""{text}

    \b
    disclosure-ledger {group} list --client C-1001
    """
    made = click.option("--client", required=True, metavar="NUMBER", help="The practice's own client number.")(
        shared(command)
    )
    return click.command("list")(made)


def _group(name: str, text: str, *commands: click.Command) -> click.Group:
    group = click.Group(name, help=text)
    for command in commands:
        group.add_command(command)
    return group


client_command = _group(
    "client",
    "A client's name, birth, address, representatives.",
    recorder(
        "add",
        "client",
        (
            CLIENT,
            _required("--name", "name", "The client's name"),
            _optional("--born-on", "born_on", "Day of birth", "date"),
            _optional("--address", "address", "Where letters go"),
            _optional("--died-on", "died_on", "Day of death", "date"),
            _optional("--communication", "communication", "The confidential address or method asked for"),
        ),
        """Record a client; a later record replaces the earlier one whole.

        \b
        disclosure-ledger client add --client C-1001 --name "Dana Example" --born-on 1984-05-09

        Representatives: record --input, with `representatives` as in docs/records.md.
        """,
    ),
    _lister("client", ("client",), "List what was recorded of a client's name, address and representatives."),
)

authorization_command = _group(
    "authorization",
    "Signed forms, and their revocation.",
    recorder(
        "add",
        "authorization",
        (
            CLIENT,
            _ID,
            _required("--signed-on", "signed_on", "Day of the signature", "date"),
            _required("--recipient", "recipients", "Who may receive", "many"),
            _required("--information", "information", "What may be released"),
            _required("--purpose", "purpose", "What for"),
            _optional("--expires-on", "expires_on", "Last day", "date"),
            _optional("--expires-when", "expires_when", "The event that ends it"),
            _optional("--event-happened-on", "event_happened_on", "The day that event happened", "date"),
            _optional("--psychotherapy-notes", "psychotherapy_notes", "It is a form for session notes", "switch"),
            _optional("--combined-with", "combined_with", "What it is combined with"),
            _optional("--element", "elements", "An element or statement that is present; none: all are", "many"),
            _optional("--sha256", "sha256", "SHA-256 of the signed form, in hex"),
        ),
        """Record a signed authorization (45 CFR 164.508).

        \b
        disclosure-ledger authorization add --client C-1001 --id A-7 --signed-on 2026-03-02 \\
            --recipient "Westbrook Academy" --information "attendance" --purpose "school plan" --expires-on 2026-12-31
        """,
    ),
    recorder(
        "end",
        "authorization_revoked",
        (CLIENT, _ID, _required("--received-on", "received_on", "Day the revocation arrived", "date")),
        """Record that a client revoked a form. Releases made after that day under it are corrected.

        \b
        disclosure-ledger authorization end --client C-1001 --id A-7 --received-on today
        """,
    ),
    _lister("authorization", ("authorization", "authorization_revoked"), "List a client's forms and revocations."),
)

restriction_command = _group(
    "restriction",
    "Limits that a client asked for (45 CFR 164.522(a)).",
    recorder(
        "add",
        "restriction",
        (
            CLIENT,
            _ID,
            _required("--type", "type", "self_pay or agreed"),
            _required("--effective-on", "effective_on", "From when it holds", "date"),
            _optional("--recipient", "recipients", "Who must not receive; none: every health plan", "many"),
            _optional("--services-from", "services.from", "First day of the services it is about", "date"),
            _optional("--services-to", "services.to", "Last day of those services", "date"),
            _optional("--paid-on", "paid_on", "Day they were paid in full", "date"),
        ),
        """Record a restriction.

        \b
        disclosure-ledger restriction add --client C-1001 --id RS-1 --type self_pay --effective-on 2026-09-01 \\
            --services-from 2026-09-01 --services-to 2026-09-30 --paid-on 2026-09-30
        """,
    ),
    recorder(
        "end",
        "restriction_ended",
        (
            CLIENT,
            _ID,
            _required("--ended-on", "ended_on", "From when it holds no more", "date"),
            _required("--how", "how", "client_written, client_oral or practice_notice"),
        ),
        """Record the end of a restriction.

        \b
        disclosure-ledger restriction end --client C-1001 --id RS-1 --ended-on today --how client_written
        """,
    ),
    _lister("restriction", ("restriction", "restriction_ended"), "List a client's restrictions and their ends."),
)

suspension_command = _group(
    "suspension",
    "What an agency asked to leave out for a time (45 CFR 164.528(a)(2)).",
    recorder(
        "add",
        "suspension",
        (
            CLIENT,
            _required("--agency", "agency", "The agency, named as the recipient is"),
            _required("--statement", "statement", "written or oral"),
            _required("--stated-on", "stated_on", "Day of the statement", "date"),
            _required("--official", "official", "Who made it"),
            _optional("--through", "through", "Last day; a written statement has to say it", "date"),
            _optional("--matter", "matter", "The one matter it is about"),
        ),
        """Record that an agency suspended the client's right to see releases to it. No accounting tells of it.

        \b
        disclosure-ledger suspension add --client C-1001 --agency "County Sheriff" --statement oral \\
            --stated-on today --official "Det. Ruiz"
        """,
    ),
    recorder(
        "end",
        "suspension_lifted",
        (
            CLIENT,
            _required("--agency", "agency", "The agency, named as in the suspension"),
            _required("--lifted-on", "lifted_on", "From when it holds no more", "date"),
            _optional("--matter", "matter", "The one matter it is about"),
        ),
        """Record that an agency lifted its suspension.

        \b
        disclosure-ledger suspension end --client C-1001 --agency "County Sheriff" --lifted-on today
        """,
    ),
    _lister("suspension", ("suspension", "suspension_lifted"), "List a client's suspensions: for the practice only."),
)

hold_command = _group(
    "hold",
    "Legal holds: nothing of the client may be erased.",
    recorder(
        "add",
        "hold",
        (CLIENT, _required("--reason", "reason", "Why")),
        """Record a legal hold.

        \b
        disclosure-ledger hold add --client C-1001 --reason "case 881"
        """,
    ),
    recorder(
        "end",
        "hold_lifted",
        (CLIENT,),
        """Record that every hold of the client is lifted.

        \b
        disclosure-ledger hold end --client C-1001
        """,
    ),
    _lister("hold", ("hold", "hold_lifted"), "List a client's holds."),
)
