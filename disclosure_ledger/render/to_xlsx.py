"""The accounting as a workbook: what it is on the first sheet, the rows of `table` on the second.

Every cell is written as text, so none is a formula; the book's date is the day of issue, so the same accounting gives
the same bytes.
"""

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any, Final

from disclosure_ledger.hipaa.accounting import Accounting

from .layout import Letter, lay_out
from .table import HEADER, records
from .words import ENGLISH, Words

_WIDTHS: Final = (10, 12, 12, 8, 20, 30, 24, 32, 44, 48, 28, 28, 28, 44)
_LONGEST: Final = 32_767
"""Characters that a cell can hold."""
_MOST_FOOTER: Final = 255
"""Characters that a footer can hold."""
_MOST_RUNNING: Final = 120
_PAGES: Final = "&R&8&P / &N"


def to_xlsx(accounting: Accounting, *, words: Words = ENGLISH) -> bytes:
    """The workbook. Needs xlsxwriter."""
    import xlsxwriter  # type: ignore[import-untyped]  # an extra

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    letter = lay_out(accounting, words)
    with xlsxwriter.Workbook(out, options) as book:
        created = dt.datetime.combine(accounting.issued_on, dt.time(), dt.UTC)
        book.set_properties({"title": letter.title, "author": letter.practice, "created": created})
        _about(book, letter)
        _rows(book, letter, accounting)
    return out.getvalue()


def _about(book: Any, letter: Letter) -> None:
    sheet, bold = book.add_worksheet("About"), book.add_format({"bold": True, "font_size": 14})
    label, text = (book.add_format({"text_wrap": True, "valign": "top", "bold": strong}) for strong in (True, False))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, letter.title, bold)
    for row, (name, value) in enumerate(_pairs(letter), start=2):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, value[:_LONGEST], text)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(_footer(letter))


def _pairs(letter: Letter) -> list[tuple[str, str]]:
    pairs = [("", "\n".join((letter.practice, *letter.practice_lines)))]
    pairs += [(fact.label, fact.text) for fact in letter.facts]
    for heading, paragraphs in _sections(letter):
        pairs += [("" if number else heading, text) for number, text in enumerate(paragraphs)]
    checking = letter.checking
    return pairs + ([(fact.label, fact.text) for fact in checking.facts] if checking else [])


def _sections(letter: Letter) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield from ((one.heading, one.paragraphs) for one in letter.before)
    if letter.nothing:
        yield letter.releases, (letter.nothing,)
    yield from ((one.heading, one.paragraphs) for one in letter.after)
    if letter.checking:
        yield letter.checking.heading, (*letter.checking.paragraphs, *filter(None, [letter.checking.command]))


def _rows(book: Any, letter: Letter, accounting: Accounting) -> None:
    sheet = book.add_worksheet("Releases")
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(records(accounting), start=1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text[:_LONGEST], cell)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(_footer(letter))


def _footer(letter: Letter) -> str:
    """Whose list it is, and under it the checkpoint: a printed sheet is worth little without what to check it by.

    The fingerprint stands first: it alone says which state of which ledger it was. What has no room is left out.
    """
    footer, between = "&L&8" + _marked(letter.running, _MOST_RUNNING), "\n"
    for one in reversed(letter.checking.facts if letter.checking else ()):
        told = between + _marked(f"{one.label}: {one.text}", _MOST_FOOTER)
        if len(footer + told + _PAGES) <= _MOST_FOOTER:
            footer, between = footer + told, " · "
    return footer + _PAGES


def _marked(text: str, most: int) -> str:
    """The text as a footer takes it, cut to so many characters: an ampersand, which gives orders, counts twice."""
    marks = [mark.replace("&", "&&") for mark in text]
    while sum(map(len, marks)) > most:
        marks.pop()
    return "".join(marks)
