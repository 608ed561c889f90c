"""Small pictures for letterheads, made here."""

import struct
import zlib


def png(width: int = 40, height: int = 20) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x12\x50\x4b" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 40, height: int = 20) -> bytes:
    """A grey picture: each block of 8 by 8 is two bits, no step in its brightness and no detail."""

    def segment(kind: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data

    one_code = bytes([1, *[0] * 15, 0])
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    tables = segment(0xC4, b"\x00" + one_code) + segment(0xC4, b"\x10" + one_code)
    blocks = -(-width // 8) * -(-height // 8)
    content = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\0" * -(-blocks // 4)
    return b"\xff\xd8" + segment(0xDB, b"\0" + b"\x01" * 64) + frame + tables + content + b"\xff\xd9"


def attached(content: bytes, kind: str) -> bytes:
    """The part of a PDF that an attached file is. `kind`: its media type, as PDF spells it."""
    head = f"1 0 obj\n<</Length {len(content)}/Type/EmbeddedFile/Subtype/{kind}>>\nstream\n".encode()
    return head + content + b"\nendstream\nendobj\n"
