"""The parts of an evidence file's verification, each asked alone: one fault, one finding."""

import sys
from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger import evidence
from disclosure_ledger.errors import Malformed
from disclosure_ledger.evidence import Evidence, Opened, Shown
from disclosure_ledger.evidence.chain import Chain
from disclosure_ledger.evidence.history import History
from disclosure_ledger.evidence.opening import item_of
from disclosure_ledger.evidence.proving import Proofs
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import checkpoint, content, merkle, streams
from disclosure_ledger.log.findings import Findings, Outcome
from disclosure_ledger.log.note import ED25519
from evidence_maker import BEGIN, PERIOD, EvidenceMaker, begun, changed, release, study
from golden_log import ORIGIN, keys
from log_maker import recorder, tag_of
from outcomes import codes, trust


def chain_of(data: bytes) -> tuple[Chain, Evidence]:
    made = evidence.parse(data)
    named = checkpoint.parse(made.checkpoint).checkpoint
    history = History(proofs=Proofs(named=named, findings=Findings()))
    history.read(made.keys)
    return Chain(history=history, tag=made.tag, end=made.stream_map.end), made


def found(chain: Chain) -> list[tuple[str, str, str]]:
    return [(one.code, one.expected, one.found) for one in chain.proofs.findings.all()]


def linked(data: bytes, **changes: Any) -> list[tuple[str, str, str]]:
    """What is said of the links, once something about the chain or what is shown was changed."""
    chain, made = chain_of(data)
    shown = changes.pop("shown", lambda stream: stream)(made.stream)
    chain = replace(chain, **{name: change(getattr(chain, name)) for name, change in changes.items()})
    read = [chain.read(f"stream[{place}]", one) for place, one in enumerate(shown)]
    assert chain.proofs.findings.all() == ()
    chain.check_links(shown, read)
    return found(chain)


def two() -> bytes:
    maker = begun()
    maker.record("disclosure", **release())
    return maker.build()


def test_a_whole_chain_has_no_fault() -> None:
    assert linked(two()) == []


def test_an_empty_chain_lacks_its_first_entry() -> None:
    assert linked(two(), shown=lambda stream: (), end=lambda end: end._replace(length=0)) == [
        ("13.stream", "at least its first entry", "none")
    ]


def test_the_length_is_the_maps() -> None:
    assert linked(two(), end=lambda end: end._replace(length=3)) == [("13.stream", "3 entries", "2 entries")]


def test_the_head_is_the_maps() -> None:
    ((code, expected, _),) = linked(two(), end=lambda end: end._replace(head=bytes(32)))
    assert (code, expected) == ("13.stream", "A" * 43 + "=")


def test_the_tag_is_the_streams() -> None:
    said = linked(two(), tag=lambda tag: bytes(32))
    assert said == [("13.stream", "an entry of the client's stream", "one of another, or of none")] * 2


def test_positions_follow_each_other() -> None:
    maker = begun()
    link = replace(maker.link("C-1001"), position=2)
    root = content.commit("disclosure", release(), maker.salt(2))
    maker.append(maker.header("disclosure", content_root=root, content_fields=31, stream=link))
    maker.fields[2] = release()
    assert linked(maker.build(), end=lambda end: end._replace(length=2)) == [("13.stream", "position 1", "position 2")]


def test_every_entry_names_the_one_before_it() -> None:
    maker = begun()
    link = replace(maker.link("C-1001"), previous=bytes(32))
    root = content.commit("disclosure", release(), maker.salt(2))
    maker.append(maker.header("disclosure", content_root=root, content_fields=31, stream=link))
    maker.fields[2] = release()
    ((code, expected, said),) = linked(maker.build())
    assert (code, said) == ("13.stream", "A" * 43 + "=")
    assert expected != said


def test_a_map_that_proves_the_tag_absent_proves_nothing() -> None:
    maker = begun()
    maker.record("client", client="C-2002")
    chain, made = chain_of(maker.build())
    other, mine = tag_of("C-2002"), tag_of("C-1001")
    proof = streams.prove(maker.ends.values(), other)
    assert proof.end is not None
    absent = bytes((other[0], other[1] ^ 0xFF)) + other[2:]
    assert absent not in (other, mine)
    shown = replace(made.stream_map, siblings=proof.siblings)
    chain = replace(chain, tag=absent, end=proof.end)
    assert chain.check_map(shown) is not None
    assert found(chain) == [("13.stream-map", "the stream's own leaf", "another's")]


@pytest.mark.parametrize("note", [b"no note", b""])
def test_notes_that_cannot_be_read_are_findings(note: bytes) -> None:
    def with_note(change: Any) -> list[str]:
        verdict = evidence.verify(changed(two(), change), trust("log-1"))
        assert verdict.outcome is Outcome.FAILED
        return codes(verdict)

    assert "1.parse" in with_note(lambda made: replace(made, stream_map=replace(made.stream_map, note=note)))
    assert "1.parse" in with_note(lambda made: replace(made, keys=(replace(made.keys[0], note=note),)))
    assert "1.parse" in with_note(
        lambda made: replace(made, stream=(replace(made.stream[0], note=note), made.stream[1]))
    )
    erased = Opened(note=two_notes()[1], proof=(), erasure=Shown(note=note, proof=()))
    assert "1.parse" in with_note(lambda made: replace(made, stream=(made.stream[0], erased)))
    assert "7.checkpoint" in with_note(lambda made: replace(made, checkpoint=note))
    assert "13.checkpoint" in with_note(
        lambda made: replace(made, accounting={**made.accounting, "checkpoint": note.decode()})
    )


def two_notes() -> list[bytes]:
    return [one.note for one in evidence.parse(two()).stream]


def test_an_entry_of_another_ledger_is_named() -> None:
    maker = begun()
    root = content.commit("disclosure", release(), maker.salt(2))
    header = maker.header("disclosure", content_root=root, content_fields=31, stream=maker.link("C-1001"))
    maker.append(replace(header, origin="elm.example/d"))
    maker.fields[2] = release()
    verdict = evidence.verify(maker.build(), trust("log-1"))
    assert codes(verdict) == ["1.origin"]


def test_a_log_key_that_is_a_recorders_is_found() -> None:
    maker = begun()
    sly = replace(recorder("owner").key, name=ORIGIN)
    assert sly.kind == ED25519
    maker.public("log_key_rotated", {"log_key": sly.vkey(), "log_key_mldsa": keys()["log-2-mldsa"].vkey()})
    maker.handovers[maker.size] = maker.checkpoint()
    verdict = evidence.verify(maker.build(), trust("log-1"))
    assert "7.key-again" in codes(verdict)


def test_one_missing_recorder_is_named_once() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    for _ in range(3):
        maker.record("disclosure", by="front-desk", **release())
    data = changed(maker.build(), lambda made: replace(made, keys=made.keys[:1]))
    verdict = evidence.verify(data, trust("log-1"))
    assert [one.code for one in verdict.findings] == ["3.recorder"] * 3 + ["13.keys"]


def work_of(count: int) -> int:
    """How many calls it takes to read the keys of a ledger that added so many recorders."""
    maker = EvidenceMaker()
    maker.genesis()
    for number in range(count):
        maker.add_recorder(f"desk-{number}")
    history = History(proofs=Proofs(named=checkpoint.parse(maker.checkpoint()).checkpoint, findings=Findings()))
    shown, calls = maker.keys_shown(), [0]

    def counting(*_: object) -> None:
        calls[0] += 1

    sys.setprofile(counting)
    try:
        history.read(shown)
    finally:
        sys.setprofile(None)
    assert history.proofs.findings.all() == ()
    return calls[0]


def test_twice_as_many_key_entries_are_twice_the_work() -> None:
    """Evidence may come from anybody: what it costs to read must not grow faster than the file."""
    work_of(1)
    assert work_of(160) < 2.3 * work_of(80)


@pytest.mark.parametrize(
    "fields",
    [
        {"corrects": 99},
        {"corrects": 3},
        {"corrects": -1},
        {"corrects": "2"},
        {"corrects": True},
        {"corrects": None},
        {"corrects": 2, "retract": 1},
        {"corrects": 2, "retract": "no"},
        {"corrects": 2, "retract": True},
    ],
)
def test_a_correction_that_makes_no_sense_does_not_open(fields: dict[str, Any]) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    index = maker.record("correction", **{**release(), **fields})
    names = ["corrects", "retract", "disclosed_on"]
    opened = content.open_fields("correction", maker.fields[index], maker.salt(index), names)
    with pytest.raises(Malformed, match=r"expected a (correction|retraction)"):
        item_of(maker.made[index], opened)


def test_an_entry_in_the_clear_has_nothing_to_open() -> None:
    with pytest.raises(Malformed, match="sealed content"):
        item_of(begun().made[0], [])


def test_a_listed_entry_is_never_covered_by_a_study() -> None:
    maker = begun()
    fields = release(basis="research_waiver", counted_as="research_waiver", protocol="P-1")
    index = maker.record("disclosure", None, **fields)
    shown = content.open_fields("disclosure", fields, maker.salt(index), ["client", "disclosed_on", "protocol"])
    data = maker.build(research=(study(),))
    proof = merkle.prove_inclusion(index, maker.size, maker.node)
    listed = Opened(note=maker.notes[index], proof=proof, content=shown)
    verdict = evidence.verify(changed(data, lambda made: replace(made, listed=(listed,))), trust("log-1"))
    assert codes(verdict) == ["13.opened"]


def test_no_release_hides_by_having_no_day() -> None:
    maker = begun()
    index = maker.record("disclosure", **release(disclosed_on=None))
    verdict = evidence.verify(maker.build(hidden=[index]), trust("log-1"))
    assert codes(verdict) == ["13.opened"]


def test_an_entry_of_a_stream_is_not_listed() -> None:
    maker = begun()
    index = maker.record("disclosure", "record", **release())
    maker.listed = [index]
    assert codes(evidence.verify(maker.build(), trust("log-1"))) == ["13.listed"]


def test_an_erased_entry_of_no_stream_is_not_listed() -> None:
    maker = EvidenceMaker(now=BEGIN.replace(year=2012))
    maker.genesis()
    maker.record("client", client="C-1001")
    index = maker.record("disclosure", None, **release(disclosed_on="2012-01-01"))
    maker.now = BEGIN
    maker.erase([[index, index]])
    data = maker.build()
    held = maker.held(index)
    erased = Opened(note=held.note, proof=merkle.prove_inclusion(index, maker.size, maker.node), erasure=held.erasure)
    verdict = evidence.verify(changed(data, lambda made: replace(made, listed=(erased,))), trust("log-1"))
    assert codes(verdict) == ["13.listed"]


def test_an_entry_is_listed_once() -> None:
    maker = begun()
    maker.listed = [maker.record("disclosure", None, **release())] * 2
    verdict = evidence.verify(maker.build(), trust("log-1"))
    assert codes(verdict) == ["13.listed"]


def test_an_erased_first_day_is_judged_only_with_a_period() -> None:
    chain, made = chain_of(two())
    entry = chain.read("stream[1]", made.stream[1])
    assert entry is not None
    shown = Opened(note=made.stream[1].note, proof=made.stream[1].proof, erasure=made.stream[0])
    assert chain.open(entry, shown, None) is None
    assert [code for code, _, _ in found(chain)] == ["13.erasure"]
    assert chain.open(entry, shown, PERIOD) is None
    assert [code for code, _, _ in found(chain)] == ["13.erasure", "13.erasure", "13.erasure"]


def test_the_earliest_period_there_is_makes_no_error() -> None:
    first = Span(from_=PERIOD.from_.min, to=PERIOD.to)
    maker = begun()
    maker.record("disclosure", **release())
    assert codes(evidence.verify(maker.build(period=first), trust("log-1"))) == []
