"""The imprint: what set a document, as the document states it (docs/format.md section 13).

Two documents of one evidence with one imprint have the same bytes. So whoever makes a document again and gets
another one knows whether that is somebody's doing, or may be the work of another release or of another package.

>>> stated("disclosure-ledger 0.1.0 page/9f86d081884c7d65 jinja2/3.1.6")
'disclosure-ledger 0.1.0 page/9f86d081884c7d65 jinja2/3.1.6'
>>> stated('disclosure-ledger 0.1.0 page/0 "><script>') is None
True
"""

import functools
import hashlib
import importlib.metadata
import re
import sysconfig
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final

from disclosure_ledger import __version__

MOST: Final = 600
"""Characters of an imprint."""

_FORM: Final = re.compile(r"disclosure-ledger(?: [A-Za-z0-9./+_-]+)+")
_ALIKE: Final = ("sheet.py", "layout.py", "words.py", "words_es.py", "visible.py", "code.py", "logo.py", "imprint.py")
SOURCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "page": (*_ALIKE, "to_html.py", "letter.html.j2", "letter.css", "logo.css"),
        "pdf": (*_ALIKE, "to_pdf.py", "fitting.py", "typeset.py", "look.typ", "letter.typ"),
    }
)
"""The files of this folder that lay a document out, by its form."""


def page_imprint() -> str:
    """The imprint of a page that is made here."""
    return _imprint("page", _versions(("jinja2", "markupsafe", "segno")))


def pdf_imprint(fonts: Iterable[str]) -> str:
    """The imprint of a PDF that is made here. `fonts`: the font packages in use. Fractions may differ by machine."""
    return _imprint("pdf", [*_versions(("segno", "typst", *fonts)), f"on/{sysconfig.get_platform()}"])


def stated(text: str) -> str | None:
    """The text, where it is an imprint of any release; None where it is none."""
    return text if len(text) <= MOST and _FORM.fullmatch(text) else None


@functools.cache
def sources(form: str) -> str:
    """The beginning of the hash over what lays out a `page` or a `pdf`: 16 hex digits."""
    here, law = resources.files(__package__), resources.files("disclosure_ledger.hipaa")
    hashed = hashlib.sha256(law.joinpath("words.py").read_bytes())
    for name in SOURCES[form]:
        hashed.update(f"\0{name}\0".encode() + here.joinpath(name).read_bytes())
    return hashed.hexdigest()[:16]


def _imprint(form: str, versions: Iterable[str]) -> str:
    unicode = f"unicode/{unicodedata.unidata_version}"
    return " ".join(("disclosure-ledger", __version__, f"{form}/{sources(form)}", *versions, unicode))


def _versions(packages: Iterable[str]) -> list[str]:
    return [f"{name}/{_version(name)}" for name in packages]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # one that is on the path without having been installed
        return "unknown"
