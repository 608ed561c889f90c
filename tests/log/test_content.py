"""The salted tree of an entry's fields (docs/format.md section 5)."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.canonical import encode
from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import content
from disclosure_ledger.log.kinds import SEALED
from golden_log import b64, golden

SALT_ROOT = bytes(range(32))
FIELDS = {"client": "C-1001", "reason": "a letter from a lawyer"}


def cases() -> list[dict[str, Any]]:
    return golden("content.json")["cases"]


def test_the_golden_contents_have_their_salts_field_hashes_and_root() -> None:
    for case in cases():
        order, salt_root = SEALED[case["kind"]], b64(case["salt_root"])
        assert dict(zip(order, content.salts(salt_root, len(order)), strict=True)) == {
            name: b64(salt) for name, salt in case["salts"].items()
        }
        hashes = [content.field_hash(text.encode()) for text in case["field_texts"]]
        assert hashes == [b64(item) for item in case["field_hashes"]]
        assert content.content_root(hashes) == b64(case["root"])
        assert content.commit(case["kind"], case["fields"], salt_root) == b64(case["root"])


def test_a_field_left_out_is_null() -> None:
    for case in cases():
        given_fields = {name: value for name, value in case["fields"].items() if value is not None}
        assert content.commit(case["kind"], given_fields, b64(case["salt_root"])) == b64(case["root"])


def test_the_golden_openings_are_made_to_the_byte_and_hold() -> None:
    for case in cases():
        for opened in case["opened"].values():
            names = [name for name, item in zip(SEALED[case["kind"]], opened, strict=True) if isinstance(item, list)]
            made = content.open_fields(case["kind"], case["fields"], b64(case["salt_root"]), names)
            assert encode(made) == encode(opened)
            found = content.check_opened(case["kind"], b64(case["root"]), opened)
            assert found == {name: case["fields"][name] for name in names}


def test_the_golden_openings_that_must_not_hold_do_not() -> None:
    for case in cases():
        for refused in case["refused"]:
            with pytest.raises((Malformed, ProofFailed)):
                content.check_opened(case["kind"], b64(case["root"]), refused["content"])


def test_a_whole_content_holds_and_no_other() -> None:
    root = content.commit("hold", FIELDS, SALT_ROOT)
    content.check_whole("hold", root, FIELDS, SALT_ROOT)
    content.check_whole("hold", root, {**FIELDS, "note": None}, SALT_ROOT)
    for fields, salt_root in (
        ({**FIELDS, "reason": "a letter"}, SALT_ROOT),
        ({"client": "C-1001"}, SALT_ROOT),
        ({**FIELDS, "note": ""}, SALT_ROOT),
        ({**FIELDS, "note": False}, SALT_ROOT),
        (FIELDS, bytes(32)),
    ):
        with pytest.raises(ProofFailed):
            content.check_whole("hold", root, fields, salt_root)


def test_no_opening_holds_for_another_root_or_kind() -> None:
    root = content.commit("hold", FIELDS, SALT_ROOT)
    opened = content.open_fields("hold", FIELDS, SALT_ROOT, ["reason"])
    for kind, wrong in (
        ("hold", bytes(32)),
        ("hold", root[:31]),
        ("hold_lifted", root),
        ("genesis", root),
        ("x", root),
    ):
        with pytest.raises((Malformed, ProofFailed)):
            content.check_opened(kind, wrong, opened)


def test_a_field_that_the_kind_does_not_have_is_refused_everywhere() -> None:
    with pytest.raises(Malformed):
        content.commit("hold", {**FIELDS, "extra": None}, SALT_ROOT)
    with pytest.raises(Malformed):
        content.open_fields("hold", FIELDS, SALT_ROOT, ["extra"])
    with pytest.raises(Malformed):
        content.open_fields("hold", {**FIELDS, "extra": 1}, SALT_ROOT, [])
    with pytest.raises(Malformed):
        content.commit("stream_map", {}, SALT_ROOT)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_salt_root_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(Malformed):
        content.commit("hold", FIELDS, bytes(size))


@pytest.mark.parametrize("value", [1.5, "e\u0301", 2**53, {1: 2}, {"ä": 1}, "\ud800", b"x"])
def test_a_value_without_canonical_json_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        content.commit("hold", {**FIELDS, "note": value}, SALT_ROOT)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        0,
        True,
        {},
        [],
        "short",
        ["x"],
        ["AAAAAAAAAAAAAAAAAAAAAA==", "reason"],
        [5, "reason", "a"],
        [None, "reason", "a"],
        [[], "reason", 1],
    ],
)
def test_a_place_that_holds_anything_else_is_refused(wrong: object) -> None:
    opened = content.open_fields("hold", FIELDS, SALT_ROOT, ["reason"])
    opened[SEALED["hold"].index("reason")] = wrong
    with pytest.raises(Malformed):
        content.check_opened("hold", content.commit("hold", FIELDS, SALT_ROOT), opened)


@pytest.mark.parametrize(
    "item",
    [
        ["AAAAAAAAAAAAAAAAAAAAAA==", "client", "C-1"],
        ["AAAAAAAAAAAAAAAAAAAAAA==", "Reason", "a"],
        ["AAAAAAAAAAAAAAAAAAAAAA==", None, "a"],
        ["AAAAAAAAAAAAAAAAAAAA", "reason", "a"],
        ["AAAAAAAAAAAAAAAAAAAAAAA=", "reason", "a"],
        ["", "reason", "a"],
        ["AAAAAAAAAAAAAAAAAAAAAB==", "reason", "a"],
        ["AAAAAAAAAAAAAAAAAAAAAA==", "reason"],
        ["AAAAAAAAAAAAAAAAAAAAAA==", "reason", "a", "b"],
    ],
)
def test_a_place_in_another_form_is_refused_even_where_the_root_agrees(item: list[Any]) -> None:
    """Whoever commits may commit to anything: what is opened must be the field of its place all the same."""
    opened = content.open_fields("hold", FIELDS, SALT_ROOT, [])
    opened[SEALED["hold"].index("reason")] = item
    hashes = [content.field_hash(encode(one)) if isinstance(one, list) else b64(one) for one in opened]
    with pytest.raises(Malformed):
        content.check_opened("hold", content.content_root(hashes), opened)


@pytest.mark.parametrize("wrong", [None, {}, "x", (), 5])
def test_opened_content_that_is_no_array_is_refused(wrong: object) -> None:
    with pytest.raises(Malformed):
        content.check_opened("hold", content.commit("hold", FIELDS, SALT_ROOT), wrong)


def oracle(kind: str, fields: dict[str, Any], salt_root: bytes) -> bytes:
    """The root as section 5 says it, a step at a time."""
    salts = content.salts(salt_root, len(SEALED[kind]))
    hashes = [
        hashlib.sha256(b"\x20" + encode([content.base64_of(salt), name, fields.get(name)])).digest()
        for name, salt in zip(SEALED[kind], salts, strict=True)
    ]
    return hashlib.sha256(b"\x21" + b"".join(hashes)).digest()


VALUES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text('aé"\\\n€', max_size=8)


@given(st.sampled_from(sorted(SEALED)), st.data())
def test_the_root_is_that_of_the_plain_rule_and_every_opening_of_it_holds(kind: str, data: st.DataObject) -> None:
    names = st.sets(st.sampled_from(SEALED[kind]))
    fields = {name: data.draw(VALUES | st.lists(VALUES, max_size=2)) for name in data.draw(names)}
    root = content.commit(kind, fields, SALT_ROOT)
    assert root == oracle(kind, fields, SALT_ROOT)
    chosen = data.draw(names)
    opened = content.open_fields(kind, fields, SALT_ROOT, chosen)
    assert content.check_opened(kind, root, opened) == {name: fields.get(name) for name in chosen}
