"""The picture of a letterhead: the one part of a document that its evidence does not make, and nothing but that."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine

from command import Desk
from disclosure_ledger import targets
from disclosure_ledger.canonical import decode, encode
from disclosure_ledger.documents import again, difference, stated_in
from disclosure_ledger.embedded import embedded, picture
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import Verdict
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.render.logo import logo_of
from disclosure_ledger.render.to_html import logo_style
from letterheads import CLIENT, IMAGE, KINDS, PAGES, PDFS, RELEASE, SVG
from outcomes import codes
from pictures import attached, jpeg, png

pytest.importorskip("jinja2", reason="a page needs jinja2: install the extra render")
pytest.importorskip("typst", reason="a PDF needs typst: install the extra render")


@pytest.fixture(scope="module", autouse=True)
def today() -> Iterator[None]:
    """One day on which all is drawn."""
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        yield


@pytest.fixture(scope="module")
def desk(today: None, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk")).init()
    made.ok("import", made.file("records.jsonl", [CLIENT, RELEASE]))
    (made.folder / "logo.png").write_bytes(png())
    (made.folder / "logo.jpg").write_bytes(jpeg())
    return made


@pytest.fixture(scope="module")
def given(desk: Desk) -> Callable[..., bytes]:
    """The accounting as it was given, by its format and what else was asked."""

    @cache
    def draw(form: str, *more: str) -> bytes:
        desk.ok("accounting", "--client", "C-1001", "--format", form, "--output", f"given.{form}", *more)
        return (desk.folder / f"given.{form}").read_bytes()

    return draw


@pytest.fixture
def verdict_of(tmp_path: Path, desk: Desk) -> Callable[[bytes], Verdict]:
    trust = Trust(keys=tuple(map(VerifierKey.parse, (desk.folder / "disclosures.vkey").read_text().split())))

    def verdict(data: bytes) -> Verdict:
        (tmp_path / "document").write_bytes(data)
        return targets.verify(tmp_path / "document", trust=trust, difference=difference)

    return verdict


@pytest.mark.parametrize("form", KINDS)
@pytest.mark.parametrize("name", ["logo.png", "logo.jpg"])
@pytest.mark.parametrize("more", [(), ("--language", "es", "--large-print")], ids=["en", "es, large"])
def test_a_document_with_a_logo_is_verified_and_its_picture_is_said_to_be_unproved(
    form: str, name: str, more: Sequence[str], desk: Desk, given: Callable[..., bytes]
) -> None:
    made = given(form, "--logo", name, *more)
    assert picture(made) == (desk.folder / name).read_bytes()
    (desk.folder / "it").write_bytes(made)
    done = desk("verify", "it", "--json")
    assert (done.exit, done.json["findings"]) == (0, [])
    assert {targets.SAME, targets.PICTURE} <= set(done.json["notices"])


@pytest.mark.parametrize("form", KINDS)
def test_of_a_document_without_one_no_picture_is_said(
    form: str, given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    assert picture(given(form)) is None
    assert targets.PICTURE not in verdict_of(given(form)).notices


def test_a_logo_changes_nothing_else_of_a_page(given: Callable[..., bytes]) -> None:
    page = given("html", "--logo", "logo.png")
    inside = embedded(page)
    assert inside is not None
    assert b"logo" not in inside
    without = again(inside, replace(stated_in(page), logo=None))
    left = IMAGE.sub(b"", page).replace(logo_style().encode(), b"").replace(b" img-src data:;", b"")
    policy = re.compile(rb"'sha256-[^']*'")
    assert policy.sub(b"", left) == policy.sub(b"", without)


@pytest.mark.parametrize("form", KINDS)
@pytest.mark.parametrize("other", [png(90, 10), jpeg()], ids=["PNG", "JPEG"])
def test_another_picture_in_its_place_is_as_unproved_as_the_first(
    form: str, other: bytes, given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    """Nobody can tell which picture the practice put there: so it is said of each that nothing proves it."""
    document = given(form, "--logo", "logo.png")
    swapped = again(embedded(document) or b"", replace(stated_in(document), logo=logo_of(other)))
    assert picture(swapped) == other
    verdict = verdict_of(swapped)
    assert codes(verdict) == []
    assert targets.PICTURE in verdict.notices


@pytest.mark.parametrize("name", PAGES)
def test_nothing_else_of_a_page_can_change_with_its_picture(
    name: str, given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    page = given("html", "--logo", "logo.png")
    changed = PAGES[name](page)
    assert changed != page
    assert codes(verdict_of(changed)) == ["14.different"]


def test_a_policy_for_pictures_without_one_is_another_page(
    given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    page = given("html").replace(b"; base-uri", b"; img-src data:; base-uri", 1)
    assert codes(verdict_of(page)) == ["14.different"]


@pytest.mark.parametrize("name", PDFS)
def test_nothing_else_of_a_pdf_can_change_with_its_picture(
    name: str, given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    pdf, (change, code) = given("pdf", "--logo", "logo.png"), PDFS[name]
    changed = change(pdf)
    assert changed != pdf
    assert codes(verdict_of(changed)) == [code]


@pytest.mark.parametrize(("kind", "code"), [("image#2Fpng", "14.different"), ("text#2Fplain", "14.evidence")])
def test_a_file_beside_the_evidence_of_a_pdf_without_a_logo_is_refused(
    kind: str, code: str, given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    assert codes(verdict_of(given("pdf") + attached(png(), kind))) == [code]


def test_a_picture_is_no_evidence(given: Callable[..., bytes]) -> None:
    assert embedded(b"%PDF-1.7\n" + attached(b"{}", "application#2Fjson")) == b"{}"
    assert picture(b"%PDF-1.7\n" + attached(b"{}", "application#2Fjson")) is None
    assert picture(b"%PDF-1.7\n" + attached(png(), "image#2Fpng")) == png()


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_the_list_as_the_evidence_has_it_has_no_picture(form: str, desk: Desk, given: Callable[..., bytes]) -> None:
    (desk.folder / "it.html").write_bytes(given("html", "--logo", "logo.png"))
    desk.ok("verify", "it.html", "--list", f"whole.{form}")
    assert picture((desk.folder / f"whole.{form}").read_bytes()) is None


def test_a_pdf_has_its_picture_tagged_and_attached(given: Callable[..., bytes]) -> None:
    pypdf = pytest.importorskip("pypdf", reason="reading a PDF back needs pypdf")
    reader = pypdf.PdfReader(io.BytesIO(given("pdf", "--logo", "logo.png")))
    assert {name: content[0] for name, content in reader.attachments.items() if name != "evidence.json"} == {
        "logo.png": png()
    }
    assert len(reader.trailer["/Root"]["/AF"]) == 2
    assert b"/S/Figure" in given("pdf", "--logo", "logo.png")
    assert b"/Alt(Logo of " in given("pdf", "--logo", "logo.png")


@pytest.mark.parametrize("form", ["text", "json", "csv", "fhir", "xlsx"])
def test_a_logo_is_for_what_has_a_letterhead(form: str, desk: Desk) -> None:
    done = desk("accounting", "--client", "C-1001", "--format", form, "--logo", "logo.png", "--output", "it.none")
    assert (done.exit, "--format html or pdf" in done.err) == (2, True)
    assert not (desk.folder / "it.none").exists()


def test_the_logo_of_the_settings_is_that_of_lists_too(today: None, tmp_path: Path) -> None:
    desk = Desk(tmp_path).init()
    desk.ok("import", desk.file("records.jsonl", [CLIENT, RELEASE]))
    with (tmp_path / "disclosure-ledger.toml").open("a") as file:
        file.write('logo = "settings.png"\n')
    (tmp_path / "given.png").write_bytes(png(9, 9))

    def drawn(*more: str) -> bytes:
        desk.ok("accounting", "--client", "C-1001", "--output", "it", *more)
        return (tmp_path / "it").read_bytes()

    assert drawn("--format", "text")  # which has no use for it
    missing = desk("accounting", "--client", "C-1001", "--format", "html", "--output", "none")
    assert (missing.exit, "settings.png" in missing.err, (tmp_path / "none").exists()) == (1, True, False)
    (tmp_path / "settings.png").write_bytes(png())
    assert picture(drawn("--format", "html")) == png()
    assert picture(drawn("--format", "html", "--logo", "given.png")) == png(9, 9)


@pytest.mark.parametrize("data", [SVG, b"", png()[:60], png(1, 1)[:16] + bytes([0, 0, 255, 255] * 2) + png(1, 1)[24:]])
@pytest.mark.parametrize("form", KINDS)
def test_what_is_no_small_picture_is_refused_before_anything_is_recorded(form: str, data: bytes, desk: Desk) -> None:
    (desk.folder / "bad").write_bytes(data)
    before: Any = desk.ok("checkpoint").out
    done = desk("accounting", "--client", "C-1001", "--format", form, "--logo", "bad", "--output", "bad.out")
    assert (done.exit, "logo" in done.err, (desk.folder / "bad.out").exists()) == (1, True, False)
    assert desk.ok("checkpoint").out == before


def test_a_picture_that_cannot_be_drawn_gives_no_pdf(desk: Desk) -> None:
    (desk.folder / "broken.png").write_bytes(png()[:45] + b"\0" * 8 + png()[53:])
    done = desk("accounting", "--client", "C-1001", "--format", "pdf", "--logo", "broken.png", "--output", "broken.pdf")
    assert (done.exit, "whole picture" in done.err, (desk.folder / "broken.pdf").exists()) == (1, True, False)


def test_evidence_of_another_list_with_a_picture_is_no_more_verified(
    given: Callable[..., bytes], verdict_of: Callable[[bytes], Verdict]
) -> None:
    page = given("html", "--logo", "logo.png")
    value: Any = decode(embedded(page) or b"")
    value["accounting"]["rows"].pop()
    assert codes(verdict_of(again(encode(value), stated_in(page)))) == ["13.rows"]
