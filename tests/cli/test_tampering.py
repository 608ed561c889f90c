"""A changed byte in any part of the ledger gives exit 3 and the right place."""

import contextlib
import json
import sqlite3
from importlib import resources
from pathlib import Path

import pytest

from command import Desk
from tampering import Change, copy, delete


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A ledger of more than one tile, sealed, with a checkpoint that left it."""
    desk = Desk(tmp_path_factory.mktemp("good")).init()
    sample = resources.files("disclosure_ledger_cli.sample").joinpath("practice.jsonl").read_bytes()
    (desk.folder / "practice.jsonl").write_bytes(sample)
    desk.ok("import", "practice.jsonl", "--quiet")
    desk.ok("seal", "--quiet")
    return desk


def flip(table: str, column: str, where: str, place: int = -1) -> Change:
    """Turn one bit of a stored value."""

    def change(database: sqlite3.Connection) -> None:
        rows = database.execute(f"SELECT rowid, {column} FROM {table} WHERE {where}").fetchall()
        assert rows
        key, value = rows[len(rows) // 2]
        damaged = bytearray(value)
        damaged[place] ^= 1
        database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(damaged), key))

    return change


def resign(database: sqlite3.Connection) -> None:
    """Put another letter of Base64 into the signature of entry 200: one bit could make a letter that is none."""
    (note,) = database.execute("SELECT note FROM entries WHERE idx = 200").fetchone()
    letter = b"B" if note[-10:-9] == b"A" else b"A"
    database.execute("UPDATE entries SET note = ? WHERE idx = 200", (note[:-10] + letter + note[-9:],))


def test_the_good_one_is_verified(good: Desk) -> None:
    done = good.ok("verify", "--full")
    assert done.out.startswith("VERIFIED")


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (resign, "3.signature", "entry 200"),
        (flip("entries", "note", "idx = 0", place=2), "1.parse", "entry 0"),
        (flip("sealed", "content", "idx = 120"), "12.content", "entry 120"),
        (flip("tiles", "hashes", "level = 0 AND idx = 0", place=77), "11.tile", "tile/0/000"),
        (flip("tiles", "hashes", "level = 1 AND idx = 0"), "11.tile", "tile/1/000"),
        (flip("stream_heads", "head", "1"), "11.stream", "stream "),
        (flip("ledgers", "checkpoint", "1", place=-3), "7.", "checkpoint"),
        (flip("ledgers", "frontier", "1"), "11.head", "ledgers, frontier"),
        (flip("checkpoints", "note", "1", place=-30), "11.checkpoint", "checkpoints, size 324"),
        (flip("data_keys", "wrapped", "1"), "12.content", "entry "),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_changed_byte_fails_and_is_located(good: Desk, tmp_path: Path, change: Change, code: str, where: str) -> None:
    desk = copy(good, tmp_path, change)
    done = desk("verify", "--json")
    assert done.exit == 3, done
    findings = [(one["code"], one["where"]) for one in done.json["findings"]]
    assert any(found.startswith(code) and place.startswith(where) for found, place in findings), findings
    assert desk("verify").out.startswith("FAILED")


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (delete("entries", "idx = 100"), "1.parse", "entry 100"),
        (delete("entries", "idx > 300"), "1.parse", "entry 301"),
        (delete("sealed", "idx = 100"), "12.missing", "entry 100"),
        (delete("tiles", "level = 0"), "11.tile", "tile/0/000"),
        (delete("stream_heads", "1"), "11.stream", "stream_heads"),
        (delete("data_keys", "1"), "12.content", "entry "),
        (lambda db: db.execute("INSERT INTO stream_heads VALUES (1, x'00', 1, x'00')"), "11.stream", "stream 00"),
        (lambda db: db.execute("INSERT INTO tiles VALUES (1, 0, 9, x'00')"), "11.tile", "the number of tiles"),
        (lambda db: db.execute("INSERT INTO sealed VALUES (1, 99999, x'00')"), "11.head", "sealed"),
        (lambda db: db.execute("INSERT INTO data_keys VALUES (1, x'00', x'00')"), "12.left", "data_keys"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_that_is_gone_or_too_many_fails(
    good: Desk, tmp_path: Path, change: Change, code: str, where: str
) -> None:
    done = copy(good, tmp_path, change)("verify", "--json")
    assert done.exit == 3, done
    findings = [(one["code"], one["where"]) for one in done.json["findings"]]
    assert any(found == code and place.startswith(where) for found, place in findings), findings


def test_a_missing_guard_fails(good: Desk, tmp_path: Path) -> None:
    desk = copy(good, tmp_path, lambda _: None)
    with contextlib.closing(sqlite3.connect(desk.folder / "disclosures.db")) as database:
        database.execute("DROP TRIGGER entries_keep_update")
        database.commit()
    done = desk("verify", "--json")
    assert done.exit == 3
    assert [one["code"] for one in done.json["findings"]] == ["11.schema"]


def test_the_guards_refuse_update_delete_and_replace(good: Desk) -> None:
    with contextlib.closing(sqlite3.connect(good.folder / "disclosures.db")) as database:
        for statement in (
            "UPDATE entries SET kind = 'x' WHERE idx = 1",
            "DELETE FROM entries WHERE idx = 1",
            "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE idx = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                database.execute(statement)


def test_without_anything_trusted_it_is_incomplete(good: Desk, tmp_path: Path) -> None:
    desk = copy(good, tmp_path, lambda _: None)
    for path in tmp_path.iterdir():
        if path.suffix != ".db":
            path.unlink()
    done = desk("verify", "disclosures.db")
    assert done.exit == 4, done
    assert done.out.startswith("INCOMPLETE")
    vkey = (good.folder / "disclosures.vkey").read_text().split("\n")[0]
    assert desk("verify", "disclosures.db", "--key", vkey).exit == 4
    (tmp_path / "kept.checkpoint").write_text(good.ok("checkpoint").out)
    assert desk("verify", "disclosures.db", "--key", vkey, "--known", "kept.checkpoint").exit == 0


def test_full_without_the_passphrase_is_incomplete(good: Desk, tmp_path: Path) -> None:
    desk = copy(good, tmp_path, lambda _: None)
    del desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"]
    assert desk("verify").exit == 0
    done = desk("verify", "--full", "--json")
    assert done.exit == 4
    assert [one["code"] for one in done.json["findings"]] == ["12.not-opened"]


def test_a_rolled_back_database_is_refused_for_writing_and_fails(good: Desk, tmp_path: Path) -> None:
    desk = copy(good, tmp_path, lambda _: None)
    old = (tmp_path / "disclosures.db").read_bytes()
    desk.ok("record", "--input", "-", stdin=json.dumps({"kind": "client", "client": "C-9", "name": "Late Example"}))
    for leftover in tmp_path.glob("disclosures.db-*"):
        leftover.unlink()
    (tmp_path / "disclosures.db").write_bytes(old)
    done = desk(
        "record", "--input", "-", stdin=json.dumps({"kind": "client", "client": "C-10", "name": "Next Example"})
    )
    assert done.exit == 3
    assert "the database holds 324 entries, the state file remembers 325" in done.err
    assert (tmp_path / "disclosures.db").read_bytes() == old
    assert desk("verify").exit == 3


def test_a_ledger_rewritten_at_the_same_size_is_refused_for_writing(good: Desk, tmp_path: Path) -> None:
    desk = copy(good, tmp_path, lambda _: None)
    state = json.loads((tmp_path / "disclosures.state").read_text())
    state["root"] = "A" * 43 + "="
    (tmp_path / "disclosures.state").write_text(json.dumps(state, separators=(",", ":"), sort_keys=True))
    done = desk("seal")
    assert done.exit == 3
    assert "not those that the state file remembers" in done.err


def test_a_missing_state_file_stops_writing_and_is_not_made_from_the_database(good: Desk, tmp_path: Path) -> None:
    desk = copy(good, tmp_path, lambda _: None)
    (tmp_path / "disclosures.state").unlink()
    done = desk("seal")
    assert done.exit == 1
    assert "no state file" in done.err
    assert not (tmp_path / "disclosures.state").exists()
    assert desk("verify").exit == 4
