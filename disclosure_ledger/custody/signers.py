"""Signers that hold their private key in this process.

The ledger asks for nothing but the `Signer` protocol of `log.note`: a name, a kind, a public key and `sign`. A
hardware token or a signing service that offers the same four can stand in for each of these.

>>> signer = Ed25519Signer.from_seed("oakstreet.example/disclosures", bytes(32))
>>> len(signer.sign(b"text"))
64
"""

from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from disclosure_ledger.log.note import ED25519, MLDSA44, VerifierKey

SEED_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Ed25519Signer:
    """Signs by Ed25519 (RFC 8032): deterministic, 64 bytes."""

    name: str
    key: VerifierKey
    _private: Ed25519PrivateKey = field(repr=False)

    kind = ED25519

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """The signer of a 32-byte seed (RFC 8032 section 5.1.5)."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        return cls(name=name, key=VerifierKey(name=name, kind=ED25519, public=public), _private=private)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of a message."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class MlDsaSigner:
    """Signs by ML-DSA-44 (FIPS 204), hedged: two signatures of one message differ, both verify."""

    name: str
    key: VerifierKey
    _private: MLDSA44PrivateKey = field(repr=False)

    kind = MLDSA44

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """The signer of a 32-byte seed (FIPS 204 algorithm 6)."""
        private = MLDSA44PrivateKey.from_seed_bytes(seed)
        public = private.public_key().public_bytes_raw()
        return cls(name=name, key=VerifierKey(name=name, kind=MLDSA44, public=public), _private=private)

    def sign(self, message: bytes) -> bytes:
        """The 2,420-byte signature of a message, with an empty context."""
        return self._private.sign(message)
