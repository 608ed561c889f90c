"""What an entry of a version that is not known may explain, and what it may not (docs/format.md section 12).

A part of unknown version is never failed; but whoever can put one into a ledger, or only into a file, must not be able
to turn a fault of another part into something that merely could not be checked.
"""

from dataclasses import replace

import pytest

from disclosure_ledger import evidence
from disclosure_ledger.evidence import Evidence, Opened
from disclosure_ledger.evidence.printed import may_be_explained
from disclosure_ledger.log import content, merkle
from disclosure_ledger.log.findings import Outcome, Verdict
from evidence_maker import EvidenceMaker, begun, changed, release
from outcomes import codes, trust


def two() -> bytes:
    maker = begun()
    maker.record("disclosure", **release())
    return maker.build()


def later(maker: EvidenceMaker, index: int) -> bytes:
    """The note of a made entry as a later version would write it, in the place of the one there is."""
    note = maker.notes[index].replace(b'"v":1', b'"v":2')
    maker.notes[index] = note
    maker.made[index] = replace(maker.made[index], raw=note, leaf_hash=merkle.leaf_hash(note))
    return note


def with_key_of_a_later_version(*, adds: bool = True, name: str = "front-desk") -> EvidenceMaker:
    """A ledger whose entry 1 is of a later version: as far as is known, it adds a recorder, or does something else."""
    maker = EvidenceMaker()
    maker.genesis()
    maker.add_recorder(name if adds else "somebody")
    later(maker, 1)
    maker.frontier = merkle.EMPTY.extend([one.leaf_hash for one in maker.made])
    maker.frontiers[2] = maker.frontier
    return maker


def shown_among_keys(maker: EvidenceMaker, data: bytes, index: int, handover: bytes | None = None) -> bytes:
    """The evidence with one entry more among its keys, after the genesis."""
    consistency = merkle.prove_consistency(index + 1, maker.size, maker.node) if handover else None
    proof = merkle.prove_inclusion(index, maker.size, maker.node)
    one = evidence.KeyShown(note=maker.notes[index], proof=proof, handover=handover, consistency=consistency)

    def change(made: Evidence) -> Evidence:
        others = [key for key in made.keys[1:] if key.note != one.note]
        return replace(made, keys=(made.keys[0], one, *others))

    return changed(data, change)


def test_a_recorder_may_have_been_added_by_an_entry_of_a_later_version() -> None:
    maker = with_key_of_a_later_version()
    maker.record("client", by="front-desk", client="C-1001")
    maker.revoke("front-desk")
    verdict = evidence.verify(shown_among_keys(maker, maker.build(), 1), trust("log-1"))
    assert (verdict.outcome, set(codes(verdict))) == (Outcome.INCOMPLETE, {"1.version"}), verdict.findings


def test_a_recorder_who_signed_before_or_is_known_was_not_added_by_an_entry_of_a_later_version() -> None:
    maker = with_key_of_a_later_version()
    maker.record("client", by="front-desk", client="C-1001")
    maker.add_recorder("front-desk")
    found = codes(evidence.verify(shown_among_keys(maker, maker.build(), 1), trust("log-1")))
    assert "3.recorder" in found, "it was added later, and a name is never added twice"
    maker = begun()
    maker.record("disclosure", by="front-desk", **release())
    maker.later_version()
    data = maker.build()
    found = codes(evidence.verify(shown_among_keys(maker, data, 3), trust("log-1")))
    assert {"3.recorder", "13.keys"} <= set(found), "the one of a later version comes after"
    maker = begun()
    maker.add_recorder("front-desk")
    maker.revoke("front-desk")
    maker.later_version()
    maker.record("disclosure", by="front-desk", **release())
    found = codes(evidence.verify(shown_among_keys(maker, maker.build(), 4), trust("log-1")))
    assert "3.recorder" in found, "a name is never added twice"


@pytest.mark.parametrize("handed_over", [True, False])
def test_log_keys_may_have_been_rotated_by_an_entry_of_a_later_version_that_hands_them_over(handed_over: bool) -> None:
    maker = with_key_of_a_later_version(adds=False)
    handover = maker.checkpoint(2, log="log-1" if handed_over else "log-2")
    maker.log = "log-2"
    maker.record("client", client="C-1001")
    verdict = evidence.verify(shown_among_keys(maker, maker.build(), 1, handover), trust("log-1"))
    expected = {"1.version"} if handed_over else {"1.version", "7.ed25519", "7.mldsa"}
    assert set(codes(verdict)) == expected
    without = evidence.verify(shown_among_keys(maker, maker.build(), 1), trust("log-1"))
    assert {"7.ed25519", "7.mldsa"} <= set(codes(without)), "nobody without the keys before can say so"
    trusted = codes(evidence.verify(shown_among_keys(maker, maker.build(), 1, handover), trust("log-2")))
    assert ("7.trusted-key" in trusted) is not handed_over


def test_a_genesis_of_a_later_version_excuses_no_checkpoint_that_no_trusted_key_has_signed() -> None:
    maker = begun()
    later(maker, 0)
    maker.frontier = merkle.EMPTY.extend([one.leaf_hash for one in maker.made])
    data = maker.build()
    proof = merkle.prove_inclusion(0, maker.size, maker.node)
    data = changed(data, lambda made: replace(made, keys=(evidence.KeyShown(note=maker.notes[0], proof=proof),)))
    assert "7.trusted-key" not in codes(evidence.verify(data, trust("log-1")))
    assert "7.trusted-key" in codes(evidence.verify(data, trust("log-2")))


def test_a_stream_map_of_a_later_version_is_the_checkpoints_last_entry() -> None:
    maker = two_makers()
    data = maker.build()
    junk = b'{"index":1,"v":2}\n\n\xe2\x80\x94 a AAAAAAA=\n'

    def change(made: Evidence) -> Evidence:
        shown = made.stream_map
        return replace(made, stream_map=replace(shown, note=junk))

    assert "13.stream-map" in codes(evidence.verify(changed(data, change), trust("log-1")))


def two_makers() -> EvidenceMaker:
    maker = begun()
    maker.record("disclosure", **release())
    maker.record("disclosure", **release(description="second"))
    return maker


def hidden_behind(places: tuple[str, ...], *, rows: int, opened: int) -> Verdict:
    """Two releases, of which so many are opened as standing and so many printed, and an entry of a later version."""
    maker = two_makers()
    unknown = maker.later_version()
    data = maker.build(summarize=False)
    proof = merkle.prove_inclusion(unknown, maker.size, maker.node)
    one = Opened(note=maker.notes[unknown], proof=proof, content=[])

    def change(made: Evidence) -> Evidence:
        if "keys" in places:
            made = replace(made, keys=(*made.keys, evidence.KeyShown(note=one.note, proof=proof)))
        if "listed" in places:
            made = replace(made, listed=(one,))
        shown = list(made.stream)
        for place in range(1 + opened, 3):
            part = content.open_fields("disclosure", maker.fields[place + 1], maker.salt(place + 1), ["disclosed_on"])
            shown[place] = replace(shown[place], content=part)
        made = replace(made, stream=tuple(shown))
        return replace(made, accounting={**made.accounting, "rows": made.accounting["rows"][:rows]})

    return evidence.verify(changed(data, change), trust("log-1"))


@pytest.mark.parametrize("places", [(), ("keys",), ("listed",), ("keys", "listed")])
def test_an_entry_of_a_later_version_that_is_not_of_the_stream_hides_no_release(places: tuple[str, ...]) -> None:
    assert "13.rows" in codes(hidden_behind(places, rows=1, opened=2))
    found = hidden_behind(places, rows=1, opened=1)
    assert "13.opened" in codes(found)
    assert found.outcome is Outcome.FAILED


@pytest.mark.parametrize("note", [b'{"index":2,"v":2}', b'{"index":"2","v":2}', b'{"v":2}', b'{"index":99,"v":2}'])
def test_an_entry_of_a_later_version_that_is_not_proved_excuses_nothing(note: bytes) -> None:
    """Else whoever shows a false row could add such an entry and be incomplete, not failed."""
    whole = note + b"\n\n\xe2\x80\x94 a AAAAAAA=\n"
    junk = Opened(note=whole, proof=(bytes(32),), content=[])
    data = changed(two(), lambda made: replace(made, listed=(junk,), accounting={**made.accounting, "rows": []}))
    verdict = evidence.verify(data, trust("log-1"))
    assert verdict.outcome is Outcome.FAILED
    assert set(codes(verdict)) == {"1.version", "13.rows"}


def replaced_by_a_later_version(*, opened: int, rows: int, twist: bool = False) -> Verdict:
    """Three releases and an entry of a later version that follows them in the stream, as its links prove."""
    maker = begun()
    for name in ("first", "second", "third"):
        maker.record("disclosure", **release(description=name))
    last = maker.correct(2, description="visit dates")
    note = later(maker, last)
    maker.frontier = merkle.EMPTY.extend([one.leaf_hash for one in maker.made])
    maker.frontiers[maker.size] = maker.frontier
    link = maker.made[last].header.stream
    assert link is not None
    maker.ends[link.tag] = maker.ends[link.tag]._replace(head=merkle.leaf_hash(note))
    data = maker.build(only=4, summarize=False)

    def change(made: Evidence) -> Evidence:
        one = Opened(note=note, proof=merkle.prove_inclusion(last, maker.size, maker.node), content=[])
        shown = list(made.stream)
        for index in range(2, 5 - opened):
            part = content.open_fields("disclosure", maker.fields[index], maker.salt(index), ["disclosed_on"])
            shown[index - 1] = replace(shown[index - 1], content=part)
        printed = made.accounting["rows"][-rows:] if rows else []
        if twist:
            printed = [{**printed[0], "description": "another"}, {**printed[1], "description": "a third"}]
        return replace(made, stream=(*shown, one), accounting={**made.accounting, "rows": printed})

    return evidence.verify(changed(data, change), trust("log-1"))


def test_one_of_the_stream_may_stand_for_one_release_and_no_more() -> None:
    assert set(codes(replaced_by_a_later_version(opened=2, rows=2))) == {"1.version"}, "it may retract one"
    assert set(codes(replaced_by_a_later_version(opened=2, rows=3))) == {"1.version"}, "it may replace one"
    assert set(codes(replaced_by_a_later_version(opened=3, rows=3))) == {"1.version"}, "it may be anything else"
    assert "13.opened" in codes(replaced_by_a_later_version(opened=1, rows=1)), "it corrects no two"
    assert "13.rows" in codes(replaced_by_a_later_version(opened=2, rows=2, twist=True)), "two rows are made of nothing"


def test_so_many_rows_may_be_explained() -> None:
    one, two, three, more = {"n": 1}, {"n": 2}, {"count": 3, "n": 1}, {"count": 4, "n": 1}
    assert not may_be_explained([one, two, two], [[one, two, two]], 0), "there is nothing to explain it"
    assert may_be_explained([one, two], [[one]], 1), "a row of its own"
    assert may_be_explained([three], [[two, one]], 1), "with two others it makes a summary"
    assert may_be_explained([two, more], [[three, two]], 1), "a summary of one more"
    assert may_be_explained([one], [[two, two], [one]], 1), "one form is enough"
    assert not may_be_explained([two, one], [[one, two]], 1), "it does not turn rows round"
    assert may_be_explained([two, three, one], [[two, one]], 1)
    assert not may_be_explained([one, two], [[one]], 0)
    assert not may_be_explained([one, two, two], [[one]], 1)
    assert not may_be_explained([one], [[one, two]], 1), "it makes no row go"
    assert not may_be_explained([two], [[one]], 1)
    assert not may_be_explained([three], [[one, two, two]], 1)
