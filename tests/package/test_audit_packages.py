"""Audit packages: made to the byte, read from folder and zip, and every file the one that belongs there."""

import json
import random
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import package
from disclosure_ledger.errors import Malformed, Refused
from disclosure_ledger.log import checkpoint, merkle, tiles
from disclosure_ledger.log.checkpoint import Known
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.package import openings
from golden_log import folder, golden, keys
from log_maker import LogMaker
from outcomes import codes, path, trust
from packages import GOLDEN, golden_files, known, put, verdict_on


def test_the_golden_package_is_made_to_the_byte() -> None:
    notes = [(folder() / f"entries/{index:02}.note").read_bytes() for index in range(32)]
    files = golden_files()
    made = package.files(
        checkpoint=files["checkpoint"],
        notes=notes,
        vkeys=[keys()["log-2"].vkey(), keys()["log-2-mldsa"].vkey()],
        handovers={27: path("checkpoints/27.note").read_bytes()},
        openings=openings.parse(files["openings.json"]),
    )
    found = dict(made)
    assert sorted(json.loads(found.pop("openings.json"))["entries"], key=_index) == sorted(
        json.loads(files.pop("openings.json"))["entries"], key=_index
    )
    assert found == files


def _index(entry: dict[str, Any]) -> int:
    return int(entry["index"])


def test_a_folder_and_a_zip_say_the_same(tmp_path: Path) -> None:
    as_folder, as_zip = put(tmp_path / "audit", golden_files()), put(tmp_path / "audit.zip", golden_files())
    assert verdict_on(as_folder) == verdict_on(as_zip) == verdict_on(path(GOLDEN))
    assert verdict_on(as_zip).outcome is Outcome.VERIFIED


def test_what_is_written_is_for_the_owner_alone_and_the_same_again(tmp_path: Path) -> None:
    first, second = put(tmp_path / "a.zip", golden_files()), put(tmp_path / "b.zip", golden_files())
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    inside = put(tmp_path / "audit", golden_files())
    assert stat.S_IMODE(inside.stat().st_mode) == 0o700
    assert stat.S_IMODE((inside / "tile/0/000.p/32").stat().st_mode) == 0o600


def test_nothing_is_left_where_making_it_fails(tmp_path: Path) -> None:
    def fails() -> Any:
        yield "checkpoint", b"c"
        raise Malformed("half way")

    for name in ("audit", "audit.zip"):
        with pytest.raises(Malformed, match="half way"):
            package.write(tmp_path / name, fails())
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    put(tmp_path / "audit.zip", golden_files())
    with pytest.raises(Refused):
        put(tmp_path / "audit.zip", {"checkpoint": b"c"})


def test_a_ledger_of_more_than_one_bundle_is_made_and_verified(tmp_path: Path) -> None:
    maker = LogMaker()
    maker.genesis()
    for _ in range(256 * 2 + 3):
        maker.sealed("hold", stream_class=None)
    vkeys = [key.vkey() for key in maker.keys().both()]
    made = dict(package.files(checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=vkeys))
    assert {"tile/0/000", "tile/0/001", "tile/0/002.p/4", "tile/1/000.p/2", "tile/entries/002.p/4"} <= made.keys()
    assert len([name for name in made if name.startswith("tile/")]) == 7
    kept = Known(where="kept", raw=maker.checkpoint(300))
    told = trust("log-1", known=(kept,))
    assert package.verify(put(tmp_path / "audit", made), trust=told).outcome is Outcome.VERIFIED
    for name in ("tile/0/001", "tile/1/000.p/2", "tile/entries/001"):
        lacking = {key: value for key, value in made.items() if key != name}
        found = package.verify(put(tmp_path / name.replace("/", "-"), lacking), trust=told)
        assert found.outcome is Outcome.FAILED, name
        assert ("7.bundle" if "entries" in name else "7.tile") in codes(found)
    full = {**made, "tile/0/002": made["tile/0/002.p/4"], "tile/0/000.p/255": made["tile/0/000"][:-32]}
    found = package.verify(put(tmp_path / "more", full), trust=told)
    assert codes(found) == ["7.tile"]


Change = Callable[[dict[str, bytes]], object]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda files: files.update(extra=b""), "7.file"),
        (lambda files: files.update({"handover/5": files["handover/27"]}), "7.handover-unasked"),
        (lambda files: files.update({"handover/027": files["handover/27"]}), "7.file"),
        (lambda files: files.update({"handover/27.tsr": files["handover/27"]}), "7.file"),
        (lambda files: files.update({"timestamps/27": b""}), "7.file"),
        (lambda files: files.update({"handover/9007199254740993": b""}), "7.file"),
        (lambda files: files.pop("log.vkey"), "7.vkeys"),
        (lambda files: files.update({"log.vkey": files["log.vkey"] + b"\n"}), "7.vkeys"),
        (lambda files: files.update({"log.vkey": bytes(20_000)}), "7.vkeys"),
        (lambda files: files.pop("checkpoint"), "7.file"),
        (lambda files: files.update(checkpoint=bytes(2_000_000)), "7.file"),
        (lambda files: files.update({"tile/0/000.p/32": bytes(9_000)}), "7.tile"),
        (lambda files: files.update({"tile/0/000.p/31": b""}), "7.tile"),
        (lambda files: files.update({"tile/1/000": b""}), "7.tile"),
        (lambda files: files.update({"tile/entries/x001/000": b""}), "7.bundle"),
        (lambda files: files.pop("tile/entries/000.p/32"), "7.bundle"),
        (lambda files: files.update({"tile/entries/000.p/32": b"\x00"}), "7.bundle"),
        (lambda files: files.update({"openings.json": b"{}"}), "12.openings"),
        (lambda files: files.update({"timestamps/99.tsr": b"x"}), "10.timestamp"),
        (lambda files: files.update({"timestamps/30.tsr": b"x"}), "10.timestamp"),
    ],
)
def test_every_file_is_the_one_that_belongs_there(change: Change, code: str, tmp_path: Path) -> None:
    files = golden_files()
    change(files)
    found = verdict_on(put(tmp_path / "audit", files))
    assert found.outcome is Outcome.FAILED
    assert code in codes(found)


def test_no_changed_byte_of_any_file_verifies(tmp_path: Path) -> None:
    files, chance = golden_files(), random.Random(7)
    told = trust("log-1", witnesses=("witness",), known=(known(),), quorum=1)
    assert package.verify(put(tmp_path / "good", files), trust=told).outcome is Outcome.VERIFIED
    for name, data in files.items():
        for _ in range(16):
            place = chance.randrange(len(data))
            changed = data[:place] + bytes((data[place] ^ (1 << chance.randrange(8)),)) + data[place + 1 :]
            (tmp_path / "good" / name).write_bytes(changed)
            found = package.verify(tmp_path / "good", trust=told)
            assert found.outcome is Outcome.FAILED, (name, place)
        (tmp_path / "good" / name).write_bytes(data)


def test_the_proof_of_growth_is_what_a_witness_asks_for(tmp_path: Path) -> None:
    small = checkpoint.parse(path("checkpoints/16.note").read_bytes()).checkpoint
    for target in (path(GOLDEN), put(tmp_path / "a.zip", golden_files())):
        raw, proof = package.proof_of_growth(target, 16)
        shown = checkpoint.parse(raw).checkpoint
        merkle.check_consistency(16, shown.size, small.root, shown.root, proof)
        assert package.proof_of_growth(target, 0)[1] == package.proof_of_growth(target, 32)[1] == ()
        with pytest.raises(Malformed, match="at least 33"):
            package.proof_of_growth(target, 33)


def test_every_golden_attack_is_seen_in_a_zip_too(tmp_path: Path) -> None:
    for run in [one for one in golden("expected.json")["runs"] if one["what"] == "audit"][:40]:
        source = path(run["path"])
        files = {str(one.relative_to(source)): one.read_bytes() for one in source.rglob("*") if one.is_file()}
        target = put(tmp_path / f"{len(list(tmp_path.iterdir()))}.zip", files)
        assert package.verify(target, trust=trust("log-1")) == package.verify(source, trust=trust("log-1"))


def test_progress_is_told_in_entries(tmp_path: Path) -> None:
    told: list[int] = []
    verdict_on(path(GOLDEN), on_progress=told.append)
    assert told == [32]
    assert tiles.TILE_WIDTH == 256
