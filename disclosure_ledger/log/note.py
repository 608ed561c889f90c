"""Signed notes and their keys (C2SP signed-note).

A note is a text, an empty line, and signature lines; a vkey is a key's name, its id, and its type and public bytes:

    text ‖ LF ‖ ( "— " ‖ name ‖ " " ‖ base64(key id ‖ signature) ‖ LF )+
    vkey = name "+" key id in hex "+" base64(type ‖ public key);  key id = SHA-256(name ‖ LF ‖ type ‖ public key)[:4]

`parse` says nothing about signatures: the text means nothing until a trusted key's line verifies. A key of low order
would let one signature stand under many texts, so such keys, and those in a second spelling, are refused here; the
cryptographic library takes them.

>>> key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
>>> line = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
>>> note = parse(f"This is an example message.\\n\\n— example.com/foo {line}\\n".encode())
>>> note.lines_of(key)[0].signature == note.signatures[0].signature
True
>>> key.verify(note.text, note.signatures[0].signature)
>>> key.verify(b"Another message.\\n", note.signatures[0].signature)
Traceback (most recent call last):
    ...
disclosure_ledger.errors.ProofFailed: the signature does not verify under the key named
"""

import functools
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.strict import base64_of, bytes_of

ED25519: Final = 0x01
"""An Ed25519 key that signs the text (RFC 8032)."""
COSIGNATURE: Final = 0x04
"""An Ed25519 key that cosigns checkpoints with a time (C2SP tlog-cosignature)."""
MLDSA44: Final = 0x06
"""An ML-DSA-44 key that cosigns checkpoints with a time (FIPS 204, C2SP tlog-cosignature)."""

PUBLIC_SIZES: Final = {ED25519: 32, COSIGNATURE: 32, MLDSA44: 1312}
"""Bytes of a public key of each type."""

KEY_ID_SIZE: Final = 4
MOST_SIGNATURES: Final = 100
"""Lines that a note may carry: as many as Go's reference implementation reads; the specification asks for 16."""
MOST_BYTES: Final = 1_000_000
"""Longer notes are refused unread: a hundred ML-DSA-44 lines take a third of it."""

_KEY_NAME = re.compile(r"[!-*,-~]{1,255}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)
_CONTROLS = bytes(sorted({*range(0x20)} - {0x0A}))
_DASH = "— "

_P = 2**255 - 19
_ORDER_8 = (
    int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
    int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
)
_LOW_ORDER_Y = frozenset({0, 1, _P - 1, *_ORDER_8})
"""The y of the eight points whose order divides 8, whatever the sign of x (RFC 8032 section 5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with its name. One that cannot be trusted in any role is not constructible: Malformed."""

    name: str
    """Printable ASCII without space or `+`."""
    kind: int
    """ED25519, COSIGNATURE or MLDSA44."""
    public: bytes
    key_id: bytes = field(init=False, compare=False)
    """The four bytes by which signature lines name the key."""

    def __post_init__(self) -> None:
        if not _KEY_NAME.fullmatch(self.name):
            raise Malformed("expected a key name of printable ASCII without space or +")
        if self.kind not in PUBLIC_SIZES:
            raise Malformed(f"expected a key of type 1, 4 or 6, found {self.kind}")
        if len(self.public) != PUBLIC_SIZES[self.kind]:
            raise Malformed(f"expected a public key of {PUBLIC_SIZES[self.kind]} bytes, found {len(self.public)}")
        if self.kind != MLDSA44:
            _refuse_weak_point(self.public)
        object.__setattr__(self, "key_id", key_id(self.name, self.kind, self.public))

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """The key that a vkey names. Raises Malformed for another spelling, a wrong key id, a weak key."""
        name, _, rest = vkey.partition("+")
        id_text, _, data = rest.partition("+")
        key = bytes_of(data)
        if not key or not _KEY_ID.fullmatch(id_text):
            raise Malformed("expected a vkey: a name, a key id in hex and a key in base64, joined by +")
        found = cls(name=name, kind=key[0], public=key[1:])
        if found.key_id.hex() != id_text:
            raise Malformed(f"expected the key id {found.key_id.hex()}, found {id_text}")
        return found

    def vkey(self) -> str:
        """The key in its one spelling."""
        return f"{self.name}+{self.key_id.hex()}+{base64_of(bytes((self.kind,)) + self.public)}"

    def verify(self, message: bytes, signature: bytes) -> None:
        """Establish that the key signed these bytes: the primitive alone, without note or time. Raises ProofFailed."""
        try:
            _loaded(self.kind, self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise ProofFailed("the signature does not verify under the key named") from None
        except UnsupportedAlgorithm:  # a cryptography built on an OpenSSL before 3.5
            raise ProofFailed("the cryptographic library of this machine cannot verify this type of key") from None


class Signer(Protocol):
    """Whoever holds a private key: signs bytes and says under which public key."""

    @property
    def key(self) -> VerifierKey: ...

    def sign(self, message: bytes) -> bytes:
        """The primitive's signature over these bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One signature line. Nothing about it is established."""

    name: str
    key_id: bytes
    signature: bytes
    """What follows the key id; its form depends on the key's type."""

    def text(self) -> str:
        """The line in its one spelling, with its newline."""
        return f"{_DASH}{self.name} {base64_of(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as received. Its text means nothing until a trusted key's line verifies."""

    text: bytes
    """What is signed, with its last newline."""
    signatures: tuple[SignatureLine, ...]
    raw: bytes

    def lines_of(self, key: VerifierKey) -> tuple[SignatureLine, ...]:
        """The lines that claim to be this key's: same name and same key id."""
        return tuple(line for line in self.signatures if line.key_id == key.key_id and line.name == key.name)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes by which signature lines name a key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes((kind,)) + public).digest()[:KEY_ID_SIZE]


def parse(raw: bytes, *, most_signatures: int = MOST_SIGNATURES) -> Note:
    """The note that these bytes are. Raises Malformed for any other spelling of it."""
    if len(raw) > MOST_BYTES:
        raise Malformed(f"expected a note of at most {MOST_BYTES} bytes")
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        raise Malformed("expected a note without control characters")
    text, blank, lines = raw.rpartition(b"\n\n")
    if not blank or not lines.endswith(b"\n"):
        raise Malformed("expected a text, an empty line and signature lines")
    try:
        text.decode()
        rows = lines[:-1].decode().split("\n")
    except UnicodeDecodeError:
        raise Malformed("expected a note in UTF-8") from None
    if len(rows) > most_signatures:
        raise Malformed(f"expected at most {most_signatures} signature lines, found {len(rows)}")
    return Note(text=text + b"\n", signatures=tuple(map(_signature_line, rows)), raw=raw)


def format(text: bytes, signatures: Iterable[SignatureLine]) -> bytes:  # noqa: A001 - the pair of parse
    """The note of this text and these lines."""
    return text + b"\n" + "".join(line.text() for line in signatures).encode()


def append_line(raw: bytes, line: SignatureLine) -> bytes:
    """The note with one signature line more."""
    return raw + line.text().encode()


def line_by(signer: Signer, message: bytes, *, before: bytes = b"") -> SignatureLine:
    """The signature line of `signer` over `message`; `before` stands between key id and signature (a time)."""
    return SignatureLine(name=signer.key.name, key_id=signer.key.key_id, signature=before + signer.sign(message))


def _signature_line(row: str) -> SignatureLine:
    parts = row.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise Malformed("expected a signature line: a dash, a key name and base64")
    name, blob = parts[1], bytes_of(parts[2])
    if not name or "+" in name or any(map(str.isspace, name)):
        raise Malformed("expected a key name without space or +")
    if len(blob) <= KEY_ID_SIZE:
        raise Malformed("expected a key id and a signature")
    return SignatureLine(name=name, key_id=blob[:KEY_ID_SIZE], signature=blob[KEY_ID_SIZE:])


def _refuse_weak_point(public: bytes) -> None:
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _P:
        raise Malformed("expected an Ed25519 key in its canonical form")
    if y in _LOW_ORDER_Y:
        raise Malformed("expected an Ed25519 key that is not of low order")


@functools.lru_cache(maxsize=1024)
def _loaded(kind: int, public: bytes) -> Ed25519PublicKey | MLDSA44PublicKey:
    if kind == MLDSA44:
        return MLDSA44PublicKey.from_public_bytes(public)
    return Ed25519PublicKey.from_public_bytes(public)
