"""The vault: content sealed with one data key a client, data keys wrapped with the vault key.

Sealed content is AES-256-GCM, nonce in front, tag at the end; its associated data ties it to one entry of one
ledger (docs/format.md section 5). Destroying a wrapped data key destroys what was sealed with it.

>>> sealed = seal(bytes(32), "a.example/log", 7, {"client": "C-1"}, salt_root=bytes(32), nonce=bytes(12))
>>> open_sealed(bytes(32), "a.example/log", 7, sealed).fields
{'client': 'C-1'}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from disclosure_ledger import canonical, strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Malformed, ProofFailed

NONCE_SIZE = 12
KEY_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was sealed: the whole map of fields, and the root of its salts (32 bytes)."""

    fields: Mapping[str, JSON]
    salt_root: bytes = field(repr=False)


def seal(
    data_key: bytes, origin: str, index: int, fields: Mapping[str, JSON], *, salt_root: bytes, nonce: bytes
) -> bytes:
    """The sealed form of an entry's content. A nonce (12 bytes) is used once with a data key."""
    plain = canonical.encode({"fields": dict(fields), "salt_root": strict.base64_of(salt_root)})
    return seal_plain(data_key, origin, index, plain, nonce=nonce)


def seal_plain(data_key: bytes, origin: str, index: int, plain: bytes, *, nonce: bytes) -> bytes:
    """The same of the canonical JSON of fields and salt root, where that is made already."""
    return nonce + AESGCM(data_key).encrypt(nonce, plain, _content_data(origin, index))


def open_sealed(data_key: bytes, origin: str, index: int, sealed: bytes) -> Opened:
    """The content of a sealed form. Raises ProofFailed where key, ledger, entry or bytes are others, else Malformed."""
    if len(sealed) < NONCE_SIZE + 16:
        raise Malformed("expected sealed content with nonce and tag")
    try:
        plain = AESGCM(data_key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], _content_data(origin, index))
    except InvalidTag:
        raise ProofFailed("the sealed content does not open") from None
    value = canonical.decode(plain)
    if not isinstance(value, dict) or set(value) != {"fields", "salt_root"} or not isinstance(value["fields"], dict):
        raise Malformed("expected fields and salt root in sealed content")
    if type(value["salt_root"]) is not str:
        raise Malformed("expected fields and salt root in sealed content")
    return Opened(fields=value["fields"], salt_root=strict.hash_of(value["salt_root"]))


def wrap(vault_key: bytes, origin: str, key_tag: bytes, data_key: bytes, *, nonce: bytes) -> bytes:
    """A data key as the database keeps it. `key_tag` names whose it is: the client's tag, or a protocol's."""
    return nonce + AESGCM(vault_key).encrypt(nonce, data_key, _key_data(origin, key_tag))


def unwrap(vault_key: bytes, origin: str, key_tag: bytes, wrapped: bytes) -> bytes:
    """The data key of a wrapped one. Raises ProofFailed."""
    if len(wrapped) != NONCE_SIZE + KEY_SIZE + 16:
        raise ProofFailed("the wrapped data key has another length")
    try:
        return AESGCM(vault_key).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], _key_data(origin, key_tag))
    except InvalidTag:
        raise ProofFailed("the wrapped data key does not open") from None


def _content_data(origin: str, index: int) -> bytes:
    return b"disclosure-ledger/content/v1\x00%b\x00%d" % (origin.encode(), index)


def _key_data(origin: str, key_tag: bytes) -> bytes:
    return b"disclosure-ledger/data-key/v1\x00%b\x00%b" % (origin.encode(), key_tag)
