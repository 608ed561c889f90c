"""Every format of an accounting by its name: what it needs installed, and whether a terminal can show it.

>>> sorted(FORMATS)[:3]
['csv', 'fhir', 'fhir-r5']
>>> FORMATS["xlsx"].binary, FORMATS["text"].binary
(True, False)
>>> asked_by("C-1001.PDF"), asked_by("C-1001")
('pdf', 'text')
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final

from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.accounting import Accounting

from .logo import Logo
from .words import ENGLISH, Words
from .words_es import SPANISH

LANGUAGES: Final[Mapping[str, Words]] = MappingProxyType({"en": ENGLISH, "es": SPANISH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a person may choose beside the format; a format that has no such choice ignores it."""

    words: Words = ENGLISH
    large: bool = False
    excel: bool = False
    logo: Logo | None = None
    imprint: str = ""
    """Of the document that is made again: for verification only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format. `needs`: packages of the extra `render`. `binary`: never for a terminal. `carries`: the evidence.

    `endings`: of the names of files that are in it. What carries the evidence has a letterhead, and takes a logo.
    """

    make: Callable[[Any, Accounting, bytes | None, Style], bytes]
    """From its module, so that what it needs is loaded when it is used."""
    module: str
    needs: tuple[str, ...] = ()
    binary: bool = False
    carries: bool = False
    endings: tuple[str, ...] = ()

    def render(self, accounting: Accounting, evidence: bytes | None, style: Style = Style()) -> bytes:
        """The document, with the evidence inside where the format can. Raises Refused where a package is missing."""
        self.expect_installed()
        return self.make(importlib.import_module(self.module, __package__), accounting, evidence, style)

    def expect_installed(self) -> None:
        """Refuse, before anything is recorded, what could not be made. Raises Refused."""
        expect_installed(self.needs)


def expect_installed(needs: Iterable[str]) -> None:
    """Refuse what cannot be made because one of these packages of the extra `render` is missing. Raises Refused."""
    missing = [name for name in needs if importlib.util.find_spec(name) is None]
    if missing:
        which = "which is" if len(missing) == 1 else "which are"
        hint = "pip install 'disclosure-ledger[render]'"
        raise Refused(f"this format needs {' and '.join(missing)}, {which} not installed", hint=hint)


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "text": Format(module=".to_text", make=lambda it, drawn, _, style: it.to_text(drawn, words=style.words)),
        "html": Format(
            module=".to_html",
            needs=("jinja2", "segno"),
            carries=True,
            endings=(".html", ".htm"),
            make=lambda it, drawn, proof, style: it.to_html(
                drawn, proof, words=style.words, large=style.large, imprint=style.imprint, logo=style.logo
            ),
        ),
        "pdf": Format(
            module=".to_pdf",
            needs=("typst", "segno"),
            binary=True,
            carries=True,
            endings=(".pdf",),
            make=lambda it, drawn, proof, style: it.to_pdf(
                drawn, proof, words=style.words, large=style.large, imprint=style.imprint, logo=style.logo
            ),
        ),
        "json": Format(module=".to_json", make=lambda it, drawn, *_: it.to_json(drawn), endings=(".json",)),
        "fhir": Format(module=".to_fhir", make=lambda it, drawn, _, style: it.to_fhir(drawn, words=style.words)),
        "fhir-r5": Format(
            module=".to_fhir", make=lambda it, drawn, _, style: it.to_fhir(drawn, words=style.words, r5=True)
        ),
        "csv": Format(
            module=".to_csv",
            make=lambda it, drawn, _, style: it.to_csv(drawn, excel=style.excel),
            endings=(".csv",),
        ),
        "xlsx": Format(
            module=".to_xlsx",
            needs=("xlsxwriter",),
            binary=True,
            endings=(".xlsx",),
            make=lambda it, drawn, _, style: it.to_xlsx(drawn, words=style.words),
        ),
    }
)


def asked_by(name: str) -> str:
    """The format that a file's name asks for by its ending: text where it asks for none."""
    ending = PurePath(name).suffix.lower()
    return next((form for form, format_ in FORMATS.items() if ending in format_.endings), "text")
