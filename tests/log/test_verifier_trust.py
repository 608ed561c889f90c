"""The verifier and whom its caller trusts: log keys before and after a rotation (docs/format.md section 12, 7)."""

import pytest

from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.verifier import verify_log
from golden_log import signers
from log_maker import LogMaker, story
from verifying import STORY, codes, kept, trusting, verdict_on


def test_without_a_trusted_key_it_is_incomplete() -> None:
    verdict = verdict_on(trust=trusting(kept(), keys=()))
    assert codes(verdict) == ["7.no-trusted-key"]
    assert verdict.outcome is Outcome.INCOMPLETE


@pytest.mark.parametrize("role", ["log-2", "log-2-mldsa", "witness", "recorder-owner", "recorder-stranger"])
def test_a_trusted_key_that_is_not_the_logs_fails(role: str) -> None:
    assert codes(verdict_on(trust=trusting(kept(), keys=(signers()[role].key,)))) == ["7.trusted-key"]


@pytest.mark.parametrize("role", ["log-1", "log-1-mldsa"])
def test_where_keys_of_both_types_are_trusted_one_alone_lets_nobody_put_another_ledger_in_its_place(role: str) -> None:
    """A genesis names whatever keys it likes: one that the reader trusts, and beside it one of the forger's own."""
    other = signers()["log-2" if role == "log-1-mldsa" else "log-2-mldsa"].key
    for keys, expected in (((signers()[role].key,), []), ((signers()[role].key, other), ["7.trusted-key"])):
        assert codes(verdict_on(trust=trusting(kept(), keys=keys))) == expected


@pytest.mark.parametrize("roles", [["log-1"], ["log-1-mldsa"], ["log-2", "log-1"], ["witness", "log-1-mldsa"]])
def test_one_trusted_key_of_the_log_suffices(roles: list[str]) -> None:
    assert codes(verdict_on(trust=trusting(kept(), keys=tuple(signers()[role].key for role in roles)))) == []


def rotated() -> tuple[LogMaker, dict[int, bytes]]:
    maker = story()
    handover = maker.rotate()
    maker.sealed("disclosure")
    return maker, {11: handover}


@pytest.mark.parametrize("role", ["log-1", "log-1-mldsa", "log-2", "log-2-mldsa"])
def test_after_a_rotation_the_keys_before_and_the_keys_in_force_are_trusted(role: str) -> None:
    maker, handovers = rotated()
    trust = trusting(kept(maker), keys=(signers()[role].key,))
    assert codes(verdict_on(maker, trust=trust, handovers=handovers)) == []


def test_a_key_that_comes_into_force_after_the_checkpoint_is_not_trusted_for_it() -> None:
    maker, handovers = rotated()
    trust = trusting(kept(maker, 11, log="log-1"), keys=(signers()["log-2"].key,))
    verdict = verify_log(maker.notes[:11], handovers[11], trust=trust, handovers=handovers, threads=1)
    assert codes(verdict) == ["7.trusted-key"]


def test_the_checkpoint_that_ends_with_a_rotation_is_signed_by_the_keys_before() -> None:
    maker, handovers = rotated()
    notes, trust = maker.notes[:11], trusting(kept(maker, 11, log="log-1"))
    assert (
        codes(verify_log(notes, maker.checkpoint(11, log="log-1"), trust=trust, handovers=handovers, threads=1)) == []
    )
    wrong = verify_log(notes, maker.checkpoint(11, log="log-2"), trust=trust, handovers=handovers, threads=1)
    assert codes(wrong) == ["7.ed25519", "7.mldsa"]


def test_after_a_rotation_the_keys_before_sign_nothing() -> None:
    maker, handovers = rotated()
    found = codes(verdict_on(maker, raw=maker.checkpoint(log="log-1"), handovers=handovers))
    assert found == ["7.ed25519", "7.mldsa"]


def test_no_recorder_can_take_the_log_over() -> None:
    """The recorder rotates to keys of its own, and signs handover and checkpoint with them."""
    maker = story()
    maker.rotate("log-2")
    maker.sealed("disclosure")
    for handovers in ({}, {11: maker.checkpoint(11, log="log-2")}):
        found = codes(verdict_on(maker, trust=trusting(kept()), handovers=handovers))
        assert found == ["7.handover", "7.ed25519", "7.mldsa"]


def test_a_handover_at_another_size_than_a_rotations_is_named() -> None:
    maker, handovers = rotated()
    assert codes(verdict_on(maker, handovers={**handovers, 5: b"x"})) == ["7.handover-unasked"]
    assert codes(verdict_on(handovers={5: STORY.checkpoint(5)})) == ["7.handover-unasked"]


def test_a_ledger_made_anew_under_the_same_name_is_not_the_trusted_one() -> None:
    other = LogMaker(log="log-2")
    other.genesis()
    other.sealed("client")
    assert codes(verdict_on(other)) == ["7.trusted-key"]
