"""An index that lost a row leaves a release out of a client's history without a word: `doctor --indexes` says so."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine

import ledgers
from disclosure_ledger.hipaa import records
from disclosure_ledger.store import indexes, schema
from disclosure_ledger.store.sql import Store
from fictions import client, disclosure
from ledgers import Practice

EVERY = [name for table in schema.metadata.sorted_tables for name in indexes.queries_of(table)]


@pytest.fixture(params=ledgers.BOTH)
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Practice:
    made = Practice(ledgers.place_on(request.param, tmp_path), tmp_path).create()
    ledger = made.open()
    ledger.record(records.from_json(client()))
    ledger.record(records.from_json(disclosure(ref="EHR-1")))
    ledger.seal()
    ledger.close()
    return made


def found(practice: Practice) -> tuple[str, ...]:
    store = Store.open(practice.place)
    try:
        with store.read(practice.origin) as reading:
            return indexes.disagreeing(reading)
    finally:
        store.close()


def lose(practice: Practice, names: list[str]) -> None:
    """Have these indexes miss what is recorded next, as a disk might."""
    engine = create_engine(practice.place.replace("postgresql://", "postgresql+psycopg://"))
    ledger = practice.open("more")
    with engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f"UPDATE pg_index SET indisready = false WHERE indexrelid = '{name}'::regclass")
    ledger.record(records.from_json(disclosure(ref="EHR-2", disclosed_on="2026-02-04")))
    ledger.close()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pg_index SET indisready = true")
    engine.dispose()


def test_whole_indexes_agree_with_their_tables(practice: Practice) -> None:
    assert found(practice) == ()


@pytest.mark.parametrize("practice", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", ["entries_by_client", "entries_by_ref", "entries_by_stream"])
def test_an_index_that_misses_a_row_is_named(practice: Practice, name: str) -> None:
    lose(practice, [name])
    assert found(practice) == (name,)


@pytest.mark.parametrize("practice", ["postgresql"], indirect=True)
def test_each_question_reads_the_index_it_is_about_and_the_table_alone(practice: Practice) -> None:
    engine = create_engine(practice.place.replace("postgresql://", "postgresql+psycopg://"))
    seen = []
    for table in schema.metadata.sorted_tables:
        for name, questions in indexes.queries_of(table).items():
            for settings, query in zip((indexes._BY_TABLE, indexes._BY_INDEX), questions, strict=True):
                with engine.begin() as connection:
                    for setting in settings:
                        connection.exec_driver_sql(f"SET LOCAL {setting}")
                    plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {query}"))
                assert (f"using {name} " in plan) is (settings is indexes._BY_INDEX), plan
            seen.append(name)
    engine.dispose()
    assert seen == EVERY
    assert len(seen) == 13


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_an_index_of_an_sqlite_file_that_misses_a_row_is_named(practice: Practice) -> None:
    with sqlite3.connect(practice.place) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'ref_tag IS NOT NULL', 'idx = 0')")
    connection.close()
    assert any("entries_by_ref" in text for text in found(practice))
