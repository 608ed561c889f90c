"""The format's table of kinds (docs/format.md sections 4 and 5)."""

import json

import pytest

from disclosure_ledger.log import kinds
from locate import vectors

COUNTS = {
    "accounting_extended": 8,
    "accounting_fee_notice": 8,
    "accounting_provided": 9,
    "accounting_request": 10,
    "accounting_withdrawn": 6,
    "authorization": 16,
    "authorization_revoked": 6,
    "client": 10,
    "correction": 34,
    "disclosure": 31,
    "hold": 5,
    "hold_lifted": 4,
    "research_candidate": 5,
    "research_protocol": 11,
    "restriction": 10,
    "restriction_ended": 7,
    "suspension": 10,
    "suspension_lifted": 7,
}


def test_every_sealed_kind_has_the_number_of_fields_that_the_format_fixes() -> None:
    assert {kind: len(fields) for kind, fields in kinds.SEALED.items()} == COUNTS


@pytest.mark.parametrize("table", [kinds.PUBLIC, kinds.SEALED], ids=["public", "sealed"])
def test_names_ascend_and_none_stands_twice(table: dict[str, tuple[str, ...]]) -> None:
    for names in table.values():
        assert list(names) == sorted(set(names))


def test_a_correction_holds_all_fields_of_a_disclosure_and_three_of_its_own() -> None:
    added = set(kinds.SEALED["correction"]) - set(kinds.SEALED["disclosure"])
    assert added == {"corrects", "reason", "retract"}


def test_no_kind_is_both_public_and_sealed() -> None:
    assert not kinds.PUBLIC.keys() & kinds.SEALED.keys()


def test_the_table_is_the_one_of_the_golden_contents() -> None:
    for case in json.loads((vectors() / "format-v1/content.json").read_text())["cases"]:
        assert kinds.SEALED[case["kind"]] == tuple(case["fields"])


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        kinds.SEALED["disclosure"] = ()
