"""What every figure starts from: ledgers made once a run, and the databases that they are made on."""

import functools
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

BUSY = os.getloadavg()[0]
"""What else the machine did when this began."""

LIBRARIES = ("cryptography", "orjson", "sqlalchemy", "psycopg", "click", "auditchain", "signledger", "ledgerchain")


def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict[str, Any]) -> None:  # noqa: ARG001
    """Write down what the figures hang on, beside what pytest-benchmark writes itself."""
    import sizes
    from cryptography.hazmat.backends.openssl import backend
    from limits import cores

    machine_info["scale"] = sizes.scale()
    machine_info["cores"] = cores()
    machine_info["openssl"] = backend.openssl_version_text()
    machine_info["load"] = f"{BUSY:.1f}"
    machine_info["postgresql"] = _postgresql()
    machine_info["sqlite"] = sqlite3.sqlite_version
    machine_info["libraries"] = {name: version for name in LIBRARIES if (version := _version(name))}


def _postgresql() -> str | None:
    """The version of the server, where there is one."""
    import databases

    if databases.server.cache_info().currsize == 0:
        return None
    import psycopg

    with psycopg.connect(databases.server()) as connection:
        row = connection.execute("SELECT version()").fetchone()
    return str(row[0]).split(" on ")[0] if row else None


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Ledgers of each size. They are removed at the end: at full size they take gigabytes."""
    from stock import Shelf

    folder = tmp_path_factory.mktemp("ledgers")
    yield Shelf(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database; skips PostgreSQL where there is no server to be had."""
    if request.param == "postgresql":
        import databases

        _wait_for_the_disk(databases.server())
    return str(request.param)


@functools.lru_cache(maxsize=1)
def _wait_for_the_disk(url: str) -> None:
    """Tests have their own server wait for no disk; what is timed here is durable. Another's server stays as it is."""
    import psycopg

    import databases

    if os.environ.get(databases.DSN):
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("SELECT pg_reload_conf()")
    for _ in range(100):
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.execute("SHOW fsync").fetchone() == ("on",):
                return
        time.sleep(0.05)
    raise AssertionError("expected a server that waits for the disk")


@pytest.fixture
def rows(database: str, tmp_path: Path) -> Iterator[Any]:
    """A bare table on the same kind of database."""
    from limits import PostgresqlRows, SqliteRows

    import databases

    made = SqliteRows(tmp_path / "rows.db") if database == "sqlite" else PostgresqlRows(databases.fresh())
    yield made
    made.close()
