"""A backup that is restored is taken where it is today's, and refused where it is older (docs/deployment.md)."""

import contextlib
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clusters import Cluster, clusters, run
from command import PASSPHRASE, Desk
from ledgers import BOTH, Practice, from_objects, seven_years


class Sqlite:
    """A ledger's file, backed up as `sqlite3 disclosures.db ".backup copy.db"` does."""

    def __init__(self, folder: Path) -> None:
        self.place = str(folder / "disclosures.db")
        self._copies = folder / "backup-"

    def back_up(self, name: str) -> None:
        with (
            contextlib.closing(sqlite3.connect(self.place)) as source,
            contextlib.closing(sqlite3.connect(f"{self._copies}{name}")) as target,
        ):
            source.backup(target)

    def restore(self, name: str) -> str:
        for path in Path(self.place).parent.glob("disclosures.db*"):
            path.unlink()
        Path(f"{self._copies}{name}").rename(self.place)
        return self.place


class Postgres:
    """A ledger's database, backed up with pg_dump and restored into a new one."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.place = cluster.url()

    def back_up(self, name: str) -> None:
        run("pg_dump", "--format=custom", f"--file={self._cluster.folder / name}", self.place)

    def restore(self, name: str) -> str:
        self._cluster.ask(f'CREATE DATABASE "{name}"')
        place = self._cluster.url(name)
        run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={place}", self._cluster.folder / name)
        return place


Database = Sqlite | Postgres


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield Sqlite(tmp_path)
        return
    with clusters("primary") as (cluster,):
        yield Postgres(cluster.initialise().start())


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """A practice with some history, whose ledger is where the environment says."""
    practice = Practice(database.place, tmp_path).create()
    with contextlib.closing(practice.open()) as ledger:
        ledger.record_all(from_objects(seven_years()[:60]))
    practice.save_keys(PASSPHRASE)
    made = Desk(tmp_path)
    made.environment |= {"DISCLOSURE_LEDGER": database.place, "DISCLOSURE_LEDGER_KEYS": "disclosures.keys"}
    return made


def test_todays_backup_is_taken_and_written_on(desk: Desk, database: Database) -> None:
    desk.ok("seal")
    database.back_up("today")
    desk.environment["DISCLOSURE_LEDGER"] = database.restore("today")
    assert desk.ok("verify", "--full").out.startswith("VERIFIED")
    desk.ok("client", "add", "--client", "C-90", "--name", "Robin Fictional")
    assert desk.ok("verify", "--full").out.startswith("VERIFIED")


def test_a_backup_that_is_newer_than_the_state_file_is_taken(desk: Desk, database: Database) -> None:
    older = (desk.folder / "disclosures.state").read_bytes()
    desk.ok("client", "add", "--client", "C-90", "--name", "Robin Fictional")
    database.back_up("today")
    (desk.folder / "disclosures.state").write_bytes(older)
    desk.environment["DISCLOSURE_LEDGER"] = database.restore("today")
    desk.ok("client", "add", "--client", "C-91", "--name", "Robin Fictional")
    assert desk.ok("verify").out.startswith("VERIFIED")


def test_an_older_backup_is_refused_until_the_state_file_of_its_time_is_put_back(
    desk: Desk, database: Database
) -> None:
    state = desk.folder / "disclosures.state"
    database.back_up("yesterday")
    yesterday = state.read_bytes()
    desk.ok("client", "add", "--client", "C-90", "--name", "Robin Fictional")
    kept = desk.ok("checkpoint").out
    (desk.folder / "given.checkpoint").write_text(kept)
    today = state.read_bytes()

    desk.environment["DISCLOSURE_LEDGER"] = database.restore("yesterday")
    refused = desk("client", "add", "--client", "C-91", "--name", "Robin Fictional")
    assert refused.exit == 3
    assert "the state file remembers" in refused.err
    assert "docs/deployment.md" in refused.err
    assert state.read_bytes() == today
    found = desk("verify", "--json")
    assert (found.exit, [one["code"] for one in found.json["findings"]]) == (3, ["8.larger"])

    state.write_bytes(yesterday)
    desk.ok("client", "add", "--client", "C-91", "--name", "Robin Fictional")
    assert desk.ok("verify").out.startswith("VERIFIED")
    # whoever holds what was given away before sees the break, for ever, and rightly so
    found = desk("verify", "--known", "given.checkpoint", "--json")
    assert found.exit == 3
    assert {one["code"] for one in found.json["findings"]} <= {"8.larger", "8.different"}
    assert found.json["accusations"][0]["known"] == kept
    assert json.loads(today)["size"] == json.loads(state.read_bytes())["size"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_nightly_copy_is_verified_by_an_outsider_long_after(desk: Desk, database: Database, tmp_path: Path) -> None:
    """The recipe of docs/deployment.md: seal, checkpoint, copy; later, in an empty folder, verify."""
    desk.ok("seal")
    desk.ok("checkpoint", "--output", "night.checkpoint")
    database.back_up("night")
    desk.ok("client", "add", "--client", "C-90", "--name", "Robin Fictional")
    outside = tmp_path / "outside"
    outside.mkdir()
    check = ("verify", "../backup-night", "--key", "../disclosures.vkey", "--known", "../night.checkpoint")
    assert Desk(outside, passphrase=None).ok(*check).out.startswith("VERIFIED")
    assert desk("verify", "backup-night").exit == 3, "beside the state file the copy is an older one"


def test_a_state_file_is_written_by_hand_from_a_checkpoint_that_somebody_kept(desk: Desk) -> None:
    """The recipe of docs/deployment.md, its command taken from there."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "deployment.md").read_text("utf-8")
    recipe = next(block for block in text.split("```sh\n")[1:] if block.startswith("printf")).split("disclosure-ledger")
    command = "disclosure-ledger".join(recipe[:2])  # the format's name holds the word too
    desk.ok("checkpoint", "--output", "kept.checkpoint")
    remembered = (desk.folder / "disclosures.state").read_bytes()
    (desk.folder / "disclosures.state").unlink()
    assert desk("seal").exit == 1
    subprocess.run(["sh", "-ec", command], cwd=desk.folder, check=True)
    assert (desk.folder / "disclosures.state").read_bytes() == remembered
    assert (desk.folder / "disclosures.state").stat().st_mode & 0o777 == 0o600
    desk.ok("seal")
    assert desk.ok("verify", "--known", "kept.checkpoint").out.startswith("VERIFIED")
