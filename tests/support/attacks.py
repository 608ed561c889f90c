"""Attacks on a ledger, each a named change, judged through the command line.

`ON_LEDGERS` change a copy of the database of a `Scene`, or write the history anew with its keys. What changes a file
that somebody was handed is in `attacks_on_files`.
"""

import contextlib
import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

from attack_scene import EARLY, LATE, Held, OnLedger, Scene, add, history, release
from disclosure_ledger import strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.custody.keyfile import OWNER, Secrets
from disclosure_ledger.log import branches, streams
from disclosure_ledger.log.streams import StreamTree
from disclosure_ledger.store.append import Writing
from ledgers import START, clock, entropy


def sql(*statements: str) -> Callable[[Scene, Path, Path], None]:
    """Statements run past the guards, which are put back."""

    def change(_scene: Scene, database: Path, _state: Path) -> None:
        with contextlib.closing(sqlite3.connect(database)) as into:
            guards = into.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                into.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                assert into.execute(statement).rowcount != 0, statement
            for _, text in guards:
                into.execute(text)
            into.commit()

    return change


def flipped(column: str) -> str:
    """The column with one byte in its middle changed."""
    half = f"length({column}) / 2"
    byte = f"CASE substr({column}, {half}, 1) WHEN x'41' THEN x'42' ELSE x'41' END"
    return f"CAST(substr({column}, 1, {half} - 1) || {byte} || substr({column}, {half} + 1) AS BLOB)"


def swapped(table: str, columns: tuple[str, ...], one: int, other: int) -> str:
    parts = (f"{c} = (SELECT t.{c} FROM {table} t WHERE t.idx = {one + other} - {table}.idx)" for c in columns)
    return f"UPDATE {table} SET {', '.join(parts)} WHERE idx IN ({one}, {other})"


def put_back(name: str, *, with_state: bool = False) -> Callable[[Scene, Path, Path], Path]:
    """An older copy in the database's place, with the state file of its day or without."""

    def change(scene: Scene, database: Path, state: Path) -> Path:
        shutil.copy(scene.good / f"{name}.db", database)
        if with_state:
            shutil.copy(scene.good / f"{name}.state", state)
        return database

    return change


def anew(
    change_history: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
    *,
    other_keys: bool = False,
    with_state: bool = False,
) -> Callable[[Scene, Path, Path], Path]:
    """The whole history written anew, and signed with the stolen keys, or with other ones."""

    def change(scene: Scene, _database: Path, state: Path) -> Path:
        secrets = Secrets.generate("harbor.example/disclosures", entropy("a thief")) if other_keys else None
        place = scene.write("anew", change_history(history()), secrets=secrets)
        if with_state:
            shutil.copy(place / "harbor.state", state)
        return place / "disclosures.db"

    return change


def with_changed(number: int) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def change(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*told[:number], release(number, description="nothing to see"), *told[number + 1 :]]

    return change


def without(number: int) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda told: [*told[:number], *told[number + 1 :]]


def inserted(number: int) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    extra = release(number, description="written later", ref="R-late")
    return lambda told: [*told[:number], extra, *told[number:]]


def by_hand(**recorders: bytes) -> Callable[[Scene, Path, Path], Path]:
    """An entry more, written with the ledger's log key and a recorder's key that the ledger does not know."""

    def change(scene: Scene, database: Path, _state: Path) -> Path:
        genuine = Held(str(database), database.parent).secrets
        forged = replace(genuine, recorder_seeds=MappingProxyType({OWNER: recorders["owner"]}))
        (database.parent / "harbor.state").write_bytes((scene.good / "harbor.state").read_bytes())
        hand = Held(str(database), database.parent, given=forged)
        with contextlib.closing(hand.open("thief", now=clock(START + dt.timedelta(hours=9)))) as ledger:
            add(ledger, [release(25, ref="R-forged")])
        return database

    return change


def gone_on(scene: Scene, database: Path, state: Path) -> Path:
    """An older copy put back, with its state file, and written on as if nothing had been."""
    put_back("middle", with_state=True)(scene, database, state)
    shutil.copy(state, database.parent / "harbor.state")
    hand = Held(str(database), database.parent)
    with contextlib.closing(hand.open("thief", now=clock(START + dt.timedelta(hours=9)))) as ledger:
        add(ledger, [release(number, description="instead") for number in range(20, 26)])
        ledger.seal()
    shutil.copy(scene.good / "disclosures.state", state)
    return database


def clock_set_back(scene: Scene, _database: Path, state: Path) -> Path:
    with mock.patch("disclosure_ledger.practice.writer.max", lambda now, _before: now, create=True):
        place = scene.write("anew", history(), late_by=-dt.timedelta(days=1))
    shutil.copy(place / "harbor.state", state)
    return place / "disclosures.db"


RENAMED = "replace(CAST(note AS TEXT), 'recorders/owner', 'recorders/other')"
LAST = EARLY + LATE + 2


def map_without(scene: Scene, _database: Path, state: Path) -> Path:
    """A stream map, signed by the keys' holder, that holds every stream but one."""

    def bring_up_to_date(into: Writing) -> dict[str, JSON]:
        ends, tree = list(into.stream_ends(bytes(32), None)), StreamTree()
        low = {
            place: streams.branch(some, branches.LOW) for place, some in branches.by_branch(ends, branches.LOW).items()
        }
        into.put_branches(branches.LOW, low)
        into.put_branches(branches.HIGH, branches.raised(low))
        for end in ends[1:]:
            tree.put(end)
        return {"root": strict.base64_of(tree.root()), "size": into.head().size, "streams": len(tree)}

    with mock.patch("disclosure_ledger.practice.transaction.mapping.bring_up_to_date", bring_up_to_date):
        place = scene.write("anew", history(), evidence_too=False)
    shutil.copy(place / "harbor.state", state)
    return place / "disclosures.db"


LATER = "a release after the kept checkpoint changed, all signed again"
HONEST = OnLedger("nothing was done, entries were added", "nobody", lambda _scene, _database, _state: None)

ON_LEDGERS: tuple[OnLedger, ...] = (
    OnLedger(
        "one byte of an entry changed", "database", sql(f"UPDATE entries SET note = {flipped('note')} WHERE idx = 4")
    ),
    OnLedger(
        "who recorded an entry changed",
        "database",
        sql(f"UPDATE entries SET note = CAST({RENAMED} AS BLOB) WHERE idx = 4"),
    ),
    OnLedger("an index column changed", "database", sql("UPDATE entries SET kind = 'hold' WHERE idx = 4")),
    OnLedger(
        "a field of sealed content changed",
        "database",
        sql(f"UPDATE sealed SET content = {flipped('content')} WHERE idx = 4"),
    ),
    OnLedger("sealed contents of two entries swapped", "database", sql(swapped("sealed", ("content",), 4, 6))),
    OnLedger("content erased without an entry that says so", "database", sql("DELETE FROM sealed WHERE idx = 4")),
    OnLedger("an entry deleted", "database", sql("DELETE FROM entries WHERE idx = 4")),
    OnLedger("the last entries deleted, row by row", "database", sql(f"DELETE FROM entries WHERE idx > {LAST}")),
    OnLedger("two entries exchanged", "database", sql(swapped("entries", ("note",), 4, 6))),
    OnLedger(
        "a forged entry added at the end",
        "database",
        sql(
            "CREATE TEMP TABLE forged AS SELECT * FROM entries WHERE idx = 4",
            "UPDATE forged SET idx = (SELECT max(idx) + 1 FROM entries), stream_position = 99, ref_tag = NULL",
            "INSERT INTO entries SELECT * FROM forged",
        ),
    ),
    OnLedger("a stream's head changed", "database", sql(f"UPDATE stream_heads SET head = {flipped('head')}")),
    OnLedger("the tree's right edge changed", "database", sql(f"UPDATE ledgers SET frontier = {flipped('frontier')}")),
    OnLedger(
        "the checkpoint put back, the entries left",
        "database",
        sql("UPDATE ledgers SET checkpoint = (SELECT note FROM checkpoints ORDER BY size LIMIT 1)"),
    ),
    OnLedger("every entry deleted", "database", sql("DELETE FROM entries", "DELETE FROM sealed")),
    OnLedger("the tail cut off: the copy of an hour ago put back", "database", put_back("middle")),
    OnLedger(
        "an old copy put back, with the state file of its day",
        "database",
        put_back("middle", with_state=True),
    ),
    OnLedger("a copy from before the kept checkpoint put back", "database", put_back("first")),
    OnLedger("written anew under other keys", "database", anew(with_changed(3), other_keys=True)),
    OnLedger("an old copy put back, and gone on with", "keys", gone_on),
    OnLedger("an entry by a recorder's key the ledger does not know", "keys", by_hand(owner=bytes(32))),
    OnLedger("an old release changed, all signed again", "keys", anew(with_changed(3))),
    OnLedger("an old release left out, all signed again", "keys", anew(without(3))),
    OnLedger("a release put in among old ones (back-dated), all signed again", "keys", anew(inserted(3))),
    OnLedger(LATER, "keys", anew(with_changed(15))),
    OnLedger(
        f"{LATER}, the state file exchanged",
        "keys",
        anew(with_changed(15), with_state=True),
    ),
    OnLedger(
        "an old release changed, all signed again, the state file exchanged",
        "keys",
        anew(with_changed(3), with_state=True),
    ),
    OnLedger("a stream map that leaves out a stream", "keys", map_without),
    OnLedger("the clock set back a day in the middle", "keys", clock_set_back),
)
