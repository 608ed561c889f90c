"""Words that are wider than a column of the PDF: how wide they are, and where they break."""

import json
import unicodedata

import pytest
import typst

from disclosure_ledger.render import fitting, typeset
from disclosure_ledger.render.fitting import BREAK, broken, width

ALPHABETS = ((0x21, 0x7F), (0xA1, 0x180), (0x391, 0x3CA), (0x410, 0x450), (0x5D0, 0x5EB), (0x1EA0, 0x1EFA))
LETTERS = [chr(code) for first, last in ALPHABETS for code in range(first, last)]
MEASURED = b"""
#let it = json(bytes(sys.inputs.letter))
#set text(font: json(bytes(sys.inputs.fonts)), size: 10pt, weight: 600)
#context [#metadata(it.map(one => measure(text(one)).width.pt())) <widths>]
"""


def measured(texts: list[str]) -> list[float]:
    """How wide Typst sets each of these in semi-bold, in ems."""
    families, fonts = typeset._fonts()
    inputs = {"fonts": json.dumps(families), "letter": json.dumps(texts)}
    found = typst.query(
        MEASURED, "<widths>", field="value", one=True, font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs
    )
    return [points / 10 for points in json.loads(found)]


def test_nothing_is_taken_for_narrower_than_it_is_set() -> None:
    letters = [one for one in LETTERS if unicodedata.category(one) != "Cn"]
    narrow = [one for one, wide in zip(letters, measured(letters), strict=True) if width(one) < wide - 1e-6]
    assert narrow == []


@pytest.mark.parametrize("room", [8.5, 10.0, 11.5])
@pytest.mark.parametrize(
    "word",
    [
        "Gastroenterologists",
        "Rehabilitationszentrum",
        "Otorrinolaringología",
        "SELF-DETERMINATION/INDEPENDENCE",
        "records@westlake-rehabilitation.example",
        "W" * 18,
        "x" * 300,
    ],
)
def test_no_part_of_a_word_is_set_wider_than_the_room(word: str, room: float) -> None:
    made = broken(word, room)
    parts = [part for piece in made.split(BREAK) for part in fitting._PIECE.findall(piece)]
    assert made.replace(BREAK, "") == word
    assert max(measured(parts)) <= room


def test_a_word_that_has_room_stays_whole() -> None:
    assert broken("a psychologist in Massachusetts", 10.0) == "a psychologist in Massachusetts"


def test_a_word_breaks_behind_its_hyphens_unless_it_is_short() -> None:
    assert broken("self-determination (WC-2021-0417)", 10.0) == f"self-{BREAK}determination (WC-2021-0417)"
    assert broken("CASE-2025-00000417", 20.0) == f"CASE-{BREAK}2025-{BREAK}00000417"


@pytest.mark.parametrize(
    "joined", ["e\u0331", "\u0915\u094d\u0937", "\U0001f468\u200d\U0001f469", "\U0001f44b\U0001f3fd"]
)
def test_a_word_breaks_between_what_a_reader_takes_for_letters(joined: str) -> None:
    for before in range(1, 12):
        for part in broken("w" * before + joined + "w" * 12, 5.0).split(BREAK):
            assert part.count(joined) or not set(joined) & set(part) - {"e"}, part
