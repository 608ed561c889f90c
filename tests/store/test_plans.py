"""What is asked for one entry or one client is found by an index, however large the ledger is.

SQLite is asked for its plan of every statement that ran: none may walk the entries, or the sealed contents, of a whole
ledger.
"""

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.drawing import Asked
from fictions import client, disclosure, request
from ledgers import PRACTICE, Practice, from_objects, seven_years

LETTERHEAD = Letterhead(name=PRACTICE, address="12 Pier Road", contact="555-0100")
WHOLE = re.compile(r"SCAN (entries|sealed)\b|SEARCH (entries|sealed) .*\(ledger=\?\)")
"""How SQLite says that it walks a table, or all of one ledger in it."""


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that SQLite runs from now on, with its values in it."""
    found: list[str] = []
    connect = sqlite3.connect

    def traced(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.set_trace_callback(found.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return found


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    made = Practice(str(tmp_path / "disclosures.db"), tmp_path).create()
    with contextlib.closing(made.open()) as ledger:
        ledger.record_all(from_objects(seven_years()[:60]))
    return made


def record(ledger: Ledger) -> None:
    ledger.record(records.from_json(disclosure(ref="P-1")))
    ledger.record(records.from_json(client(client="C-9001")))


def record_all(ledger: Ledger) -> None:
    ledger.record_all(from_objects([disclosure(ref=f"P-{number}") for number in range(3)]))


def account(ledger: Ledger) -> None:
    ledger.record(records.from_json(request(id="P-9")))
    asked = Asked(client="C-1001", request="P-9", as_of=dt.date(2026, 11, 24))
    ledger.account(asked, practice=LETTERHEAD, render=lambda *_: b"a document")


def look(ledger: Ledger) -> None:
    ledger.history("C-1001")
    ledger.requests()
    ledger.show(3)
    ledger.check(records.Disclosure(**vars_of(disclosure())))


def vars_of(obj: dict[str, Any]) -> dict[str, Any]:
    read = records.from_json(obj)
    return {name: getattr(read, name) for name in ("client", "disclosed_on", "recipient", "basis", "description")}


@pytest.mark.parametrize("operation", [record, record_all, account, look])
def test_no_question_about_one_client_or_entry_walks_the_ledger(
    practice: Practice, ran: list[str], operation: Callable[[Ledger], None]
) -> None:
    with contextlib.closing(practice.open()) as ledger:
        ran.clear()
        operation(ledger)
    asked = [statement for statement in ran if statement.startswith("SELECT") and "entries" in statement]
    assert asked
    with contextlib.closing(sqlite3.connect(practice.place)) as connection:
        for statement in asked:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            assert not any(WHOLE.search(step) for step in plan), (statement, plan)
