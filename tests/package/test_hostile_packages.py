"""Audit packages are harmless whoever made them: links, bombs, odd members, folders without end."""

import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from disclosure_ledger import package
from disclosure_ledger.errors import NotFound
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.package import examining, reading
from outcomes import codes
from packages import golden_files, put, verdict_on


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
