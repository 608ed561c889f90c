"""One file against another: what both prove and cannot both be true accuses; everything else does not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from disclosure_ledger import package, pile, targets
from disclosure_ledger.log import merkle, receipt
from disclosure_ledger.log.findings import Outcome, Verdict
from evidence_maker import EvidenceMaker, begun, release
from log_maker import LogMaker
from outcomes import codes, trust


@dataclass
class Folder:
    """Files of one test, and what is said of one beside others."""

    path: Path

    def put(self, name: str, data: bytes) -> Path:
        (self.path / name).write_bytes(data)
        return self.path / name

    def audit(self, name: str, maker: LogMaker) -> Path:
        vkeys = [key.vkey() for key in maker.keys().both()]
        made = package.files(checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=vkeys)
        package.write(self.path / name, made)
        return self.path / name

    def verdict(self, shown: Path, *known: Path) -> Verdict:
        return targets.verify(shown, trust=trust("log-1"), known=pile.gather(known))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def receipt_of(maker: LogMaker, index: int) -> bytes:
    leaves = [one.leaf_hash for one in maker.made]
    proof = merkle.prove_inclusion(
        index, maker.size, lambda level, at: merkle.root(leaves[at << level : (at + 1) << level])
    )
    return receipt.format(maker.notes[index], index, proof, maker.checkpoint())


def history(count: int, last: Callable[[EvidenceMaker], object]) -> EvidenceMaker:
    maker = begun()
    for number in range(count):
        maker.record("disclosure", **release(description=f"release {number}"))
    last(maker)
    return maker


def honest(count: int = 2) -> EvidenceMaker:
    return history(count, lambda maker: maker.sealed("hold", stream_class=None))


def other(count: int = 2) -> EvidenceMaker:
    return history(count, lambda maker: maker.sealed("hold_lifted", stream_class=None))


def test_two_receipts_of_different_sizes_that_show_different_entries_accuse(folder: Folder) -> None:
    ours, theirs = honest(), other()
    theirs.sealed("hold", stream_class=None)
    index = ours.size - 1
    shown, kept = folder.put("ours", receipt_of(ours, index)), folder.put("theirs", receipt_of(theirs, index))
    verdict = folder.verdict(shown, kept)
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["8.different"])
    assert verdict.accusations[0].known.encode() == receipt.parse(kept.read_bytes()).checkpoint
    assert verdict.accusations[0].shown.encode() == receipt.parse(shown.read_bytes()).checkpoint


def test_two_receipts_of_other_entries_are_not_comparable_and_that_is_said(folder: Folder) -> None:
    ours, theirs = honest(), honest()
    theirs.sealed("hold", stream_class=None)
    shown, kept = folder.put("ours", receipt_of(ours, 1)), folder.put("theirs", receipt_of(theirs, 2))
    verdict = folder.verdict(shown, kept)
    assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, [])
    assert any("only an audit package" in notice for notice in verdict.notices)
    same = folder.verdict(shown, folder.put("again", receipt_of(theirs, 1)))
    assert (codes(same), any("only an audit package" in notice for notice in same.notices)) == ([], False)


def test_a_receipt_and_evidence_are_compared_by_the_entry_that_both_show(folder: Folder) -> None:
    ours, theirs = honest(), other(1)
    theirs.sealed("hold", stream_class=None)
    evidence, receipt_ = folder.put("ours", ours.build()), folder.put("theirs", receipt_of(theirs, 3))
    for shown, kept in ((evidence, receipt_), (receipt_, evidence)):
        verdict = folder.verdict(shown, kept)
        assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["8.different"])


def test_what_is_known_and_cannot_be_read_makes_it_incomplete(folder: Folder) -> None:
    shown = folder.put("ours", honest().build())
    for name, data in (
        ("receipt", b"c2sp.org/tlog-proof@v1\nindex 0\n"),
        ("later", b"c2sp.org/tlog-proof@v9\n"),
        ("evidence", b'{"format":"disclosure-ledger/evidence/v2"}'),
        ("json", b"{}"),
        ("zip", b"PK\x03\x04"),
        ("text", b"words"),
    ):
        verdict = folder.verdict(shown, folder.put(name, data))
        assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["8.unreadable"]), name


def test_what_is_known_of_another_ledger_makes_it_incomplete(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = folder.put("ours", honest().build())
    elm = EvidenceMaker()
    elm.genesis()
    with monkeypatch.context() as patched:
        patched.setattr("log_maker.ORIGIN", "elm.example/d")
        kept = [folder.put("receipt", receipt_of(elm, 0)), folder.audit("audit", elm)]
    for one in kept:
        verdict = folder.verdict(shown, one)
        assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["8.other-ledger"]), one


def test_a_target_that_cannot_be_read_is_compared_with_nothing(folder: Folder) -> None:
    kept = folder.put("kept", honest().checkpoint())
    for name, data in (
        ("evidence", b'{"format":"disclosure-ledger/evidence/v2"}'),
        ("receipt", b"c2sp.org/tlog-proof@v9\n"),
    ):
        assert folder.verdict(folder.put(name, data), kept).outcome is Outcome.INCOMPLETE


def test_a_package_of_another_history_accuses_a_receipt(folder: Folder) -> None:
    ours, theirs = honest(), other()
    theirs.sealed("hold", stream_class=None)
    shown = folder.put("ours", receipt_of(ours, ours.size - 1))
    verdict = folder.verdict(shown, folder.audit("theirs", theirs))
    assert verdict.outcome is Outcome.FAILED
    assert codes(verdict) == ["8.different"]
    assert folder.verdict(shown, folder.audit("ours-too", ours)).outcome is Outcome.VERIFIED


def test_a_package_too_small_to_compare_is_said_to_be(folder: Folder) -> None:
    ours, early = honest(), EvidenceMaker()
    early.genesis()
    shown = folder.put("ours", receipt_of(ours, ours.size - 1))
    verdict = folder.verdict(shown, folder.audit("early", early))
    assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, [])
    assert any("of size 1:" in notice for notice in verdict.notices)


def test_a_package_whose_ledger_does_not_hold_accuses_it(folder: Folder) -> None:
    ours = honest()
    ours.stream_map(ends={})
    data = ours.build()
    verdict = folder.verdict(folder.put("ours", data), folder.audit("audit", ours))
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["8.package"])


def test_evidence_known_under_a_key_that_is_not_trusted_vouches_for_nothing(folder: Folder) -> None:
    ours, theirs = honest(), EvidenceMaker(log="log-2")
    theirs.genesis()
    theirs.record("client", client="C-1001")
    kept = folder.put("theirs", theirs.build())
    verdict = folder.verdict(folder.put("ours", ours.build()), kept)
    assert verdict.outcome is Outcome.INCOMPLETE
    assert codes(verdict) == ["8.signature", "8.unreadable"]
