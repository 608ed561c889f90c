"""One good ledger, what others remember of it, and what the command line says of either: the scene of every attack."""

import contextlib
import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import PASSPHRASE, Desk
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.findings import INCOMPLETE
from disclosure_ledger.practice.drawing import Asked
from ledgers import START, Practice, clock, entropy

EARLY, LATE = 12, 8
"""Releases before the checkpoint that somebody keeps, and after it."""

MEMORIES = ("nothing", "a checkpoint", "a receipt", "the state file", "state file and keys")
"""What whoever verifies a database has beside the ledger's public key."""


def release(number: int, **changed: Any) -> dict[str, Any]:
    """A release that an accounting lists, of one of two clients."""
    about = {
        "kind": "disclosure",
        "client": f"C-{1 + number % 2}",
        "disclosed_on": f"2026-01-{number + 1:02}",
        "recipient": {"name": "County Court", "type": "court"},
        "basis": "required_by_law",
        "description": f"visit dates, part {number}",
        "ref": f"R-{number}",
    }
    return {**about, **changed}


def history() -> list[dict[str, Any]]:
    """What the practice recorded, in order."""
    return [release(number) for number in range(EARLY + LATE)]


@dataclass(frozen=True)
class Outcome:
    """What a verification said: its exit code, and the codes of what it found wrong."""

    exit: int
    codes: tuple[str, ...]

    @property
    def noticed(self) -> bool:
        """Did it say that something is wrong? Incomplete (4) is no such word."""
        return self.exit not in (0, 4)


class Scene:
    """A good ledger, what others keep of it, and a place to attack copies of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.good = self.write("good", history())
        self.desk(self.good).ok("verify", "--full", "--ledger", "disclosures.db", "--keys", "disclosures.keys")

    def write(
        self,
        name: str,
        told: list[dict[str, Any]],
        *,
        secrets: Secrets | None = None,
        late_by: dt.timedelta = dt.timedelta(),
        evidence_too: bool = True,
    ) -> Path:
        """Write a history with the practice's keys (or others) into a folder of its own."""
        place = self.folder / name
        place.mkdir(parents=True)
        practice = Held(str(place / "disclosures.db"), place, given=secrets)
        practice.create()
        with contextlib.closing(practice.open(now=clock(START + dt.timedelta(minutes=1)))) as ledger:
            add(ledger, told[:4])
            self._keep(place, "first")
            add(ledger, told[4:EARLY])
            ledger.seal()
            (place / "early.checkpoint").write_bytes(ledger.checkpoint())
            (place / "early.receipt").write_bytes(ledger.receipt(5))
            if evidence_too:
                (place / "early.evidence").write_bytes(evidence(ledger, "C-1"))
            self._keep(place, "early")
        with contextlib.closing(practice.open("late", now=clock(START + dt.timedelta(hours=2) + late_by))) as ledger:
            add(ledger, told[EARLY : EARLY + 4])
            ledger.seal()
            self._keep(place, "middle")
            add(ledger, told[EARLY + 4 :])
            ledger.seal()
            (place / "late.checkpoint").write_bytes(ledger.checkpoint())
            (place / "late.receipt").write_bytes(ledger.receipt(5))
            ledger.export(place / "audit")
            if evidence_too:
                (place / "late.evidence").write_bytes(evidence(ledger, "C-1"))
                (place / "other.evidence").write_bytes(evidence(ledger, "C-2"))
        practice.save_keys(PASSPHRASE)
        return place

    def _keep(self, place: Path, name: str) -> None:
        """Keep the database and the state file as they stand: somebody's backup."""
        with (
            contextlib.closing(sqlite3.connect(place / "disclosures.db")) as source,
            contextlib.closing(sqlite3.connect(place / f"{name}.db")) as target,
        ):
            source.backup(target)
        shutil.copy(place / "harbor.state", place / f"{name}.state")

    def desk(self, place: Path, *, keys: bool = True) -> Desk:
        return Desk(place, PASSPHRASE if keys else None)

    def memories(self, attacked: Path, state: Path) -> Iterator[tuple[str, Outcome]]:
        """What is said of an attacked database by each memory."""
        place = self.folder / "judge"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        shutil.copy(attacked, place / "copy.db")
        for name in ("early.checkpoint", "early.receipt"):
            shutil.copy(self.good / name, place / name)
        shutil.copy(self.good / "disclosures.vkey", place / "log.vkey")
        beside: Mapping[str, list[str]] = {
            "nothing": [],
            "a checkpoint": ["--known", "early.checkpoint"],
            "a receipt": ["--known", "early.receipt"],
        }
        for name, more in beside.items():
            yield name, said(self.desk(place, keys=False), "verify", "copy.db", "--key", "log.vkey", *more)
        for name in ("disclosures.keys", "disclosures.vkey"):
            shutil.copy(self.good / name, place / name)
        shutil.copy(state, place / "disclosures.state")
        at_home = ("verify", "--ledger", "copy.db", "--keys", "disclosures.keys")
        yield "the state file", said(self.desk(place, keys=False), *at_home)
        yield "state file and keys", said(self.desk(place), *at_home, "--full")

    def attack(self, one: "OnLedger") -> dict[str, Outcome]:
        """Run one attack on a copy; what each memory says."""
        place = self.folder / "attacked"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        state = place / "state"
        shutil.copy(self.good / "disclosures.state", state)
        self._keep_copy(place / "disclosures.db")
        shutil.rmtree(self.folder / "anew", ignore_errors=True)
        attacked = one.change(self, place / "disclosures.db", state)
        return dict(self.memories(attacked or place / "disclosures.db", state))

    def _keep_copy(self, target: Path) -> None:
        with (
            contextlib.closing(sqlite3.connect(self.good / "disclosures.db")) as source,
            contextlib.closing(sqlite3.connect(target)) as into,
        ):
            source.backup(into)

    def show(self, one: "OnFile") -> Outcome:
        """Run one attack on a file; what its reader is told, who has the public key (and, where said, a memory)."""
        place = self.folder / "shown"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.good, place, ignore=shutil.ignore_patterns("*.db*", "*.toml", "disclosures.*", "*.state"))
        shutil.copy(self.good / "disclosures.vkey", place / "log.vkey")
        target, *more = one.change(self, place)
        return said(self.desk(place, keys=False), "verify", target, "--key", "log.vkey", *more)


@dataclass(frozen=True)
class Held(Practice):
    """A practice whose keys may be somebody else's."""

    given: Secrets | None = None

    @property
    def secrets(self) -> Secrets:
        return self.given or Secrets.generate(self.origin, entropy(self.origin))


def add(ledger: Ledger, told: list[dict[str, Any]]) -> None:
    ledger.record_all((line, records.from_json(one)) for line, one in enumerate(told, 1))


def evidence(ledger: Ledger, client: str) -> bytes:
    letterhead = Letterhead(name="Harbor Counseling LLC", address="1 Harbor St", contact="555-0100")
    asked = Asked(client=client, as_of=START.date(), summarize=False)
    proof = ledger.account(asked, practice=letterhead, render=lambda _, __: b"")[2]
    assert proof is not None
    return proof


def said(desk: Desk, *arguments: str) -> Outcome:
    """What a verification says."""
    done = desk(*arguments, "--json")
    found = json.loads(done.out or done.err)
    codes = [one["code"] for one in found.get("findings", [])] or [found.get("error", {}).get("code", "")]
    failing = [code for code in dict.fromkeys(codes) if code and code not in INCOMPLETE]
    return Outcome(done.exit, tuple(failing))


@dataclass(frozen=True)
class OnFile:
    """An attack on a file that somebody is handed. `change` gives its name, and what else its reader has."""

    name: str
    what: str
    change: Callable[[Scene, Path], tuple[str, ...]]


@dataclass(frozen=True)
class OnLedger:
    """An attack on a ledger's database. `change` gives the place of another database, where it wrote one."""

    name: str
    by: str
    """`database`: who can write to it; `keys`: who also has the key file and its passphrase."""
    change: Callable[[Scene, Path, Path], Path | None]
