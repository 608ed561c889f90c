"""The accounting as a tagged PDF (PDF/UA-1 and PDF/A-3a), set by Typst, the evidence attached inside as evidence.json.

The letter goes to Typst as JSON, never as markup (`typeset`). A character without a glyph stands as its number, and
the letter says so.

>>> _breakable("w" * 20), "\u200b" in _breakable("w" * 30)
('wwwwwwwwwwwwwwwwwwww', True)
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from disclosure_ledger.hipaa.accounting import Accounting

from .code import picture
from .imprint import pdf_imprint
from .layout import Letter, lay_out
from .logo import Logo
from .typeset import font_packages, typeset
from .words import ENGLISH, Words

LARGE: Final = "large-print"
"""The second keyword of a PDF in large print."""
_LONG: Final = 600
"""Characters above which a cell may break over pages: a row taller than a page could not be set whole."""
_WIDE: Final = re.compile(r"\S{25,}")
_PART: Final = 16
"""Characters of a wide word after which it may break."""
_JOINER: Final = "\u200d"
_VIRAMA: Final = 9
"""The combining class of marks that join two consonants."""


def to_pdf(
    accounting: Accounting,
    evidence: bytes | None = None,
    *,
    words: Words = ENGLISH,
    large: bool = False,
    imprint: str = "",
    logo: Logo | None = None,
) -> bytes:
    """The PDF; `large` sets it at 18 points. Needs typst and segno. Raises Refused where Typst will not set it.

    imprint: of the PDF that is made again (docs/format.md section 13); by default what makes it here. logo: in the
    letterhead, and attached as it is.
    """
    letter = _object(lay_out(accounting, words, evidence_inside=evidence is not None))
    letter["proof"] = words.check_inside
    letter["keywords"] = [imprint or own_imprint(), *([LARGE] if large else [])]
    more = {"evidence": (evidence or b"").decode()}
    on, unprintable = accounting.issued_on, words.unprintable
    return typeset("letter.typ", letter, on, unprintable=unprintable, large=large, logo=logo, more=more)


def own_imprint() -> str:
    """The imprint of a PDF that is made here."""
    return pdf_imprint(font_packages())


def _object(letter: Letter) -> dict[str, Any]:
    value = asdict(letter)
    for line in value["lines"]:
        line["long"] = max(map(len, (*line["who"], line["what"], line["why"]))) > _LONG
        line["who"] = [_breakable(part) for part in line["who"]]
        line["what"], line["why"] = _breakable(line["what"]), _breakable(line["why"])
    checking = letter.checking
    value["picture"] = picture(checking.code) if checking else ""
    return value


def _breakable(text: str) -> str:
    """The text with places to break in words that are wider than a column."""
    return _WIDE.sub(lambda word: "\u200b".join(_parts(word[0])), text)


def _parts(word: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(word)):
        if at - start >= _PART and not _joined(word[at - 1], word[at]):
            yield word[start:at]
            start = at
    yield word[start:]


def _joined(before: str, after: str) -> bool:
    """Whether two characters are one to a reader: a letter and its mark, a conjunct, an emoji made of several."""
    if _JOINER in (before, after) or unicodedata.combining(before) == _VIRAMA:
        return True
    return unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"
