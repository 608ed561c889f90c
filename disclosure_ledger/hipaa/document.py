"""The accounting as an object: what every format lays out, and what a reader of an evidence file parses.

>>> from datetime import date
>>> drawn = Accounting(practice=Practice(name="Harbor Counseling LLC"), client_number="C-1001", client_name=None,
...     request_id=None, requested_on=date(2026, 12, 1), requester="client",
...     period=Span(from_=date(2020, 12, 1), to=date(2026, 12, 1)), issued_on=date(2026, 12, 1), due_on=None,
...     latest_on=None, fee="0.00", rules="45-cfr-164.528/2002-08-14", rows=(), research=(), checkpoint="…")
>>> Accounting.from_json(drawn.to_json()) == drawn
True

Object: docs/records.md ("What an accounting returns as JSON").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord, Malformed, UnknownVersion

from . import words
from .forms import DATE, MONEY, TEXT, choice
from .parts import Span
from .rows import Row
from .shapes import read_object, write_object

if TYPE_CHECKING:  # few accountings list a study
    from .studies import Listing

FORMAT: Final = "disclosure-ledger/accounting/v1"
_FAMILY: Final = "disclosure-ledger/accounting/"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Who answers: as printed at the head of an accounting."""

    name: str
    address: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """What a client is given, and beside it what only the practice and the proof need."""

    practice: Practice
    client_number: str
    client_name: str | None
    request_id: str | None
    requested_on: date
    requester: str
    """`client` or `representative`."""
    period: Span
    issued_on: date
    due_on: date | None
    latest_on: date | None
    fee: str
    rules: str
    rows: tuple[Row, ...]
    research: tuple["Listing", ...]
    statements: tuple[str, ...] = words.STATEMENTS
    checkpoint: str = ""
    studied: tuple[int, ...] = ()
    """Indexes of this client's entries in the period that a study stands for: for the proof only."""
    warnings: tuple[str, ...] = ()
    """What the privacy officer should look at before it is handed over: never for the client."""

    @property
    def provable(self) -> bool:
        """Whether evidence can carry it: not what 42 CFR 2.25 adds (docs/format.md section 11)."""
        return "+part2-accounting-from-" not in self.rules

    def to_json(self) -> dict[str, JSON]:
        """The object that is printed: no index, no warning."""
        practice = {"name": self.practice.name, "address": self.practice.address, "contact": self.practice.contact}
        request = {"id": self.request_id, "requested_on": self.requested_on.isoformat(), "requester": self.requester}
        return {
            "format": FORMAT,
            "practice": practice,
            "client": {"number": self.client_number, "name": self.client_name},
            "request": request,
            "period": write_object(self.period),
            "issued_on": self.issued_on.isoformat(),
            "due_on": None if self.due_on is None else self.due_on.isoformat(),
            "latest_on": None if self.latest_on is None else self.latest_on.isoformat(),
            "fee": self.fee,
            "rules": self.rules,
            "rows": [row.to_json() for row in self.rows],
            "research": [study.to_json() for study in self.research],
            "statements": list(self.statements),
            "checkpoint": self.checkpoint,
        }

    @classmethod
    def from_json(cls, obj: JSON) -> "Accounting":
        """The accounting that a JSON object names. Raises Malformed, or UnknownVersion for a later format."""
        _announced(obj)
        try:
            return _read(cls, _members(obj, _MEMBERS, "accounting"))
        except InvalidRecord as wrong:
            raise Malformed(f"accounting, {wrong}") from None


_MEMBERS: Final = (
    "format",
    "practice",
    "client",
    "request",
    "period",
    "issued_on",
    "due_on",
    "latest_on",
    "fee",
    "rules",
    "rows",
    "research",
    "statements",
    "checkpoint",
)


def _announced(obj: JSON) -> None:
    """Refuse what is no accounting, and leave undecided what is one of a later format."""
    announced = obj.get("format") if isinstance(obj, Mapping) else None
    if announced == FORMAT:
        return
    if isinstance(announced, str) and announced.startswith(_FAMILY):
        raise UnknownVersion("expected an accounting of a format that this release knows")
    raise Malformed("expected an accounting")


def _members(obj: JSON, names: tuple[str, ...], what: str) -> Mapping[str, JSON]:
    """The object, if it has exactly these members; `latest_on` may be missing."""
    if not isinstance(obj, Mapping) or set(obj) | {"latest_on"} != set(names) | {"latest_on"}:
        raise Malformed(f"expected the members of {what}")
    return obj


def _read(cls: type[Accounting], obj: Mapping[str, JSON]) -> Accounting:
    practice = _members(obj["practice"], ("name", "address", "contact"), "practice")
    client = _members(obj["client"], ("number", "name"), "client")
    request = _members(obj["request"], ("id", "requested_on", "requester"), "request")
    return cls(
        practice=Practice(
            name=TEXT.read(practice["name"], "practice.name"),
            address=_or_none(TEXT.read, practice["address"], "practice.address"),
            contact=_or_none(TEXT.read, practice["contact"], "practice.contact"),
        ),
        client_number=TEXT.read(client["number"], "client.number"),
        client_name=_or_none(TEXT.read, client["name"], "client.name"),
        request_id=_or_none(TEXT.read, request["id"], "request.id"),
        requested_on=DATE.read(request["requested_on"], "request.requested_on"),
        requester=choice(("client", "representative")).read(request["requester"], "request.requester"),
        period=read_object(Span, obj["period"], path="period"),
        issued_on=DATE.read(obj["issued_on"], "issued_on"),
        due_on=_or_none(DATE.read, obj["due_on"], "due_on"),
        latest_on=_or_none(DATE.read, obj.get("latest_on"), "latest_on"),
        fee=MONEY.read(obj["fee"], "fee"),
        rules=TEXT.read(obj["rules"], "rules"),
        rows=tuple(Row.from_json(row) for row in _list(obj["rows"])),
        research=_studies(_list(obj["research"])),
        statements=tuple(TEXT.read(text, "statements") for text in _list(obj["statements"])),
        checkpoint=_string(obj["checkpoint"]),
    )


def _studies(listed: list[Any]) -> tuple["Listing", ...]:
    if not listed:
        return ()
    from .studies import Listing

    return tuple(Listing.from_json(study) for study in listed)


def _or_none(read: Callable[[JSON, str], T], value: JSON, path: str) -> T | None:
    return None if value is None else read(value, path)


def _list(value: JSON) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed("expected a list")
    return value


def _string(value: JSON) -> str:
    if not isinstance(value, str):
        raise Malformed("expected text")
    return value
