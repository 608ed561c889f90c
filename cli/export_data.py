"""`export fhir` and `export csv`: the releases of the whole ledger, for the practice's own systems."""

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from disclosure_ledger.ledger import Ledger
from disclosure_ledger.released import Released
from disclosure_ledger.render import ledger_csv, ledger_fhir
from disclosure_ledger.render.fhir_names import Names

from . import say
from .options import shared
from .progress import counting
from .using import open_ledger

Written = Callable[[Ledger, Iterator[Released]], Iterable[bytes]]


@click.command("fhir")
@click.option("--output", metavar="FILE", help="Write to a file (.ndjson), mode 0600, instead of standard output.")
@click.option("--release", type=click.Choice(("r4", "r5")), default="r4", show_default=True, help="Of FHIR.")
@shared
def fhir_command(output: str | None, release: str) -> None:
    """Write every release as FHIR, one AuditEvent a line: to take the records along, or to fill an EHR.

    \b
    disclosure-ledger export fhir --output releases.ndjson
    disclosure-ledger export fhir --release r5 --output releases.ndjson

    It holds client data of all clients, and what an accounting leaves out: treatment and payment, releases that an
    agency has suspended, internal notes. It is for the practice, never for a client: that is `accounting`.

    A release is told as it stands today, in R4 by the profile IHE BALP PrivacyDisclosure.Source. An entry that was
    corrected or retracted is an event of the kind `deprecate`, which is no disclosure. Each has its number and hash,
    as in an audit package. docs/fhir.md has the mapping.
    """

    def lines(ledger: Ledger, releases: Iterator[Released]) -> Iterator[bytes]:
        practice, names = ledger.practice_name(), Names.of(ledger.secrets.origin)
        told = (ledger_fhir.line(one, practice=practice, names=names, r5=release == "r5") for one in releases)
        return (line for line in told if line is not None)

    _export(output, lines)


@click.command("csv")
@click.option("--output", metavar="FILE", help="Write to a file, mode 0600, instead of standard output.")
@click.option("--excel", is_flag=True, help="Let Excel know that it is UTF-8 (a byte order mark).")
@shared
def csv_command(output: str | None, excel: bool) -> None:
    """Write every release as a row of a table, with every field: for a spreadsheet, or for another system.

    \b
    disclosure-ledger export csv --output releases.csv
    disclosure-ledger export csv --excel --output releases.csv

    It holds client data of all clients, and what an accounting leaves out: treatment and payment, releases that an
    agency has suspended, internal notes. It is for the practice, never for a client: that is `accounting`.

    The column `state` says what became of an entry: only what `stands` is a release. A cell that begins like a formula
    has an apostrophe before it. docs/fhir.md has the columns.
    """
    _export(output, lambda _, releases: ledger_csv.rows(releases, excel=excel))


def _export(output: str | None, lines: Written) -> None:
    if output is None and sys.stdout.isatty():
        raise click.UsageError("a whole ledger is nothing for a terminal: name a file with --output")
    states: Counter[str] = Counter()
    called = say.called(Path(output)) if output is not None else ""
    with open_ledger() as (ledger, chosen):
        report = counting("entries written", quiet=chosen.quiet)
        with ledger.every_release() as releases, report as done, _sink(output) as write:
            for line in lines(ledger, _counted(releases, states, done)):
                write(line)
    if states["erased"]:
        say.talk(f"Entries that were erased, and of which nothing is left: {states['erased']}.", quiet=chosen.quiet)
    if output is None:
        return
    if chosen.json:
        say.data_json({"output": output, "entries": states.total(), **dict(sorted(states.items()))})
        return
    counted = ((state, count) for state, count in sorted(states.items()) if state in _REST)
    rest = ", ".join(say.counted(count, *_REST[state]) for state, count in counted)
    stand = say.counted(states["stands"], "release")
    say.data(f"{stand} written to {called}{f', and beside that {rest}' if rest else ''}.")


_REST = {
    "corrected": ("corrected entry", "corrected entries"),
    "erased": ("erased entry", "erased entries"),
    "retracted": ("retracted entry", "retracted entries"),
    "retraction": ("retraction", "retractions"),
}
"""What is written beside the releases that stand."""


def _counted(releases: Iterator[Released], states: Counter[str], done: Callable[[int], None]) -> Iterator[Released]:
    for number, released in enumerate(releases, start=1):
        states[released.state] += 1
        done(number)
        yield released


@contextlib.contextmanager
def _sink(output: str | None) -> Iterator[Callable[[bytes], object]]:
    """Where the bytes go: a private file that is there whole or not at all, or standard output."""
    if output is None:
        yield sys.stdout.buffer.write
    else:
        with say.writing(Path(output)) as file:
            yield file.write
