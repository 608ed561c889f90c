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
CLIENT, OTHER, DOCKET = "HARBOR-1001", "HARBOR-1002", "DOCKET-00881"
"""Too long to stand by chance among the hashes and signatures of a package."""
RELEASE = {
    "kind": "disclosure",
    "client": CLIENT,
    "disclosed_on": "2026-02-03",
    "recipient": {"name": f"{CANARY} Court", "type": "court"},
    "basis": "court_order",
    "description": f"attendance dates of {CANARY}",
    "matter": DOCKET,
    "fields": ["service_dates"],
    "evidence": [{"type": "court_order", "ref": DOCKET, "dated": "2026-01-20", "issuer": "County Court"}],
    "verified": "seal checked",
    "minimum_necessary": "limited to what the order names",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init()
    made.ok("client", "add", "--client", CLIENT, "--name", CANARY)
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
        for secret in (CANARY, CLIENT, "attendance", DOCKET):
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
    desk.ok("client", "add", "--client", OTHER, "--name", "Late Example")
    (tmp_path / "kept.checkpoint").write_text(desk.ok("checkpoint").out)
    desk.ok("record", "--input", "-", "--receipt", "late.proof", stdin=json.dumps({**RELEASE, "client": OTHER}))
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


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_an_earlier_package_gets_what_is_new_and_keeps_what_was_opened(
    desk: Desk, tmp_path: Path
) -> None:
    desk.ok("open-field", "2", "basis")
    first = desk.ok("export", "audit", "audit", "--openings", "openings.json")
    assert "5 files added to audit." in first.err
    desk.ok("record", "--input", "-", stdin=json.dumps({**RELEASE, "client": OTHER}))
    more = desk.ok("export", "audit", "audit")
    assert "audit covered 4 entries, and covers 6 now." in more.out
    assert "3 files added to audit." in more.err
    assert desk("verify", "audit", "--key", "disclosures.vkey", "--known", "r.proof").exit == 0
    desk.ok("export", "audit", "new", "--openings", "openings.json")
    assert files_in(tmp_path / "audit") == files_in(tmp_path / "new")
    whole = b"".join(files_in(tmp_path / "audit").values())
    assert not [secret for secret in (CANARY, CLIENT, OTHER, "attendance", DOCKET) if secret.encode() in whole]
    places = {path: path.stat().st_ino for path in (tmp_path / "audit").rglob("*")}
    assert "0 files added to audit." in desk.ok("export", "audit", "audit").err
    assert {path: path.stat().st_ino for path in (tmp_path / "audit").rglob("*")} == places
    desk.ok("open-field", "2", "purpose", "--output", "more.json")
    assert desk.ok("export", "audit", "audit", "--openings", "more.json", "--json").json["added"] == 1
    shown = openings.parse((tmp_path / "audit" / "openings.json").read_bytes())
    assert [item[1] for one in shown for item in one.content if isinstance(item, list)] == ["basis", "purpose"]


def test_lines_of_witnesses_on_a_packages_checkpoint_stay_while_it_is_of_the_same_size(
    desk: Desk, tmp_path: Path
) -> None:
    desk.ok("export", "audit", "audit")
    note = tmp_path / "audit" / "checkpoint"
    cosigned = note.read_bytes() + "— a.witness.example AAAAAAA=\n".encode()
    note.write_bytes(cosigned)
    assert "0 files added to audit." in desk.ok("export", "audit", "audit").err
    assert note.read_bytes() == cosigned


def test_a_ledger_that_contradicts_an_earlier_package_is_not_written_into_it(desk: Desk, tmp_path: Path) -> None:
    """The practice puts back what it had, with its own state file, and goes on otherwise."""
    names = ("disclosures.db", "disclosures.state", "disclosures.keys", "disclosures.vkey", "disclosure-ledger.toml")
    before = {name: (tmp_path / name).read_bytes() for name in names}
    desk.ok("client", "add", "--client", OTHER, "--name", "Late Example")
    desk.ok("export", "audit", "audit")
    kept = files_in(tmp_path / "audit")
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    for leftover in tmp_path.glob("disclosures.db-*"):
        leftover.unlink()
    shorter = desk("export", "audit", "audit")
    assert shorter.exit == 3
    assert "entries were cut off since" in shorter.err
    assert "audit/checkpoint: 5 entries, root " in shorter.err
    assert "the ledger: 4 entries, root " in shorter.err
    for number in range(2):
        desk.ok("client", "add", "--client", f"C-{number + 3}", "--name", "Other Example")
    other = desk("export", "audit", "audit")
    assert other.exit == 3
    assert "the ledger was rewritten since" in other.err
    assert files_in(tmp_path / "audit") == kept
    shown = desk("verify", "--known", "audit", "--json")
    assert (shown.exit, len(shown.json["accusations"])) == (3, 1)


def test_a_package_of_another_ledger_or_of_other_keys_is_not_added_to(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    there = Desk(tmp_path / "there").init()
    there.ok("export", "audit", "../audit")
    done = desk("export", "audit", "audit")
    assert (done.exit, "is signed by no key of this ledger" in done.err) == (1, True)
    note = tmp_path / "audit" / "checkpoint"
    note.write_bytes(note.read_bytes().replace(b"harbor.example/", b"elsewhere.example/"))
    done = desk("export", "audit", "audit")
    assert (done.exit, "another ledger, elsewhere.example/disclosures" in done.err) == (1, True)


def test_fields_that_are_not_there_cannot_be_opened(desk: Desk, tmp_path: Path) -> None:
    assert desk("open-field", "2", "surname").exit == 1
    assert desk("open-field", "0", "basis").exit == 1
    assert desk("open-field", "99", "basis").exit == 1
    assert not (tmp_path / "openings.json").exists()
