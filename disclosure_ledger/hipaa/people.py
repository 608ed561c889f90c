"""Records about people and studies: the client, who acts for them, which study they may be part of, what is held.

>>> from disclosure_ledger.hipaa.people import Client
>>> Client(client="C-1001", name="Dana Whitfield").name
'Dana Whitfield'
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from .forms import DATE, NUMBER, TEXT, listing, of
from .particulars import Representative
from .parts import Party, ordered
from .shapes import Shaped, nested


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Shaped):
    """What every record has. `client` is None only where a record is about no one client."""

    kind: ClassVar[str] = ""

    client: str | None = field(default=None, metadata=of(NUMBER, stored=True))
    ref: str | None = field(default=None, metadata=of(TEXT))
    """The source system's own id, unique in a ledger."""
    note: str | None = field(default=None, metadata=of(TEXT))
    """Internal text, never printed for a client."""
    recorded_by: str | None = field(default=None, metadata=of(TEXT, stored=True))
    """Who recorded it: written by the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(Record):
    """A client of the practice. A later one replaces the earlier one whole."""

    kind: ClassVar[str] = "client"

    client: str = field(metadata=of(NUMBER))
    name: str | None = field(default=None, metadata=of(TEXT, asked=True))
    """None only in the record that the ledger writes itself for a number that was used before it had one."""
    born_on: date | None = field(default=None, metadata=of(DATE))
    address: str | None = field(default=None, metadata=of(TEXT))
    died_on: date | None = field(default=None, metadata=of(DATE))
    communication: str | None = field(default=None, metadata=of(TEXT))
    """The confidential address or method that the client asked for (164.522(b))."""
    representatives: tuple[Representative, ...] | None = field(
        default=None, metadata=of(listing(nested(Representative)))
    )

    def rules(self) -> None:
        """Nobody dies before birth."""
        ordered(self.born_on, self.died_on, "died_on", since="born_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Record):
    """A legal hold: nothing of this client may be erased."""

    kind: ClassVar[str] = "hold"

    client: str = field(metadata=of(NUMBER))
    reason: str = field(metadata=of(TEXT))


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Record):
    """The end of every hold of the client."""

    kind: ClassVar[str] = "hold_lifted"

    client: str = field(metadata=of(NUMBER))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchProtocol(Record):
    """A study under 164.512(i), with what 164.528(b)(4)(i) wants to be told. `id` is unique in the ledger."""

    kind: ClassVar[str] = "research_protocol"

    id: str = field(metadata=of(TEXT))
    name: str = field(metadata=of(TEXT))
    description: str = field(metadata=of(TEXT))
    criteria: str = field(metadata=of(TEXT))
    information: str = field(metadata=of(TEXT))
    sponsor: Party = field(metadata=of(nested(Party)))
    researcher: Party = field(metadata=of(nested(Party)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchCandidate(Record):
    """The client met the study's selection criteria, whether or not anything was sent."""

    kind: ClassVar[str] = "research_candidate"

    client: str = field(metadata=of(NUMBER))
    protocol: str = field(metadata=of(TEXT))
