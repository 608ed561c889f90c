"""Where the public vectors and the cases of law are: beside a checkout, or where the environment says."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared"


def _folder(variable: str, name: str) -> Path:
    folder = Path(os.environ.get(variable) or _BESIDE / name)
    if not folder.is_dir():
        pytest.skip(f"no {name} here: set {variable} to the folder that holds them", allow_module_level=True)
    return folder


def vectors() -> Path:
    """The folder of public test vectors; skips the test that asks where it is absent."""
    return _folder("DISCLOSURE_LEDGER_VECTORS", "vectors")


def scenarios() -> Path:
    """The folder of cases of law; skips the test that asks where it is absent."""
    return _folder("DISCLOSURE_LEDGER_SCENARIOS", "scenarios")
