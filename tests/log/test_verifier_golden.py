"""The golden audit package and every attack on it, as far as entries and checkpoint show it (docs/format.md)."""

from typing import Any

import pytest

from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.verifier import verify_log
from golden_audit import audit_runs, read_package, trust_of
from golden_log import folder

EXITS = {0: Outcome.VERIFIED, 3: Outcome.FAILED, 4: Outcome.INCOMPLETE}

OF_THE_PACKAGE_ALONE = {
    *("tile-changed", "tile-missing", "log-vkey-swapped"),
    *(
        "opening-other-value",
        "opening-of-another-entry",
        "opening-of-a-field-committed-twice",
        "openings-not-canonical",
    ),
}
"""Faults in files that hold neither entries nor checkpoints: whoever reads the package finds them."""


def name_of(run: dict[str, Any]) -> str:
    return f"{run['path']}, {run['fault']}, knowing {len(run['known'])}"


@pytest.mark.parametrize("run", audit_runs(), ids=name_of)
@pytest.mark.parametrize("threads", [1, 2])
def test_the_verdict_is_the_golden_one(run: dict[str, Any], threads: int) -> None:
    package = read_package(folder() / run["path"])
    verdict = verify_log(
        iter(package.notes), package.checkpoint, trust=trust_of(run), handovers=package.handovers, threads=threads
    )
    if run["path"].rpartition("/")[2] in OF_THE_PACKAGE_ALONE:
        assert verdict.outcome is Outcome.VERIFIED
        return
    assert verdict.outcome is EXITS[run["exit"]], verdict.findings
    assert {finding.code.partition(".")[0] for finding in verdict.findings} >= set(run["checks"])


def test_what_could_not_be_told_without_outside_memory_is_told_with_it() -> None:
    for name in ("cut-off", "rewritten-by-key-thief"):
        runs = [run for run in audit_runs() if run["path"].endswith(name)]
        assert {run["exit"] for run in runs} == {3, 4}


def test_each_contradiction_is_given_with_both_notes() -> None:
    run = next(run for run in audit_runs() if run["path"].endswith("rewritten-by-key-thief") and run["exit"] == 3)
    package, trust = read_package(folder() / run["path"]), trust_of(run)
    verdict = verify_log(package.notes, package.checkpoint, trust=trust, handovers=package.handovers)
    (accusation,) = verdict.accusations
    assert accusation.known.encode() == trust.known[0].raw  # type: ignore[union-attr]
    assert accusation.shown.encode() == package.checkpoint
    assert accusation.where == "checkpoints/30.note"
