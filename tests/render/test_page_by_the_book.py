"""What the format says of a page is enough to make it again, to the byte, without the renderer."""

import ast
import re
from pathlib import Path

import pytest

from disclosure_ledger import render
from disclosure_ledger.canonical import encode
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.render.formats import FORMATS, LANGUAGES, Style
from disclosure_ledger.render.imprint import SOURCES, page_imprint, pdf_imprint, stated
from disclosure_ledger.render.logo import logo_of

pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
pytest.importorskip("segno", reason="the square code needs segno: install the extra render")

from page_by_the_book import BOOK, Book
from pictures import jpeg, png

SVG = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 (\d+) \1" shape-rendering="crispEdges" role="img" '
    r'aria-label="[^"<>]*"><path fill="#fff" d="M0 0h\1v\1h-\1z"/>'
    r'<path fill="#000" d="(?:M\d+ \d+h\d+v1h-\d+z)*"/></svg>'
)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", ["every_kind", "hostile", "nothing"])
@pytest.mark.parametrize("picture", [None, png(), jpeg()], ids=["no logo", "PNG", "JPEG"])
def test_a_page_is_what_the_format_says(
    picture: bytes | None, name: str, large: bool, language: str, request: pytest.FixtureRequest
) -> None:
    it: Accounting = request.getfixturevalue(name)
    evidence = encode({"accounting": it.to_json(), "x": "</script> & \\u003c"})
    logo = logo_of(picture) if picture else None
    page = FORMATS["html"].render(it, evidence, Style(words=LANGUAGES[language], large=large, logo=logo))
    svg = SVG.search(page.decode())
    assert svg is not None
    words = LANGUAGES[language].language
    made = Book(evidence, language=words, large=large, imprint=page_imprint(), svg=svg[0], logo=picture)
    assert made.page() == page


def test_the_imprint_begins_with_what_lays_the_page_out() -> None:
    assert stated(page_imprint()) == page_imprint()
    assert page_imprint().split(" ")[2] == f"page/{BOOK['page']}"


def test_the_imprint_of_a_pdf_has_its_form_whatever_fonts_are_there() -> None:
    pytest.importorskip("typst", reason="a PDF needs typst: install the extra render")
    from disclosure_ledger.render.typeset import FONTS

    assert stated(pdf_imprint(FONTS)) is not None


def read_by(name: str, found: set[str]) -> set[str]:
    """A module of the renderers, what it imports of them, and the files of theirs that it names."""
    folder = Path(render.__path__[0])
    if name not in found:
        found.add(name)
        text = (folder / name).read_text("utf-8")
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.level]
        for module in (node.module for node in nodes if node.module):
            read_by(f"{module}.py", found)
        if name == "imprint.py":  # which names them all
            return found
        found |= set(re.findall(r"\"([a-z_]+\.(?:css|html\.j2|typ))\"", text))
    return found


@pytest.mark.parametrize(("form", "module"), [("page", "to_html.py"), ("pdf", "to_pdf.py")])
def test_the_imprint_hashes_every_file_that_lays_a_document_out(form: str, module: str) -> None:
    assert set(SOURCES[form]) >= read_by(module, set())
    assert all((Path(render.__path__[0]) / name).is_file() for name in SOURCES[form])
