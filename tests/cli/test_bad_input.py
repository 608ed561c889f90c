"""What cannot be done is said in one sentence, with the right exit code, and nothing is written."""

import json
import tomllib
from pathlib import Path

import pytest

from command import ORIGIN, Desk
from hands import everything
from ledgers import BOTH, place_on

CLIENT = {"kind": "client", "client": "C-1001", "name": "Dana Example"}
RELEASE = {
    "kind": "disclosure",
    "client": "C-1001",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "County Court", "type": "court"},
    "basis": "court_order",
    "description": "attendance dates",
    "matter": "881",
    "evidence": [{"type": "court_order", "ref": "881", "dated": "2026-01-20", "issuer": "County Court"}],
    "verified": "seal checked",
    "minimum_necessary": "limited to what the order names",
    "fields": ["service_dates"],
    "ref": "D-1",
}


ON_BOTH = pytest.mark.parametrize("database", BOTH)
"""For what only the ledger itself can see: the rest is refused before it is asked."""


@pytest.fixture
def database() -> str:
    """Where a test does not say on which it runs."""
    return "sqlite"


@pytest.fixture
def desk(database: str, tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init(place=place_on(database, tmp_path))
    made.ok("import", made.file("records.jsonl", [CLIENT, RELEASE]), "--quiet")
    return made


def size(desk: Desk) -> int:
    """How many entries the ledger has, by its memory of itself."""
    return int(json.loads((desk.folder / "disclosures.state").read_text())["size"])


def place(desk: Desk) -> str:
    """Where the ledger's database is, by the settings that `init` wrote."""
    (settings,) = tomllib.loads((desk.folder / "disclosure-ledger.toml").read_text())["ledgers"].values()
    stated = str(settings["ledger"])
    return stated if "://" in stated else str(desk.folder / stated)


def refused(desk: Desk, code: int, *arguments: str, stdin: str = "") -> str:
    """Run a command that must fail with a code, one sentence on stderr, and nothing written; give the sentence."""
    before = size(desk)
    held = everything(place(desk))
    done = desk(*arguments, stdin=stdin)
    assert done.exit == code, done
    assert done.out == ""
    lines = done.err.strip().split("\n")
    assert lines[0].startswith(("error: ", "line ")), done.err
    assert "Traceback" not in done.err
    assert size(desk) == before
    assert everything(place(desk)) == held
    return done.err


def record(desk: Desk, **changed: object) -> tuple[str, ...]:
    text = json.dumps({**RELEASE, "ref": None, **changed} | ({} if "ref" in changed else {"ref": "D-2"}))
    return ("record", "--input", "-"), text


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"disclosed_on": "2026-02-30"}, "disclosed_on"),
        ({"disclosed_on": "2099-01-01"}, "disclosed_on"),
        ({"disclosed_on": "03/04/26"}, "disclosed_on"),
        ({"basis": "court-order"}, "basis"),
        ({"description": "  "}, "description"),
        ({"recipient": {"name": "County Court"}}, "recipient.type"),
        ({"recipient": {"name": "County Court", "type": "court", "phone": "1"}}, "recipient.phone"),
        ({"surprise": 1}, "surprise"),
        ({"pages": 1.5}, ""),
        ({"pages": "two"}, "pages"),
        ({"client": "x" * 65}, "client"),
        ({"description": "x" * 4001}, "description"),
        ({"description": "a\x07b"}, "description"),
        ({"kind": "disclosures"}, "kind"),
        ({"disclosed_on": {"from": "2026-02-03", "to": "2026-02-01"}}, "disclosed_on"),
    ],
)
def test_a_bad_value_names_its_field(desk: Desk, changed: dict[str, object], names: str) -> None:
    arguments, text = record(desk, **changed)
    said = refused(desk, 1, *arguments, stdin=text)
    assert f"field {names}" in said if names else "error: " in said


def test_an_unknown_basis_is_answered_with_the_nearest(desk: Desk) -> None:
    arguments, text = record(desk, basis="court-order")
    assert "did you mean court_order?" in refused(desk, 1, *arguments, stdin=text)


def test_an_ambiguous_date_is_answered_with_its_readings(desk: Desk) -> None:
    said = refused(desk, 1, "record", "--client", "C-1001", "--on", "03/04/26")
    for reading in ("2026-03-04", "2026-04-03", "2003-04-26"):
        assert reading in said


@ON_BOTH
def test_the_same_ref_with_other_content_is_an_error(desk: Desk) -> None:
    arguments, text = record(desk, ref="D-1", description="something else")
    assert "field ref" in refused(desk, 1, *arguments, stdin=text)


@ON_BOTH
def test_the_same_ref_with_the_same_content_is_recorded_once(desk: Desk) -> None:
    before = size(desk)
    done = desk.ok("record", "--input", "-", stdin=json.dumps(RELEASE))
    assert "Already recorded as entry 2" in done.out
    assert size(desk) == before


@ON_BOTH
def test_an_import_with_one_bad_line_records_none_and_names_every_bad_line(desk: Desk) -> None:
    lines = [{**RELEASE, "ref": f"I-{number}"} for number in range(5)]
    lines[1]["disclosed_on"] = "2026-13-01"
    lines[3]["basis"] = "nonsense"
    path = desk.file("bad.jsonl", lines)
    said = refused(desk, 1, "import", str(path))
    assert "line 2, field disclosed_on" in said
    assert "line 4, field basis" in said


@ON_BOTH
def test_an_import_reports_errors_that_only_the_ledger_can_see_with_their_line(desk: Desk) -> None:
    path = desk.file("bad.jsonl", [{**RELEASE, "ref": "I-1"}, {**RELEASE, "description": "changed"}])
    assert "line 2, field ref" in refused(desk, 1, "import", str(path))


@ON_BOTH
def test_an_import_runs_twice_safely(desk: Desk) -> None:
    path = desk.file("twice.jsonl", [{**RELEASE, "ref": f"I-{number}"} for number in range(3)])
    assert "3 records recorded" in desk.ok("import", str(path)).out
    before = size(desk)
    assert "0 records recorded; 3 were there already" in desk.ok("import", str(path)).out
    assert size(desk) == before


@ON_BOTH
def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    before = size(desk)
    path = desk.file("dry.jsonl", [{**RELEASE, "ref": "I-9"}])
    assert "1 records would be recorded" in desk.ok("import", str(path), "--dry-run").out
    assert size(desk) == before


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe{}",
        b'{"kind": "hold", "client": "C-1", "client": "C-2", "reason": "x"}',
        b'{"kind": "hold", "client": "C-1", "reason": NaN}',
        b'{"kind": "hold", "client": "C-1", "reason": "' + b"[" * 100_000 + b'"}',
        b"[" * 100_000,
        b'{"kind": "hold", "client": "C-1", "reason": "\\ud800"}',
        b'{"kind": "hold", "client": 1e400, "reason": "x"}',
        b'{"kind": "hold", "client": ' + b"9" * 5000 + b', "reason": "x"}',
    ],
)
def test_rubbish_in_a_file_is_an_error_of_its_line(desk: Desk, line: bytes) -> None:
    path = desk.folder / "rubbish.jsonl"
    path.write_bytes(line + b"\n")
    assert "line 1" in refused(desk, 1, "import", str(path))


@ON_BOTH
def test_the_accounting_of_a_client_that_no_record_names_is_refused(desk: Desk) -> None:
    assert "no record of the ledger names this client" in refused(desk, 1, "accounting", "--client", "C-9999")


@ON_BOTH
def test_a_request_that_nobody_made_is_refused(desk: Desk) -> None:
    assert "no request" in refused(desk, 1, "accounting", "--client", "C-1001", "--request", "R-404")


@ON_BOTH
def test_a_correction_of_what_is_not_there_is_refused(desk: Desk) -> None:
    for corrects, says in (("D-404", "no entry of the ledger has this ref"), (99, "the ledger has no entry 99")):
        wrong = {"kind": "correction", "client": "C-1001", "corrects": corrects, "reason": "x", "retract": True}
        assert says in refused(desk, 1, "record", "--input", "-", stdin=json.dumps(wrong))


@ON_BOTH
def test_a_release_that_was_retracted_is_not_retracted_again(desk: Desk) -> None:
    gone = {"kind": "correction", "client": "C-1001", "corrects": "D-1", "reason": "wrong client", "retract": True}
    desk.ok("record", "--input", "-", stdin=json.dumps(gone))
    said = refused(desk, 1, "record", "--input", "-", stdin=json.dumps(gone))
    assert "was retracted by entry 3" in said


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + bytes(200), b"\x89PNG\r\n"])
def test_a_foreign_file_is_no_ledger(desk: Desk, content: bytes) -> None:
    foreign = desk.folder / "foreign.db"
    foreign.write_bytes(content)
    for command in (("history", "--client", "C-1001"), ("verify",), ("seal",)):
        done = desk(*command, "--ledger", str(foreign))
        assert done.exit == 5, (command, done)
        assert foreign.read_bytes() == content


def test_a_database_of_something_else_is_no_ledger(desk: Desk) -> None:
    import sqlite3

    with sqlite3.connect(desk.folder / "other.db") as other:
        other.execute("CREATE TABLE entries (id INTEGER)")
    done = desk("verify", "--ledger", "other.db")
    assert done.exit == 5, done


def test_a_missing_database_is_no_ledger_and_is_not_made(desk: Desk) -> None:
    done = desk("history", "--client", "C-1001", "--ledger", "none.db")
    assert done.exit == 5
    assert not (desk.folder / "none.db").exists()


def test_a_missing_key_file_is_named(desk: Desk) -> None:
    done = desk("history", "--client", "C-1001", "--keys", "none.keys")
    assert done.exit == 1
    assert "no key file at none.keys" in done.err


def test_a_wrong_passphrase_is_exit_7(desk: Desk) -> None:
    desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"] = "wrong"
    done = desk("history", "--client", "C-1001")
    assert done.exit == 7
    done = desk("history", "--client", "C-1001", "--json")
    assert done.error["code"] == "wrong-passphrase"


def test_no_passphrase_away_from_a_terminal_is_said_so(desk: Desk) -> None:
    del desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"]
    done = desk("history", "--client", "C-1001")
    assert done.exit == 1
    assert "no passphrase" in done.err


def test_the_passphrase_can_come_from_the_first_line_of_a_file(desk: Desk) -> None:
    words = desk.folder / "words"
    words.write_text(desk.environment.pop("DISCLOSURE_LEDGER_PASSPHRASE") + "\nignored\n")
    desk.ok("history", "--client", "C-1001", "--passphrase-file", str(words))


def test_the_errors_of_an_import_under_json_are_a_list(desk: Desk) -> None:
    path = desk.file("bad.jsonl", [{**RELEASE, "ref": "I-1", "basis": "nonsense"}, {**RELEASE, "description": ""}])
    done = desk("import", str(path), "--json")
    assert done.out == ""
    assert [(one["line"], one["field"]) for one in done.error["errors"]] == [(1, "basis"), (2, "description")]


def test_errors_under_json_are_json_on_stderr_with_line_and_field(desk: Desk) -> None:
    arguments, text = record(desk, basis="nonsense")
    done = desk(*arguments, "--json", stdin=text)
    assert done.out == ""
    assert done.error["code"] == "invalid-record"
    assert done.error["field"] == "basis"
    assert done.error["exit"] == 1


def test_a_wrong_command_line_is_exit_2(desk: Desk) -> None:
    assert desk("record", "--no-such-flag").exit == 2
    assert desk("nonsense").exit == 2
    assert desk("record").exit == 2
    assert desk("accounting").exit == 2


@ON_BOTH
def test_a_second_init_in_the_same_place_changes_nothing(desk: Desk) -> None:
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir()}
    done = desk("init", "--origin", ORIGIN, "--practice", "Another")
    assert done.exit == 1
    assert {path.name: path.read_bytes() for path in desk.folder.iterdir()} == before


def test_an_origin_that_is_none_leaves_no_file(tmp_path: Path) -> None:
    done = Desk(tmp_path)("init", "--origin", "two words", "--practice", "P")
    assert done.exit == 1
    assert list(tmp_path.iterdir()) == []


@ON_BOTH
def test_no_error_repeats_a_clients_data(desk: Desk) -> None:
    canary = "Zebulon Quackenbush"
    for changed in (
        {"description": f"{canary}\x07"},
        {"recipient": {"name": canary, "type": "nonsense"}},
        {"disclosed_on": canary},
        {"pages": canary},
        {"surprise": canary},
        {"ref": "D-1", "description": canary},
    ):
        arguments, text = record(desk, **changed)
        done = desk(*arguments, stdin=text)
        assert done.exit == 1
        assert canary not in done.err + done.out
