"""The legal bases on which information leaves a practice, as dated, cited rows; and how a rule set is read.

71 codes: 43 are in the accounting of 45 CFR 164.528, 23 are excluded by a paragraph of 164.528(a)(1), and on five the
text is unsettled: they are in unless counsel turns them off. The table is data; the questions asked of it are here.

>>> basis("payment").exclusion, basis("court_order").accountable.value
('(a)(1)(i)', 'yes')
>>> purpose("workers_compensation", recipient="State Board", matter="WC-77")
"Workers' compensation law allowed us to send this for claim WC-77."
>>> purpose("workers_compensation", recipient="State Board")
"Workers' compensation law allowed us to send this."
>>> Rules().name(), Rules(without=frozenset({"whistleblower"})).name()
('45-cfr-164.528/2002-08-14', '45-cfr-164.528/2002-08-14+without-whistleblower')
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from disclosure_ledger import strict
from disclosure_ledger.errors import InvalidRecord, Malformed, UnknownVersion

from . import (
    bases_agreed,
    bases_care,
    bases_client,
    bases_courts,
    bases_government,
    bases_outside,
    bases_police,
    bases_public,
    bases_special,
)
from .basis import COMPLIANCE_DATE, Accountable, Basis, MinimumNecessary, Notes
from .part2 import PART2, Part2Basis

__all__ = [
    "BASES",
    "COMPLIANCE_DATE",
    "DEFAULT_YES",
    "IMPERMISSIBLE",
    "PART2",
    "RULES",
    "Accountable",
    "Basis",
    "MinimumNecessary",
    "Notes",
    "Part2Basis",
    "Rules",
    "basis",
    "part2_basis",
    "purpose",
    "withheld",
]

_TABLES = (
    bases_client,
    bases_care,
    bases_agreed,
    bases_public,
    bases_courts,
    bases_police,
    bases_special,
    bases_government,
    bases_outside,
)

BASES: Mapping[str, Basis] = MappingProxyType({row.code: row for table in _TABLES for row in table.ROWS})
"""Every code, in the order of the table."""

DEFAULT_YES = frozenset(row.code for row in BASES.values() if row.accountable is Accountable.DEFAULT_YES)
"""The five codes whose place in the accounting the text leaves open."""

IMPERMISSIBLE = frozenset({"impermissible", "impermissible_by_business_associate"})
"""The codes of releases that no paragraph allowed."""

_WITHHELD = frozenset({"health_oversight", "national_security", "correctional_custody"})

RULES = "45-cfr-164.528/2002-08-14"
"""The rule set in force: 164.528 as last amended on 14 August 2002 (67 FR 53271)."""


def basis(code: str) -> Basis:
    """The row of a code. Raises InvalidRecord, with the nearest code there is, for any other text."""
    row = BASES.get(code)
    if row is None:
        raise InvalidRecord("expected a code of the table of legal bases", field="basis", hint=_nearest(code, BASES))
    return row


def part2_basis(code: str) -> Part2Basis:
    """The row of a code of 42 CFR Part 2. Raises InvalidRecord for any other text."""
    row = PART2.get(code)
    if row is None:
        raise InvalidRecord("expected a code of 42 CFR Part 2", field="part2_basis", hint=_nearest(code, PART2))
    return row


def _nearest(code: str, table: Mapping[str, object]) -> str | None:
    import difflib  # a hint is rarely asked for

    near = difflib.get_close_matches(code, table, n=1)
    return f"did you mean {near[0]}?" if near else None


def withheld(code: str) -> bool:
    """Is it a basis whose releases must be deniable: 164.512(d), (f), (k)(2) or (k)(5) (docs/format.md section 6)?"""
    return code in _WITHHELD or code.startswith("le_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A rule set and how its unsettled places are read. `name` says both, and `parse` reads the name again."""

    id: str = RULES
    without: frozenset[str] = frozenset()
    """Codes of `DEFAULT_YES` that counsel turned off."""
    part2_accounting_effective: date | None = None
    """From when 42 CFR 2.25 has to be obeyed; None while its compliance date is tolled."""
    covered_since: date | None = None
    """When the practice became a covered entity, where that was after 2003 (164.528(a)(1)(ix))."""

    def __post_init__(self) -> None:
        if self.id != RULES:
            raise UnknownVersion("expected a rule set that this release knows")
        if not self.without <= DEFAULT_YES:
            raise Malformed("expected only codes whose place in the accounting is unsettled")

    def name(self) -> str:
        """The rule set's id, and for each reading that was switched `+` and its name, in a fixed order."""
        switched = [f"without-{code}" for code in sorted(self.without)]
        if self.part2_accounting_effective is not None:
            switched.append(f"part2-accounting-from-{self.part2_accounting_effective.isoformat()}")
        if self.covered_since is not None:
            switched.append(f"covered-since-{self.covered_since.isoformat()}")
        return "+".join([self.id, *switched])

    @classmethod
    def parse(cls, name: str) -> "Rules":
        """The rules that `name` names. Raises UnknownVersion for a rule set or reading this release does not know."""
        rule_set, *switches = name.split("+")
        without: set[str] = set()
        days: dict[str, date] = {}
        for switch in switches:
            code = switch.removeprefix("without-")
            if code != switch and code in DEFAULT_YES:
                without.add(code)
            elif found := re.fullmatch(r"(part2-accounting-from|covered-since)-([0-9-]{10})", switch, re.ASCII):
                days[found[1]] = strict.date(found[2])
            else:
                raise UnknownVersion("expected readings that this release knows")
        rules = cls(
            id=rule_set,
            without=frozenset(without),
            part2_accounting_effective=days.get("part2-accounting-from"),
            covered_since=days.get("covered-since"),
        )
        if rules.name() != name:
            raise Malformed("expected the readings once each and in order")
        return rules

    def lists(self, code: str) -> bool:
        """Is a release that counts as `code` one that an accounting lists (164.528(a)(1))?"""
        return basis(code).accountable is not Accountable.NO and code not in self.without


_CLAUSES = (
    " (case {case_ref})",
    " in case {case_ref}",
    " for claim {claim}",
    " {protocol}",
    " {plain_explanation}",
    ": {recipient}",
    " ({recipient})",
    ", {recipient}",
)


def purpose(
    counted_as: str,
    *,
    recipient: str | None = None,
    matter: str | None = None,
    protocol_name: str | None = None,
    explanation: str | None = None,
    block_sentence: str | None = None,
    disclosed_by: str | None = None,
) -> str | None:
    """The sentence the client reads when nobody wrote one (164.528(b)(2)(iv)); None where none is ever printed.

    A clause whose field is missing falls away. `explanation`, or else the plain sentence of the first block, says what
    went wrong with an impermissible release. A release that a business associate made says so.
    """
    sentence = basis(counted_as).client_purpose
    if sentence is None:
        return None
    values = {
        "recipient": recipient,
        "case_ref": matter,
        "claim": matter,
        "protocol": protocol_name,
        "plain_explanation": explanation or block_sentence,
    }
    return _by(_filled(sentence, values), disclosed_by)


def _filled(sentence: str, values: Mapping[str, str | None]) -> str:
    """The sentence with its fields, but for the clauses whose field is missing."""
    for clause in _CLAUSES:
        if clause in sentence and values[re.findall(r"\{(\w+)\}", clause)[0]] is None:
            sentence = sentence.replace(clause, "")
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]] or "them", sentence)


def _by(sentence: str, disclosed_by: str | None) -> str:
    """Say who sent it for the practice, unless the sentence speaks of such a company already."""
    if disclosed_by in (None, "practice") or sentence.startswith("A company"):
        return sentence
    return f"{sentence.removesuffix('.')} (sent for us by {disclosed_by})."
