"""Text that wants to act is printed to the letter, in every format and every place, and does nothing."""

import csv
import html
import html.parser
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

import fhir_checks
from disclosure_ledger.errors import InvalidRecord, Refused
from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.hipaa.parts import EventPlus, Party, Span
from disclosure_ledger.hipaa.rows import Named, Row
from disclosure_ledger.hipaa.studies import Listing
from disclosure_ledger.render.formats import FORMATS
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
PLACES = ("description", "purpose", "protocol", "about", "criteria", "information")
FORMED = ("recipient", "organization", "address", "interval", "sponsor", "researcher", "telephone")
"""Places whose form takes no control character and at most 4,000 characters."""
LETTER = ("practice", "practice address", "contact", "client", "request")
"""Places that a table of rows does not have."""
CONTROL = "[\x00-\x09\x0b-\x1f\x7f-\x9f]"


def at_place(attack: str, place: str) -> str:
    """The text as it can stand in a place."""
    return f"{re.sub(CONTROL, '', attack)[:3900] if place in FORMED else attack} at {place}"


def attacked(attack: str) -> Accounting:
    """An accounting in which the text stands in every place, each with the place's name."""
    at = {place: at_place(attack, place) for place in (*PLACES, *FORMED, *LETTER)}
    party = Party(name=at["sponsor"], address="1 Campus Way", telephone=at["telephone"])
    study = Listing(
        protocol=at["protocol"],
        description=at["about"],
        criteria=at["criteria"],
        information=at["information"],
        from_=date(2025, 1, 1),
        last=date(2025, 3, 1),
        sponsor=party,
        researcher=Party(name=at["researcher"], address="1 Campus Way", telephone="555-0199"),
    )
    row = Row(
        recipient=Named(name=at["recipient"], organization=at["organization"], address=at["address"]),
        description=at["description"],
        purpose=at["purpose"],
        on=EventPlus(after=date(2026, 2, 3), interval=at["interval"]),
    )
    return Accounting(
        practice=Practice(name=at["practice"], address=at["practice address"], contact=at["contact"]),
        client_number="C-1001",
        client_name=at["client"],
        request_id=at["request"],
        requested_on=date(2026, 12, 1),
        requester="client",
        period=Span(from_=date(2020, 12, 1), to=date(2026, 12, 1)),
        issued_on=date(2026, 12, 1),
        due_on=None,
        latest_on=None,
        fee="0.00",
        rules="45-cfr-164.528/2002-08-14",
        rows=(row,),
        research=(study,),
        checkpoint="harbor.example/disclosures\n326\nqHFzc4YpX6dG9KWNsZuR7GHAC6MiG9eD2XFo7aE56TU=\n\n\u2014 signed\n",
    )


# -- what a person reads of each format; each raises where something could act


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
    quiet = FORMATS["html"].render(attacked("a"), None)
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in _Page(quiet.decode()).tags]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    return "".join(page.told)


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


READ: dict[str, Callable[[bytes], str]] = {
    "text": read_text,
    "html": read_html,
    "pdf": read_pdf,
    "json": read_json,
    "fhir": read_fhir,
    "fhir-r5": read_r5,
    "csv": read_csv,
    "xlsx": read_xlsx,
}


def squeezed(text: str) -> str:
    """Without blanks: where lines break is the layout's affair."""
    return "".join(text.replace("\u200b", "").split())


def test_every_format_is_read() -> None:
    assert set(READ) == set(FORMATS)


@pytest.mark.parametrize("attack", ["control", "line", "long"])
def test_a_name_is_refused_what_only_a_description_may_hold(attack: str) -> None:
    with pytest.raises(InvalidRecord):
        Named(name=ATTACKS[attack])


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("form", READ)
def test_hostile_text_is_printed_to_the_letter_everywhere_and_does_nothing(form: str, attack: str) -> None:
    try:
        FORMATS[form].expect_installed()
    except Refused as missing:
        pytest.skip(f"{missing}: install the extra render")
    made = FORMATS[form].render(attacked(ATTACKS[attack]), None)
    read = READ[form](made)
    assert not steers(read)
    told = squeezed(read)
    expected = [squeezed(visible(at_place(ATTACKS[attack], place))) for place in (*PLACES, *FORMED)]
    expected += [squeezed(visible(at_place(ATTACKS[attack], place))) for place in LETTER if form != "csv"]
    if (form, attack) == ("pdf", "long"):  # what runs over a page has the page's head and foot within
        assert told.count("x") >= sum(text.count("x") for text in expected)
        expected = [text.lstrip("x") for text in expected]
    assert [text for text in expected if text not in told] == []
    assert FORMATS[form].render(attacked(ATTACKS[attack]), None) == made
