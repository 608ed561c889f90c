"""The key file: every secret of one ledger, under one passphrase (docs/format.md section 9).

    {"format": "disclosure-ledger/keys/v1", "kdf": {"n": 32768, "name": "scrypt", "p": 1, "r": 8, "salt": "…"},
     "nonce": "…", "origin": "oakstreet.example/disclosures", "sealed": "…"}

`sealed` is AES-256-GCM under scrypt(passphrase) of the canonical JSON of the secrets; its associated data is the
file without `sealed`, so no parameter can be exchanged. The origin stands in the clear because it chooses the
ledger in a database that holds several, before anybody is asked for a passphrase.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from disclosure_ledger import canonical, strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import KeysUnavailable, Malformed, UnknownVersion, WrongPassphrase

from .memory import write_private
from .signers import SEED_SIZE, Ed25519Signer, MlDsaSigner

Entropy = Callable[[int], bytes]
"""Gives that many random bytes. `os.urandom` outside tests."""

FORMAT = "disclosure-ledger/keys/v1"
MIN_COST = 2**15
MAX_COST = 2**20  # a file that asks for more memory than 1 GiB is an attack on whoever opens it
MAX_FILE = 1 << 20
NONCE_SIZE = 12
OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The secrets of one ledger. Seeds and keys are 32 bytes each."""

    origin: str
    log_seed: bytes = field(repr=False)
    """Ed25519 seed of the log: signs checkpoints."""
    mldsa_seed: bytes = field(repr=False)
    """ML-DSA-44 seed of the log: signs checkpoints that leave the practice."""
    recorder_seeds: Mapping[str, bytes] = field(repr=False)
    """Ed25519 seed of each recorder by its short name: signs entries."""
    vault_key: bytes = field(repr=False)
    """Wraps the data keys of clients."""
    tag_key: bytes = field(repr=False)
    """Makes tags of client numbers, matters and refs."""
    pending: "Secrets | None" = field(default=None, repr=False)
    """The secrets that take the place of these when the change under way has been made in the database."""

    @classmethod
    def generate(cls, origin: str, entropy: Entropy) -> Self:
        """Fresh secrets with one recorder, `owner`."""
        draw = [entropy(SEED_SIZE) for _ in range(5)]
        return cls(
            origin=strict.origin(origin),
            log_seed=draw[0],
            mldsa_seed=draw[1],
            recorder_seeds=MappingProxyType({OWNER: draw[2]}),
            vault_key=draw[3],
            tag_key=draw[4],
        )

    def log_signer(self) -> Ed25519Signer:
        """Signs checkpoints."""
        return Ed25519Signer.from_seed(self.origin, self.log_seed)

    def mldsa_signer(self) -> MlDsaSigner:
        """Signs checkpoints that leave the practice."""
        return MlDsaSigner.from_seed(self.origin, self.mldsa_seed)

    def recorder(self, name: str) -> Ed25519Signer:
        """Signs entries as that recorder."""
        try:
            seed = self.recorder_seeds[name]
        except KeyError:
            raise KeysUnavailable(f"the key file holds no recorder named {name}") from None
        return Ed25519Signer.from_seed(f"{self.origin}/recorders/{name}", seed)

    def with_recorder(self, name: str, seed: bytes) -> Self:
        """The same secrets with one recorder more."""
        seeds = {**self.recorder_seeds, strict.recorder_name(name): seed}
        return replace(self, recorder_seeds=MappingProxyType(seeds))


def seal(secrets: Secrets, passphrase: str, entropy: Entropy, *, cost: int = MIN_COST) -> bytes:
    """The bytes of a key file. `cost` is scrypt's N, a power of two."""
    header: dict[str, JSON] = {
        "format": FORMAT,
        "kdf": {"n": cost, "name": "scrypt", "p": 1, "r": 8, "salt": strict.base64_of(entropy(16))},
        "nonce": strict.base64_of(entropy(NONCE_SIZE)),
        "origin": secrets.origin,
    }
    cipher = AESGCM(derive(header["kdf"], passphrase))
    sealed = cipher.encrypt(strict.bytes_of(header["nonce"]), _plain(secrets), canonical.encode(header))
    return canonical.encode(header | {"sealed": strict.base64_of(sealed)})


def unseal(data: bytes, passphrase: str) -> Secrets:
    """The secrets of a key file's bytes. Raises Malformed, UnknownVersion or WrongPassphrase."""
    whole = _parse(data)
    header = {name: value for name, value in whole.items() if name != "sealed"}
    cipher = AESGCM(derive(header["kdf"], passphrase))
    try:
        plain = cipher.decrypt(
            strict.bytes_of(header["nonce"]), strict.bytes_of(whole["sealed"]), canonical.encode(header)
        )
    except InvalidTag:
        raise WrongPassphrase("the passphrase does not open the key file") from None
    return _secrets(header["origin"], canonical.decode(plain))


def origin_of(data: bytes) -> str:
    """The origin that a key file names, without opening it."""
    return str(_parse(data)["origin"])


def load(path: Path, passphrase: str) -> Secrets:
    """The secrets in a key file. Raises KeysUnavailable where it is missing or no key file."""
    return unseal(read(path), passphrase)


def read(path: Path) -> bytes:
    """The bytes of a key file that is there and is one."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise KeysUnavailable(
            f"no key file at {path}", hint="name it with --keys or DISCLOSURE_LEDGER_KEYS; `init` makes one"
        ) from None
    except OSError as error:
        raise KeysUnavailable(f"the key file at {path} cannot be read: {error.strerror}") from None
    try:
        _parse(data)
    except UnknownVersion:
        raise KeysUnavailable(f"the key file at {path} is of a version this release does not know") from None
    except Malformed:
        raise KeysUnavailable(f"the file at {path} is no key file") from None
    return data


def save(path: Path, secrets: Secrets, passphrase: str, entropy: Entropy, *, cost: int = MIN_COST) -> None:
    """Write a key file, mode 0600, whole or not at all, and on disk before this returns."""
    write_private(path, seal(secrets, passphrase, entropy, cost=cost), durable=True)


def derive(kdf: Mapping[str, JSON], passphrase: str) -> bytes:
    """The key that a passphrase makes under scrypt with these parameters."""
    # NFC, so that the same passphrase typed on another keyboard or system opens the file
    text = unicodedata.normalize("NFC", passphrase).encode()
    return Scrypt(salt=strict.bytes_of(kdf["salt"]), length=32, n=kdf["n"], r=kdf["r"], p=kdf["p"]).derive(text)


def _plain(secrets: Secrets) -> bytes:
    return canonical.encode(_as_json(secrets))


def _as_json(secrets: Secrets) -> dict[str, JSON]:
    value: dict[str, JSON] = {
        "log_key": strict.base64_of(secrets.log_seed),
        "log_key_mldsa": strict.base64_of(secrets.mldsa_seed),
        "recorders": {name: strict.base64_of(seed) for name, seed in secrets.recorder_seeds.items()},
        "tag_key": strict.base64_of(secrets.tag_key),
        "vault_key": strict.base64_of(secrets.vault_key),
    }
    return value if secrets.pending is None else value | {"pending": _as_json(secrets.pending)}


def _secrets(origin: str, plain: JSON, *, nested: bool = False) -> Secrets:
    names = {"log_key", "log_key_mldsa", "recorders", "tag_key", "vault_key"}
    if not isinstance(plain, dict) or set(plain) - {"pending"} != names or not isinstance(plain["recorders"], dict):
        raise Malformed("expected the secrets of a key file")
    if nested and "pending" in plain:
        raise Malformed("expected one change of keys at a time")
    seeds = {strict.recorder_name(name): strict.hash_of(seed) for name, seed in plain["recorders"].items()}
    return Secrets(
        origin=origin,
        log_seed=strict.hash_of(plain["log_key"]),
        mldsa_seed=strict.hash_of(plain["log_key_mldsa"]),
        recorder_seeds=MappingProxyType(seeds),
        vault_key=strict.hash_of(plain["vault_key"]),
        tag_key=strict.hash_of(plain["tag_key"]),
        pending=_secrets(origin, plain["pending"], nested=True) if "pending" in plain else None,
    )


def _parse(data: bytes) -> dict[str, JSON]:
    if len(data) > MAX_FILE:
        raise Malformed(f"expected a key file of at most {MAX_FILE} bytes")
    whole = canonical.decode(data)
    if not isinstance(whole, dict) or not isinstance(whole.get("format"), str):
        raise Malformed("expected a key file")
    if whole["format"] != FORMAT:
        if whole["format"].startswith("disclosure-ledger/keys/"):
            raise UnknownVersion("expected a key file of version 1")
        raise Malformed("expected a key file")
    if set(whole) != {"format", "kdf", "nonce", "origin", "sealed"}:
        raise Malformed("expected the members of a key file")
    if not all(isinstance(whole[name], str) for name in ("nonce", "origin", "sealed")):
        raise Malformed("expected text in a key file")
    strict.origin(whole["origin"])
    if len(strict.bytes_of(whole["nonce"])) != NONCE_SIZE:
        raise Malformed(f"expected a nonce of {NONCE_SIZE} bytes")
    strict.bytes_of(whole["sealed"])
    check_kdf(whole["kdf"])
    return whole


def check_kdf(kdf: JSON) -> None:
    """Refuse parameters of scrypt that are too weak, or too costly to be meant: Malformed."""
    if not isinstance(kdf, dict) or set(kdf) != {"n", "name", "p", "r", "salt"} or kdf["name"] != "scrypt":
        raise Malformed("expected scrypt's parameters")
    cost = kdf["n"]
    if type(cost) is not int or not MIN_COST <= cost <= MAX_COST or cost & (cost - 1):
        raise Malformed(f"expected a power of two from {MIN_COST} to {MAX_COST} as scrypt's cost")
    if (kdf["r"], kdf["p"]) != (8, 1) or type(kdf["salt"]) is not str or len(strict.bytes_of(kdf["salt"])) != 16:
        raise Malformed("expected scrypt with r = 8, p = 1 and a salt of 16 bytes")
