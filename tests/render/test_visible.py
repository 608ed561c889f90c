"""What is drawn over other lines stands as its number; no writing in use is touched."""

import pytest

from disclosure_ledger.render.visible import visible

ACUTE, SLASH, ENCLOSED = "\u0301", "\u0338", "\u20dd"


@pytest.mark.parametrize(
    "text",
    [
        "Nguye\u0302\u0303n",  # Vietnamese, taken apart
        "\u05e9\u05bc\u05c1\u05b8\u05bd\u0591",  # Hebrew: dagesh, shin dot, qamats, meteg, accent
        "\u0e17\u0e35\u0e48 \u0e19\u0e49\u0e33",  # Thai: vowel and tone
        "\u0915\u093c\u094d\u0937\u093f\u0901\u0951",  # Devanagari: nukta and virama; candrabindu and accent
        "\u0628\u0651\u064e\u0670\u0653",  # Arabic: shadda, vowel, small alef, madda
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 1\ufe0f\u20e3",  # a family, a keycap
        "",
    ],
)
def test_writing_in_use_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("o" + ACUTE * 6, "o" + ACUTE * 5 + "[U+0301]"),
        ("o" + ACUTE * 5 + "o" + ACUTE * 5, "o" + ACUTE * 5 + "o" + ACUTE * 5),
        (ACUTE * 6, ACUTE * 5 + "[U+0301]"),
        ("o" + (ACUTE + "\u200d") * 6, "o" + (ACUTE + "\u200d") * 5 + "[U+0301]\u200d"),
        ("\u0915" + (SLASH + "\u0903") * 6, "\u0915" + (SLASH + "\u0903") * 5 + "[U+0338]\u0903"),
        ("o" + ACUTE * 3 + ENCLOSED * 3, "o" + ACUTE * 3 + ENCLOSED * 2 + "[U+20DD]"),
        ("o" + ACUTE * 5 + "\u202e" + ACUTE * 5, "o" + ACUTE * 5 + "\\u202e" + ACUTE * 5),
        ("o" + "\U0001e8d0" * 6, "o" + "\U0001e8d0" * 5 + "[U+1E8D0]"),
    ],
)
def test_of_the_marks_on_one_base_those_beyond_the_fifth_stand_as_numbers(text: str, shown: str) -> None:
    assert ascii(visible(text)) == ascii(shown)


def test_a_line_begins_anew() -> None:
    assert visible("o" + ACUTE * 5 + "\n" + ACUTE * 5) == "o" + ACUTE * 5 + "\n" + ACUTE * 5
