"""Every example in the docstrings of the log tower holds."""

import doctest
import importlib
import pkgutil

import pytest

import disclosure_ledger.log

MODULES = [module.name for module in pkgutil.walk_packages(disclosure_ledger.log.__path__, "disclosure_ledger.log.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_example_in_the_docstring_holds(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
