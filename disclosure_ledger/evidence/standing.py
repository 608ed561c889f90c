"""From opened entries to the releases that an accounting must tell of (docs/format.md section 11, check 13).

Whether an entry stands is judged within its own class: by the corrections of the stream for the stream, and for a
listed entry by every correction shown. So no correction shown beside the stream can hide an entry of it.

>>> from datetime import date
>>> findings = Findings()
>>> standing = Standing(client="C-1", period=Span(from_=date(2026, 1, 1), to=date(2026, 2, 1)), findings=findings)
>>> standing.take_stream([Item(where="entry 2", index=2, kind="disclosure", fields={})])
>>> [(one.code, one.where) for one in findings.all()]
[('13.opened', 'entry 2')]
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from disclosure_ledger.errors import DisclosureLedgerError, Malformed
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.hipaa.rows import Told, told_from_fields
from disclosure_ledger.log.findings import Finding, Findings

from .opening import OF_A_CORRECTION, OF_A_ROW, Item, corrected_by, days_of, expected_of


@dataclass(kw_only=True)
class Standing:
    """The releases that stand in an accounting's period, as its evidence opens them."""

    client: str
    period: Span
    findings: Findings
    unknown: tuple[int, ...] = ()
    """The entries of the stream that are of an unknown version. Each may correct one entry before it."""
    excused: int = 0
    """How many entries are taken to be corrected so."""
    stream: list[Told] = field(default_factory=list)
    """Of the accounting stream."""
    listed: list[Told] = field(default_factory=list)
    """Of no stream."""
    covered: list[tuple[str, Span]] = field(default_factory=list)
    """Protocol and days of releases that a study stands for."""

    def take_stream(self, items: Sequence[Item]) -> None:
        """Judge the entries of the accounting stream after its first."""
        corrected = corrected_by(items)
        self._check_corrections(corrected)
        for item in items:
            told = self._judge(item, stands=item.index not in corrected and not item.retracts)
            if told is not None:
                self.stream.append(told)

    def take_listed(self, items: Sequence[Item], of_the_stream: Sequence[Item]) -> None:
        """Judge the entries that are listed from no stream: each stands, and is of the period."""
        corrected, seen = corrected_by([*items, *of_the_stream]), set[int]()
        for item in items:
            if item.index in seen:
                self._fault("13.listed", item, "an entry that is listed once", "listed before")
            seen.add(item.index)
            if item.index in corrected or item.retracts:
                self._fault("13.listed", item, "an entry that stands", "one that was replaced or retracts")
            elif not self._is_of_the_period(item):
                self._fault("13.listed", item, "a release of the period", "none")
            elif not item.fields.keys() >= OF_A_ROW:
                self._fault("13.opened", item, "everything that its row is made of", "less")
            elif (told := self._judge(item, stands=True)) is not None:
                self.listed.append(told)

    def check_client(self, item: Item) -> None:
        """Check 13: what is opened as the client is the one that the accounting is about."""
        if item.fields.get("client") != self.client:
            self._fault("13.client", item, "the client of the accounting", "another")

    def _judge(self, item: Item, *, stands: bool) -> Told | None:
        """The release that an entry tells of, where it stands in the period and no study covers it."""
        in_period = stands and self._is_of_the_period(item)
        names = frozenset(item.fields)
        if names not in (sets := expected_of(item, stands=stands, in_period=in_period)):
            if stands and self._may_be_corrected(item):
                self.excused += 1
                self._fault("1.version", item, "everything that its row is made of", "less: it may be corrected")
                return None
            self._fault("13.opened", item, " or ".join(map(_listed, sets)), _listed(names))
            return None
        if not in_period:
            return None
        self.check_client(item)
        if names - OF_A_CORRECTION == OF_A_ROW:
            return self._told(item)
        self._cover(item)
        return None

    def _may_be_corrected(self, item: Item) -> bool:
        """Whether what is open of an entry is what would be if one of an unknown version corrected it."""
        later = sum(index > item.index for index in self.unknown)
        opened = frozenset(item.fields)
        return self.excused < later and opened in expected_of(item, stands=False, in_period=False)

    def _is_of_the_period(self, item: Item) -> bool:
        try:
            when = days_of(item)
        except Malformed as error:
            self._fault("13.opened", item, "a day, a range or an event", error.message)
            return False
        if when is None and not item.retracts and "disclosed_on" in item.fields:
            self._fault("13.opened", item, "a release with its day", "none")
        return when is not None and self.period.touches(when)

    def _told(self, item: Item) -> Told | None:
        counted, stated = item.fields.get("counted_as"), item.fields.get("basis")
        if counted not in (stated, "impermissible"):
            self._fault("13.stream", item, "a release that counts as it was stated, or as impermissible", str(counted))
        try:
            return told_from_fields(item.index, item.fields)
        except DisclosureLedgerError as error:
            self._fault("13.opened", item, "what a row is made of", error.message)
            return None

    def _cover(self, item: Item) -> None:
        """Take a release that a study stands for."""
        protocol, when = item.fields.get("protocol"), days_of(item)
        if not isinstance(protocol, str) or not protocol or when is None:
            self._fault("13.opened", item, "everything that its row is made of: no study covers it", "less")
            return
        self.covered.append((protocol, when))

    def _check_corrections(self, corrected: Mapping[int, Sequence[Item]]) -> None:
        """No entry is corrected twice in one class (docs/format.md section 5)."""
        for index, by in sorted(corrected.items()):
            for item in by[1:]:
                self._fault("13.stream", item, f"entry {index} corrected once", "corrected before")

    def _fault(self, code: str, item: Item, expected: str, found: str) -> None:
        self.findings.at(item.index, Finding(code=code, where=item.where, expected=expected, found=found))


def _listed(names: frozenset[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
