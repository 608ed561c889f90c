"""The same attacks on other ledgers from PyPI, judged by their own documented verification, with their own memory.

Each peer writes twelve payloads, keeps what it calls a checkpoint (or anchor) out of the database's reach, and writes
eight more. Then its SQLite file is attacked, and verified twice: with the public key alone (where it has one), and with
that checkpoint too. What a peer raises while it opens or reads counts as noticed.
"""

import asyncio
import contextlib
import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

EARLY, LATE = 12, 8
MEMORIES = ("nothing", "a checkpoint")
COPIES = {4: "first.db", EARLY + 1: "one-more.db", EARLY + 4: "earlier.db"}
"""Backups, by how many payloads they hold: the last two are of after the checkpoint."""

Payloads = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """What a verification said: whether it noticed, and in which words."""

    noticed: bool
    words: str


class Target(Protocol):
    """A ledger to attack."""

    table: ClassVar[str]
    number: ClassVar[str]
    payload: ClassVar[str]
    actor: ClassVar[str]
    """What sets another actor: where the ledger says who did it."""

    def write(self, place: Path, payloads: Payloads, *, genuine: bool, first: int = 0) -> None:
        """A ledger in a folder, signed with the practice's key or a thief's; its checkpoint and older copies beside.

        `first`: go on with the ledger that is there, from that payload.
        """

    def judge(self, database: Path, memory: Path | None) -> Said:
        """What its verification says, with the folder where the genuine checkpoint is kept or without."""


def payloads() -> list[dict[str, Any]]:
    return [{"client": f"C-{number % 2}", "text": f"part {number}"} for number in range(EARLY + LATE)]


class AuditChain:
    """auditchain: Ed25519 on each record; `verify(signers=…, checkpoint=…)`."""

    table, number, payload, actor = "audit_records", "seq", "meta", "actor = 'somebody'"

    def __init__(self) -> None:
        from auditchain import generate_keypair

        self._keys = {True: generate_keypair(), False: generate_keypair()}

    def write(self, place: Path, payloads: Payloads, *, genuine: bool, first: int = 0) -> None:
        asyncio.run(self._write(place, payloads, self._keys[genuine][0], first))

    async def _write(self, place: Path, payloads: Payloads, seed: bytes, first: int) -> None:
        from auditchain import AuditLog, SqliteBackend, save_checkpoint

        async with AuditLog(SqliteBackend(place / "peer.db"), signing_key=seed) as log:
            for number, one in list(enumerate(payloads))[first:]:
                if number == EARLY:
                    save_checkpoint(await log.checkpoint(), place / "kept")
                if number in COPIES:
                    _copy(place / "peer.db", place / COPIES[number])
                await log.append("owner", "disclosure", one["client"], metadata=one)

    def judge(self, database: Path, memory: Path | None) -> Said:
        return asyncio.run(self._judge(database, memory))

    async def _judge(self, database: Path, memory: Path | None) -> Said:
        from auditchain import AuditLog, SqliteBackend, load_checkpoint, verify_chain

        public = self._keys[True][1]
        async with AuditLog(SqliteBackend(database)) as log:
            report = await log.verify(signers={"s0": public})
            if report.ok and memory is not None:
                kept = load_checkpoint(memory / "kept", public_key=public)
                upto = (await log.read())[: kept.seq + 1]  # the whole, grown since, never matches a checkpoint's root
                report = verify_chain(upto, checkpoint=kept, signers={"s0": public})
        return Said(not report.ok, str(report.reason or ""))


class SignLedger:
    """signledger: Ed25519 on each entry, an anchor file; `check_integrity()`."""

    table, number, payload, actor = "ledger_entries", "sequence", "data", """metadata = '{"by": "somebody"}'"""

    def __init__(self) -> None:
        from signledger.crypto.signatures import Ed25519Signer

        self._signers = {True: Ed25519Signer.generate(), False: Ed25519Signer.generate()}

    @contextlib.contextmanager
    def _open(self, database: Path, signer: Any, memory: Path | None) -> Iterator[Any]:
        from signledger import Ledger
        from signledger.anchor.sinks import FileAnchorSink
        from signledger.backends import SQLiteBackend

        sink = FileAnchorSink(str(memory / "kept")) if memory is not None else None
        ledger = Ledger(
            SQLiteBackend(str(database)), ledger_id="harbor", enable_signatures=True, signer=signer, anchor_sink=sink
        )
        with contextlib.closing(ledger):
            yield ledger

    def write(self, place: Path, payloads: Payloads, *, genuine: bool, first: int = 0) -> None:
        with self._open(place / "peer.db", self._signers[genuine], place) as ledger:
            for number, one in list(enumerate(payloads))[first:]:
                if number == EARLY:
                    ledger.checkpoint()
                if number in COPIES:
                    _copy(place / "peer.db", place / COPIES[number])
                ledger.append(one)

    def judge(self, database: Path, memory: Path | None) -> Said:
        with self._open(database, self._signers[True], memory) as ledger:
            report = ledger.check_integrity()
        kinds = dict.fromkeys(str(one.kind.value) for one in report.failures)
        return Said(not report.ok, ", ".join(kinds))


class LedgerChain:
    """ledgerchain: hashes, no signature; `verify_chain`, and an anchored checkpoint in an object store."""

    table, number, payload, actor = "decision_ledger", "seq", "payload", """actor = '{"sub": "somebody"}'"""

    @contextlib.contextmanager
    def _session(self, database: Path) -> Iterator[Any]:
        from sqlalchemy import create_engine
        from sqlalchemy.orm import Session

        engine = create_engine(f"sqlite:///{database}")
        try:
            with Session(engine) as session:
                yield session
        finally:
            engine.dispose()

    def write(self, place: Path, payloads: Payloads, *, genuine: bool, first: int = 0) -> None:  # noqa: ARG002
        import ledgerchain
        from ledgerchain.anchor import AnchorConfig, anchor_checkpoint
        from ledgerchain.checkpoint import build_checkpoint
        from sqlalchemy import create_engine

        engine = create_engine(f"sqlite:///{place / 'peer.db'}")
        ledgerchain.create_all(engine)
        engine.dispose()
        with self._session(place / "peer.db") as session:
            for number, one in list(enumerate(payloads))[first:]:
                if number == EARLY:
                    made = build_checkpoint(session).checkpoint
                    anchor_checkpoint(session, made, config=AnchorConfig(bucket="kept"), client=Store(place))
                if number in COPIES:
                    _copy(place / "peer.db", place / COPIES[number])
                actor = {"kind": "human", "sub": "owner"}
                ledgerchain.LedgerWriter.append(
                    session, event_type="disclosure", payload=one, actor=actor, tenant_id="harbor"
                )
                session.commit()

    def judge(self, database: Path, memory: Path | None) -> Said:
        from ledgerchain.verify import verify_chain

        with self._session(database) as session:
            result = verify_chain(session)
            if not result.valid or memory is None:
                return Said(not result.valid, str(result.reason or ""))
            return self._anchored(session, memory)

    def _anchored(self, session: Any, memory: Path) -> Said:
        """The anchored root against the entries of today: more than `verify_anchor`, which asks the database's row."""
        from ledgerchain.checkpoint import merkle_root
        from ledgerchain.models import DecisionLedgerEntry as Entry
        from sqlalchemy import select

        kept = json.loads(Store(memory).path.read_bytes())
        span = Entry.seq.between(kept["from_seq"], kept["to_seq"])
        hashes = session.execute(select(Entry.entry_hash).where(span).order_by(Entry.seq)).scalars().all()
        same = len(hashes) == kept["to_seq"] - kept["from_seq"] + 1 and merkle_root(hashes) == kept["merkle_root"]
        return Said(not same, "" if same else "the anchored root is another")


class Store:
    """An object store that is one file out of the database's reach."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "kept"

    def put_object(self, **given: Any) -> None:
        self.path.write_bytes(given["Body"])

    def get_object(self, **_given: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.path.read_bytes())}


TARGETS: dict[str, Callable[[], Target]] = {
    "auditchain": AuditChain,
    "signledger": SignLedger,
    "ledgerchain": LedgerChain,
}


def _copy(source: Path, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)


# -- the attacks: the same names as in tests/support/attacks.py where they are the same

Attack = Callable[[Target, Path, Path], Path]
"""Given the peer, the folder of the genuine one and an empty folder: the attacked database."""


def _sql(*statements: str) -> Attack:
    def attack(peer: Target, genuine: Path, place: Path) -> Path:
        database = place / "peer.db"
        _copy(genuine / "peer.db", database)
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
    _copy(genuine / "peer.db", place / "peer.db")
    return place / "peer.db"


def _put_back(name: str) -> Attack:
    def attack(_peer: Target, genuine: Path, place: Path) -> Path:
        _copy(genuine / name, place / "peer.db")
        return place / "peer.db"

    return attack


def _anew(number: int, *, genuine: bool) -> Attack:
    def attack(peer: Target, true: Path, place: Path) -> Path:
        told = payloads()
        told[number] = {**told[number], "text": "nothing to see"}
        after = number > EARLY
        if after:  # what the kept checkpoint covers stays as it is
            _copy(true / "one-more.db", place / "peer.db")
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
            _copy(database, copy)
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
