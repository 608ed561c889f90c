"""The research form: a study listed in place of a client's own releases (164.528(b)(4)).

It may be used when the practice disclosed for one study, in the period of this accounting, about fifty people or more.
Then every client whose information may have been among it gets the study, and nobody learns whether it was.

>>> len(FIELDS)
9
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Malformed

from . import words
from .bases import BASES
from .forms import DATE, TEXT
from .parts import DisclosedOn, Party, Span, days
from .shapes import read_object, write_object

if TYPE_CHECKING:  # a reader of evidence has studies and no records
    from .records import ResearchProtocol

FROM_PEOPLE: Final = 50
"""How many individuals make the form available (164.528(b)(4)(i))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRelease:
    """One standing release for a study, of whichever client."""

    client: str
    disclosed_on: DisclosedOn
    counted_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study and the standing releases of all clients for it."""

    protocol: "ResearchProtocol"
    releases: tuple[StudyRelease, ...]


FIELDS: Final = (
    "protocol",
    "description",
    "criteria",
    "information",
    "from",
    "last",
    "sponsor",
    "researcher",
    "statement",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A study as an accounting lists it."""

    protocol: str
    """The study's name."""
    description: str
    criteria: str
    information: str
    from_: date
    last: date
    sponsor: Party
    researcher: Party
    statement: str = words.STUDY

    def to_json(self) -> dict[str, JSON]:
        """The listing as it is printed."""
        return {
            "protocol": self.protocol,
            "description": self.description,
            "criteria": self.criteria,
            "information": self.information,
            "from": DATE.write(self.from_),
            "last": DATE.write(self.last),
            "sponsor": write_object(self.sponsor),
            "researcher": write_object(self.researcher),
            "statement": self.statement,
        }

    @classmethod
    def from_json(cls, obj: JSON) -> "Listing":
        """The listing that a JSON object names. Raises Malformed or InvalidRecord."""
        if not isinstance(obj, Mapping) or set(obj) != set(FIELDS):
            raise Malformed("expected a study as an accounting lists it")
        texts = {
            name: TEXT.read(obj[name], name)
            for name in ("protocol", "description", "criteria", "information", "statement")
        }
        return cls(
            from_=DATE.read(obj["from"], "from"),
            last=DATE.read(obj["last"], "last"),
            sponsor=read_object(Party, obj["sponsor"], path="sponsor"),
            researcher=read_object(Party, obj["researcher"], path="researcher"),
            **texts,
        )


def in_period(study: Study, period: Span) -> tuple[StudyRelease, ...]:
    """The releases under 164.512(i) that the study had in the period."""
    return tuple(
        release
        for release in study.releases
        if BASES[release.counted_as].b4 and period.touches(days(release.disclosed_on))
    )


def since(study: Study, covered_since: date | None) -> Study:
    """The study without what went out before the practice was bound by the rule (164.528(a)(1)(ix))."""
    if covered_since is None:
        return study
    return replace(study, releases=tuple(one for one in study.releases if covered_since <= one.disclosed_on.last_day))


def available(study: Study, period: Span) -> bool:
    """Were they about fifty people or more?"""
    return len({release.client for release in in_period(study, period)}) >= FROM_PEOPLE


def listing(study: Study, period: Span) -> Listing:
    """The study as it is listed: its dates are those of everybody's releases in the period, never this client's."""
    releases = in_period(study, period)
    return Listing(
        protocol=study.protocol.name,
        description=study.protocol.description,
        criteria=study.protocol.criteria,
        information=study.protocol.information,
        from_=max(min(release.disclosed_on.first_day for release in releases), period.from_),
        last=min(max(release.disclosed_on.last_day for release in releases), period.to),
        sponsor=study.protocol.sponsor,
        researcher=study.protocol.researcher,
    )


def listings(studies: Iterable[Study], period: Span) -> tuple[Listing, ...]:
    """The studies as they are listed, by name."""
    return tuple(sorted((listing(study, period) for study in studies), key=lambda one: (one.protocol, one.from_)))
