"""Letters: literal, tagged, the same each time, in whole Spanish, with a picture that can only be a picture."""

import doctest
import io
import itertools
import re
import struct
from dataclasses import asdict
from typing import Any

import pytest

from disclosure_ledger.errors import InvalidRecord, Refused
from disclosure_ledger.hipaa.accounting import Practice
from disclosure_ledger.hipaa.part2 import NOTICE_LONG
from disclosure_ledger.render import logo as pictures_of
from disclosure_ledger.render.letter_words import ENGLISH_LETTERS
from disclosure_ledger.render.letter_words_es import SPANISH_LETTERS
from disclosure_ledger.render.letters import ENDINGS, LetterStyle
from disclosure_ledger.render.logo import MOST_BYTES, logo_of
from disclosure_ledger.render.words import ENGLISH
from disclosure_ledger.render.words_es import SPANISH
from every_letter import PRACTICE, letters
from pictures import jpeg, png

for extra in ("typst", "jinja2"):
    pytest.importorskip(extra, reason="letters need the extra render")

HOSTILE = "<script>alert(1)</script> #panic() $x$ *b* @ref {{ 7 * 7 }} {date} &lt;b&gt; Maria\u202emoc"
SPELLED = HOSTILE.replace("\u202e", "\\u202e")
KINDS = tuple(letters())


def pdf(data: bytes) -> Any:
    return pytest.importorskip("pypdf", reason="reading a PDF back needs pypdf").PdfReader(io.BytesIO(data))


def squeezed(text: str) -> str:
    return "".join(text.split())


def printed(data: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in pdf(data).pages))


def tags(node: Any) -> list[Any]:
    """Every structure element below a node, in reading order."""
    found: list[Any] = []
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        element = child.get_object()
        if isinstance(element, dict) and "/S" in element:
            found += [element, *tags(element)]
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_text_prints_literally_in_every_letter(kind: str, ending: str) -> None:
    practice = Practice(name=HOSTILE, address=HOSTILE, contact=HOSTILE)
    made = ENDINGS[ending].render(letters(HOSTILE, HOSTILE, practice)[kind])
    if ending == ".pdf":
        assert printed(made).count(squeezed(SPELLED)) > 4
    elif ending == ".txt":
        assert squeezed(made.decode()).count(squeezed(SPELLED)) > 4
    else:
        page = made.decode()
        assert "<script" not in page
        assert (
            page.count("&lt;script&gt;alert(1)&lt;/script&gt; #panic() $x$ *b* @ref {{ 7 * 7 }} {date} &amp;lt;b") > 4
        )
        assert "\u202e" not in page


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_letter_gives_the_same_bytes_and_another_logo_others(ending: str) -> None:
    letter, style = letters()["fee"], LetterStyle(logo=logo_of(png()))
    made = ENDINGS[ending].render(letter, style)
    assert made == ENDINGS[ending].render(letter, LetterStyle(logo=logo_of(png())))
    other = ENDINGS[ending].render(letter, LetterStyle(logo=logo_of(png(41))))
    assert (made == other) == (ending == ".txt")


@pytest.mark.parametrize("says", [ENGLISH_LETTERS, SPANISH_LETTERS], ids=["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_letters_pdf_is_tagged_titled_and_in_its_language(kind: str, says: Any) -> None:
    data = ENDINGS[".pdf"].render(letters()[kind], LetterStyle(says=says, logo=logo_of(png())))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    reader = pdf(data)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == says.words.language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    found = tags(root["/StructTreeRoot"])
    headings = [int(one["/S"][2:]) for one in found if re.fullmatch(r"/H\d", one["/S"])]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))
    assert [one["/Alt"] for one in found if one["/S"] == "/Figure"] == [
        says.words.fill(says.words.logo, practice=PRACTICE.name)
    ]
    for number, page in enumerate(reader.pages, start=1):
        place = says.words.fill(says.words.page, page=str(number), pages=str(len(reader.pages)))
        assert place in " ".join(page.extract_text().split())


def test_a_letters_page_lets_nothing_in_but_its_style_and_its_logo() -> None:
    page = ENDINGS[".html"].render(letters()["cover"], LetterStyle(logo=logo_of(png()))).decode()
    assert re.search(r"content=\"default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:; base-uri", page)
    assert re.findall(r'(?:src|href)="([^"]{0,22})', page) == ["data:image/png;base64,"]
    assert 'alt="Logo of Harbor Counseling LLC"' in page
    assert '<blockquote lang="en-US">' in page


def test_large_print_is_larger() -> None:
    letter = letters("late papers " * 20)["corrected"]
    small, large = (pdf(ENDINGS[".pdf"].render(letter, LetterStyle(large=one))) for one in (False, True))
    assert len(large.pages) > len(small.pages)
    assert b'class="large"' in ENDINGS[".html"].render(letter, LetterStyle(large=True))


def test_the_face_of_a_cover_sheet_does_not_tell_of_what_kind_the_records_are() -> None:
    first, second = pdf(ENDINGS[".pdf"].render(letters()["cover"])).pages
    assert "substance" not in first.extract_text()
    assert squeezed(NOTICE_LONG) in squeezed(second.extract_text())


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_notice_of_part_2_stands_in_its_own_words_in_any_language(ending: str) -> None:
    made = ENDINGS[ending].render(letters()["cover"], LetterStyle(says=SPANISH_LETTERS))
    text = printed(made) if ending == ".pdf" else squeezed(made.decode())
    assert squeezed(NOTICE_LONG) in text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        png()[:60],
        b"\x89PNG\r\n\x1a\n" + b"x" * 40,
        b"\xff\xd8\xff\xe0\x00\x02",
        b"\xff\xd8\xff" + b"\x00" * 100,
        png() + b"x" * MOST_BYTES,
        png(1, 1)[:16] + struct.pack(">II", 60_000, 60_000) + png(1, 1)[24:],
        png(1, 1)[:16] + struct.pack(">II", 0, 5) + png(1, 1)[24:],
    ],
)
def test_a_logo_that_is_no_small_png_or_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord) as refused:
        logo_of(data)
    assert refused.value.field in ("logo", None)


def test_the_examples_of_the_picture_hold() -> None:
    assert doctest.testmod(pictures_of).failed == 0


def test_a_picture_that_cannot_be_drawn_is_named_as_the_reason() -> None:
    broken = png()[:45] + b"\x00" * 8 + png()[53:]
    with pytest.raises(Refused) as refused:
        ENDINGS[".pdf"].render(letters()["fee"], LetterStyle(logo=logo_of(broken)))
    assert "logo" in (refused.value.hint or "")


def test_a_letter_says_where_a_character_stands_as_its_number() -> None:
    text = printed(ENDINGS[".pdf"].render(letters(name="Ann \U00013080 \ue000")["extension"]))
    assert "Ann[U+13080][U+E000]" in text
    assert squeezed(ENGLISH_LETTERS.unprintable) in text


def test_the_size_of_a_jpeg_is_read_from_its_frame() -> None:
    logo = logo_of(jpeg(40, 20))
    assert (logo.form, logo.width, logo.height) == ("jpeg", 40, 20)


def phrases(words: Any) -> dict[str, str]:
    """Every phrase of a half of the catalogue by its name."""
    return {name: text for name, text in asdict(words).items() if isinstance(text, str)}


@pytest.mark.parametrize(
    ("english", "spanish"), [(ENGLISH, SPANISH), (ENGLISH_LETTERS, SPANISH_LETTERS)], ids=["accounting", "letters"]
)
def test_the_spanish_catalogue_fills_in_the_same_and_has_no_english_left(english: Any, spanish: Any) -> None:
    ours, theirs = phrases(english), phrases(spanish)
    assert ours.keys() == theirs.keys()
    for name, text in theirs.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", ours[name])), name
        assert text, name
        left = set(re.findall(r"[a-z]+", text.lower())) & {
            "the",
            "of",
            "and",
            "your",
            "you",
            "we",
            "with",
            "this",
            "for",
        }
        assert not left, (name, left)
        same = text == ours[name]
        assert not same or not re.search("[a-z]{3}", re.sub(r"\{\w+\}", "", text)) or name in {"from_to", "times"}, name


def test_every_statement_has_its_spanish() -> None:
    assert SPANISH.statements.keys() == ENGLISH.statements.keys()
    assert not set(SPANISH.statements.values()) & set(ENGLISH.statements.values())
    assert len(set(SPANISH.months)) == 12


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ["extension", "cover"])
def test_a_letter_says_how_to_reach_the_practice_only_as_its_letterhead_does(kind: str, language: str) -> None:
    says = {"en": ENGLISH_LETTERS, "es": SPANISH_LETTERS}[language]
    fits = {
        "bare": (None, None, (says.ask_as_before, says.cover_mistake_answer)),
        "address": ("12 Pier Road", None, (says.ask_us, says.cover_write)),
        "contact": (None, "555-0100", ("555-0100", "555-0100")),
    }
    for address, contact, (asked, told) in fits.values():
        practice = Practice(name="Harbor Counseling LLC", address=address, contact=contact)
        text = " ".join(
            ENDINGS[".txt"].render(letters(practice=practice)[kind], LetterStyle(says=says)).decode().split()
        )
        assert (asked if kind == "extension" else told) in text
        if address is None:
            assert says.ask_us not in text
            assert says.cover_write not in text
        if kind == "cover":
            assert (says.cover_mistake in text) is bool(address or contact)
