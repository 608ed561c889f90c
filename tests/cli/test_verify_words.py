"""What `verify` says of each kind of file: what it looked at, or what the file is instead."""

import pytest

from command import Desk

RELEASE = ("--on", "2026-02-03", "--recipient", "County Court", "--type", "court", "--basis", "required_by_law")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A ledger of seven entries, and a file of every kind."""
    made = Desk(tmp_path_factory.mktemp("words")).init()
    made.ok("record", "--client", "C-1", *RELEASE, "--description", "visit dates", "--receipt", "r.proof")
    made.ok("accounting", "--client", "C-1", "--evidence", "list.evidence", "--output", "list.txt")
    for name, form in (("list.csv", "csv"), ("liste.txt", "text")):
        made.ok("accounting", "--client", "C-1", "--output", name, "--format", form, "--language", "es")
    made.ok("record", "--client", "C-2", *RELEASE, "--description", "visit dates")
    made.ok("accounting", "--client", "C-1", "--output", "list.html", "--format", "html")
    made.ok("open-field", "2", "basis")
    made.ok("checkpoint", "--output", "today.checkpoint")
    made.ok("export", "audit", "audit")
    (made.folder / "empty").touch()
    (made.folder / "pile").mkdir()
    return made


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("today.checkpoint", "checkpoint of 7 entries; no entry was looked at"),
        ("list.evidence", "4 of 4 entries shown"),
        ("list.html", "4 of 7 entries shown"),
        ("r.proof", "1 of 3 entries shown"),
        ("audit", ", 7 entries"),
        ("disclosures.db", ", 7 entries"),
    ],
)
def test_the_verdict_says_what_was_looked_at(desk: Desk, name: str, said: str) -> None:
    shown = desk("verify", name, "--key", "disclosures.vkey").out
    assert shown.split("\n")[0].endswith(said), shown


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("nothere", 5, "no such file or folder: nothere"),
        ("list.txt", 1, "list.txt is an accounting without its evidence"),
        ("liste.txt", 1, "liste.txt is an accounting without its evidence"),
        ("list.csv", 1, "list.csv is an accounting without its evidence"),
        ("openings.json", 5, "openings of single fields"),
        ("disclosures.keys", 5, "a key file"),
        ("disclosures.vkey", 5, "--key disclosures.vkey"),
        ("r.proof.txt", 1, "verify the receipt beside it"),
        ("empty", 5, "empty is empty"),
        ("pile", 5, "a folder, and no audit package"),
    ],
)
def test_what_proves_nothing_is_named_with_the_way_on(desk: Desk, name: str, code: int, said: str) -> None:
    done = desk("verify", name)
    assert done.exit == code, done
    assert said in done.err
