"""Openings in an audit package: their one form, and the entry that each belongs to."""

import json
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import package
from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.log import entry, tiles
from disclosure_ledger.log.checkpoint import Quorum, Trust
from disclosure_ledger.log.findings import Findings, Outcome
from disclosure_ledger.log.note import COSIGNATURE
from disclosure_ledger.package import Opening, openings
from golden_log import b64, folder, golden, keys, signer_from_seed
from outcomes import codes, path, trust
from packages import GOLDEN, golden_files, put, verdict_on


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
