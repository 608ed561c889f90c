"""What a person types wrong is called as they typed it; what looks like a slip is said; weak passphrases refused."""

import json
from pathlib import Path

import pytest

from command import ORIGIN, PASSPHRASE, Desk

RELEASE = ("--client", "C-1", "--type", "court", "--basis", "required_by_law", "--description", "visit dates")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("manners")).init()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--on", "03/04/26", "--recipient", "A"), "--on"),
        (("--on", "2026-02-04", "--to", "03/04/26", "--recipient", "A"), "--to"),
        (("--on", "2026-02-04", "--to", "2026-02-01", "--recipient", "A"), "--to"),
        (("--on", "2026-02-04", "--recipient", " "), "--recipient"),
        (("--on", "2026-02-04", "--recipient", "A", "--field", "notes"), "--field"),
        (("--on", "2026-02-04", "--recipient", "A", "--evidence", "court_order:8:03/04/26"), "--evidence"),
        (("--on", "2026-02-04", "--recipient", "A", "--minimum-necessary", " "), "--minimum-necessary"),
    ],
)
@pytest.mark.parametrize("command", ["record", "check"])
def test_an_error_about_a_flag_names_the_flag(desk: Desk, command: str, arguments: tuple[str, ...], named: str) -> None:
    done = desk(command, *RELEASE, *arguments)
    assert done.exit == 1
    assert done.err.startswith(f"error: {named}: "), done.err


def test_a_day_that_lies_ahead_is_called_by_its_flag(desk: Desk) -> None:
    done = desk("record", *RELEASE, "--on", "2999-01-01", "--recipient", "A")
    assert done.err.startswith("error: --on: expected a day not after the day of recording")


def test_a_correction_names_its_flags_too(desk: Desk) -> None:
    made = desk.ok("record", *RELEASE, "--on", "2026-05-05", "--recipient", "A", "--json").json["entry"]
    done = desk("correct", str(made), "--reason", "x", "--on", "2999-01-01")
    assert done.err.startswith("error: --on: "), done.err


def test_an_error_about_json_names_the_field(desk: Desk) -> None:
    record = {"kind": "disclosure", "client": "C-1", "disclosed_on": "03/04/26"}
    done = desk("record", "--input", "-", stdin=json.dumps(record))
    assert done.err.startswith("error: field disclosed_on: ")


def test_the_flags_of_other_facts_are_named_too(desk: Desk) -> None:
    form = ("--client", "C-1", "--id", "A-1", "--recipient", "B", "--information", "x", "--purpose", "y")
    done = desk("authorization", "add", *form, "--signed-on", "03/04/26")
    assert done.err.startswith("error: --signed-on: ")


def test_the_same_release_twice_is_recorded_and_said(desk: Desk) -> None:
    twice = ("record", *RELEASE, "--on", "2026-03-03", "--field", "diagnosis")
    first = desk.ok(*twice, "--recipient", "County Court", "--json").json
    assert "alike" not in first
    other = desk.ok(*twice[:-1], "charges", "--recipient", "County Court")
    assert "it looks like" not in other.err
    again = desk.ok(*twice, "--recipient", "COUNTY court")
    assert f"look here: it looks like entry {first['entry']}; if both are one release: disclosure-ledger" in again.err
    assert desk.ok(*twice, "--recipient", "County Court", "--json").json["alike"] == first["entry"] + 2


@pytest.mark.parametrize("words", ["short", "aaaaaaaaaaaaaaaa", "elevenchars"])
def test_a_new_passphrase_that_is_easy_to_guess_is_refused(tmp_path: Path, words: str) -> None:
    desk = Desk(tmp_path, passphrase=words)
    done = desk("init", "--origin", ORIGIN, "--practice", "Harbor Counseling LLC")
    assert done.exit == 1
    assert "expected 12 characters or more" in done.err
    assert not list(tmp_path.iterdir())


def test_a_changed_passphrase_is_no_weaker(desk: Desk) -> None:
    (desk.folder / "weak").write_text("\n")
    done = desk("keys", "change-passphrase", "--new-passphrase-file", "weak")
    assert done.exit == 1
    assert "too easy to guess" in done.err
    assert desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"] == PASSPHRASE
    desk.ok("verify", "--full")


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("completion", ["0", "2"]),
        ("init", ["0", "1", "2", "5", "6", "130"]),
        ("history", ["0", "1", "2", "4", "5", "6", "7", "130"]),
        ("record", ["0", "1", "2", "3", "4", "5", "6", "7", "130"]),
    ],
)
def test_help_names_the_codes_that_the_command_can_give(desk: Desk, command: str, codes: list[str]) -> None:
    told = " ".join(desk.ok(command, "--help").out.split("Exit status:")[1].split())
    assert [one.split()[0] for one in told.split(" · ")] == codes


WRITING = [
    ("checkpoint", "--output"),
    ("accounting", "--client", "C-1", "--output"),
    ("accounting", "--client", "C-1", "--evidence"),
    ("record", *RELEASE, "--on", "2026-02-04", "--recipient", "A", "--receipt"),
    ("record", *RELEASE, "--on", "2026-02-04", "--recipient", "A", "--openings"),
    ("timestamp", "add", "--request"),
    ("export", "csv", "--output"),
    ("export", "verifier", "--output"),
    ("verify", "kept.proof", "--list"),
]
LIVED_BY = ("disclosures.db", "disclosures.keys", "disclosures.state", "disclosures.vkey", "witness.json")


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("writing")).init()
    desk.ok("client", "add", "--client", "C-1", "--name", "Dana Example")
    desk.ok("accounting", "--client", "C-1", "--evidence", "kept.proof")
    desk.ok("witness", "init", "--name", "board.example/w", "--log", "disclosures.vkey")
    return desk


@pytest.mark.parametrize("command", WRITING)
def test_a_file_is_replaced_whole_unless_a_ledger_lives_by_it(writing: Desk, command: tuple[str, ...]) -> None:
    before = {name: (writing.folder / name).read_bytes() for name in LIVED_BY if name != "disclosures.db"}
    for name in (*LIVED_BY, "witness.keys"):
        done = writing(*command, name)
        assert (done.exit, f"{name} is what a ledger or a witness lives by" in done.err) == (1, True), done
    assert {name: (writing.folder / name).read_bytes() for name in before} == before
    (writing.folder / "mine").write_bytes(b"mine")
    done = writing.ok(*command, "mine")
    assert (writing.folder / "mine").read_bytes() != b"mine"
    assert "in place of what was there" in done.out + done.err


def test_what_is_written_for_the_first_time_replaces_nothing(writing: Desk) -> None:
    assert writing.ok("checkpoint", "--output", "new.checkpoint").err.startswith(
        "Checkpoint written to new.checkpoint. "
    )
