"""Checkpoints and cosignatures (C2SP tlog-checkpoint and tlog-cosignature; docs/format.md section 7)."""

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import checkpoint as cp
from disclosure_ledger.log import note
from disclosure_ledger.log.checkpoint import Checkpoint, LogKeys
from disclosure_ledger.log.note import COSIGNATURE, ED25519, SignatureLine
from golden_log import ORIGIN, b64, folder, golden, keys, signer_from_seed, signers
from locate import vectors

ROOT = bytes(range(32))
HERE = Checkpoint(origin="a", size=7, root=ROOT)


def cases() -> list[dict[str, Any]]:
    return golden("checkpoints.json")["checkpoints"]


def test_the_golden_checkpoints_are_made_to_the_byte() -> None:
    for case in cases():
        made = Checkpoint(origin=ORIGIN, size=case["size"], root=b64(case["root"]))
        assert cp.sign(made, signers()[case["ed25519_key"]]) == case["text_and_ed25519_line"].encode()
        message = cp.subtree_message(made, signers()[case["mldsa_key"]].name, case["mldsa_time"])
        assert message.hex() == case["mldsa_message_hex"]


def test_the_golden_checkpoints_verify_under_their_two_keys_and_carry_their_time() -> None:
    for case in cases():
        signed = cp.parse((folder() / f"checkpoints/{case['size']}.note").read_bytes())
        assert (signed.checkpoint.size, signed.checkpoint.root) == (case["size"], b64(case["root"]))
        cp.verify_ed25519(signed, keys()[case["ed25519_key"]])
        assert cp.verify_mldsa(signed, keys()[case["mldsa_key"]]) == case["mldsa_time"]


def test_no_golden_checkpoint_verifies_under_the_other_log_keys() -> None:
    other = {"log-1": "log-2", "log-2": "log-1"}
    for case in cases():
        signed = cp.parse((folder() / f"checkpoints/{case['size']}.note").read_bytes())
        with pytest.raises(ProofFailed):
            cp.verify_ed25519(signed, keys()[other[case["ed25519_key"]]])
        with pytest.raises(ProofFailed):
            cp.verify_mldsa(signed, keys()[other[case["ed25519_key"]] + "-mldsa"])


def test_the_golden_cosignature_is_made_to_the_byte_and_verifies() -> None:
    case = golden("checkpoints.json")["cosignature"]
    raw = (folder() / "checkpoints/32.note").read_bytes()
    cosigned = cp.cosign(raw, signers()["witness"], case["time"])
    assert cosigned == raw + case["line"].rstrip("\n").encode() + b"\n"
    assert cp.cosigned_message(cp.parse(raw).checkpoint, case["time"]).decode() == case["message"]
    assert cp.verify_cosignature(cp.parse(cosigned), keys()["witness"]) == case["time"]


def test_the_golden_notes_that_must_not_parse_do_not() -> None:
    for case in golden("checkpoints.json")["refused_to_parse"]:
        with pytest.raises(Malformed):
            cp.parse(case["note"].encode())


def test_the_golden_cosignatures_that_must_not_verify_do_not() -> None:
    for case in golden("checkpoints.json")["refused_cosignature"]:
        with pytest.raises((ProofFailed, Malformed)):
            cp.verify_cosignature(cp.parse(case["note"].encode()), keys()["witness"])


def test_the_published_cosignature_is_reproduced_and_its_neighbours_are_refused() -> None:
    published = json.loads((vectors() / "cosignature/cosignatures.json").read_text())["cosignature_v1_ed25519"]
    case = published[0]
    witness = signer_from_seed(case["cosigner_name"], COSIGNATURE, bytes.fromhex(case["cosigner_seed_hex"]))
    before = note.format(case["checkpoint_body"].encode(), [SignatureLine(name="x", key_id=b"abcd", signature=b"x")])
    cosigned = cp.cosign(before, witness, case["timestamp"])
    assert cosigned == before + case["line"].encode()
    assert cp.verify_cosignature(cp.parse(cosigned), witness.key) == case["timestamp"]
    for line in case["reject_lines"]:
        with pytest.raises((ProofFailed, Malformed)):
            cp.verify_cosignature(cp.parse(before + line.encode()), witness.key)


def test_the_published_bodies_that_are_no_checkpoints_are_refused() -> None:
    published = json.loads((vectors() / "signed-note/notes.json").read_text())
    for body in published["checkpoint_must_refuse"]:
        with pytest.raises(Malformed):
            cp.parse_text(body.encode())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a\n",
        b"a\n7\n",
        HERE.text().encode()[:-1],
        HERE.text().encode() + b"\n",
        HERE.text().encode() + b"extension\n",
        HERE.text().encode() + b"x",
        HERE.text().encode().replace(b"\n", b"\r\n"),
        HERE.text().encode().replace(b"7", b"07"),
        HERE.text().encode().replace(b"7", b"-7"),
        HERE.text().encode().replace(b"a\n", b"a b\n"),
        HERE.text().encode().replace(b"a\n", b"\n"),
        HERE.text().encode().replace(b"=", b""),
        "ä\n7\n".encode() + base64.b64encode(ROOT) + b"\n",
        b"a\n7\n" + base64.b64encode(ROOT[:31]) + b"\n",
        b"a\n9007199254740992\n" + base64.b64encode(ROOT) + b"\n",
    ],
)
def test_another_spelling_of_a_checkpoint_is_refused(text: bytes) -> None:
    assert cp.parse_text(HERE.text().encode()) == HERE
    with pytest.raises(Malformed):
        cp.parse_text(text)


def both_keys() -> tuple[bytes, LogKeys]:
    raw = cp.add_mldsa(cp.sign(HERE, signers()["log-1"]), signers()["log-1-mldsa"], 1234)
    return raw, LogKeys(ed25519=keys()["log-1"], mldsa=keys()["log-1-mldsa"])


def verify_both(raw: bytes, log: LogKeys) -> int:
    signed = cp.parse(raw)
    cp.verify_ed25519(signed, log.ed25519)
    return cp.verify_mldsa(signed, log.mldsa)


def test_both_lines_are_added_to_one_note_and_verify() -> None:
    assert verify_both(*both_keys()) == 1234


def test_a_bit_changed_anywhere_in_a_signed_checkpoint_is_noticed() -> None:
    raw, log = both_keys()
    for place in [*range(raw.index(b"\xe2") + 300), *range(len(raw) - 60, len(raw))]:
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises((Malformed, ProofFailed)):
            verify_both(changed, log)


def test_a_second_line_of_the_same_key_must_verify_too() -> None:
    raw, log = both_keys()
    for key in log.both():
        (line,) = cp.parse(raw).note.lines_of(key)
        flipped = line.signature[:-1] + bytes([line.signature[-1] ^ 1])
        wrong = SignatureLine(name=line.name, key_id=line.key_id, signature=flipped)
        with pytest.raises(ProofFailed):
            verify_both(note.append_line(raw, wrong), log)


def test_of_several_cosignatures_of_one_witness_the_earliest_counts() -> None:
    raw = cp.sign(HERE, signers()["log-1"])
    for time in (2000, 1000, 3000):
        raw = cp.cosign(raw, signers()["witness"], time)
    assert cp.verify_cosignature(cp.parse(raw), keys()["witness"]) == 1000


@pytest.mark.parametrize("time", [0, 2**63, 2**64 - 1])
def test_a_cosignature_without_a_possible_time_is_refused(time: int) -> None:
    raw, witness = cp.sign(HERE, signers()["log-1"]), signers()["witness"]
    signature = witness.sign(cp.cosigned_message(HERE, time))
    line = SignatureLine(name=witness.name, key_id=witness.key.key_id, signature=time.to_bytes(8, "big") + signature)
    with pytest.raises(ProofFailed, match="time"):
        cp.verify_cosignature(cp.parse(note.append_line(raw, line)), witness.key)


@pytest.mark.parametrize("size", [1, 7, 8])
def test_a_cosignature_without_room_for_a_signature_is_refused(size: int) -> None:
    raw, witness = cp.sign(HERE, signers()["log-1"]), keys()["witness"]
    line = SignatureLine(name=witness.name, key_id=witness.key_id, signature=b"\x01" * size)
    with pytest.raises(ProofFailed):
        cp.verify_cosignature(cp.parse(note.append_line(raw, line)), witness)


def test_a_plain_signature_is_no_cosignature_and_the_reverse() -> None:
    seed = bytes(range(32))
    plain, timed = (signer_from_seed("one.example", kind, seed) for kind in (ED25519, COSIGNATURE))
    signed, cosigned = cp.sign(HERE, plain), cp.cosign(cp.sign(HERE, plain), timed, 9)
    with pytest.raises(ProofFailed):
        cp.verify_cosignature(cp.parse(signed), timed.key)
    with pytest.raises(ProofFailed):
        cp.verify_cosignature(cp.parse(cosigned), plain.key)
    with pytest.raises(ProofFailed):
        cp.verify_ed25519(cp.parse(cosigned), timed.key)


def test_a_key_signs_in_its_own_role_only() -> None:
    for role in ("log-1-mldsa", "witness"):
        with pytest.raises(ProofFailed):
            cp.sign(HERE, signers()[role])
    with pytest.raises(ProofFailed):
        cp.add_mldsa(cp.sign(HERE, signers()["log-1"]), signers()["witness"], 5)
    with pytest.raises(ProofFailed):
        cp.cosign(cp.sign(HERE, signers()["log-1"]), signers()["log-2"], 5)


def test_a_line_of_another_type_is_not_taken_for_one_of_the_type_asked() -> None:
    """Name, key id and signature are right; the role is not."""
    timed = signer_from_seed("one.example", COSIGNATURE, bytes(range(32)))
    text = HERE.text().encode()
    plain = note.format(text, [note.line_by(timed, text)])
    with pytest.raises(ProofFailed, match="type"):
        cp.verify_ed25519(cp.parse(plain), timed.key)
    timed_alone = note.format(text, [cp.parse(cp.cosign(plain, timed, 9)).note.signatures[1]])
    assert cp.verify_cosignature(cp.parse(timed_alone), timed.key) == 9
    with pytest.raises(ProofFailed, match="type"):
        cp.verify_mldsa(cp.parse(timed_alone), timed.key)


@pytest.mark.parametrize("time", [0, -1, 2**63])
def test_nobody_cosigns_at_an_impossible_time(time: int) -> None:
    with pytest.raises(ValueError, match="time"):
        cp.cosign(cp.sign(HERE, signers()["log-1"]), signers()["witness"], time)


@pytest.mark.parametrize("time", [1, 2**63 - 1])
def test_the_first_and_the_last_possible_time_are_possible(time: int) -> None:
    raw = cp.cosign(cp.sign(HERE, signers()["log-1"]), signers()["witness"], time)
    assert cp.verify_cosignature(cp.parse(raw), keys()["witness"]) == time


@pytest.mark.parametrize(
    "changes", [{"size": -1}, {"size": 2**53}, {"root": bytes(31)}, {"root": bytes(33)}, {"origin": ""}]
)
def test_a_checkpoint_that_no_ledger_has_is_not_made(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Checkpoint(**{"origin": "a", "size": 7, "root": ROOT, **changes})


def test_log_keys_are_one_of_each_type_in_order() -> None:
    with pytest.raises(Malformed):
        LogKeys(ed25519=keys()["log-1-mldsa"], mldsa=keys()["log-1"])


@given(st.binary(max_size=200))
def test_no_bytes_make_the_parser_raise_anything_but_malformed(data: bytes) -> None:
    for text in (data, b"a\n" + data, data + b"\n\n\xe2\x80\x94 a AAAAAAA=\n"):
        with contextlib.suppress(Malformed):
            assert cp.parse_text(text).text().encode() == text
        with contextlib.suppress(Malformed):
            assert cp.parse(text).raw == text
