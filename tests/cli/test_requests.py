"""`request` and `due`: no owed list goes unseen, and what has no effect in law is said."""

from pathlib import Path
from typing import Any

import pytest

from command import Desk

CLIENT = {"kind": "client", "client": "C-2002", "name": "Dana Example"}
FIRST: dict[str, Any] = {
    "kind": "accounting_request",
    "client": "C-2002",
    "id": "R-1",
    "requested_on": "2025-01-06",
    "received_on": "2025-01-06",
}
GIVEN = {
    "kind": "accounting_provided",
    "client": "C-2002",
    "request": "R-1",
    "provided_on": "2025-02-01",
    "fee": "0.00",
}
LATER = {**FIRST, "requested_on": "2026-11-20", "received_on": "2026-11-20"}
ADD = ("request", "add", "--client", "C-2002", "--requested-on", "2026-11-20", "--received-on", "2026-11-20")
OF_R1 = ("--client", "C-2002", "--request", "R-1")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).init()
    made.ok("import", made.file("told.jsonl", [CLIENT, FIRST, GIVEN]), "--quiet")
    return made


def test_an_id_that_the_client_has_is_refused_but_the_same_request_again_is_harmless(desk: Desk) -> None:
    refused = desk(*ADD, "--id", "R-1", "--json")
    assert refused.exit == 1
    assert "choose another --id" in refused.error["hint"]
    assert desk.ok("due").out == "None.\n"
    desk.ok(*ADD, "--id", "R-2")
    desk.ok(*ADD, "--id", "R-2")
    assert [one["request"] for one in desk.ok("due", "--json").json] == ["R-2"]


def test_an_imported_request_that_came_after_the_answer_is_open_and_the_import_says_so(desk: Desk) -> None:
    told = desk.ok("import", desk.file("more.jsonl", [LATER]), "--quiet")
    assert "replaces the request R-1 of client C-2002 that was received 2025-01-06 (due 2025-03-07)" in told.err
    assert [one["due_on"] for one in desk.ok("due", "--json").json] == ["2027-01-19"]
    desk.ok("accounting", *OF_R1, "--output", "list.txt", "--as-of", "2026-11-24")
    assert desk.ok("due").out == "None.\n"


def test_a_request_taken_back_before_this_one_was_made_leaves_it_open(desk: Desk) -> None:
    gone = {"kind": "accounting_withdrawn", "client": "C-2002", "request": "R-1", "withdrawn_on": "2025-01-07"}
    desk.ok("import", desk.file("more.jsonl", [gone, LATER]), "--quiet")
    assert len(desk.ok("due", "--json").json) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("extend", "--notified-on", "today", "--reason", "late", "--provide-by", "2027-02-15"),
        ("fee", "--notified-on", "today", "--fee", "12.50", "--answer", "proceed"),
        ("withdraw", "--withdrawn-on", "today"),
    ],
)
def test_what_answers_no_request_on_record_is_refused_and_what_is_too_late_is_warned_of(
    desk: Desk, command: tuple[str, ...]
) -> None:
    name, *rest = command
    unknown = desk("request", name, "--client", "C-2002", "--request", "R-77", *rest, "--json")
    assert (unknown.exit, unknown.error["code"]) == (1, "not-found")
    assert desk("request", name, "--client", "C-9", "--request", "R-1", *rest).exit == 1
    answered = desk.ok("request", name, *OF_R1, *rest)
    assert "look here: it is recorded, but" in answered.err
    assert "answered or taken back" in answered.err


def test_an_extension_beyond_its_limits_and_a_fee_on_a_free_list_are_recorded_with_a_warning(desk: Desk) -> None:
    desk.ok(*ADD, "--id", "R-2")
    about = ("--client", "C-2002", "--request", "R-2", "--notified-on", "2026-12-01")
    far = desk.ok("request", "extend", *about, "--reason", "late", "--provide-by", "2028-11-20")
    assert "the law gives no more time by it: expected a day after 2027-01-19 and up to 2027-02-18" in far.err
    free = desk.ok("request", "fee", *about, "--fee", "5.00", "--answer", "proceed")
    assert "no fee may be charged on it: this list is free" in free.err
    assert "look here" not in desk.ok("request", "withdraw", *about[:4], "--withdrawn-on", "2026-12-02").err


def test_a_number_that_is_new_is_said_and_one_that_is_nearly_known_is_asked_about(desk: Desk) -> None:
    release = ("--on", "2026-02-03", "--recipient", "County Court", "--type", "court", "--basis", "required_by_law")
    record = ("record", *release, "--description", "visit dates", "--client")
    assert "look here: client C2002 is new; did you mean C-2002?" in desk.ok(*record, "C2002").err
    assert "Client X-1 is new" in desk.ok(*record, "X-1").err
    assert " is new" not in desk.ok(*record, "X-1").err
    assert desk.ok(*record, "x1", "--json").json["near"] == ["X-1"]
