"""How wide words are when they are set, and where one that is wider than its column may break.

Widths are in ems, and no less than what Noto Sans sets in semi-bold: a word that is taken for wider than it is breaks
early, one that is taken for narrower would stand in the next column.

>>> broken("Gastroenterologists", 11.0), broken("Gastroenterologists", 8.0)
('Gastroenterologists', 'Gastroent\u200berologists')
>>> broken("records@westlake-rehabilitation.example", 9.0)
'records\u200b@westlake-\u200brehabilitation\u200b.example'
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

BREAK: Final = "\u200b"
"""Where a line may break: never seen."""
SHORT: Final = 5
"""Signs of a part of a word with hyphens that stays whole on a line (`kept`)."""
_WORD: Final = re.compile(r"\S+")
_PIECE: Final = re.compile(r"[^-/]*[-/]+|[^-/]+")
"""What a line breaks after without being told."""
_BEFORE: Final = re.compile(r"(?<=[^.@_])(?=[.@_][^.@_])")
"""Where addresses break best."""
_WIDTHS: Final = {
    mark: wide
    for wide, marks in (
        (0.3, "!',.:;ijl"),
        (0.4, "()-/IJ[\\]`f{}"),
        (0.5, '"?_rstz'),
        (0.6, "$*+0123456789<=>EFLSTZ^acekvxy|~"),
        (0.65, "#CKPRVXYbdghnopqu"),
        (0.8, "&ABDGHNOQU"),
        (0.9, "%@w"),
        (1.0, "MWm"),
    )
    for mark in marks
}
_JOINER: Final = "\u200d"
_VIRAMA: Final = 9
"""The combining class of marks that join two consonants."""


def width(text: str) -> float:
    """How wide a text is at most when it is set on one line, in ems."""
    return sum(map(_width, text))


def _width(mark: str) -> float:
    plain = unicodedata.normalize("NFD", mark)[0]
    if plain in _WIDTHS:
        return _WIDTHS[plain] + (0.08 if mark != plain else 0.0)  # a horn stands out to the right
    if unicodedata.bidirectional(mark) == "AL":
        return 0.6  # of letters that are joined; alone they are wider, but a break would part them
    if unicodedata.category(mark) in ("Mn", "Me", "Cf"):
        return 0.35 if mark == "\u00ad" else 0.0
    return 1.1 if mark.isupper() or unicodedata.east_asian_width(mark) in "WF" else 1.0


def broken(text: str, room: float, short: int = SHORT) -> str:
    """The text with places to break in the words that are wider than the room there is, in ems.

    Nor does a word break at its hyphens, but behind them: in Spanish a line that ends with a hyphen has the next begin
    with another, which is no part of a number. `short`: `kept`.
    """
    return _WORD.sub(lambda word: _broken(word[0], room, short), text)


def _broken(word: str, room: float, short: int) -> str:
    if "-" not in word and width(word) <= room:
        return word
    if re.fullmatch(rf"\W*{kept(short)}\W*", word) and width(word) <= room:
        return word
    pieces = (one if width(one) <= room else _pieces(one, room) for one in _PIECE.findall(word))
    return "".join(f"{one}{BREAK}" if one.endswith("-") else one for one in pieces).removesuffix(BREAK)


def kept(short: int) -> str:
    """The expression of words that stay whole: two or three with hyphens between, each of so many signs at most."""
    part = rf"[\w.]{{1,{short}}}"
    return rf"\b{part}(-{part}){{1,2}}\b"


def _pieces(piece: str, room: float) -> str:
    return BREAK.join(part for one in _BEFORE.split(piece) for part in _parts(one, room))


def _parts(word: str, room: float) -> Iterator[str]:
    """As few parts as there have to be, about as wide as each other."""
    whole = width(word)
    share = whole / max(1, math.ceil(whole / room))
    start, taken = 0, 0.0
    for at, mark in enumerate(word):
        wide = _width(mark)
        if at > start and (taken >= share or taken + wide > room) and not _joined(word[at - 1], mark):
            yield word[start:at]
            start, taken = at, 0.0
        taken += wide
    yield word[start:]


def _joined(before: str, after: str) -> bool:
    """Whether two characters are one to a reader: a letter and its mark, a conjunct, an emoji made of several."""
    if _JOINER in (before, after) or unicodedata.combining(before) == _VIRAMA:
        return True
    return unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"
