"""Headers: what each may say, and in which form alone (docs/format.md sections 3 and 4)."""

from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger.canonical import encode
from disclosure_ledger.errors import Malformed, UnknownVersion
from disclosure_ledger.log import entry, note
from disclosure_ledger.log.entry import StreamLink
from disclosure_ledger.log.header import read_header
from disclosure_ledger.log.note import SignatureLine, VerifierKey
from golden_log import ORIGIN, golden, keys
from headers import NOTES, SEALED_HEADER, value_of
from log_maker import recorder


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
