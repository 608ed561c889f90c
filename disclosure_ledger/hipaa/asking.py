"""What a clearance check is asked about, and how it answers.

>>> finding("AUTH-3").to_json()["check"], finding("AUTH-3").severity.value
('AUTH-3', 'block')
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from disclosure_ledger.canonical import JSON

from .bases import BASES, Basis
from .casefile import Casefile
from .checks import CHECKS, Severity
from .classes import is_class_of
from .overlay import NO_OVERLAY, Overlay
from .records import Authorization, Disclosure

_PLACES: Final = {id_: place for place, id_ in enumerate(CHECKS)}
"""Where each check stands in the registry."""
_HARDEST: Final = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the practice is. The defaults are a private counseling practice outside of 42 CFR Part 2."""

    private: bool = True
    """Is it no government office and no reporter that a state designated?"""
    counseling: bool = True
    """Does it treat by counseling or therapy?"""
    part2_program: bool = False
    """Is it a program under 42 CFR 2.11?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceFinding:
    """One thing that clearance found."""

    check: str
    severity: Severity
    message: str
    """One plain sentence, without a client's data."""
    cites: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Does it make the release one that its stated basis does not cover?"""
        return self.severity is Severity.BLOCK and CHECKS[self.check].counts

    def to_json(self) -> dict[str, JSON]:
        """The finding as `check --json` prints it."""
        return {
            "check": self.check,
            "severity": self.severity.value,
            "message": self.message,
            "cites": list(self.cites),
        }


def finding(
    check: str, *, message: str | None = None, severity: Severity | None = None, cites: tuple[str, ...] = ()
) -> ClearanceFinding:
    """A finding of the registry; `message`, `severity` and `cites` stand before the registry's."""
    row = CHECKS[check]
    return ClearanceFinding(
        check=check,
        severity=severity or row.severity,
        message=message or row.sentence,
        cites=cites or row.cites,
    )


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A release that is asked about, beside what is known of the client and of the practice."""

    release: Disclosure
    casefile: Casefile
    facts: Facts = field(default_factory=Facts)
    overlay: Overlay = NO_OVERLAY

    @property
    def basis(self) -> Basis:
        """The row of the stated basis."""
        return BASES[self.release.basis]

    @property
    def first_day(self) -> date:
        """The first of the days on which it happened, or is to happen."""
        return self.release.disclosed_on.first_day

    @property
    def last_day(self) -> date:
        """The last of them."""
        return self.release.disclosed_on.last_day

    @cached_property
    def forms(self) -> tuple[Authorization, ...]:
        """The signed forms that the evidence names and that are on record.

        Where the evidence names none, those that name the recipient.
        """
        ids = [paper.authorization for paper in self.release.papers() if paper.authorization is not None]
        on_record = self.casefile.authorizations
        if ids:
            return tuple(on_record[id_] for id_ in ids if id_ in on_record)
        return tuple(form for form in on_record.values() if self.is_named_by(form))

    def is_named_by(self, form: Authorization) -> bool:
        """Does the form name the recipient, its organization, or a class it belongs to (164.508(c)(1)(iii))?"""
        recipient = self.release.recipient
        organization = recipient.organization
        return (
            form.names(recipient.name)
            or (organization is not None and form.names(organization))
            or any(is_class_of(name, recipient.type) for name in form.recipients)
        )

    def has(self, *data_elements: str) -> bool:
        """Was any of these data elements released?"""
        return any(element in (self.release.fields or ()) for element in data_elements)

    def texts(self, *types: str) -> tuple[str, ...]:
        """What the evidence of these types (or all of it) says in words."""
        return tuple(paper.detail for paper in self.release.papers(*types) if paper.detail is not None)


def in_order(findings: Iterable[ClearanceFinding]) -> tuple[ClearanceFinding, ...]:
    """The findings in the order of the registry, each check once: the hardest of each."""
    best: dict[str, ClearanceFinding] = {}
    for one in findings:
        known = best.get(one.check)
        if known is None or _HARDEST[one.severity] < _HARDEST[known.severity]:
            best[one.check] = one
    return tuple(sorted(best.values(), key=lambda one: _PLACES[one.check]))
