"""Sealed content opens with its own key, for its own entry, and matches the golden vectors to the byte."""

import json

import pytest

from disclosure_ledger import canonical
from disclosure_ledger.custody import vault
from disclosure_ledger.errors import DisclosureLedgerError, ProofFailed
from disclosure_ledger.log import content
from disclosure_ledger.strict import base64_of, bytes_of
from locate import vectors

ORIGIN = "a.example/log"


def golden():
    return json.loads((vectors() / "format-v1" / "sealed-content.json").read_text("utf-8"))


def test_golden_contents_are_sealed_to_the_byte_and_open() -> None:
    for case in golden()["cases"]:
        plain = canonical.decode(case["plaintext"].encode())
        key, nonce = bytes.fromhex(case["data_key_hex"]), bytes.fromhex(case["nonce_hex"])
        origin, salt_root = golden()["origin"], bytes_of(plain["salt_root"])
        sealed = vault.seal(key, origin, case["entry"], plain["fields"], salt_root=salt_root, nonce=nonce)
        assert base64_of(sealed) == case["sealed"]
        opened = vault.open_sealed(key, origin, case["entry"], sealed)
        assert (opened.fields, opened.salt_root) == (plain["fields"], salt_root)


def test_golden_refusals_do_not_open_or_are_of_another_root() -> None:
    refused = golden()["refused"]
    assert len(refused) > 5
    for case in refused:
        key, sealed = bytes.fromhex(case["data_key_hex"]), bytes_of(case["sealed"])
        if "root differs" in case["why"]:  # it opens: only the entry's own root refuses it
            opened = vault.open_sealed(key, case["origin"], case["entry"], sealed)
            root = next(one["root"] for one in golden()["cases"] if one["entry"] == case["entry"])
            kind = next(one["kind"] for one in golden()["cases"] if one["entry"] == case["entry"])
            with pytest.raises(DisclosureLedgerError):
                content.check_whole(kind, bytes_of(root), opened.fields, opened.salt_root)
            continue
        with pytest.raises(DisclosureLedgerError):
            vault.open_sealed(key, case["origin"], case["entry"], sealed)


def test_every_flipped_bit_of_a_sealed_content_is_noticed() -> None:
    sealed = vault.seal(bytes(32), ORIGIN, 7, {"client": "C-1"}, salt_root=bytes(32), nonce=bytes(12))
    for place in range(len(sealed) * 8):
        damaged = bytearray(sealed)
        damaged[place // 8] ^= 1 << place % 8
        with pytest.raises(ProofFailed):
            vault.open_sealed(bytes(32), ORIGIN, 7, bytes(damaged))


def test_a_wrapped_key_opens_only_for_whose_it_is() -> None:
    wrapped = vault.wrap(bytes(32), ORIGIN, b"t" * 32, b"k" * 32, nonce=bytes(12))
    assert vault.unwrap(bytes(32), ORIGIN, b"t" * 32, wrapped) == b"k" * 32
    for key, origin, tag, data in (
        (b"x" * 32, ORIGIN, b"t" * 32, wrapped),
        (bytes(32), "b.example/log", b"t" * 32, wrapped),
        (bytes(32), ORIGIN, b"u" * 32, wrapped),
        (bytes(32), ORIGIN, b"t" * 32, wrapped[:-1]),
    ):
        with pytest.raises(ProofFailed):
            vault.unwrap(key, origin, tag, data)
