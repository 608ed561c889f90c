"""What a transaction wrote is read back before it is kept, and it moves only the head that it built on."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from disclosure_ledger.errors import StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger
from fictions import disclosure
from hands import Hands
from ledgers import BOTH, Practice, place_on

FLIPPING = {
    "sqlite": (
        """CREATE TRIGGER flip AFTER INSERT ON entries BEGIN
        UPDATE entries SET note = CAST(substr(note, 1, length(note) - 1) AS BLOB) WHERE ledger = NEW.ledger
        AND idx = NEW.idx; END""",
    ),
    "postgresql": (
        """CREATE FUNCTION flip() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.note := substring(NEW.note FROM 1 FOR length(NEW.note) - 1); RETURN NEW; END $$""",
        "CREATE TRIGGER flip BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION flip()",
    ),
}
"""Has a database keep every note without its last byte, as a disk or a driver that is broken might."""


@pytest.fixture(params=BOTH)
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Practice:
    return Practice(place_on(request.param, tmp_path), tmp_path).create()


@pytest.fixture
def ledger(practice: Practice) -> Iterator[Ledger]:
    with contextlib.closing(practice.open()) as made:
        yield made


def test_an_entry_that_comes_back_otherwise_is_not_kept(practice: Practice, ledger: Ledger) -> None:
    before = practice.assert_whole()
    database = "postgresql" if "://" in practice.place else "sqlite"
    with contextlib.closing(Hands(practice.place)) as hands:
        if database == "sqlite":
            for (name,) in hands.ask("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"):
                hands.run(f"DROP TRIGGER {name}")
        for statement in FLIPPING[database]:
            hands.run(statement)
    with pytest.raises(StorageFailed, match="came back from the database otherwise than it was written"):
        ledger.record(records.from_json(disclosure()))
    with contextlib.closing(Hands(practice.place)) as hands:
        assert hands.ask("SELECT count(*), max(size) FROM ledgers JOIN entries ON entries.ledger = ledgers.id") == [
            (before, before)
        ]


def test_a_head_that_stands_elsewhere_is_not_moved(practice: Practice, ledger: Ledger) -> None:
    before = practice.assert_whole()
    with (
        pytest.raises(StorageFailed, match=f"the head is no longer at size {before + 1}"),
        ledger.writing() as one,
        one.into.together(),
    ):
        one.into.move_head(before + 1, one.into.head())
    assert practice.assert_whole() == before
