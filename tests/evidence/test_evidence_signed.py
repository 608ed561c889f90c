"""Who signed and when, and what was erased (docs/format.md section 11), by ledgers that keep a rule or break it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import evidence, package, pile, targets
from disclosure_ledger.evidence import Evidence, Opened, Shown
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import checkpoint, content, merkle
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.note import COSIGNATURE
from evidence_maker import begun, changed, release, with_accounting
from evidence_rules import WITNESS, fails, holds, old_release, verdict_on
from golden_log import keys, signers
from log_maker import recorder
from outcomes import codes, trust
from stamping import Stamper

# ---- keys, signatures, time


def test_an_entry_by_a_recorder_of_before_or_after_its_time_is_found() -> None:
    early = begun()
    early.record("disclosure", by="front-desk", **release())
    early.add_recorder("front-desk")
    fails(early.build(), "3.recorder")
    late = begun()
    late.add_recorder("front-desk")
    late.revoke("front-desk")
    late.record("disclosure", by="front-desk", **release())
    fails(late.build(), "3.recorder")


def test_a_revocation_may_be_signed_by_who_is_revoked_and_nothing_after() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.revoke("front-desk", by="front-desk")
    holds(maker.build())


def test_a_revocation_that_was_left_out_is_found_with_the_package(tmp_path: Path) -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.revoke("front-desk")
    data = changed(maker.build(), lambda made: replace(made, keys=made.keys[:-1]))
    holds(data)
    (tmp_path / "evidence.json").write_bytes(data)
    vkeys = [key.vkey() for key in maker.keys().both()]
    package.write(tmp_path / "audit", package.files(checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=vkeys))
    known = pile.gather([tmp_path / "audit"])
    verdict = targets.verify(tmp_path / "evidence.json", trust=trust("log-1"), known=known)
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["13.keys"])


@pytest.mark.parametrize("order", [(1, 0), (0, 0, 1), (0, 1, 1), ()])
def test_key_entries_stand_in_order_once_and_begin_with_the_genesis(order: tuple[int, ...]) -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    data = changed(maker.build(), lambda made: replace(made, keys=tuple(made.keys[place] for place in order)))
    fails(data, "13.keys")


def test_without_the_genesis_that_alone_is_said_of_signatures() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    verdict = fails(changed(maker.build(), lambda made: replace(made, keys=())), "13.keys")
    assert codes(verdict) == ["13.keys", "7.ed25519", "7.trusted-key"]


def test_under_another_checkpoint_nothing_is_proved() -> None:
    other = begun()
    other.record("disclosure", **release())
    fails(changed(begun().build(), lambda made: replace(made, checkpoint=other.checkpoint())), "13.inclusion")


def test_a_trusted_key_is_one_of_the_logs() -> None:
    data = begun().build()
    verdict = evidence.verify(data, Trust(keys=(keys()["log-2"],)))
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["7.trusted-key"])
    assert codes(evidence.verify(data, Trust())) == ["7.no-trusted-key"]
    assert codes(evidence.verify(data, Trust(keys=(keys()["log-2"], keys()["log-1"])))) == []
    for pair, expected in ((("log-1", "log-2-mldsa"), ["7.trusted-key"]), (("log-1", "log-1-mldsa"), [])):
        assert codes(evidence.verify(data, Trust(keys=tuple(keys()[role] for role in pair)))) == expected


def test_no_other_entry_passes_for_one_that_changes_a_key() -> None:
    maker = begun()
    maker.stream_map()
    data = maker.build()
    shown = Shown(note=maker.notes[2], proof=merkle.prove_inclusion(2, maker.size, maker.node))
    more = evidence.KeyShown(note=shown.note, proof=shown.proof)
    fails(changed(data, lambda made: replace(made, keys=(*made.keys, more))), "13.keys")


def test_a_key_added_again_or_in_another_role_is_found() -> None:
    again = begun()
    again.add_recorder("front-desk")
    again.revoke("front-desk")
    again.add_recorder("front-desk")
    fails(again.build(), "3.key-again")
    role = begun()
    role.public("recorder_added", {"recorder": _as_recorder("log-1")})
    fails(role.build(), "3.key-again")
    unknown = begun()
    unknown.revoke("front-desk")
    fails(unknown.build(), "3.revocation")


def _as_recorder(role: str) -> str:
    own = signers()[role].key
    return replace(own, name=f"{own.name}/recorders/sly").vkey()


def test_a_rotation_needs_its_handover_whole() -> None:
    maker = begun()
    maker.hand_over()
    data = maker.build()
    holds(data)

    def keys(change: Any) -> bytes:
        return changed(data, lambda made: replace(made, keys=(made.keys[0], change(made.keys[1]))))

    fails(keys(lambda one: replace(one, handover=None, consistency=None)), "7.handover")
    text, _, lines = maker.handovers[3].partition(b"\n\n")
    for line in lines.splitlines(keepends=True):
        fails(keys(lambda one, line=line: replace(one, handover=text + b"\n\n" + line)), "7.handover")
    fails(keys(lambda one: replace(one, handover=maker.checkpoint(2, log="log-1"))), "7.handover")
    fails(keys(lambda one: replace(one, consistency=one.consistency[:-1])), "7.consistency")
    fails(keys(lambda one: replace(one, consistency=(*one.consistency, bytes(32)))), "7.consistency")


def test_a_handover_without_a_rotation_is_found() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    raw, size = maker.checkpoint(), maker.size
    data = maker.build()

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_consistency(size, maker.size, maker.node)
        return replace(made, keys=(made.keys[0], replace(made.keys[1], handover=raw, consistency=proof)))

    fails(changed(data, change), "7.handover-unasked")


def test_keys_of_before_do_not_sign_after_the_rotation() -> None:
    maker = begun()
    maker.hand_over()
    maker.log = "log-1"
    fails(maker.build(), "7.ed25519", "7.mldsa")


def test_the_logs_own_time_is_its_last_entrys() -> None:
    maker = begun()
    data = maker.build()
    named = checkpoint.parse(maker.checkpoint()).checkpoint
    late = checkpoint.add_mldsa(checkpoint.sign(named, signers()["log-1"]), signers()["log-1-mldsa"], 5)
    data = changed(data, lambda made: replace(made, checkpoint=late))
    fails(data, "7.mldsa-time")


def test_time_does_not_run_backwards_among_the_entries_shown() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    maker.now -= dt.timedelta(hours=3)
    maker.record("disclosure", **release())
    maker.now += dt.timedelta(hours=3)
    fails(maker.build(), "4.backwards")


def test_neighbours_that_are_both_shown_are_linked() -> None:
    maker = begun()
    root = content.commit("disclosure", release(), maker.salt(2))
    header = maker.header("disclosure", content_root=root, content_fields=31, stream=maker.link("C-1001"))
    maker.append(replace(header, previous=bytes(32)))
    maker.fields[2] = release()
    fails(maker.build(), "2.previous")


@pytest.mark.parametrize(("late", "expected"), [(-301, ["4.after-outside-time"]), (-300, []), (60, [])])
def test_no_entry_is_later_than_a_witness(late: int, expected: list[str]) -> None:
    maker = begun()
    data = maker.build()
    time = int(maker.made[-1].header.recorded_at.timestamp()) + late
    cosigned = changed(data, lambda made: replace(made, checkpoint=checkpoint.cosign(made.checkpoint, WITNESS, time)))
    told = Trust(keys=trust("log-1").keys, witnesses=(WITNESS.key,), quorum=1)
    assert codes(evidence.verify(cosigned, told)) == expected
    assert codes(evidence.verify(data, told)) == ["9.quorum"]


def test_one_of_the_ledgers_own_keys_is_no_witness() -> None:
    own = replace(recorder("owner").key, kind=COSIGNATURE)
    told = Trust(keys=trust("log-1").keys, witnesses=(own,), quorum=0)
    assert codes(evidence.verify(begun().build(), told)) == ["9.witness"]


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    pytest.importorskip("rfc3161_client")
    return Stamper.made(tmp_path_factory.mktemp("tsa"))


def test_a_timestamp_in_evidence_is_verified(stamper: Stamper) -> None:
    maker = begun()
    data = maker.build()
    text = checkpoint.parse(evidence.parse(data).checkpoint).note.text
    good = changed(data, lambda made: replace(made, timestamps=(stamper.stamp(text),)))
    wrong = changed(data, lambda made: replace(made, timestamps=(stamper.stamp(b"else"),)))
    assert codes(verdict_on(good, authorities=[stamper.authority()])) == []
    assert codes(verdict_on(good)) == ["10.authority"]
    assert codes(verdict_on(wrong, authorities=[stamper.authority()])) == ["10.timestamp"]
    later = begun()
    later.now = later.now.replace(year=2999)
    later.record("disclosure", **release())
    data = later.build(issued_on=dt.date(2026, 1, 5))
    text = checkpoint.parse(evidence.parse(data).checkpoint).note.text
    late = changed(data, lambda made: replace(made, timestamps=(stamper.stamp(text),)))
    assert codes(verdict_on(late, authorities=[stamper.authority()])) == ["4.after-outside-time"]


# ---- erasures


@pytest.mark.parametrize("number", [0, 1, 4])
def test_an_erasure_lists_the_entry_that_it_is_shown_for(number: int) -> None:
    maker = old_release()
    data = maker.build()

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_inclusion(number, maker.size, maker.node)
        shown = replace(made.stream[1], erasure=Shown(note=maker.notes[number], proof=proof))
        return replace(made, stream=(made.stream[0], shown, *made.stream[2:]))

    fails(changed(data, change), "13.erasure")


def test_an_erasure_that_does_not_list_it_is_found() -> None:
    maker = old_release()
    maker.erase([[4, 4]])
    data = maker.build(hidden=[4])

    def change(made: Evidence) -> Evidence:
        return replace(
            made, stream=(*made.stream[:1], replace(made.stream[1], erasure=made.stream[2].erasure), *made.stream[2:])
        )

    fails(changed(data, change), "13.erasure")


@pytest.mark.parametrize(("erased", "expected"), [(dt.date(2018, 2, 2), ["12.too-early"]), (dt.date(2018, 2, 3), [])])
def test_nothing_is_erased_sooner_than_six_years_after(erased: dt.date, expected: list[str]) -> None:
    maker = old_release(dt.datetime(erased.year, erased.month, erased.day, 9, tzinfo=dt.UTC))
    assert codes(verdict_on(maker.build())) == expected


def test_nothing_of_the_period_is_erased() -> None:
    maker = old_release(recorded=2012)
    data = maker.build()
    early = Span(from_=dt.date(2012, 2, 4), to=dt.date(2026, 1, 5)).from_.isoformat()
    later = Span(from_=dt.date(2012, 2, 5), to=dt.date(2026, 1, 5)).from_.isoformat()
    assert "13.erasure" in codes(verdict_on(with_accounting(data, lambda one: one["period"].update({"from": early}))))
    holds(with_accounting(data, lambda one: one["period"].update({"from": later})))


# ---- versions


def test_a_rule_set_or_an_accounting_of_a_later_version_is_incomplete() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    data = maker.build()
    for change in (
        lambda one: one.update(rules="45-cfr-164.528/2031-01-01"),
        lambda one: one.update(rules=Rules().name() + "+some-reading"),
        lambda one: one.update(format="disclosure-ledger/accounting/v2", more=1),
    ):
        verdict = verdict_on(with_accounting(data, change))
        assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["13.version"])
    fails(with_accounting(data, lambda one: one.update(more=1)), "13.form")
    fails(with_accounting(data, lambda one: one.update(issued_on="today")), "13.form")


def test_an_entry_of_a_later_version_in_the_stream_is_never_failed() -> None:
    maker = begun()
    first = maker.record("disclosure", **release())
    maker.correct(first, description="visit dates")
    note = maker.notes[3].replace(b'"v":1', b'"v":2')
    maker.notes[3] = note
    made = maker.made[3]
    maker.made[3] = replace(made, raw=note, leaf_hash=merkle.leaf_hash(note))
    maker.frontier = merkle.EMPTY.extend([one.leaf_hash for one in maker.made])
    maker.frontiers[4] = maker.frontier
    tag = made.header.stream
    assert tag is not None
    maker.ends[tag.tag] = maker.ends[tag.tag]._replace(head=merkle.leaf_hash(note))
    data = maker.build(only=2, hidden=[2])
    shown = content.open_fields("disclosure", maker.fields[2], maker.salt(2), ["disclosed_on"])

    def change(made: Evidence) -> Evidence:
        later = Opened(note=note, proof=merkle.prove_inclusion(3, maker.size, maker.node), content=[])
        return replace(made, stream=(made.stream[0], replace(made.stream[1], content=shown), later))

    verdict = verdict_on(changed(data, change))
    assert (verdict.outcome, set(codes(verdict))) == (Outcome.INCOMPLETE, {"1.version"})
