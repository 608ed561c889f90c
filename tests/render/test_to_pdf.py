"""The PDF: tagged, archival, the same each time, literal, and able to print every name in some way."""

import io
import pickle
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.rows import Named
from disclosure_ledger.render.words import ENGLISH
from disclosure_ledger.render.words_es import SPANISH

pytest.importorskip("typst", reason="a PDF needs typst: install the extra render")
pytest.importorskip("segno", reason="the square code needs segno: install the extra render")

from disclosure_ledger.render import typeset
from disclosure_ledger.render.to_pdf import to_pdf

EVIDENCE = b'{"format":"disclosure-ledger/evidence/v1"}'


def opened(data: bytes) -> Any:
    pypdf = pytest.importorskip("pypdf", reason="reading a PDF back needs pypdf")
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """The text of all pages, without its line breaks and spaces: where lines break is the layout's affair."""
    return "".join("".join(page.extract_text().split()) for page in opened(data).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def tags(node: Any) -> list[Any]:
    """Every structure element below a node, in reading order."""
    found: list[Any] = []
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        element = child.get_object()
        if isinstance(element, dict) and "/S" in element:
            found += [element, *tags(element)]
    return found


def test_the_same_input_gives_the_same_pdf(every_kind: Accounting) -> None:
    assert to_pdf(every_kind, EVIDENCE) == to_pdf(every_kind, EVIDENCE)


def test_a_pdf_announces_its_standards_title_and_language(every_kind: Accounting) -> None:
    for words, language in ((ENGLISH, "en-US"), (SPANISH, "es-US")):
        data = to_pdf(every_kind, EVIDENCE, words=words)
        assert b"<pdfuaid:part>1</pdfuaid:part>" in data
        assert b"<pdfaid:part>3</pdfaid:part>" in data
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in data
        root = opened(data).trailer["/Root"]
        assert root["/Lang"] == language
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert opened(data).metadata.title == words.title


def test_the_tags_are_one_table_with_scoped_headers_and_headings_in_order(every_kind: Accounting) -> None:
    many = replace(every_kind, rows=every_kind.rows * 12)
    reader = opened(to_pdf(many, EVIDENCE))
    assert len(reader.pages) > 2
    found = tags(reader.trailer["/Root"]["/StructTreeRoot"])
    names = [one["/S"] for one in found]
    assert names.count("/Table") == 1
    assert names.count("/THead") == 1
    assert names.count("/TR") == 1 + len(many.rows)
    heads = [one for one in found if one["/S"] == "/TH"]
    assert len(heads) == 4
    assert all("/Column" in str(one["/A"]) for one in heads)
    assert [name for name in names if name in ("/H1", "/H2", "/H3")][:2] == ["/H1", "/H2"]
    assert [one["/Alt"] for one in found if one["/S"] == "/Figure"] == [ENGLISH.code_of]


def test_every_page_says_its_place_and_repeats_the_table_header(every_kind: Accounting) -> None:
    pages = [page.extract_text() for page in opened(to_pdf(replace(every_kind, rows=every_kind.rows * 12))).pages]
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in " ".join(text.split())
    with_rows = [text for text in pages if "A court ordered it." in " ".join(text.split())]
    assert len(with_rows) > 1
    assert all("Who received it" in " ".join(text.split()) for text in with_rows)


def test_no_row_is_broken_over_two_pages(every_kind: Accounting) -> None:
    rows = tuple(
        replace(every_kind.rows[0], description=f"begin{number}\n" + "some more words " * (number % 9) + f"end{number}")
        for number in range(60)
    )
    pages = ["".join(page.extract_text().split()) for page in opened(to_pdf(replace(every_kind, rows=rows))).pages]
    assert len(pages) > 4
    for number in range(60):
        begun = [at for at, text in enumerate(pages) if re.search(rf"begin{number}(?!\d)", text)]
        ended = [at for at, text in enumerate(pages) if re.search(rf"end{number}(?!\d)", text)]
        assert len(begun) == 1, number
        assert begun == ended, number


def test_hostile_text_prints_literally(hostile: Accounting) -> None:
    text = text_of(to_pdf(hostile, EVIDENCE))
    for part in (
        "<script>alert(1)</script>",
        "=cmd|",
        '#import "x": * ] $ _a_ \\ @ref #{panic()}',
        "{{ 7 * 7 }} {title}",
    ):
        assert squeezed(part) in text, part
    assert "Maria\\u202emoc.x\\u0007\\u001b[2J" in text
    assert text.count("x") > 10_000


@pytest.mark.parametrize("name", ["Ελένη Παππά", "Ольга Ковальчук", "Nguyễn Thị Hạnh", "Łukasz Żółć", "José Núñez"])
def test_names_in_latin_greek_and_cyrillic_print_with_a_glyph_each(every_kind: Accounting, name: str) -> None:
    pytest.importorskip("fontpkg_noto_sans", reason="the fonts are packages of the extra render")
    text = text_of(to_pdf(replace(every_kind, client_name=name)))
    assert "[U+" not in text
    # a reader may give a glyph twice that is made of two: each word is what must be there
    assert all(word[:2] in text and word[-1] in text for word in name.split())


NAMES = {
    "Arabic": "فاطمة الزهراء",
    "Hebrew": "שרה כהן",
    "Chinese": "王小明",
    "Chinese, traditional": "陳龍",
    "Japanese": "さくら タナカ",
    "Korean": "김민준",
    "Devanagari": "प्रिया शर्मा",
    "Bengali": "আনিকা",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ",
    "Tamil": "தமிழ்",
    "Thai": "สมชาย",
    "Lao": "ລາວ",
    "Khmer": "សុខា",
    "Burmese": "မြမြ",
    "Armenian": "Արմեն",
    "Georgian": "გიორგი",
    "Ethiopic": "ሰላም",
}


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_of_these_scripts_prints_as_itself(every_kind: Accounting, script: str) -> None:
    for package in ("fontpkg_noto_sans_arabic", "manimgx_fonts", "noto_cjk_sans_otc"):
        pytest.importorskip(package, reason="the fonts are packages of the extra render")
    name = NAMES[script]
    rows = (replace(every_kind.rows[0], recipient=Named(name=name), description=name, purpose=name),)
    text = text_of(to_pdf(replace(every_kind, client_name=name, rows=rows)))
    assert "[U+" not in text
    assert squeezed(ENGLISH.unprintable) not in text
    # letters that join change their order and shape in the page's own code; each must be there all the same
    folded = set(unicodedata.normalize("NFKC", text))
    assert {mark for mark in name if unicodedata.category(mark) == "Lo"} <= folded


def test_a_character_that_no_font_has_stands_as_its_number_and_the_letter_says_so(every_kind: Accounting) -> None:
    rows = (replace(every_kind.rows[0], recipient=Named(name="Office \U00013080\U00013081 of \u16a0")),)
    text = text_of(to_pdf(replace(every_kind, rows=rows), EVIDENCE))
    for part in ("[U+13080]", "[U+13081]"):
        assert part in text, part
    assert squeezed(ENGLISH.unprintable) in text


def test_a_character_for_private_use_stands_as_its_number(every_kind: Accounting) -> None:
    text = text_of(to_pdf(replace(every_kind, client_name="Ann \ue000\uf8ff\U000f0000 Lee")))
    assert "[U+E000][U+F8FF][U+F0000]" in text
    assert squeezed(ENGLISH.unprintable) in text


@pytest.mark.parametrize(
    ("name", "prints"),
    [
        ("Ελένη Παππά", True),
        ("Ольга Ковальчук", True),
        ("Nguyễn Thị Hạnh", True),
        ("فاطمة", True),
        ("王小明", False),
        ("สมชาย", False),
    ],
)
def test_without_the_font_packages_what_has_no_glyph_stands_as_its_number(
    every_kind: Accounting, monkeypatch: pytest.MonkeyPatch, name: str, prints: bool
) -> None:
    monkeypatch.setattr(typeset, "FONTS", {})
    typeset._fonts.cache_clear()
    try:
        text = text_of(to_pdf(replace(every_kind, client_name=name)))
    finally:
        typeset._fonts.cache_clear()
    assert ("[U+" in text) != prints
    assert (squeezed(ENGLISH.unprintable) in text) != prints
    if not prints:
        assert "".join(f"[U+{ord(mark):04X}]" for mark in name) in text


def test_large_print_is_larger(every_kind: Accounting) -> None:
    assert len(opened(to_pdf(every_kind, large=True)).pages) > len(opened(to_pdf(every_kind)).pages)


def test_a_word_wider_than_its_column_breaks_and_stays_in_it(every_kind: Accounting) -> None:
    wide = replace(every_kind, rows=(replace(every_kind.rows[0], description="w" * 300),))
    lines = [line for page in opened(to_pdf(wide)).pages for line in page.extract_text().split("\n")]
    longest = max(len(run) for line in lines for run in line.split() if set(run.replace("\u200b", "")) == {"w"})
    assert 0 < longest < 40


def test_no_hyphen_is_written_twice_where_a_spanish_line_ends(every_kind: Accounting) -> None:
    numbers = " C-1001 self-harm WC-2021-0417 555-0142 FD-2025-00000417-Q"
    rows = tuple(replace(every_kind.rows[0], description="x" * wide + numbers) for wide in range(20))
    text = text_of(to_pdf(replace(every_kind, rows=rows, client_number="C-1001"), EVIDENCE, words=SPANISH))
    assert "--" not in text.replace("FILE--key", "")
    assert text.replace("\u200b", "").count(squeezed(numbers)) == len(rows)


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_the_square_code_is_explained_beside_it(every_kind: Accounting, words: Any) -> None:
    assert squeezed(words.code_of) in text_of(to_pdf(every_kind, words=words))


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_the_list_begins_on_the_first_page(every_kind: Accounting, words: Any) -> None:
    first, *_ = opened(to_pdf(every_kind, EVIDENCE, words=words)).pages
    assert squeezed(words.releases) in squeezed(first.extract_text())
    assert "ClerkCountyCourt9CourtStreetFairview" in squeezed(first.extract_text())


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
@pytest.mark.parametrize("count", range(6))
def test_the_square_code_stands_with_how_to_use_it(every_kind: Accounting, words: Any, count: int, large: bool) -> None:
    rows = (every_kind.rows[0],) * count
    it = replace(every_kind, rows=rows, research=())
    pages = [squeezed(page.extract_text()) for page in opened(to_pdf(it, EVIDENCE, words=words, large=large)).pages]
    beginning = squeezed(words.check_this)[:20]
    (page,) = [text for text in pages if beginning in text]
    assert squeezed(it.checkpoint.split("\n")[2]) in page
    assert squeezed(words.code_of)[:20] in page


def test_a_list_of_hundreds_of_rows_takes_no_gigabyte(every_kind: Accounting) -> None:
    status = Path("/proc/self/status")  # getrusage would count what this process held before the other began
    if not status.exists():
        pytest.skip("the peak of a process's memory is read from /proc")
    code = "import pickle, sys; from disclosure_ledger.render.to_pdf import to_pdf\n"
    code += f"to_pdf(pickle.load(sys.stdin.buffer)); print(open({str(status)!r}).read())"
    many = replace(every_kind, rows=tuple(replace(every_kind.rows[0], purpose=f"case FD-{n}") for n in range(300)))
    used = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(many), capture_output=True, check=True)
    (peak,) = re.findall(rb"VmHWM:\s+([0-9]+) kB", used.stdout)
    assert int(peak) < 600_000


@pytest.mark.parametrize(("large", "points"), [(False, 12.0), (True, 18.0)], ids=["normal", "large"])
def test_a_row_is_set_in_the_size_of_the_letter(every_kind: Accounting, large: bool, points: float) -> None:
    sizes = set[float]()

    def look(text: str, _: Any, matrix: list[float], __: Any, size: float) -> None:
        if "Fairview" in text:
            sizes.add(round(abs(size * matrix[3]), 2))

    for page in opened(to_pdf(every_kind, large=large)).pages:
        page.extract_text(visitor_text=look)
    assert sizes == {points}
