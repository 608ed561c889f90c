"""The accounting as a tagged PDF (PDF/UA-1 and PDF/A-3a), set by Typst, the evidence attached inside as evidence.json.

The letter goes to Typst as JSON, never as markup (`typeset`). A character without a glyph stands as its number, and
the letter says so.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from disclosure_ledger.hipaa.accounting import Accounting

from .code import picture
from .fitting import SHORT, broken, kept, width
from .imprint import pdf_imprint
from .layout import Letter, lay_out
from .logo import Logo
from .typeset import font_packages, typeset
from .words import ENGLISH, Words

LARGE: Final = "large-print"
"""The second keyword of a PDF in large print."""
_COLUMNS: Final = (18, 27, 26, 29)
"""Hundredths of a line that each column of the list takes."""
_LARGE_COLUMNS: Final = (20, 26, 25, 29)
_LINE: Final = 41.4
"""Ems of a line of a letter: 6.9 inches at 12 points."""
_LARGE_LINE: Final = 37.6
"""9.4 inches at 18 points: the sheet lies on its side."""
_INSET: Final = 0.7
"""Ems between a column and the next."""
_TALL: Final = 30
"""Lines above which a cell may break over pages: a row taller than a page could not be set whole."""
_LARGE_TALL: Final = 14


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
    letter = _object(lay_out(accounting, words, evidence_inside=evidence is not None), large=large)
    letter["proof"] = words.check_inside
    letter["keywords"] = [imprint or own_imprint(), *([LARGE] if large else [])]
    more = {"evidence": (evidence or b"").decode()}
    on, unprintable = accounting.issued_on, words.unprintable
    return typeset("letter.typ", letter, on, unprintable=unprintable, large=large, logo=logo, more=more)


def own_imprint() -> str:
    """The imprint of a PDF that is made here."""
    return pdf_imprint(font_packages())


def _object(letter: Letter, *, large: bool) -> dict[str, Any]:
    value = asdict(letter)
    columns, ems = (_LARGE_COLUMNS, _LARGE_LINE) if large else (_COLUMNS, _LINE)
    _, *rooms = (share * ems / 100 - _INSET for share in columns)
    short = SHORT - 1 if large else SHORT
    value["columns"], value["kept_in_columns"] = columns, kept(short)
    for line in value["lines"]:
        cells = (line["who"], [line["what"]], [line["why"]])
        lines = max(_lines(cell, room) for cell, room in zip(cells, rooms, strict=True))
        line["long"] = lines > (_LARGE_TALL if large else _TALL)
        (*line["who"],), (line["what"],), (line["why"],) = (
            [broken(part, room, short) for part in cell] for cell, room in zip(cells, rooms, strict=True)
        )
    checking = letter.checking
    value["picture"] = picture(checking.code) if checking else ""
    return value


def _lines(cell: Sequence[str], room: float) -> float:
    """About how many lines a cell takes."""
    return sum(1 + width(line) / room for part in cell for line in part.split("\n"))
