"""Keys through the command line: recorders come and go, the log is handed over, the passphrase changes."""

import json
from pathlib import Path

import pytest

from command import Desk

CLIENT = {"kind": "client", "client": "C-1001", "name": "Dana Example"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).init()


def record(desk: Desk, number: str, *more: str) -> int:
    done = desk.ok("record", "--input", "-", "--json", *more, stdin=json.dumps({**CLIENT, "client": number}))
    return int(done.json["entry"])


def test_a_recorder_signs_with_its_own_key_until_it_is_revoked(desk: Desk) -> None:
    desk.ok("keys", "add-recorder", "front-desk")
    index = record(desk, "C-1", "--by", "front-desk")
    shown = desk.ok("show", str(index), "--json").json
    assert shown["recorder"] == "harbor.example/disclosures/recorders/front-desk"
    assert shown["fields"]["recorded_by"] == "front-desk"
    desk.ok("keys", "revoke", "front-desk")
    assert desk.ok("verify", "--full").out.startswith("VERIFIED")
    refused = desk("record", "--input", "-", "--by", "front-desk", stdin=json.dumps(CLIENT))
    assert refused.exit == 1
    assert "may not sign" in refused.err
    assert desk("keys", "revoke", "front-desk").exit == 1
    assert desk("keys", "add-recorder", "front-desk").exit == 1, "a name is never added twice"
    assert desk("keys", "revoke", "owner").exit == 1


def test_somebody_who_has_no_key_is_named_and_the_owner_signs(desk: Desk) -> None:
    index = record(desk, "C-1", "--by", "Dr. Example")
    shown = desk.ok("show", str(index), "--json").json
    assert shown["recorder"].endswith("/recorders/owner")
    assert shown["fields"]["recorded_by"] == "Dr. Example"


def test_after_a_rotation_old_keys_and_old_checkpoints_still_lead_to_the_ledger(desk: Desk) -> None:
    record(desk, "C-1")
    old = (desk.folder / "disclosures.vkey").read_text().split()
    (desk.folder / "before.checkpoint").write_text(desk.ok("checkpoint").out)
    desk.ok("keys", "rotate")
    record(desk, "C-2")
    desk.ok("seal")
    assert len((desk.folder / "disclosures.vkey").read_text().split()) == 4
    done = desk.ok("verify", "--full", "--key", old[0], "--known", "before.checkpoint")
    assert done.out.startswith("VERIFIED")
    desk.ok("keys", "rotate")
    record(desk, "C-3")
    assert desk.ok("verify", "--full").out.startswith("VERIFIED")


def test_the_passphrase_changes_and_the_old_one_opens_nothing(desk: Desk) -> None:
    (desk.folder / "new").write_text("another passphrase\n")
    desk.ok("keys", "change-passphrase", "--new-passphrase-file", "new")
    assert desk("seal").exit == 7
    desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"] = "another passphrase"
    desk.ok("seal")


def test_a_bad_recorder_name_changes_nothing(desk: Desk) -> None:
    before = (desk.folder / "disclosures.keys").read_bytes()
    assert desk("keys", "add-recorder", "Front Desk").exit == 1
    assert (desk.folder / "disclosures.keys").read_bytes() == before
