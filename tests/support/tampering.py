"""A ledger whose database somebody changed past its guards."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from command import Desk

Change = Callable[[sqlite3.Connection], None]


def copy(good: Desk, folder: Path, change: Change) -> Desk:
    """The same ledger with its database changed past the guards, which are put back."""
    with (
        contextlib.closing(sqlite3.connect(good.folder / "disclosures.db")) as source,
        contextlib.closing(sqlite3.connect(folder / "disclosures.db")) as target,
    ):
        source.backup(target)
        guards = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            target.execute(f"DROP TRIGGER {name}")
        change(target)
        for _, text in guards:
            target.execute(text)
        target.commit()
    for path in good.folder.iterdir():
        if (path.name.startswith("disclosures.") and ".db" not in path.name) or path.suffix == ".toml":
            (folder / path.name).write_bytes(path.read_bytes())
    return Desk(folder)


def delete(table: str, where: str) -> Change:
    return lambda database: database.execute(f"DELETE FROM {table} WHERE {where}")
