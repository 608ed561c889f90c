"""What the command line makes, the page verifies; what somebody changed in it, both verifiers refuse alike."""

import datetime as dt
import html
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import time_machine

from browsing import packed, run, verdicts, write_page
from command import Desk
from disclosure_ledger import documents, targets
from disclosure_ledger.errors import NoLedger, NotFound
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import INCOMPLETE
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.render.code import picture
from outcomes import codes

pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
pytest.importorskip("typst", reason="the PDF needs typst: install the extra render")

PAGES = {
    "en.html": (),
    "es.html": ("--language", "es"),
    "large.html": ("--large-print",),
    "singles.html": ("--no-summarize",),
}


def release(day: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "disclosure",
        "client": "C-1001",
        "disclosed_on": f"2026-03-{day:02}",
        "basis": "court_order",
        "recipient": {"name": name, "address": "9 Court Street\nFairview", "type": "court"},
        "description": "visit dates & <summary>, “2026” \u202e",
        **more,
    }


PILED_UP = "\u0336\u200d\u20dd\u0903" * 60 + "x" + "\u0303" * 9 + "y" + "\u20e3" * 5
"""Marks that would be drawn over other lines."""
RECORDS = [
    {"kind": "client", "client": "C-1001", "name": "Dana Example"},
    {"kind": "client", "client": "C-1002", "name": f"Nemo{PILED_UP}"},
    *(release(day, name) for day, name in enumerate(("County Court", "Lowe & Finch LLP", "Città di O'Hara"), 1)),
    *(release(day, "Monthly Board", matter="M-1", basis="required_by_law") for day in (10, 11, 12)),
    release(20, "Whoever looked", disclosed_on={"from": "2026-02-01", "to": "2026-02-20"}, basis="impermissible"),
    release(
        21,
        "County Coroner",
        disclosed_on={"after": "2026-02-03", "interval": "within 48 hours"},
        basis="coroner_medical_examiner",
    ),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A ledger, and every form of what it gives."""
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        made = Desk(tmp_path_factory.mktemp("desk")).init()
        made.ok("import", made.file("records.jsonl", RECORDS))
        for name, more in PAGES.items():
            made.ok("accounting", "--client", "C-1001", "--format", "html", "--output", name, *more)
        made.ok("accounting", "--client", "C-1001", "--format", "pdf", "--output", "en.pdf")
        made.ok("accounting", "--client", "C-1002", "--format", "html", "--output", "none.html")
        yield made


@pytest.fixture(scope="module")
def vkeys(desk: Desk) -> list[str]:
    return (desk.folder / "disclosures.vkey").read_text().split()


def said_by_both(
    verifier: Any, folder: Path, vkeys: list[str], files: Mapping[str, bytes]
) -> dict[str, tuple[set[str], set[str]]]:
    """The codes that each verifier finds in each file: the page's, then the library's."""
    trust = Trust(keys=tuple(map(VerifierKey.parse, vkeys)))
    theirs = {}
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        try:
            theirs[name] = set(codes(targets.verify(path, trust=trust, difference=documents.difference)))
        except (NoLedger, NotFound):
            theirs[name] = {"unknown"}
    ours = verdicts(verifier, [run(data, vkeys) for data in files.values()])
    return {
        name: (set(found["codes"] or {"unknown"} & {found["outcome"]}), theirs[name])
        for name, found in zip(files, ours, strict=True)
    }


def test_every_page_that_the_command_line_makes_is_verified(verifier: Any, desk: Desk, vkeys: list[str]) -> None:
    names = [*PAGES, "none.html"]
    found = verdicts(verifier, [run((desk.folder / name).read_bytes(), vkeys) for name in names])
    assert [(name, one["outcome"], one["codes"]) for name, one in zip(names, found, strict=True)] == [
        (name, "verified", []) for name in names
    ]
    assert [len(one["rows"]) for one in found] == [6, 6, 6, 8, 0]


def test_no_page_piles_up_marks_over_its_lines(verifier: Any, desk: Desk, vkeys: list[str]) -> None:
    page = (desk.folder / "none.html").read_text("utf-8")
    told, inside = page.split("<script", 1)
    assert PILED_UP in inside
    assert "[U+0336]" in told
    drawn = told.replace("[U+0336]", "\u0336") + "<script" + inside
    (found,) = verdicts(verifier, [run(drawn.encode(), vkeys)])
    assert (found["outcome"], found["codes"]) == ("failed", ["14.different"])


def test_a_pdf_is_never_more_than_incomplete(verifier: Any, desk: Desk, vkeys: list[str]) -> None:
    (found,) = verdicts(verifier, [run((desk.folder / "en.pdf").read_bytes(), vkeys)])
    assert (found["outcome"], found["codes"], len(found["rows"])) == ("incomplete", ["14.not-compared"], 6)


def test_a_pdf_whose_sign_stood_first_where_a_line_may_break_shows_no_difference(
    verifier: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = "Jefferson/Clark(1)Rehabilitation and Welfare (2)"
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        made = Desk(tmp_path_factory.mktemp("signs")).init()
        made.ok("import", made.file("records.jsonl", [release(1, name)]))
        made.ok("accounting", "--client", "C-1001", "--format", "pdf", "--output", "list.pdf")
    keys = (made.folder / "disclosures.vkey").read_text().split()
    (found,) = verdicts(verifier, [run((made.folder / "list.pdf").read_bytes(), keys)])
    assert (found["outcome"], found["codes"]) == ("incomplete", ["14.not-compared"])


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", ("it is complete and unchanged", "compare the two line by line", "as a web page (HTML)")),
        ("es-US", ("está completa y sin cambios", "Compare los dos línea por línea", "como página web (HTML)")),
    ],
)
def test_of_a_pdf_that_holds_it_is_said_that_the_list_is_proved_and_what_is_left_to_do(
    browser: Any, desk: Desk, vkeys: list[str], tmp_path: Path, locale: str, said: tuple[str, ...]
) -> None:
    opened = browser.new_page(locale=locale)
    opened.goto(write_page(tmp_path, vkeys).as_uri())
    opened.set_input_files("#file", str(desk.folder / "en.pdf"))
    opened.wait_for_selector("#result[data-outcome=incomplete]")
    verdict, offered = opened.inner_text("#result .verdict"), opened.inner_text("#given")
    opened.close()
    assert not [words for words in (*said, "disclosure-ledger verify") if words not in verdict]
    names = {vkey.split("+")[0] for vkey in vkeys}
    assert len(names) == 1
    assert f"2 {'keys of' if locale == 'en-US' else 'claves de'} {names.pop()} (" in offered
    assert not [vkey for vkey in vkeys if vkey.split("+")[1] not in offered]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a row's words": lambda page: page.replace(b"<strong>County Court</strong>", b"<strong>County Clerk</strong>"),
    "a row left out": lambda page: b"\n".join(
        line for line in page.split(b"\n") if b"<strong>County Court" not in line
    ),
    "a style of its own": lambda page: page.replace(b"<style>", b"<style>tr:nth-child(2){display:none}"),
    "a word more": lambda page: page.replace(b"</main>", b"<p>All is well.</p></main>"),
    "a comment": lambda page: page.replace(b"<main>", b"<main><!-- -->"),
    "behind the end": lambda page: page + b"<p>All is well.</p>",
    "evidence that stands twice": lambda page: page.replace(b"</body>", page[page.index(b"<script") :] + b"</body>"),
    "evidence that never ends": lambda page: page.replace(b"</script>", b"</script"),
    "the log's line on the copy of the checkpoint": lambda page: re.sub(
        rb'("accounting":{"checkpoint":"[^"]*?\xe2\x80\x94 \S+ .{30})(.)',
        lambda found: found[1] + (b"B" if found[2] == b"A" else b"A"),
        page,
    ),
    "a row in the evidence": lambda page: page.replace(b'"name":"County Court"', b'"name":"County Clerk"'),
}


def test_a_page_that_was_changed_is_refused_by_both(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    page = (desk.folder / "en.html").read_bytes()
    files = {name: change(page) for name, change in CHANGES.items()}
    assert all(data != page for data in files.values())
    for name, (ours, theirs) in said_by_both(verifier, tmp_path, vkeys, files).items():
        assert ours == theirs, name
        assert ours & {"14.different", "14.evidence", "13.rows", "13.checkpoint"}, name


YOUNG = "\U0001fae8\U0002ebf0\U0001fae9\U0001faea"
"""A character each of Unicode 15.0, 15.1, 16.0 and 17.0: this Python and this browser may not know them all."""


def test_a_character_that_is_too_young_for_one_of_both_accuses_nobody(
    verifier: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        made = Desk(tmp_path_factory.mktemp("young")).init()
        made.ok("import", made.file("records.jsonl", [release(1, "Dr. Gray", description=f"visit dates {YOUNG}")]))
        for form in ("html", "pdf"):
            made.ok("accounting", "--client", "C-1001", "--format", form, "--output", f"list.{form}")
    keys = (made.folder / "disclosures.vkey").read_text().split()
    page, pdf = verdicts(verifier, [run((made.folder / f"list.{form}").read_bytes(), keys) for form in ("html", "pdf")])
    assert page["codes"] in ([], ["14.not-compared"])
    assert pdf["codes"] == ["14.not-compared"]


@pytest.mark.parametrize(
    ("stands", "instead", "expected"),
    [("Città", "Citt\\u00e0", ["14.not-compared"]), ("\\u202e", "\u202e", ["14.different"])],
)
def test_only_what_a_version_of_unicode_can_explain_is_left_open(
    verifier: Any, desk: Desk, vkeys: list[str], stands: str, instead: str, expected: list[str]
) -> None:
    told, inside = (desk.folder / "en.html").read_text("utf-8").split("<script", 1)
    assert stands in told
    (found,) = verdicts(verifier, [run(f"{told.replace(stands, instead)}<script{inside}".encode(), vkeys)])
    assert found["codes"] == expected


def test_a_single_byte_changed_anywhere_is_seen_alike_by_both(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    chance = random.Random(528)
    files = {}
    for name in ("en.html", "none.html"):
        page = (desk.folder / name).read_bytes()
        square = range(page.index(b"<svg"), page.index(b"</svg>"))
        for place in sorted({*chance.sample(range(16, len(page)), 45), *chance.sample(square, 10)}):
            changed = page[:place] + bytes((page[place] ^ 1,)) + page[place + 1 :]
            files[f"{place} of {name}"] = changed
    found = said_by_both(verifier, tmp_path, vkeys, files)
    assert {name: both for name, both in found.items() if both[0] != both[1]} == {}


def test_a_single_byte_of_evidence_changed_anywhere_is_seen_alike_by_both(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    chance = random.Random(164)
    evidence = inside(verifier, (desk.folder / "en.html").read_bytes())
    files = {"unchanged": evidence}
    for place in sorted(chance.sample(range(len(evidence)), 80)):
        files[str(place)] = (
            evidence[:place] + bytes((evidence[place] ^ chance.choice((1, 2, 32)),)) + evidence[place + 1 :]
        )
    found = said_by_both(verifier, tmp_path, vkeys, files)
    assert found.pop("unchanged") == (set(), set())
    assert {name: both for name, both in found.items() if both[0] != both[1]} == {}


def test_the_row_that_a_page_leaves_out_is_named(verifier: Any, desk: Desk, vkeys: list[str]) -> None:
    page = CHANGES["a row left out"]((desk.folder / "en.html").read_bytes())
    (found,) = verdicts(verifier, [run(page, vkeys)])
    assert [json.loads(text)["recipient"]["name"] for text in found["hidden"]] == ["County Court"]


def test_a_square_code_of_something_else_is_refused_by_both(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    """A camera follows what the code holds, and not the words beside it."""
    page = (desk.folder / "en.html").read_text("utf-8")
    before, svg, after = re.split(r"(<svg.*</svg>)", page)
    (label,) = map(html.unescape, re.findall(r'aria-label="([^"]*)"', svg))
    lines = "".join(f"{value}\n" for value in re.findall(r"<dd>([^<]*)</dd>", page))
    assert picture(lines, label=label) == svg
    others = {name: picture(text, label=label) for name, text in (("a link", "https://harbor.example/"), ("no", "x"))}
    others["nothing"] = re.sub(r'fill="#000" d="[^"]*"', 'fill="#000" d=""', svg)
    others["one square more"] = svg.replace('z"/></svg>', 'zM9 9h1v1h-1z"/></svg>')
    files = {name: f"{before}{other}{after}".encode() for name, other in others.items()}
    assert set(map(str, said_by_both(verifier, tmp_path, vkeys, files).values())) == {
        str(({"14.different"}, {"14.different"}))
    }


def inside(verifier: Any, page: bytes) -> bytes:
    """The evidence in a page, as the browser reads the element that holds it."""
    text = page.decode().split('id="evidence">')[1].split("</script>")[0]
    found = verifier.evaluate(
        "(text) => text.replace(/\\\\u003c/g,'<').replace(/\\\\u003e/g,'>').replace(/\\\\u0026/g,'&')", text
    )
    return str(found).encode()


def test_no_byte_of_a_zip_can_be_changed_that_only_the_other_verifier_sees(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    desk.ok("export", "audit", "audit.zip")
    package = (desk.folder / "audit.zip").read_bytes()
    chance = random.Random(1001)
    files = {}
    for place in sorted(chance.sample(range(4, len(package)), 40)):
        files[f"{place}.zip"] = package[:place] + bytes((package[place] ^ 1,)) + package[place + 1 :]
    files["whole.zip"] = package
    found = said_by_both(verifier, tmp_path, vkeys, files)
    assert found.pop("whole.zip") == ({"8.no-outside"}, {"8.no-outside"})
    assert {name: both for name, both in found.items() if both[0] <= INCOMPLETE and not both[1] <= INCOMPLETE} == {}


def test_each_entry_of_an_audit_package_is_seen_alike(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    desk.ok("export", "audit", "audit")
    chance, files = random.Random(512), dict[str, bytes]()
    for one in sorted(path for path in (desk.folder / "audit").rglob("*") if path.is_file()):
        name, data = one.relative_to(desk.folder / "audit").as_posix(), one.read_bytes()
        for place in chance.sample(range(len(data)), 10):
            changed = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
            files[f"{len(files)}.zip"] = packed(desk.folder / "audit", {name: changed})
    found = said_by_both(verifier, tmp_path, vkeys, files)
    assert {name: both for name, both in found.items() if both[0] != both[1]} == {}


def test_what_somebody_kept_is_compared(verifier: Any, desk: Desk, vkeys: list[str]) -> None:
    package, page = ((desk.folder / name).read_bytes() for name in ("audit.zip", "en.html"))
    both = verdicts(verifier, [run(package, vkeys, {"list": page}), run(page, vkeys, {"audit": package})])
    assert [one["outcome"] for one in both] == ["verified", "verified"]


NAMES = (
    "عيادة السلام, Dr. Levi לוי",
    "Nguyễn Thị Ánh 中文診所",
    "टिप्पणी office ffi",
    "Ελληνικά Привет 😀",
    "ไทย ก็ ที่ แก้ว",
    "ខ្មែរ ស្រី ប្រទេស",
    "x\u0336y e\u0301\u0323 ẍ\u0301 ❤️ 👩\u200d⚕️ 🇺🇸 co\u00adoperate",
    "[U+4E2D] & Co",
)


def test_a_pdf_in_any_script_shows_no_difference(verifier: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        desk = Desk(tmp_path_factory.mktemp("scripts")).init()
        clients = [{"kind": "client", "client": "C-1001", "name": "Dana Example"}]
        desk.ok("import", desk.file("records.jsonl", clients + [release(n, name) for n, name in enumerate(NAMES, 1)]))
        for language in ("en", "es"):
            options = ("--format", "pdf", "--language", language, "--output", f"{language}.pdf", "--large-print")
            desk.ok("accounting", "--client", "C-1001", *options)
    keys = (desk.folder / "disclosures.vkey").read_text().split()
    found = verdicts(verifier, [run((desk.folder / f"{name}.pdf").read_bytes(), keys) for name in ("en", "es")])
    assert [one["codes"] for one in found] == [["14.not-compared"], ["14.not-compared"]]


def test_a_pdf_that_prints_another_list_is_refused_by_both(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    """The PDF of one list with the evidence of another inside."""
    pdf, other = (desk.folder / "en.pdf").read_bytes(), desk.folder / "other.pdf"
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        options = ("--format", "pdf", "--no-summarize", "--output", "other.pdf")
        desk.ok("accounting", "--client", "C-1001", *options)
    files = {
        "evidence of another form": with_evidence_of(pdf, other.read_bytes()),
        "something behind its end": pdf + b"1 0 obj\n<</Annots[]>>\nendobj\n",
    }
    for name, (ours, theirs) in said_by_both(verifier, tmp_path, vkeys, files).items():
        assert "14.different" in ours, name
        assert "14.different" in theirs, name


def test_a_pdf_whose_trailer_is_no_dictionary_is_compared_with_nothing(
    verifier: Any, desk: Desk, vkeys: list[str]
) -> None:
    pdf = (desk.folder / "en.pdf").read_bytes()
    before, trailer, after = pdf.rpartition(b"trailer\n")
    changed = before + trailer + b"5\n" + after[after.index(b"startxref") :]
    (found,) = verdicts(verifier, [run(changed, vkeys)])
    assert (found["outcome"], found["codes"]) == ("incomplete", ["14.not-compared"])


def with_evidence_of(pdf: bytes, other: bytes) -> bytes:
    """A PDF with the attached file of another in the place of its own, and its cross-reference table put right."""
    begin, end, _ = attachment(pdf)
    *_, stream = attachment(other)
    offsets = [int(line[:10]) for line in re.findall(rb"^\d{10} \d{5} n", pdf, re.MULTILINE)]
    made, moved = pdf[:begin] + stream + pdf[end:], len(stream) - (end - begin)
    for offset in sorted(set(offsets), reverse=True):
        if offset > begin:
            made = made.replace(b"%010d 00000 n" % offset, b"%010d 00000 n" % (offset + moved))
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[0])
    return made.replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + moved))


def attachment(pdf: bytes) -> tuple[int, int, bytes]:
    """Where the attached file's dictionary and content stand, and their bytes."""
    place = pdf.index(b"/EmbeddedFile")
    begin, end = pdf.rindex(b"<<", 0, pdf.rindex(b" obj", 0, place) + 8), pdf.index(b"endstream", place)
    return begin, end, pdf[begin:end]
