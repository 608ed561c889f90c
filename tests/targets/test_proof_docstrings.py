"""Every example in the docstrings of what verifies files holds."""

import doctest
import importlib
import pkgutil

import pytest

import disclosure_ledger.evidence
import disclosure_ledger.package

INSIDE = [
    module.name
    for room in (disclosure_ledger.evidence, disclosure_ledger.package)
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
]
ROOMS = ["evidence", "package", "pile", "comparing", "targets", "custody.witnesskey"]


@pytest.mark.parametrize("name", [*INSIDE, *(f"disclosure_ledger.{room}" for room in ROOMS)])
def test_the_example_holds(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted > 0
