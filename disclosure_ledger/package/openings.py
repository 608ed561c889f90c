"""Fields that were opened for an auditor: `openings.json` (docs/format.md section 11; section 12, check 12).

    {"entries": [{"content": […], "index": 9}, {"fields": {…}, "index": 8, "salt_root": "…"}],
     "format": "disclosure-ledger/openings/v1"}

An opening shows some fields of an entry and the hashes of the others, or all of them by their salt root. One entry may
be opened more than once.

>>> opening = Opening(index=8, salt_root=bytes(32), fields={"client": "C-1001"})
>>> parse(format([opening])) == (opening,)
True
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from disclosure_ledger.canonical import JSON, decode, encode
from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.log import content as contents
from disclosure_ledger.log.content import SALT_ROOT_SIZE
from disclosure_ledger.log.entry import Header
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.strict import MAX_INTEGER, base64_of, bytes_of

FORMAT: Final = "disclosure-ledger/openings/v1"
FAMILY: Final = "disclosure-ledger/openings/"

MOST_BYTES: Final = 64_000_000
"""Openings are read at once; an entry opened in part takes some two kilobytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is opened of one entry: `content`, or `salt_root` and `fields`."""

    index: int
    content: JSON = None
    """Opened content: one item a field of the kind."""
    salt_root: bytes | None = None
    fields: Mapping[str, JSON] | None = None
    """All fields."""

    def __post_init__(self) -> None:
        if not 0 <= self.index <= MAX_INTEGER:
            raise Malformed("expected the index of an entry")
        if (self.content is None) == (self.salt_root is None) or (self.salt_root is None) != (self.fields is None):
            raise Malformed("expected an opened content, or a salt root and all fields")
        if self.salt_root is not None and len(self.salt_root) != SALT_ROOT_SIZE:
            raise Malformed(f"expected a salt root of {SALT_ROOT_SIZE} bytes")


def check(opening: Opening, header: Header) -> dict[str, JSON]:
    """Establish that what is opened is of the entry with this header, and return it by name.

    Raises Malformed where it has not the form of the kind, ProofFailed where it is not what the entry commits to.
    """
    if header.kind not in SEALED or header.content_root is None:
        raise Malformed("expected an entry with sealed content")
    if opening.salt_root is None or opening.fields is None:
        return contents.check_opened(header.kind, header.content_root, opening.content)
    contents.check_whole(header.kind, header.content_root, opening.fields, opening.salt_root)
    return {name: opening.fields.get(name) for name in SEALED[header.kind]}


def format(openings: Iterable[Opening]) -> bytes:  # noqa: A001 - the pair of parse
    """The bytes of `openings.json`, by index."""
    items = [_item(one) for one in sorted(openings, key=lambda one: one.index)]
    return encode({"entries": items, "format": FORMAT})


def parse(data: bytes) -> tuple[Opening, ...]:
    """The openings that these bytes are. Raises Malformed, and UnknownVersion for a later version."""
    value = decode(data)
    if isinstance(value, dict) and _is_later(value.get("format")):
        raise UnknownVersion("expected openings of version 1")
    if not isinstance(value, dict) or value.keys() != {"entries", "format"} or value["format"] != FORMAT:
        raise Malformed("expected openings")
    if not isinstance(value["entries"], list):
        raise Malformed("expected openings of entries")
    return tuple(map(_opening_of, value["entries"]))


def _is_later(announced: JSON) -> bool:
    return isinstance(announced, str) and announced.startswith(FAMILY) and announced != FORMAT


def _item(one: Opening) -> dict[str, JSON]:
    if one.salt_root is None or one.fields is None:
        return {"content": one.content, "index": one.index}
    return {"fields": dict(one.fields), "index": one.index, "salt_root": base64_of(one.salt_root)}


def _opening_of(value: JSON) -> Opening:
    if not isinstance(value, dict) or type(value.get("index")) is not int:
        raise Malformed("expected each opening with the index of its entry")
    if value.keys() == {"content", "index"} and isinstance(value["content"], list):
        return Opening(index=value["index"], content=value["content"])
    if value.keys() != {"fields", "index", "salt_root"} or not isinstance(value["fields"], dict):
        raise Malformed("expected an opened content, or a salt root and all fields")
    if not isinstance(value["salt_root"], str):
        raise Malformed("expected a salt root in base64")
    return Opening(index=value["index"], salt_root=bytes_of(value["salt_root"]), fields=value["fields"])
