"""The accounting as a tagged PDF (PDF/UA-1 and PDF/A-3a), set by Typst, the evidence attached inside as evidence.json.

The letter goes to Typst as JSON, never as markup. Fonts are those that Typst brings and the font packages of the extra
`render` (Latin, Greek, Cyrillic, Vietnamese, Arabic; further Noto packages are used where they are installed); the
system's fonts are not, so that the same input gives the same bytes. A character without a glyph stands as its number,
and the letter says so.

>>> spelled_out("Ann 中", {"中"})
'Ann [U+4E2D]'
"""

import datetime as dt
import functools
import importlib.util
import re
from collections.abc import Mapping, Set
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson

from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.accounting import Accounting

from .code import picture
from .imprint import pdf_imprint
from .layout import Letter, lay_out
from .words import ENGLISH, Words

STANDARDS: Final = ("ua-1", "a-3a")
LARGE: Final = "large-print"
"""The second keyword of a PDF in large print."""
FAMILIES: Final[Mapping[str, str]] = {
    "fontpkg_noto_sans": "Noto Sans",
    "fontpkg_noto_sans_arabic": "Noto Sans Arabic",
    "fontpkg_noto_sans_devanagari": "Noto Sans Devanagari",
    "fontpkg_noto_sans_khmer": "Noto Sans Khmer",
    "fontpkg_noto_sans_tamil": "Noto Sans Tamil",
    "fontpkg_noto_sans_telugu": "Noto Sans Telugu",
    "fontpkg_noto_sans_thai": "Noto Sans Thai",
    "cvttf_NotoSansCJK_Regular": "Noto Sans CJK TC",
}
"""Font packages that are used where they are installed, in order of preference."""
_BROUGHT: Final = ("Libertinus Serif", "DejaVu Sans Mono")
_ROUNDS: Final = 200
_LONG: Final = 600
"""Characters above which a cell may break over pages: a row taller than a page could not be set whole."""
_WIDE: Final = re.compile(r"\S{25,}")
_MISSING: Final = re.compile(r'the text `?"(.*?)"`? could not be displayed', re.DOTALL)
_QUOTED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
"""How Typst quotes a mark that cannot be shown alone."""


def to_pdf(
    accounting: Accounting,
    evidence: bytes | None = None,
    *,
    words: Words = ENGLISH,
    large: bool = False,
    imprint: str = "",
) -> bytes:
    """The PDF; `large` sets it at 18 points. Needs typst and segno. Raises Refused where Typst will not set it.

    imprint: of the PDF that is made again (docs/format.md section 13); by default what makes it here.
    """
    letter = _object(lay_out(accounting, words, evidence_inside=evidence is not None))
    letter["proof"] = words.check_inside
    letter["keywords"] = [imprint or own_imprint(), *([LARGE] if large else [])]
    day = dt.datetime.combine(accounting.issued_on, dt.time(), dt.UTC)
    missing: set[str] = set()
    for _ in range(_ROUNDS):
        letter["unprintable"] = words.unprintable if missing else None
        made = _set(_spelled(letter, missing), evidence, day, large=large)
        if isinstance(made, bytes):
            return made
        if made <= missing:
            break
        missing |= made
    raise Refused("the document could not be set", hint="give it as a page instead: --format html")


def own_imprint() -> str:
    """The imprint of a PDF that is made here."""
    return pdf_imprint(_packages())


def spelled_out(text: str, missing: Set[str]) -> str:
    """The text with each of these characters as its number."""
    return "".join(f"[U+{ord(mark):04X}]" if mark in missing else mark for mark in text)


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
    return _WIDE.sub(lambda word: "\u200b".join(re.findall(".{1,16}", word[0])), text)


def _spelled(value: Any, missing: Set[str]) -> Any:
    if not missing:
        return value
    if isinstance(value, str):
        return spelled_out(value, missing)
    if isinstance(value, dict):
        return {key: _spelled(one, missing) for key, one in value.items()}
    return [_spelled(one, missing) for one in value] if isinstance(value, list | tuple) else value


def _set(letter: Mapping[str, Any], evidence: bytes | None, day: dt.datetime, *, large: bool) -> bytes | set[str]:
    """The PDF, or the characters that no font can show."""
    import typst  # an extra

    families, fonts = _fonts()
    inputs = {
        "letter": orjson.dumps(letter).decode(),
        "fonts": orjson.dumps(families).decode(),
        "evidence": (evidence or b"").decode(),
        "large": "yes" if large else "no",
    }
    source = resources.files(__package__).joinpath("letter.typ").read_bytes()
    try:
        made = typst.compile(
            source,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=list(STANDARDS),
            timestamp=day,
        )
    except typst.TypstError as error:
        # what it says holds the client's data: only the characters are taken from it
        return _unprintable(f"{error.message}\n{error.diagnostic}")
    return bytes(made)


def _unprintable(said: str) -> set[str]:
    texts = (_QUOTED.sub(lambda found: chr(int(found[1], 16)), text) for text in _MISSING.findall(said))
    return {mark for text in texts for mark in text if not mark.isascii()} - {"\u200b"}


@functools.cache
def _fonts() -> tuple[list[str], Any]:
    """The families in order of preference, and the fonts that are installed for them."""
    import typst  # an extra

    here = _packages()
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in here.values()])
    known = fonts.families()
    return [one for one in (*(FAMILIES[name] for name in here), *_BROUGHT) if one in known], fonts


def _packages() -> dict[str, Path]:
    """The font packages that are installed, and where."""
    found = {name: importlib.util.find_spec(name) for name in FAMILIES}
    return {name: Path(spec.origin or "").parent for name, spec in found.items() if spec is not None}
