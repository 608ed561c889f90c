"""The same attacks on other ledgers from PyPI, judged by their own documented verification, with their own memory.

The SQLite file of each (`others`) is attacked, and verified twice: with the public key alone (where it has one), and
with the checkpoint that it keeps. What a ledger raises while it opens or reads counts as noticed. The names are those
of `tests/support/attacks.py` where the attacks are the same.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from others import EARLY, MEMORIES, TARGETS, Said, Target, copy_database, payloads

Attack = Callable[[Target, Path, Path], Path]
"""Given the peer, the folder of the genuine one and an empty folder: the attacked database."""


def _sql(*statements: str) -> Attack:
    def attack(peer: Target, genuine: Path, place: Path) -> Path:
        database = place / "peer.db"
        copy_database(genuine / "peer.db", database)
        names = {"table": peer.table, "number": peer.number, "payload": peer.payload, "actor": peer.actor}
        with contextlib.closing(sqlite3.connect(database)) as into:
            for (name,) in into.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                into.execute(f"DROP TRIGGER {name}")
            before = into.total_changes
            for statement in statements:
                into.execute(statement.format(**names))
            assert not statements or into.total_changes > before, "the attack changed nothing"
            into.commit()
        return database

    return attack


def _honest(_peer: Target, genuine: Path, place: Path) -> Path:
    copy_database(genuine / "peer.db", place / "peer.db")
    return place / "peer.db"


def _put_back(name: str) -> Attack:
    def attack(_peer: Target, genuine: Path, place: Path) -> Path:
        copy_database(genuine / name, place / "peer.db")
        return place / "peer.db"

    return attack


def _anew(number: int, *, genuine: bool) -> Attack:
    def attack(peer: Target, true: Path, place: Path) -> Path:
        told = payloads()
        told[number] = {**told[number], "text": "nothing to see"}
        after = number > EARLY
        if after:  # what the kept checkpoint covers stays as it is
            copy_database(true / "one-more.db", place / "peer.db")
        peer.write(place, told, genuine=genuine, first=EARLY + 1 if after else 0)
        return place / "peer.db"

    return attack


def _forged(peer: Target, genuine: Path, place: Path) -> Path:
    """A copy of a row, under the next number, past what constraints there are."""
    database = _sql()(peer, genuine, place)
    with contextlib.closing(sqlite3.connect(database)) as into:
        columns = [row[1] for row in into.execute(f"PRAGMA table_info({peer.table})")]
        into.execute(f"CREATE TABLE attacked AS SELECT * FROM {peer.table} ORDER BY {peer.number}")
        last = f"SELECT max({peer.number}) + 1 FROM attacked"
        named = ", ".join(f"({last})" if one == peer.number else f'"{one}"' for one in columns)
        into.execute(f"INSERT INTO attacked SELECT {named} FROM attacked WHERE {peer.number} = 4")
        into.execute(f"DROP TABLE {peer.table}")
        into.execute(f"ALTER TABLE attacked RENAME TO {peer.table}")
        into.commit()
    return database


_LAST = "(SELECT max({number}) FROM {table})"

ATTACKS: dict[str, Attack] = {
    "nothing was done, entries were added": _honest,
    "one byte of an entry changed": _sql(
        "UPDATE {table} SET {payload} = replace({payload}, 'part', 'Part') WHERE {number} = 4"
    ),
    "who recorded an entry changed": _sql("UPDATE {table} SET {actor} WHERE {number} = 4"),
    "an entry deleted": _sql("DELETE FROM {table} WHERE {number} = 4"),
    "the last entries deleted, row by row": _sql(f"DELETE FROM {{table}} WHERE {{number}} > {_LAST} - 2"),
    "two entries exchanged": _sql(
        "CREATE TEMP TABLE kept AS SELECT {number} n, {payload} p FROM {table} WHERE {number} IN (4, 6)",
        "UPDATE {table} SET {payload} = (SELECT p FROM kept WHERE n = 10 - {table}.{number}) WHERE {number} IN (4, 6)",
    ),
    "a forged entry added at the end": _forged,
    "every entry deleted": _sql("DELETE FROM {table}"),
    "the tail cut off: the copy of an hour ago put back": _put_back("earlier.db"),
    "a copy from before the kept checkpoint put back": _put_back("first.db"),
    "written anew under other keys": _anew(3, genuine=False),
    "an old release changed, all signed again": _anew(3, genuine=True),
    "a release after the kept checkpoint changed, all signed again": _anew(15, genuine=True),
}


def run(name: str, folder: Path) -> Iterator[tuple[str, str, Said]]:
    """Each attack on a peer, each memory, and what is said."""
    peer = TARGETS[name]()
    genuine = folder / "genuine"
    genuine.mkdir(parents=True)
    peer.write(genuine, payloads(), genuine=True)
    for title, attack in ATTACKS.items():
        place = folder / "attacked"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        database = attack(peer, genuine, place)
        for memory in MEMORIES:
            copy = folder / "judged.db"
            copy.unlink(missing_ok=True)
            copy_database(database, copy)
            kept = folder / "memory"
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir()
            shutil.copy(genuine / "kept", kept / "kept")
            yield title, memory, _judged(peer, copy, kept if memory != "nothing" else None)


def _judged(peer: Target, database: Path, memory: Path | None) -> Said:
    try:
        return peer.judge(database, memory)
    except Exception as error:  # a foreign library may raise anything, and whoever calls it sees that
        return Said(True, f"raises {type(error).__name__}")
