"""Processes that write to one ledger, as several people at several desks do."""

import os
import subprocess
import sys
from pathlib import Path

from ledgers import Practice

SUPPORT = Path(__file__).resolve().parent
LONG = bool(os.environ.get("DISCLOSURE_LEDGER_LONG"))
"""Whether to run as long as the promise says, and not only as long as every change can bear."""


def start(practice: Practice, name: str, count: int = 0) -> "subprocess.Popen[str]":
    """A process that records `count` releases, or goes on until it is killed, and prints what was acknowledged."""
    root = SUPPORT.parents[1]
    path = os.pathsep.join([str(SUPPORT), str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, SUPPORT / "recording_worker.py", practice.place, practice.folder, name, str(count)],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def acknowledged(printed: str) -> dict[str, int]:
    """What a worker was told is recorded: the entry of each ref. A line that was cut off was not told."""
    lines = printed.split("\n")[:-1]
    return {ref: int(index) for index, ref in (line.split(" ") for line in lines)}


def assert_kept(practice: Practice, told: dict[str, int]) -> int:
    """The ledger is whole, and everything that was acknowledged is where it was said to be; its size."""
    size = practice.assert_whole()
    assert len(set(told.values())) == len(told)
    ledger = practice.open()
    try:
        for ref, index in told.items():
            assert ledger.show(ref).index == index, ref
    finally:
        ledger.close()
    return size
