"""What a page is made of beside its accounting: `docs/letter.json`, by which a reader makes it again (section 13).

>>> sorted(letter())
['command', 'languages', 'logo_style', 'page', 'style']
"""

from dataclasses import asdict

from disclosure_ledger.canonical import JSON
from disclosure_ledger.render.formats import LANGUAGES
from disclosure_ledger.render.imprint import sources
from disclosure_ledger.render.layout import COMMAND
from disclosure_ledger.render.to_html import logo_style, style


def letter() -> dict[str, JSON]:
    """The style sheet, the command, and each language's phrases, with the hash of the sources that they are."""
    return {
        "page": sources("page"),
        "command": COMMAND,
        "languages": {words.language: asdict(words) for words in LANGUAGES.values()},
        "style": style(),
        "logo_style": logo_style(),
    }
