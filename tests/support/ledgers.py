"""Ledgers to try things on: keys, clock and randomness come from a word, so the same word gives the same bytes."""

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import databases
from disclosure_ledger import audit
from disclosure_ledger.custody import keyfile, memory
from disclosure_ledger.custody.keyfile import Entropy, Secrets
from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_jsonl
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.checkpoint import Memory, Trust
from disclosure_ledger.log.findings import Outcome, Verdict
from disclosure_ledger.store.engine import Patience

PRACTICE = "Harbor Counseling LLC"
START = dt.datetime(2026, 11, 23, 14, 0, tzinfo=dt.UTC)
BOTH = ("sqlite", "postgresql")
"""The databases that a ledger is kept in."""


def place_on(database: str, folder: Path) -> str:
    """A place for a new ledger: a file in the folder, or a new database of the PostgreSQL server."""
    return str(folder / "disclosures.db") if database == "sqlite" else databases.fresh()


def entropy(word: str) -> Entropy:
    """Bytes that look random, and are the same for the same word and the same calls."""
    count = itertools.count()

    def draw(size: int) -> bytes:
        blocks = (hashlib.sha256(f"{word} {next(count)}".encode()).digest() for _ in range(-(-size // 32)))
        return b"".join(blocks)[:size]

    return draw


def clock(start: dt.datetime = START) -> Callable[[], dt.datetime]:
    """A clock that gives one millisecond more each time it is asked."""
    moments = (start + dt.timedelta(milliseconds=count) for count in itertools.count())
    return lambda: next(moments)


def real_clock() -> dt.datetime:
    """The present moment, for workers that run side by side."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Practice:
    """A ledger in a database at `place`, with its state file in a folder and its keys made from its origin."""

    place: str
    folder: Path
    origin: str = "harbor.example/disclosures"

    @property
    def secrets(self) -> Secrets:
        return Secrets.generate(self.origin, entropy(self.origin))

    @property
    def state_file(self) -> Path:
        return self.folder / f"{self.origin.split('.')[0]}.state"

    def create(self, now: Callable[[], dt.datetime] | None = None) -> "Practice":
        """Make it: one entry, its genesis."""
        Ledger.create(
            self.place,
            secrets=self.secrets,
            practice=PRACTICE,
            state_file=self.state_file,
            clock=now or clock(),
            entropy=entropy("genesis"),
        )
        return self

    def open(
        self,
        word: str = "writer",
        *,
        now: Callable[[], dt.datetime] | None = None,
        patience: Patience | None = None,
    ) -> Ledger:
        return Ledger.open(
            self.place,
            secrets=self.secrets,
            state_file=self.state_file,
            clock=now or clock(START + dt.timedelta(minutes=1)),
            entropy=entropy(word),
            patience=patience,
        )

    def remembered(self) -> memory.State:
        """What the state file says."""
        state = memory.load(self.state_file)
        assert state is not None
        return state

    def trust(self) -> Trust:
        """The log's key, and the state file's memory."""
        state = self.remembered()
        kept = Memory(where="the state file", size=state.size, root=state.root)
        return Trust(keys=(self.secrets.log_signer().key,), known=(kept,))

    def verify(self, *, keys: bool = True) -> Verdict:
        """Everything that can be verified, with the keys or without."""
        return audit.verify_ledger(
            self.place, self.origin, trust=self.trust(), secrets=self.secrets if keys else None, threads=1
        )

    def assert_whole(self) -> int:
        """The ledger verifies in full, and stands where the state file says, or after; its size."""
        verdict = self.verify()
        assert verdict.outcome is Outcome.VERIFIED, verdict.findings
        assert verdict.size >= self.remembered().size
        return verdict.size

    def save_keys(self, passphrase: str) -> None:
        """The files that the command line looks for beside a ledger."""
        keyfile.save(self.folder / "disclosures.keys", self.secrets, passphrase, entropy("key file"))
        vkeys = (self.secrets.log_signer().key.vkey(), self.secrets.mldsa_signer().key.vkey())
        (self.folder / "disclosures.vkey").write_text("".join(f"{vkey}\n" for vkey in vkeys))
        (self.folder / "disclosures.state").write_bytes(self.state_file.read_bytes())


def from_objects(objects: list[dict[str, Any]]) -> Iterator[tuple[int, records.Record]]:
    """Records with their lines, as a file of them would give."""
    return from_jsonl.read([json.dumps(one).encode() for one in objects])


def seven_years() -> list[dict[str, Any]]:
    """The records of an invented practice that the command line brings along."""
    text = resources.files("disclosure_ledger_cli.sample").joinpath("practice.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]
