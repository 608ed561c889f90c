"""The walk over entries: the chain, recorders, time (docs/format.md section 12, checks 1 to 4 and 12).

Each attack is signed well: what is named is the fault alone.
"""

import datetime as dt
from dataclasses import replace

import pytest

from disclosure_ledger.log import note
from disclosure_ledger.log.entry import StreamLink
from disclosure_ledger.log.note import ED25519
from golden_log import ORIGIN, SeedSigner, signer_from_seed, signers
from log_maker import LogMaker, recorder, spoilt, story, tag_of
from walking import begun, faults, findings, walked

SECOND = dt.timedelta(seconds=1)


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


def test_a_recorder_whom_no_entry_added_may_not_sign() -> None:
    maker = begun()
    made = maker.sealed("client", by="stranger")
    assert faults(maker) == [(1, "3.recorder")]
    (told,) = findings(maker)
    assert told.found == f"{ORIGIN}/recorders/stranger+{made.signature.key_id.hex()}"


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
    found = findings(maker)
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
