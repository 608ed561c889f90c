"""The state file is read strictly, replaced whole, and absent rather than wrong."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger.custody import memory
from disclosure_ledger.custody.memory import State
from disclosure_ledger.errors import KeysUnavailable, Malformed, StorageFailed

STATE = State(origin="a.example/log", size=41, root=bytes(range(32)))


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.state"
    assert memory.load(path) is None
    memory.save(path, STATE)
    assert memory.load(path) == STATE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in tmp_path.iterdir()] == ["a.state"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data.replace(b"41", b"041"),
        lambda data: data.replace(b"41", b"-1"),
        lambda data: data.replace(b"41", b"true"),
        lambda data: data.replace(b"/v1", b"/v2"),
        lambda data: data.replace(b'"size"', b'"Size"'),
        lambda data: b"",
    ],
)
def test_a_damaged_state_file_is_said_to_be_damaged(tmp_path: Path, damage) -> None:
    path = tmp_path / "a.state"
    path.write_bytes(damage(STATE.encode()))
    with pytest.raises(KeysUnavailable, match="damaged"):
        memory.load(path)


@given(st.binary(max_size=200))
def test_rubbish_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        memory.decode(data)


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed):
        memory.save(tmp_path / "missing" / "a.state", STATE)
