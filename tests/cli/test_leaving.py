"""What leaves the practice: receipts, packages, openings; who is shown what, and what each catches later."""

import functools
import http.server
import json
import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest

from command import Desk
from disclosure_ledger.package import openings

CANARY = "Zebulon Quackenbush"
RELEASE = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": f"{CANARY} Court", "type": "court"},
    "basis": "court_order",
    "description": f"attendance dates of {CANARY}",
    "matter": "881",
    "fields": ["service_dates"],
    "evidence": [{"type": "court_order", "ref": "881", "dated": "2026-01-20", "issuer": "County Court"}],
    "verified": "seal checked",
    "minimum_necessary": "limited to what the order names",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init()
    made.ok("client", "add", "--client", "C-1", "--name", CANARY)
    made.ok("record", "--input", "-", "--receipt", "r.proof", "--openings", "r.json", stdin=json.dumps(RELEASE))
    made.ok("seal")
    return made


def test_a_receipt_verifies_alone_and_comes_with_plain_words_and_three_fields(desk: Desk) -> None:
    assert desk("verify", "r.proof", "--key", "disclosures.vkey").exit == 0
    assert desk("verify", "r.proof", "--keys", "none.keys").exit == 4
    page = (desk.folder / "r.proof.txt").read_text()
    assert "entry 2" in page
    assert CANARY not in page + (desk.folder / "r.proof").read_text()
    (opening,) = openings.parse((desk.folder / "r.json").read_bytes())
    assert [item[1] for item in opening.content if isinstance(item, list)] == ["client", "disclosed_on", "recipient"]


def test_a_package_holds_no_clients_data_but_what_was_opened(desk: Desk) -> None:
    desk.ok("export", "audit", "plain.zip")
    desk.ok("open-field", "2", "basis")
    desk.ok("open-field", "2", "counted_as", "--output", "openings.json")
    desk.ok("export", "audit", "opened.zip", "--openings", "openings.json")
    for name, shown in (("plain.zip", False), ("opened.zip", True)):
        with zipfile.ZipFile(desk.folder / name) as archive:
            whole = b"".join(archive.read(member) for member in archive.namelist())
        for secret in (CANARY, "C-1", "attendance", "881"):
            assert secret.encode() not in whole
        assert (b'"basis","court_order"' in whole) is shown
        assert (b'"counted_as","court_order"' in whole) is shown
        done = desk("verify", name, "--key", "disclosures.vkey", "--known", "r.proof")
        assert done.exit == 0, done


def test_a_package_served_by_any_web_server_is_read_back_whole(desk: Desk, tmp_path: Path) -> None:
    desk.ok("export", "audit", "audit")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "audit"))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    copied = tmp_path / "copied"
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for path in (tmp_path / "audit").rglob("*"):
            if path.is_file():
                name = path.relative_to(tmp_path / "audit")
                (copied / name).parent.mkdir(parents=True, exist_ok=True)
                with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/{name}") as answer:
                    (copied / name).write_bytes(answer.read())
        server.shutdown()
    assert desk("verify", "copied", "--key", "disclosures.vkey", "--known", "r.proof").exit == 0


def test_a_cut_off_ledger_is_caught_by_one_old_checkpoint_and_a_rewritten_one_by_one_receipt(
    desk: Desk, tmp_path: Path
) -> None:
    """The practice puts back what it had, with its own state file, and goes on otherwise: only the outside tells."""
    names = ("disclosures.db", "disclosures.state", "disclosures.keys", "disclosures.vkey", "disclosure-ledger.toml")
    before = {name: (tmp_path / name).read_bytes() for name in names}
    desk.ok("client", "add", "--client", "C-2", "--name", "Late Example")
    (tmp_path / "kept.checkpoint").write_text(desk.ok("checkpoint").out)
    desk.ok("record", "--input", "-", "--receipt", "late.proof", stdin=json.dumps({**RELEASE, "client": "C-2"}))
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    for leftover in tmp_path.glob("disclosures.db-*"):
        leftover.unlink()
    assert desk("verify").exit == 0, "nobody else remembers: it cannot be seen"
    cut = desk("verify", "--known", "kept.checkpoint", "--json")
    assert cut.exit == 3
    assert "8.larger" in [one["code"] for one in cut.json["findings"]]
    assert len(cut.json["accusations"]) == 1
    for number in range(6):
        desk.ok("client", "add", "--client", f"C-{number + 3}", "--name", "Other Example")
    assert desk("verify").exit == 0
    again = desk("verify", "--known", "late.proof", "--json")
    assert again.exit == 3
    assert "8.different" in [one["code"] for one in again.json["findings"]]


def test_a_target_that_is_there_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "audit.zip").write_bytes(b"mine")
    assert desk("export", "audit", "audit.zip").exit == 1
    assert (tmp_path / "audit.zip").read_bytes() == b"mine"


def test_fields_that_are_not_there_cannot_be_opened(desk: Desk, tmp_path: Path) -> None:
    assert desk("open-field", "2", "surname").exit == 1
    assert desk("open-field", "0", "basis").exit == 1
    assert desk("open-field", "99", "basis").exit == 1
    assert not (tmp_path / "openings.json").exists()
