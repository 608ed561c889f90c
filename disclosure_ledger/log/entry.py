"""One entry: a header signed as a note by its recorder (docs/format.md section 3).

    {"content":{"fields":31,"root":"…"},"index":41,"kind":"disclosure","origin":"…","previous":"…","recorded_at":"…",…}

    — oakstreet.example/disclosures/recorders/owner …

The whole note is a leaf of the tree, and its leaf hash is the entry's id. `parse` accepts the one spelling that `sign`
makes; whether the entry stands in its place, and whether its recorder was entitled, is the verifier's to say.

>>> parse("{}\\n\\n— a AAAAAAA=\\n".encode())
Traceback (most recent call last):
    ...
disclosure_ledger.errors.Malformed: expected version 1
"""

import re
from binascii import a2b_base64
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import note as notes
from disclosure_ledger.log.header import (
    NO_PREVIOUS,
    Header,
    StreamLink,
    erased_by,
    expect_header,
    expect_recorder,
    header_text,
    log_keys_of,
    read_header,
    recorder_key_name,
    recorder_of,
)
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.log.note import KEY_ID_SIZE, SignatureLine, Signer, VerifierKey
from disclosure_ledger.strict import instant

__all__ = [
    "NOTE_LIMIT",
    "NO_PREVIOUS",
    "Entry",
    "Header",
    "StreamLink",
    "erased_by",
    "expect_recorder",
    "log_keys_of",
    "parse",
    "recorder_key_name",
    "recorder_of",
    "sign",
    "verify",
]

NOTE_LIMIT: Final = 65_535
"""The longest note, in bytes: a bundle writes its length in two."""

_HASH = rb"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)"
_SEALED_NOTE = re.compile(
    rb'\{"content":\{"fields":([1-9][0-9]?),"root":"' + _HASH + rb'"\},"index":(0|[1-9][0-9]{0,15}),"kind":"([a-z_]+)",'
    rb'"origin":"([!#-*,-\[\]-~]+)","previous":"' + _HASH + rb'","recorded_at":"([0-9T:.-]{26}Z)",'
    rb'(?:"stream":\{"position":(0|[1-9][0-9]{0,15}),"previous":(?:null|"' + _HASH + rb'"),"tag":"' + _HASH + rb'"\},)?'
    rb'"v":1\}\n\n\xe2\x80\x94 ([!-*,-~]+) ([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=)\n'
)
"""The canonical form of nearly every entry: sealed, signed with Ed25519, no sign in its origin that JSON escapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it stands in the ledger. Its signature is not verified yet."""

    header: Header
    raw: bytes
    """The whole note."""
    leaf_hash: bytes
    """The entry's id."""
    signature: SignatureLine

    @property
    def text(self) -> bytes:
        """What the recorder signed: the header's line with its newline."""
        return self.raw[: self.raw.rindex(b"\n\n") + 1]


def sign(header: Header, signer: Signer) -> Entry:
    """The entry with this header, signed by its recorder. Raises Malformed where no entry may look so."""
    text = header_text(header)
    line = notes.line_by(signer, text)
    raw = notes.format(text, [line])
    if len(raw) > NOTE_LIMIT:
        raise Malformed(f"expected a note of at most {NOTE_LIMIT} bytes, found {len(raw)}")
    return Entry(header=header, raw=raw, leaf_hash=leaf_hash(raw), signature=line)


def parse(raw: bytes) -> Entry:
    """The entry that these bytes are. Raises Malformed, and UnknownVersion where its `v` is a later one."""
    if len(raw) > NOTE_LIMIT:
        raise Malformed(f"expected a note of at most {NOTE_LIMIT} bytes, found {len(raw)}")
    if (match := _SEALED_NOTE.fullmatch(raw)) is not None:
        return _sealed_entry(raw, match)
    return parse_any(raw)


def parse_any(raw: bytes) -> Entry:
    """The same as `parse`, the long way: what it accepts in one form for all entries."""
    note = notes.parse(raw)
    header = read_header(note.text)
    if len(note.signatures) != 1:
        raise Malformed(f"expected one signature line, found {len(note.signatures)}")
    return Entry(header=header, raw=raw, leaf_hash=leaf_hash(raw), signature=note.signatures[0])


def verify(entry: Entry, key: VerifierKey) -> None:
    """Establish that the recorder with this key signed the entry. Raises ProofFailed."""
    verify_line(entry.text, entry.signature, key)


def verify_line(text: bytes, line: SignatureLine, key: VerifierKey) -> None:
    """The same of what the recorder signed and the line of the signature. Raises ProofFailed."""
    if (line.name, line.key_id) != (key.name, key.key_id):
        raise ProofFailed("the entry is signed by another key", expected=key.name, found=line.name)
    key.verify(text, line.signature)


def _sealed_entry(raw: bytes, match: re.Match[bytes]) -> Entry:
    """The entry that a match spells. Its base64 is canonical already: the expression takes no other."""
    fields, root, index, kind, origin, previous, moment, position, before, tag, name, blob = match.groups()
    link = None
    if tag is not None:
        link = StreamLink(
            tag=a2b_base64(tag), position=int(position), previous=None if before is None else a2b_base64(before)
        )
    header = Header(
        origin=_shared(origin),
        index=int(index),
        previous=a2b_base64(previous),
        recorded_at=instant(moment.decode()),
        kind=_shared(kind),
        content_root=a2b_base64(root),
        content_fields=int(fields),
        stream=link,
    )
    expect_header(header)
    signed = a2b_base64(blob)
    line = SignatureLine(name=_shared(name), key_id=signed[:KEY_ID_SIZE], signature=signed[KEY_ID_SIZE:])
    return Entry(header=header, raw=raw, leaf_hash=leaf_hash(raw), signature=line)


@lru_cache(maxsize=256)
def _shared(text: bytes) -> str:
    """ASCII that a whole ledger's entries have in common: read once, and one object in all of them."""
    return text.decode()
