"""The parts of records that no row of an accounting shows: evidence, overrides, who was told, who asks and who acts.

They stand apart from `parts` so that who verifies evidence need not load them.

>>> Requester(name="Alex Roe", role="client").role
'client'

Fields and codes: docs/records.md ("Fields of a disclosure").
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from disclosure_ledger.errors import InvalidRecord

from .forms import CHECK, DATE, SHA256, TEXT, choice, of
from .parts import ordered
from .shapes import Shaped

EVIDENCE_TYPES: Final = (
    "court_order",
    "subpoena",
    "satisfactory_assurance",
    "protective_order",
    "warrant",
    "written_request",
    "authorization",
    "baa",
    "irb_waiver",
    "statute",
    "report_number",
    "professional_judgment",
    "incident_report",
    "custody_statement",
    "other",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Shaped):
    """One paper or judgment that a release rests on."""

    type: str = field(metadata=of(choice(EVIDENCE_TYPES)))
    ref: str | None = field(default=None, metadata=of(TEXT))
    dated: date | None = field(default=None, metadata=of(DATE))
    issuer: str | None = field(default=None, metadata=of(TEXT))
    sha256: str | None = field(default=None, metadata=of(SHA256))
    authorization: str | None = field(default=None, metadata=of(TEXT))
    """The `id` of an `authorization` record of the same client."""
    detail: str | None = field(default=None, metadata=of(TEXT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(Shaped):
    """A clearance finding that a person accepted: who went on, and why."""

    check: str = field(metadata=of(CHECK))
    reason: str = field(metadata=of(TEXT))
    by: str = field(metadata=of(TEXT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Informed(Shaped):
    """How the client was told of an abuse report, or why not (164.512(c)(2))."""

    on: date | None = field(default=None, metadata=of(DATE))
    how: str | None = field(default=None, metadata=of(TEXT))
    exception: str | None = field(default=None, metadata=of(TEXT))

    def rules(self) -> None:
        """Either day and manner, or the exception."""
        told = self.on is not None and self.how is not None
        if self.exception is None and not told:
            raise InvalidRecord("expected on and how, or exception")
        if self.exception is not None and (self.on is not None or self.how is not None):
            raise InvalidRecord("expected either on and how, or exception, not both", field="exception")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester(Shaped):
    """Who asks for an accounting, and in which role."""

    name: str = field(metadata=of(TEXT))
    role: str = field(metadata=of(choice(("client", "representative"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative(Shaped):
    """Who may act for the client (164.502(g)), from when, until when, and for which services."""

    name: str = field(metadata=of(TEXT))
    authority: str = field(metadata=of(TEXT))
    from_: date = field(metadata=of(DATE))
    to: date | None = field(default=None, metadata=of(DATE))
    scope: str = field(metadata=of(choice(("all", "excluding_minor_consented"))))

    def rules(self) -> None:
        """The last day is not before the first."""
        ordered(self.from_, self.to, "to", since="from")

    def in_force(self, day: date) -> bool:
        """May this person act for the client on that day?"""
        return self.from_ <= day and (self.to is None or day <= self.to)

    @property
    def is_parent(self) -> bool:
        """Does the authority rest on being a parent, and on no court or paper beside it?"""
        said = self.authority.casefold()
        return _PARENT.search(said) is not None and _BESIDE.search(said) is None


_PARENT: Final = re.compile(r"\b(step-?)?(parents?|mother|father)\b|\bin loco parentis\b")
_BESIDE: Final = re.compile(
    r"\b(guardian|conservator|executor|administrat|surrogate)|\b(court|order|power|attorney|proxy|agent|estate)\b"
    r"|\b(appointed|letters|adult|next of kin)\b"
)
