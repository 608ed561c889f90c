"""The rows of an accounting, made of releases as they are opened, and of nothing else (164.528(b)(2), (b)(3)).

Whoever holds the opened fields of a client's releases makes the same rows: the practice that prints them and the
reader who verifies them. What may be listed was decided when a release was recorded (`counted_as`); here it is only
chosen by period and scope, summed up, and sorted.

>>> from datetime import date
>>> release = Told(index=6, client="C-1001", basis="court_order", counted_as="court_order", description="visit dates",
...     disclosed_on=Day(on=date(2026, 2, 3)), purpose="A court ordered it.", recipient=Named(name="County Court"))
>>> rows = rows_from([release], Span(from_=date(2026, 1, 1), to=date(2026, 12, 31)))
>>> [row.to_json() for row in rows] == [{"date": "2026-02-03", "recipient": {"name": "County Court"},
...     "description": "visit dates", "purpose": "A court ordered it."}]
True

Object: docs/records.md ("What an accounting returns as JSON").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from disclosure_ledger.canonical import JSON, encode
from disclosure_ledger.errors import Malformed

from . import bases
from .bases import BASES, Rules
from .forms import DATE, TEXT, Form, choice, coded, of
from .parts import DISCLOSED_ON, Day, DisclosedOn, Recipient, Span, days
from .shapes import Shaped, built, nested, read_object, write_object

if TYPE_CHECKING:  # a reader of evidence has rows and no records
    from .records import Disclosure

SUMMARY_FROM: Final = 3
"""How many releases for one purpose make a summary row."""

_TEXT_OF_THE_RULE: Final = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Shaped):
    """A recipient as the client reads it: never the type."""

    name: str = field(metadata=of(TEXT))
    organization: str | None = field(default=None, metadata=of(TEXT))
    address: str | None = field(default=None, metadata=of(TEXT))


def named(recipient: Recipient) -> Named:
    """The part of a recipient that is printed."""
    texts = {"name": recipient.name, "organization": recipient.organization, "address": recipient.address}
    return built(Named, texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A release as far as an accounting tells of it: what is opened of its entry (docs/format.md section 11)."""

    index: int
    """Of the entry that stands."""
    client: str
    basis: str
    counted_as: str
    description: str
    disclosed_on: DisclosedOn
    recipient: Named
    purpose: str
    disclosed_by: str | None = None
    explanation: str | None = None
    matter: str | None = None
    protocol: str | None = None
    service_scope: str | None = None
    consented: bool = False
    """Does 42 CFR 2.25 list it, whatever 164.528 says?"""


_CODE: Final = coded(bases.basis)
_OPENED: Final[Mapping[str, Form[Any]]] = {
    "basis": _CODE,
    "client": TEXT,
    "counted_as": _CODE,
    "description": TEXT,
    "disclosed_by": TEXT,
    "disclosed_on": DISCLOSED_ON,
    "explanation": TEXT,
    "matter": TEXT,
    "protocol": TEXT,
    "purpose": TEXT,
    "recipient": nested(Recipient),
    "service_scope": choice(("general", "minor_consented")),
}
OPENED: Final = tuple(_OPENED)
"""The fields that a row is made of, ascending."""

_NEEDED: Final = ("basis", "client", "counted_as", "description", "disclosed_on", "recipient")


def told_from_fields(index: int, fields: Mapping[str, JSON]) -> Told:
    """The release that the opened fields of an entry tell of. Raises Malformed or InvalidRecord."""
    values = {name: form.read(fields[name], name) for name, form in _OPENED.items() if fields.get(name) is not None}
    if not all(name in values for name in _NEEDED):
        raise Malformed("expected every field that a row is made of to be open")
    if "purpose" not in values and _TEXT_OF_THE_RULE.lists(values["counted_as"]):
        raise Malformed("expected a release that is listed with the purpose that the client reads")
    values["recipient"] = named(values["recipient"])
    return _with_purpose(index, values)


def told(index: int, release: "Disclosure", *, protocol_name: str | None = None, consented: bool = False) -> Told:
    """The release of a record, as an accounting tells of it."""
    values = {name: getattr(release, name) for name in OPENED}
    values |= {"counted_as": release.counts_as, "recipient": named(release.recipient), "consented": consented}
    return _with_purpose(index, values, protocol_name=protocol_name)


def _with_purpose(index: int, values: dict[str, Any], *, protocol_name: str | None = None) -> Told:
    """Fill in the sentence that a ledger would have stored, where none is there."""
    if values.get("purpose") is None:
        sentence = bases.purpose(
            values["counted_as"],
            recipient=values["recipient"].name,
            matter=values.get("matter"),
            protocol_name=protocol_name,
            explanation=values.get("explanation"),
            disclosed_by=values.get("disclosed_by"),
        )
        values["purpose"] = sentence or ""
    return Told(index=index, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a release with its date (`on`), or a summary of several with `first`, `last` and `count`."""

    recipient: Named
    description: str
    purpose: str
    on: DisclosedOn | None = None
    first: date | None = None
    last: date | None = None
    count: int | None = None
    entries: tuple[int, ...] = ()
    """The indexes of the entries it stands on: for the proof, never for the client."""

    @property
    def first_day(self) -> date:
        """The day by which rows are sorted."""
        return _known(self.first if self.on is None else self.on.first_day)

    def to_json(self) -> dict[str, JSON]:
        """The row as it is printed: without its entries."""
        when: dict[str, JSON]
        if self.on is not None:
            when = {"date": DISCLOSED_ON.write(self.on)}
        else:
            when = {
                "first": DATE.write(_known(self.first)),
                "last": DATE.write(_known(self.last)),
                "count": self.count,
            }
        texts = {"description": self.description, "purpose": self.purpose}
        return {**when, "recipient": write_object(self.recipient), **texts}

    @classmethod
    def from_json(cls, obj: JSON) -> "Row":
        """The row that a JSON object names. Raises Malformed or InvalidRecord."""
        if not isinstance(obj, Mapping) or set(obj) not in (_SINGLE, _SUMMARY):
            raise Malformed("expected a row of an accounting")
        single = "date" in obj
        if not single and (type(obj["count"]) is not int or obj["count"] < 1):
            raise Malformed("expected a row to count whole releases")
        return cls(
            on=DISCLOSED_ON.read(obj["date"], "date") if single else None,
            first=None if single else DATE.read(obj["first"], "first"),
            last=None if single else DATE.read(obj["last"], "last"),
            count=None if single else obj["count"],
            recipient=read_object(Named, obj["recipient"], path="recipient"),
            description=TEXT.read(obj["description"], "description"),
            purpose=TEXT.read(obj["purpose"], "purpose"),
        )


_TEXTS: Final = frozenset({"recipient", "description", "purpose"})
_SINGLE: Final = _TEXTS | {"date"}
_SUMMARY: Final = _TEXTS | {"first", "last", "count"}


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("expected a row with a day, or with a first and a last day")
    return day


def rows_from(
    releases: Iterable[Told],
    period: Span,
    *,
    rules: Rules = _TEXT_OF_THE_RULE,
    summarize: bool = True,
    minor_consented: bool = True,
    studies: Iterable[str] = (),
) -> tuple[Row, ...]:
    """The rows of these releases, sorted.

    `minor_consented`: may the reader see releases of services that the minor consented to alone (164.502(g)(3)(i))?
    `studies`: protocols that are listed as a study, in place of the releases for them (164.528(b)(4)).
    """
    as_study = frozenset(studies)
    listed = [
        release
        for release in releases
        if is_listed(release, period, rules)
        and (minor_consented or release.service_scope != "minor_consented")
        and not in_study(release, as_study)
    ]
    rows = _summed_up(listed, period) if summarize else [_single(release) for release in listed]
    return tuple(sorted(rows, key=_order))


def is_listed(release: Told, period: Span, rules: Rules) -> bool:
    """Does an accounting of that period list it, if nobody suspends it (164.528(a)(1))?"""
    when = days(release.disclosed_on)
    covered = rules.covered_since is None or rules.covered_since <= when.to
    return period.touches(when) and covered and (rules.lists(release.counted_as) or release.consented)


def in_study(release: Told, studies: frozenset[str]) -> bool:
    """Is it a release for one of these studies, under 164.512(i)?"""
    return release.protocol in studies and BASES[release.counted_as].b4


def _summed_up(releases: Sequence[Told], period: Span) -> list[Row]:
    """Three or more of one basis to one recipient in one matter as one row, where 164.528(b)(3) allows it."""
    groups: dict[tuple[str | None, ...], list[Told]] = defaultdict(list)
    rows: list[Row] = []
    for release in releases:
        if BASES[release.counted_as].b3:
            one = release.recipient
            groups[release.counted_as, one.name, one.organization, release.matter].append(release)
        else:
            rows.append(_single(release))
    for group in groups.values():
        singles = sorted((_single(release) for release in group), key=_order)
        rows += [_summary(singles, period)] if len(group) >= SUMMARY_FROM else singles
    return rows


def _single(release: Told) -> Row:
    return Row(
        on=release.disclosed_on,
        recipient=release.recipient,
        description=release.description,
        purpose=release.purpose,
        entries=(release.index,),
    )


def _summary(singles: Sequence[Row], period: Span) -> Row:
    """The first one's texts; first and last day as far as the period holds them (164.528(b)(3)(i), (iii))."""
    last = max(_last_day(row) for row in singles)
    return replace(
        singles[0],
        on=None,
        first=max(singles[0].first_day, period.from_),
        last=min(last, period.to),
        count=len(singles),
        entries=tuple(sorted(index for row in singles for index in row.entries)),
    )


def _last_day(row: Row) -> date:
    return _known(row.last if row.on is None else row.on.last_day)


def _order(row: Row) -> tuple[Any, ...]:
    """First day, recipient's name, description, purpose, by code point; the rest only so that ties have one order."""
    rest = (row.recipient.organization or "", row.recipient.address or "", _last_day(row), row.count or 0)
    return (row.first_day, row.recipient.name, row.description, row.purpose, *rest, _interval(row))


def _interval(row: Row) -> str:
    return "" if row.on is None or isinstance(row.on, Day) else encode(DISCLOSED_ON.write(row.on)).decode()
