"""A page or PDF held against the one that its evidence makes (docs/format.md section 13; section 12, check 14).

Only what equals the document that is made again, byte for byte, shows what its evidence says. From the document itself
come its language, its print size, the picture at its top and its imprint; the imprint alone decides what a difference
means.

>>> difference(b"<!doctype html><p>all is well", b"{}").code
'14.not-compared'
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from . import evidence
from .canonical import JSON, encode
from .embedded import picture
from .errors import DisclosureLedgerError, InvalidRecord, Malformed, UnknownVersion
from .hipaa.document import Accounting
from .log.findings import Finding

if TYPE_CHECKING:
    from .render.logo import Logo
    from .render.words import Words

MOST_BESIDE: Final = 1_000_000
"""Bytes of an accounting without its rows. Every row is an entry with its proof, which bounds those."""

_PAGE: Final = re.compile(rb'<!doctype html>\n<html lang="([A-Za-z-]{2,20})"( class="large")?>\n')
_PAGE_IMPRINT: Final = re.compile(rb'\n<meta name="generator" content="([^"]*)">\n')
_HEAD: Final = 4096
"""Bytes in which a page states what set it."""
_PDF_LANGUAGE: Final = re.compile(rb"/Lang\(([A-Za-z-]{2,20})\)")
_PDF_KEYWORDS: Final = re.compile(rb"/Keywords\(([A-Za-z0-9 ./+_-]*)(, large-print)?\)")
_ROW: Final = b'\n<tr role="row">'
_ROWS_END: Final = b"\n</tbody>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a document says of itself. Nothing about it is established until the document made so is the same."""

    format: str
    language: str
    large: bool
    imprint: str
    logo: "Logo | None" = None


def difference(document: bytes, inside: bytes) -> Finding | None:
    """What check 14 finds of a document and the evidence inside; None where it shows what that makes.

    It needs what sets documents (the extra `render`), and never raises because of what the bytes are.
    """
    try:
        stated = stated_in(document)
        made = again(inside, stated)
    except DisclosureLedgerError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return _not_compared("a document that can be made again", f"{error}{hint}")
    if made == document:
        return None
    if stated.imprint != (ours := imprint_here(stated.format)):
        return _not_compared(f"one set by {ours}", stated.imprint)
    where = _place(document, made) if stated.format == "html" else "document"
    return Finding(code="14.different", where=where, expected="what the evidence makes", found="something else")


def list_of(document: bytes, inside: bytes, name: str) -> bytes:
    """The list as the evidence has it, in the format that a file's name asks for: text where it asks for none.

    It has the language and the print size of the document that the evidence came in, where that states them, and no
    picture: evidence has none. Raises Malformed, UnknownVersion, Refused.
    """
    from .render.formats import FORMATS, Style, asked_by

    try:
        stated = stated_in(document)
        style = Style(words=_words(stated.language), large=stated.large)
    except UnknownVersion:
        style = Style()
    return FORMATS[asked_by(name)].render(_accounting_in(inside), inside, style)


def expect_installed(name: str) -> None:
    """Refuse a file, by its name, that could not be set here. Raises Refused."""
    from .render.formats import FORMATS, asked_by

    FORMATS[asked_by(name)].expect_installed()


def stated_in(document: bytes) -> Stated:
    """Language, print size, picture and imprint of a document. Raises UnknownVersion where it does not state them."""
    stated = _stated_in_pdf(document) if document.startswith(b"%PDF-") else _stated_in_page(document)
    return replace(stated, logo=_logo_in(document))


def again(inside: bytes, stated: Stated) -> bytes:
    """The document that this release makes of the evidence. Raises Malformed, UnknownVersion, Refused."""
    from .render.formats import FORMATS, Style  # loaded for documents only

    style = Style(words=_words(stated.language), large=stated.large, logo=stated.logo, imprint=stated.imprint)
    return FORMATS[stated.format].render(_accounting_in(inside), inside, style)


def _words(language: str) -> "Words":
    from .render.formats import LANGUAGES

    words = next((one for one in LANGUAGES.values() if one.language == language), None)
    if words is None:
        raise UnknownVersion("expected a language that this release has")
    return words


def _accounting_in(inside: bytes) -> Accounting:
    return Accounting.from_json(_bounded(evidence.parse(inside).accounting))


def _bounded(accounting: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """The accounting, unless it says more beside its rows than any does, which nothing proves and which takes time."""
    if len(encode({**accounting, "rows": []})) > MOST_BESIDE:
        raise Malformed(f"expected at most {MOST_BESIDE} bytes beside the rows")
    return accounting


def imprint_here(form: str) -> str:
    """The imprint of what is made here."""
    if form == "pdf":
        from .render.to_pdf import own_imprint

        return own_imprint()
    from .render.imprint import page_imprint

    return page_imprint()


def _not_compared(expected: str, found: str) -> Finding:
    return Finding(code="14.not-compared", where="document", expected=expected, found=found)


def _stated_in_page(document: bytes) -> Stated:
    begins, imprint = _PAGE.match(document), _PAGE_IMPRINT.search(document, 0, _HEAD)
    return Stated(
        format="html",
        language=begins[1].decode() if begins else "",
        large=bool(begins and begins[2]),
        imprint=_imprint(imprint[1] if imprint else b""),
    )


def _stated_in_pdf(document: bytes) -> Stated:
    """Of the last objects of each kind: what stands there before may be text of the list."""
    languages, keywords = list(_PDF_LANGUAGE.finditer(document)), list(_PDF_KEYWORDS.finditer(document))
    return Stated(
        format="pdf",
        language=languages[-1][1].decode() if languages else "",
        large=bool(keywords and keywords[-1][2]),
        imprint=_imprint(keywords[-1][1] if keywords else b""),
    )


def _logo_in(document: bytes) -> "Logo | None":
    """The picture, unless it is one that no document has: what is then made without it is another document."""
    from .render.logo import logo_of

    found = picture(document)
    try:
        return logo_of(found) if found is not None else None
    except InvalidRecord:
        return None


def _imprint(raw: bytes) -> str:
    from .render.imprint import stated

    found = stated(raw.decode("ascii", "replace"))
    if found is None:
        raise UnknownVersion("expected a document that states what set it")
    return found


def _place(document: bytes, made: bytes) -> str:
    """Where a page begins to differ: before the list, in a row of it, or after it."""
    same = _same(document, made)
    line_ends = made.find(b"\n", same)
    row = made.count(_ROW, 0, line_ends if line_ends >= 0 else len(made)) - 1  # the first is the table's head
    if row < 1:
        return "document, before the first row"
    after = made.find(_ROWS_END)
    return "document, after the last row" if 0 <= after < same else f"document, row {row}"


def _same(one: bytes, other: bytes) -> int:
    """How many bytes two documents begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
