"""The browser verifier: one page, made of the sources beside this file, that verifies what somebody holds.

It is the second implementation of docs/format.md: JavaScript without a dependency, written from the document and not
from the Python. The page carries everything in itself. Its content security policy allows the one style and the one
script that it holds, by their hashes, and nothing else: no picture, no request, no frame. docs/browser-verifier.md says
what it checks and what it does not.

>>> made = page(("harbor.example/disclosures+0fd4b8b3+AQ…",))
>>> made.startswith(b"<!doctype html>"), b"default-src 'none'" in made, b"connect-src" in made
(True, True, False)
>>> made == page(("harbor.example/disclosures+0fd4b8b3+AQ…",))
True
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from disclosure_ledger.log.findings import REGISTRY

from .letter import letter

PARTS: Final = (
    *("bytes", "json", "merkle", "keccak", "mldsa", "findings", "note", "checkpoint", "kinds", "entry"),
    *(
        "content",
        "streams",
        "accounting",
        "rows",
        "standing",
        "shown",
        "checked",
        "evidenceform",
        "chain",
        "evidence",
        "receipt",
    ),
    *("timestamp", "walk", "zip", "tiles", "openings", "package", "comparing"),
    *("attached", "letterhead", "squarecode", "letter", "pdfread", "pdf", "documents"),
    *("verify", "words_en", "words_es", "words", "showing", "asking"),
)
"""The script's parts in the order in which they stand: each uses only what stands before it, or is called later."""


def page(vkeys: Sequence[str] = ()) -> bytes:
    """Make the verifier's page: the same bytes for the same keys.

    vkeys: public keys that it offers to trust, as given by whoever makes the page. The reader can take each away.
    """
    style, code = _source("page.css"), script()
    values = {
        "policy": _policy(style, code),
        "style": style,
        "keys": json.dumps(list(vkeys)).replace("<", "\\u003c"),
        "script": code,
    }
    before, *rest = _source("page.html").split("{")
    return (before + "".join(_filled(piece, values) for piece in rest)).encode()


def script() -> str:
    """The page's script: sentences of the codes, `docs/letter.json`, then the parts. It can end no element early."""
    values = {"SENTENCES": dict(REGISTRY), "LETTER": letter()}
    known = (f"const {name} = {json.dumps(value)};".replace("</", "<\\/") for name, value in values.items())
    code = "\n".join([*known, *(_source(f"js/{name}.js") for name in PARTS)])
    if "</" in code or "<!--" in code:
        raise ValueError("expected a script without the signs that end one, or begin a comment, in a page")
    return f"\n{code}"


def _filled(piece: str, values: dict[str, str]) -> str:
    """What stands behind a brace of the page's source: a name in braces is replaced, anything else stays."""
    name, brace, rest = piece.partition("}")
    return values[name] + rest if brace and name in values else "{" + piece


def _policy(style: str, code: str) -> str:
    """Nothing but this style and this script. WebCrypto and files need no permission."""
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(code)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _source(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
