"""Entries: header to note and back (docs/format.md sections 3 and 4)."""

import contextlib
import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger.canonical import encode
from disclosure_ledger.errors import Malformed, ProofFailed, UnknownVersion
from disclosure_ledger.log import content, entry, note, streams
from disclosure_ledger.log.entry import Entry, Header, StreamLink
from disclosure_ledger.log.header import header_text, read_header
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.log.note import SignatureLine, VerifierKey
from disclosure_ledger.strict import instant
from golden_log import ORIGIN, b64, folder, golden, keys, signers
from log_maker import LogMaker, recorder


def golden_notes() -> list[bytes]:
    return [(folder() / f"entries/{index:02d}.note").read_bytes() for index in range(32)]


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


NOTES = golden_notes()


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


SEALED_HEADER = Header(
    origin=ORIGIN,
    index=7,
    previous=bytes(32),
    recorded_at=dt.datetime(2026, 11, 23, 14, 3, 22, 5, tzinfo=dt.UTC),
    kind="disclosure",
    content_root=bytes(32),
    content_fields=31,
    stream=StreamLink(tag=bytes(32), position=3, previous=bytes(32)),
)


@pytest.mark.parametrize("form", ["plain", 'a"b', "a\\b", "~!"])
def test_a_header_reads_back_whatever_the_origin(form: str) -> None:
    header = replace(SEALED_HEADER, origin=form)
    signed = entry.sign(header, recorder("owner"))
    assert entry.parse(signed.raw) == signed


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": ""},
        {"origin": "a b"},
        {"origin": "a+b"},
        {"origin": "x" * 121},
        {"index": -1},
        {"index": True},
        {"index": 2**53},
        {"index": 0},
        {"previous": bytes(31)},
        {"kind": "nobody"},
        {"kind": "genesis"},
        {"kind": "stream_map"},
        {"content_root": None},
        {"content_root": bytes(33)},
        {"content_fields": None},
        {"content_fields": 30},
        {"content_fields": True},
        {"public": {}},
        {"stream": StreamLink(tag=bytes(31), position=3, previous=bytes(32))},
        {"stream": StreamLink(tag=bytes(32), position=0, previous=bytes(32))},
        {"stream": StreamLink(tag=bytes(32), position=3, previous=None)},
        {"stream": StreamLink(tag=bytes(32), position=-1, previous=bytes(32))},
        {"stream": StreamLink(tag=bytes(32), position=3, previous=bytes(31))},
        {"stream": StreamLink(tag=bytes(32), position=True, previous=bytes(32))},
    ],
)
def test_a_header_that_no_entry_may_have_is_not_signed(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        entry.sign(replace(SEALED_HEADER, **changes), recorder("owner"))


def value_of(index: int) -> dict[str, Any]:
    return json.loads(NOTES[index].partition(b"\n")[0])


def refused(value: Any) -> bool:
    try:
        read_header(encode(value) + b"\n")
    except UnknownVersion:
        return False
    except Malformed:
        return True
    return False


@pytest.mark.parametrize("index", range(32))
def test_a_header_without_one_member_or_with_one_more_is_refused(index: int) -> None:
    value = value_of(index)
    assert not refused(value)
    for name in value:
        if name != "stream":
            assert refused({key: item for key, item in value.items() if key != name}), name
    for name, item in (("extra", None), ("stream", None), ("public", {}), ("content", {}), ("content", None)):
        assert refused({**value, name: item}), name


WRONG = (None, True, 0, -1, "", "x", [], {}, [None], 2**53 - 1, "AAAA")


def may_hold(index: int, name: str, value: object) -> bool:
    """Whether a header alone may say so: which index and origin are right, the verifier knows."""
    largest = value == 2**53 - 1
    if name == "origin":
        return index in (1, 6, 17, 27) and value in ("x", "AAAA")
    if name == "index":
        return (largest and index not in (0, 17)) or (index == 0 and type(value) is int and value == 0)
    return name == "v" and largest


@pytest.mark.parametrize("index", [0, 1, 6, 14, 16, 17, 26, 27])
def test_no_member_holds_a_value_of_another_form(index: int) -> None:
    value = value_of(index)
    for name in value:
        for wrong in WRONG:
            assert refused({**value, name: wrong}) is not may_hold(index, name, wrong), (name, wrong)


@pytest.mark.parametrize("index", [0, 1, 6, 14, 16, 17, 26, 27])
def test_no_inner_member_is_missing_added_or_of_another_form(index: int) -> None:
    value = value_of(index)
    for outer in ("content", "public", "stream"):
        for name in value.get(outer, {}):
            rest = {key: item for key, item in value[outer].items() if key != name}
            assert refused({**value, outer: rest}), name
            for wrong in WRONG:
                changed = {**value, outer: {**rest, name: wrong}}
                harmless = (
                    (name in ("practice", "authority", "reason") and isinstance(wrong, str) and wrong)
                    or changed == value
                    or (name == "streams" and wrong in (0, 2**53 - 1) and wrong is not True)
                    or (name == "position" and index == 6 and wrong == 2**53 - 1)
                )
                assert refused(changed) is not bool(harmless), (name, wrong)
        if outer in value:
            assert refused({**value, outer: {**value[outer], "extra": None}})


@pytest.mark.parametrize(
    "ranges",
    [
        [],
        [[]],
        [[1]],
        [[1, 2, 3]],
        [[2, 1]],
        [[-1, 1]],
        [[1, 27]],
        [[27, 27]],
        [[28, 29]],
        [[3, 4], [1, 2]],
        [[1, 2], [2, 3]],
        [[1, 2], [3, 4]],
        [[1, True]],
        [["1", "2"]],
        [1, 2],
        {"1": 2},
        "12",
        None,
    ],
)
def test_ranges_of_an_erasure_in_another_form_are_refused(ranges: object) -> None:
    value = value_of(27)
    assert not refused({**value, "public": {**value["public"], "entries": [[0, 0], [2, 3], [5, 26]]}})
    assert refused({**value, "public": {**value["public"], "entries": ranges}})


def test_an_erasure_gives_its_ranges() -> None:
    assert entry.erased_by(entry.parse(NOTES[27]).header) == ((3, 4),)


@pytest.mark.parametrize("public", ["genesis", "recorder_added", "recorder_revoked"])
def test_a_key_that_is_no_recorders_of_this_origin_is_refused(public: str) -> None:
    index = {"genesis": 0, "recorder_added": 5, "recorder_revoked": 16}[public]
    value = value_of(index)
    for vkey in golden("names-and-keys.json")["refused_as_recorder_of_this_origin"]:
        assert refused({**value, "public": {**value["public"], "recorder": vkey}})
    for case in golden("names-and-keys.json")["refused_vkeys"]:
        assert refused({**value, "public": {**value["public"], "recorder": case["vkey"]}})


@pytest.mark.parametrize("index", [0, 26])
def test_log_keys_of_another_type_or_name_are_refused(index: int) -> None:
    value, public = value_of(index), value_of(index)["public"]
    other = VerifierKey(name="other.example", kind=1, public=keys()["log-1"].public).vkey()
    weak = [case["vkey"] for case in golden("names-and-keys.json")["refused_vkeys"]]
    for wrong in (public["log_key_mldsa"], keys()["recorder-owner"].vkey(), keys()["witness"].vkey(), other, *weak):
        assert refused({**value, "public": {**public, "log_key": wrong}})
    for wrong in (public["log_key"], keys()["witness"].vkey(), *weak):
        assert refused({**value, "public": {**public, "log_key_mldsa": wrong}})


def test_a_witness_key_of_a_recorders_name_is_no_recorders() -> None:
    value, name = value_of(5), f"{ORIGIN}/recorders/second"
    good, witness = (
        VerifierKey(name=name, kind=kind, public=keys()["recorder-stranger"].public).vkey() for kind in (1, 4)
    )
    assert not refused({**value, "public": {"recorder": good}})
    assert refused({**value, "public": {"recorder": witness}})


@pytest.mark.parametrize("name", ["size", "streams"])
def test_true_is_no_number_where_it_would_equal_one(name: str) -> None:
    value = {**value_of(17), "index": 1}
    public = {**value["public"], "size": 1, "streams": 1}
    assert not refused({**value, "public": public})
    assert refused({**value, "public": {**public, name: True}})


def test_what_a_public_entry_names_is_asked_of_no_other() -> None:
    for reader in (entry.recorder_of, entry.log_keys_of, entry.erased_by):
        with pytest.raises(Malformed):
            reader(SEALED_HEADER)
        with pytest.raises(Malformed):
            reader(entry.parse(NOTES[17]).header)


@pytest.mark.parametrize(
    "changes",
    [
        {"public": None},
        {"content_root": bytes(32)},
        {"content_fields": 0},
        {"content_fields": 31},
        {"stream": StreamLink(tag=bytes(32), position=0, previous=None)},
    ],
)
def test_a_public_entry_with_content_or_stream_is_not_signed(changes: dict[str, Any]) -> None:
    header = entry.parse(NOTES[16]).header
    entry.sign(header, recorder("owner"))
    with pytest.raises(Malformed):
        entry.sign(replace(header, **changes), recorder("owner"))


def test_one_key_in_two_roles_makes_no_genesis() -> None:
    value = value_of(0)
    same = VerifierKey(name=f"{ORIGIN}/recorders/owner", kind=1, public=keys()["log-1"].public)
    assert refused({**value, "public": {**value["public"], "recorder": same.vkey()}})


@pytest.mark.parametrize("version", [2, 3, 2**53 - 1])
def test_a_later_version_is_unknown_whatever_else_it_says(version: int) -> None:
    for value in ({**value_of(6), "v": version}, {**value_of(6), "v": version, "new": {}}, {"v": version}):
        with pytest.raises(UnknownVersion):
            read_header(encode(value) + b"\n")
    signed = note.format(encode({"v": version}) + b"\n", [SignatureLine(name="a", key_id=b"abcd", signature=b"x")] * 2)
    with pytest.raises(UnknownVersion):
        entry.parse(signed)


@pytest.mark.parametrize("version", [0, -1, True, "1", "2", None, [2]])
def test_what_is_no_later_version_is_malformed(version: object) -> None:
    assert refused({**value_of(6), "v": version})


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"\n", b"{}", b"{}\n\n", b"[]\n", b"1\n", b'{"v":1}\n{"v":1}\n', b'{"v": 1}\n', b"{\n}\n"),
        *(b'{"v":2}', b'{"v":2}x', b'{"v":2}\n ', b'{"v":2}\r\n', b' {"v":2}\n'),
    ],
)
def test_a_header_that_is_not_one_line_of_an_object_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        read_header(text)


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
