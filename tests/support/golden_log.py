"""The golden ledger of docs/format.md, its keys and signers made from their published seeds."""

import base64
import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, VerifierKey
from locate import vectors

ORIGIN = "oakstreet.example/disclosures"


def folder() -> Path:
    return vectors() / "format-v1"


def golden(name: str) -> Any:
    return json.loads((folder() / name).read_text())


def b64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


@dataclass(frozen=True)
class SeedSigner:
    """A signer whose private key is a published seed: for tests alone."""

    key: VerifierKey
    private: Ed25519PrivateKey | MLDSA44PrivateKey

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def kind(self) -> int:
        return self.key.kind

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def signer_from_seed(name: str, kind: int, seed: bytes) -> SeedSigner:
    private: Ed25519PrivateKey | MLDSA44PrivateKey
    if kind == MLDSA44:
        private = MLDSA44PrivateKey.from_seed_bytes(seed)
    else:
        assert kind in (ED25519, COSIGNATURE)
        private = Ed25519PrivateKey.from_private_bytes(seed)
    return SeedSigner(
        key=VerifierKey(name=name, kind=kind, public=private.public_key().public_bytes_raw()), private=private
    )


@functools.cache
def signers() -> dict[str, SeedSigner]:
    """By role: log-1, log-1-mldsa, log-2, log-2-mldsa, recorder-owner, …, witness."""
    return {
        case["role"]: signer_from_seed(case["name"], case["type"], bytes.fromhex(case["seed_hex"]))
        for case in golden("names-and-keys.json")["keys"]
    }


def keys() -> dict[str, VerifierKey]:
    return {role: signer.key for role, signer in signers().items()}
