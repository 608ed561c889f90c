"""A document with a logo: both verifiers take the picture as it is, say that nothing proves it, and nothing else."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine

from browsing import run, verdicts, write_page
from command import Desk
from disclosure_ledger import targets
from disclosure_ledger.documents import again, difference, stated_in
from disclosure_ledger.embedded import embedded
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.render.logo import MOST_BYTES, logo_of
from letterheads import CLIENT, KINDS, PAGES, PDFS, RELEASE
from outcomes import codes
from pictures import attached, jpeg, png

pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
pytest.importorskip("typst", reason="the PDF needs typst: install the extra render")

LARGEST = png()[:-12] + b"x" * (MOST_BYTES - len(png())) + png()[-12:]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Lists with a logo, as page and as PDF."""
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        made = Desk(tmp_path_factory.mktemp("desk")).init('O\'Hara & "Finch" <LLP>')
        made.ok("import", made.file("records.jsonl", [CLIENT, RELEASE]))
        (made.folder / "logo.png").write_bytes(png())
        for form in KINDS:
            options = ("--client", "C-1001", "--format", form)
            made.ok("accounting", *options, "--output", f"plain.{form}")
            made.ok("accounting", *options, "--logo", "logo.png", "--output", f"logo.{form}")
        more = ("--language", "es", "--large-print")
        made.ok("accounting", *options[:3], "html", "--logo", "logo.png", *more, "--output", "es.html")
        yield made


@pytest.fixture(scope="module")
def vkeys(desk: Desk) -> list[str]:
    return (desk.folder / "disclosures.vkey").read_text().split()


def with_picture(document: bytes, picture: bytes) -> bytes:
    """The document with another picture, as whoever has this library makes it."""
    return again(embedded(document) or b"", replace(stated_in(document), logo=logo_of(picture)))


def library(folder: Path, vkeys: list[str], data: bytes) -> list[str]:
    (folder / "document").write_bytes(data)
    trust = Trust(keys=tuple(map(VerifierKey.parse, vkeys)))
    return codes(targets.verify(folder / "document", trust=trust, difference=difference))


def test_a_page_with_a_logo_is_verified_whichever_picture_it_is(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    page = (desk.folder / "logo.html").read_bytes()
    pages = [
        page,
        (desk.folder / "es.html").read_bytes(),
        *(with_picture(page, one) for one in (jpeg(), png(90, 10), png(41), LARGEST)),
    ]
    for data, found in zip(pages, verdicts(verifier, [run(one, vkeys) for one in pages]), strict=True):
        assert (found["outcome"], found["codes"]) == ("verified", [])
        assert "picture" in found["notices"]
        assert library(tmp_path, vkeys, data) == []


def test_a_pdf_with_a_logo_is_incomplete_as_every_pdf_and_its_picture_is_said_to_be_unproved(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    pdf = (desk.folder / "logo.pdf").read_bytes()
    pdfs = [pdf, with_picture(pdf, jpeg()), with_picture(pdf, png(90, 10))]
    for data, found in zip(pdfs, verdicts(verifier, [run(one, vkeys) for one in pdfs]), strict=True):
        assert (found["outcome"], found["codes"], len(found["rows"])) == ("incomplete", ["14.not-compared"], 1)
        assert "picture" in found["notices"]
        assert library(tmp_path, vkeys, data) == []


@pytest.mark.parametrize("form", KINDS)
def test_of_a_document_without_a_logo_no_picture_is_said(
    form: str, verifier: Any, desk: Desk, vkeys: list[str]
) -> None:
    (found,) = verdicts(verifier, [run((desk.folder / f"plain.{form}").read_bytes(), vkeys)])
    assert "picture" not in found["notices"]


def test_whatever_else_is_changed_with_the_picture_of_a_page_both_refuse_alike(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    page = (desk.folder / "logo.html").read_bytes()
    changed = {name: change(page) for name, change in PAGES.items()}
    changed["a policy without a picture"] = (
        (desk.folder / "plain.html").read_bytes().replace(b"; base-uri", b"; img-src data:; base-uri", 1)
    )
    found = verdicts(verifier, [run(data, vkeys) for data in changed.values()])
    told = {
        name: (one["codes"], library(tmp_path, vkeys, changed[name])) for name, one in zip(changed, found, strict=True)
    }
    assert {name: both for name, both in told.items() if both != (["14.different"], ["14.different"])} == {}


# the page cannot set a PDF: how a file is related to it is nothing that could be seen or read
UNSEEN = {"another relation"}


def test_whatever_else_is_changed_with_the_picture_of_a_pdf_both_refuse_alike(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    pdf, plain = ((desk.folder / f"{name}.pdf").read_bytes() for name in ("logo", "plain"))
    files = {name: (change(pdf), code) for name, (change, code) in PDFS.items() if name not in UNSEEN}
    files["a text beside the evidence"] = (plain + attached(b"x", "text#2Fplain"), "14.evidence")
    files["a picture beside the evidence"] = (plain + attached(png(), "image#2Fpng"), "14.different")
    found = verdicts(verifier, [run(data, vkeys) for data, _ in files.values()])
    for (name, (data, code)), one in zip(files.items(), found, strict=True):
        assert (name, one["outcome"], [it for it in one["codes"] if it != "14.not-compared"]) == (
            name,
            "failed",
            [code],
        )
        assert library(tmp_path, vkeys, data) == [code], name


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "The picture at the top of the document is not proved"),
        ("es-US", "La imagen en la parte superior del documento no está comprobada"),
    ],
)
@pytest.mark.parametrize("form", KINDS)
def test_the_client_reads_that_nothing_proves_the_picture(
    browser: Any, desk: Desk, vkeys: list[str], tmp_path: Path, form: str, locale: str, said: str
) -> None:
    opened = browser.new_page(locale=locale)
    opened.goto(write_page(tmp_path, vkeys).as_uri())
    opened.set_input_files("#file", str(desk.folder / f"logo.{form}"))
    opened.wait_for_selector(f"#result[data-outcome={'verified' if form == 'html' else 'incomplete'}]")
    told = opened.inner_text("#result")
    opened.close()
    assert said in told


@pytest.mark.parametrize("width", [360, 1100])
@pytest.mark.parametrize("picture", [png(4, 900), png(900, 4), png(20, 20)], ids=["tall", "wide", "square"])
def test_the_picture_is_shown_in_its_box_and_covers_nothing(
    browser: Any, desk: Desk, tmp_path: Path, picture: bytes, width: int
) -> None:
    """18 mm are 68 pixels, 60 mm are 227."""
    (tmp_path / "it.html").write_bytes(with_picture((desk.folder / "logo.html").read_bytes(), picture))
    opened = browser.new_page(viewport={"width": width, "height": 800})
    opened.goto((tmp_path / "it.html").as_uri())
    shown = opened.locator("header img")
    assert shown.evaluate("(it) => it.naturalWidth") > 0  # the page's policy lets it in
    box, head = shown.bounding_box(), opened.locator("header").bounding_box()
    texts = [one.bounding_box() for one in opened.locator("h1, .subtitle, .facts dd, td").all()]
    wide = opened.evaluate("document.documentElement.scrollWidth")
    opened.close()
    assert box["height"] <= 69
    assert box["width"] <= 228
    assert box["y"] + box["height"] <= head["y"] + head["height"]
    assert all(text["y"] >= head["y"] + head["height"] for text in texts)
    assert wide <= width
