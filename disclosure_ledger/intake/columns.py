"""The heading of a column to the field that it fills: names as in docs/records.md, and as people spell them.

>>> paths = fields_of("disclosure")
>>> find("Date", paths), find("RECIPIENT NAME", paths), find("recipient.type", paths), find("Favourite colour", paths)
('disclosed_on', 'recipient.name', 'recipient.type', None)

Case, spaces and punctuation do not count. A field inside another is written with a dot: `service.from`.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from disclosure_ledger.errors import InvalidImport, InvalidRecord
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.forms import FLAG, TEXT, Form, nearest, under
from disclosure_ledger.hipaa.parts import DISCLOSED_ON, EventPlus, Range
from disclosure_ledger.hipaa.releases import REPLACEMENT_GIVEN
from disclosure_ledger.hipaa.shapes import items

from .rows import Cell, Sheet

_WORDS: Final = re.compile(r"[^a-z0-9]+")

SPELLINGS: Final = MappingProxyType(
    {
        "client": "client number, client no, client id, patient, patient number, patient id, mrn, chart, chart number, "
        "chart no, record number",
        "disclosed_on": "date, date disclosed, disclosure date, date of disclosure, released on, release date, "
        "date released, date of release, date sent",
        "recipient.name": "recipient, recipient name, name of recipient, disclosed to, released to, sent to, given to",
        "recipient.organization": "organization, organisation, recipient organization, agency",
        "recipient.address": "address, recipient address, address of recipient",
        "recipient.type": "type, recipient type, type of recipient, kind of recipient",
        "basis": "legal basis, basis code",
        "description": "what, what was disclosed, what was released, information, information disclosed, "
        "information released, description of information, phi disclosed",
        "purpose": "why, purpose of disclosure, purpose of release",
        "fields": "data elements",
        "matter": "case, case number, case no, claim number, matter number",
        "method": "how, how sent, sent by, method of disclosure",
        "note": "notes, comment, comments, remarks",
        "ref": "id, reference, external id, source id",
        "service.from": "service from, services from",
        "service.to": "service to, services to",
        "minimum_necessary": "minimum necessary",
        "born_on": "date of birth, dob, birth date, birthdate, born",
        "died_on": "date of death, died",
        "name": "client name, patient name, full name",
    }
)
"""What people head their columns with, where no field of the kind has that name itself."""


def _folded(heading: str) -> str:
    return _WORDS.sub(" ", unicodedata.normalize("NFKC", heading).casefold()).strip()


_BY_SPELLING: Final = {_folded(one): path for path, said in SPELLINGS.items() for one in said.split(",")}


@functools.cache
def fields_of(kind: str) -> Mapping[str, Form[Any]]:
    """Every field of a kind that a cell can fill, by its path, with its form."""
    found = dict(_leaves("", records.KINDS[kind], skip=()))
    if kind == records.Correction.kind:
        found["retract"] = FLAG
        found |= _leaves("disclosure", records.Disclosure, skip=("client", *REPLACEMENT_GIVEN))
    return MappingProxyType(found)


@functools.cache
def required_of(kind: str) -> tuple[tuple[str, ...], ...]:
    """What every row of a kind needs: for each, the paths of which one will do."""
    return tuple(_needed("", records.KINDS[kind]))


def find(heading: str, paths: Mapping[str, Form[Any]]) -> str | None:
    """The path that a heading names; None where it names none."""
    folded = _folded(heading)
    by_name = {_folded(path): path for path in paths}
    path = by_name.get(folded) or _BY_SPELLING.get(folded)
    return path if path in paths else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that fills a field: the field's path, and the column's place, counted from 0."""

    path: str
    place: int


def read(
    sheet: Sheet, *, kind: str, mapping: Mapping[str, str], constants: Mapping[str, str], ignore_unknown: bool
) -> tuple[tuple[Column, ...], tuple[int, ...]]:
    """The columns of a header, and the places of those that are ignored. Raises InvalidImport, with every error."""
    cells = sheet.header.cells
    paths = _paths(cells, kind)
    found = {place: _path(_heading(cell), mapping, paths) for place, cell in enumerate(cells)}
    taken = tuple(Column(path=path, place=place) for place, path in found.items() if path is not None)
    if is_export(cells):
        found = {place: None if _heading(cells[place]) in _WRITTEN else path for place, path in found.items()}
        taken = tuple(one for one in taken if found[one.place] is not None)
    unknown = tuple(place for place, path in found.items() if path is None and _heading(cells[place]))
    errors = [*_unmapped(cells, mapping, constants, paths), *_twice(sheet, taken, constants)]
    if not ignore_unknown:
        written = _WRITTEN if is_export(cells) else frozenset()
        errors += _unknown(sheet, tuple(one for one in unknown if _heading(cells[one]) not in written), paths)
    if "kind" not in found.values():
        errors += _lacking(kind, {one.path for one in taken} | set(constants))
    if errors:
        raise InvalidImport(tuple(error.at_line(sheet.header.line) for error in errors))
    return taken, unknown


STATE: Final = "state"
_MARKS: Final = frozenset({"leaf_hash_hex", "entry_kind", STATE})
_WRITTEN: Final = _MARKS | {
    *("entry", "recorded_at", "recorder", "changed_by", "counted_as", "findings", "recorded_by"),
    *("corrects", "reason", "retract"),
}
"""Columns of an export that the ledger wrote of itself, and will again."""


def is_export(cells: tuple[Cell, ...]) -> bool:
    """Is it the header of what `export csv` writes? Then what stands is to be taken, and nothing else."""
    return {_heading(cell) for cell in cells} >= _MARKS


def _heading(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else "" if isinstance(cell, bool) else str(cell)


def _paths(cells: tuple[Cell, ...], kind: str) -> dict[str, Form[Any]]:
    """The fields that a header may name: those of the kind, or of every kind where a column says which."""
    has_kinds = any(_folded(_heading(cell)) == "kind" for cell in cells)
    made: dict[str, Form[Any]] = {"kind": TEXT}
    for one in records.KINDS if has_kinds else (kind,):
        made |= fields_of(one)
    return made


def _path(heading: str, mapping: Mapping[str, str], paths: Mapping[str, Form[Any]]) -> str | None:
    mapped = mapping.get(heading)
    return mapped if mapped is not None and mapped in paths else find(heading, paths)


def _unmapped(
    cells: tuple[Cell, ...], mapping: Mapping[str, str], constants: Mapping[str, str], paths: Mapping[str, Form[Any]]
) -> Iterator[InvalidRecord]:
    there = {_heading(cell) for cell in cells}
    for heading, path in mapping.items():
        if path not in paths:
            yield InvalidRecord("--map names a field that this kind has not", hint=nearest(path, paths))
        elif heading not in there:
            yield InvalidRecord("--map names a heading that the table has not", field=path)
    for path in constants:
        if path not in paths:
            yield InvalidRecord("--set names a field that this kind has not", hint=nearest(path, paths))


def _twice(sheet: Sheet, taken: tuple[Column, ...], constants: Mapping[str, str]) -> Iterator[InvalidRecord]:
    first: dict[str, int] = {}
    for one in taken:
        if one.path in first:
            other = sheet.column(first[one.path])
            yield InvalidRecord(f"{other} and {sheet.column(one.place)} both fill it", field=one.path)
        elif one.path in constants:
            yield InvalidRecord(f"{sheet.column(one.place)} and --set both fill it", field=one.path)
        first.setdefault(one.path, one.place)


def _unknown(sheet: Sheet, places: tuple[int, ...], paths: Mapping[str, Form[Any]]) -> Iterator[InvalidRecord]:
    for place in places:
        # the heading itself is not repeated: where a table has no header it is somebody's data
        near = nearest(_heading(sheet.header.cells[place]).casefold().replace(" ", "_"), paths)
        hint = near or 'say what it is with --map "HEADING=FIELD", or use --ignore-unknown-columns'
        yield InvalidRecord(f"{sheet.column(place)} has a heading that names no field", hint=hint)


def _lacking(kind: str, there: set[str]) -> Iterator[InvalidRecord]:
    for alternatives in required_of(kind):
        if not there & set(alternatives):
            called = SPELLINGS.get(alternatives[0], "").split(", ")[0]
            hint = f'it may be headed "{called}"; or say it for every row with --set' if called else "or use --set"
            yield InvalidRecord("expected a column for it", field=alternatives[0], hint=hint)


def _leaves(above: str, kind: Any, *, skip: tuple[str, ...]) -> dict[str, Form[Any]]:
    found: dict[str, Form[Any]] = {}
    for item in items(kind):
        path = under(above, item.name)
        if item.stored or item.attribute in skip:
            continue
        if isinstance(item.form.inside, type):
            found |= _leaves(path, item.form.inside, skip=())
        else:
            found[path] = item.form
        if item.form is DISCLOSED_ON:
            found |= _leaves(path, Range, skip=()) | _leaves(path, EventPlus, skip=())
    return found


def _needed(above: str, kind: Any) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for item in items(kind):
        path = under(above, item.name)
        if not (item.required or item.asked):
            continue
        if isinstance(item.form.inside, type):
            found += _needed(path, item.form.inside)
        elif item.form is DISCLOSED_ON:
            found.append((path, f"{path}.from", f"{path}.after"))
        else:
            found.append((path,))
    return found
