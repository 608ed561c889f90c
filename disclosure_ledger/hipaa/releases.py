"""The record of a release, and its correction.

A release is never edited: a correction takes its place, or retracts it, and both stay in the ledger.

>>> from disclosure_ledger.hipaa.parts import Day, Recipient
>>> from datetime import date
>>> release = Disclosure(client="C-1001", disclosed_on=Day(on=date(2026, 2, 3)), basis="court_order",
...     recipient=Recipient(name="County Court", type="court"), description="attendance dates")
>>> release.latest_day, release.holds_notes, release.scope
(datetime.date(2026, 2, 3), False, 'general')
>>> Correction(client="C-1001", corrects=18, reason="recorded for the wrong client").retracts
True
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord

from . import bases
from .forms import CHECK, COUNT, DATE, FLAG, NUMBER, SHA256, TEXT, Form, choice, clean, coded, listing, of
from .particulars import Evidence, Informed, Override
from .parts import DISCLOSED_ON, DisclosedOn, Recipient, Span
from .people import Record
from .shapes import items, nested, read_object

DATA_ELEMENTS: Final = (
    "client_name",
    "date_of_birth",
    "address",
    "member_id",
    "service_dates",
    "service_codes",
    "charges",
    "diagnosis",
    "symptoms",
    "functional_status",
    "treatment_goals",
    "treatment_plan",
    "progress",
    "prognosis",
    "medication",
    "test_results",
    "treatment_summary",
    "progress_notes",
    "psychotherapy_notes",
    "entire_record",
    "sud_records",
    "physical_description",
    "location",
    "other",
)
"""The codes of `fields`."""

METHODS: Final = ("mail", "fax", "email", "portal", "phone", "in_person", "electronic", "other")

_BASIS = coded(bases.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Record):
    """A release of a client's information to somebody outside the practice. Fields: docs/records.md."""

    kind: ClassVar[str] = "disclosure"

    client: str = field(metadata=of(NUMBER))
    disclosed_on: DisclosedOn = field(metadata=of(DISCLOSED_ON))
    recipient: Recipient = field(metadata=of(nested(Recipient)))
    basis: str = field(metadata=of(_BASIS))
    """The code of the basis actually relied on."""
    description: str = field(metadata=of(TEXT))
    fields: tuple[str, ...] | None = field(default=None, metadata=of(listing(choice(DATA_ELEMENTS))))
    purpose: str | None = field(default=None, metadata=of(TEXT))
    matter: str | None = field(default=None, metadata=of(TEXT))
    service: Span | None = field(default=None, metadata=of(nested(Span)))
    service_scope: str | None = field(default=None, metadata=of(choice(("general", "minor_consented"))))
    psychotherapy_notes: bool | None = field(default=None, metadata=of(FLAG))
    via_ehr: bool | None = field(default=None, metadata=of(FLAG))
    part2_basis: str | None = field(default=None, metadata=of(coded(bases.part2_basis)))
    evidence: tuple[Evidence, ...] | None = field(default=None, metadata=of(listing(nested(Evidence))))
    document_sha256: str | None = field(default=None, metadata=of(SHA256))
    pages: int | None = field(default=None, metadata=of(COUNT))
    method: str | None = field(default=None, metadata=of(choice(METHODS)))
    verified: str | None = field(default=None, metadata=of(TEXT))
    minimum_necessary: str | None = field(default=None, metadata=of(TEXT))
    disclosed_by: str | None = field(default=None, metadata=of(TEXT))
    reported_on: date | None = field(default=None, metadata=of(DATE))
    discovered_on: date | None = field(default=None, metadata=of(DATE))
    explanation: str | None = field(default=None, metadata=of(TEXT))
    protocol: str | None = field(default=None, metadata=of(TEXT))
    client_informed: Informed | None = field(default=None, metadata=of(nested(Informed)))
    overrides: tuple[Override, ...] | None = field(default=None, metadata=of(listing(nested(Override))))
    counted_as: str | None = field(default=None, metadata=of(_BASIS, stored=True))
    """The basis that decides the accounting: written by the ledger."""
    findings: tuple[str, ...] | None = field(default=None, metadata=of(listing(CHECK), stored=True))
    """The ids of the clearance findings: written by the ledger."""

    @property
    def latest_day(self) -> date:
        """The last day of the release; the event's, where it is dated by one."""
        return self.disclosed_on.last_day

    @property
    def counts_as(self) -> str:
        """`counted_as`, or the stated basis of a release that is not recorded yet."""
        return self.counted_as or self.basis

    @property
    def scope(self) -> str:
        """`general` or `minor_consented`."""
        return self.service_scope or "general"

    @property
    def holds_notes(self) -> bool:
        """Were psychotherapy notes (164.501) among it?"""
        return bool(self.psychotherapy_notes) or "psychotherapy_notes" in (self.fields or ())

    def papers(self, *types: str) -> tuple[Evidence, ...]:
        """The evidence of these types; all of it where none is named."""
        return tuple(paper for paper in self.evidence or () if not types or paper.type in types)


def _read_corrects(value: JSON, path: str) -> int | str:
    if type(value) is int and value >= 0:
        return value
    if isinstance(value, str):
        return clean(value, path)
    raise InvalidRecord("expected the number or the ref of an entry", field=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Record):
    """A release put right: `replacement` takes its place, or, where there is none, it is retracted.

    `client` is the corrected entry's, or, to move a release to the client it was about, that client's.
    """

    kind: ClassVar[str] = "correction"

    client: str = field(metadata=of(NUMBER))
    corrects: int | str = field(metadata=of(Form(_read_corrects, lambda value: value)))
    """The number or `ref` of the entry; once recorded, the index of what stood until then."""
    reason: str = field(metadata=of(TEXT))
    replacement: Disclosure | None = None

    def rules(self) -> None:
        """The replacement is about the correction's client; `ref` and `note` stand on the correction."""
        if self.replacement is None:
            return
        if self.replacement.client != self.client:
            raise InvalidRecord("expected a replacement about the correction's client", field="disclosure.client")
        if self.replacement.ref is not None or self.replacement.note is not None:
            raise InvalidRecord("expected ref and note on the correction", field="disclosure")

    @property
    def retracts(self) -> bool:
        """Does it retract, and put nothing in the place?"""
        return self.replacement is None


REPLACEMENT_GIVEN: Final = {"ref": None, "note": None, "recorded_by": None}
"""What a replacement never has of its own."""


def read_correction(value: Mapping[str, JSON]) -> Correction:
    """The correction that a JSON object without `kind` names."""
    own = {name: item for name, item in value.items() if name not in ("disclosure", "retract")}
    correction = read_object(Correction, own)
    replacement, retract = value.get("disclosure"), value.get("retract")
    if (replacement is None) == (retract is None):
        raise InvalidRecord("expected either disclosure or retract", field="disclosure")
    if retract is not None and retract is not True:
        raise InvalidRecord("expected true", field="retract")
    return with_replacement(correction, replacement, path="disclosure")


def with_replacement(correction: Correction, replacement: JSON, *, path: str = "", stored: bool = False) -> Correction:
    """The same correction with the release that a JSON object (or None) names in place of the old one."""
    release = None
    if replacement is not None:
        given = {**REPLACEMENT_GIVEN, "client": correction.client}
        release = read_object(Disclosure, replacement, path=path, stored=stored, **given)
    return Correction(
        client=correction.client,
        ref=correction.ref,
        note=correction.note,
        recorded_by=correction.recorded_by,
        corrects=correction.corrects,
        reason=correction.reason,
        replacement=release,
    )


REPLACEMENT_FIELDS: Final = tuple(
    item for item in items(Disclosure) if item.attribute not in ("client", *REPLACEMENT_GIVEN)
)
"""What a correction holds of its replacement, flat beside its own fields."""
