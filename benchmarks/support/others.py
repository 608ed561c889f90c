"""Other ledgers from PyPI, to be attacked: how each is written, and what its own documented verification says.

Each writes twelve payloads, keeps what it calls a checkpoint (or anchor) out of the database's reach, and writes eight
more.
"""

import asyncio
import contextlib
import io
import json
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
                    copy_database(place / "peer.db", place / COPIES[number])
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
                    copy_database(place / "peer.db", place / COPIES[number])
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
                    copy_database(place / "peer.db", place / COPIES[number])
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


def copy_database(source: Path, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)
