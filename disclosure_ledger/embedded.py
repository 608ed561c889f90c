"""The evidence inside a document that a client was given: a page, or a PDF, found without a library for either.

What is found is not established by being found: it is what `evidence` then verifies, and what the document shows is
held against it (docs/format.md section 13). Nothing longer than evidence may be is unpacked.

>>> embedded(b'<!doctype html><script type="application/json" id="evidence">{"a":"\\\\u003cb\\\\u003e"}</script>')
b'{"a":"<b>"}'
>>> embedded(b"%PDF-1.7 nothing inside") is None
True
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from typing import Final

from .errors import Malformed

MOST_BYTES: Final = 64_000_000
"""As long as an evidence file may be (docs/format.md section 11)."""
MOST_AROUND: Final = 2 * MOST_BYTES
"""As long as a document with evidence inside may be."""
MOST_PICTURE: Final = 500_000
"""As long as the picture of a letterhead may be: a photograph would make every letter heavy."""

_SCRIPT: Final = b'<script type="application/json" id="evidence">'
_SCRIPT_ENDS: Final = b"</script>"
_ESCAPE: Final = re.compile(rb"\\(u003c|u003e|u0026|.)", re.DOTALL)
_PLAIN: Final = {b"u003c": b"<", b"u003e": b">", b"u0026": b"&"}

_IMAGE: Final = re.compile(
    rb'\n<header>\n<img src="data:image/(?:png|jpeg);base64,([A-Za-z0-9+/]{1,%d}={0,2})" alt="'
    % (MOST_PICTURE * 4 // 3 + 2)
)
_BEFORE_IMAGE: Final = 16_384
"""Bytes of a page before its letterhead, at most."""

_PICTURE: Final = re.compile(rb"/Subtype\s*/image#2F(?:png|jpeg)\b")
_FILE: Final = re.compile(rb"/Type\s*/EmbeddedFile\b")
_STREAM: Final = re.compile(rb">>\s*stream\r?\n")
_LENGTH: Final = re.compile(rb"/Length\s+(\d{1,10})\b(?!\s+\d+\s+R)")
_FILTER: Final = re.compile(rb"/Filter\s*(?:\[\s*)?/(\w+)")
_MOST_FILES: Final = 2
_DICTIONARY: Final = 4096
"""Bytes before and after the name of an embedded file in which its dictionary is looked for."""


def embedded(data: bytes) -> bytes | None:
    """The bytes of the evidence file that a page or a PDF holds; None where it holds none.

    Raises Malformed where it holds several, or one that cannot be taken out.
    """
    if len(data) > MOST_AROUND:
        raise Malformed(f"expected a document of at most {MOST_AROUND} bytes")
    return _in_pdf(data) if data.startswith(b"%PDF-") else _in_page(data)


def picture(data: bytes) -> bytes | None:
    """The bytes of the picture at the top of a page or a PDF; None for none, or one that cannot be taken out.

    It is no evidence, and no picture before somebody has looked at it.
    """
    if len(data) > MOST_AROUND:
        return None
    if not data.startswith(b"%PDF-"):
        found = _IMAGE.search(data, 0, _BEFORE_IMAGE + MOST_PICTURE * 4 // 3)
        return _decoded(found[1]) if found else None
    try:
        files = [one for one in _files(data) if one.is_picture]
        return files[0].content(data, MOST_PICTURE) if len(files) == 1 else None
    except Malformed:
        return None


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


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
    return _bounded(_ESCAPE.sub(lambda found: _PLAIN.get(found[1], found[0]), data[start:end]), MOST_BYTES)


@dataclass(frozen=True, slots=True)
class _Attached:
    """A file that is attached to a PDF: its dictionary, and where its content begins."""

    dictionary: bytes
    begins: int

    @property
    def is_picture(self) -> bool:
        return _PICTURE.search(self.dictionary) is not None

    def content(self, data: bytes, most: int) -> bytes:
        """Its bytes, unpacked. Raises Malformed where they are damaged, or more than `most`."""
        length, packed = _LENGTH.search(self.dictionary), _FILTER.search(self.dictionary)
        if length is None or self.begins + int(length[1]) > len(data):
            raise Malformed("expected an attached file of the length that it states")
        content = data[self.begins : self.begins + int(length[1])]
        if packed is None:
            return _bounded(content, most)
        if packed[1] != b"FlateDecode":
            raise Malformed("expected an attached file that is plain or deflated")
        return _unpacked(content, most)


def _in_pdf(data: bytes) -> bytes | None:
    """The content of the one attached file that is no picture (ISO 32000-1, 7.11.4)."""
    files = _files(data)
    if not files:
        return None
    evidence = [one for one in files if not one.is_picture]
    _expect_one(len(evidence))
    if len(files) - len(evidence) > 1:
        raise Malformed("expected one picture at most")
    return evidence[0].content(data, MOST_BYTES)


def _files(data: bytes) -> list[_Attached]:
    """The attached files. Their streams stand outside of object streams."""
    found = []
    for place in (found.start() for found in _FILE.finditer(data)):
        start = data.rfind(b" obj", max(0, place - _DICTIONARY), place)
        stream = _STREAM.search(data, place, place + _DICTIONARY)
        if start < 0 or stream is None:
            raise Malformed("expected an attached file with its content")
        found.append(_Attached(data[start : stream.start()], stream.end()))
        if len(found) > _MOST_FILES:
            raise Malformed("expected one evidence and one picture at most")
    return found


def _unpacked(content: bytes, most: int) -> bytes:
    """The content, unless it is damaged, cut short, or longer than it may be."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(content, most + 1)
    except zlib.error:
        raise Malformed("expected an attached file that unpacks") from None
    if not unpacking.eof or len(plain) > most:
        raise Malformed(f"expected an attached file that is whole, and at most {most} bytes")
    return plain


def _bounded(content: bytes, most: int) -> bytes:
    if len(content) > most:
        raise Malformed(f"expected a file inside of at most {most} bytes")
    return content


def _expect_one(count: int) -> None:
    if count != 1:
        raise Malformed(f"expected one evidence, found {count}")
