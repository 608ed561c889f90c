"""Entries: header to note and back (docs/format.md section 3)."""

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger.canonical import encode
from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import content, entry, note, streams
from disclosure_ledger.log.entry import Entry, Header, StreamLink
from disclosure_ledger.log.header import header_text, read_header
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.strict import instant
from golden_log import ORIGIN, b64, golden, keys, signers
from headers import NOTES, SEALED_HEADER, golden_notes, value_of
from log_maker import LogMaker, recorder


def made_from(case: dict[str, Any], before: list[Entry]) -> Header:
    """The header that the golden story gives this entry, from its parts alone."""
    parts: dict[str, Any] = {"public": case.get("public")}
    if (kind := case["kind"]) in SEALED:
        root = content.commit(kind, case["fields"], b64(case["salt_root"]))
        parts = {"content_root": root, "content_fields": len(SEALED[kind])}
    if case.get("class"):
        tag = streams.tag(
            bytes.fromhex(golden("stream-tags.json")["tag_key_hex"]), case["class"], case["fields"]["client"]
        )
        chain = [item for item in before if item.header.stream and item.header.stream.tag == tag]
        parts["stream"] = StreamLink(tag=tag, position=len(chain), previous=chain[-1].leaf_hash if chain else None)
    previous = before[-1].leaf_hash if before else bytes(32)
    moment = instant(case["recorded_at"])
    return Header(origin=ORIGIN, index=case["index"], previous=previous, recorded_at=moment, kind=kind, **parts)


def test_the_golden_ledger_is_made_to_the_byte_from_its_seeds() -> None:
    before: list[Entry] = []
    for case, raw in zip(golden("entries.json")["entries"], golden_notes(), strict=True):
        made = entry.sign(made_from(case, before), signers()[f"recorder-{case['recorder']}"])
        assert header_text(made.header) == case["header"].encode() + b"\n"
        assert made.raw == raw
        assert made.leaf_hash == b64(case["leaf_hash"])
        before.append(made)


def test_the_golden_entries_are_read_as_they_were_made_and_verify() -> None:
    before: list[Entry] = []
    for case, raw in zip(golden("entries.json")["entries"], golden_notes(), strict=True):
        read = entry.parse(raw)
        assert read.header == made_from(case, before)
        assert (read.raw, read.leaf_hash) == (raw, b64(case["leaf_hash"]))
        entry.verify(read, keys()[f"recorder-{case['recorder']}"])
        before.append(read)


def test_no_golden_entry_verifies_under_another_key() -> None:
    for raw in golden_notes():
        with pytest.raises(ProofFailed):
            entry.verify(entry.parse(raw), keys()["recorder-stranger"])


def test_the_short_way_and_the_long_way_read_every_golden_note_alike() -> None:
    for raw in golden_notes():
        assert entry.parse(raw) == entry.parse_any(raw)


@settings(max_examples=400)
@given(st.sampled_from([1, 3, 6, 9, 11, 25]), st.data())
def test_the_short_way_accepts_no_note_that_the_long_way_refuses(number: int, data: st.DataObject) -> None:
    raw = bytearray(NOTES[number])
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.sampled_from(b'0129AaQz+/="{},:_\n ') | st.integers(0, 255))
    try:
        expected = entry.parse_any(bytes(raw))
    except Malformed:
        with pytest.raises(Malformed):
            entry.parse(bytes(raw))
        return
    assert entry.parse(bytes(raw)) == expected


SPOTS = ("2019-03-01", '"fields":10', '"position":0', '"index":1,', '"v":1', "null", '"kind":"client"', ORIGIN)
OTHERS = (*("2019-02-30", '"fields":31', '"fields":010', '"position":1', '"position":00', '"index":01,', '"index":0,'),)
OTHERS += (*('"v":2', '"v":0', '"v":01', '"v":true', '"kind":"genesis"', '"kind":"disclosure"', '"kind":"nobody"'),)
OTHERS += (*('"index":9007199254740993,', '"position":9007199254740993', 'a"b', "a\\b", "a+b", "a b", "", "x" * 121),)


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("other", OTHERS)
def test_both_ways_agree_on_members_put_in_each_others_place(spot: str, other: str) -> None:
    raw = NOTES[1].replace(spot.encode(), other.encode())
    found = []
    for way in (entry.parse, entry.parse_any):
        try:
            found.append(way(raw))
        except Malformed as error:
            found.append(type(error))
    assert found[0] == found[1]


def maker() -> LogMaker:
    made = LogMaker()
    made.genesis()
    return made


def test_an_entry_has_one_signature_line() -> None:
    made = maker().sealed("client")
    with pytest.raises(Malformed, match="one signature line"):
        entry.parse(note.append_line(made.raw, made.signature))


def test_a_note_that_is_too_long_is_refused_read_or_signed() -> None:
    public = {"authority": "x", "entries": [[1, 1]], "reason": "y"}
    header = replace(SEALED_HEADER, kind="erasure", content_root=None, content_fields=None, stream=None)
    room = 65_535 - len(entry.sign(replace(header, public=public), recorder("owner")).raw)
    longest = entry.sign(replace(header, public={**public, "reason": "y" * (1 + room)}), recorder("owner"))
    assert len(longest.raw) == 65_535
    assert entry.parse(longest.raw) == longest
    with pytest.raises(Malformed, match="65535"):
        entry.sign(replace(header, public={**public, "reason": "y" * (2 + room)}), recorder("owner"))
    too_long = note.format(longest.text, [replace(longest.signature, signature=longest.signature.signature + b"xxx")])
    with pytest.raises(Malformed, match="65535"):
        entry.parse(too_long)
    with pytest.raises(Malformed, match="65535"):
        entry.parse(b"x" * 65_536)


def test_an_entry_verifies_under_the_key_of_its_line_alone() -> None:
    made = maker().sealed("client")
    entry.verify(made, recorder("owner").key)
    same_key = VerifierKey(name=f"{ORIGIN}/recorders/other", kind=1, public=recorder("owner").key.public)
    for key in (recorder("front-desk").key, same_key):
        with pytest.raises(ProofFailed, match="another key"):
            entry.verify(made, key)


def test_a_bit_changed_anywhere_in_a_note_is_noticed() -> None:
    made = maker().sealed("client")
    for place in range(len(made.raw)):
        changed = made.raw[:place] + bytes([made.raw[place] ^ 1]) + made.raw[place + 1 :]
        with pytest.raises((Malformed, ProofFailed)):
            entry.verify(entry.parse(changed), recorder("owner").key)


def test_two_headers_that_differ_in_client_data_alone_are_of_one_form() -> None:
    lengths = set()
    for client in ("C-1", "a client number of sixty-four characters, as long as one may be."):
        made = maker()
        lengths.add(len(made.sealed("client", client).raw))
    assert len(lengths) == 1


@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_raise_anything_but_malformed(raw: bytes) -> None:
    for candidate in (raw, raw + b"\n\n\xe2\x80\x94 a AAAAAAA=\n"):
        with contextlib.suppress(Malformed):
            entry.parse(candidate)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**53 - 1) | st.sampled_from(["", "a", "é", ORIGIN, "AAAA"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["root", "tag", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.integers(0, 31), st.sampled_from(["content", "public", "stream", "index", "kind", "previous"]), JSON_VALUES)
def test_no_json_makes_the_reader_of_headers_raise_anything_but_malformed(index: int, name: str, value: Any) -> None:
    with contextlib.suppress(Malformed):
        read_header(encode({**value_of(index), name: value}) + b"\n")
