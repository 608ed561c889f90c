"""Text as it may be printed: what would steer a page, a terminal or the reading direction is shown, not obeyed.

So is what would be drawn over other lines: of the marks that combine with one base, those beyond the fifth.

>>> visible("Maria\\u202emoc.x")
'Maria\\\\u202emoc.x'
>>> ascii(visible("e" + "\\u0301" * 6))
"'e\\\\u0301\\\\u0301\\\\u0301\\\\u0301\\\\u0301[U+0301]'"
"""

import unicodedata
from typing import Final

_STEERING: Final = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that turn the reading direction or begin a line. Joiners within words stay: Persian and Hindi need them."""
_NO_BASE: Final = frozenset({"Mn", "Me", "Mc", "Cf"})
"""Categories that begin no letter. Of them joiners and spacing marks (Mc, Cf) do not pile up either."""
MOST_MARKS: Final = 5
"""Marks that combine with one base: a Hebrew letter with all its points and its accent has so many."""


def visible(text: str) -> str:
    """The text as docs/format.md section 13 says that it is visible: newlines stay, and all that needs no spelling."""
    if text.isascii() and text.isprintable():
        return text
    shown, marks = list[str](), 0
    for mark in text:
        kind = unicodedata.category(mark)
        acts = mark != "\n" and (mark in _STEERING or kind in ("Cc", "Cs", "Cn"))
        if acts or kind not in _NO_BASE:
            marks = 0
        combines = kind in ("Mn", "Me")
        marks += combines
        shown.append(_spelled(mark, acts=acts, piles_up=combines and marks > MOST_MARKS))
    return "".join(shown)


def _spelled(mark: str, *, acts: bool, piles_up: bool) -> str:
    return f"\\u{ord(mark):04x}" if acts else f"[U+{ord(mark):04X}]" if piles_up else mark
