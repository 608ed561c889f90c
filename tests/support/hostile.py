"""Text that wants to act, and what a person reads of each format: a reader raises where something could act."""

import csv
import html.parser
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import fhir_checks
from disclosure_ledger.render.visible import visible

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "ends a comment": "--> ]]> </style></title></textarea>",
    "entity": "&lt;b&gt; &#x202e; &amp;amp;",
    "formula": "=cmd|' /C calc'!A0",
    "formula behind a sign": "+1+HYPERLINK(1)",
    "typst": '#import "x": * ] $ _a_ *b* \\ @ref #{panic()}',
    "template": "{{ 7 * 7 }} {% raw %} ${x} %s {title}",
    "right to left": "Maria\u202emoc.x\u2066y",
    "control": "bell\x07 clear\x1b[2J nul\x00 delete\x7f",
    "line": "one\u2028two\u0085three",
    "json": '","rows":[],"x":"\\u0022',
    "long": "x" * 10_000,
}

CONTROL = "[\x00-\x09\x0b-\x1f\x7f-\x9f]"


def steers(text: str) -> bool:
    """Is there a mark that a screen would obey?"""
    return re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]", text) is not None


class _Page(html.parser.HTMLParser):
    """The text of a page, and its elements."""

    def __init__(self, data: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.told.append(data)


def read_text(data: bytes) -> str:
    return data.decode()


def read_html(data: bytes) -> str:
    page = _Page(data.decode())
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    return "".join(page.told)


def elements(data: bytes) -> list[str]:
    """The elements of a page: hostile text makes none."""
    return [tag for tag, _ in _Page(data.decode()).tags]


def read_pdf(data: bytes) -> str:
    pypdf = pytest.importorskip("pypdf", reason="reading a PDF back needs pypdf")
    read = pypdf.PdfReader(io.BytesIO(data))
    assert not {"/OpenAction", "/AA"} & set(read.trailer["/Root"])
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data
    return "".join(page.extract_text() for page in read.pages)


def read_csv(data: bytes) -> str:
    cells = [cell for line in csv.reader(io.StringIO(data.decode(), newline="")) for cell in line]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    return "\n".join(cells)


def read_xlsx(data: bytes) -> str:
    openpyxl = pytest.importorskip("openpyxl", reason="reading a workbook back needs openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    return "\n".join(cell.value for cell in cells)


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


def read_json(data: bytes) -> str:
    """The data as it is, escaped: the one format that is not for a person."""
    assert not steers(json.dumps(json.loads(data)))
    return "\n".join(visible(text) for text in strings(json.loads(data)))


def read_fhir(data: bytes) -> str:
    found = json.loads(data)
    assert fhir_checks.schema(found) == []
    return read_r5(data)


def read_r5(data: bytes) -> str:
    found = json.loads(data)
    told = list(strings(found))
    pages = [_Page(text) for text in told if text.startswith("<div")]
    assert {tag for page in pages for tag, _ in page.tags} == {"div", "p", "br"}
    assert {tuple(attributes) for page in pages for _, attributes in page.tags} == {("xmlns",), ()}
    return "\n".join([*told, *("".join(page.told) for page in pages)])


def squeezed(text: str) -> str:
    """Without blanks: where lines break is the layout's affair."""
    return "".join(text.replace("\u200b", "").split())
