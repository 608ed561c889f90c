"""What is opened of each entry, and which entries stand (docs/format.md section 11).

A standing entry is one that no later entry of its class corrects and that does not retract. What must be open of an
entry, no more and no less, follows from whether it stands and is of the accounting's period:

| entry | fields |
|---|---|
| the stream's first | `client` |
| a standing entry of the period | what its row is made of |
| the same, where the research form covers it | `client`, `disclosed_on`, `protocol` |
| every other entry | `disclosed_on` |
| a correction, beside these | `corrects`, `retract` |

>>> first = Item(where="entry 1", index=1, kind="client", fields={"client": "C-1001"})
>>> expected_of(first, stands=True, in_period=False)
(frozenset({'client'}),)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import DisclosureLedgerError, Malformed, ProofFailed
from disclosure_ledger.hipaa import rows
from disclosure_ledger.hipaa.parts import Span, days, read_disclosed_on
from disclosure_ledger.log import content as contents
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.kinds import STREAM_BEGINS

CORRECTION: Final = "correction"

OF_A_ROW: Final = frozenset(rows.OPENED)
"""What a row is made of."""
OF_A_STUDY: Final = frozenset({"client", "disclosed_on", "protocol"})
"""What is open of a release that the research form covers (164.528(b)(4))."""
OF_ANY: Final = frozenset({"disclosed_on"})
OF_A_CORRECTION: Final = frozenset({"corrects", "retract"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the stream, or one that is listed, as far as it is open."""

    where: str
    index: int
    kind: str
    fields: Mapping[str, JSON]
    """Field name to value. Each is what the entry commits to."""

    @property
    def retracts(self) -> bool:
        """Whether it is a correction that puts nothing in the place of what it corrects."""
        return self.kind == CORRECTION and self.fields.get("retract") is True

    @property
    def corrects(self) -> int | None:
        """The entry that it corrects; None where it is no correction, or does not show it."""
        found = self.fields.get("corrects") if self.kind == CORRECTION else None
        return found if type(found) is int else None


def item_of(entry: Entry, content: JSON) -> Item:
    """The entry with what is opened of it. Raises Malformed where that is not what the entry commits to."""
    header, where = entry.header, f"entry {entry.header.index}"
    if header.content_root is None:
        raise Malformed("expected an entry with sealed content")
    try:
        fields = contents.check_opened(header.kind, header.content_root, content)
    except ProofFailed as error:
        raise Malformed(error.message) from None
    item = Item(where=where, index=header.index, kind=header.kind, fields=fields)
    expect_trimmed(fields)
    _expect_sound(item)
    return item


def expect_trimmed(value: JSON | Mapping[str, JSON]) -> None:
    """Raises Malformed for a text in it that begins or ends with white space: no record has any (docs/records.md)."""
    left: list[Any] = [value]
    while left:
        one = left.pop()
        if isinstance(one, str) and one != one.strip():
            raise Malformed("expected text without white space around it")
        left.extend(one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ())


def days_of(item: Item) -> Span | None:
    """The days on which a release took place, as it is opened; None where it says none. Raises Malformed."""
    value = item.fields.get("disclosed_on")
    if value is None:
        return None
    try:
        return days(read_disclosed_on(value, "disclosed_on"))
    except DisclosureLedgerError as error:
        raise Malformed(error.message) from None


def corrected_by(items: Iterable[Item]) -> dict[int, list[Item]]:
    """Which entries are corrected, and by which of these."""
    found = dict[int, list[Item]]()
    for item in items:
        if item.corrects is not None:
            found.setdefault(item.corrects, []).append(item)
    return found


def expected_of(item: Item, *, stands: bool, in_period: bool) -> tuple[frozenset[str], ...]:
    """The sets of fields of which one must be open; the second, where there is one, if a study covers the release."""
    if item.kind == STREAM_BEGINS:
        return (frozenset({"client"}),)
    more = OF_A_CORRECTION if item.kind == CORRECTION else frozenset()
    if stands and in_period:
        return OF_A_ROW | more, OF_A_STUDY | more
    return (OF_ANY | more,)


def _expect_sound(item: Item) -> None:
    """What a correction shows of itself makes sense: it names an earlier entry, and a retraction has no day."""
    if item.kind != CORRECTION or not item.fields.keys() >= OF_A_CORRECTION:
        return
    if item.corrects is None or not 0 <= item.corrects < item.index:
        raise Malformed("expected a correction of an earlier entry")
    if item.fields["retract"] is not None and type(item.fields["retract"]) is not bool:
        raise Malformed("expected a correction that retracts or does not")
    if item.retracts and item.fields.get("disclosed_on") is not None:
        raise Malformed("expected a retraction without a day")
