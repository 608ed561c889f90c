"""Records of a client's request for an accounting and of what answers it (164.528(c)).

>>> from datetime import date
>>> AccountingRequest(client="C-1001", id="R-1", requested_on=date(2026, 11, 20), received_on=date(2026, 11, 23)).role
'client'
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from .forms import BASE64, DATE, MONEY, NUMBER, SHA256, TEXT, choice, of
from .particulars import Requester
from .parts import ordered
from .people import Record
from .shapes import nested


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingRequest(Record):
    """A request for an accounting. A later one with the same `id` replaces it whole."""

    kind: ClassVar[str] = "accounting_request"

    client: str = field(metadata=of(NUMBER))
    id: str = field(metadata=of(TEXT))
    requested_on: date = field(metadata=of(DATE))
    received_on: date = field(metadata=of(DATE))
    from_: date | None = field(default=None, metadata=of(DATE))
    to: date | None = field(default=None, metadata=of(DATE))
    """A narrower period, at the client's own choice (164.528(a)(3))."""
    requester: Requester | None = field(default=None, metadata=of(nested(Requester)))

    def rules(self) -> None:
        """Nothing arrives before it was made, and a period does not end before it begins."""
        ordered(self.requested_on, self.received_on, "received_on", since="requested_on")
        ordered(self.from_, self.to, "to", since="from")

    @property
    def role(self) -> str:
        """`client` or `representative`."""
        return self.requester.role if self.requester is not None else "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingExtended(Record):
    """The one written statement that gives up to 30 days more (164.528(c)(1)(ii))."""

    kind: ClassVar[str] = "accounting_extended"

    client: str = field(metadata=of(NUMBER))
    request: str = field(metadata=of(TEXT))
    notified_on: date = field(metadata=of(DATE))
    reason: str = field(metadata=of(TEXT))
    provide_by: date = field(metadata=of(DATE))

    def rules(self) -> None:
        """The accounting is promised for no day before the letter."""
        ordered(self.notified_on, self.provide_by, "provide_by", since="notified_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingFeeNotice(Record):
    """The client was told the fee beforehand, and what they answered (164.528(c)(2))."""

    kind: ClassVar[str] = "accounting_fee_notice"

    client: str = field(metadata=of(NUMBER))
    request: str = field(metadata=of(TEXT))
    notified_on: date = field(metadata=of(DATE))
    fee: str = field(metadata=of(MONEY))
    answer: str = field(metadata=of(choice(("proceed", "narrowed", "withdrawn", "none_yet"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingWithdrawn(Record):
    """The client took the request back."""

    kind: ClassVar[str] = "accounting_withdrawn"

    client: str = field(metadata=of(NUMBER))
    request: str = field(metadata=of(TEXT))
    withdrawn_on: date = field(metadata=of(DATE))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingProvided(Record):
    """The written accounting that was given (164.528(d)(2)); imported ones may lack the document."""

    kind: ClassVar[str] = "accounting_provided"

    client: str = field(metadata=of(NUMBER))
    request: str = field(metadata=of(TEXT))
    provided_on: date = field(metadata=of(DATE))
    fee: str = field(metadata=of(MONEY))
    document: str | None = field(default=None, metadata=of(BASE64))
    """The bytes given, in base64, without limit of length."""
    sha256: str | None = field(default=None, metadata=of(SHA256))
