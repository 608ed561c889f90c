"""Letters from the command line: written where the law gives them effect, and otherwise neither letter nor record."""

import json
from pathlib import Path
from typing import Any

import pytest

from command import Desk

CLIENT = {"kind": "client", "client": "C-1", "name": "Dana Example", "address": "4 Elm Street\nHartwell"}
REQUEST = {
    "kind": "accounting_request",
    "client": "C-1",
    "id": "R-1",
    "requested_on": "2026-11-20",
    "received_on": "2026-11-23",
}
GIVEN = {"kind": "accounting_provided", "client": "C-1", "request": "R-1", "provided_on": "2026-12-01", "fee": "0.00"}
AGAIN = {**REQUEST, "id": "R-2", "requested_on": "2027-01-05", "received_on": "2027-01-05"}
COURT: dict[str, Any] = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "County Court", "type": "court", "address": "9 Court Street"},
    "basis": "court_order",
    "description": "attendance dates",
    "matter": "881",
    "pages": 3,
    "fields": ["service_dates"],
    "evidence": [{"type": "court_order", "ref": "881", "dated": "2026-01-20", "issuer": "County Court"}],
    "verified": "seal checked",
    "minimum_necessary": "limited to what the order names",
}
EXTEND = ("request", "extend", "--client", "C-1", "--request", "R-1", "--reason", "late papers")
FEE = ("request", "fee", "--client", "C-1", "--fee", "12.50", "--answer", "none_yet", "--notified-on", "2027-01-06")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).init()


def brought_in(desk: Desk, *records: dict[str, Any]) -> Desk:
    desk.ok("import", desk.file("records.jsonl", list(records)), "--quiet")
    return desk


def size_of(desk: Desk) -> int:
    return int(desk.ok("checkpoint").out.split("\n")[1])


def letter(desk: Desk, name: str) -> str:
    """The letter's words, as one line."""
    return " ".join((desk.folder / name).read_text("utf-8").split())


def test_an_extension_is_told_with_its_reason_its_day_and_the_limits(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST)
    desk.ok(*EXTEND, "--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    said = letter(desk, "told.txt")
    for part in ("Dana Example", "4 Elm Street", "late papers", "by February 15, 2027", "60 days, to January 22, 2027"):
        assert part in said, part
    assert desk.ok("due", "--json").json[0]["due_on"] == "2027-02-15"
    assert (desk.folder / "told.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("told_on", "until", "field"),
    [
        ("2027-01-23", "2027-02-15", "--notified-on"),
        ("2026-11-22", "2027-02-15", "--notified-on"),
        ("2027-01-12", "2027-02-22", "--provide-by"),
        ("2027-01-12", "2027-01-22", "--provide-by"),
    ],
)
def test_a_letter_that_would_extend_nothing_is_neither_written_nor_recorded(
    desk: Desk, told_on: str, until: str, field: str
) -> None:
    brought_in(desk, CLIENT, REQUEST)
    before = size_of(desk)
    done = desk(*EXTEND, "--notified-on", told_on, "--provide-by", until, "--letter", "told.pdf", "--json")
    assert (done.exit, done.error["field"]) == (1, field)
    assert not (desk.folder / "told.pdf").exists()
    assert size_of(desk) == before


def test_there_is_one_extension(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST)
    told = (*EXTEND, "--notified-on", "2027-01-12", "--letter", "told.txt", "--provide-by")
    desk.ok(*told, "2027-02-01")
    kept = (desk.folder / "told.txt").read_bytes()
    assert desk(*told, "2027-02-15").exit == 1
    assert (desk.folder / "told.txt").read_bytes() == kept


def test_a_fee_is_told_where_one_may_be_charged(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST, GIVEN, AGAIN)
    desk.ok(*FEE, "--request", "R-2", "--worked-out", "25 pages at $0.50", "--letter", "fee.txt")
    said = letter(desk, "fee.txt")
    for part in ("$12.50", "25 pages at $0.50", "first list you ask for in any 12 months is free", "Take your request"):
        assert part in said, part


def test_no_fee_is_told_for_a_free_list(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST)
    before = size_of(desk)
    done = desk(*FEE, "--request", "R-1", "--letter", "fee.txt", "--json")
    assert (done.exit, done.error["code"]) == (1, "refused")
    assert not (desk.folder / "fee.txt").exists()
    assert size_of(desk) == before


def test_a_client_who_asked_for_another_address_gets_no_letter_to_the_usual_one(desk: Desk) -> None:
    brought_in(desk, {**CLIENT, "communication": "only by telephone"}, REQUEST)
    done = desk.ok(*EXTEND, "--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    assert "4 Elm Street" not in letter(desk, "told.txt")
    assert "confidential address" in done.err


def test_a_letter_to_a_representative_has_neither_the_clients_name_nor_address(desk: Desk) -> None:
    brought_in(desk, CLIENT, {**REQUEST, "requester": {"name": "Robin Guardian", "role": "representative"}})
    desk.ok(*EXTEND, "--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    said = letter(desk, "told.txt")
    assert "Robin Guardian" in said
    assert "Dana" not in said
    assert "Elm" not in said


def test_a_corrected_list_comes_with_what_changed_on_it(desk: Desk) -> None:
    brought_in(desk, CLIENT, COURT, {**COURT, "disclosed_on": "2026-03-03", "description": "billing"}, REQUEST)
    asked = ("accounting", "--client", "C-1", "--request", "R-1", "--as-of")
    desk.ok(*asked, "2026-12-01")
    desk.ok("correct", "2", "--reason", "wrong day", "--on", "2026-02-04")
    desk.ok("correct", "3", "--reason", "never sent", "--retract")
    desk.ok(*asked, "2026-12-20", "--letter", "what.txt", "--output", "list.txt")
    said = letter(desk, "what.txt")
    assert "On December 1, 2026 we gave you a list" in said
    assert "Put right: February 4, 2026, County Court" in said
    assert "It said: February 3, 2026" in said
    assert "No longer on the list: March 3, 2026, County Court" in said
    assert "billing" not in said
    assert "wrong day" not in said
    assert "never sent" not in said
    desk.ok(*asked, "2026-12-20", "--letter", "again.txt", "--output", "list.json")
    assert letter(desk, "again.txt") == said


def test_a_request_that_was_answered_or_taken_back_gets_no_letter(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST, GIVEN, AGAIN)
    told = ("--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    assert "answered or taken back" in desk(*EXTEND, *told).err
    desk.ok("request", "withdraw", "--client", "C-1", "--request", "R-2", "--withdrawn-on", "2027-01-06")
    assert "answered or taken back" in desk(*FEE, "--request", "R-2", "--letter", "told.txt").err
    assert not (desk.folder / "told.txt").exists()


def test_a_letter_and_its_list_are_two_files(desk: Desk) -> None:
    asked = ("accounting", "--client", "C-1", "--request", "R-1", "--output", "one.txt")
    assert desk(*asked, "--letter", "./one.txt").exit == 2
    assert desk(*asked, "--evidence", "one.txt").exit == 2


def test_the_letter_of_a_corrected_list_needs_a_list_that_was_given(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST)
    before = size_of(desk)
    assert desk("accounting", "--client", "C-1", "--request", "R-1", "--letter", "what.txt").exit == 1
    assert desk("accounting", "--client", "C-1", "--letter", "what.txt").exit == 2
    assert size_of(desk) == before
    assert not (desk.folder / "what.txt").exists()


def test_a_cover_sheet_names_the_recipient_and_never_the_client(desk: Desk) -> None:
    brought_in(desk, CLIENT)
    desk.ok("record", "--input", "-", "--cover-sheet", "cover.txt", stdin=json.dumps(COURT))
    said = letter(desk, "cover.txt")
    for part in ("County Court", "9 Court Street", "attendance dates", "881", "Pages that follow: 3"):
        assert part in said, part
    for secret in ("Dana", "C-1", "limited to", "42 CFR"):
        assert secret not in said, secret
    desk.ok("show", "2", "--cover-sheet", "again.txt")
    assert letter(desk, "again.txt") == said


def test_a_part_2_release_with_consent_has_its_notice_and_the_scope_of_the_consent(desk: Desk) -> None:
    form = {
        "kind": "authorization",
        "client": "C-1",
        "id": "A-1",
        "signed_on": "2026-03-01",
        "recipients": ["Dr. Gray", "Fictional Insurance"],
        "information": "treatment summary",
        "purpose": "referral",
        "expires_on": "2026-12-31",
    }
    released = {
        **COURT,
        "recipient": {"name": "Dr. Gray", "type": "provider"},
        "disclosed_on": "2026-03-03",
        "basis": "authorization",
        "part2_basis": "p2_consent_specific",
        "evidence": [{"type": "authorization", "authorization": "A-1"}],
    }
    brought_in(desk, CLIENT, form)
    desk.ok("record", "--input", "-", "--cover-sheet", "cover.txt", stdin=json.dumps(released))
    said = letter(desk, "cover.txt")
    assert "These rules prohibit you from using or disclosing this record, or testimony" in said
    assert "NOT sufficient to meet the required elements of written consent" in said
    for part in ("Signed on: March 1, 2026", "Purpose: referral", "Holds until: December 31, 2026"):
        assert part in said, part
    assert "Fictional Insurance" not in said


def test_a_cover_sheet_is_of_a_release(desk: Desk) -> None:
    before = size_of(desk)
    assert desk("record", "--input", "-", "--cover-sheet", "c.txt", stdin=json.dumps(CLIENT)).exit == 1
    assert size_of(desk) == before
    assert not (desk.folder / "c.txt").exists()


def test_a_refused_record_leaves_no_cover_sheet(desk: Desk) -> None:
    brought_in(desk, CLIENT)
    unpapered = {**COURT, "evidence": [], "disclosed_on": "2099-01-01"}
    done = desk("record", "--input", "-", "--strict", "--cover-sheet", "c.txt", stdin=json.dumps(unpapered))
    assert done.exit != 0
    assert not (desk.folder / "c.txt").exists()


def test_a_letter_has_one_of_three_endings(desk: Desk) -> None:
    brought_in(desk, CLIENT, COURT)
    done = desk("show", "2", "--cover-sheet", "cover.docx")
    assert (done.exit, "ends in .pdf, .html or .txt" in done.err) == (1, True)


def test_a_logo_that_is_none_is_refused_before_anything_is_recorded(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST)
    settings = desk.folder / "disclosure-ledger.toml"
    settings.write_text(settings.read_text("utf-8") + 'logo = "logo.svg"\n', "utf-8")
    told = (*EXTEND, "--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    before = size_of(desk)
    assert desk(*told).exit == 1
    (desk.folder / "logo.svg").write_text("<svg/>")
    done = desk(*told)
    assert (done.exit, "PNG or JPEG" in done.err) == (1, True)
    assert size_of(desk) == before


def test_the_letter_of_a_corrected_list_is_the_same_as_if_there_were_no_suspended_release(tmp_path: Path) -> None:
    police = {
        **COURT,
        "disclosed_on": "2026-03-03",
        "recipient": {"name": "Zebulon Sheriff", "type": "law_enforcement"},
        "basis": "le_grand_jury_subpoena",
        "evidence": [{"type": "subpoena", "ref": "S-4711", "dated": "2026-03-01", "issuer": "Grand jury"}],
    }
    suspension = {
        "kind": "suspension",
        "client": "C-1",
        "agency": "Zebulon Sheriff",
        "statement": "written",
        "stated_on": "2026-12-05",
        "official": "Det. Quackenbush",
        "through": "2099-01-01",
    }
    hidden = {"kept": ([police], [suspension]), "none": ([], [])}
    given = []
    for name, (before, after) in hidden.items():
        (tmp_path / name).mkdir()
        desk = brought_in(Desk(tmp_path / name).init(), CLIENT, COURT, *before, REQUEST)
        asked = ("accounting", "--client", "C-1", "--request", "R-1", "--as-of")
        assert ("Zebulon" in desk.ok(*asked, "2026-12-01").out) == (name == "kept")
        brought_in(desk, *after)
        desk.ok("correct", "2", "--reason", "wrong day", "--on", "2026-02-04")
        desk.ok(*asked, "2026-12-20", "--letter", "what.pdf", "--output", "list.txt")
        given.append((desk.folder / "what.pdf").read_bytes())
    assert given[0] == given[1]


def test_a_letter_that_says_no_way_to_reach_the_practice_is_warned_of_once(desk: Desk) -> None:
    brought_in(desk, CLIENT, REQUEST)
    told = desk.ok(*EXTEND, "--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    assert told.err.count("set address and contact in disclosure-ledger.toml") == 1
    assert "address above" not in letter(desk, "told.txt")


def test_a_letter_with_an_address_is_written_without_a_warning(desk: Desk) -> None:
    settings = desk.folder / "disclosure-ledger.toml"
    settings.write_text(settings.read_text("utf-8") + 'address = "12 Pier Road"\n', "utf-8")
    brought_in(desk, CLIENT, REQUEST)
    told = desk.ok(*EXTEND, "--notified-on", "2027-01-12", "--provide-by", "2027-02-15", "--letter", "told.txt")
    assert "look here" not in told.err
    assert "You can reach us at the address above." in letter(desk, "told.txt")


def test_a_ledger_without_a_letterhead_is_made_and_says_how_to_add_one(tmp_path: Path) -> None:
    bare = Desk(tmp_path)("init", "--origin", "harbor.example/d", "--practice", "Harbor Counseling")
    assert "No address and no contact was given" in bare.err
    assert 'under [ledgers."harbor.example/d"]:\n  address = "…"\n  contact = "…"' in bare.err


def test_a_ledger_with_a_whole_letterhead_is_made_without_a_word(tmp_path: Path) -> None:
    reached = ("--address", "12 Pier Road", "--contact", "555-0100")
    made = Desk(tmp_path)("init", "--origin", "harbor.example/d", "--practice", "Harbor Counseling", *reached)
    assert made.exit == 0
    assert "was given" not in made.err
