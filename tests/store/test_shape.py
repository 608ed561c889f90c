"""A database that shows no wrong value can still be doctored: verification looks at its shape too."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from disclosure_ledger.errors import NoLedger, NotFound
from disclosure_ledger.log.findings import Outcome, Verdict
from hands import Hands
from ledgers import BOTH, Practice, from_objects, place_on, seven_years


@pytest.fixture(params=BOTH)
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Practice:
    made = Practice(place_on(request.param, tmp_path), tmp_path).create()
    with contextlib.closing(made.open()) as ledger:
        ledger.record_all(from_objects(seven_years()[:40]))
    return made


@pytest.fixture
def hands(practice: Practice) -> Iterator[Hands]:
    with contextlib.closing(Hands(practice.place)) as made:
        yield made


def places(verdict: Verdict) -> list[str]:
    """Where the shape of the database is not as made."""
    assert verdict.outcome is Outcome.FAILED
    return [finding.where for finding in verdict.findings if finding.code == "11.schema"]


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_a_guard_of_the_same_name_that_guards_nothing_fails(practice: Practice, hands: Hands) -> None:
    hands.run("DROP TRIGGER entries_keep_update")
    hands.run(
        """CREATE TRIGGER entries_keep_update BEFORE UPDATE ON entries WHEN NEW.idx < 0
        BEGIN SELECT RAISE(ABORT, ''); END"""
    )
    assert places(practice.verify()) == ["entries_keep_update"]


@pytest.mark.parametrize("practice", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE OR REPLACE FUNCTION entries_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        """CREATE OR REPLACE TRIGGER entries_keep_rows BEFORE UPDATE OR DELETE ON entries
        FOR EACH ROW WHEN (false) EXECUTE FUNCTION entries_keep()""",
        """CREATE OR REPLACE TRIGGER entries_keep_rows BEFORE UPDATE OF kind ON entries
        FOR EACH ROW EXECUTE FUNCTION entries_keep()""",
        "ALTER TABLE entries DISABLE TRIGGER entries_keep_rows",
        "DROP TRIGGER entries_keep_rows ON entries",
    ],
)
def test_a_guard_that_no_longer_guards_fails(practice: Practice, hands: Hands, statement: str) -> None:
    hands.run(statement)
    assert "entries_keep_rows" in places(practice.verify())


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_an_index_that_hides_an_entry_fails(practice: Practice, hands: Hands) -> None:
    """Whoever looks an entry up does not find it, and no value in any table is wrong."""
    ((text,),) = hands.ask("SELECT sql FROM sqlite_master WHERE name = 'entries_by_ref'")
    hands.run("DROP INDEX entries_by_ref")
    hands.run(text + " AND idx <> 20")
    hands.run("PRAGMA writable_schema = ON")
    hands.run("UPDATE sqlite_master SET sql = ? WHERE name = 'entries_by_ref'", text)
    hands.run("PRAGMA writable_schema = RESET")
    with contextlib.closing(practice.open()) as ledger:
        fields = ledger.show(20).fields or {}
        with pytest.raises(NotFound):
            ledger.show(str(fields["ref"]))
    assert "the database file" in places(practice.verify())


def test_a_view_in_the_place_of_a_table_fails(practice: Practice, hands: Hands) -> None:
    hands.run("ALTER TABLE stream_heads RENAME TO hidden")
    hands.run("CREATE VIEW stream_heads AS SELECT * FROM hidden")
    assert places(practice.verify()) == [f"stream_heads, {name}" for name in ("head", "ledger", "length", "tag")]


def test_a_column_that_is_gone_or_too_many_fails(practice: Practice, hands: Hands) -> None:
    hands.run("ALTER TABLE sealed RENAME COLUMN content TO contents")
    hands.run("ALTER TABLE ledgers ADD COLUMN remark TEXT")
    assert places(practice.verify()) == ["ledgers, remark", "sealed, content", "sealed, contents"]


def test_a_table_that_is_gone_fails(practice: Practice, hands: Hands) -> None:
    hands.run("DROP TABLE tiles")
    assert places(practice.verify()) == ["tiles, hashes", "tiles, idx", "tiles, ledger", "tiles, level"]


def test_a_ledger_that_is_remembered_and_gone_fails(practice: Practice, hands: Hands) -> None:
    for table in ("sealed", "data_keys", "tiles", "stream_heads", "map_branches", "checkpoints", "entries", "ledgers"):
        hands.change(f"DELETE FROM {table}")
    verdict = practice.verify()
    assert [finding.code for finding in verdict.findings] == ["8.larger"]
    assert verdict.outcome is Outcome.FAILED


def test_a_database_without_a_schema_version_is_no_ledger(practice: Practice, hands: Hands) -> None:
    hands.run("DELETE FROM disclosure_ledger_schema")
    with pytest.raises(NoLedger):
        practice.verify()
