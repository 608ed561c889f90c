"""The state file is read strictly, written whole, and absent rather than wrong."""

import os
import stat
from dataclasses import replace
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


def test_a_state_of_the_same_length_is_written_over_and_a_longer_one_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "a.state"
    memory.save(path, STATE)
    first = path.stat().st_ino
    memory.advance(path, replace(STATE, size=42, root=bytes(32)))
    assert (path.stat().st_ino, memory.load(path)) == (first, replace(STATE, size=42, root=bytes(32)))
    memory.advance(path, replace(STATE, size=100))
    assert (path.stat().st_ino == first, memory.load(path)) == (False, replace(STATE, size=100))
    assert [item.name for item in tmp_path.iterdir()] == ["a.state"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("size", [40, 41, 9])
def test_what_is_remembered_of_a_later_size_stays(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.state"
    memory.save(path, STATE)
    memory.advance(path, replace(STATE, size=size, root=bytes(32)))
    assert memory.load(path) == STATE


def test_a_copy_that_is_a_hard_link_is_not_written_over(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.state", tmp_path / "a.backup"
    memory.save(path, STATE)
    os.link(path, copy)
    memory.advance(path, replace(STATE, size=42))
    assert memory.load(copy) == STATE
    assert memory.load(path) == replace(STATE, size=42)


def test_a_link_in_the_place_of_the_state_file_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    path, other = tmp_path / "a.state", tmp_path / "other.state"
    memory.save(other, STATE)
    path.symlink_to(other)
    memory.advance(path, replace(STATE, size=42))
    assert memory.load(other) == STATE
    assert (path.is_symlink(), memory.load(path)) == (False, replace(STATE, size=42))
