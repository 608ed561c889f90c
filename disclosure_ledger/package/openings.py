"""Fields that were opened for an auditor: `openings.json` (docs/format.md section 11; section 12, check 12).

    {"entries": [{"content": […], "index": 9}, {"fields": {…}, "index": 8, "salt_root": "…"}],
     "format": "disclosure-ledger/openings/v1"}

An opening shows some fields of an entry and the hashes of the others, or all of them by their salt root. One entry may
be opened more than once.

>>> opening = Opening(index=8, salt_root=bytes(32), fields={"client": "C-1001"})
>>> parse(format([opening])) == (opening,)
True
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from disclosure_ledger.canonical import JSON, decode, encode
from disclosure_ledger.errors import Malformed, ProofFailed, UnknownVersion
from disclosure_ledger.log import content as contents
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.content import SALT_ROOT_SIZE
from disclosure_ledger.log.entry import Entry, Header
from disclosure_ledger.log.findings import Findings
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.strict import MAX_INTEGER, base64_of, bytes_of

from .layout import OPENINGS

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


class Openings:
    """Check 12 of a package's openings, while its entries go by."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._waiting: dict[int, list[Opening]] = {}
        self._opened: set[int] = set()

    def read(self, data: bytes) -> None:
        """Take what `openings.json` says."""
        try:
            found = parse(data)
        except UnknownVersion as error:
            self._findings.add("1.version", OPENINGS, FORMAT, error.message)
        except Malformed as error:
            self._findings.add("12.openings", OPENINGS, "openings in their one spelling", error.message)
        else:
            for one in found:
                self._waiting.setdefault(one.index, []).append(one)

    def take(self, index: int, raw: bytes, entry: Entry | None) -> None:
        """Judge what is opened of the entry at hand; it is None where it cannot be read."""
        for opening in self._waiting.pop(index, ()):
            if entry is None:
                code = "1.version" if _is_later_version(raw) else "12.opening"
                self._fault(index, "a sealed entry", "one that cannot be read", code)
                continue
            self._opened.add(index)
            try:
                check(opening, entry.header)
            except ProofFailed as error:
                self._fault(index, error.expected or "", error.found or error.message)
            except Malformed as error:
                self._fault(index, "an opening of this entry", error.message)

    def finish(self, is_erased: Callable[[int], bool]) -> None:
        """What is opened is of an entry that is there, and was not erased."""
        for index in sorted(self._waiting):
            self._fault(index, "an entry of this ledger", "none")
        for index in sorted(self._opened):
            if is_erased(index):
                self._fault(index, "nothing: it was erased", "its content", "12.left")

    def _fault(self, index: int, expected: str, found: str, code: str = "12.opening") -> None:
        self._findings.add(code, f"{OPENINGS}, entry {index}", expected, found)


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


def _is_later_version(raw: bytes) -> bool:
    try:
        entries.parse(raw)
    except UnknownVersion:
        return True
    except Malformed:
        return False
    return False
