"""`doctor` says what is well, what is missing and what contradicts, and changes nothing."""

from pathlib import Path

import pytest

from command import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init()
    settings = made.folder / "disclosure-ledger.toml"
    settings.write_text(settings.read_text("utf-8") + 'contact = "555-0100"\n', "utf-8")
    made.ok("seal")
    return made


def states(desk: Desk) -> dict[str, str]:
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir() if "db-" not in path.name}
    done = desk("doctor", "--json")
    after = {path.name: path.read_bytes() for path in desk.folder.iterdir() if "db-" not in path.name}
    assert before == after
    return {one["what"]: one["state"] for one in done.json}


def test_all_is_well(desk: Desk) -> None:
    assert set(states(desk).values()) == {"ok"}
    assert desk("doctor").exit == 0


def test_what_came_after_the_last_seal_is_to_be_looked_at(desk: Desk) -> None:
    desk.ok("client", "add", "--client", "C-1", "--name", "Dana Example")
    assert states(desk)["stream map"] == "look"
    assert desk("doctor").exit == 4


def test_a_rolled_back_database_is_wrong(desk: Desk) -> None:
    old = (desk.folder / "disclosures.db").read_bytes()
    desk.ok("client", "add", "--client", "C-1", "--name", "Dana Example")
    for leftover in desk.folder.glob("disclosures.db-*"):
        leftover.unlink()
    (desk.folder / "disclosures.db").write_bytes(old)
    assert states(desk)["ledger"] == "wrong"
    assert desk("doctor").exit == 3


@pytest.mark.parametrize(
    ("name", "what", "state"),
    [
        ("disclosures.state", "state file", "wrong"),
        ("disclosures.vkey", "public keys", "look"),
        ("disclosures.db", "ledger", "wrong"),
        ("disclosures.keys", "key file", "wrong"),
    ],
)
def test_a_missing_file_is_named(desk: Desk, name: str, what: str, state: str) -> None:
    (desk.folder / name).unlink()
    assert states(desk)[what] == state


def test_a_key_file_that_others_can_read_is_wrong(desk: Desk) -> None:
    (desk.folder / "disclosures.keys").chmod(0o644)
    assert states(desk)["key file"] == "wrong"


def test_a_key_file_under_another_passphrase_is_wrong(desk: Desk) -> None:
    desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"] = "other"
    assert states(desk)["key file"] == "wrong"


def test_indexes_are_looked_at_when_asked_for(desk: Desk) -> None:
    assert "indexes" not in states(desk)
    said = [one for one in desk("doctor", "--indexes", "--json").json if one["what"] == "indexes"]
    assert said == [{"what": "indexes", "state": "ok", "says": "each finds what its table holds"}]


def test_a_letterhead_that_says_no_way_to_reach_the_practice_is_to_be_looked_at(desk: Desk) -> None:
    settings = desk.folder / "disclosure-ledger.toml"
    settings.write_text(settings.read_text("utf-8").replace("contact", "# contact"), "utf-8")
    assert states(desk)["letterhead"] == "look"
    assert "set address and contact in disclosure-ledger.toml" in desk("doctor").out
