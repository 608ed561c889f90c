"""The public cases of law hold at library level: records in, accounting out."""

import pytest

import holdings
import locate


@pytest.mark.parametrize("case", holdings.load(locate.scenarios() / "accounting"))
def test_the_accounting_shows_what_the_law_says(case):
    holdings.check_accounting(case)


@pytest.mark.parametrize("case", holdings.load(locate.scenarios() / "clearance"))
def test_the_check_before_a_release_finds_what_the_law_says(case):
    holdings.check_clearance(case)
