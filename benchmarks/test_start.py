"""How long commands take to start: against an interpreter that imports the same libraries, and does nothing else."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from race import Contender, race
from sizes import sizes

VERIFYING = """
import click, orjson
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
"""
"""What a proof in a file cannot be verified without."""

RECORDING = """
import sqlite3
import click, orjson, sqlalchemy
import sqlalchemy.dialects.sqlite
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
"""
"""What an entry cannot be recorded without."""

OPENING = (
    RECORDING
    + """
from disclosure_ledger.custody.keyfile import MIN_COST
Scrypt(salt=bytes(16), length=32, n=MIN_COST, r=8, p=1).derive(b"invented")
ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(b"an entry")
"""
)
"""And the key file opened, which is slow so that guessing its passphrase is; and one signature."""

A_RELEASE = (
    *("record", "--client", "C-1001", "--on", "2026-02-03", "--recipient", "County Court", "--type", "court"),
    *("--basis", "court_order", "--description", "attendance dates, 2025", "--matter", "881"),
)


def python(code: str) -> Callable[[], object]:
    """An interpreter that runs some code."""
    return lambda: subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What an installer does: code is compiled once, and not at each start, even where the environment forbids it."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))


class Office:
    """A practice's folder, and the command line in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "DISCLOSURE_LEDGER_PASSPHRASE": "an invented passphrase"}
        for name in ("DISCLOSURE_LEDGER", "DISCLOSURE_LEDGER_KEYS"):
            self._environment.pop(name, None)
        self.run("init", "--origin", "harbor.example/disclosures", "--practice", "Harbor Counseling LLC")
        self.run(*A_RELEASE)

    def run(self, *arguments: str) -> str:
        """Run one command to its end, and give what it printed."""
        code = "from disclosure_ledger_cli.main import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A ledger of one release."""
    return Office(tmp_path)


def test_verify_a_file(benchmark: BenchmarkFixture, office: Office) -> None:
    office.run("accounting", "--client", "C-1001", "--evidence", "evidence.json")
    command = ("verify", "evidence.json", "--key", "disclosures.vkey")
    assert "VERIFIED" in office.run(*command)
    race(
        benchmark,
        "start-verify",
        ours=Contender(run=lambda: office.run(*command)),
        limit=Contender(run=python(VERIFYING)),
        rounds=sizes().starts,
        case="the evidence of one release",
    )


def test_start_of_record(benchmark: BenchmarkFixture, office: Office) -> None:
    race(
        benchmark,
        "start-record",
        ours=Contender(run=lambda: office.run("record", "--help")),
        limit=Contender(run=python(RECORDING)),
        rounds=sizes().starts,
        case="`record --help`",
    )


def test_the_whole_of_record(benchmark: BenchmarkFixture, office: Office) -> None:
    race(
        benchmark,
        "run-record",
        ours=Contender(run=lambda: office.run(*A_RELEASE)),
        limit=Contender(run=python(OPENING)),
        rounds=sizes().starts,
        case="one release, by flags",
    )
