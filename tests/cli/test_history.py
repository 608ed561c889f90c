"""`history` and `show`: what was corrected says so, and no sheet is written of what no longer stands."""

from pathlib import Path

import pytest

from command import Desk

COURT = ("--recipient", "County Court", "--type", "court", "--basis", "court_order", "--description", "visit dates")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Entry 2 is corrected by entry 3, and entry 4 retracted by entry 5."""
    made = Desk(tmp_path).init()
    papers = ("--evidence", "court_order:881:2026-01-20:County Court", "--evidence", "other:17")
    made.ok("record", "--client", "C-1", "--on", "2026-02-03", *COURT, *papers)
    made.ok("correct", "2", "--reason", "typed amiss", "--recipient", "Harbor Court")
    made.ok("record", "--client", "C-1", "--on", "2026-02-04", *COURT)
    made.ok("correct", "4", "--reason", "never sent", "--retract")
    return made


def test_every_view_of_a_corrected_entry_names_what_took_its_place(desk: Desk) -> None:
    told = {line.split()[0]: line for line in desk.ok("history", "--client", "C-1").out.splitlines()[2:]}
    assert told["1"].endswith("(the number alone)")
    assert told["2"].endswith("(corrected by entry 3)")
    assert told["4"].endswith("(retracted by entry 5)")
    assert "by entry" not in told["3"]
    found = desk.ok("search", "county").out
    assert "(corrected by entry 3)" in found
    shown = desk.ok("show", "2").out
    assert "corrected by entry 3: disclosure-ledger show 3\n" in shown
    assert "corrects     entry 2\n" in desk.ok("show", "3").out
    assert [desk.ok("show", entry, "--json").json["corrected_by"] for entry in "234"] == [3, None, 5]


def test_papers_stand_one_a_line_and_what_is_empty_is_left_out(desk: Desk) -> None:
    shown = desk.ok("show", "2").out
    assert "  evidence:\n    court_order, 2026-01-20, County Court, 881\n    other, 17\n" in shown
    assert "None" not in shown
    assert not any(line.rstrip().endswith(":") and "evidence" not in line for line in shown.splitlines())


def test_the_sheet_of_a_corrected_release_is_refused_and_the_one_that_stands_is_named(desk: Desk) -> None:
    refused = desk("show", "2", "--cover-sheet", "cover.txt")
    assert refused.exit == 1
    assert "entry 2 does not stand: it was corrected by entry 3" in refused.err
    assert "show 3 --cover-sheet FILE" in refused.err
    assert not (desk.folder / "cover.txt").exists()
    desk.ok("show", "3", "--cover-sheet", "cover.txt")
    assert "Harbor Court" in (desk.folder / "cover.txt").read_text("utf-8")
    assert desk("show", "4", "--cover-sheet", "other.txt").exit == 1
