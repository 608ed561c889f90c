"""A page or PDF shows what its evidence makes, or it is not verified: whoever made it may have left a row out."""

import datetime as dt
import importlib.util
import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine

from command import Desk
from disclosure_ledger import documents, pile, targets
from disclosure_ledger.canonical import decode, encode
from disclosure_ledger.documents import Stated, again, difference, stated_in
from disclosure_ledger.embedded import embedded
from disclosure_ledger.errors import NotFound
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import Verdict
from disclosure_ledger.log.note import VerifierKey
from outcomes import codes, exit_of

pytest.importorskip("jinja2", reason="a page needs jinja2: install the extra render")
pytest.importorskip("typst", reason="a PDF needs typst: install the extra render")

RECIPIENTS = ("County Court <1>", "State Agency", "Crime Lab & Sons", "Harbor Police")
KINDS = ("html", "pdf")


def release(day: int, name: str, **more: Any) -> dict[str, Any]:
    """A release that is listed."""
    return {
        "kind": "disclosure",
        "client": "C-1001",
        "disclosed_on": f"2026-03-{day:02}",
        "basis": "court_order",
        "recipient": {"name": name, "address": "9 Court Street\nFairview", "type": "court"},
        "description": 'visit dates, \u202e"2026"',
        **more,
    }


def set_up(desk: Desk, lines: str) -> None:
    with (desk.folder / "disclosure-ledger.toml").open("a") as file:
        file.write(lines + "\n")


@pytest.fixture(scope="module", autouse=True)
def today() -> Iterator[None]:
    """One day on which all is drawn."""
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        yield


@pytest.fixture(scope="module")
def desk(today: None, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk")).init()
    set_up(made, 'address = "12 Pier Road"\ncontact = "555-0100"')
    request = {"kind": "accounting_request", "client": "C-1001", "id": "R-7"}
    records = [
        {"kind": "client", "client": "C-1001", "name": "Dana Example"},
        {"kind": "client", "client": "C-1002", "name": "Nemo Example"},
        *(release(day, name) for day, name in enumerate(RECIPIENTS, 1)),
        *(release(day, "Monthly Board", matter="M-1", basis="required_by_law") for day in (10, 11, 12)),
        {**request, "requested_on": "2026-11-01", "received_on": "2026-11-01"},
    ]
    made.ok("import", made.file("records.jsonl", records))
    return made


@pytest.fixture(scope="module")
def trust(desk: Desk) -> Trust:
    lines = (desk.folder / "disclosures.vkey").read_text().splitlines()
    return Trust(keys=tuple(map(VerifierKey.parse, lines)))


@pytest.fixture(scope="module")
def given(desk: Desk) -> Callable[[str], bytes]:
    """The accounting as it was given, by its format."""

    @cache
    def draw(form: str) -> bytes:
        name = f"given.{form}"
        desk.ok("accounting", "--client", "C-1001", "--format", form, "--output", name)
        return (desk.folder / name).read_bytes()

    return draw


@pytest.fixture
def verdict_of(tmp_path: Path, trust: Trust, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Verdict]:
    """The verdict on changed bytes; what the same evidence makes is made once."""
    monkeypatch.setattr(documents, "again", cache(again))

    def verdict(data: bytes) -> Verdict:
        file = tmp_path / "document"
        file.write_bytes(data)
        return targets.verify(file, trust=trust, difference=difference)

    return verdict


def with_evidence(page: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A page that this release makes of changed evidence."""
    inside = embedded(page)
    assert inside is not None
    value: Any = decode(inside)
    change(value)
    return again(encode(value), stated_in(page))


HOW = ([], ["--language", "es", "--large-print"], ["--as-of", "2026-12-02", "--no-summarize"], ["--to", "2026-03-02"])


@pytest.mark.parametrize("form", KINDS)
@pytest.mark.parametrize("client", ["C-1001", "C-1002"])
@pytest.mark.parametrize("how", HOW)
def test_a_document_as_it_was_given_is_verified(desk: Desk, form: str, client: str, how: list[str]) -> None:
    desk.ok("accounting", "--client", client, "--format", form, *how, "--output", "it")
    done = desk("verify", "it", "--json")
    assert (done.exit, done.json["findings"]) == (0, [])
    assert targets.SAME in done.json["notices"]


def test_a_document_issued_long_after_its_map_is_incomplete(desk: Desk) -> None:
    desk.ok("accounting", "--client", "C-1001", "--format", "html", "--as-of", "2027-12-01", "--output", "it")
    done = desk("verify", "it", "--json")
    assert (done.exit, [one["code"] for one in done.json["findings"]]) == (4, ["13.not-covered"])
    assert targets.SAME in done.json["notices"]


@pytest.mark.parametrize("form", KINDS)
def test_the_document_of_a_request_is_recorded_with_its_evidence(desk: Desk, form: str) -> None:
    desk.ok("accounting", "--client", "C-1001", "--request", "R-7", "--format", form, "--output", "answer")
    assert targets.SAME in desk("verify", "answer", "--json").json["notices"]


def test_a_page_to_standard_output_is_the_page_to_the_byte(desk: Desk, given: Callable[[str], bytes]) -> None:
    done = desk.ok("accounting", "--client", "C-1001", "--format", "html")
    assert "\\u202e" in done.out
    (desk.folder / "out.html").write_text(done.out, "utf-8", newline="")
    assert targets.SAME in desk("verify", "out.html", "--json").json["notices"]


ROW = re.compile(rb'<tr role="row"><th role="rowheader".*?</tr>\n')


def without_row(number: int) -> Callable[[bytes], bytes]:
    return lambda page: page.replace(ROW.findall(page)[number], b"")


def rows_swapped(page: bytes) -> bytes:
    one, two = ROW.findall(page)[1:3]
    return page.replace(one + two, two + one)


def put(was: bytes, becomes: bytes) -> Callable[[bytes], bytes]:
    return lambda page: page.replace(was, becomes, 1)


def rows_in_a_comment(page: bytes) -> bytes:
    return page.replace(b"<tbody", b"<!--<tbody", 1).replace(b"</tbody>", b"--></tbody>")


def evidence_in_a_comment(page: bytes) -> bytes:
    return page.replace(b"<script type", b"<!--<script type").replace(b"</script>", b"</script>-->")


BEFORE, AFTER = "document, before the first row", "document, after the last row"
HEADER = b'<tr role="row"><th role="rowheader"'
HIDE = b"tbody tr:nth-child(2){display:none}"
ATTACKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "the first row left out": (without_row(0), "document, row 1"),
    "a middle row left out": (without_row(2), "document, row 3"),
    "the last row left out": (without_row(-1), "document, row 5"),
    "two rows swapped": (rows_swapped, "document, row 2"),
    "a cell changed": (put(b"Crime Lab", b"Crime Law"), "document, row 3"),
    "a row hidden": (put(HEADER, HEADER.replace(b"<tr", b"<tr hidden")), "document, row 1"),
    "a row styled away": (put(b"<style>", b"<style>" + HIDE), BEFORE),
    "a second style sheet": (put(b"</head>", b"<style>" + HIDE + b"</style></head>"), BEFORE),
    "a script added": (put(b"</body>", b"<script>1</script></body>"), AFTER),
    "rows in a comment": (rows_in_a_comment, BEFORE),
    "a row added": (lambda page: page.replace(b"</tbody>", ROW.findall(page)[0] + b"</tbody>"), AFTER),
    "the period changed": (put(b"December 1, 2020 to", b"December 1, 2000 to"), BEFORE),
    "text put before it": (put(b"<main>", b"<main><p>Void.</p>"), BEFORE),
    "something after it": (lambda page: page + b"<p>Void.</p>", AFTER),
    "the end cut off": (lambda page: page[:-9], AFTER),
    "the evidence in a comment": (evidence_in_a_comment, AFTER),
    "the other language": (put(b'lang="en-US"', b'lang="es-US"'), BEFORE),
    "the practice's address changed": (put(b"12 Pier Road", b"13 Pier Road"), BEFORE),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_page_that_shows_something_else_has_failed(
    name: str, given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    attack, where = ATTACKS[name]
    changed = attack(given("html"))
    assert changed != given("html")
    verdict = verdict_of(changed)
    assert [(one.code, one.where) for one in verdict.findings] == [("14.different", where)]
    assert targets.WHAT_COUNTS in verdict.notices
    assert exit_of(verdict) == 3


def test_a_row_left_out_is_told_by_the_command_and_its_exit(desk: Desk, given: Callable[[str], bytes]) -> None:
    (desk.folder / "short.html").write_bytes(without_row(1)(given("html")))
    done = desk("verify", "short.html")
    assert done.exit == 3
    assert done.out.startswith("FAILED")
    assert "14.different" in done.out
    assert "row 2" in done.out
    assert "State Agency" not in done.out
    assert "--list FILE" in done.err


@pytest.mark.parametrize("suffix", ["html", "pdf", "txt"])
def test_the_list_as_the_evidence_has_it_can_be_written(suffix: str, desk: Desk, given: Callable[[str], bytes]) -> None:
    (desk.folder / "short.html").write_bytes(without_row(1)(given("html")))
    name = f"whole.{suffix}"
    assert desk("verify", "short.html", "--list", name).exit == 3
    written = (desk.folder / name).read_bytes()
    if suffix == "html":
        assert written == given("html")
    elif suffix == "pdf":
        assert targets.SAME in desk.ok("verify", name).out
    else:
        assert all(name in written.decode() for name in RECIPIENTS)


@pytest.mark.parametrize("name", ["one.html", "one.pdf", "proof"])
def test_a_file_is_read_once_so_that_what_is_listed_is_what_was_verified(
    name: str, desk: Desk, given: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = given("pdf" if name.endswith("pdf") else "html")
    (desk.folder / name).write_bytes(document if "." in name else embedded(document) or b"")
    opened = list[str]()
    usual = Path.open

    def counted(path: Path, *arguments: Any, **options: Any) -> Any:
        opened.append(path.name)
        return usual(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", counted)
    desk.ok("verify", name, "--list", "listed.txt")
    assert opened.count(name) == 1


def test_no_list_is_written_of_evidence_that_does_not_hold(desk: Desk, given: Callable[[str], bytes]) -> None:
    page = with_evidence(given("html"), lambda value: value["accounting"]["rows"].pop())
    (desk.folder / "false.html").write_bytes(page)
    done = desk("verify", "false.html", "--list", "false.txt")
    assert done.exit == 3
    assert "No list was written" in done.err
    assert not (desk.folder / "false.txt").exists()


def test_a_list_is_asked_of_what_holds_evidence(desk: Desk, given: Callable[[str], bytes]) -> None:
    (desk.folder / "twice.html").write_bytes(given("html") * 2)
    desk.ok("checkpoint", "--output", "a.checkpoint")
    for target in (["twice.html"], ["a.checkpoint"], []):
        assert desk("verify", *target, "--list", "it.txt").exit == 2
    assert not (desk.folder / "it.txt").exists()


def test_evidence_without_a_row_fails_with_the_page_that_it_makes(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    page = with_evidence(given("html"), lambda value: value["accounting"]["rows"].pop())
    assert codes(verdict_of(page)) == ["13.rows"]


def test_nothing_is_made_of_much_that_does_not_hold(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = with_evidence(given("html"), lambda value: value["accounting"]["rows"].pop())
    monkeypatch.setattr(targets, "MOST_UNPROVED", 1_000)
    assert codes(verdict_of(page)) == ["13.rows", "14.not-compared"]
    assert codes(verdict_of(given("html"))) == []


def test_much_that_nothing_proves_is_not_set(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = with_evidence(given("html"), lambda value: value["accounting"]["statements"].extend(["Void."] * 500))
    assert codes(verdict_of(page)) == []
    monkeypatch.setattr(documents, "again", again)
    monkeypatch.setattr(documents, "MOST_BESIDE", 7_000)
    assert codes(verdict_of(page)) == ["14.not-compared"]
    assert codes(verdict_of(given("html"))) == []


def test_other_words_beside_the_rows_are_pointed_out(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    page = with_evidence(given("html"), lambda value: value["accounting"]["statements"].append("The list is void."))
    verdict = verdict_of(page)
    assert codes(verdict) == []
    assert any("beside its rows" in one for one in verdict.notices)


@pytest.mark.parametrize("form", KINDS)
def test_what_another_release_set_is_compared_all_the_same(
    form: str, given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    stated, inside = stated_in(given(form)), embedded(given(form))
    assert inside is not None
    other = "disclosure-ledger 9.9.9 page/0123456789abcdef"
    made = again(inside, Stated(format=stated.format, language=stated.language, large=False, imprint=other))
    assert codes(verdict_of(made)) == []


def test_what_another_release_made_otherwise_is_incomplete(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    page = given("html").replace(b"disclosure-ledger 0", b"disclosure-ledger 9", 1)
    verdict = verdict_of(without_row(0)(page))
    assert codes(verdict) == ["14.not-compared"]
    assert exit_of(verdict) == 4
    assert targets.WHAT_COUNTS in verdict.notices


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"disclosure-ledger 0", b'disclosure-ledger"> 0'),
        (b"disclosure-ledger 0", b"some-ledger 0"),
        (b'name="generator"', b'name="maker"'),
        (b'lang="en-US"', b'lang="fr-FR"'),
        (b"<!doctype html>\n", b"<!doctype html>\n\n"),
    ],
)
def test_a_page_that_does_not_state_what_set_it_is_incomplete(
    was: bytes, becomes: bytes, given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    assert codes(verdict_of(given("html").replace(was, becomes, 1))) == ["14.not-compared"]


@pytest.mark.parametrize(("form", "package"), [("html", "jinja2"), ("pdf", "typst")])
def test_without_what_sets_documents_it_is_incomplete(
    form: str, package: str, desk: Desk, given: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(form)
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else found(name))
    done = desk("verify", f"given.{form}", "--json")
    assert done.exit == 4
    assert [one["code"] for one in done.json["findings"]] == ["14.not-compared"]
    assert package in done.json["findings"][0]["found"]
    assert "pip install" in done.json["findings"][0]["found"]


def test_without_anything_to_compare_with_it_is_incomplete(
    tmp_path: Path, trust: Trust, given: Callable[[str], bytes]
) -> None:
    (tmp_path / "page").write_bytes(given("html"))
    assert codes(targets.verify(tmp_path / "page", trust=trust)) == ["14.not-compared"]


@pytest.mark.parametrize("form", KINDS)
def test_two_pieces_of_evidence_have_failed(
    form: str, given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    assert codes(verdict_of(given(form) * 2)) == ["14.evidence"]


def test_a_pdf_with_a_revision_after_it_has_failed(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    pdf = given("pdf")
    page = re.search(rb"(\d+) 0 obj\n<</Type/Page/", pdf)
    assert page is not None
    blank = page[1] + b" 0 obj\n<</Type/Page/MediaBox[0 0 612 792]/Parent 1 0 R>>\nendobj\n"
    at = len(pdf)
    table = b"xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size 999/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    verdict = verdict_of(pdf + blank + table % (page[1], at, at + len(blank)))
    assert codes(verdict) == ["14.different"]


def test_a_pdf_that_shows_less_has_failed(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    inside = embedded(given("pdf"))
    assert inside is not None
    short: Any = decode(inside)
    short["accounting"]["rows"].pop(1)
    made = again(encode(short), stated_in(given("pdf")))
    attached = re.compile(rb"<</Length \d+/Type/EmbeddedFile.*?endstream", re.DOTALL)
    whole = attached.search(given("pdf"))
    assert whole is not None
    assert codes(verdict_of(attached.sub(lambda _: whole[0], made))) == ["14.different"]


def test_a_pdf_cut_short_is_never_verified(
    given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    pdf = given("pdf")
    for length in (5, 20, len(pdf) // 3, len(pdf) // 2, len(pdf) - 3000, len(pdf) - 1):
        try:
            verdict = verdict_of(pdf[:length])
        except NotFound:
            continue
        assert exit_of(verdict) != 0, length


def counts(form: str, whole: bytes, place: int) -> bool:
    """Whether anything rests on a byte: not on a page's imprint, nor on the signatures below the printed checkpoint.

    Those of the evidence's own checkpoint are the ones that are verified.
    """
    if form == "pdf":
        return True
    begins, ends = (b'content="disclosure-ledger', b'"checkpoint":"'), (b"<title>", b'","client":')
    spans = zip(map(whole.index, begins), map(whole.index, ends), strict=True)
    return not any(first <= place < last for first, last in spans)


@pytest.mark.parametrize("form", KINDS)
def test_no_byte_of_a_document_can_be_changed(
    form: str, given: Callable[[str], bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    whole = given(form)
    assert codes(verdict_of(whole)) == []
    step = len(whole) // 120 | 1
    for place in (place for place in range(step // 2, len(whole), step) if counts(form, whole, place)):
        for flip in (0x01, 0x20):
            changed = bytearray(whole)
            changed[place] ^= flip
            try:
                verdict = verdict_of(bytes(changed))
            except NotFound:
                continue
            assert exit_of(verdict) != 0, (place, flip)


@pytest.mark.parametrize("form", KINDS)
def test_every_byte_beside_the_evidence_counts(form: str, given: Callable[[str], bytes]) -> None:
    whole = given(form)
    inside = embedded(whole)
    assert inside is not None
    made = again(inside, stated_in(whole))
    assert made == whole
    assert difference(whole[:-1] + bytes([whole[-1] ^ 1]), inside) is not None


def test_a_document_is_a_memory_of_its_checkpoint(desk: Desk, given: Callable[[str], bytes], tmp_path: Path) -> None:
    for form in KINDS:
        given(form)
        kept = pile.gather([desk.folder / f"given.{form}"])
        assert kept[0].note().startswith(b"harbor.example/disclosures\n")
        assert desk("verify", "--known", f"given.{form}").exit == 0
    (tmp_path / "page").write_bytes(given("html") * 2)
    assert pile.gather([tmp_path / "page"])[0].note() == b""


@pytest.mark.parametrize("form", KINDS)
def test_documents_of_one_client_are_compared_by_what_both_prove(
    form: str, desk: Desk, trust: Trust, given: Callable[[str], bytes]
) -> None:
    given(form)
    more = {"kind": "client", "client": f"C-{form}", "name": "Third Example"}
    desk.ok("import", desk.file("more.jsonl", [more]))
    desk.ok("accounting", "--client", "C-1001", "--format", form, "--output", "later")
    known = pile.gather([desk.folder / f"given.{form}"])
    verdict = targets.verify(desk.folder / "later", trust=trust, known=known, difference=difference)
    assert codes(verdict) == []
    assert not any("of size" in one for one in verdict.notices)


def test_what_part_2_adds_comes_without_evidence_and_says_so(tmp_path: Path) -> None:
    made = Desk(tmp_path).init()
    set_up(made, "part2_accounting_effective = 2026-01-01")
    made.ok("import", made.file("r.jsonl", [release(1, "County Court")]))
    for form in KINDS:
        made.ok("accounting", "--client", "C-1001", "--format", form, "--output", "it")
        assert made("verify", "it").exit == 1
    text = made.ok("accounting", "--client", "C-1001").out
    assert "42 CFR 2.25" in text
    assert "disclosure-ledger verify" not in text


def test_a_bomb_in_a_pdf_is_not_unpacked(tmp_path: Path, trust: Trust) -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(70)), packer.flush()])
    head = b"%%PDF-1.7\n1 0 obj\n<</Type/EmbeddedFile/Length %d/Filter/FlateDecode>>\nstream\n" % len(bomb)
    (tmp_path / "bomb.pdf").write_bytes(head + bomb + b"\nendstream")
    assert codes(targets.verify(tmp_path / "bomb.pdf", trust=trust, difference=difference)) == ["14.evidence"]
