"""`search`: words in what the practice has recorded."""

from typing import Any

import click

from disclosure_ledger.canonical import JSON
from disclosure_ledger.hipaa import records
from disclosure_ledger.practice.opening import OpenEntry
from disclosure_ledger.practice.searching import Sought, folded, where

from . import say
from .dates import day
from .history import Replaced, as_json, marked, recorded
from .options import shared, today
from .progress import counting
from .using import open_ledger


@click.command("search")
@click.argument("text", nargs=-1, metavar="[TEXT]...")
@click.option("--client", metavar="NUMBER", help="Entries about this client only.")
@click.option("--recipient", metavar="NAME", help="Words of the recipient's name or organization.")
@click.option("--kind", type=click.Choice(tuple(records.KINDS)), metavar="KIND", help="disclosure, correction, …")
@click.option("--from", "first", metavar="DATE", help="Releases of this day or later; of others, recorded then.")
@click.option("--to", "last", metavar="DATE", help="Releases of this day or earlier.")
@shared
def search_command(text: tuple[str, ...], **flags: Any) -> None:
    """Find entries by their words, of all clients: for the practice, not for a client.

    \b
    disclosure-ledger search "county court"
    disclosure-ledger search subpoena --recipient lowe --from 2026-01-01
    disclosure-ledger search --kind authorization --client C-1001

    Every TEXT has to stand in one of an entry's fields, each of its words at the beginning of a word there: "sub" finds
    a subpoena, "lowe" nothing that was allowed. Upper and lower case, accents and spacing do not count. Every
    entry is opened for it, one after the other: an index of what is sealed would not be sealed, so there is none.
    """
    if not text and not any(flags.values()):
        raise click.UsageError("say what to look for: a TEXT, or one of the options.")
    if not all(map(folded, text)) or (flags["recipient"] is not None and not folded(flags["recipient"])):
        raise click.UsageError("a TEXT without a word would find everything, or nothing.")
    looked = 0
    with open_ledger() as (ledger, chosen):
        sought = Sought(
            words=tuple(map(folded, text)),
            client=flags["client"],
            recipient=folded(flags["recipient"]) if flags["recipient"] else None,
            kind=flags["kind"],
            first=day(flags["first"], today(chosen), field="--from") if flags["first"] else None,
            last=day(flags["last"], today(chosen), field="--to") if flags["last"] else None,
        )
        with counting("entries looked at", quiet=chosen.quiet or chosen.json) as count:

            def report(done: int) -> None:
                nonlocal looked
                looked = done
                count(done)

            found = ledger.search(sought, report)
        replaced = ledger.replaced(found)
    if chosen.json:
        say.data_json([_as_json(one, replaced, sought) for one in found])
    elif not found:
        say.data(f"Nothing found in {looked} entries.")
    else:
        rows = [_row(one, replaced, sought) for one in found]
        heads = ("entry", "recorded (UTC)", "client", "kind", "found in", "what")
        kept = [place for place, head in enumerate(heads) if sought.words or head != "found in"]
        shown = [[row[place] for place in kept] for row in rows]
        say.data(say.table(shown, [heads[place] for place in kept], right=(0,)))


def _row(one: OpenEntry, replaced: Replaced, sought: Sought) -> tuple[str, ...]:
    found_in = ", ".join(_found_in(one, sought))
    return str(one.index), recorded(one), _client(one.fields), one.kind, found_in, marked(one, replaced)


def _as_json(one: OpenEntry, replaced: Replaced, sought: Sought) -> dict[str, JSON]:
    return as_json(one, replaced) | {"found_in": list(_found_in(one, sought))}


def _found_in(one: OpenEntry, sought: Sought) -> tuple[str, ...]:
    return where(one.fields or {}, sought.words) or ()


def _client(fields: Any) -> str:
    return str((fields or {}).get("client") or "")
