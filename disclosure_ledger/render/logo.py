"""The picture of a letterhead: PNG or JPEG, small, and looked at before it is put anywhere.

Only these two: an SVG may hold scripts, fonts and links to elsewhere. The bytes go into a letter as they are, so that
the same picture gives the same letter. In an accounting they are the one part that its evidence does not make: whoever
makes it again takes them from the document (docs/format.md section 13), and nothing proves them.

>>> logo_of(b"GIF89a")
Traceback (most recent call last):
disclosure_ledger.errors.InvalidRecord: field logo: expected the logo to be a PNG or JPEG picture
"""

import base64
from dataclasses import dataclass
from typing import Final

from disclosure_ledger.embedded import MOST_PICTURE as MOST_BYTES
from disclosure_ledger.errors import InvalidRecord

MOST_PIXELS: Final = 4_000_000
"""Width times height: a small file may unpack to gigabytes."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""The JPEG segments that tell the size: baseline, extended and progressive frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture. `form`: `png` or `jpeg`; sizes in pixels."""

    form: str
    width: int
    height: int
    data: bytes

    @property
    def uri(self) -> str:
        """The picture as a `data:` address."""
        return f"data:image/{self.form};base64,{base64.b64encode(self.data).decode()}"

    @property
    def name(self) -> str:
        """What the picture is called where a PDF has it attached."""
        return "logo.jpg" if self.form == "jpeg" else "logo.png"

    @property
    def inches(self) -> float:
        """How wide it is printed: not higher than 0.7 inches, not wider than 2.2."""
        return min(2.2, 0.7 * self.width / self.height)


def logo_of(data: bytes) -> Logo:
    """The picture of these bytes. Raises InvalidRecord for any other kind, or one that is too large."""
    if len(data) > MOST_BYTES:
        raise InvalidRecord(f"expected a logo of at most {MOST_BYTES:,} bytes", field="logo")
    form = "png" if data.startswith(_PNG) else "jpeg" if data.startswith(_JPEG) else None
    if form is None:
        raise InvalidRecord("expected the logo to be a PNG or JPEG picture", field="logo")
    size = _png_size(data) if form == "png" else _jpeg_size(data)
    if size is None or not 0 < size[0] * size[1] <= MOST_PIXELS:
        raise InvalidRecord(f"expected a whole picture of at most {MOST_PIXELS:,} pixels as the logo", field="logo")
    return Logo(form=form, width=size[0], height=size[1], data=data)


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Of the first chunk, IHDR (PNG specification, 11.2.2)."""
    if data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Of the first frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if kind in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + length
    return None
