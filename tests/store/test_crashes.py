"""Writers killed at random moments under load: nothing acknowledged is lost, and no entry is half there."""

import random
import time
from pathlib import Path

import pytest

import workers
from ledgers import BOTH, Practice, place_on

CYCLES = 200 if workers.LONG else 20
WRITERS = 2


@pytest.mark.parametrize("database", BOTH)
def test_writers_killed_at_random_moments_lose_nothing_acknowledged(database: str, tmp_path: Path) -> None:
    practice = Practice(place_on(database, tmp_path), tmp_path).create()
    chance = random.Random(f"crashes on {database}")
    told: dict[str, int] = {}
    size = 1
    for cycle in range(CYCLES):
        told |= killed(practice, [f"K{cycle}-{number}" for number in range(WRITERS)], chance)
        before, size = size, practice.assert_whole()
        assert size >= max([before, *(index + 1 for index in told.values())])
    assert len(told) > CYCLES
    workers.assert_kept(practice, told)


def killed(practice: Practice, names: list[str], chance: random.Random) -> dict[str, int]:
    """Start writers, kill each with no warning soon after its first entry, and give what they were told."""
    running = [workers.start(practice, name) for name in names]
    told: dict[str, int] = {}
    for worker in running:
        worker.wait_for_first()
        time.sleep(chance.random() * 0.05)
        worker.kill()
        told |= worker.told
    return told
