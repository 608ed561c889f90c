"""Ledgers of a given size, made once a run: invented disclosures, a hundred a client, or streams of one entry each."""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import databases
import fictions
from disclosure_ledger.custody import memory
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.checkpoint import Memory, Trust

ORIGIN = "harbor.example/disclosures"
PRACTICE = Practice(name="Harbor Counseling LLC", address="1 Harbor St", contact="555-0100")
PER_CLIENT = 100
"""Disclosures about each client."""
SLICE = 20_000
"""Records that are made into entries at once while a ledger is built."""


def now() -> dt.datetime:
    """The present moment."""
    return dt.datetime.now(dt.UTC)


def number(client: int) -> str:
    """A client's number."""
    return f"C-{client:07d}"


def disclosure(index: int, clients: int) -> dict[str, Any]:
    """One release, as JSON: clients take turns."""
    return fictions.disclosure(client=number(index % clients), matter=str(index % clients))


def disclosures(count: int) -> Iterator[dict[str, Any]]:
    """That many releases, a hundred a client."""
    clients = max(1, count // PER_CLIENT)
    return (disclosure(index, clients) for index in range(count))


def clients(count: int) -> Iterator[dict[str, Any]]:
    """That many clients, each of whom begins a stream."""
    return (fictions.client(client=number(index)) for index in range(count))


def payload() -> bytes:
    """The JSON of one disclosure: what the peers are given too."""
    return json.dumps(disclosure(0, 1)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A ledger in a database at `place`, with its state file in `folder`."""

    place: str
    folder: Path
    secrets: Secrets

    @property
    def state_file(self) -> Path:
        return self.folder / "disclosures.state"

    @property
    def database(self) -> str:
        return "postgresql" if "://" in self.place else "sqlite"

    def open(self) -> Ledger:
        return Ledger.open(self.place, secrets=self.secrets, state_file=self.state_file, clock=now, entropy=os.urandom)

    def trust(self) -> Trust:
        """The log's key, and what the state file remembers."""
        state = memory.load(self.state_file)
        if state is None:
            raise AssertionError("expected a state file")
        kept = Memory(where="the state file", size=state.size, root=state.root)
        return Trust(keys=(self.secrets.log_signer().key,), known=(kept,))


def empty(database: str, folder: Path) -> Holding:
    """A ledger of one entry, its genesis."""
    folder.mkdir(parents=True, exist_ok=True)
    place = str(folder / "disclosures.db") if database == "sqlite" else databases.fresh()
    made = Holding(place=place, folder=folder, secrets=Secrets.generate(ORIGIN, os.urandom))
    Ledger.create(
        place,
        secrets=made.secrets,
        practice=PRACTICE.name,
        state_file=made.state_file,
        clock=now,
        entropy=os.urandom,
    )
    return made


class Shelf:
    """Ledgers by kind of database, what they hold, and size; each is built when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[str, str, int], Holding] = {}
        self._fresh = 0

    def disclosures(self, database: str, count: int) -> Holding:
        """A ledger of that many disclosures, and the records of their clients."""
        return self._stocked(database, "disclosures", count, disclosures)

    def streams(self, database: str, count: int) -> Holding:
        """A ledger of that many clients, in as many streams; nothing is sealed yet."""
        return self._stocked(database, "streams", count, clients)

    def fresh(self, database: str) -> Holding:
        """A new ledger, for one round."""
        self._fresh += 1
        return empty(database, self._folder / f"fresh-{self._fresh}")

    def _stocked(
        self, database: str, what: str, count: int, objects: Callable[[int], Iterator[dict[str, Any]]]
    ) -> Holding:
        key = database, what, count
        if key not in self._made:
            holding = empty(database, self._folder / f"{database}-{what}-{count}")
            fill(holding, objects(count))
            self._made[key] = holding
        return self._made[key]


def fill(holding: Holding, objects: Iterator[dict[str, Any]]) -> None:
    """Record everything, a slice at a time."""
    ledger = holding.open()
    try:
        some: list[tuple[int, records.Record]] = []
        for line, one in enumerate(objects, 1):
            some.append((line, records.from_json(one)))
            if len(some) == SLICE:
                ledger.record_all(some)
                some.clear()
        ledger.record_all(some)
    finally:
        ledger.close()
