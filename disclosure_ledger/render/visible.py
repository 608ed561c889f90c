"""Text as it may be printed: what would steer a page, a terminal or the reading direction is shown, not obeyed.

>>> visible("Maria\\u202emoc.x")
'Maria\\\\u202emoc.x'
"""

import unicodedata
from typing import Final

_STEERING: Final = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that turn the reading direction or begin a line. Joiners within words stay: Persian and Hindi need them."""


def visible(text: str) -> str:
    """The text with control characters and steering marks spelled as `\\uXXXX`; newlines stay."""
    if text.isprintable():
        return text
    return "".join(f"\\u{ord(mark):04x}" if _acts(mark) else mark for mark in text)


def _acts(mark: str) -> bool:
    if mark == "\n":
        return False
    return mark in _STEERING or unicodedata.category(mark) in ("Cc", "Cs", "Cn")
