"""The floors hold where import contracts do not look: what is loaded, what is installed, which names agree."""

import subprocess
import sys
from pathlib import Path

import pytest

from disclosure_ledger.hipaa import records
from disclosure_ledger.log import kinds


def loaded_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}; import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["disclosure_ledger", "disclosure_ledger.log.verifier", "disclosure_ledger.hipaa.accounting"]
)
def test_the_towers_load_neither_database_nor_command_line_nor_each_other(module: str) -> None:
    loaded = loaded_after(f"import {module}")
    assert not loaded & {"sqlalchemy", "click", "rich", "typst", "sqlite3", "socket"}
    towers = {name.split(".")[1] for name in loaded if name.startswith("disclosure_ledger.") and name.count(".") > 0}
    assert not {"log", "hipaa"} <= towers


def test_the_help_loads_no_database() -> None:
    loaded = loaded_after("from disclosure_ledger_cli import main")
    assert not loaded & {"sqlalchemy", "rich", "typst", "cryptography"}


def test_the_command_line_is_installed_under_its_own_name_only(tmp_path: Path) -> None:
    code = "from importlib.util import find_spec as f; print(f('cli'), f('disclosure_ledger_cli') is not None)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["None", "True"]


def test_both_towers_name_the_same_fields_of_the_same_kinds() -> None:
    assert {kind: tuple(names) for kind, names in kinds.SEALED.items()} == {
        kind: records.field_names(kind) for kind in records.KINDS
    }
