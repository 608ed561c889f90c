"""The evidence file's form: one JSON object in, plain values out, and back (docs/format.md section 11).

Notes are kept as bytes, proofs as hashes; the opened contents and the accounting stay as the JSON they are, because
their own readers judge them. What a file says is not established by its having a form.

>>> from disclosure_ledger.log.streams import StreamEnd
>>> nothing = Shown(note=b"a note\\n", proof=(bytes(32),))
>>> end = StreamEnd(tag=bytes(32), length=1, head=bytes(32))
>>> made = Evidence(checkpoint=b"a checkpoint\\n", keys=(KeyShown(note=b"a genesis\\n", proof=()),),
...     stream_map=MapShown(note=b"a map\\n", proof=(), siblings=(), end=end), tag=bytes(32),
...     stream=(Opened(note=b"a client\\n", proof=(), content=[]),), accounting={})
>>> parse(format(made)) == made
True
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import orjson

from disclosure_ledger.canonical import JSON, check, decode, encode_checked
from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.log.streams import StreamEnd, parse_end
from disclosure_ledger.strict import base64_of, bytes_of, hash_of

FORMAT: Final = "disclosure-ledger/evidence/v1"
FAMILY: Final = "disclosure-ledger/evidence/"
"""How the format of evidence of any version begins."""

MOST_BYTES: Final = 64_000_000
"""Longer files are refused unread: an entry with its proof and opened content takes some four kilobytes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry and its inclusion proof, the leaf's sibling first."""

    note: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown(Shown):
    """An entry that added, revoked or rotated a key; a rotation with its handover."""

    handover: bytes | None = None
    """The checkpoint that the keys before it have signed."""
    consistency: tuple[bytes, ...] | None = None
    """RFC 6962 consistency proof from the handover's size to the checkpoint's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShown(Shown):
    """The stream map's entry, and what the map says of the stream."""

    siblings: tuple[bytes, ...]
    """From the root down."""
    end: StreamEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Shown):
    """An entry with what is opened of it, or with the erasure that lists it."""

    content: JSON = None
    """Opened content; None where the entry was erased."""
    erasure: Shown | None = None

    def __post_init__(self) -> None:
        if (self.content is None) == (self.erasure is None):
            raise Malformed("expected an opened content, or the erasure that lists the entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An evidence file's values. Nothing about them is established."""

    checkpoint: bytes
    """The note, with all its cosignatures."""
    timestamps: tuple[bytes, ...] = ()
    """RFC 3161 responses in DER, over the checkpoint's text."""
    keys: tuple[KeyShown, ...]
    """The genesis, and every entry that added, revoked or rotated a key, in order."""
    stream_map: MapShown
    """The checkpoint's last entry."""
    tag: bytes
    """Of the client's accounting stream."""
    stream: tuple[Opened, ...]
    """The accounting stream, whole, in order."""
    listed: tuple[Opened, ...] = ()
    """Entries of rows that come from no accounting stream."""
    accounting: Mapping[str, JSON]
    """The object that was printed."""


def format(made: Evidence) -> bytes:  # noqa: A001 - the pair of parse
    """The bytes of an evidence file. Raises Malformed where the accounting has no canonical spelling.

    The opened contents have one: `log.content` makes and reads no other.
    """
    check(dict(made.accounting))
    return encode_checked(
        {
            "accounting": dict(made.accounting),
            "checkpoint": _text_of(made.checkpoint),
            "format": FORMAT,
            "keys": [_key_as_json(one) for one in made.keys],
            "listed": [_opened_as_json(one) for one in made.listed],
            "stream": {"entries": [_opened_as_json(one) for one in made.stream], "tag": base64_of(made.tag)},
            "stream_map": {
                **_shown_as_json(made.stream_map),
                "end": made.stream_map.end.as_json(),
                "siblings": [base64_of(one) for one in made.stream_map.siblings],
            },
            "timestamps": [base64_of(one) for one in made.timestamps],
        }
    )


def parse(data: bytes) -> Evidence:
    """The values of an evidence file. Raises Malformed, and UnknownVersion for evidence of a later version."""
    if len(data) > MOST_BYTES:
        raise Malformed(f"expected evidence of at most {MOST_BYTES} bytes")
    announced = format_of(data)
    if announced is not None and announced.startswith(FAMILY) and announced != FORMAT:
        raise UnknownVersion("expected evidence of version 1")
    value = _object(
        decode(data),
        *("accounting", "checkpoint", "format", "keys", "listed", "stream", "stream_map", "timestamps"),
    )
    if value["format"] != FORMAT:
        raise Malformed("expected evidence")
    stream = _object(value["stream"], "entries", "tag")
    return Evidence(
        checkpoint=_note(value["checkpoint"]),
        timestamps=_each(lambda one: bytes_of(_text(one)), value["timestamps"]),
        keys=_each(_key_of, value["keys"]),
        stream_map=_map_of(value["stream_map"]),
        tag=hash_of(_text(stream["tag"])),
        stream=_each(_opened_of, stream["entries"]),
        listed=_each(_opened_of, value["listed"]),
        accounting=_dict(value["accounting"]),
    )


def format_of(data: bytes) -> str | None:
    """The `format` that a JSON object announces, however it is spelt; None where it is none or announces nothing."""
    try:
        value = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError):
        return None
    announced = value.get("format") if isinstance(value, dict) else None
    return announced if isinstance(announced, str) else None


def _key_of(value: JSON) -> KeyShown:
    if isinstance(value, dict) and value.keys() == {"entry", "proof"}:
        return KeyShown(note=_note(value["entry"]), proof=_hashes(value["proof"]))
    value = _object(value, "consistency", "entry", "handover", "proof")
    return KeyShown(
        note=_note(value["entry"]),
        proof=_hashes(value["proof"]),
        handover=_note(value["handover"]),
        consistency=_hashes(value["consistency"]),
    )


def _map_of(value: JSON) -> MapShown:
    value = _object(value, "end", "entry", "proof", "siblings")
    return MapShown(
        note=_note(value["entry"]),
        proof=_hashes(value["proof"]),
        siblings=_hashes(value["siblings"]),
        end=parse_end(value["end"]),
    )


def _opened_of(value: JSON) -> Opened:
    if isinstance(value, dict) and "erasure" in value:
        value = _object(value, "entry", "erasure", "proof")
        erasure = _object(value["erasure"], "entry", "proof")
        shown = Shown(note=_note(erasure["entry"]), proof=_hashes(erasure["proof"]))
        return Opened(note=_note(value["entry"]), proof=_hashes(value["proof"]), erasure=shown)
    value = _object(value, "content", "entry", "proof")
    if not isinstance(value["content"], list):
        raise Malformed("expected an opened content")
    return Opened(note=_note(value["entry"]), proof=_hashes(value["proof"]), content=value["content"])


def _shown_as_json(one: Shown) -> dict[str, JSON]:
    return {"entry": _text_of(one.note), "proof": [base64_of(digest) for digest in one.proof]}


def _key_as_json(one: KeyShown) -> dict[str, JSON]:
    if one.handover is None or one.consistency is None:
        return _shown_as_json(one)
    consistency = [base64_of(digest) for digest in one.consistency]
    return {**_shown_as_json(one), "consistency": consistency, "handover": _text_of(one.handover)}


def _opened_as_json(one: Opened) -> dict[str, JSON]:
    if one.erasure is not None:
        return {**_shown_as_json(one), "erasure": _shown_as_json(one.erasure)}
    return {**_shown_as_json(one), "content": one.content}


def _text_of(note: bytes) -> str:
    try:
        return note.decode()
    except UnicodeDecodeError:
        raise Malformed("expected a note in UTF-8") from None


def _object(value: JSON, *members: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != set(members):
        raise Malformed(f"expected an object with {', '.join(members)}, and no other member")
    return value


def _dict(value: JSON) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("expected an object")
    return value


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise Malformed("expected text")
    return value


def _note(value: JSON) -> bytes:
    return _text(value).encode()


def _each(read: Callable[[JSON], T], value: JSON) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise Malformed("expected a list")
    return tuple(map(read, value))


def _hashes(value: JSON) -> tuple[bytes, ...]:
    return _each(lambda one: hash_of(_text(one)), value)
