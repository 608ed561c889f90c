"""The releases of a whole ledger as CSV (RFC 4180): one row an entry, a column for every field of a release.

>>> HEADER[:6]
('entry', 'leaf_hash_hex', 'entry_kind', 'recorded_at', 'recorder', 'state')
>>> b"".join(rows([]))[:16]
b'entry,leaf_hash_'

UTF-8, CRLF; a cell that begins like a formula has an apostrophe before it; `excel` puts a byte order mark first.
Columns: docs/fhir.md.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from disclosure_ledger import strict
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.released import Released

from .table import inert
from .visible import visible

_ENTRY: Final = ("entry", "leaf_hash_hex", "entry_kind", "recorded_at", "recorder", "state", "changed_by")
"""The hash in hex: in base64 it can begin like a formula."""

_PARTS: Final = {
    "disclosed_on": ("", "from", "to", "after", "interval"),
    "recipient": ("name", "organization", "address", "type"),
    "service": ("from", "to"),
    "client_informed": ("on", "how", "exception"),
}
"""Fields of more than one column, headed as `import` heads them (docs/importing.md)."""

_FIRST: Final = ("client", "disclosed_on", "recipient", "description", "purpose", "basis", "counted_as")
_FIELDS: Final = (*_FIRST, *(name for name in SEALED["correction"] if name not in _FIRST))
"""Every field of a correction, which has those of a disclosure: what is read first stands first."""

HEADER: Final = (
    *_ENTRY,
    *(f"{name}.{part}" if part else name for name in _FIELDS for part in _PARTS.get(name, ("",))),
)


def rows(releases: Iterable[Released], *, excel: bool = False) -> Iterator[bytes]:
    """The header and the rows, each on its own."""
    yield (b"\xef\xbb\xbf" if excel else b"") + _line(HEADER)
    for released in releases:
        yield _line(inert(visible(cell)) for cell in _cells(released))


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _cells(released: Released) -> Iterator[str]:
    place = released.place
    yield from (str(place.index), place.leaf_hash.hex(), place.kind)
    yield from (strict.text_of_instant(place.recorded_at), place.recorder, released.state)
    yield str(released.change.place.index) if released.change is not None else ""
    fields: Mapping[str, Any] = released.fields or {}
    for name in _FIELDS:
        yield from (_cell(_part(fields.get(name), part)) for part in _PARTS.get(name, ("",)))


def _part(value: Any, part: str) -> Any:
    """A part of a field by its name; the field itself by none, but for one that is all parts."""
    parted = isinstance(value, dict)
    return (value.get(part) if part else None) if parted else (None if part else value)


def _cell(value: Any) -> str:
    """Text as it is, a list of codes with semicolons, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()
