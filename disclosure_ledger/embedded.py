"""The evidence inside a document that a client was given: a page, or a PDF, found without a library for either.

What is found is not established by being found: it is what `evidence` then verifies. Nothing in the document makes this
raise, and nothing longer than evidence may be is unpacked.

>>> embedded(b'<!doctype html><script type="application/json" id="evidence">{"a":"\\\\u003cb\\\\u003e"}</script>')
b'{"a":"<b>"}'
>>> embedded(b"%PDF-1.7 nothing inside") is None
True
"""

import re
import zlib
from typing import Final

MOST_BYTES: Final = 64_000_000
"""As long as an evidence file may be (docs/format.md section 11)."""

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
    """The bytes of the evidence file that a page or a PDF holds; None where it holds none, or more than one."""
    return _in_pdf(data) if data.startswith(b"%PDF-") else _in_page(data)


def _in_page(data: bytes) -> bytes | None:
    """The JSON of the one element that is named `evidence`, as it was before it was escaped."""
    if data.count(_SCRIPT) != 1:
        return None
    start = data.index(_SCRIPT) + len(_SCRIPT)
    end = data.find(_SCRIPT_ENDS, start)
    if not start < end <= start + 2 * MOST_BYTES:
        return None
    # canonical JSON never escapes these three, so that nothing else is changed by taking the escapes away
    return _ESCAPE.sub(lambda found: _PLAIN.get(found[1], found[0]), data[start:end])


def _in_pdf(data: bytes) -> bytes | None:
    """The content of the one attached file (ISO 32000-1, 7.11.4). Streams stand outside of object streams."""
    places = [found.start() for found in _FILE.finditer(data)]
    return _attached(data, places[0]) if len(places) == 1 else None


def _attached(data: bytes, place: int) -> bytes | None:
    start = data.rfind(b" obj", max(0, place - _DICTIONARY), place)
    stream = _STREAM.search(data, place, place + _DICTIONARY)
    if start < 0 or stream is None:
        return None
    dictionary = data[start : stream.start()]
    length, packed = _LENGTH.search(dictionary), _FILTER.search(dictionary)
    if length is None or stream.end() + int(length[1]) > len(data):
        return None
    content = data[stream.end() : stream.end() + int(length[1])]
    if packed is None:
        return content if len(content) <= MOST_BYTES else None
    return _unpacked(content) if packed[1] == b"FlateDecode" else None


def _unpacked(content: bytes) -> bytes | None:
    """The content, unless it is damaged, cut short, or longer than evidence may be."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, MOST_BYTES)
    except zlib.error:
        return None
    return plain if unpacking.eof else None
