"""The page: it says everything, nothing in it acts, it fetches nothing, and it is the same each time."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.words import STATEMENTS
from disclosure_ledger.render.words_es import SPANISH

pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
pytest.importorskip("segno", reason="the square code needs segno: install the extra render")

from disclosure_ledger.render.to_html import to_html

EVIDENCE = b'{"a":"</script><!-- <script> & \\\\u003c","format":"disclosure-ledger/evidence/v1"}'


class Page(HTMLParser):
    """A page read back: its tags, and its text as a person sees it."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._hidden = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag if tag in ("script", "style") else ""
        self.text += "\n" if tag == "br" else ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_says_what_the_accounting_says(every_kind: Accounting) -> None:
    text = Page(to_html(every_kind)).text
    for part in (*STATEMENTS, "Dana Example", "C-1001", "R-7", "December 1, 2020 to December 1, 2026", "free"):
        assert part in text, part
    for part in ("14 times: first on October 6, 2025, last on November 2, 2026", "9 Court Street", "March 9, 2026"):
        assert part in text, part
    for part in ("within 48 hours of the visit (counted from April 1, 2026)", "Sleep and mood", "17, in 4 lines"):
        assert part in text, part


def test_hostile_text_prints_literally_and_makes_no_element(hostile: Accounting, every_kind: Accounting) -> None:
    page = Page(to_html(hostile))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in Page(to_html(every_kind)).tags}
    assert page.all("script") == []
    for part in ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "#import", "{{ 7 * 7 }} {title}", "&lt;b&gt;"):
        assert part in page.text, part
    assert "Maria\\u202emoc.x\\u0007\\u001b[2J" in page.text
    assert "x" * 10_000 in page.text


def test_a_page_lets_nothing_in_but_its_own_style_sheet(every_kind: Accounting) -> None:
    data = to_html(every_kind, EVIDENCE).decode()
    style = re.search(r"<style>(.*?)</style>", data, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'content="{policy}"' in data
    page = Page(data.encode())
    assert [one["type"] for one in page.all("script")] == ["application/json"]
    for _, attributes in page.tags:
        assert not set(attributes) & {"src", "href", "style", "srcset", "action", "onload", "onclick"}
    assert "url(" not in style[1]


def test_the_table_has_a_name_and_scoped_headers(every_kind: Accounting) -> None:
    page = Page(to_html(every_kind))
    assert page.all("html")[0]["lang"] == "en-US"
    assert page.all("table") == [{"role": "table", "aria-labelledby": "releases"}]
    assert {"id": "releases"} in page.all("h2")
    assert [one["scope"] for one in page.all("th")] == ["col"] * 4 + ["row"] * 4
    assert page.all("svg")[0]["role"] == "img"
    headings = [tag for tag, _ in page.tags if tag in ("h1", "h2", "h3")]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert headings.index("h3") > headings.index("h2")


def test_the_same_input_gives_the_same_page(every_kind: Accounting) -> None:
    assert to_html(every_kind, EVIDENCE) == to_html(every_kind, EVIDENCE)
    assert to_html(every_kind, EVIDENCE) != to_html(every_kind, EVIDENCE, large=True)


def test_a_page_in_spanish_has_no_english_but_what_the_practice_wrote(every_kind: Accounting) -> None:
    page = Page(to_html(every_kind, words=SPANISH))
    assert page.all("html")[0]["lang"] == "es-US"
    assert "14 veces: la primera el 6 de octubre de 2025" in page.text
    for statement in STATEMENTS:
        assert statement not in page.text
