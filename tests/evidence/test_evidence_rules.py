"""The rules of docs/format.md section 11, each with an honest ledger beside one that breaks it."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import evidence, pile, targets
from disclosure_ledger.canonical import encode
from disclosure_ledger.evidence import Evidence, Opened
from disclosure_ledger.log import checkpoint, content, merkle
from disclosure_ledger.log.checkpoint import Known, Trust
from disclosure_ledger.log.findings import Outcome
from evidence_maker import EvidenceMaker, begun, changed, release, with_accounting
from evidence_rules import fails, holds, old_release, reopened, three, verdict_on
from golden_log import keys, signers
from outcomes import codes, trust

# ---- what holds


def test_a_client_without_disclosures_has_a_stream_of_one_entry() -> None:
    holds(begun().build())


def test_releases_corrections_and_retractions_hold() -> None:
    maker = begun()
    first = maker.record("disclosure", **release())
    second = maker.correct(first, description="visit dates")
    maker.correct(second, description="visit dates of 2024")
    maker.retract(maker.record("disclosure", **release(description="wrong client")))
    maker.record("disclosure", **release(disclosed_on="2019-05-05"))
    maker.record("disclosure", **release(counted_as="payment", basis="payment", purpose=None))
    holds(maker.build())


def test_every_group_is_summed_up_or_none_is() -> None:
    maker = begun()
    three(maker)
    both = maker.build(), maker.build(summarize=False)
    for data in both:
        holds(data)
    rows = [json.loads(data)["accounting"]["rows"] for data in both]
    assert [len(one) for one in rows] == [1, 3]
    mixed = with_accounting(both[1], lambda one: one.update(rows=[*rows[0], rows[1][0]]))
    fails(mixed, "13.rows")


def test_a_release_in_no_stream_is_listed() -> None:
    maker = begun()
    maker.listed = [
        maker.record("disclosure", None, **release(basis="health_oversight", counted_as="health_oversight"))
    ]
    data = maker.build()
    holds(data)
    assert len(json.loads(data)["accounting"]["rows"]) == 1


def test_keys_are_followed_through_recorders_and_rotations() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.record("disclosure", by="front-desk", **release())
    maker.revoke("front-desk")
    maker.hand_over()
    maker.record("disclosure", **release(description="after"))
    data = maker.build()
    holds(data)
    assert evidence.verify(data, Trust(keys=(keys()["log-2-mldsa"],))).outcome is Outcome.VERIFIED


def test_an_erased_entry_shows_its_erasure() -> None:
    holds(old_release().build())


def come_back(*, erased: list[list[int]], releases: int) -> EvidenceMaker:
    """A ledger begun in 2012 of whose client something was erased, who then came back."""
    maker = EvidenceMaker(now=dt.datetime(2012, 2, 3, 9, tzinfo=dt.UTC))
    maker.genesis()
    maker.record("client", client="C-1001")
    maker.record("disclosure", **release(disclosed_on="2012-02-02"))
    maker.now = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
    maker.erase(erased)
    for _ in range(releases):
        maker.record("disclosure", **release())
    return maker


def test_a_client_who_comes_back_after_everything_was_erased_is_named_by_what_came_later() -> None:
    holds(come_back(erased=[[1, 2]], releases=2).build())
    nothing_later = verdict_on(come_back(erased=[[1, 2]], releases=0).build())
    assert (nothing_later.outcome, codes(nothing_later)) == (Outcome.INCOMPLETE, ["13.client-erased"])
    other = with_accounting(
        come_back(erased=[[1, 2]], releases=1).build(), lambda one: one["client"].update(number="C-1002")
    )
    assert "13.client" in codes(verdict_on(other))


def test_the_beginning_of_a_stream_is_erased_with_all_of_it_that_there_was() -> None:
    assert codes(verdict_on(come_back(erased=[[1, 1]], releases=1).build())) == ["13.erasure"]


# ---- the stream


def test_the_first_entry_cannot_be_an_erased_one_while_another_of_its_time_stands() -> None:
    maker = old_release()
    maker.erase([[1, 1]])
    fails(maker.build(), "13.erasure")


def test_another_client_under_this_number_is_found() -> None:
    maker = begun()
    maker.record("disclosure", **release(client="C-1001"))
    data = with_accounting(maker.build(), lambda one: one.update(client={"number": "C-2002", "name": None}))
    fails(data, "13.client")


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(client={"number": " C-1001", "name": None}),
        lambda one: one.update(rules=one["rules"] + "\u3000"),
        lambda one: one["statements"].append("a\x85"),
        lambda one: one["rows"][0].update(description=one["rows"][0]["description"] + " "),
    ],
)
def test_a_text_that_is_printed_is_trimmed_and_never_read_as_if_it_were(change: Any) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    fails(with_accounting(maker.build(), change), "13.form")


@pytest.mark.parametrize("fields", [{"purpose": "A court ordered it. "}, {"matter": "\u00a0C-7"}])
def test_a_text_that_is_opened_is_trimmed(fields: dict[str, str]) -> None:
    maker = begun()
    maker.record("disclosure", **release(**fields))
    fails(maker.build(), "13.opened")


def test_what_is_no_white_space_to_unicode_is_part_of_a_text() -> None:
    maker = begun()
    maker.record("disclosure", **release(description="\ufeffattendance dates", purpose="\u200bA court ordered it."))
    holds(maker.build())


def test_a_release_about_somebody_else_in_this_stream_is_found() -> None:
    maker = begun()
    root = content.commit("disclosure", release(client="C-2002"), maker.salt(2))
    maker.append(maker.header("disclosure", content_root=root, content_fields=31, stream=maker.link("C-1001")))
    maker.fields[2] = release(client="C-2002")
    fails(maker.build(), "13.client")


def test_a_second_client_record_in_the_stream_is_found() -> None:
    maker = begun()
    maker.record("client", client="C-1001", name="Dana Whitfield")
    fails(with_second(maker), "13.stream")


def with_second(maker: EvidenceMaker) -> bytes:
    """The evidence of a stream whose second entry is entry 2, of whatever kind, with its client opened."""
    data = maker.build(only=1)
    shown = content.open_fields(maker.made[2].header.kind, maker.fields[2], maker.salt(2), ["client"])

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_inclusion(2, maker.size, maker.node)
        return replace(made, stream=(*made.stream, Opened(note=maker.notes[2], proof=proof, content=shown)))

    return changed(data, change)


def test_an_authorization_in_the_stream_is_found() -> None:
    maker = begun()
    maker.record("authorization", client="C-1001", id="A-1")
    fails(with_second(maker), "13.stream")


@pytest.mark.parametrize("kept", [slice(0, 2), slice(1, 3), slice(0, 1)])
def test_no_part_of_a_stream_passes_for_the_whole(kept: slice) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    maker.record("disclosure", **release(description="second"))
    fails(changed(maker.build(), lambda made: replace(made, stream=made.stream[kept])), "13.stream")


def test_the_map_must_be_the_last_entry() -> None:
    maker = begun()
    maker.stream_map()
    early = maker.shown(maker.size - 1)
    maker.record("disclosure", **release())
    data = maker.build(hidden=[3])
    size = maker.size

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_inclusion(2, size, maker.node)
        shown = replace(made.stream_map, note=early.note, proof=proof, siblings=(), end=_end(made))
        return replace(made, stream_map=shown, stream=made.stream[:1])

    fails(changed(data, change), "13.stream-map")


def _end(made: Evidence) -> Any:
    head = merkle.leaf_hash(made.stream[0].note)
    return made.stream_map.end._replace(length=1, head=head)


# ---- known from outside


def test_an_earlier_evidence_file_shows_the_same_beginning(tmp_path: Path) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    (tmp_path / "early").write_bytes(maker.build())
    maker.record("disclosure", **release(description="second"))
    (tmp_path / "late").write_bytes(maker.build())
    for shown, known in (("late", "early"), ("early", "late")):
        verdict = targets.verify(tmp_path / shown, trust=trust("log-1"), known=pile.gather([tmp_path / known]))
        assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, [])


def test_an_earlier_evidence_file_with_more_entries_accuses(tmp_path: Path) -> None:
    honest, rewritten = begun(), begun()
    for maker, count in ((honest, 2), (rewritten, 1)):
        for number in range(count):
            maker.record("disclosure", **release(description=f"release {number}"))
    (tmp_path / "early").write_bytes(honest.build())
    for _ in range(4):
        rewritten.sealed("hold", "C-2002", stream_class=None)
    (tmp_path / "late").write_bytes(rewritten.build())
    verdict = targets.verify(tmp_path / "late", trust=trust("log-1"), known=pile.gather([tmp_path / "early"]))
    assert verdict.outcome is Outcome.FAILED
    assert "8.earlier" in codes(verdict)
    assert verdict.accusations


def test_evidence_of_another_client_is_no_earlier_one(tmp_path: Path) -> None:
    maker = begun()
    maker.record("client", client="C-2002")
    (tmp_path / "other").write_bytes(maker.build("C-2002"))
    (tmp_path / "own").write_bytes(maker.build())
    verdict = targets.verify(tmp_path / "own", trust=trust("log-1"), known=pile.gather([tmp_path / "other"]))
    assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, [])


def test_a_checkpoint_by_nobody_that_is_trusted_vouches_for_nothing() -> None:
    maker = begun()
    data = maker.build()
    named = checkpoint.parse(maker.checkpoint()).checkpoint
    raw = checkpoint.sign(named, signers()["log-2"])
    verdict = evidence.verify(data, trust("log-1", known=(Known(where="x", raw=raw),)))
    assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["8.signature"])


# ---- no client's data


def test_no_finding_and_no_notice_holds_a_clients_data() -> None:
    canary = "Canary Whitfield-Zzyzx"
    maker = begun()
    maker.record("disclosure", **release(description=canary, recipient={"name": canary, "type": "court"}))
    maker.record("disclosure", None, **release(description=canary))
    data = maker.build()
    mutations = [
        with_accounting(data, lambda one: one["rows"].clear()),
        with_accounting(data, lambda one: one.update(client={"number": canary, "name": canary})),
        with_accounting(data, lambda one: one.update(rules=canary)),
        with_accounting(data, lambda one: one["rows"][0].update(description=5)),
        reopened(maker, data, 1, "description"),
        encode({**json.loads(data), canary: 1}),
    ]
    for one in mutations:
        verdict = verdict_on(one)
        assert verdict.outcome is not Outcome.VERIFIED
        assert canary not in repr(replace(verdict, checkpoint=None))
