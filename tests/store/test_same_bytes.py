"""The same inputs, clock and randomness give the same bytes on SQLite and PostgreSQL (docs/format.md section 10)."""

import contextlib
import datetime as dt
from pathlib import Path

from sqlalchemy import Table

from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.store.schema import metadata
from hands import Hands, Row
from ledgers import BOTH, PRACTICE, Practice, from_objects, place_on, seven_years

LETTERHEAD = Letterhead(name=PRACTICE, address="12 Pier Road", contact="555-0100")


def contents(database: str, folder: Path) -> dict[str, list[Row]]:
    """Every row of every table, after a ledger's whole life."""
    folder.mkdir()
    practice = Practice(place_on(database, folder), folder).create()
    sample = seven_years()
    with contextlib.closing(practice.open()) as ledger:
        ledger.record_all(from_objects(sample[:300]))
        for _, record in from_objects(sample[300:]):
            ledger.record(record)
        # not for a request: the document that is kept then holds the checkpoint with its ML-DSA line
        asked = Asked(client="C-1001", as_of=dt.date(2026, 11, 24))
        ledger.account(asked, practice=LETTERHEAD, render=lambda *_: b"a document")
        ledger.record_all(from_objects([{"kind": "client", "client": "C-3001", "name": "Robin Fictional"}]))
        ledger.seal()
        ledger.checkpoint()
    practice.assert_whole()
    with contextlib.closing(Hands(practice.place)) as hands:
        found = {table.name: hands.rows(table.name, ordered(table)) for table in metadata.sorted_tables}
    found["checkpoints"] = [row | {"note": without_mldsa(row["note"])} for row in found["checkpoints"]]
    return found | {"the state file": [{"bytes": practice.state_file.read_bytes()}]}


def ordered(table: Table) -> list[str]:
    """The columns by which a table's rows are told apart."""
    return [column.name for column in table.primary_key] or ["version"]


def without_mldsa(raw: bytes) -> bytes:
    """A checkpoint without its ML-DSA line: that signature is hedged, and differs each time it is made."""
    lines = raw.split(b"\n")
    assert len(lines) == 7
    return b"\n".join(lines[:5])


def test_both_databases_hold_the_same_bytes(tmp_path: Path) -> None:
    one, other = (contents(database, tmp_path / database) for database in BOTH)
    assert one.keys() == other.keys()
    for table, rows in one.items():
        assert rows, table
        assert rows == other[table], table
