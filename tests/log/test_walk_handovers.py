"""The walk over entries: rotations of the log keys and erasures (docs/format.md section 12, checks 7 and 12)."""

import datetime as dt

import pytest

from disclosure_ledger.log.checkpoint import Checkpoint, add_mldsa, sign
from golden_log import ORIGIN, signers
from log_maker import LogMaker, spoilt
from walking import begun, faults, walked


def test_a_rotation_handed_over_by_the_keys_before_is_good() -> None:
    maker = begun()
    handover = maker.rotate()
    maker.sealed("client")
    walker, found = walked(maker, {2: handover})
    assert found == []
    assert [item.after for item in walker.log_keys] == [0, 2]
    maker.log = "log-1"
    assert walker.keys_at(2) == maker.keys()
    maker.log = "log-2"
    assert walker.keys_at(3) == maker.keys()
    assert walker.keys_at(0) is None
    assert walker.handed_over == {2}
    assert len(walker.keys_up_to(2)) == 2
    assert len(walker.keys_up_to(3)) == 4


def test_rotations_follow_each_other_each_handed_over() -> None:
    maker = begun()
    first = maker.rotate("log-2")
    second = maker.rotate("log-1")
    assert faults(maker, {2: first, 3: second}) == []
    assert faults(maker, {2: first}) == [(2, "7.handover")]
    assert faults(maker, {3: second}) == [(1, "7.handover"), (2, "7.handover")]


def handed(wrong: bytes, *, mldsa: bool = True) -> list[str]:
    maker = begun()
    maker.sealed("client")
    maker.rotate()
    walker, found = walked(maker, {3: wrong}, mldsa=mldsa)
    assert len(walker.log_keys) == (1 if found else 2)
    return [code for _, code in found]


def rotated() -> LogMaker:
    maker = begun()
    maker.sealed("client")
    maker.rotate()
    return maker


def test_without_its_handover_a_rotation_is_refused() -> None:
    assert faults(rotated()) == [(2, "7.handover")]
    assert faults(rotated(), {2: rotated().checkpoint(log="log-1")}) == [(2, "7.handover")]


def test_no_other_checkpoint_is_a_handover() -> None:
    maker = rotated()
    good = maker.checkpoint(3, log="log-1")
    assert handed(good) == []
    other = sign(Checkpoint(origin=ORIGIN, size=3, root=bytes(32)), signers()["log-1"])
    named = sign(Checkpoint(origin="other", size=3, root=maker.frontier.root()), signers()["log-1"])
    changed = good[:-8] + bytes([good[-8] ^ 1]) + good[-7:]
    wrong = [maker.checkpoint(2, log="log-1"), maker.checkpoint(3, log="log-2"), b"", b"x", changed]
    wrong += [add_mldsa(raw, signers()["log-1-mldsa"], 5) for raw in (other, named)]
    for raw in wrong:
        assert handed(raw) == ["7.handover"]


@pytest.mark.parametrize("role", ["log-1", "log-1-mldsa"])
def test_a_handover_with_one_bit_of_a_signature_changed_is_refused(role: str) -> None:
    wrong = spoilt(rotated().checkpoint(3, log="log-1"), signers()[role].key)
    assert handed(wrong) == ["7.handover"]
    assert handed(wrong, mldsa=False) == (["7.handover"] if role == "log-1" else [])


def test_a_handover_needs_both_lines_outside_the_database() -> None:
    maker = rotated()
    plain = maker.checkpoint(3, log="log-1", mldsa=False)
    mixed = add_mldsa(plain, signers()["log-2-mldsa"], 5)
    swapped = add_mldsa(maker.checkpoint(3, log="log-2", mldsa=False), signers()["log-1-mldsa"], 5)
    for raw in (plain, mixed, swapped):
        assert handed(raw) == ["7.handover"]
    assert handed(plain, mldsa=False) == []
    assert handed(swapped, mldsa=False) == ["7.handover"]


def erasing(recorded: dt.datetime, erased: dt.datetime) -> list[tuple[int, str]]:
    maker = LogMaker(now=recorded)
    maker.genesis()
    maker.now = recorded
    maker.sealed("hold", stream_class=None)
    maker.now = erased
    maker.erase([[1, 1]])
    return faults(maker)


@pytest.mark.parametrize(
    ("recorded", "first_day"),
    [
        ("2020-03-10", "2026-03-10"),
        ("2020-02-29", "2026-03-01"),
        ("2020-02-28", "2026-02-28"),
        ("2019-12-31", "2025-12-31"),
    ],
)
def test_an_entry_is_erased_from_the_day_six_years_later_and_not_the_day_before(recorded: str, first_day: str) -> None:
    late = dt.datetime.fromisoformat(recorded + "T23:59:59.999999+00:00")
    first = dt.datetime.fromisoformat(first_day + "T00:00:00+00:00")
    assert erasing(late, first) == []
    assert erasing(late, first - dt.timedelta(microseconds=1)) == [(2, "12.too-early")]


def test_of_a_range_the_last_entry_decides() -> None:
    maker = LogMaker(now=dt.datetime(2015, 1, 1, tzinfo=dt.UTC))
    maker.genesis()
    maker.sealed("hold", stream_class=None)
    maker.now = dt.datetime(2020, 6, 1, tzinfo=dt.UTC)
    maker.sealed("hold", stream_class=None)
    maker.sealed("hold", stream_class=None)
    maker.now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    maker.erase([[1, 1]])
    maker.erase([[1, 2]])
    maker.erase([[1, 1], [3, 3]])
    walker, found = walked(maker)
    assert found == [(5, "12.too-early"), (6, "12.too-early")]
    assert walker.erased == [(1, 1), (1, 2), (1, 1), (3, 3)]


@pytest.mark.parametrize("index", [4, 60, 2**53 - 1])
def test_an_erasure_of_entries_that_are_not_there_yet_is_named_and_erases_nothing(index: int) -> None:
    maker = LogMaker(now=dt.datetime(2010, 1, 1, tzinfo=dt.UTC))
    maker.genesis()
    maker.sealed("hold", stream_class=None)
    maker.now = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    public = {"authority": "policy", "entries": [[1, 1], [index - 1, index - 1]], "reason": "over"}
    maker.public("erasure", public, index=index)
    walker, found = walked(maker)
    assert found == [(2, "1.index")]
    assert walker.erased == [(1, 1)]


def test_an_erasure_that_lists_itself_is_named_and_erases_nothing() -> None:
    maker = LogMaker(now=dt.datetime(2010, 1, 1, tzinfo=dt.UTC))
    maker.genesis()
    maker.public("erasure", {"authority": "policy", "entries": [[1, 1]], "reason": "over"}, index=2)
    walker, found = walked(maker)
    assert found == [(1, "1.index")]
    assert walker.erased == []


@pytest.mark.parametrize("ranges", [[[0, 0]], [[1, 3]], [[0, 1]], [[2, 3]]])
def test_an_erasure_of_a_public_entry_is_named(ranges: list[list[int]]) -> None:
    maker = LogMaker(now=dt.datetime(2010, 1, 1, tzinfo=dt.UTC))
    maker.genesis()
    maker.sealed("hold", stream_class=None)
    maker.add_recorder("front-desk")
    maker.sealed("hold", stream_class=None)
    maker.now = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    maker.erase([[1, 1], [3, 3]])
    assert faults(maker) == []
    maker.erase(ranges)
    assert faults(maker) == [(5, "12.not-erasable")]
