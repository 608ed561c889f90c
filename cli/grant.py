"""`grant`: a role of PostgreSQL that can record and account, and can change no entry."""

import click

from disclosure_ledger.store import roles

from . import say
from .options import current, shared


@click.command("grant")
@click.argument("role")
@shared
def grant_command(role: str) -> None:
    """Give a role of PostgreSQL what recording needs, and no right to change or delete an entry.

    \b
    createuser front_desk
    disclosure-ledger grant front_desk --ledger postgresql://owner@db.example/ledger

    Run it as the role that made the ledger, once; then let everybody work as the role named here. It takes every
    other right on the ledger's tables from the role, so it can be run again. No key and no passphrase is needed.
    """
    chosen = current()
    roles.grant(chosen.need_ledger(), role)
    if chosen.json:
        say.data_json({"role": role, "rights": {table: list(rights) for table, rights in roles.RIGHTS.items()}})
        return
    rows = [(table, ", ".join(rights)) for table, rights in roles.RIGHTS.items()]
    say.data(say.table(rows, ("table", f"{role} may")))
    say.talk("Next: let the ledger's URL name this role, for everybody who records.", quiet=chosen.quiet)
