"""A verdict in words for people, and as JSON for machines."""

from disclosure_ledger import strict
from disclosure_ledger.log.findings import REGISTRY, Finding, Outcome, Unwitnessed, Verdict
from disclosure_ledger.pile import Kind

from . import say


def as_json(verdict: Verdict) -> dict[str, object]:
    """The verdict for machines."""
    span = verdict.unwitnessed
    return {
        "outcome": verdict.outcome.value,
        "size": verdict.size,
        "findings": [_finding(one) for one in verdict.findings],
        "origin": verdict.origin,
        "checkpoint": verdict.checkpoint,
        "unwitnessed": _span(span),
        "accusations": [{"where": one.where, "known": one.known, "shown": one.shown} for one in verdict.accusations],
        "notices": list(verdict.notices),
    }


def _span(span: Unwitnessed | None) -> dict[str, object] | None:
    if span is None:
        return None
    since = strict.text_of_instant(span.since) if span.since else None
    return {"first": span.first, "count": span.count, "since": since}


def _finding(one: Finding) -> dict[str, str]:
    return {"code": one.code, "where": one.where, "expected": one.expected, "found": one.found}


SHOWN = 3
"""Findings of one code printed on a terminal; `--json` has them all."""


def as_text(verdict: Verdict, *, opened: bool, kind: Kind | None = None) -> str:
    """The verdict for people: the word, the reasons, and what it rests on. `kind`: of the file; None for a ledger."""
    lines = [f"{verdict.outcome.value.upper()}  {verdict.origin or 'ledger'}, {_covered(verdict, kind)}"]
    for code in dict.fromkeys(one.code for one in verdict.findings):
        lines += _of_code(code, [one for one in verdict.findings if one.code == code])
    for accusation in verdict.accusations:
        lines += ["", f"These two cannot both be true. Kept by {accusation.where}:", accusation.known.rstrip()]
        lines += ["", "Shown now:", accusation.shown.rstrip()]
    lines += [f"  {notice}" for notice in verdict.notices]
    if verdict.unwitnessed is not None:
        span = verdict.unwitnessed
        since = f" (since {span.since:%Y-%m-%d %H:%M} UTC)" if span.since else ""
        some = "entry is" if span.count == 1 else f"{span.count} entries are"
        lines.append(f"  The last {some} in nobody else's memory yet: from {span.first} on{since}.")
    if verdict.outcome is Outcome.VERIFIED and not opened:
        lines.append("  What is sealed was not opened; --full does.")
    return "\n".join(lines)


def _of_code(code: str, findings: list[Finding]) -> list[str]:
    """What one code says, and where; the first few places, and how many more there are."""
    lines = [f"  {code}  {REGISTRY[code]}"]
    for one in findings[:SHOWN]:
        lines.append(f"      {one.where}")
        if one.expected or one.found:
            lines.append(f"        expected {one.expected or '-'}")
            lines.append(f"        found    {one.found or '-'}")
    if len(findings) > SHOWN:
        lines.append(f"      and {len(findings) - SHOWN} more (--json lists every one)")
    return lines


def _covered(verdict: Verdict, kind: Kind | None) -> str:
    """What was looked at: of a file that shows some entries, how many of how many."""
    size = _size_named(verdict.checkpoint)
    if kind is Kind.CHECKPOINT and size is not None:
        return f"checkpoint of {say.entries(size)}; no entry was looked at"
    if kind in _SHOWS_SOME and size is not None:
        return f"{verdict.size} of {say.entries(size)} shown"
    return say.entries(verdict.size)


_SHOWS_SOME = (Kind.JSON, Kind.PDF, Kind.HTML, Kind.RECEIPT)


def _size_named(note: str | None) -> int | None:
    """How many entries a checkpoint's note is about."""
    lines = (note or "").split("\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isascii() and lines[1].isdecimal() else None
