"""`demo`: the whole story on an invented practice, in seconds."""

import contextlib
import importlib.resources
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from disclosure_ledger import audit, canonical, evidence
from disclosure_ledger.custody import keyfile, memory
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.errors import StorageFailed
from disclosure_ledger.hipaa.accounting import Practice
from disclosure_ledger.intake import from_jsonl
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.checkpoint import Memory, Trust
from disclosure_ledger.log.findings import REGISTRY, Outcome, Verdict
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.render.to_json import to_json

from . import say, settings
from .options import now, shared, stated
from .verdicts import as_text

ORIGIN = "harbor.example/disclosures"
PRACTICE = Practice(name="Harbor Counseling LLC", address="12 Pier Road, Hartwell", contact="Privacy officer, 555-0100")
PASSPHRASE = "demo"  # noqa: S105 - told to whoever runs the demo
CLIENT, REQUEST = "C-1001", "R-1"


@click.command("demo")
@click.argument("folder", required=False, metavar="[DIR]")
@shared
def demo_command(folder: str | None) -> int:
    """Build a sample practice's ledger, draw a client's list, verify it, tamper with a copy, and catch that.

    \b
    disclosure-ledger demo              in a temporary folder, removed at the end
    disclosure-ledger demo harbor/      in a new folder, kept for you to look around
    """
    started = time.monotonic()
    with _place(folder) as place:
        caught = _story(place)
        if folder is not None:
            say.data(f"\nLook around: cd {folder} && disclosure-ledger history --client {CLIENT}   (passphrase: demo)")
    say.talk(f"\nThat took {time.monotonic() - started:.1f} seconds.", quiet=stated().quiet)
    return 0 if caught else 3


@contextlib.contextmanager
def _place(folder: str | None) -> Iterator[Path]:
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="disclosure-ledger-demo-") as name:
            yield Path(name)
        return
    place = Path(folder)
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        raise StorageFailed(f"{folder} is there already; the demo makes a folder of its own") from None
    yield place


def _story(place: Path) -> bool:
    """Tell it. True where the true ledger verified and the tampered copy did not."""
    database = place / settings.DEFAULT_LEDGER
    secrets = _begin(place, database)
    ledger = Ledger.open(
        str(database), secrets=secrets, state_file=place / "disclosures.state", clock=now, entropy=os.urandom
    )
    with contextlib.closing(ledger):
        _record(ledger)
        proof = _account(ledger)
        ledger.seal()
    held = _client_checks(proof, Trust(keys=(secrets.log_signer().key,)))
    state = memory.load(place / "disclosures.state")
    remembered = () if state is None else (Memory(where="the state file", size=state.size, root=state.root),)
    trust = Trust(keys=(secrets.log_signer().key,), known=remembered)
    say.data("\n5. The practice, or an auditor, checks the whole ledger.\n")
    good = audit.verify_ledger(str(database), ORIGIN, trust=trust, secrets=secrets)
    say.data(_indented(as_text(good, opened=True)))
    bad = _tamper(place, database, trust, secrets)
    return held and good.outcome is Outcome.VERIFIED and bad.outcome is Outcome.FAILED


def _client_checks(proof: bytes, trust: Trust) -> bool:
    """What the client can do with the evidence: see that the list is whole, and that one with a row struck is not."""
    say.data("\n4. With the list comes evidence, one file. The client checks it without database, key or network:")
    whole = evidence.verify(proof, trust)
    say.data(f"\n   {whole.outcome.value.upper()}  nothing filed about this client was left out")
    shown = orjson.loads(proof)
    del shown["accounting"]["rows"][2]
    struck = evidence.verify(canonical.encode(shown), trust)
    say.data("\n   Had the practice struck one row from the list:\n")
    found = [one for one in struck.findings if one.fails][:1]
    say.data(f"   {struck.outcome.value.upper()}  " + "; ".join(f"{REGISTRY[one.code]}" for one in found))
    return whole.outcome is Outcome.VERIFIED and struck.outcome is Outcome.FAILED


def _begin(place: Path, database: Path) -> Secrets:
    say.data(f"1. {PRACTICE.name} begins a ledger named {ORIGIN}.")
    say.data("   Its keys are in a file of their own; a small state file remembers where the ledger stands.")
    secrets = keyfile.Secrets.generate(ORIGIN, os.urandom)
    keyfile.save(place / settings.DEFAULT_KEYS, secrets, PASSPHRASE, os.urandom)
    vkeys = f"{secrets.log_signer().key.vkey()}\n{secrets.mldsa_signer().key.vkey()}\n"
    (place / "disclosures.vkey").write_text(vkeys)
    state = place / "disclosures.state"
    Ledger.create(
        str(database), secrets=secrets, practice=PRACTICE.name, state_file=state, clock=now, entropy=os.urandom
    )
    values = {"ledger": database.name, "keys": settings.DEFAULT_KEYS, "timezone": "America/New_York"}
    settings.add(place / settings.FILE, ORIGIN, values | {"address": PRACTICE.address, "contact": PRACTICE.contact})
    return secrets


def _record(ledger: Ledger) -> None:
    lines = importlib.resources.files("disclosure_ledger_cli.sample").joinpath("practice.jsonl").read_bytes()
    made = ledger.record_all(from_jsonl.read(lines.splitlines()))
    releases = sum(one.kind == "disclosure" for one in made)
    say.data(f"\n2. Seven years of records come in: {len(made)} of them, {releases} of them releases of information.")
    say.data("   Each becomes an entry: sealed with its client's key, chained to the one before it, and signed.")


def _account(ledger: Ledger) -> bytes:
    drawn, _, proof = ledger.account(
        Asked(client=CLIENT, request=REQUEST, as_of=now().date()), practice=PRACTICE, render=lambda it, _: to_json(it)
    )
    it = drawn.to_json()
    every = sum(one.kind == "disclosure" for one in ledger.history(CLIENT))
    say.data(
        f"\n3. {it['client']['name']} asks for the list that the law grants (45 CFR 164.528), six years back.\n"
        f"   Of {every} releases about this client these belong on it (claims and treatment, for example, do not):\n"
    )
    say.data(_indented(say.table([_row(row) for row in it["rows"]], ("when", "who", "why"), indent=3)))
    assert proof is not None  # noqa: S101 - a few rows, and nothing of Part 2
    return proof


def _row(row: dict[str, object]) -> tuple[str, str, str]:
    recipient, purpose = row["recipient"], str(row["purpose"])
    assert isinstance(recipient, dict)  # noqa: S101 - an accounting's own form
    when = f"{row['first']} … {row['last']} ({row['count']}×)" if "count" in row else str(row["date"])
    return when, str(recipient["name"])[:30], purpose if len(purpose) < 40 else purpose[:37] + "…"


def _tamper(place: Path, database: Path, trust: Trust, secrets: Secrets) -> Verdict:
    """Change one byte in a copy of the database, past its guards, as somebody with the file could."""
    copy = place / "tampered.db"
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f"DROP TRIGGER {name}")
        index, note = target.execute(
            "SELECT idx, note FROM entries WHERE kind = 'correction' ORDER BY idx LIMIT 1"
        ).fetchone()
        changed = bytearray(note)
        changed[note.index(b'"root":"') + 8] ^= 1  # what the entry says of its content
        target.execute("UPDATE entries SET note = ? WHERE idx = ?", (bytes(changed), index))
        for (text,) in source.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'"):
            target.execute(text)
        target.commit()
    say.data(f"\n6. Somebody changes one byte of entry {index} in a copy of the database, past its guards.\n")
    bad = audit.verify_ledger(str(copy), ORIGIN, trust=trust, secrets=secrets)
    say.data(_indented(as_text(bad, opened=True)))
    return bad


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" if line else "" for line in text.split("\n"))
