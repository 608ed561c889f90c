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
'0 rows printed, but the entries make 1; the first that differs is row 1'
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from disclosure_ledger.canonical import JSON, encode
from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.hipaa import rows
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.document import Accounting
from disclosure_ledger.hipaa.parts import Span, days
from disclosure_ledger.hipaa.rows import Told
from disclosure_ledger.log.findings import Findings

from .standing import Standing


def check(
    accounting: Accounting,
    rows_printed: Sequence[JSON],
    standing: Standing,
    unknown: int,
    findings: Findings,
) -> tuple[Rules | None, list[str]]:
    """13 e and g: the rules by which it was drawn, None where they are not known, and what a reader should know.

    unknown: how many entries of an unknown version are shown.
    """
    try:
        rules = Rules.parse(accounting.rules)
    except UnknownVersion as error:
        findings.add("13.version", "accounting, rules", "rules that this release knows", error.message)
        return None, []
    except Malformed as error:
        findings.add("13.form", "accounting, rules", "the name of a rule set", error.message)
        return None, []
    notices = _check_covered(accounting, standing, rules, findings)
    studies = frozenset(protocol for protocol, _ in standing.covered)
    if standing.covered:
        count = f"Covered by studies that are printed: {len(standing.covered)} of the period's releases"
        notices.append(f"{count}. That they were made for research nothing here proves.")
    for told in standing.listed:
        if not rows.is_listed(told, accounting.period, rules) or rows.in_study(told, studies):
            findings.add("13.listed", f"entry {told.index}", "a release that makes a row", "one that does not")
    forms = forms_of(accounting, standing.stream, standing.listed, rules, studies)
    code = "1.version" if may_be_explained(rows_printed, forms, unknown) else "13.rows"
    for chosen, found in (
        (code, difference_to_any(rows_printed, forms)),
        ("13.rows", study_missing(accounting, standing.covered)),
    ):
        if found is not None:
            findings.add(chosen, "accounting", "the rows that the opened entries make", found)
    return rules, notices


def _check_covered(accounting: Accounting, standing: Standing, rules: Rules, findings: Findings) -> list[str]:
    """13 g: a practice that was not covered when it issued the accounting had none to give (164.528(a)(1)(ix))."""
    since = rules.covered_since
    if since is None:
        return []
    if since > accounting.issued_on:
        expected = f"rules that hold on {accounting.issued_on}, the day of issue"
        findings.add("13.rows", "accounting, rules", expected, f"covered since {since}")
    before = sum(days(told.disclosed_on).to < since for told in standing.stream)
    return [f"Left out, being from before {since}: {before} of the period's releases."] if before else []


def forms_of(
    accounting: Accounting,
    stream: Sequence[Told],
    listed: Sequence[Told],
    rules: Rules,
    studies: frozenset[str],
) -> tuple[list[JSON], ...]:
    """Every form of the rows that holds (docs/format.md section 11): summed up or not, and by what the reader may see.

    stream, listed: the standing entries of the period, by where they come from. studies: the protocols that the
    research form covers.
    """
    forms = list[list[JSON]]()
    for minor_consented in (True, False) if accounting.requester == "representative" else (True,):
        for summarize in (True, False):
            seen = [one for one in stream if minor_consented or one.service_scope != "minor_consented"]
            forms.append(rows_made([*seen, *listed], studies, accounting.period, rules, summarize=summarize))
    return tuple(forms)


def difference_to_any(printed: Sequence[JSON], forms: Sequence[Sequence[JSON]]) -> str | None:
    """How the rows printed differ from every form that holds; None where they equal one of them."""
    found = [difference(printed, made) for made in forms]
    return None if None in found else found[0]


def may_be_explained(printed: Sequence[JSON], forms: Sequence[Sequence[JSON]], unknown: int) -> bool:
    """Whether so many entries of an unknown version may make the difference to one of the forms.

    Each may be one release more: a row of its own, or one of a summary, which then stands for two rows that there were,
    or for a summary of one less. An entry that it replaced shows so little that it makes no row here.
    """
    if not unknown:
        return False
    theirs = list(map(encode, printed))
    there = Counter(theirs)
    summaries = {encode(row) for row in printed if isinstance(row, dict) and "count" in row}
    for made in forms:
        made_here = list(map(encode, made))
        ours = Counter(made_here)
        more, less = there - ours, (ours - there).total()
        summed = sum(count for row, count in more.items() if row in summaries)
        in_order = _in_both(theirs, ours) == _in_both(made_here, there)
        if in_order and more.total() <= unknown and less <= (rows.SUMMARY_FROM - 1) * summed:
            return True
    return False


def _in_both(those: Iterable[bytes], others: Collection[bytes]) -> list[bytes]:
    """The rows that the others have too, each once, in their order."""
    return list(dict.fromkeys(row for row in those if row in others))


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
    printed_rows = "1 row" if len(theirs) == 1 else f"{len(theirs)} rows"
    return f"{printed_rows} printed, but the entries make {len(ours)}; the first that differs is row {place + 1}"


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
