"""An error says what there is and which way leads on; an answer that cannot be is asked for again."""

from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from disclosure_ledger_cli import asking

from command import Desk
from disclosure_ledger.errors import NotFound

RELEASE = ("--recipient", "County Court", "--type", "court", "--basis", "required_by_law", "--description", "dates")
TODAY = date(2026, 11, 24)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init()
    made.ok("request", "add", "--client", "C-1", "--id", "R-1", "--requested-on", "yesterday", "--received-on", "today")
    return made


def test_days_in_the_wrong_order_name_both_flags(desk: Desk) -> None:
    about = ("--client", "C-1", "--request", "R-1", "--notified-on", "today", "--reason", "late")
    assert "error: --provide-by: expected a day not before --notified-on\n" in (
        desk("request", "extend", *about, "--provide-by", "2020-01-01").err
    )
    arrived = ("--requested-on", "today", "--received-on", "yesterday")
    said = desk("request", "add", "--client", "C-1", "--id", "R-2", *arrived).err
    assert "error: --received-on: expected a day not before --requested-on\n" in said


def test_a_release_of_tomorrow_is_refused_as_one_of_next_year_is(desk: Desk) -> None:
    said = [desk("record", "--client", "C-1", "--on", day, *RELEASE) for day in ("tomorrow", "2999-01-01")]
    assert [one.exit for one in said] == [1, 1]
    assert said[0].err == said[1].err
    assert "--on: expected a day not after the day of recording" in said[0].err


def test_what_is_no_release_is_named_and_can_be_taken_back(desk: Desk) -> None:
    said = desk("correct", "2", "--reason", "typed amiss", "--on", "today")
    assert "entry 2 is no release: its kind is accounting_request" in said.err
    assert "--retract" in said.err
    assert "its kind is genesis" in desk("correct", "0", "--reason", "x", "--retract").err
    desk.ok("request", "withdraw", "--client", "C-1", "--request", "R-1", "--withdrawn-on", "today")
    assert desk.ok("due").out == "None.\n"
    desk.ok("correct", "3", "--reason", "it was another client", "--retract")
    assert desk.ok("due", "--json").json[0]["request"] == "R-1"
    desk.ok("correct", "2", "--reason", "typed amiss", "--retract")
    assert desk.ok("due").out == "None.\n"
    assert "(retracted by entry 5)" in desk.ok("history", "--client", "C-1").out


def test_a_witness_says_what_it_takes(desk: Desk) -> None:
    desk.ok("witness", "init", "--name", "board.example/witness", "--log", "disclosures.vkey")
    (desk.folder / "list.pdf").write_bytes(b"%PDF-1.7 and more")
    for name, what in (
        ("list.pdf", "(PDF) cannot"),
        ("nothere", "no file at nothere"),
        ("disclosures.db", "(database) cannot"),
    ):
        said = desk("witness", "cosign", name)
        assert said.exit == 1
        assert what in said.err
        assert "expected an audit package, a checkpoint, or a request" in said.err or name == "nothere"


class Nobody:
    """A ledger that knows no client."""

    def history(self, _: str) -> tuple[()]:
        raise NotFound("nobody")


def test_a_wrong_answer_is_asked_for_again_and_the_others_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(("2999-01-01", "yesterday", "County Court", "courts", "court", "cout_order", "court_order", "dates"))
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(answers))
    flags: dict[str, Any] = dict.fromkeys(("on", "recipient", "recipient_type", "basis", "description"))
    asking.ask(Nobody(), "C-1", flags, TODAY)  # type: ignore[arg-type]
    assert list(flags.values()) == ["yesterday", "County Court", "court", "court_order", "dates"]
    told = capsys.readouterr().err
    assert "court_order" in told
    assert "--" not in told
