"""`import`: a file of records, all or nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from disclosure_ledger.errors import InvalidImport, InvalidRecord, NotFound
from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_jsonl

from . import say
from .options import shared
from .progress import counting
from .using import open_ledger


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Check every record against the ledger, and write nothing.")
@click.option("--by", metavar="NAME", help="Who records it.")
@shared
def import_command(file: str, dry_run: bool, by: str | None) -> None:
    """Record what a file holds, one JSON object a line: all of it, or nothing.

    \b
    disclosure-ledger import release-history.jsonl --dry-run
    disclosure-ledger import release-history.jsonl

    Running it twice is safe for records that have a `ref`. Records of every kind: docs/records.md.
    """
    path = Path(file)
    if path.suffix.lower() != ".jsonl":
        raise InvalidRecord(f"expected a .jsonl file, found {path.suffix or 'a file without ending'}")
    with_refs: list[int] = []
    with open_ledger(by) as (ledger, chosen):
        try:
            with counting("records", quiet=chosen.quiet or chosen.json) as count:
                made = ledger.record_all(
                    _records(path, with_refs),
                    dry_run=dry_run,
                    processes=os.cpu_count() or 1,
                    on_progress=count,
                )
        except InvalidImport as error:
            _list(error, as_json=chosen.json)
            raise
    new = [one for one in made if not one.already]
    if chosen.json:
        written = [] if dry_run else [{"entry": one.index, "kind": one.kind, "also": list(one.also)} for one in new]
        say.data_json({"dry_run": dry_run, "recorded": len(new), "already": len(made) - len(new), "entries": written})
        return
    verb = "would be recorded" if dry_run else "recorded"
    say.data(f"{len(new)} records {verb}; {len(made) - len(new)} were there already.")
    if len(with_refs) < len(made):
        say.talk(
            f"{len(made) - len(with_refs)} records have no ref: importing the file again would record them again.",
            quiet=chosen.quiet,
        )


def _records(path: Path, with_refs: list[int]) -> Iterator[tuple[int, records.Record]]:
    """The records of a file, remembering the lines of those that have a ref."""
    try:
        with path.open("rb") as file:
            for line, record in from_jsonl.read(file):
                if record.ref is not None:
                    with_refs.append(line)
                yield line, record
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None


def _list(error: InvalidImport, *, as_json: bool) -> None:
    if as_json:
        return
    for one in error.errors:
        say.talk(f"  {one}" + (f" ({one.hint})" if one.hint else ""))
