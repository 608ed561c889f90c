"""Records of what allows, limits or hides a release: authorizations, restrictions, suspensions, and their ends.

>>> from datetime import date
>>> form = Authorization(client="C-1001", id="A-1", signed_on=date(2026, 3, 2), recipients=("Dr. Gray",),
...     information="treatment summary", purpose="referral", expires_on=date(2026, 6, 30))
>>> form.missing(CORE_ELEMENTS), form.names("dr. gray")
((), True)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

from disclosure_ledger.errors import InvalidRecord

from .forms import DATE, FLAG, NUMBER, SHA256, TEXT, choice, listing, of
from .parts import Span, ordered, same_name
from .people import Record
from .shapes import nested

CORE_ELEMENTS: Final = ("description", "discloser", "recipient", "purpose", "expiry", "signature", "date")
"""What 164.508(c)(1) wants on the form."""

STATEMENTS: Final = ("right_to_revoke", "conditioning", "redisclosure")
"""What 164.508(c)(2) wants the form to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization(Record):
    """A form the client signed (164.508). A later one with the same `id` replaces it whole."""

    kind: ClassVar[str] = "authorization"

    client: str = field(metadata=of(NUMBER))
    id: str = field(metadata=of(TEXT))
    signed_on: date = field(metadata=of(DATE))
    recipients: tuple[str, ...] = field(metadata=of(listing(TEXT, least=1)))
    information: str = field(metadata=of(TEXT))
    purpose: str = field(metadata=of(TEXT))
    expires_on: date | None = field(default=None, metadata=of(DATE))
    """The last day on which it holds."""
    expires_when: str | None = field(default=None, metadata=of(TEXT))
    event_happened_on: date | None = field(default=None, metadata=of(DATE))
    psychotherapy_notes: bool | None = field(default=None, metadata=of(FLAG))
    combined_with: str | None = field(default=None, metadata=of(TEXT))
    elements: tuple[str, ...] | None = field(default=None, metadata=of(listing(choice((*CORE_ELEMENTS, *STATEMENTS)))))
    """Which of 164.508(c) are present; None means all."""
    sha256: str | None = field(default=None, metadata=of(SHA256))

    def missing(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Which of the wanted elements the form lacks."""
        return () if self.elements is None else tuple(name for name in wanted if name not in self.elements)

    def names(self, recipient: str) -> bool:
        """Does the form name that recipient?"""
        return any(same_name(recipient, name) for name in self.recipients)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRevoked(Record):
    """The day a written revocation arrived (164.508(b)(5))."""

    kind: ClassVar[str] = "authorization_revoked"

    client: str = field(metadata=of(NUMBER))
    id: str = field(metadata=of(TEXT))
    received_on: date = field(metadata=of(DATE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction(Record):
    """A limit the client asked for (164.522(a)): paid in full and kept from the plan, or agreed by the practice."""

    kind: ClassVar[str] = "restriction"

    client: str = field(metadata=of(NUMBER))
    id: str = field(metadata=of(TEXT))
    type: str = field(metadata=of(choice(("self_pay", "agreed"))))
    effective_on: date = field(metadata=of(DATE))
    recipients: tuple[str, ...] | None = field(default=None, metadata=of(listing(TEXT, least=1)))
    """Names; None means every health plan."""
    services: Span | None = field(default=None, metadata=of(nested(Span)))
    paid_on: date | None = field(default=None, metadata=of(DATE))

    def names(self, recipient: str) -> bool:
        """Is that recipient among the names?"""
        return any(same_name(recipient, name) for name in self.recipients or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionEnded(Record):
    """How and when a restriction ended (164.522(a)(2))."""

    kind: ClassVar[str] = "restriction_ended"

    client: str = field(metadata=of(NUMBER))
    id: str = field(metadata=of(TEXT))
    ended_on: date = field(metadata=of(DATE))
    how: str = field(metadata=of(choice(("client_written", "client_oral", "practice_notice"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension(Record):
    """An agency's statement that an accounting would impede it (164.528(a)(2))."""

    kind: ClassVar[str] = "suspension"

    client: str = field(metadata=of(NUMBER))
    agency: str = field(metadata=of(TEXT))
    """As `recipient.name` or `recipient.organization` of the releases it is about."""
    statement: str = field(metadata=of(choice(("written", "oral"))))
    stated_on: date = field(metadata=of(DATE))
    official: str = field(metadata=of(TEXT))
    through: date | None = field(default=None, metadata=of(DATE))
    """The last day that is suspended."""
    matter: str | None = field(default=None, metadata=of(TEXT))
    """None means every matter of that agency."""

    def rules(self) -> None:
        """A written statement specifies the time (164.528(a)(2)(i))."""
        if self.statement == "written" and self.through is None:
            raise InvalidRecord("expected the last day that a written statement asks for", field="through")
        ordered(self.stated_on, self.through, "through", since="stated_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionLifted(Record):
    """An agency no longer needs it: from that day on nothing is suspended."""

    kind: ClassVar[str] = "suspension_lifted"

    client: str = field(metadata=of(NUMBER))
    agency: str = field(metadata=of(TEXT))
    lifted_on: date = field(metadata=of(DATE))
    matter: str | None = field(default=None, metadata=of(TEXT))
