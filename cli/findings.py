"""Clearance findings for people."""

from disclosure_ledger.hipaa.clearance import ClearanceFinding, Severity


def as_line(one: ClearanceFinding) -> str:
    """A finding for people."""
    return f"  {one.severity.value.upper():5}  {one.check}: {one.message} ({'; '.join(one.cites)})"


def as_lines(findings: tuple[ClearanceFinding, ...]) -> list[str]:
    """The findings for people, blocks first."""
    ranked = sorted(findings, key=lambda one: list(Severity).index(one.severity))
    return [as_line(one) for one in ranked]
