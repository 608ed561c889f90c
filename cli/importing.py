"""`import`: a file of records, all or nothing."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click

from disclosure_ledger.errors import InvalidImport, InvalidRecord, NotFound
from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import columns, dates, from_csv, from_jsonl, from_xlsx, rows
from disclosure_ledger.intake.table import Reading, Table
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.recording import Recorded

from . import say
from .options import shared, stated
from .progress import counting
from .settings import Settings
from .told import warn_replaced
from .tried import Tried
from .using import open_ledger

Numbered: TypeAlias = Iterable[tuple[int, records.Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What a file gives: its records with their lines, and what there is to say about how it was read."""

    lines: Iterable[bytes] = ()
    """Of a .jsonl file, as they are."""
    numbered: Numbered = ()
    table: Table | None = None
    notices: tuple[str, ...] = ()


_TABLE_FLAGS = (
    click.option("--sheet", metavar="NAME|NUMBER", help="The sheet of a workbook, where it has several."),
    click.option("--header-row", type=click.IntRange(1, 100), metavar="N", help="The row of the headings, if not 1."),
    click.option("--map", "mapped", multiple=True, metavar="HEADING=FIELD", help="What a column is; repeat it."),
    click.option("--set", "constants", multiple=True, metavar="FIELD=TEXT", help="The same in every row; repeat it."),
    click.option("--ignore-unknown-columns", is_flag=True, help="Leave out columns that name no field."),
    click.option("--dates", "order", type=click.Choice(tuple(dates.ORDERS)), help="How dates that are not ISO go."),
    click.option("--kind", type=click.Choice(tuple(records.KINDS)), metavar="KIND", help="Of rows; else disclosure."),
)


def _table_flags(command: Any) -> Any:
    for flag in reversed(_TABLE_FLAGS):
        command = flag(command)
    return command


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Check every record against the ledger, and write nothing.")
@click.option("--by", metavar="NAME", help="Who records it.")
@_table_flags
@shared
def import_command(file: str, dry_run: bool, by: str | None, **flags: Any) -> None:
    """Record what a file holds, all of it, or nothing: .jsonl, one record a line; .csv or .xlsx, one a row.

    \b
    disclosure-ledger import release-history.jsonl --dry-run
    disclosure-ledger import old-log.xlsx --map "Released by=disclosed_by" --set basis=required_by_law
    disclosure-ledger import log.csv --dates mdy --ignore-unknown-columns

    --dry-run says what there is of each kind, which clients would be new, and what clearance finds, with its lines.
    Running it twice is safe: a row of a table has its own content for a ref; a line of .jsonl needs a `ref`.
    Columns and cells: docs/importing.md. Records of every kind: docs/records.md.
    """
    source = _source(Path(file), flags)
    with open_ledger(by) as (ledger, chosen):
        for notice in source.notices:
            say.warn(notice)
        with _listing(source.table), counting("records", quiet=chosen.quiet or chosen.json) as count:
            made = _record(ledger, source, dry_run, count)
        tried = Tried.of(ledger, made) if dry_run else None
    _tell(chosen, made, source, tried)


def _record(ledger: Ledger, source: _Source, dry_run: bool, count: Callable[[int], None]) -> tuple[Recorded, ...]:
    if source.table is not None:
        return ledger.record_all(source.numbered, dry_run=dry_run, on_progress=count)
    processes = os.cpu_count() or 1
    return ledger.import_lines(source.lines, from_jsonl.read, dry_run=dry_run, processes=processes, on_progress=count)


def _source(path: Path, flags: dict[str, Any]) -> _Source:
    ending = path.suffix.lower()
    if ending == ".jsonl":
        if any(flags.values()):
            raise click.UsageError("a .jsonl file has no columns: these options are for .csv and .xlsx")
        return _Source(lines=_lines(path))
    if ending not in (".csv", ".xlsx"):
        raise InvalidRecord(f"expected a .jsonl, .csv or .xlsx file, found {ending or 'a file without ending'}")
    return _of_table(path, flags)


def _lines(path: Path) -> Iterator[bytes]:
    with _readable(path), path.open("rb") as file:
        yield from file


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None


def _of_table(path: Path, flags: dict[str, Any]) -> _Source:
    """The records of a .csv or .xlsx file. It is read whole, before the ledger is locked."""
    with _readable(path), path.open("rb") as file:
        data = file.read(rows.MAX_FILE + 1)
    header_row = flags["header_row"] or 1
    if path.suffix.lower() == ".xlsx":
        sheet = from_xlsx.read(data, sheet=flags["sheet"], header_row=header_row)
    elif flags["sheet"] is not None:
        raise click.UsageError("--sheet is for .xlsx: a .csv file has no sheets")
    else:
        sheet = from_csv.read(data, header_row=header_row)
    reading = Reading(
        kind=flags["kind"] or "disclosure",
        mapping=dict(_pair(text, "--map") for text in flags["mapped"]),
        constants=dict(_pair(text, "--set") for text in flags["constants"]),
        ignore_unknown=flags["ignore_unknown_columns"],
        order=flags["order"],
    )
    with _listing():
        table = Table(sheet, reading)
    numbered = _all_of(table)
    return _Source(numbered=numbered, table=table, notices=(*sheet.notices, *_left_out(sheet, table)))


def _left_out(sheet: rows.Sheet, table: Table) -> Iterator[str]:
    """What of a table is not recorded, to be told."""
    if columns.is_export(sheet.header.cells):
        yield "it is the export of a ledger: what that ledger wrote of itself is not read"
    elif table.ignored:
        yield "columns not read: " + ", ".join(sheet.column(place) for place in table.ignored)
    if table.fallen:
        yield f"{table.fallen} rows of the export are no release that stands, and are left out"


def _pair(text: str, flag: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if flag == "--map" else text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise click.UsageError(f"{flag} wants two things with = between them.")
    return name.strip(), value.strip()


def _all_of(table: Table) -> Numbered:
    """The records of a table, read to its end before the first is given; the errors come after the last."""
    made: list[tuple[int, records.Record]] = []
    wrong: list[InvalidImport] = []
    try:
        made.extend(table.read())
    except InvalidImport as error:
        wrong.append(error)

    def numbered() -> Iterator[tuple[int, records.Record]]:
        yield from made
        if wrong:
            raise wrong[0]

    return numbered()


@contextlib.contextmanager
def _listing(table: Table | None = None) -> Iterator[None]:
    """Say each error of an import on a line of its own, with its column where there is one."""
    try:
        yield
    except InvalidImport as error:
        if table is not None:
            placed = tuple(one.at_column(table.column(one.field)) for one in error.errors)
            error = InvalidImport(placed, more=error.more)
        if not stated().json:
            _list(error)
        raise error from None


def _list(error: InvalidImport) -> None:
    for one in error.errors:
        say.talk(f"  {one}" + (f" ({one.hint})" if one.hint else ""))
    if error.more:
        say.talk(f"  and {error.more} more")


def _tell(chosen: Settings, made: tuple[Recorded, ...], source: _Source, tried: Tried | None) -> None:
    new = [one for one in made if not one.already]
    for one in new:
        warn_replaced(one)
    repeats = source.table.repeats if source.table is not None else []
    if chosen.json:
        written = [] if tried else [{"entry": one.index, "kind": one.kind, "also": list(one.also)} for one in new]
        counts = {
            "dry_run": tried is not None,
            "recorded": len(new),
            "already": len(made) - len(new),
            "repeats": repeats,
        }
        say.data_json(counts | {"entries": written} | (tried.to_json() if tried else {}))
        return
    say.data(f"{len(new)} records {'would be ' * bool(tried)}recorded; {len(made) - len(new)} were there already.")
    if tried:
        tried.tell()
    if repeats:
        some = ", ".join(map(str, repeats[:10])) + (" …" if len(repeats) > 10 else "")
        say.warn(f"what an earlier row says is said again, word for word, and counts again: line {some}")
    without_ref = sum(one.ref is None for one in made)
    if without_ref:
        text = f"{without_ref} records have no ref: importing the file again would record them again."
        say.talk(text, quiet=chosen.quiet)
