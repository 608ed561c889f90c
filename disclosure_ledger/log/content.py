"""The salted tree of one entry's fields: commit, open, check (docs/format.md section 5).

    salts      = HKDF-SHA256(salt root, no salt, "disclosure-ledger/field-salts/v1"), 16 bytes a field, in order of name
    field hash = SHA-256(0x20 ‖ JSON of [base64(salt), name, value])
    root       = SHA-256(0x21 ‖ the field hashes in order)

Whoever holds an entry and one field's salt and value can tell that the entry commits to it, and learns nothing of the
other fields: an absent one is `null` and hides like the rest.

>>> salt_root = bytes(32)
>>> root = commit("hold", {"client": "C-1001", "reason": "a letter"}, salt_root)
>>> content = open_fields("hold", {"client": "C-1001", "reason": "a letter"}, salt_root, ["reason"])
>>> content[2]
['NExbuFKceZwzNKOgOfvgXw==', 'reason', 'a letter']
>>> check_opened("hold", root, content)
{'reason': 'a letter'}
"""

from binascii import b2a_base64
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from disclosure_ledger.canonical import JSON, check, encode, encode_checked
from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.strict import HASH_SIZE, base64_of, bytes_of, hash_of

SALT_SIZE = 16
SALT_ROOT_SIZE = 32

_INFO = b"disclosure-ledger/field-salts/v1"


def salts(salt_root: bytes, count: int) -> tuple[bytes, ...]:
    """The salts of `count` fields, 16 bytes each."""
    if len(salt_root) != SALT_ROOT_SIZE:
        raise Malformed(f"expected a salt root of {SALT_ROOT_SIZE} bytes, found {len(salt_root)}")
    size = SALT_SIZE * count
    stream = HKDF(algorithm=hashes.SHA256(), length=size, salt=None, info=_INFO).derive(salt_root)
    return tuple(stream[place : place + SALT_SIZE] for place in range(0, size, SALT_SIZE))


def commit(kind: str, fields: Mapping[str, JSON], salt_root: bytes) -> bytes:
    """The root of the content with these fields; every field left out is null.

    Raises Malformed for a field that the kind does not have and for a value that has no canonical JSON.
    """
    texts = _field_texts(kind, fields, _salt_texts(salt_root, len(_fields(kind))))
    return content_root([sha256(text).digest() for text in texts])


def open_fields(kind: str, fields: Mapping[str, JSON], salt_root: bytes, names: Collection[str]) -> list[JSON]:
    """The opened content: `[salt, name, value]` for each field named, in its place, and the hash of every other."""
    order = _fields(kind)
    if unknown := set(names).difference(order):
        raise Malformed(f"expected names of fields that {kind} has, found {len(unknown)} others")
    keys = _salt_texts(salt_root, len(order))
    return [
        [salt.decode(), name, fields.get(name)] if name in names else base64_of(sha256(text).digest())
        for name, salt, text in zip(order, keys, _field_texts(kind, fields, keys), strict=True)
    ]


def check_opened(kind: str, root: bytes, content: JSON) -> dict[str, JSON]:
    """Establish that an opened content is the one of this root, and return its opened fields.

    Raises Malformed where it has not the kind's form, ProofFailed where it leads to another root.
    """
    order = _fields(kind)
    if not isinstance(content, list) or len(content) != len(order):
        raise Malformed(f"expected opened content of {len(order)} places")
    _expect_root(root, content_root([_place_hash(name, item) for name, item in zip(order, content, strict=True)]))
    return {name: item[2] for name, item in zip(order, content, strict=True) if isinstance(item, list)}


def check_whole(kind: str, root: bytes, fields: Mapping[str, JSON], salt_root: bytes) -> None:
    """Establish that a whole content, opened by its salt root, is the one of this root. Raises as check_opened."""
    _expect_root(root, commit(kind, fields, salt_root))


def field_hash(text: bytes) -> bytes:
    """The hash of one field: of the JSON of `[base64(salt), name, value]`."""
    return sha256(b"\x20" + text).digest()


def content_root(field_hashes: Collection[bytes]) -> bytes:
    """The root over the hashes of all fields in order."""
    return sha256(b"\x21" + b"".join(field_hashes)).digest()


def _salt_texts(salt_root: bytes, count: int) -> list[bytes]:
    """The salts in base64, as they are hashed."""
    return [b2a_base64(salt, newline=False) for salt in salts(salt_root, count)]


def _field_texts(kind: str, fields: Mapping[str, JSON], salt_texts: Sequence[bytes]) -> list[bytes]:
    """What is hashed of each field. The texts are put together here: this runs for every entry that is recorded."""
    parts = _parts(kind)
    if not parts.keys() >= fields.keys():
        raise Malformed(f"expected only fields that {kind} has")
    check(dict(fields))
    value_of = fields.get
    return [
        b'\x20["' + salt + (null if (value := value_of(name)) is None else middle + encode_checked(value) + b"]")
        for salt, (name, (middle, null)) in zip(salt_texts, parts.items(), strict=True)
    ]


@lru_cache
def _parts(kind: str) -> Mapping[str, tuple[bytes, bytes]]:
    """For each field what stands between its salt and its value, and the same with `null` for the value."""
    middles = {name: b'","' + name.encode() + b'",' for name in _fields(kind)}
    return {name: (middle, middle + b"null]") for name, middle in middles.items()}


def _fields(kind: str) -> tuple[str, ...]:
    if kind not in SEALED:
        raise Malformed("expected a sealed kind")
    return SEALED[kind]


def _place_hash(name: str, item: JSON) -> bytes:
    """The hash that stands at the place of field `name`, closed or open."""
    if isinstance(item, str):
        return hash_of(item)
    if not isinstance(item, list) or len(item) != 3 or not isinstance(item[0], str):
        raise Malformed("expected a closed field as its hash, an open one as [salt, name, value]")
    if item[1] != name:
        raise Malformed(f"expected the field {name} in this place")
    if len(bytes_of(item[0])) != SALT_SIZE:
        raise Malformed(f"expected a salt of {SALT_SIZE} bytes")
    return field_hash(encode(item))


def _expect_root(expected: bytes, found: bytes) -> None:
    if len(expected) != HASH_SIZE or expected != found:
        raise ProofFailed(
            "the content is not what the entry commits to", expected=base64_of(expected), found=base64_of(found)
        )
