"""`erase`: what the retention rule lets go, destroyed for good."""

import datetime as dt
import os
from dataclasses import replace

import click

from disclosure_ledger import erasing
from disclosure_ledger.custody import keyfile
from disclosure_ledger.errors import InvalidRecord, Refused
from disclosure_ledger.hipaa.retention import YEARS
from disclosure_ledger.practice.opening import Opener

from . import say
from .options import passphrase, shared, today
from .using import changing_keys, open_ledger

MOST_YEARS = 100


@click.command("erase")
@click.option("--client", metavar="NUMBER", help="Only this client; left out: every client.")
@click.option("--reason", required=True, help="Why, without a client's data: it stands in the ledger in the clear.")
@click.option("--authority", required=True, help="By whose decision, such as the privacy officer.")
@click.option("--years", default=YEARS, show_default=True, help="Keep for that many years; the law's floor is six.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
@shared
def erase_command(client: str | None, reason: str, authority: str, years: int, dry_run: bool) -> None:
    """Destroy what is older than the retention rule. The ledger still proves everything that remains.

    \b
    disclosure-ledger erase --reason "retention ended" --authority "privacy officer" --dry-run
    disclosure-ledger erase --client C-1001 --reason "retention ended" --authority "privacy officer"

    Kept are: everything under a legal hold, for six years what was recorded, was in effect, or was listed in an
    accounting. The vault key is renewed: destroy older copies of the database and of the key file afterwards.
    """
    if years < YEARS:
        raise InvalidRecord(f"expected at least {YEARS} years (45 CFR 164.530(j)(2))", field="years")
    if years > MOST_YEARS:
        raise InvalidRecord(f"expected at most {MOST_YEARS} years", field="years")
    with changing_keys(), open_ledger() as (ledger, chosen):
        day = today(chosen)

        def plan(opener: Opener) -> erasing.Planned:
            return _plan(opener, client, day, years)

        with ledger.reading() as (_, opener):
            planned = plan(opener)
        made: tuple[int, ...] = ()
        if planned.entries and not dry_run:
            keys, words, old = chosen.need_keys(), passphrase(chosen), ledger.secrets
            new = erasing.with_new_vault_key(old, os.urandom(32))
            keyfile.save(keys, replace(old, pending=new), words, os.urandom)
            planned, made = erasing.erase(ledger, plan, reason=reason, authority=authority, secrets=new)
            keyfile.save(keys, new if made else old, words, os.urandom)
        _tell(planned, made, dry_run=dry_run, as_json=chosen.json, quiet=chosen.quiet)


def _plan(opener: Opener, client: str | None, day: dt.date, years: int) -> erasing.Planned:
    if client is not None:
        return erasing.plan(opener, client, today=day, years=years)
    lists: list[tuple[int, ...]] = []
    for one in erasing.clients(opener):
        try:
            lists += erasing.plan(opener, one, today=day, years=years).lists
        except Refused:
            continue  # under a hold
    return erasing.Planned(lists=tuple(lists))


def _tell(planned: erasing.Planned, made: tuple[int, ...], *, dry_run: bool, as_json: bool, quiet: bool) -> None:
    if as_json:
        say.data_json({"dry_run": dry_run, "erased": list(planned.entries), "erasures": list(made)})
    elif not planned.entries:
        say.data("Nothing is old enough to be erased.")
    elif dry_run:
        say.data(f"{say.entries(len(planned.entries))} would be erased: {', '.join(map(str, planned.entries))}.")
    else:
        say.data(f"{say.entries(len(planned.entries))} erased, as is written in entry {', '.join(map(str, made))}.")
        say.talk(
            "The vault key is new. Destroy older copies of the database, and the key files that go with them: "
            "together they still hold what was erased.",
            quiet=quiet,
        )
