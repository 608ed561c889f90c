"""The rows printed against the rows that the opened entries make (docs/format.md section 11, section 12 check 13).

Two forms hold: every group that may be summed up is (164.528(b)(3)), or none is. A representative may be shown, or not
be shown, what came from services that a minor consented to alone; the client is shown all of it. What the research form
covers makes no row: then the study must be printed, with dates that hold those releases.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.rows import Told, Named
>>> from disclosure_ledger.hipaa.parts import Day
>>> told = Told(index=6, client="C-1001", basis="court_order", counted_as="court_order", description="visit dates",
...     disclosed_on=Day(on=date(2026, 2, 3)), purpose="A court ordered it.", recipient=Named(name="County Court"))
>>> period = Span(from_=date(2026, 1, 1), to=date(2026, 12, 31))
>>> rows_made([told], frozenset(), period, Rules(), summarize=True)[0]["date"]
'2026-02-03'
>>> difference([], [{"date": "2026-02-03"}])
'0 rows printed, 1 made; the first that differs is row 1'
"""

from collections.abc import Sequence

from disclosure_ledger.canonical import JSON, encode
from disclosure_ledger.hipaa import rows
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.hipaa.rows import Told


def difference_to_any(
    accounting: Accounting,
    printed: Sequence[JSON],
    stream: Sequence[Told],
    listed: Sequence[Told],
    rules: Rules,
    studies: frozenset[str],
) -> str | None:
    """How the rows printed differ from every form that holds; None where they equal one of them.

    stream, listed: the standing entries of the period, by where they come from. studies: the protocols that the
    research form covers.
    """
    found = list[str]()
    for minor_consented in (True, False) if accounting.requester == "representative" else (True,):
        for summarize in (True, False):
            seen = [one for one in stream if minor_consented or one.service_scope != "minor_consented"]
            made = rows_made([*seen, *listed], studies, accounting.period, rules, summarize=summarize)
            if (differs := difference(printed, made)) is None:
                return None
            found.append(differs)
    return found[0]


def rows_made(
    releases: Sequence[Told], studies: frozenset[str], period: Span, rules: Rules, *, summarize: bool
) -> list[JSON]:
    """The rows of these releases, as they are printed."""
    made = rows.rows_from(releases, period, rules=rules, summarize=summarize, studies=studies)
    return [row.to_json() for row in made]


def difference(printed: Sequence[JSON], made: Sequence[JSON]) -> str | None:
    """Where two lists of rows begin to differ, by a byte; None where they are the same. It tells no row's content."""
    ours, theirs = list(map(encode, made)), list(map(encode, printed))
    if ours == theirs:
        return None
    same = next((place for place, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    place = min(len(ours), len(theirs)) if same is None else same
    return f"{len(theirs)} rows printed, {len(ours)} made; the first that differs is row {place + 1}"


def study_missing(accounting: Accounting, covered: Sequence[tuple[str, Span]]) -> str | None:
    """What the research printed lacks of the studies that cover releases (by protocol and days); None for nothing."""
    studies = {protocol for protocol, _ in covered}
    if len(studies) > len(accounting.research):
        return f"{len(accounting.research)} studies printed, {len(studies)} cover releases"
    for _, when in covered:
        first, last = max(when.from_, accounting.period.from_), min(when.to, accounting.period.to)
        if not any(study.from_ <= first and last <= study.last for study in accounting.research):
            return "no study printed whose dates hold a release that it covers"
    return None
