"""The verifier and the witnesses: quorum, cosignatures, time (docs/format.md section 12, check 9)."""

import pytest

from disclosure_ledger.log import checkpoint as cp
from disclosure_ledger.log import note
from disclosure_ledger.log.checkpoint import Known, Memory
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.note import COSIGNATURE
from golden_log import signer_from_seed, signers
from log_maker import LogMaker, spoilt
from verifying import SIGNED, STORY, WITNESS, codes, forked, kept, signed_as, trusting, verdict_on

HOUR = 3600


def cosigned(*times: int, raw: bytes = SIGNED) -> bytes:
    for time in times:
        raw = cp.cosign(raw, WITNESS, time)
    return raw


LATE = int(STORY.time_at(10)) + HOUR


def test_a_trusted_witness_is_outside_memory_and_counts_for_the_quorum() -> None:
    for quorum in (0, 1):
        verdict = verdict_on(raw=cosigned(LATE), trust=trusting(witnesses=(WITNESS.key,), quorum=quorum))
        assert verdict.outcome is Outcome.VERIFIED
        assert verdict.unwitnessed is None


def test_a_witness_that_is_not_trusted_counts_for_nothing() -> None:
    assert codes(verdict_on(raw=cosigned(LATE), trust=trusting())) == ["8.no-outside"]


@pytest.mark.parametrize("quorum", [1, 2])
def test_a_quorum_that_is_not_met_fails(quorum: int) -> None:
    trust = trusting(kept(), witnesses=(WITNESS.key,), quorum=quorum)
    verdict = verdict_on(raw=SIGNED if quorum == 1 else cosigned(LATE, LATE), trust=trust)
    assert codes(verdict) == ["9.quorum"]
    assert verdict.outcome is Outcome.FAILED


def test_at_home_an_earlier_checkpoint_that_was_cosigned_meets_the_quorum_and_in_a_package_it_does_not() -> None:
    """Nobody cosigns the database's own checkpoint, but those that were made to be given away."""
    early = Known(where="kept", raw=cosigned(LATE, raw=STORY.checkpoint(7)))
    home = STORY.checkpoint(mldsa=False)
    trust = trusting(early, kept(size=9), witnesses=(WITNESS.key,), quorum=1)
    verdict = verdict_on(raw=home, trust=trust, mldsa=False)
    assert codes(verdict) == []
    assert verdict.unwitnessed is not None
    assert verdict.unwitnessed.first == 9
    assert codes(verdict_on(trust=trust)) == ["9.quorum"]
    lacking = verdict_on(raw=home, trust=trusting(kept(size=7), witnesses=(WITNESS.key,), quorum=1), mldsa=False)
    assert codes(lacking) == ["9.quorum"]
    assert lacking.findings[0].found == "0 witnesses: have witnesses cosign a checkpoint, and give it as known"
    other = LogMaker()
    other.genesis()
    other.sealed("hold", stream_class=None)
    for of in (
        Known(where="kept", raw=cosigned(LATE, raw=other.checkpoint())),
        Memory(where="m", size=1, root=bytes(32)),
    ):
        trust = trusting(of, witnesses=(WITNESS.key,), quorum=1)
        assert "9.quorum" in codes(verdict_on(raw=home, trust=trust, mldsa=False))


def test_one_key_under_two_names_counts_once() -> None:
    again = signer_from_seed("second.example", COSIGNATURE, WITNESS.private.private_bytes_raw())  # type: ignore[union-attr]
    raw = cp.cosign(cosigned(LATE), again, LATE)
    assert codes(verdict_on(raw=raw, trust=trusting(witnesses=(WITNESS.key, again.key), quorum=2))) == ["9.quorum"]
    other = signer_from_seed("third.example", COSIGNATURE, bytes([3]) * 32)
    raw = cp.cosign(raw, other, LATE)
    assert codes(verdict_on(raw=raw, trust=trusting(witnesses=(WITNESS.key, other.key), quorum=2))) == []


@pytest.mark.parametrize("role", ["log-1", "recorder-owner", "recorder-front-desk"])
def test_the_ledgers_own_keys_are_no_witnesses(role: str) -> None:
    own = signer_from_seed("witness.example", COSIGNATURE, signers()[role].private.private_bytes_raw())  # type: ignore[union-attr]
    raw = cp.cosign(SIGNED, own, LATE)
    verdict = verdict_on(raw=raw, trust=trusting(witnesses=(own.key,), quorum=1))
    assert codes(verdict) == ["9.witness", "9.quorum", "8.no-outside"]


def test_a_trusted_witness_whose_line_does_not_verify_fails() -> None:
    for raw in (
        spoilt(cosigned(LATE), signers()["witness"].key),
        spoilt(cosigned(LATE), signers()["witness"].key, 7),
        cosigned(LATE, raw=spoilt(cosigned(LATE), signers()["witness"].key)),
    ):
        assert codes(verdict_on(raw=raw, trust=trusting(kept(), witnesses=(WITNESS.key,)))) == ["9.cosignature"]


def test_a_cosignature_of_another_checkpoint_is_no_cosignature_of_this_one() -> None:
    (line,) = note.parse(cosigned(LATE, raw=STORY.checkpoint(9))).lines_of(WITNESS.key)
    raw = note.append_line(SIGNED, line)
    assert codes(verdict_on(raw=raw, trust=trusting(kept(), witnesses=(WITNESS.key,)))) == ["9.cosignature"]


def test_a_witness_that_cosigned_another_tree_contradicts() -> None:
    raw = cosigned(LATE, raw=signed_as(root=bytes(32)))
    found = codes(verdict_on(raw=raw, trust=trusting(witnesses=(WITNESS.key,), quorum=1)))
    assert found == ["7.root", "8.different"]


@pytest.mark.parametrize(("before", "late"), [(-HOUR, False), (0, False), (299, False), (300, False), (301, True)])
def test_no_entry_is_later_than_a_witness_that_covers_it_by_more_than_clocks_differ(before: int, late: bool) -> None:
    time = int(STORY.time_at(10)) - before
    expected = ["4.after-outside-time"] if late else []
    trust = trusting(kept(), witnesses=(WITNESS.key,))
    verdict = verdict_on(raw=cosigned(time), trust=trust)
    assert codes(verdict) == expected
    known = Known(where="kept", raw=cosigned(time))
    assert codes(verdict_on(trust=trusting(known, witnesses=(WITNESS.key,)))) == expected
    assert codes(verdict_on(raw=cosigned(LATE, time), trust=trust)) == expected
    if late:
        assert verdict.findings[0].where == "entry 9"


def test_an_earlier_witness_says_nothing_of_the_entries_after_its_size() -> None:
    known = Known(where="kept", raw=cosigned(int(STORY.time_at(5)), raw=STORY.checkpoint(5)))
    assert codes(verdict_on(trust=trusting(known, witnesses=(WITNESS.key,)))) == []


def test_a_witness_of_entries_none_of_which_can_be_read_says_nothing_of_their_time() -> None:
    maker = LogMaker()
    maker.later_version()
    trust = trusting(witnesses=(WITNESS.key,))
    verdict = verdict_on(maker, raw=cosigned(1, raw=maker.checkpoint()), trust=trust)
    assert set(codes(verdict)) == {"1.version"}
    assert verdict.outcome is Outcome.INCOMPLETE


def test_a_witness_of_another_history_says_nothing_of_this_ones_times() -> None:
    known = Known(where="kept", raw=cosigned(1, raw=STORY.checkpoint(8)))
    assert codes(verdict_on(forked(4), trust=trusting(known, witnesses=(WITNESS.key,)))) == ["8.different"]


def test_an_ml_dsa_witness_is_as_good() -> None:
    witness = signer_from_seed("second.example", 6, bytes([5]) * 32)
    raw = cp.cosign(SIGNED, witness, LATE)
    assert codes(verdict_on(raw=raw, trust=trusting(witnesses=(witness.key,), quorum=1))) == []
