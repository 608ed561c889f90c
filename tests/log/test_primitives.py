"""The cryptographic library as it is called here, against Project Wycheproof's cases."""

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log.note import ED25519, MLDSA44, VerifierKey
from locate import vectors


def groups(name: str) -> list[dict[str, Any]]:
    return json.loads((vectors() / "wycheproof" / name).read_text())["testGroups"]


def verifies(kind: int, public: bytes, test: dict[str, str]) -> bool:
    try:
        VerifierKey(name="a", kind=kind, public=public).verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
    except (Malformed, ProofFailed):
        return False
    return True


def test_ed25519_accepts_and_refuses_as_wycheproof_says() -> None:
    for group in groups("ed25519_test.json"):
        public = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            assert verifies(ED25519, public, test) is (test["result"] == "valid"), test["tcId"]


def test_ml_dsa_accepts_and_refuses_as_wycheproof_says() -> None:
    for group in groups("mldsa_44_verify_test.json"):
        public = bytes.fromhex(group["publicKey"])
        for test in group["tests"]:
            expected = test["result"] == "valid" and not test.get("ctx")
            assert verifies(MLDSA44, public, test) is expected, test["tcId"]


def test_aes_gcm_opens_and_refuses_as_wycheproof_says() -> None:
    tried = 0
    for group in groups("aes_gcm_test.json"):
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        for test in group["tests"]:
            key, nonce, aad, plain, sealed, tag = (
                bytes.fromhex(test[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
            )
            tried += 1
            if test["result"] == "valid":
                assert AESGCM(key).encrypt(nonce, plain, aad) == sealed + tag, test["tcId"]
                assert AESGCM(key).decrypt(nonce, sealed + tag, aad) == plain, test["tcId"]
            else:
                with pytest.raises(InvalidTag):
                    AESGCM(key).decrypt(nonce, sealed + tag, aad)
    assert tried > 60
