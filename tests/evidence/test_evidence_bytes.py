"""The evidence file's bytes: made as the golden ones are, one spelling, and harmless in any other."""

import json
import random
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger import evidence
from disclosure_ledger.canonical import encode
from disclosure_ledger.errors import DisclosureLedgerError, Malformed, UnknownVersion
from disclosure_ledger.evidence import Evidence, Held, form
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.log.findings import Outcome
from golden_log import b64, folder, golden
from outcomes import codes, path, trust

NAMES = ["evidence.json", "evidence-nothing.json"]


def raw(name: str = "evidence.json") -> bytes:
    return path(name).read_bytes()


def note(index: int) -> bytes:
    return (folder() / f"entries/{index:02}.note").read_bytes()


def held(one: Any) -> Held:
    """A golden entry as a practice would hold it, from what it was made from."""
    index = json.loads(one.note.split(b"\n")[0])["index"]
    if one.erasure is not None:
        return Held(note=note(index), proof=one.proof, erasure=one.erasure)
    case = golden("entries.json")["entries"][index]
    return Held(note=note(index), proof=one.proof, fields=case["fields"], salt_root=b64(case["salt_root"]))


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_evidence_is_made_to_the_byte(name: str) -> None:
    """All of it is decided by the builder but `latest_on`, which may be missing and is missing there."""
    made = evidence.parse(raw(name))
    built = evidence.build(
        checkpoint=made.checkpoint,
        keys=made.keys,
        stream_map=made.stream_map,
        stream=[held(one) for one in made.stream],
        listed=[held(one) for one in made.listed],
        accounting=Accounting.from_json(made.accounting),
    )
    again = evidence.parse(built)
    accounting = {name: value for name, value in again.accounting.items() if name != "latest_on"}
    assert evidence.format(replace(again, accounting=accounting)) == raw(name)


def test_an_accounting_without_a_canonical_spelling_makes_no_evidence() -> None:
    made = evidence.parse(raw())
    for bad in ("e\u0301", "\ud800", 1.5):
        with pytest.raises(Malformed):
            evidence.format(replace(made, accounting={**made.accounting, "note": bad}))


@pytest.mark.parametrize("name", NAMES)
def test_parsing_and_formatting_again_gives_the_same_bytes(name: str) -> None:
    assert evidence.format(evidence.parse(raw(name))) == raw(name)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: b" " + data,
        lambda data: data.replace(b'"listed":', b'"listed": ', 1),
        lambda data: data.replace(b'"timestamps":[]', b'"timestamps":[],"timestamps":[]', 1),
        lambda data: data.replace(b'"timestamps":[]', b'"timestamps":null', 1),
        lambda data: data.replace(b'"timestamps":[]', b'"timestamps":["AAB="]', 1),
        lambda data: data.replace(b'"length":12', b'"length":12.0', 1),
        lambda data: data.replace(b'"length":12', b'"length":0', 1),
        lambda data: data.replace(b'"length":12', b'"length":"12"', 1),
        lambda data: data.replace("é".encode(), "e\u0301".encode(), 1),
        lambda data: b"[" + data + b"]",
        lambda data: b"",
    ],
)
def test_another_spelling_is_refused_and_fails(change: Any) -> None:
    changed = change(raw())
    assert changed != raw()
    with pytest.raises(Malformed):
        evidence.parse(changed)
    verdict = evidence.verify(changed, trust("log-1"))
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["13.form"])


def test_a_later_version_is_incomplete_however_it_is_spelt() -> None:
    for text in (b'{"format":"disclosure-ledger/evidence/v2"}', b'{ "format": "disclosure-ledger/evidence/v17" }\n'):
        with pytest.raises(UnknownVersion):
            evidence.parse(text)
        assert evidence.verify(text, trust("log-1")).outcome is Outcome.INCOMPLETE


def test_evidence_is_bounded() -> None:
    with pytest.raises(Malformed, match="at most"):
        evidence.parse(bytes(form.MOST_BYTES + 1))


def test_an_entry_is_opened_or_erased_and_not_both() -> None:
    shown = evidence.Shown(note=b"", proof=())
    for content, erasure in ((None, None), ([], shown)):
        with pytest.raises(Malformed):
            evidence.Opened(note=b"", proof=(), content=content, erasure=erasure)


def hashes(made: Evidence) -> list[tuple[str, int, int]]:
    """Where every hash of every proof stands: which list, which entry, which hash."""
    found = [("map", 0, place) for place in range(len(made.stream_map.siblings))]
    found += [("last", 0, place) for place in range(len(made.stream_map.proof))]
    for name in ("keys", "stream", "listed"):
        found += [(name, at, place) for at, one in enumerate(getattr(made, name)) for place in range(len(one.proof))]
    found += [("handover", 4, place) for place in range(len(made.keys[4].consistency or ()))]
    return found


def flipped(made: Evidence, where: tuple[str, int, int], *, cut: bool) -> Evidence:
    name, at, place = where

    def other(proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
        if cut:
            return proof[:place] + proof[place + 1 :]
        return (*proof[:place], bytes((proof[place][0] ^ 1,)) + proof[place][1:], *proof[place + 1 :])

    if name == "map":
        return replace(made, stream_map=replace(made.stream_map, siblings=other(made.stream_map.siblings)))
    if name == "last":
        return replace(made, stream_map=replace(made.stream_map, proof=other(made.stream_map.proof)))
    if name == "handover":
        one = made.keys[at]
        shown = replace(one, consistency=other(one.consistency or ()))
        return replace(made, keys=(*made.keys[:at], shown, *made.keys[at + 1 :]))
    items = getattr(made, name)
    shown = replace(items[at], proof=other(items[at].proof))
    return replace(made, **{name: (*items[:at], shown, *items[at + 1 :])})


def test_every_hash_of_every_proof_is_needed() -> None:
    made = evidence.parse(raw())
    places = hashes(made)
    assert len(places) > 90
    for where in places:
        for cut in (True, False):
            found = evidence.verify(evidence.format(flipped(made, where, cut=cut)), trust("log-1"))
            assert found.outcome is Outcome.FAILED, (where, cut)


def test_every_entry_key_and_listing_is_needed() -> None:
    made = evidence.parse(raw())
    for name in ("keys", "stream", "listed"):
        items = getattr(made, name)
        for at in range(len(items)):
            lacking = replace(made, **{name: items[:at] + items[at + 1 :]})
            found = evidence.verify(evidence.format(lacking), trust("log-1"))
            if name == "keys" and at in (2, 3):
                continue  # a third recorder that signed nothing shown here, and its revocation
            assert found.outcome is Outcome.FAILED, (name, at)


def test_every_opened_place_is_needed() -> None:
    value = json.loads(raw())
    for at, one in enumerate(value["stream"]["entries"]):
        for place in range(len(one.get("content", ()))):
            changed = json.loads(raw())
            places = changed["stream"]["entries"][at]["content"]
            if isinstance(places[place], list):
                places[place][0] = "AAAAAAAAAAAAAAAAAAAAAA=="
            else:
                places[place] = "A" * 43 + "="
            data = orjson.dumps(changed, option=orjson.OPT_SORT_KEYS)
            assert evidence.verify(data, trust("log-1")).outcome is Outcome.FAILED, (at, place)


def test_no_changed_byte_makes_it_raise_and_none_of_a_note_verifies() -> None:
    good, chance = raw(), random.Random(5)
    protected = good.index(b'"checkpoint":"oakstreet'), good.index(b'"format":"disclosure-ledger/evidence')
    for _ in range(400):
        place = chance.randrange(len(good))
        changed = good[:place] + bytes((good[place] ^ (1 << chance.randrange(8)),)) + good[place + 1 :]
        verdict = evidence.verify(changed, trust("log-1"))
        if place > protected[1]:
            assert verdict.outcome is not Outcome.VERIFIED, place


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_member_of_any_other_shape_makes_it_raise(data: st.DataObject) -> None:
    """Some value anywhere in the object is replaced by one of another kind."""
    value = json.loads(raw("evidence-nothing.json") if data.draw(st.booleans()) else raw())
    target, key = value, data.draw(st.sampled_from(sorted(value)))
    while isinstance(target[key], (dict, list)) and target[key] and data.draw(st.integers(0, 5)):
        target = target[key]
        key = data.draw(
            st.sampled_from(sorted(target)) if isinstance(target, dict) else st.integers(0, len(target) - 1)
        )
    scalars = st.none() | st.booleans() | st.integers(-5, 2**53 - 1) | st.text(max_size=20)
    target[key] = data.draw(
        scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=5), scalars, max_size=3)
    )
    try:
        changed = encode(value)
    except DisclosureLedgerError:
        changed = orjson.dumps(value) if _encodable(value) else b""
    evidence.verify(changed, trust("log-1"))


def _encodable(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


@given(st.binary(max_size=200))
def test_arbitrary_bytes_fail(data: bytes) -> None:
    assert evidence.verify(data, trust("log-1")).outcome is Outcome.FAILED


def test_the_deepest_json_is_refused() -> None:
    for data in (b"[" * 100_000, b'{"accounting":' * 5_000 + b"1" + b"}" * 5_000):
        assert evidence.verify(data, trust("log-1")).outcome is Outcome.FAILED
