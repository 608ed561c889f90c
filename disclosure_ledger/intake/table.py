"""A table to records: one row a record, one column a field; every error at once, each with its row and its field.

>>> from disclosure_ledger.intake import from_csv
>>> text = b"Client,Date,Recipient,Type,Basis,Description\\nC-1,2026-02-03,Ms Gray,Court,court_order,visits\\n"
>>> sheet = from_csv.read(text)
>>> table = Table(sheet, Reading())
>>> [(line, record.recipient.type) for line, record in table.read()], table.column("recipient.type")
([(2, 'court')], 'column 4')

A row without a `ref` is given one that is made of what it says, so that a table can be imported twice. Rows that say
the same are told, and each is a record of its own. A column that names no field is an error unless the caller ignores
it: nothing is left out in silence.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from disclosure_ledger.canonical import JSON, encode
from disclosure_ledger.errors import InvalidImport, InvalidRecord
from disclosure_ledger.hipaa import records

from . import cells, columns
from .rows import Row, Sheet

MAX_ERRORS: Final = 100
"""More errors than this help nobody; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a table is to be read."""

    kind: str = "disclosure"
    """The kind of a row, where no column `kind` says it."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Headings that the caller explains, with the path of the field."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Fields that no column holds, with the text that every row has."""
    ignore_unknown: bool = False
    order: str | None = None
    """The order of dates that are not ISO: `mdy`, `dmy` or `ymd`; None refuses them."""


class Table:
    """The records of a sheet. Raises InvalidImport where its header cannot be read."""

    def __init__(self, sheet: Sheet, reading: Reading) -> None:
        self._sheet, self._reading = sheet, reading
        self._columns, self.ignored = columns.read(
            sheet,
            kind=reading.kind,
            mapping=reading.mapping,
            constants=reading.constants,
            ignore_unknown=reading.ignore_unknown,
        )
        named = {one.place for one in self._columns} | set(self.ignored)
        self._nameless = [place for place in range(len(sheet.header.cells)) if place not in named]
        self._seen: Counter[str] = Counter()
        cells = sheet.header.cells
        self._state = cells.index(columns.STATE) if columns.is_export(cells) else None
        self.fallen = 0
        """Rows of an export that stand no more: corrected, retracted, erased. They are no releases to record."""
        self.repeats: list[int] = []
        """The lines of rows that say what an earlier row says."""

    def column(self, path: str | None) -> str | None:
        """What a person calls the column of a field, or of the one that holds it; None where there is none."""
        for one in self._columns if path else ():
            if path == one.path or str(path).startswith((f"{one.path}.", f"{one.path}[")):
                return self._sheet.column(one.place)
        return None

    def read(self) -> Iterator[tuple[int, records.Record]]:
        """Each record with its line. Raises InvalidImport, with every error, when the rows end."""
        errors: list[InvalidRecord] = []
        more = 0
        for row in self._sheet.rows:
            if row.is_blank():
                continue
            if self._state is not None and row.wrong is None and row.cells[self._state] != "stands":
                self.fallen += 1
                continue
            made, wrong = self._record(row)
            room = MAX_ERRORS - len(errors)
            errors += [error.at_line(row.line) for error in wrong[:room]]
            more += len(wrong[room:])
            if made is not None:
                yield row.line, made
        if errors:
            raise InvalidImport(tuple(errors), more=more)

    def _record(self, row: Row) -> tuple[records.Record | None, list[InvalidRecord]]:
        if row.wrong is not None:
            return None, [row.wrong]
        kind, values, errors = self._values(row)
        if not errors:
            try:
                return records.from_json(self._with_ref({"kind": kind, **_nested(values)}, row.line)), []
            except InvalidRecord as error:
                errors = [error]
        return None, errors

    def _values(self, row: Row) -> tuple[str, dict[str, JSON], list[InvalidRecord]]:
        """The kind of a row, the JSON value of each field by its path, and all that is wrong with them."""
        said = {one.path: row.cells[one.place] for one in self._columns}
        given = {path: cell for path, cell in said.items() if not isinstance(cell, str) or cell.strip()}
        given = {**self._reading.constants, **given}
        kind = str(given.pop("kind", self._reading.kind)).strip().casefold()
        if kind not in records.KINDS:
            return kind, {}, [InvalidRecord("expected a kind of record", field="kind")]
        forms = columns.fields_of(kind)
        values: dict[str, JSON] = {}
        errors = self._under_no_heading(row)
        for path, cell in given.items():
            try:
                if path not in forms:
                    raise InvalidRecord(f"expected nothing here: a {kind} has no such field", field=path)
                values[path] = cells.value(cell, forms[path], path, order=self._reading.order)
            except InvalidRecord as error:
                errors.append(error)
        return kind, values, errors + _missing(kind, given)

    def _under_no_heading(self, row: Row) -> list[InvalidRecord]:
        filled = (place for place in self._nameless if not isinstance(row.cells[place], str) or row.cells[place])
        return [InvalidRecord(f"{self._sheet.column(place)} has a value and no heading") for place in filled]

    def _with_ref(self, obj: dict[str, JSON], line: int) -> dict[str, JSON]:
        if "ref" in obj:
            return obj
        said = hashlib.sha256(encode(obj)).hexdigest()[:32]
        self._seen[said] += 1
        count = self._seen[said]
        if count > 1:
            self.repeats.append(line)
        return {**obj, "ref": f"row-{said}" + (f"-{count}" if count > 1 else "")}


def _missing(kind: str, given: Mapping[str, object]) -> list[InvalidRecord]:
    """An error for each field that a row of the kind needs and lacks."""
    return [
        InvalidRecord("expected a value, found none", field=paths[0])
        for paths in columns.required_of(kind)
        if not any(path in given for path in paths)
    ]


def _nested(values: Mapping[str, JSON]) -> dict[str, JSON]:
    """An object of values whose names are dotted paths; the whole of a field before its parts."""
    made: dict[str, JSON] = {}
    for path in sorted(values):
        *above, name = path.split(".")
        inside: dict[str, JSON] = made
        for step in above:
            deeper = inside.setdefault(step, {})
            if not isinstance(deeper, dict):
                raise InvalidRecord("expected the whole or its parts, not both", field=path)
            inside = deeper
        inside[name] = values[path]
    return made
