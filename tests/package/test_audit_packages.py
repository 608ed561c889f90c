"""Audit packages: made to the byte, read from folder and zip, and harmless whoever made them."""

import io
import json
import os
import random
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import package
from disclosure_ledger.errors import Malformed, NotFound, Refused, UnknownVersion
from disclosure_ledger.log import checkpoint, entry, merkle, tiles
from disclosure_ledger.log.checkpoint import Known, Quorum, Trust
from disclosure_ledger.log.findings import Findings, Outcome, Verdict
from disclosure_ledger.log.note import COSIGNATURE
from disclosure_ledger.package import Opening, examining, openings, reading
from golden_log import b64, folder, golden, keys, signer_from_seed
from log_maker import LogMaker, story
from outcomes import codes, path, trust
from stamping import Stamper

GOLDEN = "audit-package"


def golden_files() -> dict[str, bytes]:
    root = path(GOLDEN)
    return {str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()}


def known() -> Known:
    return Known(where="kept", raw=path("checkpoints/30.note").read_bytes())


def put(target: Path, made: dict[str, bytes]) -> Path:
    package.write(target, made.items())
    return target


def verdict_on(target: Path, **told: Any) -> Verdict:
    return package.verify(target, trust=trust("log-1", known=(known(),)), **told)


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


def opened(**changed: Any) -> bytes:
    value = json.loads(golden_files()["openings.json"])
    return json.dumps({**value, **changed}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_openings_of_a_later_version_are_incomplete(tmp_path: Path) -> None:
    later = opened(format="disclosure-ledger/openings/v2")
    with pytest.raises(UnknownVersion):
        openings.parse(later)
    found = verdict_on(put(tmp_path / "audit", {**golden_files(), "openings.json": later}))
    assert (found.outcome, codes(found)) == (Outcome.INCOMPLETE, ["1.version"])


@pytest.mark.parametrize(
    "entries",
    [
        "none",
        [{"index": 9}],
        [{"index": -1, "content": []}],
        [{"index": True, "content": []}],
        [{"index": 9, "content": {}}],
        [{"index": 9, "content": [], "more": 1}],
        [{"index": 8, "salt_root": "AAAA", "fields": {}}],
        [{"index": 8, "salt_root": 5, "fields": {}}],
        [{"index": 8, "salt_root": "AAAA", "fields": []}],
        [5],
    ],
)
def test_openings_have_one_form(entries: Any) -> None:
    with pytest.raises(Malformed):
        openings.parse(opened(entries=entries))


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        (Opening(index=9, content=["x"]), ["12.opening"]),
        (Opening(index=0, content=[]), ["12.opening"]),
        (Opening(index=32, content=[]), ["12.opening"]),
        (Opening(index=8, salt_root=bytes(32), fields={"client": "C-1003"}), ["12.opening"]),
        (Opening(index=8, salt_root=bytes(32), fields={"name of nothing": 1}), ["12.opening"]),
    ],
)
def test_an_opening_belongs_to_its_entry(opening: Opening, expected: list[str], tmp_path: Path) -> None:
    made = {**golden_files(), "openings.json": openings.format([opening])}
    assert codes(verdict_on(put(tmp_path / "audit", made))) == expected


@pytest.mark.parametrize(("version", "code"), [(b"1", "12.opening"), (b"2", "1.version")])
def test_an_opening_of_an_entry_that_cannot_be_read(version: bytes, code: str) -> None:
    findings = Findings()
    found = openings.Openings(findings)
    found.read(openings.format([Opening(index=4, content=["x"])]))
    found.take(4, b'{"v":' + version + b"}\n\n\xe2\x80\x94 a AAAAAAA=\n", None)
    found.finish(lambda index: False)
    assert [one.code for one in findings.all()] == [code]


@pytest.mark.parametrize("change", [lambda notes: notes[:-1], lambda notes: [*notes, b""], lambda notes: notes[1:]])
def test_a_bundle_holds_as_many_entries_as_the_size_says(change: Any, tmp_path: Path) -> None:
    files = golden_files()
    notes = tiles.decode_bundle(files["tile/entries/000.p/32"])
    files["tile/entries/000.p/32"] = tiles.encode_bundle(change(list(notes)))
    assert "7.bundle" in codes(verdict_on(put(tmp_path / "audit", files)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"content": [], "salt_root": bytes(32), "fields": {}},
        {"salt_root": bytes(32)},
        {"fields": {}},
        {"salt_root": bytes(31), "fields": {}},
        {"content": [], "index": -1},
    ],
)
def test_an_opening_is_in_part_or_whole_and_never_both(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Opening(**{"index": 1, **fields})


def test_entries_are_handed_on_as_they_go_by() -> None:
    seen = list[int]()
    package.examine(path(GOLDEN), trust=trust("log-1"), on_entry=lambda index, raw, entry: seen.append(index))
    assert seen == list(range(32))


def test_what_was_erased_cannot_be_opened(tmp_path: Path) -> None:
    case = next(one for one in golden("entries.json")["entries"] if one["index"] == 3)
    one = Opening(index=3, salt_root=b64(case["salt_root"]), fields=case["fields"])
    made = {**golden_files(), "openings.json": openings.format([one])}
    assert codes(verdict_on(put(tmp_path / "audit", made))) == ["12.left"]


def test_an_opening_gives_its_fields() -> None:
    whole = next(one for one in openings.parse(golden_files()["openings.json"]) if one.salt_root)
    header = entry.parse((folder() / f"entries/{whole.index:02}.note").read_bytes()).header
    assert openings.check(whole, header)["client"] == "C-1003"


def test_the_quorum_of_a_policy_is_asked(tmp_path: Path) -> None:
    witness = keys()["witness"]
    absent = signer_from_seed("absent.example/w", COSIGNATURE, b"a" * 32).key
    both = Quorum(least=2, members=(witness, absent))
    one = Quorum(least=1, members=(Quorum(least=1, members=(witness,)), absent))
    for quorum, expected in ((one, []), (both, ["9.quorum"])):
        told = Trust(keys=trust("log-1").keys, witnesses=(witness, absent), quorum=quorum)
        assert codes(package.verify(path(GOLDEN), trust=told)) == expected


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    pytest.importorskip("rfc3161_client")
    return Stamper.made(tmp_path_factory.mktemp("tsa"))


def stamped(maker: LogMaker, stamper: Stamper, size: int, text: bytes | None = None) -> dict[str, bytes]:
    named = checkpoint.parse(maker.checkpoint(size)).checkpoint
    response = stamper.stamp(named.text().encode() if text is None else text)
    vkeys = [key.vkey() for key in maker.keys().both()]
    return dict(
        package.files(checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=vkeys, timestamps={size: response})
    )


def test_a_timestamp_is_outside_memory(stamper: Stamper, tmp_path: Path) -> None:
    maker = story()
    target = put(tmp_path / "audit", stamped(maker, stamper, 8))
    found = package.verify(target, trust=trust("log-1"), authorities=[stamper.authority()])
    assert (found.outcome, codes(found)) == (Outcome.VERIFIED, [])
    assert found.unwitnessed is not None
    assert (found.unwitnessed.first, found.unwitnessed.count) == (8, 2)
    assert found.unwitnessed.since == maker.made[8].header.recorded_at
    nobody = package.verify(target, trust=trust("log-1"))
    assert (nobody.outcome, codes(nobody)) == (Outcome.INCOMPLETE, ["10.authority", "8.no-outside"])


def test_a_timestamp_of_the_whole_leaves_nothing_unwitnessed(stamper: Stamper, tmp_path: Path) -> None:
    maker = story()
    target = put(tmp_path / "audit", stamped(maker, stamper, maker.size))
    found = package.verify(target, trust=trust("log-1"), authorities=[stamper.authority()])
    assert (codes(found), found.unwitnessed) == ([], None)


def test_a_timestamp_of_another_history_fails(stamper: Stamper, tmp_path: Path) -> None:
    maker = story()
    made = stamped(maker, stamper, 8, text=b"oakstreet.example/disclosures\n8\nAAAA\n")
    found = package.verify(put(tmp_path / "audit", made), trust=trust("log-1"), authorities=[stamper.authority()])
    assert (found.outcome, codes(found)) == (Outcome.FAILED, ["10.timestamp", "8.no-outside"])


def test_no_entry_is_later_than_a_timestamp_that_covers_it(stamper: Stamper, tmp_path: Path) -> None:
    maker = LogMaker()
    maker.genesis()
    maker.now = maker.now.replace(year=2999)
    maker.sealed("hold", stream_class=None)
    target = put(tmp_path / "audit", stamped(maker, stamper, 2))
    found = package.verify(target, trust=trust("log-1"), authorities=[stamper.authority()])
    assert codes(found) == ["4.after-outside-time"]


def test_nothing_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        package.verify(tmp_path / "nothing.zip", trust=Trust())


def test_what_is_no_zip_fails(tmp_path: Path) -> None:
    for data in (b"PK\x03\x04", b"PK\x03\x04" + bytes(1000), b"no zip"):
        (tmp_path / "a.zip").write_bytes(data)
        found = package.verify(tmp_path / "a.zip", trust=Trust())
        assert (found.outcome, codes(found)) == (Outcome.FAILED, ["7.file"])


def test_links_are_not_followed(tmp_path: Path) -> None:
    target = put(tmp_path / "audit", golden_files())
    for name in ("log.vkey", "tile/0/000.p/32"):
        (tmp_path / "outside").write_bytes((target / name).read_bytes())
        (target / name).unlink()
        (target / name).symlink_to(tmp_path / "outside")
        found = verdict_on(target)
        assert "7.file" in codes(found)
        assert found.outcome is Outcome.FAILED
        (target / name).unlink()
        shutil.copy(tmp_path / "outside", target / name)
    (target / "more").symlink_to(tmp_path)
    assert codes(verdict_on(target)) == ["7.file"]
    (target / "more").unlink()
    os.mkfifo(target / "pipe")
    assert codes(verdict_on(target)) == ["7.file"]


def zipped(target: Path, write: Callable[[zipfile.ZipFile], object]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        write(archive)
    return target


def add_all(archive: zipfile.ZipFile, before: str = "") -> None:
    for name, data in golden_files().items():
        archive.writestr(before + name, data)


def test_one_folder_at_the_top_of_a_zip_is_seen_through(tmp_path: Path) -> None:
    made = zipped(tmp_path / "a.zip", lambda archive: add_all(archive, "audit-2026/"))
    assert verdict_on(made).outcome is Outcome.VERIFIED


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["../checkpoint", "/checkpoint", "C:\\checkpoint", "tile/../checkpoint", "checkpoint"])
def test_a_path_that_leads_elsewhere_or_stands_twice_is_reported(name: str, tmp_path: Path) -> None:
    def write(archive: zipfile.ZipFile) -> None:
        add_all(archive)
        archive.writestr(name, golden_files()["checkpoint"])

    found = verdict_on(zipped(tmp_path / "a.zip", write))
    assert (found.outcome, codes(found)) == (Outcome.FAILED, ["7.file"])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_a_zip_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    def write(archive: zipfile.ZipFile) -> None:
        add_all(archive)
        archive.writestr("tile/entries/001", bytes(200_000_000))

    made = zipped(tmp_path / "a.zip", write)
    assert made.stat().st_size < 1_000_000
    found = verdict_on(made)
    assert codes(found) == ["7.file"]
    assert "times its own size" in found.findings[0].found


def test_a_member_that_lies_about_its_size_is_read_no_further(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        add_all(archive)
    raw = bytearray(data.getvalue())
    entry = zipfile.ZipFile(io.BytesIO(bytes(raw))).getinfo("tile/0/000.p/32")
    central = raw.rindex(b"tile/0/000.p/32") - 46
    assert int.from_bytes(raw[central + 24 : central + 28], "little") == entry.file_size
    raw[central + 24 : central + 28] = (900).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(bytes(raw))
    assert "7.tile" in codes(verdict_on(tmp_path / "a.zip"))


def test_an_encrypted_member_and_an_odd_packing_are_reported(tmp_path: Path) -> None:
    raw = bytearray(zipped(tmp_path / "a.zip", add_all).read_bytes())
    central = raw.rindex(b"log.vkey") - 46
    raw[central + 8] |= 1
    (tmp_path / "b.zip").write_bytes(bytes(raw))
    assert "7.file" in codes(verdict_on(tmp_path / "b.zip"))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_BZIP2) as archive:
        add_all(archive)
    found = verdict_on(tmp_path / "c.zip")
    assert found.outcome is Outcome.FAILED
    assert "7.file" in codes(found)


def test_no_changed_byte_of_a_zip_makes_it_raise(tmp_path: Path) -> None:
    good, chance = zipped(tmp_path / "good.zip", add_all).read_bytes(), random.Random(11)
    for _ in range(120):
        changed = bytearray(good)
        for _ in range(chance.choice((1, 1, 4))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        (tmp_path / "a.zip").write_bytes(bytes(changed))
        verdict_on(tmp_path / "a.zip")


def test_a_checkpoint_of_a_size_that_nothing_could_have_costs_nothing(tmp_path: Path) -> None:
    files = golden_files()
    files["checkpoint"] = files["checkpoint"].replace(b"\n32\n", b"\n9007199254740991\n", 1)
    found = verdict_on(put(tmp_path / "audit", files))
    assert found.outcome is Outcome.FAILED


def test_folders_inside_folders_are_read_so_deep_and_no_deeper(tmp_path: Path) -> None:
    target = put(tmp_path / "audit", golden_files())
    deep = target.joinpath(*(["d"] * 40))
    deep.mkdir(parents=True)
    (deep / "file").write_bytes(b"")
    (finding,) = verdict_on(target).findings
    assert (finding.code, finding.where) == ("7.file", "/".join(["d"] * (reading.MOST_DEPTH + 1)))


def test_a_package_is_bounded_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FILES", 5)
    for name in ("audit", "audit.zip"):
        assert codes(verdict_on(put(tmp_path / name, golden_files()))) == ["7.file"]


def test_what_is_held_of_a_package_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "MOST_BYTES_OF_A_KIND", 10)
    files = golden_files()
    more = {**files, "handover/28": files["handover/27"], "handover/29": files["handover/27"]}
    found = verdict_on(put(tmp_path / "audit", more))
    assert [one.where for one in found.findings if one.code == "7.file"] == ["handover/28", "handover/29"]
    monkeypatch.setattr(examining, "MOST_BYTES_OF_A_KIND", 10**9)
    monkeypatch.setattr(examining, "MOST_OF_A_KIND", 2)
    found = verdict_on(tmp_path / "audit")
    assert [one.where for one in found.findings if one.code == "7.file"] == ["handover/29"]


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
