"""A list whose proof would be longer than any verifier reads: said before anything is recorded."""

import contextlib
import datetime as dt
import json
from pathlib import Path

import pytest

from command import Desk
from disclosure_ledger import evidence
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.practice.drawing import Asked
from ledgers import Practice

RELEASE = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "County Court", "type": "court"},
    "basis": "court_order",
    "description": "attendance dates",
    "evidence": [{"type": "court_order", "ref": "881", "dated": "2026-01-20", "issuer": "County Court"}],
    "verified": "seal checked",
    "minimum_necessary": "limited to what the order names",
}
REQUEST = {
    "kind": "accounting_request",
    "client": "C-1",
    "id": "R-1",
    "received_on": "2026-03-01",
    "requested_on": "2026-03-01",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init()
    made.ok("client", "add", "--client", "C-1", "--name", "Dana Example")
    made.ok("record", "--input", "-", stdin=json.dumps(RELEASE))
    made.ok("record", "--input", "-", stdin=json.dumps(REQUEST))
    return made


def size_of(desk: Desk) -> int:
    return int(desk.ok("checkpoint").out.split("\n")[1])


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (("--format", "html"), "--from and --to; --format text gives"),
        (("--format", "html", "--request", "R-1"), "hint: --format text gives"),
        (("--evidence", "proof"), "--from and --to; draw the list without --evidence"),
        (("--evidence", "proof", "--request", "R-1"), "hint: draw the list without --evidence"),
    ],
)
def test_a_proof_that_nobody_could_check_is_refused_and_nothing_is_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], hint: str
) -> None:
    before = size_of(desk)
    monkeypatch.setattr(evidence, "MOST_BYTES", 2_000)
    done = desk("accounting", "--client", "C-1", *asked, "--output", "list")
    assert (done.exit, done.out) == (1, "")
    assert "the proof of this list would be longer than the 2,000 bytes that a verifier reads" in done.err
    assert hint in " ".join(done.err.split())
    assert not (desk.folder / "list").exists()
    assert not (desk.folder / "proof").exists()
    assert size_of(desk) == before


def test_a_list_that_carries_no_proof_is_drawn_all_the_same_with_a_warning(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no proof of this list" not in desk.ok("accounting", "--client", "C-1").err
    monkeypatch.setattr(evidence, "MOST_BYTES", 2_000)
    done = desk.ok("accounting", "--client", "C-1", "--request", "R-1")
    assert "County Court" in done.out
    assert "no proof of this list can be given" in " ".join(done.err.split())


def test_the_library_gives_no_proof_that_its_verifier_would_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = Practice(str(tmp_path / "disclosures.db"), tmp_path).create()
    given = list[bytes | None]()

    def render(_: Accounting, proof: bytes | None) -> bytes:
        given.append(proof)
        return b""

    with contextlib.closing(practice.open()) as ledger:
        ledger.record(records.from_json(RELEASE))
        asked = Asked(client="C-1", as_of=dt.date(2026, 11, 24))
        whole = ledger.account(asked, practice=Letterhead(name="Harbor Counseling LLC"), render=render)[2]
        assert whole is not None
        assert evidence.verify(whole, practice.trust()).outcome is Outcome.VERIFIED
        monkeypatch.setattr(evidence, "MOST_BYTES", len(whole) - 1)
        assert ledger.account(asked, practice=Letterhead(name="Harbor Counseling LLC"), render=render)[2] is None
    assert [proof is None for proof in given] == [False, True]
