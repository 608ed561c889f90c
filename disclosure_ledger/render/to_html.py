"""The accounting as one self-contained page: no script runs, nothing is fetched, the evidence lies inside.

The evidence is the JSON of `<script type="application/json" id="evidence">`, with `<`, `>` and `&` escaped as JSON
escapes them, so that nothing in it can end the element; `disclosure_ledger.embedded` gives its bytes back exactly.

>>> escaped(b'{"a":"</script>"}')
'{"a":"\\\\u003c/script\\\\u003e"}'
"""

import base64
import functools
import hashlib
from importlib import resources
from typing import Any

from disclosure_ledger.hipaa.accounting import Accounting

from .code import picture
from .imprint import page_imprint
from .layout import Letter, lay_out
from .logo import Logo
from .words import ENGLISH, Words


def to_html(
    accounting: Accounting,
    evidence: bytes | None = None,
    *,
    words: Words = ENGLISH,
    large: bool = False,
    imprint: str = "",
    logo: Logo | None = None,
) -> bytes:
    """The page in UTF-8; `large` sets it in large print. Needs jinja2 and segno.

    imprint: of the page that is made again (docs/format.md section 13); by default what makes it here. logo: in the
    letterhead.
    """
    letter = lay_out(accounting, words, evidence_inside=evidence is not None)
    return page(letter, evidence, large=large, imprint=imprint, logo=logo)


def page(letter: Letter, evidence: bytes | None, *, large: bool, imprint: str = "", logo: Logo | None = None) -> bytes:
    """The page of a letter."""
    from markupsafe import Markup  # an extra

    sheet, checking = style() + (logo_style() if logo is not None else ""), letter.checking
    text: str = _template().render(
        letter=letter,
        logo=logo,
        large=large,
        imprint=imprint or page_imprint(),
        style=Markup(sheet),  # noqa: S704 - our own file
        style_hash=Markup(hash_of(sheet)),  # noqa: S704 - base64
        code=Markup(picture(checking.code, label=checking.code_label)) if checking else "",  # noqa: S704 - made by us
        evidence=Markup(escaped(evidence)) if evidence is not None else "",  # noqa: S704 - escaped as JSON
    )
    return text.encode()


def escaped(evidence: bytes) -> str:
    """JSON that no HTML parser takes for markup; canonical JSON has these marks in strings only."""
    text = evidence.decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def file_of(name: str) -> str:
    """The text of a file of this folder."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def style() -> str:
    """The style sheet, as it stands in every page."""
    return "\n" + file_of("letter.css")


def logo_style() -> str:
    """What follows the style sheet in a page with a logo."""
    return file_of("logo.css")


def hash_of(style: str) -> str:
    """What the content security policy lets in: this style sheet and nothing else."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@functools.cache
def _template() -> Any:
    return environment().from_string(file_of("letter.html.j2"))


def environment() -> Any:
    """Where templates are read: everything is escaped, and nothing may be left undefined. Needs jinja2."""
    from jinja2 import Environment, StrictUndefined

    made = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    made.filters["lines"] = _lines
    return made


def _lines(text: str) -> Any:
    """The text with its line breaks as elements."""
    from markupsafe import Markup, escape

    return Markup("<br>").join(escape(line) for line in text.split("\n"))
