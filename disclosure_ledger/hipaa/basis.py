"""What one row of the table of legal bases says (45 CFR 164.502 to 164.528).

A basis is the ground on which information left the practice. Its row answers five questions with a citation:
is it in the accounting, may an agency suspend it, may repeats be summed up, does minimum necessary apply,
and may psychotherapy notes go out on it.

>>> from disclosure_ledger.hipaa.bases import basis
>>> row = basis("court_order")
>>> row.citation, row.accountable.value, row.suspendable, row.b3
('164.512(e)(1)(i)', 'yes', False, True)
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

GROUP_E: Final = "E. 164.512 without the client's permission"
"""The group whose rows stand in several files, by paragraphs."""


class Accountable(StrEnum):
    """Is a release on this basis in the accounting (164.528(a)(1))?"""

    YES = "yes"
    NO = "no"
    DEFAULT_YES = "default_yes"
    """The text is unsettled: listed, unless counsel turns the code off (`Rules.without`)."""


class MinimumNecessary(StrEnum):
    """Does 164.502(b) bind a release on this basis?"""

    APPLIES = "yes"
    EXEMPT = "no"
    CAPPED = "capped"
    """Exempt as required by law, but never more than the mandate names."""
    NONE = "n/a"


class Notes(StrEnum):
    """May psychotherapy notes go out on this basis without an authorization of their own (164.508(a)(2))?"""

    ALLOWED = "yes"
    BARRED = "no"
    CONDITIONAL = "if"
    """Only under the condition in `notes_note`."""
    NONE = "n/a"


COMPLIANCE_DATE = date(2003, 4, 14)
"""When providers had to comply (164.534(a)); nothing before it is in any accounting (164.528(a)(1)(ix))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One legal basis. Citations are paragraphs of 45 CFR."""

    code: str
    group: str
    title: str
    citation: str
    accountable: Accountable
    exclusion: str = ""
    """The paragraph of 164.528 that leaves it out, such as `(a)(1)(iv)`; empty where none does."""
    exclusion_note: str = ""
    suspendable: bool = False
    """Is it a release under 164.512(d) or (f), the only ones that 164.528(a)(2) lets an agency suspend?"""
    b3: bool = False
    """May repeats be summed up (164.528(b)(3))?"""
    b4: bool = False
    """May the study be listed in place of the release (164.528(b)(4))?"""
    minimum_necessary: MinimumNecessary
    minimum_note: str = ""
    psychotherapy_notes: Notes
    notes_note: str = ""
    evidence: tuple[str, ...]
    """What an entry should refer to."""
    client_purpose: str | None = None
    """The sentence the client reads, with `{fields}`; None where the law keeps it from every client."""
    note: str = ""
    frequency: str
    """How often a therapy practice meets it."""
    verification: str
    """V checked against the regulation, V2 against a secondary source, I our reading."""
    effective_from: date = COMPLIANCE_DATE
    effective_until: date | None = None
