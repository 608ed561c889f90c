"""Findings and verdicts (docs/format.md section 12)."""

import pytest

from disclosure_ledger.log.findings import INCOMPLETE, REGISTRY, Finding, Outcome, Verdict

FAILING = Finding(code="7.root", where="checkpoint")
MISSING = Finding(code="8.no-outside", where="trust")


def test_a_finding_of_an_unknown_code_cannot_be_made() -> None:
    with pytest.raises(ValueError, match=r"7\.rot"):
        Finding(code="7.rot", where="checkpoint")


def test_every_code_begins_with_the_number_of_a_check() -> None:
    assert {code.partition(".")[0] for code in REGISTRY} == {str(number) for number in range(1, 15)}


def test_every_code_is_explained_in_one_sentence() -> None:
    for code, sentence in REGISTRY.items():
        assert sentence.endswith("."), code
        assert "\n" not in sentence, code


def test_what_makes_a_verdict_incomplete_is_in_the_registry() -> None:
    assert REGISTRY.keys() >= INCOMPLETE


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        ((), Outcome.VERIFIED),
        ((MISSING,), Outcome.INCOMPLETE),
        ((FAILING,), Outcome.FAILED),
        ((MISSING, FAILING), Outcome.FAILED),
        ((FAILING, MISSING), Outcome.FAILED),
    ],
)
def test_the_worst_finding_decides(findings: tuple[Finding, ...], outcome: Outcome) -> None:
    assert Verdict(size=1, findings=findings).outcome is outcome


def test_further_findings_change_the_outcome_and_not_the_verdict_before() -> None:
    before = Verdict(size=1)
    assert before.plus([FAILING]).outcome is Outcome.FAILED
    assert before.outcome is Outcome.VERIFIED


@pytest.mark.parametrize("code", sorted(INCOMPLETE))
def test_a_code_of_the_incomplete_kind_does_not_fail_alone(code: str) -> None:
    assert not Finding(code=code, where="x").fails


@pytest.mark.parametrize("code", sorted(REGISTRY.keys() - INCOMPLETE))
def test_every_other_code_fails_alone(code: str) -> None:
    assert Verdict(size=1, findings=(Finding(code=code, where="x"),)).outcome is Outcome.FAILED
