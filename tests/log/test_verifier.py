"""The verifier as a whole: entries, the checkpoint, and how findings are told (docs/format.md section 12)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, StorageFailed
from disclosure_ledger.log import checkpoint as cp
from disclosure_ledger.log import note
from disclosure_ledger.log.checkpoint import Known, Memory, Trust
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.findings import MOST_OF_A_CODE, Finding, Outcome
from disclosure_ledger.log.note import SignatureLine
from disclosure_ledger.log.verifier import verify_log, walk_log
from golden_log import ORIGIN, signers
from log_maker import LogMaker, recorder, spoilt, story, tag_of
from verifying import SIGNED, STORY, codes, kept, lines, signed_as, trusting, verdict_on


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
