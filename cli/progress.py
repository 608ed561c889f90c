"""Progress of long work: a bar after a second on a terminal, plain counted lines elsewhere."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from . import say

PATIENCE = 1.0
"""Seconds before anything is shown."""

EVERY = 10.0
"""Seconds between counted lines where there is no terminal."""


@contextlib.contextmanager
def counting(what: str, *, total: int | None = None, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A function to call with how many are done so far."""
    if quiet:
        yield lambda _done: None
    elif sys.stderr.isatty() and say.colour(sys.stderr):
        with _bar(what, total) as report:
            yield report
    else:
        yield _lines(what, total)


@contextlib.contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    started = time.monotonic()
    with contextlib.ExitStack() as later:
        update: Callable[[int], None] | None = None

        def report(done: int) -> None:
            nonlocal update
            if update is None and time.monotonic() - started >= PATIENCE:
                from rich.console import Console
                from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

                columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
                bar = later.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
                task = bar.add_task(what, total=total)

                def update(count: int) -> None:
                    bar.update(task, completed=count)

            if update is not None:
                update(done)

        yield report


def _lines(what: str, total: int | None) -> Callable[[int], None]:
    last = time.monotonic()
    of = f" of {total}" if total is not None else ""

    def report(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            say.talk(f"{done}{of} {what}")

    return report
