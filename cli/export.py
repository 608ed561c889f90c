"""`export` and `open-field`: what an auditor gets. What others get: `export_data`, `export_verifier`."""

from pathlib import Path

import click

from disclosure_ledger.errors import NotFound
from disclosure_ledger.ledger import Exported
from disclosure_ledger.package import Opening
from disclosure_ledger.package import openings as openings_file

from . import say
from .export_data import csv_command, fhir_command
from .export_verifier import verifier_command
from .options import place_of, shared
from .using import open_ledger

OPENINGS = "openings.json"


@click.group("export")
def export_command() -> None:
    """What leaves the practice whole."""


export_command.add_command(fhir_command)
export_command.add_command(csv_command)
export_command.add_command(verifier_command)


@export_command.command("audit")
@click.argument("target", metavar="FOLDER|FILE.zip")
@click.option("--openings", metavar="FILE", help="Fields to show with it, as `open-field` wrote them.")
@shared
def audit_command(target: str, openings: str | None) -> None:
    """Write an audit package: every entry and the whole tree, and no client's data.

    \b
    disclosure-ledger export audit audit-2026/
    disclosure-ledger export audit audit-2026.zip --openings openings.json

    It is laid out as C2SP tlog-tiles, so that other people's tools can read it. It shows kinds and times of entries:
    it is for an auditor, not for a client. Whoever has it verifies it: disclosure-ledger verify audit-2026.zip

    Into a FOLDER that holds an earlier package of this ledger only what is new is written, and what was opened in it
    stays; exit 3 where it shows another history or more entries than the ledger has. A zip is always written whole.
    """
    shown = _read(Path(openings)) if openings is not None else ()
    with open_ledger() as (ledger, chosen):
        done = ledger.export(Path(target), shown)
    if done.withdrawn:
        say.warn(f"{say.counted(done.withdrawn, 'opening')} taken out, of what was erased. Older copies still show it.")
    if chosen.json:
        say.data_json({"target": target, "size": done.size, "openings": len(shown), "added": done.added})
        return
    say.data(f"{say.entries(done.size)} written to {target}." if done.before is None else _grown(target, done))
    say.talk(f"{say.counted(done.added, 'file')} added to {target}.", quiet=chosen.quiet)
    say.talk(f"Next: disclosure-ledger verify {target}", quiet=chosen.quiet)
    say.talk("Where somebody kept a checkpoint or a receipt, add it: --known FILE", quiet=chosen.quiet)


def _grown(target: str, done: Exported) -> str:
    return f"{target} covered {say.entries(done.before or 0)}, and covers {done.size} now."


@click.command("open-field")
@click.argument("entry", metavar="ENTRY|REF")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD...")
@click.option("--output", default=OPENINGS, show_default=True, metavar="FILE", help="Add it to this file.")
@shared
def open_field_command(entry: str, fields: tuple[str, ...], output: str) -> None:
    """Show single fields of one entry to an auditor, provably, and nothing else of it.

    \b
    disclosure-ledger open-field 41 basis counted_as
    disclosure-ledger export audit audit-2026.zip --openings openings.json
    """
    path = Path(output)
    before = _read(path) if path.exists() else ()
    place = place_of(entry)
    with open_ledger() as (ledger, chosen):
        index = ledger.show(place).index
        names = {*fields, *_names(next((one for one in before if one.index == index), None))}
        opening = ledger.open_fields(index, names)
    others = [one for one in before if one.index != index]
    say.write(path, openings_file.format([*others, opening]))
    if chosen.json:
        say.data_json({"entry": index, "fields": sorted(names), "output": output})
        return
    say.data(f"{', '.join(sorted(names))} of entry {index} can be shown: {output}.")


def _read(path: Path) -> tuple[Opening, ...]:
    try:
        return openings_file.parse(path.read_bytes())
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None


def _names(opening: Opening | None) -> list[str]:
    """The fields that an opening shows already."""
    if opening is None or opening.content is None:
        return []
    return [str(item[1]) for item in opening.content if isinstance(item, list)]
