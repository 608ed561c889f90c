"""The browser verifier says of every golden file, good or attacked, what the Python verifier says."""

from typing import Any

import pytest

from browsing import packed, run, verdicts
from disclosure_ledger import pile, targets
from outcomes import EXIT, codes, name_of, path, runs, trust, vkeys

RUNS = runs()


@pytest.fixture(scope="module")
def found(verifier: Any) -> dict[str, dict[str, Any]]:
    given = [
        run(
            packed(path(one["path"])),
            [vkeys()[name] for name in [*one["keys"], *one["witness"]]],
            {name: packed(path(name)) for name in one["known"]},
        )
        for one in RUNS
    ]
    return dict(zip(map(name_of, RUNS), verdicts(verifier, given), strict=True))


@pytest.mark.parametrize("one", RUNS, ids=name_of)
def test_the_outcome_is_the_one_that_the_format_demands(one: dict[str, Any], found: dict[str, dict[str, Any]]) -> None:
    shown = found[name_of(one)]
    assert EXIT[shown["outcome"]] == one["exit"], shown
    assert set(one["checks"]) - {"7"} <= {code.partition(".")[0] for code in shown["codes"]}


@pytest.mark.parametrize("one", [one for one in RUNS if one["keys"] != ["witness"]], ids=name_of)
def test_the_codes_are_those_of_the_other_verifier(one: dict[str, Any], found: dict[str, dict[str, Any]]) -> None:
    verdict = targets.verify(
        path(one["path"]),
        trust=trust(*one["keys"], witnesses=tuple(one["witness"])),
        known=pile.gather(path(name) for name in one["known"]),
    )
    assert set(found[name_of(one)]["codes"]) == set(codes(verdict))
