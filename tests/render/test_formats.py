"""The command gives every format, and refuses, before anything is recorded, what it could not make."""

import doctest
import importlib
import re
from dataclasses import fields
from pathlib import Path

import pytest

from command import Desk
from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.render.formats import FORMATS, LANGUAGES, Format, Style, expect_installed
from disclosure_ledger.render.to_text import to_text
from disclosure_ledger.render.words import Words

RELEASE = {
    "kind": "disclosure",
    "client": "C-1",
    "disclosed_on": "2026-02-03",
    "recipient": {"name": "=County Court", "type": "court"},
    "basis": "court_order",
    "description": "visit dates",
}
MODULES = ("words", "words_es", "visible", "sheet", "layout", "code", "table", "formats", "to_html", "fitting")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_renderers_hold(name: str) -> None:
    pytest.importorskip("segno", reason="the square code needs segno: install the extra render")
    done = doctest.testmod(importlib.import_module(f"disclosure_ledger.render.{name}"))
    assert done.attempted > 0
    assert done.failed == 0


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_writes_every_format_in_every_language(tmp_path: Path, form: str, language: str) -> None:
    try:
        FORMATS[form].expect_installed()
    except Refused as missing:
        pytest.skip(f"{missing}: install the extra render")
    desk = Desk(tmp_path).init()
    desk.ok("import", desk.file("records.jsonl", [RELEASE]))
    desk.ok("accounting", "--client", "C-1", "--format", form, "--language", language, "--output", "given")
    given = (tmp_path / "given").read_bytes()
    beginnings = {"html": b"<!doctype html>", "pdf": b"%PDF-1.7", "xlsx": b"PK", "json": b"{", "csv": b"type,"}
    assert given.startswith(beginnings.get(form, b""))
    assert len(given) > 100


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk")).init()
    desk.ok("import", desk.file("records.jsonl", [RELEASE]))
    return desk


TEXT, TABLE = b"Harbor Counseling LLC\n", b"type,"


@pytest.mark.parametrize(
    ("name", "more", "beginning"),
    [
        ("list.html", (), b"<!doctype html>"),
        ("LIST.HTM", (), b"<!doctype html>"),
        ("list.pdf", (), b"%PDF-1.7"),
        ("list.xlsx", (), b"PK"),
        ("list.json", (), b"{"),
        ("list.csv", (), TABLE),
        ("list.txt", (), TEXT),
        ("list", (), TEXT),
        ("list.pdf.old", (), TEXT),
        (".pdf", (), TEXT),
        ("wanted.html", ("--format", "csv"), TABLE),
        ("wanted.pdf", ("--format", "text"), TEXT),
        ("wanted.html", ("--json",), b"{"),
    ],
)
def test_the_ending_of_a_file_says_the_format_where_nothing_else_does(
    desk: Desk, name: str, more: tuple[str, ...], beginning: bytes
) -> None:
    if form := [one for one in FORMATS.values() if name.lower().endswith(one.endings)]:
        [pytest.importorskip(package, reason="install the extra render") for package in form[0].needs]
    desk.ok("accounting", "--client", "C-1", "--output", name, *more)
    assert (desk.folder / name).read_bytes().startswith(beginning)


@pytest.mark.parametrize(("name", "beginning"), [("it.csv", TABLE), ("it.json", b"{"), ("it", TEXT)])
def test_so_it_does_for_the_list_that_verify_writes(desk: Desk, name: str, beginning: bytes) -> None:
    desk.ok("accounting", "--client", "C-1", "--evidence", "proof")
    desk.ok("verify", "proof", "--list", name)
    assert (desk.folder / name).read_bytes().startswith(beginning)


def test_a_format_whose_package_is_missing_is_refused_with_the_way_to_get_it() -> None:
    lacking = Format(module=".to_json", make=lambda *_: b"", needs=("no_such_package_here",))
    with pytest.raises(Refused) as refused:
        lacking.expect_installed()
    assert "no_such_package_here" in str(refused.value)
    assert refused.value.hint == "pip install 'disclosure-ledger[render]'"


def test_text_says_every_row_and_nothing_in_it_acts(hostile: Accounting) -> None:
    text = to_text(hostile).decode()
    assert "<script>alert(1)</script>" in text
    assert "\\u202e" in text
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_an_accounting_without_a_checkpoint_has_no_part_on_checking(every_kind: Accounting) -> None:
    from dataclasses import replace

    text = FORMATS["text"].render(replace(every_kind, checkpoint=""), b"", Style()).decode()
    assert "Fingerprint" not in text
    assert "Fingerprint" in to_text(every_kind).decode()


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_text_parts_every_label_from_what_it_labels(every_kind: Accounting, words: Words) -> None:
    text = to_text(every_kind, words=words).decode()
    labels = [getattr(words, field.name) for field in fields(Words) if isinstance(getattr(words, field.name), str)]
    assert f"{words.entries}: " in text
    assert not [label for label in labels if re.search(rf"^{re.escape(label)}:\S", text, re.MULTILINE)]


@pytest.mark.parametrize(
    ("missing", "said"), [(("no_such",), "no_such, which is"), (("no_a", "no_b"), "no_a and no_b, which are")]
)
def test_packages_that_are_missing_are_named_with_how_to_get_them(missing: tuple[str, ...], said: str) -> None:
    with pytest.raises(Refused, match=f"{said} not installed") as refused:
        expect_installed(missing)
    assert refused.value.hint == "pip install 'disclosure-ledger[render]'"
