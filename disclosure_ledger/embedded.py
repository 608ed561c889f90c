"""The evidence inside a document that a client was given: a page, or a PDF, found without a library for either.

What is found is not established by being found: it is what `evidence` then verifies, and what the document shows is
held against it (docs/format.md section 13). Nothing longer than evidence may be is unpacked.

>>> embedded(b'<!doctype html><script type="application/json" id="evidence">{"a":"\\\\u003cb\\\\u003e"}</script>')
b'{"a":"<b>"}'
>>> embedded(b"%PDF-1.7 nothing inside") is None
True
"""

import re
import zlib
from typing import Final

from .errors import Malformed

MOST_BYTES: Final = 64_000_000
"""As long as an evidence file may be (docs/format.md section 11)."""
MOST_AROUND: Final = 2 * MOST_BYTES
"""As long as a document with evidence inside may be."""

_SCRIPT: Final = b'<script type="application/json" id="evidence">'
_SCRIPT_ENDS: Final = b"</script>"
_ESCAPE: Final = re.compile(rb"\\(u003c|u003e|u0026|.)", re.DOTALL)
_PLAIN: Final = {b"u003c": b"<", b"u003e": b">", b"u0026": b"&"}

_FILE: Final = re.compile(rb"/Type\s*/EmbeddedFile\b")
_STREAM: Final = re.compile(rb">>\s*stream\r?\n")
_LENGTH: Final = re.compile(rb"/Length\s+(\d{1,10})\b(?!\s+\d+\s+R)")
_FILTER: Final = re.compile(rb"/Filter\s*(?:\[\s*)?/(\w+)")
_DICTIONARY: Final = 4096
"""Bytes before and after the name of an embedded file in which its dictionary is looked for."""


def embedded(data: bytes) -> bytes | None:
    """The bytes of the evidence file that a page or a PDF holds; None where it holds none.

    Raises Malformed where it holds several, or one that cannot be taken out.
    """
    if len(data) > MOST_AROUND:
        raise Malformed(f"expected a document of at most {MOST_AROUND} bytes")
    return _in_pdf(data) if data.startswith(b"%PDF-") else _in_page(data)


def _in_page(data: bytes) -> bytes | None:
    """The JSON of the one element that is named `evidence`, as it was before it was escaped."""
    count = data.count(_SCRIPT)
    if count == 0:
        return None
    _expect_one(count)
    start = data.index(_SCRIPT) + len(_SCRIPT)
    end = data.find(_SCRIPT_ENDS, start)
    if end <= start:
        raise Malformed("expected evidence that ends")
    # canonical JSON never escapes these three, so that nothing else is changed by taking the escapes away
    return _bounded(_ESCAPE.sub(lambda found: _PLAIN.get(found[1], found[0]), data[start:end]))


def _in_pdf(data: bytes) -> bytes | None:
    """The content of the one attached file (ISO 32000-1, 7.11.4). Streams stand outside of object streams."""
    places = [found.start() for found in _FILE.finditer(data)]
    if not places:
        return None
    _expect_one(len(places))
    start = data.rfind(b" obj", max(0, places[0] - _DICTIONARY), places[0])
    stream = _STREAM.search(data, places[0], places[0] + _DICTIONARY)
    if start < 0 or stream is None:
        raise Malformed("expected an attached file with its content")
    return _content(data, stream.end(), data[start : stream.start()])


def _content(data: bytes, start: int, dictionary: bytes) -> bytes:
    length, packed = _LENGTH.search(dictionary), _FILTER.search(dictionary)
    if length is None or start + int(length[1]) > len(data):
        raise Malformed("expected an attached file of the length that it states")
    content = data[start : start + int(length[1])]
    if packed is None:
        return _bounded(content)
    if packed[1] != b"FlateDecode":
        raise Malformed("expected an attached file that is plain or deflated")
    return _unpacked(content)


def _unpacked(content: bytes) -> bytes:
    """The content, unless it is damaged, cut short, or longer than evidence may be."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, MOST_BYTES)
    except zlib.error:
        raise Malformed("expected an attached file that unpacks") from None
    if not unpacking.eof:
        raise Malformed(f"expected an attached file that is whole, and at most {MOST_BYTES} bytes")
    return plain


def _bounded(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise Malformed(f"expected evidence of at most {MOST_BYTES} bytes")
    return content


def _expect_one(count: int) -> None:
    if count != 1:
        raise Malformed(f"expected one evidence, found {count}")
