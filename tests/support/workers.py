"""Processes that write to one ledger, as several people at several desks do."""

import multiprocessing
import os
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from ledgers import Practice
from recording_worker import work

LONG = bool(os.environ.get("DISCLOSURE_LEDGER_LONG"))
"""Whether to run as long as the promise says, and not only as long as every change can bear."""

# forked from a process that has everything loaded and no connection open: a worker starts in no time
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["recording_worker"])


@dataclass
class Worker:
    """A writing process, and what it was told is recorded: the entry of each ref."""

    process: BaseProcess
    pipe: Connection
    told: dict[str, int] = field(default_factory=dict)

    def wait_for_first(self) -> None:
        """Until one entry of it was acknowledged."""
        ref, index = self.pipe.recv()
        self.told[ref] = index

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.finish()

    def finish(self) -> int | None:
        """Its exit code, once it has ended and everything that it was told has been read."""
        try:
            while True:
                ref, index = self.pipe.recv()
                self.told[ref] = index
        except (EOFError, OSError):  # the end; or the end within a message, which was not told then
            self.pipe.close()
        self.process.join()
        return self.process.exitcode


def start(practice: Practice, name: str, count: int = 0) -> Worker:
    """A process that records `count` releases, or with 0 goes on until it is killed."""
    listen, tell = _PROCESSES.Pipe(duplex=False)
    arguments = (practice.place, str(practice.folder), name, count, tell)
    process = _PROCESSES.Process(target=work, args=arguments, daemon=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # by which the process they are forked from looks
        process.start()
    tell.close()
    return Worker(process, listen)


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
