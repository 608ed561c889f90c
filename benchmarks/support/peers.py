"""Other tamper-evident ledgers from PyPI, each through its documented way of appending to an SQLite file.

All three keep JSON that they are given; none knows what a disclosure is, seals it, or proves one client's list
complete. They are opened as their own documentation does for a file, with signatures on where they have them.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol


class Peer(Protocol):
    """A ledger to append to."""

    signs: ClassVar[bool]

    def append(self, payload: dict[str, Any]) -> None:
        """One entry, on disk when this returns."""

    def append_many(self, payloads: Sequence[dict[str, Any]]) -> None:
        """Many entries, as the peer does many."""

    def close(self) -> None:
        """Let go of the file."""


class AuditChain:
    """auditchain with Ed25519: each record signed, SQLite with its rollback journal."""

    signs = True

    def __init__(self, folder: Path) -> None:
        from auditchain import AuditLog, SqliteBackend, generate_keypair

        seed, _ = generate_keypair()
        # its own loop, kept: the synchronous wrapper makes one a call
        self._loop = asyncio.new_event_loop()
        self._log = AuditLog(SqliteBackend(folder / "auditchain.db"), signing_key=seed)
        self._loop.run_until_complete(self._log.init())

    def append(self, payload: dict[str, Any]) -> None:
        self._loop.run_until_complete(self._log.append("owner", "disclosure", payload["client"], metadata=payload))

    def append_many(self, payloads: Sequence[dict[str, Any]]) -> None:
        entries = [("owner", "disclosure", one["client"], one) for one in payloads]
        self._loop.run_until_complete(self._log.append_many(entries))

    def close(self) -> None:
        self._loop.run_until_complete(self._log.close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


class SignLedger:
    """signledger with Ed25519: each entry signed, SQLite in WAL mode, synchronous FULL."""

    signs = True

    def __init__(self, folder: Path) -> None:
        from signledger import Ledger
        from signledger.backends import SQLiteBackend
        from signledger.crypto.signatures import Ed25519Signer

        self._ledger = Ledger(
            SQLiteBackend(str(folder / "signledger.db")), enable_signatures=True, signer=Ed25519Signer.generate()
        )

    def append(self, payload: dict[str, Any]) -> None:
        self._ledger.append(payload)

    def append_many(self, payloads: Sequence[dict[str, Any]]) -> None:
        from signledger.core.batch import BatchProcessor

        outcome = BatchProcessor(self._ledger, max_batch_size=len(payloads)).append_batch(payloads)
        assert outcome.ok

    def close(self) -> None:
        self._ledger.close()


class LedgerChain:
    """ledgerchain: hashes and no signature, SQLAlchemy's ORM; the caller commits."""

    signs = False

    def __init__(self, folder: Path) -> None:
        import ledgerchain
        from sqlalchemy import create_engine
        from sqlalchemy.orm import sessionmaker

        self._engine = create_engine(f"sqlite:///{folder / 'ledgerchain.db'}")
        ledgerchain.create_all(self._engine)
        self._session = sessionmaker(bind=self._engine)

    def append(self, payload: dict[str, Any]) -> None:
        self.append_many([payload])

    def append_many(self, payloads: Sequence[dict[str, Any]]) -> None:
        from ledgerchain import LedgerWriter

        with self._session() as session:
            for one in payloads:
                LedgerWriter.append(
                    session,
                    event_type="disclosure",
                    payload=one,
                    actor={"kind": "human", "sub": "owner"},
                    tenant_id="harbor",
                )
            session.commit()

    def close(self) -> None:
        self._engine.dispose()


PEERS = {"auditchain": AuditChain, "signledger": SignLedger, "ledgerchain": LedgerChain}
