"""The parts of records that an accounting shows: who received it, when, and who leads a study.

`disclosed_on` has three forms, because OCR accepts three: a day, a range in which somebody had access, and an event
with the usual interval after it.

>>> read_disclosed_on("2026-02-03", "disclosed_on")
Day(on=datetime.date(2026, 2, 3))
>>> read_disclosed_on({"from": "2026-02-01", "to": "2026-02-28"}, "disclosed_on").last_day
datetime.date(2026, 2, 28)
>>> read_disclosed_on({"after": "2026-02-03", "interval": "within 48 hours"}, "disclosed_on").first_day
datetime.date(2026, 2, 3)

Fields and codes: docs/records.md ("Fields of a disclosure").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord

from .forms import DATE, TEXT, Form, choice, of
from .shapes import Shaped, built, read_object, write_object

RECIPIENT_TYPES: Final = (
    "health_plan",
    "provider",
    "court",
    "attorney",
    "law_enforcement",
    "oversight_agency",
    "public_health",
    "protective_services",
    "coroner",
    "family",
    "representative",
    "client",
    "business_associate",
    "employer",
    "school",
    "researcher",
    "insurer_other",
    "unknown",
    "other",
)


def ordered(first: date | None, last: date | None, name: str, *, since: str) -> None:
    """Raise InvalidRecord where a period ends, in the field `name`, before it begins, in the field `since`."""
    if first is not None and last is not None and last < first:
        raise InvalidRecord(f"expected a day not before `{since}`", field=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Shaped):
    """A period, both days included."""

    from_: date = field(metadata=of(DATE))
    to: date = field(metadata=of(DATE))

    def rules(self) -> None:
        """The last day is not before the first."""
        ordered(self.from_, self.to, "to", since="from")

    def holds(self, day: date) -> bool:
        """Is the day inside?"""
        return self.from_ <= day <= self.to

    def touches(self, other: "Span") -> bool:
        """Do the two share a day?"""
        return self.from_ <= other.to and other.from_ <= self.to

    def covers(self, other: "Span") -> bool:
        """Does this one hold every day of the other?"""
        return self.from_ <= other.from_ and other.to <= self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Shaped):
    """A release on one day."""

    on: date = field(metadata=of(DATE))

    @property
    def first_day(self) -> date:
        """The day."""
        return self.on

    @property
    def last_day(self) -> date:
        """The day."""
        return self.on


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Span):
    """Access to a set of records over a period, both days included."""

    @property
    def first_day(self) -> date:
        """The first day of access."""
        return self.from_

    @property
    def last_day(self) -> date:
        """The last day of access."""
        return self.to


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlus(Shaped):
    """A release that follows an event by the usual interval; the day of the event decides."""

    after: date = field(metadata=of(DATE))
    interval: str = field(metadata=of(TEXT))

    @property
    def first_day(self) -> date:
        """The day of the event."""
        return self.after

    @property
    def last_day(self) -> date:
        """The day of the event."""
        return self.after


DisclosedOn: TypeAlias = Day | Range | EventPlus


def read_disclosed_on(value: JSON, path: str) -> DisclosedOn:
    """A day, a range or an event with an interval. Raises InvalidRecord for anything else."""
    if isinstance(value, str):
        return built(Day, {"on": DATE.read(value, path)})
    if isinstance(value, Mapping) and ("after" in value or "interval" in value):
        return read_object(EventPlus, value, path=path)
    if isinstance(value, Mapping):
        return read_object(Range, value, path=path)
    raise InvalidRecord("expected a date, a range or an event with an interval", field=path)


def write_disclosed_on(value: DisclosedOn) -> JSON:
    """The same value as JSON."""
    return DATE.write(value.on) if isinstance(value, Day) else write_object(value)


DISCLOSED_ON: Form[DisclosedOn] = Form(read_disclosed_on, write_disclosed_on)


def days(on: DisclosedOn) -> Span:
    """The days on which it happened, for comparing with a period."""
    return built(Span, {"from_": on.first_day, "to": on.last_day})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(Shaped):
    """Who received it. The type is never printed for a client."""

    name: str = field(metadata=of(TEXT))
    organization: str | None = field(default=None, metadata=of(TEXT))
    address: str | None = field(default=None, metadata=of(TEXT))
    type: str = field(metadata=of(choice(RECIPIENT_TYPES)))

    def is_called(self, name: str) -> bool:
        """Is that its name or its organization's, but for letter case and spacing?"""
        return any(same_name(name, own) for own in (self.name, self.organization) if own is not None)


def same_name(one: str, other: str) -> bool:
    """Do two names differ at most in letter case and spacing?"""
    return one == other or _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Shaped):
    """A study's sponsor or researcher, with what 164.528(b)(4)(i)(E) wants to be told."""

    name: str = field(metadata=of(TEXT))
    address: str = field(metadata=of(TEXT))
    telephone: str = field(metadata=of(TEXT))
