"""A list whose proof would be longer than any verifier reads: said before anything is recorded."""

import json
from pathlib import Path

import pytest

from command import Desk
from disclosure_ledger import evidence

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
