"""The project's own cases of law: one situation a file, the file's name its holding (docs/hipaa.md)."""

import json
import re
from pathlib import Path

import pytest

import holdings
from disclosure_ledger.hipaa.bases import BASES
from disclosure_ledger.hipaa.checks import CHECKS

CASES = Path(__file__).resolve().parents[1] / "cases"


@pytest.mark.parametrize("case", holdings.load(CASES / "accounting"))
def test_the_accounting_shows_what_the_law_says(case):
    holdings.check_accounting(case)


@pytest.mark.parametrize("case", holdings.load(CASES / "clearance"))
def test_the_check_before_a_release_finds_what_the_law_says(case):
    holdings.check_clearance(case)


def all_cases(folder):
    return [json.loads(file.read_text()) for file in sorted((CASES / folder).glob("*.json"))]


def test_every_accountable_basis_has_a_case_in_which_it_is_listed():
    listed = {
        record["basis"]
        for case in all_cases("accounting")
        for record in case["records"]
        if record["kind"] == "disclosure" and names_its_recipient(case["expect"].get("rows", ()), record)
    }
    assert {code for code, row in BASES.items() if row.accountable != "no"} <= listed


def names_its_recipient(rows, record):
    return any(row.get("recipient") == record["recipient"]["name"] for row in rows)


def test_every_exclusion_has_a_case():
    cited = " ".join(cite for case in all_cases("accounting") for cite in case["cites"])
    for paragraph in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"):
        assert f"164.528(a)(1)({paragraph})" in cited


def test_every_check_has_a_case_in_which_it_is_found():
    found = {
        id_
        for case in all_cases("clearance")
        for key in ("block", "warn", "info")
        for id_ in case["expect"].get(key, ())
    }
    assert found == set(CHECKS)


def test_a_file_is_named_after_its_holding():
    for file in CASES.glob("*/*.json"):
        name = json.loads(file.read_text())["name"]
        assert file.stem == re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")
