"""The walk over entries: checks 1 to 6, rotations and erasures (docs/format.md section 12).

Each attack is signed well: what is named is the fault alone.
"""

import datetime as dt
from dataclasses import replace

import pytest

from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import note
from disclosure_ledger.log.checkpoint import Checkpoint, add_mldsa, sign
from disclosure_ledger.log.entry import Header, StreamLink
from disclosure_ledger.log.findings import Finding
from disclosure_ledger.log.note import ED25519
from disclosure_ledger.log.streams import StreamEnd, map_root
from disclosure_ledger.log.walk import Walker
from golden_log import ORIGIN, SeedSigner, signer_from_seed, signers
from log_maker import LogMaker, recorder, spoilt, story, tag_of

SECOND = dt.timedelta(seconds=1)


def walked(
    maker: LogMaker, handovers: dict[int, bytes] | None = None, *, mldsa: bool = True, sizes: tuple[int, ...] = ()
) -> tuple[Walker, list[tuple[int, str]]]:
    """The walk over all entries, and where which code was reported; a signature that fails is `3.signature`."""
    found = list[tuple[int, str]]()

    def report(index: int, finding: Finding) -> None:
        assert finding.where == f"entry {index}"
        found.append((index, finding.code))

    def verify(index: int, entry: entries.Entry, key: note.VerifierKey) -> None:
        entries.verify(entry, key)

    database = {} if mldsa else {"mldsa": False}
    walker = Walker(origin=ORIGIN, report=report, verify=verify, handovers=handovers, sizes={0, *sizes}, **database)
    for raw in maker.notes:
        walker.take(raw)
    return walker, found


def faults(maker: LogMaker, handovers: dict[int, bytes] | None = None, *, mldsa: bool = True) -> list[tuple[int, str]]:
    return walked(maker, handovers, mldsa=mldsa)[1]


def begun() -> LogMaker:
    maker = LogMaker()
    maker.genesis()
    return maker


def test_an_honest_ledger_has_no_fault() -> None:
    walker, found = walked(story(), sizes=(0, 1, 5, 10))
    assert found == []
    maker = story()
    assert walker.frontier.root() == maker.frontier.root()
    assert {end.tag: end for end in walker.streams} == maker.ends
    for size in (1, 5, 10):
        assert walker.marks[size].root == maker.frontiers[size].root()
        assert walker.marks[size].last == walker.marks[size].latest == maker.made[size - 1].header.recorded_at
    assert walker.marks[0].last is None
    assert walker.recorded[5] == maker.made[5].header.recorded_at


# 1


def test_an_entry_that_cannot_be_read_is_named_and_the_next_is_judged() -> None:
    maker = story()
    maker.put_raw(b"no entry")
    maker.sealed("disclosure")
    assert faults(maker) == [(10, "1.parse")]


def test_an_index_that_is_not_the_next_is_named() -> None:
    maker = story()
    maker.sealed("disclosure", stream_class=None, twist=lambda header: replace(header, index=9))
    maker.sealed("disclosure", stream_class=None, twist=lambda header: replace(header, index=12))
    assert faults(maker) == [(10, "1.index"), (11, "1.index")]


def test_an_entry_of_another_ledger_is_named() -> None:
    maker = begun()
    other = signer_from_seed("other.example/recorders/owner", ED25519, bytes(32))
    maker.append(replace(maker.header("hold", content_root=bytes(32), content_fields=5), origin="other.example"), other)
    assert faults(maker) == [(1, "1.origin"), (1, "3.recorder")]


def test_a_ledger_that_does_not_begin_with_its_genesis_has_nobody_entitled() -> None:
    whole, maker = story(), LogMaker()
    for made in whole.made[1:3]:
        maker.put(made)
    assert {code for _, code in faults(maker)} == {"1.genesis", "1.index", "2.previous", "3.recorder"}


def test_a_first_entry_that_cannot_be_read_is_no_genesis() -> None:
    maker = LogMaker()
    maker.put_raw(b"no entry")
    assert faults(maker) == [(0, "1.parse"), (0, "1.genesis")]


def test_a_second_genesis_is_no_genesis_and_entitles_nobody() -> None:
    maker = begun()
    maker.append(replace(begun().made[0].header, previous=maker.made[0].leaf_hash), "owner")
    maker.sealed("hold", stream_class=None)
    assert faults(maker) == [(1, "1.index"), (1, "1.genesis")]
    other = begun()
    taken = replace(other.made[0].header, previous=other.made[0].leaf_hash)
    taken = replace(taken, public={**(taken.public or {}), "recorder": recorder("stranger").key.vkey()})
    other.append(taken, "owner")
    other.sealed("hold", stream_class=None, by="stranger")
    assert (2, "3.recorder") in faults(other)


# 2


@pytest.mark.parametrize("previous", [bytes(32), bytes([1]) * 32])
def test_a_previous_that_is_not_the_hash_before_is_named(previous: bytes) -> None:
    maker = begun()
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, previous=previous))
    maker.sealed("hold", stream_class=None)
    assert faults(maker) == [(1, "2.previous")]


def test_a_genesis_that_names_a_hash_before_it_is_named() -> None:
    maker = LogMaker()
    maker.genesis(previous=bytes([7]) * 32)
    assert faults(maker) == [(0, "2.previous")]


def test_the_chain_goes_through_an_entry_that_cannot_be_read() -> None:
    maker = begun()
    maker.later_version()
    maker.sealed("hold", stream_class=None)
    assert faults(maker) == [(1, "1.version")]
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, previous=maker.made[1].leaf_hash))
    assert faults(maker) == [(1, "1.version"), (3, "2.previous")]


# 3


def test_a_recorder_whom_no_entry_added_may_not_sign() -> None:
    maker = begun()
    maker.sealed("client", by="stranger")
    assert faults(maker) == [(1, "3.recorder")]


def test_a_recorder_may_sign_from_the_entry_after_the_one_that_added_it() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.sealed("client", by="front-desk")
    assert faults(maker) == []
    early = begun()
    early.sealed("client", by="front-desk")
    early.add_recorder("front-desk")
    assert faults(early) == [(1, "3.recorder")]


def test_a_recorder_may_not_add_itself() -> None:
    maker = begun()
    maker.add_recorder("front-desk", by="front-desk")
    assert faults(maker) == [(1, "3.recorder")]


def test_a_recorder_may_sign_its_own_revocation_and_nothing_after() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.revoke("front-desk", by="front-desk")
    assert faults(maker) == []
    maker.sealed("client", by="front-desk")
    maker.sealed("client", "C-1002")
    assert faults(maker) == [(3, "3.recorder")]


def test_a_recorder_of_the_same_name_with_another_key_may_not_sign() -> None:
    maker = begun()
    impostor = signer_from_seed(recorder("owner").name, ED25519, bytes([9]) * 32)
    maker.sealed("client", by=impostor)
    assert faults(maker) == [(1, "3.recorder")]


@pytest.mark.parametrize("name", ["x" * 256, "x\u202ey", "x\x9by", "Zürich", "x\x7fy"])
def test_a_name_that_no_key_has_is_not_repeated(name: str) -> None:
    maker = begun()
    good = maker.sealed("client")
    maker.notes[1] = note.format(good.text, [replace(good.signature, name=name)])
    found = list[Finding]()
    walker = Walker(origin=ORIGIN, report=lambda index, finding: found.append(finding), verify=lambda *signed: None)
    for raw in maker.notes:
        walker.take(raw)
    assert [finding.code for finding in found] == ["3.recorder"]
    assert found[0].found == f"a name that no key has+{good.signature.key_id.hex()}"


def test_the_log_key_may_not_sign_an_entry() -> None:
    maker = begun()
    maker.sealed("client", by=signers()["log-1"])
    assert faults(maker) == [(1, "3.recorder")]


@pytest.mark.parametrize("revoked", [False, True])
def test_no_recorder_is_added_twice(revoked: bool) -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    if revoked:
        maker.revoke("front-desk")
    maker.add_recorder("front-desk")
    maker.sealed("client", by="front-desk")
    expected = [(maker.size - 2, "3.key-again")]
    assert faults(maker) == ([*expected, (maker.size - 1, "3.recorder")] if revoked else expected)


def adding(maker: LogMaker, signer: SeedSigner) -> None:
    maker.public("recorder_added", {"recorder": signer.key.vkey()})


def test_no_name_is_added_with_another_key_and_no_key_under_another_name() -> None:
    maker = begun()
    adding(maker, signer_from_seed(recorder("owner").name, ED25519, bytes([9]) * 32))
    adding(maker, signer_from_seed(f"{ORIGIN}/recorders/second", ED25519, _seed("recorder-owner")))
    assert faults(maker) == [(1, "3.key-again"), (2, "3.key-again")]


def _seed(role: str) -> bytes:
    return signers()[role].private.private_bytes_raw()  # type: ignore[union-attr]


def test_no_log_key_is_a_recorders_and_no_recorders_key_a_log_key() -> None:
    maker = begun()
    adding(maker, signer_from_seed(f"{ORIGIN}/recorders/second", ED25519, _seed("log-1")))
    assert faults(maker) == [(1, "3.key-again")]
    other = begun()
    vkey = signer_from_seed(ORIGIN, ED25519, _seed("recorder-owner")).key.vkey()
    other.public("log_key_rotated", {"log_key": vkey, "log_key_mldsa": signers()["log-2-mldsa"].key.vkey()})
    assert faults(other, {2: other.checkpoint()}) == [(1, "7.key-again")]


def test_a_log_key_of_before_is_no_recorders_either() -> None:
    maker = begun()
    handover = maker.rotate()
    adding(maker, signer_from_seed(f"{ORIGIN}/recorders/second", ED25519, _seed("log-1")))
    assert faults(maker, {2: handover}) == [(2, "3.key-again")]


def test_nobody_is_revoked_who_is_not_entitled() -> None:
    maker = begun()
    maker.revoke("front-desk")
    maker.add_recorder("front-desk")
    maker.revoke("front-desk")
    maker.revoke("front-desk")
    assert faults(maker) == [(1, "3.revocation"), (4, "3.revocation")]


def test_when_all_are_revoked_nobody_may_sign() -> None:
    maker = begun()
    maker.revoke("owner")
    maker.add_recorder("front-desk")
    assert faults(maker) == [(2, "3.recorder")]


# 4


def test_entries_of_one_moment_are_in_order_and_a_microsecond_back_is_not() -> None:
    maker = begun()
    moment = maker.now
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, recorded_at=moment))
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, recorded_at=moment))
    back = moment - dt.timedelta(microseconds=1)
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, recorded_at=back))
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, recorded_at=back))
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, recorded_at=moment))
    walker, found = walked(maker, sizes=(5,))
    assert found == [(3, "4.backwards"), (4, "4.backwards")]
    assert (walker.marks[5].last, walker.marks[5].latest) == (back, moment)


# 5


def moved(**changes: object) -> list[tuple[int, str]]:
    """The faults of a third entry in a stream whose link was changed."""
    maker = begun()
    maker.sealed("client")
    maker.sealed("disclosure")
    first = maker.made[1].leaf_hash

    def twist(header: Header) -> Header:
        assert header.stream is not None
        link = {name: first if value == "first" else value for name, value in changes.items()}
        return replace(header, stream=replace(header.stream, **link))

    maker.sealed("disclosure", twist=twist)
    return faults(maker)


@pytest.mark.parametrize("position", [1, 3, 4, 1000, 2**53 - 1])
def test_a_position_that_is_not_the_next_is_named(position: int) -> None:
    assert moved(position=position) == [(3, "5.position")]


def test_a_stream_does_not_begin_anew() -> None:
    assert moved(position=0, previous=None) == [(3, "5.position")]


def test_a_client_record_does_not_begin_a_stream_anew() -> None:
    maker = begun()
    maker.sealed("client")
    link = StreamLink(tag=tag_of("C-1001"), position=0, previous=None)
    maker.sealed("client", twist=lambda header: replace(header, stream=link))
    assert faults(maker) == [(2, "5.position"), (2, "5.client")]


@pytest.mark.parametrize("previous", ["first", bytes(32)])
def test_a_link_to_another_entry_than_the_streams_last_is_named(previous: object) -> None:
    assert moved(previous=previous) == [(3, "5.previous")]


@pytest.mark.parametrize("position", [1, 7])
def test_a_stream_begins_at_position_0(position: int) -> None:
    maker = begun()
    link = StreamLink(tag=tag_of("C-1"), position=position, previous=bytes(32))
    maker.sealed("client", "C-1", twist=lambda header: replace(header, stream=link))
    assert faults(maker) == [(1, "5.position"), (1, "5.client")]


def test_a_client_record_stands_in_a_stream_only_as_its_first() -> None:
    maker = begun()
    maker.sealed("client")
    maker.sealed("client")
    maker.sealed("authorization", "C-1001", stream_class="record")
    maker.sealed("client", "C-1001", stream_class="record")
    maker.sealed("client", stream_class=None)
    assert faults(maker) == [(2, "5.client"), (4, "5.client")]


@pytest.mark.parametrize("kind", ["hold", "authorization", "suspension"])
def test_in_an_accounting_stream_only_disclosures_and_corrections_follow(kind: str) -> None:
    maker = begun()
    maker.sealed("client")
    for good in ("disclosure", "correction", "disclosure"):
        maker.sealed(good)
    assert faults(maker) == []
    maker.sealed(kind)
    maker.sealed("disclosure")
    assert faults(maker) == [(5, "5.kind")]


def test_in_a_record_stream_anything_else_follows() -> None:
    maker = begun()
    for kind in ("disclosure", "authorization", "restriction", "correction", "hold"):
        maker.sealed(kind, stream_class="record")
    assert faults(maker) == []


# 6


def test_stream_maps_are_right_through_a_ledgers_growth() -> None:
    maker = begun()
    maker.stream_map()
    for number in range(120):
        maker.sealed("client", f"C-{number}")
        if number % 7 == 0:
            maker.stream_map()
        if number % 3 == 0:
            maker.sealed("disclosure", f"C-{number // 2}")
    maker.stream_map()
    assert faults(maker) == []


def without(maker: LogMaker, client: str) -> dict[bytes, StreamEnd]:
    return {tag: end for tag, end in maker.ends.items() if tag != tag_of(client)}


def two_clients() -> LogMaker:
    maker = begun()
    maker.sealed("client", "C-1")
    maker.sealed("client", "C-2")
    maker.sealed("disclosure", "C-2")
    return maker


def test_a_map_that_omits_a_stream_is_named_by_its_root_and_its_number() -> None:
    maker = two_clients()
    maker.stream_map(without(maker, "C-1"))
    assert faults(maker) == [(4, "6.streams"), (4, "6.root")]


def test_a_map_that_omits_a_streams_last_entry_is_named() -> None:
    maker = two_clients()
    early = StreamEnd(tag=tag_of("C-2"), length=1, head=maker.made[2].leaf_hash)
    maker.stream_map({**maker.ends, early.tag: early})
    assert faults(maker) == [(4, "6.root")]


def test_a_map_that_ends_a_stream_at_another_entry_is_named() -> None:
    maker = two_clients()
    wrong = StreamEnd(tag=tag_of("C-2"), length=2, head=maker.made[2].leaf_hash)
    maker.stream_map({**maker.ends, wrong.tag: wrong})
    assert faults(maker) == [(4, "6.root")]


def test_a_map_that_counts_another_number_is_named() -> None:
    maker = two_clients()
    maker.stream_map(streams=3)
    assert faults(maker) == [(4, "6.streams")]


def test_a_map_of_the_streams_of_before_is_named() -> None:
    maker = two_clients()
    before = dict(maker.ends)
    maker.sealed("disclosure", "C-1")
    maker.stream_map(before)
    maker.stream_map()
    assert faults(maker) == [(5, "6.root")]


def test_an_empty_map_is_right_only_where_there_are_no_streams() -> None:
    maker = begun()
    maker.sealed("hold", stream_class=None)
    maker.stream_map({})
    assert faults(maker) == []
    maker.sealed("client")
    maker.stream_map({})
    assert faults(maker) == [(4, "6.streams"), (4, "6.root")]
    assert map_root([]) == bytes(32)


# 7: rotations


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


# 12: erasures


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


# an unknown version


def test_after_an_unknown_version_what_it_may_explain_is_uncertain_and_no_fault() -> None:
    maker = begun()
    maker.sealed("client")
    unknown = maker.later_version()
    maker.sealed("client", "C-2", by="stranger")
    link = StreamLink(tag=tag_of("C-1001"), position=2, previous=bytes(32))
    maker.sealed("disclosure", twist=lambda header: replace(header, stream=link))
    maker.stream_map({})
    maker.revoke("locum")
    found = faults(maker)
    assert {code for _, code in found} == {"1.version"}
    assert {index for index, _ in found} == {unknown, 3, 4, 5, 6}


def test_after_an_unknown_version_a_handover_by_keys_not_known_is_uncertain_and_a_bad_one_is_not() -> None:
    maker = begun()
    maker.later_version()
    maker.rotate()
    good = maker.checkpoint(log="log-1")
    assert faults(maker, {3: good}) == [(1, "1.version")]
    assert faults(maker, {3: maker.checkpoint(log="log-2")}) == [(1, "1.version"), (2, "1.version")]
    for wrong in (spoilt(good, signers()["log-1"].key), maker.checkpoint(2, log="log-1"), b""):
        assert faults(maker, {3: wrong}) == [(1, "1.version"), (2, "7.handover")]


def test_before_an_unknown_version_and_of_hashes_times_and_origins_nothing_is_excused() -> None:
    maker = begun()
    maker.sealed("client", by="stranger")
    maker.later_version()
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, previous=bytes(32)))
    maker.sealed(
        "hold", stream_class=None, twist=lambda header: replace(header, recorded_at=header.recorded_at - 9000 * SECOND)
    )
    maker.sealed("hold", stream_class=None, twist=lambda header: replace(header, index=77))
    codes = [code for _, code in faults(maker)]
    assert codes == ["3.recorder", "1.version", "2.previous", "4.backwards", "1.index"]


def test_a_genesis_of_an_unknown_version_leaves_everything_uncertain_and_nothing_failed() -> None:
    maker = LogMaker()
    maker.later_version()
    maker.sealed("client")
    maker.rotate()
    found = faults(maker, {3: maker.checkpoint(log="log-1")})
    assert {code for _, code in found} == {"1.version"}
