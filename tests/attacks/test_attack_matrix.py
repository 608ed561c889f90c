"""What docs/attacks.md says of this ledger is what a run of the attacks gives."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from attack_scene import MEMORIES, OnFile, Scene
from attacks import HONEST, ON_LEDGERS
from attacks_on_files import witnessed

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "attacks.md").read_text("utf-8")


def matrix() -> ModuleType:
    spec = importlib.util.spec_from_file_location("attack_matrix", ROOT / "benchmarks" / "attacks.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("attacks") / "ours")


def test_a_ledger_to_which_nothing_was_done_is_verified_by_whoever_remembers_it(scene: Scene) -> None:
    said = scene.attack(HONEST)
    assert {name: one.exit for name, one in said.items()} == dict.fromkeys(MEMORIES, 0) | {"nothing": 4}


def test_whoever_asks_for_a_witness_believes_what_the_witness_did_cosign(scene: Scene) -> None:
    assert scene.show(OnFile("cosigned", "audit package", witnessed("the package"))).exit == 0


def test_the_page_is_what_a_run_gives(scene: Scene) -> None:
    found = {one.name: scene.attack(one) for one in (HONEST, *ON_LEDGERS)}
    for part in matrix().own(scene, found):
        assert part.strip() in PAGE, "run: python benchmarks/attacks.py --page docs/attacks.md"
    # without memory outside a ledger is never VERIFIED, whatever was done to it
    assert all(said["nothing"].exit in (3, 4) for said in found.values())
