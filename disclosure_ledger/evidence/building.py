"""Makes an evidence file from plain values (docs/format.md section 11): the other half of its verification.

What is opened of each entry is decided here, by the same rules by which a reader judges it (`opening`), so that no
caller can show a client too much or too little. Nothing is fetched and nothing is signed.

>>> from disclosure_ledger.hipaa.parts import Span
>>> from datetime import date
>>> fields = {"client": "C-1001", "disclosed_on": "2019-02-03", "note": "not for the client"}
>>> old = Item(where="entry 6", index=6, kind="disclosure", fields=fields)
>>> period = Span(from_=date(2020, 1, 1), to=date(2026, 1, 1))
>>> sorted(names_of(old, stands=True, period=period, studied=False))
['disclosed_on']
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Malformed
from disclosure_ledger.hipaa.document import Accounting
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import content as contents
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.entry import Header

from . import form
from .form import Evidence, KeyShown, MapShown, Opened, Shown
from .opening import Item, corrected_by, days_of, expected_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Shown):
    """An entry as the practice holds it: with its content, or with the erasure that lists it."""

    header: Header | None = None
    """What its note says, where that was read already."""
    fields: Mapping[str, JSON] | None = None
    salt_root: bytes | None = None
    erasure: Shown | None = None


def build(
    *,
    checkpoint: bytes,
    keys: Sequence[KeyShown],
    stream_map: MapShown,
    stream: Sequence[Held],
    listed: Sequence[Held],
    accounting: Accounting,
    timestamps: Sequence[bytes] = (),
) -> bytes:
    """The evidence file of an accounting.

    checkpoint: the note, with both of the log's lines, whose last entry is the stream map. keys: the genesis and every
    entry that changed a key, in order. stream: the client's accounting stream, whole, in order. listed: the entries of
    rows that stand in no stream. accounting: as it is printed, drawn from this checkpoint. timestamps: RFC 3161
    responses over the checkpoint's text. Raises Malformed where the entries cannot be opened so.
    """
    items = [_item(one) for one in stream]
    corrected = corrected_by(item for item in items[1:] if item is not None)
    return form.format(
        Evidence(
            checkpoint=checkpoint,
            timestamps=tuple(timestamps),
            keys=tuple(keys),
            stream_map=stream_map,
            tag=_tag(stream),
            stream=tuple(_opened(one, item, accounting, corrected) for one, item in zip(stream, items, strict=True)),
            listed=tuple(_opened(one, _item(one), accounting, {}) for one in listed),
            accounting=accounting.to_json(),
        )
    )


def names_of(item: Item, *, stands: bool, period: Span, studied: bool) -> frozenset[str]:
    """The fields of an entry that are opened. `studied`: whether a study stands for it in the accounting."""
    when = days_of(item)
    in_period = stands and when is not None and period.touches(when)
    sets = expected_of(item, stands=stands, in_period=in_period)
    return sets[-1] if studied else sets[0]


def _opened(one: Held, item: Item | None, accounting: Accounting, corrected: Collection[int]) -> Opened:
    if item is None or one.fields is None or one.salt_root is None:
        return Opened(note=one.note, proof=one.proof, erasure=one.erasure)
    names = names_of(
        item,
        stands=item.index not in corrected and not item.retracts,
        period=accounting.period,
        studied=item.index in accounting.studied,
    )
    content = contents.open_fields(item.kind, one.fields, one.salt_root, names)
    return Opened(note=one.note, proof=one.proof, content=content)


def _item(one: Held) -> Item | None:
    """The entry with all its fields; None where it was erased."""
    if one.fields is None:
        return None
    header = _header(one)
    return Item(where=f"entry {header.index}", index=header.index, kind=header.kind, fields=one.fields)


def _tag(stream: Sequence[Held]) -> bytes:
    link = _header(stream[0]).stream if stream else None
    if link is None:
        raise Malformed("expected a stream with its first entry")
    return link.tag


def _header(one: Held) -> Header:
    return one.header if one.header is not None else entries.parse(one.note).header
