"""The key of a witness: one Ed25519 seed under a passphrase, and the cosignatures it makes (C2SP tlog-cosignature).

    {"format": "disclosure-ledger/witness-key/v1", "kdf": {…}, "name": "auditor.example/w", "nonce": "…", "sealed": "…"}

The file is sealed as a ledger's key file is (`keyfile`). Its key signs no entries and no checkpoints of its own.

>>> signer = CosignatureSigner.from_seed("auditor.example/w", bytes(32))
>>> signer.key.kind, len(signer.sign(b"message"))
(4, 64)
"""

from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from disclosure_ledger import canonical, strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Malformed, UnknownVersion, WrongPassphrase
from disclosure_ledger.log.note import COSIGNATURE, VerifierKey

from .keyfile import MIN_COST, NONCE_SIZE, Entropy, check_kdf, derive
from .signers import SEED_SIZE

FORMAT: Final = "disclosure-ledger/witness-key/v1"
FAMILY: Final = "disclosure-ledger/witness-key/"
MOST_BYTES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignatureSigner:
    """Cosigns by Ed25519, type 0x04."""

    key: VerifierKey
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """The signer of a 32-byte seed (RFC 8032 section 5.1.5)."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        return cls(key=VerifierKey(name=name, kind=COSIGNATURE, public=public), _private=private)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of a message."""
        return self._private.sign(message)


def make(name: str, passphrase: str, entropy: Entropy, *, cost: int = MIN_COST) -> tuple[CosignatureSigner, bytes]:
    """A new witness's signer, and the bytes of its key file."""
    seed = entropy(SEED_SIZE)
    signer = CosignatureSigner.from_seed(name, seed)
    header: dict[str, JSON] = {
        "format": FORMAT,
        "kdf": {"n": cost, "name": "scrypt", "p": 1, "r": 8, "salt": strict.base64_of(entropy(16))},
        "name": name,
        "nonce": strict.base64_of(entropy(NONCE_SIZE)),
    }
    cipher = AESGCM(derive(header["kdf"], passphrase))
    sealed = cipher.encrypt(strict.bytes_of(header["nonce"]), seed, canonical.encode(header))
    return signer, canonical.encode(header | {"sealed": strict.base64_of(sealed)})


def unseal(data: bytes, passphrase: str) -> CosignatureSigner:
    """The signer in a witness's key file. Raises Malformed, UnknownVersion or WrongPassphrase."""
    whole = _parse(data)
    header = {name: value for name, value in whole.items() if name != "sealed"}
    cipher = AESGCM(derive(header["kdf"], passphrase))
    try:
        seed = cipher.decrypt(
            strict.bytes_of(header["nonce"]), strict.bytes_of(whole["sealed"]), canonical.encode(header)
        )
    except InvalidTag:
        raise WrongPassphrase("the passphrase does not open the witness's key file") from None
    if len(seed) != SEED_SIZE:
        raise Malformed(f"expected a seed of {SEED_SIZE} bytes")
    return CosignatureSigner.from_seed(header["name"], seed)


def _parse(data: bytes) -> dict[str, JSON]:
    whole = canonical.decode(data) if len(data) <= MOST_BYTES else None
    if not isinstance(whole, dict) or not all(isinstance(whole.get(one), str) for one in ("format", "name", "nonce")):
        raise Malformed("expected a witness's key file")
    if whole["format"].startswith(FAMILY) and whole["format"] != FORMAT:
        raise UnknownVersion("expected a witness's key file of version 1")
    if whole["format"] != FORMAT or whole.keys() != {"format", "kdf", "name", "nonce", "sealed"}:
        raise Malformed("expected a witness's key file")
    if len(strict.bytes_of(whole["nonce"])) != NONCE_SIZE or not isinstance(whole["sealed"], str):
        raise Malformed("expected a nonce, and what is sealed")
    check_kdf(whole["kdf"])
    return whole
