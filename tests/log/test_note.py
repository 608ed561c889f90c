"""Signed notes and vkeys (C2SP signed-note), with the weak keys that the cryptographic library takes."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import note
from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, SignatureLine, VerifierKey
from locate import vectors

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def published() -> dict[str, Any]:
    return json.loads((vectors() / "signed-note/notes.json").read_text())


def golden_keys() -> dict[str, Any]:
    return json.loads((vectors() / "format-v1/names-and-keys.json").read_text())


def vkey_of(name: str, kind: int, public: bytes) -> str:
    """A vkey spelt by hand, also where the key is one to refuse."""
    identity = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).hexdigest()[:8]
    return f"{name}+{identity}+{base64.b64encode(bytes([kind]) + public).decode()}"


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Addition on the curve of RFC 8032 section 5.1.4, in affine coordinates."""
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def x_of(y: int) -> int:
    """A square root for x (RFC 8032 section 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return x


LOW_ORDER_Y = (
    0,
    1,
    P - 1,
    int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
    int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
)


def test_the_eight_points_of_low_order_are_those_and_no_other() -> None:
    points = set()
    for y in LOW_ORDER_Y:
        for x in (x_of(y), -x_of(y) % P):
            point = (x, y)
            for _ in range(3):
                point = add(point, point)
            assert point == (0, 1)
            points.add((x, y))
    assert len(points) == 8


@pytest.mark.parametrize("y", LOW_ORDER_Y)
@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE])
def test_a_key_of_low_order_is_refused_with_either_sign(y: int, sign: int, kind: int) -> None:
    public = (y | sign << 255).to_bytes(32, "little")
    with pytest.raises(Malformed, match="low order"):
        VerifierKey(name="a", kind=kind, public=public)
    with pytest.raises(Malformed, match="low order"):
        VerifierKey.parse(vkey_of("a", kind, public))


@pytest.mark.parametrize("y", range(P, 2**255))
@pytest.mark.parametrize("sign", [0, 1])
def test_a_key_in_a_second_spelling_is_refused(y: int, sign: int) -> None:
    with pytest.raises(Malformed, match="canonical"):
        VerifierKey(name="a", kind=ED25519, public=(y | sign << 255).to_bytes(32, "little"))


def test_the_golden_keys_have_their_ids_and_vkeys() -> None:
    for case in golden_keys()["keys"]:
        key = VerifierKey.parse(case["vkey"])
        assert (key.name, key.kind, key.key_id.hex()) == (case["name"], case["type"], case["key_id_hex"])
        assert hashlib.sha256(key.public).hexdigest() == case["public_sha256"]
        assert key.vkey() == case["vkey"]


def test_the_golden_vkeys_to_refuse_are_refused() -> None:
    for case in golden_keys()["refused_vkeys"]:
        with pytest.raises(Malformed):
            VerifierKey.parse(case["vkey"])


def test_the_published_vkeys_to_refuse_are_refused() -> None:
    for vkey in published()["vkey_must_refuse"]:
        with pytest.raises(Malformed):
            VerifierKey.parse(vkey)


VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def test_no_part_and_no_neighbour_of_a_vkey_is_a_vkey() -> None:
    for begin in range(len(VKEY)):
        for end in range(begin + 1, len(VKEY) + 1):
            if end - begin < len(VKEY):
                with pytest.raises(Malformed):
                    VerifierKey.parse(VKEY[begin:end])
    for place, character in enumerate(VKEY):
        with pytest.raises(Malformed):
            VerifierKey.parse(VKEY[:place] + chr(ord(character) + 1) + VKEY[place + 1 :])


@pytest.mark.parametrize("case", ["sum.golang.org", "C2SP", "PeterNeumann", "EnochRoot"])
def test_the_published_notes_verify_and_no_other_text_does(case: str) -> None:
    chosen = [item for item in published()["verify_ok"] if case in item["name"]]
    assert chosen
    for item in chosen:
        if not item.get("vkey", "").isascii() or "+" not in item.get("vkey", ""):
            continue
        key, parsed = VerifierKey.parse(item["vkey"]), note.parse(item["note"].encode())
        (line,) = parsed.lines_of(key)
        key.verify(parsed.text, line.signature)
        for wrong in (parsed.text + b"\n", parsed.text[:-1], b"x" + parsed.text):
            with pytest.raises(ProofFailed):
                key.verify(wrong, line.signature)


def test_a_note_is_written_as_it_was_read() -> None:
    for item in published()["verify_ok"]:
        raw = item["note"].encode()
        parsed = note.parse(raw)
        assert note.format(parsed.text, parsed.signatures) == raw


LINE = "— a AAAAAAA="
NOTE = f"text\n\n{LINE}\n".encode()


def test_the_text_ends_at_the_last_empty_line() -> None:
    parsed = note.parse(f"one\n\ntwo\n\n\n{LINE}\n{LINE}\n".encode())
    assert parsed.text == b"one\n\ntwo\n\n"
    assert len(parsed.signatures) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"text\n",
        b"text\n\n",
        f"text\n{LINE}\n".encode(),
        f"text\n\n{LINE}".encode(),
        f"text\n\n{LINE}\n\n".encode(),
        "text\n\n— a AAAAAAAAx".encode(),
        f"text\n\n{LINE}\nmore\n".encode(),
        f"te\xaext\n\n{LINE}\n".encode("latin-1", "ignore"),
        b"te\xffxt\n\n" + f"{LINE}\n".encode(),
        f"te\txt\n\n{LINE}\n".encode(),
        f"te\x00xt\n\n{LINE}\n".encode(),
        f"text\r\n\n{LINE}\n".encode(),
        f"text\n\n{LINE}\r\n".encode(),
        f"text\n\n{LINE} \n".encode(),
        f"text\n\n {LINE}\n".encode(),
        b"text\n\n- a AAAAAAA=\n",
        "text\n\n—a AAAAAAA=\n".encode(),
        "text\n\n—  a AAAAAAA=\n".encode(),
        "text\n\n— a  AAAAAAA=\n".encode(),
        "text\n\n—  AAAAAAA=\n".encode(),
        "text\n\n— a+b AAAAAAA=\n".encode(),
        "text\n\n— a\u00a0b AAAAAAA=\n".encode(),
        "text\n\n— a\u2028b AAAAAAA=\n".encode(),
        "text\n\n— a AAAAAAB=\n".encode(),
        "text\n\n— a AAAAAAA\n".encode(),
        "text\n\n— a AAAAAA==\n".encode(),
        "text\n\n— a AAAA\n".encode(),
        "text\n\n— a \n".encode(),
        "text\n\n— a AAAA-AA=\n".encode(),
        "text\n\n— a b AAAAAAA=\n".encode(),
    ],
)
def test_another_spelling_of_a_note_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        note.parse(raw)


def test_the_names_of_strangers_may_be_any_text_without_space() -> None:
    assert note.parse("text\n\n— Zürich AAAAAAA=\n".encode()).signatures[0].name == "Zürich"


def test_a_note_carries_at_most_as_many_lines_as_asked() -> None:
    raw = b"text\n\n" + f"{LINE}\n".encode() * 100
    assert len(note.parse(raw).signatures) == 100
    for wrong, most in ((raw + f"{LINE}\n".encode(), 100), (raw, 99)):
        with pytest.raises(Malformed, match="signature lines"):
            note.parse(wrong, most_signatures=most)


def test_a_huge_note_is_refused_unread() -> None:
    with pytest.raises(Malformed, match="bytes"):
        note.parse(b"x" * note.MOST_BYTES + NOTE)


def test_a_line_belongs_to_a_key_by_name_and_id_together() -> None:
    key = VerifierKey.parse(VKEY)
    lines = [
        SignatureLine(name=key.name, key_id=key.key_id, signature=b"x"),
        SignatureLine(name=key.name, key_id=b"1234", signature=b"x"),
        SignatureLine(name="other", key_id=key.key_id, signature=b"x"),
    ]
    assert note.parse(note.format(b"text\n", lines)).lines_of(key) == (lines[0],)


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 7, 255])
def test_a_key_of_another_type_is_refused(kind: int) -> None:
    with pytest.raises(Malformed):
        VerifierKey(name="a", kind=kind, public=bytes(range(32)))


@pytest.mark.parametrize(
    ("kind", "size"), [(ED25519, 31), (ED25519, 33), (MLDSA44, 1311), (MLDSA44, 32), (COSIGNATURE, 0)]
)
def test_a_key_of_another_length_is_refused(kind: int, size: int) -> None:
    with pytest.raises(Malformed):
        VerifierKey(name="a", kind=kind, public=b"\x07" * size)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_raise_anything_but_malformed(raw: bytes) -> None:
    try:
        parsed = note.parse(raw)
    except Malformed:
        return
    assert note.format(parsed.text, parsed.signatures) == raw


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_of_vkeys_raise_anything_but_malformed(text: str) -> None:
    try:
        key = VerifierKey.parse(text)
    except Malformed:
        return
    assert key.vkey() == text


@given(st.integers(0, len(NOTE) - 1), st.integers(0, 255))
def test_one_byte_changed_is_another_note_or_none(place: int, value: int) -> None:
    raw = NOTE[:place] + bytes([value]) + NOTE[place + 1 :]
    try:
        parsed = note.parse(raw)
    except Malformed:
        return
    assert note.format(parsed.text, parsed.signatures) == raw
