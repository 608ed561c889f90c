"""No column is exempt: change any by hand, past the guards, and verification fails (docs/format.md section 10)."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Column, Integer, LargeBinary, Text

from command import PASSPHRASE, Desk
from disclosure_ledger.errors import NoLedger, UnknownVersion
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.store.schema import metadata
from hands import Hands, Row, columns_there
from ledgers import BOTH, Practice, from_objects, place_on, seven_years

SCHEMA = "disclosure_ledger_schema"
COLUMNS = [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns]
CHECKED = [pytest.param(table, column, id=f"{table}.{column}") for table, column in COLUMNS if table != SCHEMA]

STUDY = [
    {
        "kind": "research_protocol",
        "id": "P-7",
        "name": "Sleep and Mood",
        "description": "how sleep bears on mood",
        "criteria": "adults in care in 2025",
        "information": "questionnaires",
        "sponsor": {"name": "Example Foundation", "address": "1 Hill Rd", "telephone": "555-0110"},
        "researcher": {"name": "R. Sample", "address": "2 Hill Rd", "telephone": "555-0111"},
    },
    {"kind": "research_candidate", "client": "C-2001", "protocol": "P-7"},
    {"kind": "client", "client": "C-2002", "name": "Robin Fictional"},
]


@dataclass
class Ground:
    """A ledger to be tampered with, beside a second one in the same database."""

    practice: Practice
    hands: Hands
    number: int
    """The ledger's id in the database."""
    bystander: "Ground | None" = None
    """The other ledger of the database."""

    def rows(self, table: str) -> list[Row]:
        """First, middle and last of the ledger's rows."""
        order = [column.name for column in metadata.tables[table].primary_key] or ["version"]
        mine = "id" if table == "ledgers" else "ledger"
        rows = [row for row in self.hands.rows(table, order) if row.get(mine, self.number) == self.number]
        return [rows[place] for place in sorted({0, len(rows) // 2, len(rows) - 1})]

    def values(self, column: Column[Any]) -> list[object]:
        """The values of a column, of every ledger."""
        return [row[column.name] for row in self.hands.rows(column.table.name, [column.name])]

    @contextlib.contextmanager
    def changed(self, table: str, row: Row, column: str, value: object) -> Iterator[None]:
        """One value of one row is another for a while."""
        keys = [one.name for one in metadata.tables[table].primary_key] or list(row)
        where = " AND ".join(f"{key} = ?" for key in keys)
        update = f"UPDATE {table} SET {column} = ? WHERE {where}"
        after = row | {column: value}
        assert self.hands.change(update, value, *(row[key] for key in keys)) == 1
        try:
            yield
        finally:
            assert self.hands.change(update, row[column], *(after[key] for key in keys)) == 1


@pytest.fixture(scope="module", params=BOTH)
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    place = place_on(request.param, folder)
    other = Practice(place, folder, "alder.example/disclosures").create()
    practice = Practice(place, folder).create()
    with contextlib.closing(practice.open()) as ledger:
        ledger.checkpoint()
        ledger.record_all(from_objects(seven_years()))
        ledger.seal()
        ledger.checkpoint()
        ledger.record_all(from_objects(STUDY))
        ledger.checkpoint()
    practice.save_keys(PASSPHRASE)
    with contextlib.closing(Hands(place)) as hands:
        numbers = {row["origin"]: row["id"] for row in hands.rows("ledgers", ["id"])}
        assert practice.assert_whole() > 256
        bystander = Ground(other, hands, numbers[other.origin])
        yield Ground(practice, hands, numbers[practice.origin], bystander)
        practice.assert_whole()


def test_no_column_of_the_database_is_left_out(ground: Ground) -> None:
    there = columns_there(ground.practice.place)
    assert sorted((table, column) for table, columns in there.items() for column in columns) == sorted(COLUMNS)


def flipped(column: Column[Any], value: Any, place: int) -> object:
    """The value with one bit of it turned, or another of its type: where there was none, one."""
    if value is None:
        return bytes(32) if isinstance(column.type, LargeBinary) else 7
    if isinstance(value, bytes):
        spot = (0, len(value) // 2, len(value) - 1)[place]
        return value[:spot] + bytes([value[spot] ^ 1]) + value[spot + 1 :]
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    return value + 1_000_003


def others(ground: Ground, column: Column[Any], value: Any) -> Iterator[object]:
    """What else a value may be turned into: shorter, longer, none, another row's, another ledger's."""
    if isinstance(value, bytes):
        yield from (value[:-1], value + b"\x00")
    elif isinstance(value, str):
        yield value + " "
    elif value is not None:
        yield -1 - value
    if column.nullable and value is not None:
        yield None
    if column.name == "ledger" and ground.bystander:
        yield ground.bystander.number
    elif column.name not in UNIQUE[column.table.name]:
        yield from [one for one in ground.values(column) if one not in (value, None)][:1]


UNIQUE = {
    table.name: {column.name for column in table.columns if column.primary_key or column.unique}
    | {column.name for index in table.indexes if index.unique for column in index.columns}
    for table in metadata.sorted_tables
}


def assert_caught(ground: Ground, table: str, row: Row, name: str, value: object) -> None:
    with ground.changed(table, row, name, value):
        outcome = ground.practice.verify().outcome
        if ground.bystander and (name, value) == ("ledger", ground.bystander.number):
            outcome = ground.bystander.practice.verify().outcome  # what is filed under another ledger is wrong there
    assert outcome is Outcome.FAILED, (table, row, name, value)


@pytest.mark.parametrize(("table", "name"), CHECKED)
def test_a_changed_column_fails(ground: Ground, table: str, name: str) -> None:
    column = metadata.tables[table].c[name]
    rows = ground.rows(table)
    for place, row in enumerate(rows):
        assert_caught(ground, table, row, name, flipped(column, row[name], place))
    middle = rows[len(rows) // 2]
    for value in others(ground, column, middle[name]):
        assert_caught(ground, table, middle, name, value)


def test_another_schema_version_is_no_ledger_of_this_release(ground: Ground) -> None:
    (row,) = ground.rows(SCHEMA)
    for version in (0, 2, 1_000_003, -1):
        with ground.changed(SCHEMA, row, "version", version), pytest.raises((NoLedger, UnknownVersion)):
            ground.practice.verify()


OTHER_CLASSES = {
    LargeBinary: ("x'00' as text", 32, 2**62, 1.5),
    Text: (b"disclosure", 1.5),
    Integer: (0.5, "seven", b"\x00"),
}


ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)  # PostgreSQL keeps the types of columns


@ON_SQLITE
@pytest.mark.parametrize(("table", "name"), CHECKED)
def test_sqlites_values_of_another_class_fail(ground: Ground, table: str, name: str) -> None:
    column = metadata.tables[table].c[name]
    row = ground.rows(table)[-1]
    classes = next(values for kind, values in OTHER_CLASSES.items() if isinstance(column.type, kind))
    for value in classes:
        if (table, name) == ("ledgers", "id"):
            with pytest.raises(sqlite3.IntegrityError):  # the one column that SQLite keeps to whole numbers
                assert_caught(ground, table, row, name, value)
        else:
            assert_caught(ground, table, row, name, value)


@ON_SQLITE
@pytest.mark.parametrize("table", ["ledgers", "entries"])
def test_sqlites_text_that_is_no_text_fails(ground: Ground, table: str) -> None:
    name = {"ledgers": "origin", "entries": "kind"}[table]
    row = ground.rows(table)[-1]
    key = "id" if table == "ledgers" else "idx"
    update = f"UPDATE {table} SET {name} = CAST(? AS TEXT) WHERE {key} = ?"
    ground.hands.change(update, b"\xff\xfe", row[key])
    try:
        assert ground.practice.verify().outcome is Outcome.FAILED
    finally:
        ground.hands.change(update, row[name].encode(), row[key])


@pytest.mark.parametrize("size", [2**31, 2**53, 2**63 - 1, -(2**63)])
def test_a_size_that_nobody_could_walk_fails_all_the_same(ground: Ground, size: int) -> None:
    (row,) = ground.rows("ledgers")
    assert_caught(ground, "ledgers", row, "size", size)


PLACES = {
    "ledgers": ("checkpoint", "7."),
    "entries": ("note", "1.parse"),
    "sealed": ("content", "12.content"),
    "data_keys": ("wrapped", "12.content"),
    "tiles": ("hashes", "11.tile"),
    "stream_heads": ("head", "11.stream"),
    "map_branches": ("hash", "11.stream"),
    "checkpoints": ("note", "11.checkpoint"),
}


@pytest.mark.parametrize("table", [name for name in metadata.tables if name != SCHEMA])
def test_the_command_line_says_so_with_exit_3(ground: Ground, table: str) -> None:
    name, code = PLACES[table]
    row = ground.rows(table)[0]
    desk = Desk(ground.practice.folder)
    desk.environment |= {"DISCLOSURE_LEDGER": ground.practice.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    assert desk("verify", "--quiet").exit == 0
    with ground.changed(table, row, name, flipped(metadata.tables[table].c[name], row[name], 0)):
        done = desk("verify", "--json")
        said = desk("verify")
    assert done.exit == said.exit == 3, done
    assert any(one["code"].startswith(code) for one in done.json["findings"]), done.json["findings"]
    assert said.out.startswith("FAILED")
