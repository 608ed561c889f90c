"""The verifier as a whole: checkpoint, trust, what is known from outside (docs/format.md section 12)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, StorageFailed
from disclosure_ledger.log import checkpoint as cp
from disclosure_ledger.log import note
from disclosure_ledger.log.checkpoint import Checkpoint, Known, Memory, Trust
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.findings import MOST_OF_A_CODE, Finding, Outcome, Verdict
from disclosure_ledger.log.note import COSIGNATURE, SignatureLine
from disclosure_ledger.log.verifier import verify_log, walk_log
from golden_log import ORIGIN, signer_from_seed, signers
from log_maker import LogMaker, recorder, spoilt, story, tag_of

LOG = signers()["log-1"].key
WITNESS = signers()["witness"]
STORY = story()
SIGNED = STORY.checkpoint()
HOUR = 3600


def trusting(*known: Known | Memory, **changes: Any) -> Trust:
    """Trust in the log's key, knowing what is given."""
    return Trust(**{"keys": (LOG,), "known": known, **changes})


def kept(maker: LogMaker = STORY, size: int | None = None, where: str = "kept", **how: Any) -> Known:
    """The maker's checkpoint in somebody's hands."""
    return Known(where=where, raw=maker.checkpoint(size, **how))


def verdict_on(maker: LogMaker = STORY, raw: bytes | None = None, trust: Trust | None = None, **how: Any) -> Verdict:
    shown = maker.checkpoint() if raw is None else raw
    return verify_log(
        maker.notes, shown, trust=trusting(kept(maker)) if trust is None else trust, **{"threads": 1, **how}
    )


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


@pytest.mark.parametrize("threads", [None, 1, 2, 4])
def test_an_honest_ledger_is_verified(threads: int | None) -> None:
    verdict = verdict_on(threads=threads)
    assert verdict.outcome is Outcome.VERIFIED
    assert (verdict.size, verdict.origin, verdict.unwitnessed) == (10, ORIGIN, None)
    assert verdict.checkpoint == cp.parse(SIGNED).checkpoint.text()


def test_in_the_database_the_ed25519_line_suffices_and_outside_it_does_not() -> None:
    plain, trust = STORY.checkpoint(mldsa=False), trusting(kept())
    assert codes(verdict_on(raw=plain, trust=trust, mldsa=False)) == []
    assert codes(verdict_on(raw=plain, trust=trust)) == ["7.mldsa"]


def test_unless_told_otherwise_both_lines_and_something_from_outside_are_asked_for() -> None:
    plain = STORY.checkpoint(mldsa=False)
    for found in (
        verify_log(STORY.notes, plain, trust=trusting()),
        walk_log(STORY.notes, plain, trust=trusting()).verdict,
    ):
        assert codes(found) == ["7.mldsa", "8.no-outside"]


def test_nothing_at_all_is_not_verified() -> None:
    empty = LogMaker()
    verdict = verdict_on(empty, trust=trusting(Memory(where="state", size=0, root=empty.frontier.root())))
    assert codes(verdict) == ["1.genesis", "7.ed25519", "7.trusted-key", "8.no-outside"]
    assert verdict_on(empty, raw=b"", trust=Trust()).outcome is Outcome.FAILED


# 7: the tree


@pytest.mark.parametrize("size", range(10))
def test_entries_that_are_missing_at_the_end_are_named(size: int) -> None:
    verdict = verify_log(STORY.notes[:size], SIGNED, trust=trusting(kept()), threads=1)
    assert "7.size" in codes(verdict)
    assert verdict.outcome is Outcome.FAILED


@pytest.mark.parametrize("size", range(1, 10))
def test_entries_beyond_the_checkpoint_are_named(size: int) -> None:
    verdict = verdict_on(raw=STORY.checkpoint(size), trust=trusting(kept(size=size)))
    assert codes(verdict) == ["7.size"]


@pytest.mark.parametrize("index", range(10))
def test_an_entry_left_out_or_given_twice_is_never_verified(index: int) -> None:
    for notes in (
        STORY.notes[:index] + STORY.notes[index + 1 :],
        STORY.notes[: index + 1] + STORY.notes[index:],
        [*STORY.notes[:index], b"", *STORY.notes[index + 1 :]],
    ):
        verdict = verify_log(notes, SIGNED, trust=trusting(kept()), threads=1)
        assert verdict.outcome is Outcome.FAILED
        assert {"7.size", "7.root"} & set(codes(verdict))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(0, 9), st.data())
def test_no_change_of_any_byte_is_verified(index: int, data: st.DataObject) -> None:
    raw = STORY.notes[index]
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = (
        raw[:place]
        + bytes([data.draw(st.integers(0, 255).filter(lambda value: value != raw[place]))])
        + raw[place + 1 :]
    )
    notes = [*STORY.notes[:index], changed, *STORY.notes[index + 1 :]]
    verdict = verify_log(notes, SIGNED, trust=trusting(kept()), threads=1)
    assert {"7.root"} <= set(codes(verdict))
    assert verdict.outcome is Outcome.FAILED


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.binary(max_size=60) | st.sampled_from(STORY.notes), max_size=6),
    st.binary(max_size=60) | st.just(SIGNED),
)
def test_no_bytes_at_all_make_a_traceback_or_are_verified(notes: list[bytes], checkpoint: bytes) -> None:
    known = (Known(where="x", raw=checkpoint), Memory(where="y", size=len(notes), root=b""))
    verdict = verify_log(notes, checkpoint, trust=trusting(*known), handovers={1: checkpoint}, threads=1)
    assert verdict.outcome is Outcome.FAILED


# 7: the checkpoint


def signed_as(root: bytes | None = None, size: int = 10, origin: str = ORIGIN, time: int | None = None) -> bytes:
    """A checkpoint that says something else, well signed by the log."""
    named = Checkpoint(origin=origin, size=size, root=STORY.frontier.root() if root is None else root)
    raw = cp.sign(named, signers()["log-1"])
    return cp.add_mldsa(raw, signers()["log-1-mldsa"], int(STORY.time_at(10)) if time is None else time)


def test_a_checkpoint_with_another_root_is_named() -> None:
    assert codes(verdict_on(raw=signed_as(root=bytes(32)))) == ["7.root"]


@pytest.mark.parametrize("size", [9, 11, 2**53 - 1])
def test_a_checkpoint_with_another_size_is_named(size: int) -> None:
    found = codes(verdict_on(raw=signed_as(size=size)))
    assert found[0] == "7.size"


def test_another_ledgers_checkpoint_is_named() -> None:
    found = codes(verdict_on(raw=signed_as(origin="other.example")))
    assert found.count("1.origin") == 10
    assert "7.trusted-key" not in found, "the genesis names the trusted key; the origin is what is wrong"


@pytest.mark.parametrize(
    "raw", [b"", b"\n", SIGNED[:-1], SIGNED + b"\n", SIGNED.replace(b"\n10\n", b"\n010\n"), b"\xff"]
)
def test_a_checkpoint_that_cannot_be_read_is_named_and_the_entries_are_judged(raw: bytes) -> None:
    assert codes(verdict_on(raw=raw)) == ["7.checkpoint"]


def lines(raw: bytes, *roles: str) -> bytes:
    """The checkpoint with the lines of these roles only."""
    parsed = note.parse(raw)
    chosen = [line for role in roles for line in parsed.lines_of(signers()[role].key)]
    return note.format(parsed.text, chosen)


@pytest.mark.parametrize("role", ["log-1", "log-1-mldsa"])
@pytest.mark.parametrize("place", [0, 8, 30, -1])
def test_a_signature_changed_by_a_bit_is_named(role: str, place: int) -> None:
    expected = "7.ed25519" if role == "log-1" else "7.mldsa"
    assert codes(verdict_on(raw=spoilt(SIGNED, signers()[role].key, place))) == [expected]


def test_a_checkpoint_needs_both_lines() -> None:
    assert codes(verdict_on(raw=lines(SIGNED, "log-1"))) == ["7.mldsa"]
    assert codes(verdict_on(raw=lines(SIGNED, "log-1-mldsa"))) == ["7.ed25519"]


def test_lines_of_strangers_do_no_harm_and_no_good() -> None:
    stranger = SignatureLine(name="stranger.example", key_id=b"abcd", signature=b"x" * 64)
    assert codes(verdict_on(raw=note.append_line(SIGNED, stranger))) == []
    alone = note.format(note.parse(SIGNED).text, [stranger])
    assert codes(verdict_on(raw=alone)) == ["7.ed25519", "7.mldsa"]


def test_a_checkpoint_of_other_keys_is_named_whatever_it_says() -> None:
    assert codes(verdict_on(raw=STORY.checkpoint(log="log-2"))) == ["7.ed25519", "7.mldsa"]


@pytest.mark.parametrize("off", [-1, 1, 3600])
def test_the_logs_own_time_is_that_of_its_last_entry(off: int) -> None:
    assert codes(verdict_on(raw=signed_as(time=int(STORY.time_at(10)) + off))) == ["7.mldsa-time"]


# 7: trust


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


# 8


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


def forked(size: int) -> LogMaker:
    """A ledger with the same keys whose entries differ from `size` on."""
    maker = LogMaker()
    for made in STORY.made[:size]:
        maker.put(made)
    while maker.size < 10:
        maker.sealed("hold", "C-9999", stream_class=None)
    return maker


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


# 9, and the outside times of check 4


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


# streaming


def test_each_entry_is_shown_as_it_goes_by_also_what_cannot_be_read() -> None:
    seen = list[tuple[int, bytes, Entry | None]]()
    notes = [*STORY.notes[:3], b"no entry"]
    verify_log(notes, SIGNED, trust=trusting(), threads=1, on_entry=lambda *shown: seen.append(shown))
    assert [(index, raw) for index, raw, _ in seen] == list(enumerate(notes))
    assert [entry for _, _, entry in seen] == [*STORY.made[:3], None]


def test_further_findings_are_read_when_the_walk_is_done_and_decide_too() -> None:
    seen = list[int]()

    def extra() -> Iterator[Finding]:
        yield Finding(code="11.head", where="database", expected=str(len(seen)))

    verdict = verdict_on(extra=extra(), on_entry=lambda index, *_: seen.append(index))
    assert codes(verdict) == ["11.head"]
    assert verdict.findings[0].expected == "10"
    assert verdict.outcome is Outcome.FAILED


def test_a_reader_that_meets_something_malformed_ends_the_walk_with_a_finding() -> None:
    def notes() -> Iterator[bytes]:
        yield from STORY.notes[:4]
        raise Malformed("expected a bundle that ends with an entry")

    verdict = verify_log(notes(), SIGNED, trust=trusting(kept()), threads=2)
    assert codes(verdict) == ["7.bundle", "7.size", "8.no-outside"]


def test_a_reader_whose_storage_fails_is_no_verdict() -> None:
    def notes() -> Iterator[bytes]:
        yield from STORY.notes[:4]
        raise StorageFailed("the disk is gone")

    with pytest.raises(StorageFailed):
        verify_log(notes(), SIGNED, trust=trusting(kept()), threads=2)


def test_of_a_hostile_ledger_no_more_findings_are_listed_than_can_be_read_and_the_rest_is_counted() -> None:
    verdict = verify_log([b"x"] * (MOST_OF_A_CODE + 7), SIGNED, trust=trusting(), threads=1)
    assert codes(verdict).count("1.parse") == MOST_OF_A_CODE
    assert verdict.notices == ("7 more findings of code 1.parse are not listed.",)


def test_findings_of_entries_come_in_their_order() -> None:
    maker = story()
    bad = replace(maker.made[2], raw=spoilt_entry(maker.notes[2]))
    maker.notes[2] = bad.raw
    maker.notes[8] = spoilt_entry(maker.notes[8])
    verdict = verify_log(maker.notes, SIGNED, trust=trusting(kept()), threads=3)
    places = [int(finding.where[6:]) for finding in verdict.findings if finding.where.startswith("entry ")]
    assert places == sorted(places)
    assert [finding.where for finding in verdict.findings if finding.code == "3.signature"] == ["entry 2", "entry 8"]


def spoilt_entry(raw: bytes) -> bytes:
    """The note with a bit of its signature changed."""
    parsed = note.parse(raw)
    (line,) = parsed.signatures
    return note.format(parsed.text, [replace(line, signature=line.signature[:-1] + bytes([line.signature[-1] ^ 1]))])


def test_what_the_walk_established_is_given_to_those_who_compare_more() -> None:
    maker = LogMaker(now=dt.datetime(2015, 1, 1, tzinfo=dt.UTC))
    maker.genesis()
    for number in range(6):
        maker.sealed("client", f"C-{number}")
    maker.add_recorder("front-desk")
    handover = maker.rotate()
    maker.now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    maker.erase([[1, 1], [4, 5]])
    maker.erase([[2, 2]])
    maker.revoke("owner")
    walk = walk_log(
        maker.notes, maker.checkpoint(), trust=trusting(kept(maker)), handovers={9: handover}, threads=1, sizes=[3, 99]
    )
    assert walk.verdict.outcome is Outcome.VERIFIED
    assert walk.frontier == maker.frontier
    assert {end.tag: end for end in walk.streams} == maker.ends
    assert walk.streams.get(tag_of("C-3")) == maker.ends[tag_of("C-3")]
    assert walk.recorders == (recorder("front-desk").key,)
    assert walk.keys_at(9) != walk.keys_at(10) == maker.keys()
    assert walk.erased == ((1, 2), (4, 5))
    assert [index for index in range(12) if walk.is_erased(index)] == [1, 2, 4, 5]
    assert walk.marks[3].root == maker.frontiers[3].root()
    assert 99 not in walk.marks
    assert walk.checkpoint is not None
    assert walk.checkpoint.raw[:80] == maker.checkpoint()[:80]


# an unknown version


def test_an_entry_of_a_later_version_is_incomplete_and_never_excuses_hashes_or_bad_signatures() -> None:
    maker = story()
    maker.later_version()
    trust = trusting(kept(maker))
    assert codes(verdict_on(maker, trust=trust)) == ["1.version"]
    assert verdict_on(maker, trust=trust).outcome is Outcome.INCOMPLETE
    for wrong in (
        maker.checkpoint(10),
        spoilt(maker.checkpoint(), signers()["log-1"].key),
        spoilt(maker.checkpoint(), signers()["log-1-mldsa"].key),
    ):
        assert verdict_on(maker, raw=wrong, trust=trust).outcome is Outcome.FAILED
    rotated_since = verdict_on(maker, raw=maker.checkpoint(log="log-2"), trust=trust)
    assert set(codes(rotated_since)) == {"1.version"}
