"""The verifier and what is known from outside: earlier checkpoints (docs/format.md section 12, check 8)."""

from dataclasses import replace

import pytest

from disclosure_ledger.log import checkpoint as cp
from disclosure_ledger.log.checkpoint import Checkpoint, Known, Memory
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.verifier import verify_log
from golden_log import ORIGIN, signers
from log_maker import LogMaker, spoilt
from verifying import LOG, SIGNED, STORY, WITNESS, codes, forked, kept, lines, signed_as, trusting, verdict_on


def test_without_anything_from_outside_it_is_incomplete_unless_that_is_not_asked() -> None:
    verdict = verdict_on(trust=trusting())
    assert codes(verdict) == ["8.no-outside"]
    assert verdict.outcome is Outcome.INCOMPLETE
    assert verdict.unwitnessed is not None
    assert (verdict.unwitnessed.first, verdict.unwitnessed.count) == (0, 10)
    assert codes(verdict_on(trust=trusting(), require_outside=False)) == []


@pytest.mark.parametrize("size", range(1, 11))
def test_an_earlier_checkpoint_of_the_same_past_covers_what_is_before_it(size: int) -> None:
    for known in (kept(size=size), Memory(where="state", size=size, root=STORY.frontiers[size].root())):
        verdict = verdict_on(trust=trusting(known))
        assert verdict.outcome is Outcome.VERIFIED
        if size == 10:
            assert verdict.unwitnessed is None
        else:
            assert verdict.unwitnessed is not None
            assert (verdict.unwitnessed.first, verdict.unwitnessed.count) == (size, 10 - size)
            assert verdict.unwitnessed.since == STORY.made[size].header.recorded_at


@pytest.mark.parametrize("size", [1, 4, 7])
def test_a_rewrite_by_the_holder_of_all_keys_is_seen_by_any_memory_of_what_was_rewritten(size: int) -> None:
    rewritten = forked(size)
    assert codes(verdict_on(rewritten)) == []
    for known in (kept(size=size + 1), Memory(where="kept", size=size + 1, root=STORY.frontiers[size + 1].root())):
        verdict = verdict_on(rewritten, trust=trusting(known))
        assert codes(verdict) == ["8.different"]
        assert verdict.findings[0].where == "kept"
    assert codes(verdict_on(rewritten, trust=trusting(kept(size=size)))) == []


def test_a_contradiction_carries_both_notes() -> None:
    rewritten, known = forked(4), kept(size=8)
    (accusation,) = verdict_on(rewritten, trust=trusting(known)).accusations
    assert (accusation.known.encode(), accusation.where) == (known.raw, "kept")
    assert accusation.shown.encode()[:60] == rewritten.checkpoint()[:60]
    assert verdict_on(trust=trusting(kept())).accusations == ()


@pytest.mark.parametrize("size", [1, 5, 9])
def test_entries_cut_off_the_end_are_seen_by_any_memory_of_them(size: int) -> None:
    cut = LogMaker()
    for made in STORY.made[:size]:
        cut.put(made)
    root = STORY.frontiers[size + 1].root()
    for known, accusations in ((kept(size=size + 1), 1), (Memory(where="state", size=size + 1, root=root), 0)):
        verdict = verdict_on(cut, trust=trusting(known, kept(size=size)))
        assert codes(verdict) == ["8.larger"]
        assert len(verdict.accusations) == accusations
    assert codes(verdict_on(cut, trust=trusting(kept(size=size)))) == []


def test_every_contradiction_is_reported_not_the_first() -> None:
    known = [kept(size=size, where=f"kept {size}") for size in (3, 6, 8, 10)]
    verdict = verdict_on(forked(5), trust=trusting(*known))
    assert [finding.where for finding in verdict.findings] == ["kept 6", "kept 8", "kept 10"]
    assert [accusation.where for accusation in verdict.accusations] == ["kept 6", "kept 8", "kept 10"]


def test_a_note_that_nobody_known_signed_vouches_for_nothing() -> None:
    root = STORY.frontiers[5].root()
    unsigned = cp.sign(Checkpoint(origin=ORIGIN, size=5, root=root), signers()["log-2"])
    verdict = verdict_on(trust=trusting(Known(where="kept", raw=unsigned)))
    assert codes(verdict) == ["8.signature", "8.no-outside"]
    assert verdict.outcome is Outcome.INCOMPLETE
    for spoiled in (spoilt(STORY.checkpoint(5), signers()["log-1"].key), lines(STORY.checkpoint(5), "log-1-mldsa")):
        trust = trusting(Known(where="kept", raw=spoiled), keys=(LOG,))
        assert codes(verdict_on(trust=trust)) == ["8.signature", "8.no-outside"]


def test_a_note_that_nobody_known_signed_still_contradicts() -> None:
    unsigned = cp.sign(Checkpoint(origin=ORIGIN, size=5, root=bytes(32)), signers()["log-2"])
    assert codes(verdict_on(trust=trusting(Known(where="kept", raw=unsigned)))) == ["8.signature", "8.different"]
    larger = cp.sign(Checkpoint(origin=ORIGIN, size=11, root=bytes(32)), signers()["log-2"])
    assert codes(verdict_on(trust=trusting(Known(where="kept", raw=larger)))) == ["8.signature", "8.larger"]


def test_a_note_vouches_by_a_trusted_key_or_witness_or_by_both_log_keys() -> None:
    plain = STORY.checkpoint(5, mldsa=False)
    witnessed = cp.cosign(
        cp.sign(Checkpoint(origin=ORIGIN, size=5, root=STORY.frontiers[5].root()), signers()["log-2"]), WITNESS, 2**40
    )
    mldsa = signers()["log-1-mldsa"].key
    for raw, trust in (
        (plain, trusting(keys=(LOG,))),
        (STORY.checkpoint(5), trusting(keys=())),
        (lines(STORY.checkpoint(5), "log-1-mldsa"), trusting(keys=(mldsa,))),
        (witnessed, trusting(witnesses=(WITNESS.key,))),
    ):
        assert "8.no-outside" not in codes(verdict_on(trust=replace(trust, known=(Known(where="kept", raw=raw),))))
    for raw, trust in (
        (plain, trusting(keys=(mldsa,))),
        (plain, trusting(keys=())),
        (lines(STORY.checkpoint(5), "log-1-mldsa"), trusting(keys=(LOG,))),
        (witnessed, trusting()),
    ):
        assert "8.no-outside" in codes(verdict_on(trust=replace(trust, known=(Known(where="kept", raw=raw),))))


def test_what_is_of_another_ledger_or_cannot_be_read_is_incomplete_and_vouches_for_nothing() -> None:
    other = Known(where="kept", raw=signed_as(origin="other.example"))
    assert codes(verdict_on(trust=trusting(other))) == ["8.other-ledger", "8.no-outside"]
    assert codes(verdict_on(trust=trusting(Known(where="kept", raw=b"x")))) == ["8.unreadable", "8.no-outside"]
    assert verdict_on(trust=trusting(other)).outcome is Outcome.INCOMPLETE


def test_beside_a_checkpoint_that_cannot_be_read_what_is_known_is_compared_all_the_same() -> None:
    verdict = verdict_on(forked(4), raw=b"", trust=trusting(kept(size=8)))
    assert codes(verdict) == ["7.checkpoint", "8.different"]
    assert verdict.accusations == ()
    assert codes(verdict_on(raw=b"", trust=trusting(kept(size=8)))) == ["7.checkpoint"]


def test_a_memory_of_nothing_vouches_for_nothing() -> None:
    nothing = Memory(where="state", size=0, root=STORY.frontiers[0].root())
    assert codes(verdict_on(trust=trusting(nothing))) == ["8.no-outside"]
    assert codes(verdict_on(trust=trusting(replace(nothing, root=bytes(32))))) == ["8.different"]


def test_where_entries_are_missing_a_memory_between_is_not_compared_and_covers_nothing() -> None:
    verdict = verify_log(STORY.notes[:5], SIGNED, trust=trusting(kept(size=7)), threads=1)
    assert codes(verdict) == ["7.size", "8.no-outside"]
