"""`check`: may this go out?"""

from typing import Any

import click

from disclosure_ledger.canonical import JSON
from disclosure_ledger.hipaa import clearance, records
from disclosure_ledger.intake import from_jsonl

from . import say
from .findings import as_lines
from .flagged import flags_named
from .options import shared, today
from .record import read
from .release import FLAG_OF, from_flags, release_flags
from .using import open_ledger


@click.command("check")
@click.option("--client", metavar="NUMBER", help="The practice's own client number.")
@release_flags
@click.option("--input", "source", metavar="FILE|-", help="The release as one JSON record, instead of flags.")
@shared
def check_command(client: str | None, source: str | None, **flags: Any) -> int:
    """Say whether a release may go out, before it does. Nothing is written; exit 3 when something blocks it.

    \b
    disclosure-ledger check --client C-1001 --on today --recipient "Westbrook Academy" --type school \\
        --basis authorization --description "attendance dates" --verified "telephoned the school office"
    disclosure-ledger check --input disclosure.json --json

    What a finding rests on is its citation; not legal advice.
    """
    if source is None and client is None:
        raise click.UsageError("Missing option '--client' (or give a JSON record with --input).")
    with flags_named(FLAG_OF if source is None else {}), open_ledger() as (ledger, chosen):
        said: dict[str, JSON] = {"kind": "disclosure", "client": client}
        said = from_jsonl.parse(read(source)) if source is not None else said | from_flags(flags, today(chosen))
        record = records.from_json({"kind": "disclosure"} | said)
        if not isinstance(record, records.Disclosure):
            raise click.UsageError("check takes a disclosure")
        findings = ledger.check(record)
    blocks = clearance.standing_blocks(record, findings)
    if chosen.json:
        say.data_json({"findings": [one.to_json() for one in findings]})
    else:
        lines = as_lines(findings)
        verdict = "BLOCKED: it may not go out as it stands." if blocks else "It may go out."
        say.data("\n".join([verdict, *lines]))
    return 3 if blocks else 0
