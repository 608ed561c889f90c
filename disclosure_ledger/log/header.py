"""What an entry says of itself: its header, one line of JSON (docs/format.md sections 3 and 4).

    {"index":5,"kind":"recorder_added","origin":"…","previous":"…","public":{"recorder":"…"},"recorded_at":"…","v":1}

The same rules are kept when a header is read and before one is signed: its members, the form of each kind, and what
public kinds say. What it takes the entries before to know is the verifier's.

>>> import datetime as dt
>>> header = Header(
...     origin="oakstreet.example/disclosures", index=7, previous=bytes(32), kind="hold_lifted",
...     recorded_at=dt.datetime(2026, 11, 23, 14, 3, 22, 123456, tzinfo=dt.UTC),
...     content_root=bytes(32), content_fields=4,
... )
>>> print(header_text(header).decode()[:60])
{"content":{"fields":4,"root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAA
>>> read_header(header_text(header)) == header
True
>>> read_header(header_text(header).replace(b'"fields":4', b'"fields":5'))
Traceback (most recent call last):
    ...
disclosure_ledger.errors.Malformed: expected 4 fields of content in hold_lifted
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from disclosure_ledger.canonical import JSON, check, decode, encode_checked
from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.log.checkpoint import LogKeys
from disclosure_ledger.log.kinds import FORMAT, PUBLIC, SEALED, VERSION
from disclosure_ledger.log.note import ED25519, VerifierKey
from disclosure_ledger.strict import (
    HASH_SIZE,
    MAX_INTEGER,
    base64_of,
    hash_of,
    instant,
    origin,
    recorder_name,
    text_of_instant,
)

NO_PREVIOUS: Final = bytes(HASH_SIZE)
"""What entry 0 names as the hash before it."""

_ALWAYS = frozenset({"index", "kind", "origin", "previous", "recorded_at", "v"})
_SEALED = _ALWAYS | {"content"}
_SHAPES = frozenset({_SEALED, _SEALED | {"stream"}, _ALWAYS | {"public"}})


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLink:
    """An entry's place in its stream."""

    tag: bytes
    position: int
    """From 0."""
    previous: bytes | None
    """Leaf hash of the stream's entry before; None at position 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What an entry says of itself: never a client's data."""

    origin: str
    index: int
    previous: bytes
    """Leaf hash of the ledger's entry before; 32 zero bytes at index 0."""
    recorded_at: dt.datetime
    """In UTC, to the microsecond."""
    kind: str
    content_root: bytes | None = None
    """Of sealed kinds: the root of the content."""
    content_fields: int | None = None
    """Of sealed kinds: the number of its fields."""
    public: Mapping[str, JSON] | None = None
    """Of public kinds: what it says, in the clear."""
    stream: StreamLink | None = None


def recorder_key_name(origin: str, short: str) -> str:
    """The key name of the recorder with this short name."""
    return f"{origin}/recorders/{recorder_name(short)}"


def header_text(header: Header) -> bytes:
    """The line that is signed, with its newline. Raises Malformed where no entry may look so."""
    expect_header(header)
    value: dict[str, JSON] = {
        "index": header.index,
        "kind": header.kind,
        "origin": header.origin,
        "previous": base64_of(header.previous),
        "recorded_at": text_of_instant(header.recorded_at),
        "v": VERSION,
    }
    if header.content_root is not None:
        value["content"] = {"fields": header.content_fields, "root": base64_of(header.content_root)}
    if header.public is not None:
        value["public"] = dict(header.public)
        check(value["public"])  # all else has been looked at by expect_header, or is spelled here
    if (link := header.stream) is not None:
        previous = None if link.previous is None else base64_of(link.previous)
        value["stream"] = {"position": link.position, "previous": previous, "tag": base64_of(link.tag)}
    return encode_checked(value) + b"\n"


def read_header(text: bytes) -> Header:
    """The header that a signed line spells. Raises Malformed, and UnknownVersion."""
    if not text.endswith(b"\n"):
        raise Malformed("expected a header of one line")
    value = decode(text[:-1])  # canonical JSON holds no other newline
    if not isinstance(value, dict):
        raise Malformed("expected a header that is an object")
    _expect_version(value.get("v"))
    if frozenset(value) not in _SHAPES:
        raise Malformed("expected the members of a header, and no other")
    header = _header_of(value)
    expect_header(header)
    return header


def expect_header(header: Header) -> None:
    """Refuse what no entry may say, whether it was read or is about to be signed: Malformed."""
    _expect_origin(header.origin)
    if not _is_count(header.index) or len(header.previous) != HASH_SIZE:
        raise Malformed("expected an index from 0 on, and a hash before it")
    if (header.index == 0) != (header.kind == "genesis"):
        raise Malformed("expected a genesis as entry 0 and nowhere else")
    if header.kind in SEALED:
        _expect_sealed(header)
    elif header.kind in PUBLIC:
        _expect_public(header)
    else:
        raise Malformed("expected a kind of the format's table")


def recorder_of(header: Header) -> VerifierKey:
    """The recorder that a genesis or a `recorder_*` entry names."""
    key = VerifierKey.parse(_text(_public(header), "recorder"))
    expect_recorder(key, header.origin)
    return key


def log_keys_of(header: Header) -> LogKeys:
    """The log keys that a genesis or a `log_key_rotated` entry names."""
    public = _public(header)
    keys = LogKeys(
        ed25519=VerifierKey.parse(_text(public, "log_key")), mldsa=VerifierKey.parse(_text(public, "log_key_mldsa"))
    )
    if any(key.name != header.origin for key in keys.both()):
        raise Malformed("expected log keys whose name is the origin")
    return keys


def erased_by(header: Header) -> tuple[tuple[int, int], ...]:
    """The ranges of entries that an `erasure` lists, both ends included."""
    ranges, after = _public(header).get("entries"), -2  # so that 0 is the first that follows without touching
    if not isinstance(ranges, list) or not ranges:
        raise Malformed("expected ranges of entries")
    for item in ranges:
        if not isinstance(item, list) or len(item) != 2 or any(type(end) is not int for end in item):
            raise Malformed("expected each range as its first and its last entry")
        if not after + 1 < item[0] <= item[1] < header.index:
            raise Malformed("expected ranges of earlier entries, ascending and not touching")
        after = item[1]
    return tuple((first, last) for first, last in ranges)


def expect_recorder(key: VerifierKey, origin: str) -> None:
    """Refuse a key that is no recorder's of this ledger: Malformed."""
    before, _, short = key.name.rpartition("/recorders/")
    if key.kind != ED25519 or before != origin:
        raise Malformed("expected an Ed25519 key of a recorder of this ledger")
    recorder_name(short)


_expect_origin = lru_cache(maxsize=256)(origin)
"""Of the same origin, which all entries of a ledger have, once is enough: only what is let through is remembered."""


def _expect_version(version: JSON) -> None:
    if type(version) is int and version > VERSION:
        raise UnknownVersion(f"expected version {VERSION}, found {version}")
    if type(version) is not int or version != VERSION:
        raise Malformed(f"expected version {VERSION}")


def _header_of(value: dict[str, JSON]) -> Header:
    """The values that a header's members spell; what they must be together is said by `expect_header`."""
    content, link = value.get("content"), value.get("stream")
    if "content" in value and not (isinstance(content, dict) and content.keys() == {"fields", "root"}):
        raise Malformed("expected content as its number of fields and its root")
    if "public" in value and not isinstance(value["public"], dict):
        raise Malformed("expected a public object")
    return Header(
        origin=_text(value, "origin"),
        index=value["index"],
        previous=hash_of(_text(value, "previous")),
        recorded_at=instant(_text(value, "recorded_at")),
        kind=_text(value, "kind"),
        content_root=hash_of(_text(content, "root")) if content is not None else None,
        content_fields=content["fields"] if content is not None else None,
        public=value.get("public"),
        stream=_link_of(link) if "stream" in value else None,
    )


def _link_of(value: JSON) -> StreamLink:
    if not isinstance(value, dict) or value.keys() != {"position", "previous", "tag"}:
        raise Malformed("expected a stream link as tag, position and previous")
    previous = None if value["previous"] is None else hash_of(_text(value, "previous"))
    return StreamLink(tag=hash_of(_text(value, "tag")), position=value["position"], previous=previous)


def _expect_sealed(header: Header) -> None:
    count = len(SEALED[header.kind])
    if header.public is not None or header.content_root is None or len(header.content_root) != HASH_SIZE:
        raise Malformed(f"expected {header.kind} with content and not public")
    if header.content_fields != count:
        raise Malformed(f"expected {count} fields of content in {header.kind}")
    if (link := header.stream) is not None:
        if not _is_count(link.position) or len(link.tag) != HASH_SIZE:
            raise Malformed("expected a position from 0 on, and a tag")
        if (link.position == 0) != (link.previous is None):
            raise Malformed("expected no previous entry at position 0, and one after it")
        if link.previous is not None and len(link.previous) != HASH_SIZE:
            raise Malformed("expected the hash of the stream's previous entry")


def _expect_public(header: Header) -> None:
    if header.public is None or header.content_root is not None or header.content_fields is not None or header.stream:
        raise Malformed(f"expected {header.kind} public, without content or stream")
    if header.public.keys() != set(PUBLIC[header.kind]):
        raise Malformed(f"expected the members of a public {header.kind}, and no other")
    if header.kind == "stream_map":
        _expect_stream_map(header)
    elif header.kind == "erasure":
        erased_by(header)
        _expect_texts(header, "authority", "reason")
    elif header.kind == "log_key_rotated":
        log_keys_of(header)
    else:
        recorder_of(header)
        if header.kind == "genesis":
            _expect_genesis(header)


def _expect_genesis(header: Header) -> None:
    if log_keys_of(header).ed25519.public == recorder_of(header).public:
        raise Malformed("expected no public key in two roles")
    _expect_texts(header, "practice")
    if _public(header)["format"] != FORMAT:
        raise Malformed(f"expected the format {FORMAT}")


def _expect_stream_map(header: Header) -> None:
    public = _public(header)
    hash_of(_text(public, "root"))
    if type(public["size"]) is not int or public["size"] != header.index or not _is_count(public["streams"]):
        raise Malformed("expected a stream map of all entries before it")


def _expect_texts(header: Header, *names: str) -> None:
    if not all(_text(_public(header), name) for name in names):
        raise Malformed("expected a text that is not empty")


def _public(header: Header) -> Mapping[str, JSON]:
    if header.public is None:
        raise Malformed(f"expected a public entry, found {header.kind}")
    return header.public


def _text(value: Mapping[str, JSON], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise Malformed(f"expected {name} to be a text")
    return found


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_INTEGER
