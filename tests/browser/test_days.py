"""What no entry may say of its day, seen by both verifiers: a release is not recorded before it happened."""

import datetime as dt
from typing import Any

import pytest

from browsing import run, verdicts
from disclosure_ledger import evidence
from disclosure_ledger.hipaa.parts import Span
from evidence_maker import begun, release
from outcomes import codes, trust, vkeys

PERIOD = Span(from_=dt.date(2020, 1, 5), to=dt.date(2026, 1, 5))


@pytest.mark.parametrize(("day", "told"), [("2026-01-06", []), ("2026-01-07", ["13.day"])])
def test_a_release_of_a_day_to_come_is_refused_by_both(verifier: Any, day: str, told: list[str]) -> None:
    """The entries are recorded on 5 January in UTC: in Auckland it may be the 6th."""
    for when in (day, {"from": "2025-12-01", "to": day}):
        maker = begun()
        maker.record("disclosure", **release(disclosed_on=when))
        data = maker.build(period=PERIOD)
        (ours,) = verdicts(verifier, [run(data, [vkeys()["log-1"]])])
        assert [ours["codes"], codes(evidence.verify(data, trust("log-1")))] == [told, told]
