"""Receipts: the bytes of C2SP tlog-proof, one spelling, and what a receipt may rest on."""

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger.errors import DisclosureLedgerError, Malformed, UnknownVersion
from disclosure_ledger.log import checkpoint, merkle, receipt
from disclosure_ledger.log.checkpoint import Known, Memory, Trust
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.note import COSIGNATURE
from golden_log import folder, golden, signer_from_seed, signers
from locate import vectors
from log_maker import LogMaker, story
from outcomes import codes, path, trust

GOLDEN = ["0-of-1", "6-of-32", "12-of-30"]


def raw(name: str) -> bytes:
    return path(f"receipts/{name}.tlog-proof").read_bytes()


def proofs() -> Any:
    return json.loads((vectors() / "tlog-proof" / "proofs.json").read_text())


def receipt_from(maker: LogMaker, index: int, signed: bytes | None = None, note: bytes | None = None) -> bytes:
    leaves = [one.leaf_hash for one in maker.made]

    def node(level: int, place: int) -> bytes:
        return merkle.root(leaves[place << level : (place + 1) << level])

    proof = merkle.prove_inclusion(index, maker.size, node)
    return receipt.format(maker.notes[index] if note is None else note, index, proof, signed or maker.checkpoint())


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_receipt_is_made_to_the_byte(name: str) -> None:
    index, size = (int(part) for part in name.split("-of-"))
    leaves = [base64.b64decode(one) for one in golden("log.json")["leaf_hashes"]]

    def node(level: int, place: int) -> bytes:
        return merkle.root(leaves[place << level : (place + 1) << level])

    note = (folder() / f"entries/{index:02}.note").read_bytes()
    signed = receipt.parse(raw(name)).checkpoint
    assert receipt.format(note, index, merkle.prove_inclusion(index, size, node), signed) == raw(name)


@pytest.mark.parametrize("name", GOLDEN)
def test_parsing_and_formatting_again_gives_the_same_bytes(name: str) -> None:
    found = receipt.parse(raw(name))
    assert found.note is not None
    assert receipt.format(found.note, found.index, found.proof, found.checkpoint) == raw(name)


def test_the_published_layouts_parse() -> None:
    digests = [hashlib.sha256(text).digest() for text in (b"hash1", b"hash2")]
    lines = [base64.b64encode(one).decode() for one in digests]
    for case in proofs()["marshal"]:
        extra = base64.b64encode(case["extra_utf8"].encode()).decode() if "extra_utf8" in case else ""
        text = case.get("text") or (
            case["layout"]
            .replace("\\n", "\n")
            .replace("<b64 h1>", lines[0])
            .replace("<b64 h2>", lines[1])
            .replace("<b64>", extra)
        )
        found = receipt.parse(text.encode())
        assert (found.index, found.checkpoint.decode()) == (case["index"], case["checkpoint"])
        assert found.proof == tuple(digests[: len(case["hashes"].split(",")) if case["hashes"] else 0])
        assert found.note == (case["extra_utf8"].encode() if extra else None)


@pytest.mark.parametrize("text", proofs()["must_refuse"])
def test_the_published_refusals_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        receipt.parse(text.encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"index 6\n", b"index 06\n"),
        (b"index 6\n", b"index 6\r\n"),
        (b"index 6\n", b"index 6\nindex 6\n"),
        (b"index 6\n", b"Index 6\n"),
        (b"extra ", b"extra  "),
        (b"@v1\n", b"@v1 \n"),
        (b"c2sp.org", b"\xef\xbb\xbfc2sp.org"),
    ],
)
def test_another_spelling_is_refused(before: bytes, after: bytes) -> None:
    changed = raw("6-of-32").replace(before, after, 1)
    assert changed != raw("6-of-32")
    with pytest.raises(Malformed):
        receipt.parse(changed)
    assert receipt.verify(changed, trust("log-2")).outcome is not Outcome.VERIFIED


def test_a_later_version_is_incomplete_and_never_failed() -> None:
    later = raw("6-of-32").replace(b"tlog-proof@v1", b"tlog-proof@v2", 1)
    with pytest.raises(UnknownVersion):
        receipt.parse(later)
    verdict = receipt.verify(later, trust("log-2"))
    assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["1.version"])


def test_a_proof_is_bounded() -> None:
    line = base64.b64encode(bytes(32)) + b"\n"
    with pytest.raises(Malformed):
        receipt.parse(b"c2sp.org/tlog-proof@v1\nindex 0\n" + line * 64 + b"\ncheckpoint\n")
    with pytest.raises(Malformed):
        receipt.parse(raw("6-of-32") + bytes(receipt.MOST_BYTES))


@pytest.mark.parametrize("place", range(0, len(raw("0-of-1")) if (vectors() / "format-v1").is_dir() else 1, 41))
def test_no_changed_byte_verifies_under_both_keys(place: int) -> None:
    data = bytearray(raw("0-of-1"))
    data[place] ^= 1
    assert receipt.verify(bytes(data), trust("log-1", "log-1-mldsa")).outcome is not Outcome.VERIFIED


def test_every_prefix_is_refused() -> None:
    data = raw("6-of-32")
    for end in range(0, len(data) - 1, 97):
        assert receipt.verify(data[:end], trust("log-2")).outcome is not Outcome.VERIFIED


def test_the_line_of_a_trusted_mldsa_key_must_verify_too() -> None:
    data = raw("0-of-1")
    changed = data[:-10] + (b"A" if data[-10:-9] != b"A" else b"B") + data[-9:]
    assert "7.mldsa" in codes(receipt.verify(changed, trust("log-1", "log-1-mldsa")))


def test_of_each_type_that_is_trusted_a_trusted_key_has_signed() -> None:
    """Whoever breaks Ed25519 alone must not get by with a line of no known key in the other's place."""
    maker = story()
    text, _, lines = maker.checkpoint().partition(b"\n\n")
    forged = text + b"\n\n" + lines.splitlines(keepends=True)[0]
    forged = checkpoint.add_mldsa(forged, signers()["log-2-mldsa"], int(maker.time_at(10)))
    data = receipt_from(maker, 2, forged)
    assert codes(receipt.verify(data, trust("log-1", "log-1-mldsa"))) == ["7.mldsa"]
    assert codes(receipt.verify(data, trust("log-1"))) == []


def test_which_line_was_not_checked_is_said() -> None:
    assert any("ML-DSA-44" in notice for notice in receipt.verify(raw("6-of-32"), trust("log-2")).notices)
    both = receipt.verify(raw("0-of-1"), trust("log-1", "log-1-mldsa"))
    assert not any("ML-DSA-44" in notice for notice in both.notices)


@pytest.mark.parametrize(("mldsa", "code"), [(False, "7.mldsa")])
def test_a_checkpoint_without_the_second_line_is_refused(mldsa: bool, code: str) -> None:
    maker = story()
    data = receipt_from(maker, 2, maker.checkpoint(mldsa=mldsa))
    assert codes(receipt.verify(data, trust("log-1"))) == [code]


def test_a_key_of_the_same_name_that_is_not_trusted_does_not_count() -> None:
    maker = story()
    data = receipt_from(maker, 2, maker.checkpoint(log="log-2"))
    assert codes(receipt.verify(data, trust("log-1"))) == ["7.trusted-key"]


def test_an_entry_of_a_later_version_is_incomplete() -> None:
    maker = story()
    text = maker.notes[2].replace(b'"v":1', b'"v":2')
    maker.notes[2] = text
    leaves = [one.leaf_hash for one in maker.made]
    leaves[2] = merkle.leaf_hash(text)
    named = checkpoint.Checkpoint(origin=maker.made[0].header.origin, size=maker.size, root=merkle.root(leaves))
    signed = checkpoint.add_mldsa(checkpoint.sign(named, signers()["log-1"]), signers()["log-1-mldsa"], 5)
    proof = merkle.prove_inclusion(
        2, maker.size, lambda level, at: merkle.root(leaves[at << level : (at + 1) << level])
    )
    verdict = receipt.verify(receipt.format(text, 2, proof, signed), trust("log-1"))
    assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["1.version"])


def test_an_entry_of_another_ledger_is_named() -> None:
    maker = LogMaker()
    maker.genesis()
    maker.sealed("client", twist=lambda header: replace(header, origin="elm.example/d"))
    assert codes(receipt.verify(receipt_from(maker, 1), trust("log-1"))) == ["1.origin"]


def test_an_entry_later_than_the_logs_own_time_is_found() -> None:
    maker = story()
    named = checkpoint.parse(maker.checkpoint()).checkpoint
    signed = checkpoint.add_mldsa(checkpoint.sign(named, signers()["log-1"]), signers()["log-1-mldsa"], 5)
    assert codes(receipt.verify(receipt_from(maker, 2, signed), trust("log-1", "log-1-mldsa"))) == ["7.mldsa-time"]


WITNESS = signer_from_seed("board.example/w", COSIGNATURE, b"w" * 32)


@pytest.mark.parametrize(("late", "expected"), [(-301, ["4.after-outside-time"]), (-300, []), (0, [])])
def test_an_entry_is_not_later_than_a_witness_that_covers_it(late: int, expected: list[str]) -> None:
    maker = story()
    time = int(maker.time_at(10)) + late
    data = receipt_from(maker, 9, checkpoint.cosign(maker.checkpoint(), WITNESS, time))
    verdict = receipt.verify(data, Trust(keys=trust("log-1").keys, witnesses=(WITNESS.key,), quorum=1))
    assert codes(verdict) == expected


def test_a_quorum_is_asked_of_a_receipt_too() -> None:
    told = Trust(keys=trust("log-1").keys, witnesses=(WITNESS.key,), quorum=1)
    assert codes(receipt.verify(receipt_from(story(), 9), told)) == ["9.quorum"]


def test_one_of_the_logs_own_keys_is_no_witness() -> None:
    maker, own = story(), signers()["log-1-mldsa"]
    told = Trust(keys=trust("log-1", "log-1-mldsa").keys, witnesses=(own.key,), quorum=1)
    assert codes(receipt.verify(receipt_from(maker, 9), told)) == ["9.witness", "9.quorum"]


def test_a_checkpoint_of_the_same_size_and_another_root_accuses() -> None:
    maker, other = story(), story()
    maker.sealed("hold", stream_class=None)
    other.sealed("hold_lifted", stream_class=None)
    known = Known(where="kept", raw=other.checkpoint())
    verdict = receipt.verify(receipt_from(maker, 2), trust("log-1", known=(known,)))
    assert codes(verdict) == ["8.different"]
    assert verdict.accusations[0].known.encode() == known.raw


def test_a_size_and_root_remembered_are_compared_at_the_same_size_only() -> None:
    maker = story()
    same = Memory(where="the state file", size=maker.size, root=bytes(32))
    other = Memory(where="the state file", size=maker.size - 1, root=bytes(32))
    assert codes(receipt.verify(receipt_from(maker, 2), trust("log-1", known=(same,)))) == ["8.different"]
    assert codes(receipt.verify(receipt_from(maker, 2), trust("log-1", known=(other,)))) == []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_bytes_make_it_raise(data: st.DataObject) -> None:
    good = raw("6-of-32")
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    made = good[:start] + data.draw(st.binary(max_size=40)) + good[end:]
    verdict = receipt.verify(made, trust("log-2"))
    if made[: good.index(b"\n\n")] != good[: good.index(b"\n\n")]:
        assert verdict.outcome is not Outcome.VERIFIED


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(DisclosureLedgerError):
        receipt.parse(data)
