"""What somebody may do to a document with a logo: to its picture, or under the cover of it."""

import base64
import re
from collections.abc import Callable

from disclosure_ledger.render.logo import MOST_BYTES
from pictures import attached, png

KINDS = ("html", "pdf")
"""The documents that carry a picture."""
CLIENT = {"kind": "client", "client": "C-1001", "name": "Dana Example"}
RELEASE = {
    "kind": "disclosure",
    "client": "C-1001",
    "disclosed_on": "2026-03-01",
    "basis": "court_order",
    "recipient": {"name": "County Court", "type": "court"},
    "description": "visit dates",
}
IMAGE = re.compile(rb'<img src="data:image/png;base64,([A-Za-z0-9+/=]+)" alt="[^"]*">\n')


def image(data: bytes, kind: bytes = b"png") -> bytes:
    return b"data:image/%b;base64,%b" % (kind, base64.b64encode(data))


def with_uri(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The page with the address of its picture changed."""
    return lambda page: re.sub(rb'data:image/png;base64,[^"]*', lambda found: change(found[0]), page, count=1)


def put(was: bytes, becomes: bytes) -> Callable[[bytes], bytes]:
    return lambda page: page.replace(was, becomes, 1)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def with_idle_bits(uri: bytes) -> bytes:
    """The same bytes spelled in another way: base64 has bits before its padding that say nothing."""
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    assert uri.endswith(b"=")
    told, padding = uri.rstrip(b"="), uri[len(uri.rstrip(b"=")) :]
    changed = told[:-1] + letters[letters.index(told[-1]) + 1 :][:1] + padding
    assert base64.b64decode(changed.split(b",")[1]) == base64.b64decode(uri.split(b",")[1])
    return changed


PAGES: dict[str, Callable[[bytes], bytes]] = {
    "a second picture": lambda page: IMAGE.sub(lambda found: found[0] * 2, page),
    "a picture before the first row": lambda page: page.replace(b"<main>\n", b"<main>\n" + IMAGE.findall(page)[0], 1),
    "the picture moved": lambda page: IMAGE.sub(b"", page).replace(b"<main>", b"<main>" + image(png()), 1),
    "a style on it": put(b'alt="Logo', b'style="position:fixed;inset:0" alt="Logo'),
    "something that acts": put(b'<img src="data:', b'<img onload="1" src="data:'),
    "markup after its bytes": with_uri(lambda uri: uri + b'" onerror="1'),
    "other words for it": put(b'alt="Logo of', b'alt="Seal of'),
    "a size": put(b' alt="Logo', b' width="900" alt="Logo'),
    "from elsewhere": with_uri(lambda _: b"https://harbor.example/logo.png"),
    "an SVG": with_uri(lambda _: image(SVG, b"svg+xml")),
    "an SVG that is called a PNG": with_uri(lambda _: image(SVG)),
    "a PNG that is called a JPEG": with_uri(lambda _: image(png(), b"jpeg")),
    "too many pixels": with_uri(lambda _: image(png(1, 1)[:16] + bytes([0, 0, 255, 255] * 2) + png(1, 1)[24:])),
    "too many bytes": with_uri(lambda _: image(png()[:-12] + b"x" * MOST_BYTES + png()[-12:])),
    "no picture": with_uri(lambda _: image(b"")),
    "bits that say nothing": with_uri(lambda _: with_idle_bits(image(png(41)))),
    "a wider policy": put(b"img-src data:", b"img-src data: https:"),
    "no policy for it": put(b" img-src data:;", b""),
}

PDFS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "another name": (put(b"(logo.png)", b"(seal.png)"), "14.different"),
    "another relation": (put(b"/AFRelationship/Supplement", b"/AFRelationship/Unspecified"), "14.different"),
    "called a JPEG": (lambda pdf: pdf.replace(b"(logo.png)", b"(logo.jpg)"), "14.different"),
    "no picture": (put(b"/image#2Fpng", b"/image#2Fgif"), "14.evidence"),
    "a third file": (lambda pdf: pdf + attached(b"x", "text#2Fplain"), "14.evidence"),
    "a second picture": (lambda pdf: pdf + attached(png(), "image#2Fpng"), "14.evidence"),
}
