"""What no ledger of this design can be faster than: each limit does the least of the work, and nothing else."""

import multiprocessing
import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from stock import ORIGIN, Holding

from disclosure_ledger.log import entry
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.store.sql import Store

MOST_THREADS = 4
"""Cores that the limit of verification may use."""


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Rows(Protocol):
    """A bare table in a durable database."""

    def commit(self, body: bytes) -> None:
        """Insert one row and have it on disk."""

    def commit_many(self, bodies: Sequence[bytes]) -> None:
        """Insert many rows in one transaction."""

    def close(self) -> None:
        """Let go of the database."""


class SqliteRows:
    """SQLite in WAL mode, each commit waiting for the disk, as the ledger is set up."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE rows (idx INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    def commit(self, body: bytes) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO rows (body) VALUES (?)", (body,))
        self._connection.execute("COMMIT")

    def commit_many(self, bodies: Sequence[bytes]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO rows (body) VALUES (?)", ((body,) for body in bodies))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class PostgresqlRows:
    """PostgreSQL with psycopg, one statement a commit."""

    def __init__(self, url: str) -> None:
        import psycopg

        self._connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
        self._connection.execute("CREATE TABLE rows (idx BIGSERIAL PRIMARY KEY, body BYTEA NOT NULL)")

    def commit(self, body: bytes) -> None:
        self._connection.execute("INSERT INTO rows (body) VALUES (%s)", (body,), prepare=True)

    def commit_many(self, bodies: Sequence[bytes]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO rows (body) VALUES (%s)", [(body,) for body in bodies])

    def close(self) -> None:
        self._connection.close()


def row_size(holding: Holding) -> int:
    """Bytes that the last entry of a ledger put into the database: its row, and what is sealed of it."""
    size = 0
    store = Store.open(holding.place)
    try:
        with store.read(ORIGIN) as reading:
            last = reading.head().size - 1
            for row in reading.rows(last, last + 1):
                size = sum(len(value) for value in row if isinstance(value, bytes | str | memoryview))
    finally:
        store.close()
    return size


def size_of(holding: Holding) -> int:
    """How many entries a ledger has."""
    store = Store.open(holding.place)
    try:
        with store.read(ORIGIN) as reading:
            return reading.head().size
    finally:
        store.close()


class Signing:
    """One Ed25519 signature over what an entry's recorder signs."""

    def __init__(self, text: bytes) -> None:
        self._key, self._text = Ed25519PrivateKey.generate(), text

    def once(self) -> bytes:
        """A signature."""
        return self._key.sign(self._text)


def signed_text(holding: Holding) -> bytes:
    """What the recorder of a ledger's last entry signed."""
    return entries_of(holding, 1)[0].text


def entries_of(holding: Holding, count: int) -> list[entry.Entry]:
    """The last entries of a ledger."""
    store = Store.open(holding.place)
    try:
        with store.read(ORIGIN) as reading:
            size = reading.head().size
            return [entry.parse(note) for note in reading.notes(max(1, size - count), size)]
    finally:
        store.close()


class SigningAndHashing:
    """Signatures and content hashes of many entries, on all cores: processes that are there already, and wait."""

    def __init__(self, text: bytes, fields: dict[str, Any]) -> None:
        self._text, self._fields = text, field_texts(fields)
        self._pool = ProcessPoolExecutor(cores(), mp_context=multiprocessing.get_context("spawn"))
        self.run(cores())

    def run(self, count: int) -> None:
        """Do it for that many entries."""
        share = -(-count // cores())
        jobs = [self._pool.submit(sign_and_hash, self._text, self._fields, share) for _ in range(cores())]
        for job in jobs:
            job.result()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown()


def field_texts(fields: dict[str, Any]) -> tuple[bytes, ...]:
    """What is hashed of each field of a disclosure: salt, name and value (docs/format.md section 5)."""
    salt = "A" * 22 + "=="
    return tuple(b"\x20" + orjson.dumps([salt, name, fields.get(name)]) for name in SEALED["disclosure"])


def sign_and_hash(text: bytes, fields: tuple[bytes, ...], count: int) -> int:
    """Sign and hash that many entries' contents. Runs in another process."""
    key = Ed25519PrivateKey.generate()
    for _ in range(count):
        root = sha256(b"\x21" + b"".join([sha256(one).digest() for one in fields])).digest()
        key.sign(text + root)
    return count


class Checking:
    """The signature checks of a ledger alone, on up to four cores: OpenSSL works outside the interpreter's lock."""

    SAMPLE = 2_000

    def __init__(self, holding: Holding) -> None:
        key = Ed25519PublicKey.from_public_bytes(holding.secrets.recorder("owner").key.public)
        self._signed = [
            (key, one.signature.signature, one.text)
            for one in entries_of(holding, self.SAMPLE)
            if one.signature.name.endswith("/owner")
        ]
        self._threads = min(MOST_THREADS, cores())
        self._pool = ThreadPoolExecutor(self._threads)

    def run(self, count: int) -> None:
        """Check that many signatures."""
        share = -(-count // self._threads)
        list(self._pool.map(self._check, [share] * self._threads))

    def _check(self, count: int) -> None:
        while count > 0:
            for key, signature, text in self._signed[:count]:
                key.verify(signature, text)
            count -= len(self._signed)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()
