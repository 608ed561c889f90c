"""When a release to an agency is suspended from the accounting (164.528(a)(2)).

Only releases under 164.512(d) or (f) can be; only to the agency that said so, and in its matter where it named one;
only on the days it asked for, or thirty after an oral statement. Nothing but the day of issue decides.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.permissions import Suspension
>>> oral = Suspension(client="C-1001", agency="County Sheriff", statement="oral", stated_on=date(2026, 10, 23),
...     official="Det. Ruiz")
>>> ends(oral)
datetime.date(2026, 11, 22)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .bases import BASES
from .deadlines import oral_through
from .parts import same_name
from .permissions import Suspension, SuspensionLifted
from .releases import Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A suspension and its place in the ledger, which decides between two of one day."""

    index: int
    suspension: Suspension


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """The end of a suspension and its place in the ledger."""

    index: int
    lifted: SuspensionLifted


def suspendable(release: Disclosure) -> bool:
    """Is it stated or counted under 164.512(d) or (f)? A block does not expose what an agency may keep back."""
    return BASES[release.basis].suspendable or BASES[release.counts_as].suspendable


def ends(suspension: Suspension) -> date:
    """The last day it suspends: as stated in writing; orally at most day 30, or sooner where it said so."""
    if suspension.statement == "written" and suspension.through is not None:
        return suspension.through
    cap = oral_through(suspension.stated_on)
    return cap if suspension.through is None else min(cap, suspension.through)


def about(suspension: Suspension | SuspensionLifted, release: Disclosure) -> bool:
    """Is it about that release: the agency received it, in the matter that was named, if one was?"""
    ours = suspension.matter is None or (release.matter is not None and same_name(suspension.matter, release.matter))
    return ours and release.recipient.is_called(suspension.agency)


def in_force(
    statements: Iterable[Statement], liftings: Sequence[Lifting], release: Disclosure, day: date
) -> tuple[Suspension, ...]:
    """The statements about a release that hold on that day, whether or not its basis can be suspended."""
    ours = [statement for statement in statements if about(statement.suspension, release)]
    oral = _first_oral(ours, release)
    return tuple(
        statement.suspension
        for statement in ours
        if (statement.suspension.statement == "written" or statement == oral)
        and statement.suspension.stated_on <= day <= ends(statement.suspension)
        and not any(_lifts(lifting, statement, release, day) for lifting in liftings)
    )


def about_none(
    statements: Iterable[Statement], liftings: Sequence[Lifting], releases: Sequence[Disclosure], day: date
) -> tuple[Statement, ...]:
    """The statements of that day that hide nothing, because none of the releases is to that agency in that matter."""
    return tuple(
        statement
        for statement in statements
        if statement.suspension.stated_on <= day <= ends(statement.suspension)
        and not any(about(statement.suspension, release) for release in releases)
        and not any(
            same_name(lifting.lifted.agency, statement.suspension.agency) and lifting.lifted.lifted_on <= day
            for lifting in liftings
        )
    )


def _first_oral(statements: Iterable[Statement], release: Disclosure) -> Statement | None:
    """The oral statement whose thirty days count: a second one does not start the clock again.

    One whose days had run out before the release was about other releases.
    """
    oral = [
        statement
        for statement in statements
        if statement.suspension.statement == "oral"
        and release.disclosed_on.first_day <= oral_through(statement.suspension.stated_on)
    ]
    return min(oral, key=lambda statement: (statement.suspension.stated_on, statement.index), default=None)


def _lifts(lifting: Lifting, statement: Statement, release: Disclosure, day: date) -> bool:
    lifted_on = lifting.lifted.lifted_on
    stated = (statement.suspension.stated_on, statement.index)
    return lifted_on <= day and stated < (lifted_on, lifting.index) and about(lifting.lifted, release)


def suspended(statements: Iterable[Statement], liftings: Sequence[Lifting], release: Disclosure, day: date) -> bool:
    """Must the release be left out of an accounting issued on that day?"""
    return suspendable(release) and bool(in_force(statements, liftings, release, day))
