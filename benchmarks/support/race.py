"""Times ours and its limit in turn, so that whatever else the machine does weighs on both.

A round is once the limit, then once ours, and gives one ratio. What counts is the median of these; how far they lie
apart stands beside it, as quartiles. No absolute time is judged anywhere.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from figures import FIGURES
from pytest_benchmark.fixture import BenchmarkFixture


def nothing() -> None:
    """What comes before a run that needs no preparation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of the two: `run` is timed, `before` is not."""

    run: Callable[[], Any]
    before: Callable[[], Any] = nothing
    share: float = 1.0
    """The part of the work that `run` does; its time is divided by it."""

    def time(self) -> float:
        """Seconds of one run."""
        self.before()
        started = perf_counter()
        self.run()
        return (perf_counter() - started) / self.share


def race(
    benchmark: BenchmarkFixture,
    figure: str,
    *,
    ours: Contender,
    limit: Contender,
    rounds: int,
    case: str,
    items: int = 1,
    warm: bool = True,
    group: str | None = None,
    **more: Any,
) -> None:
    """Time both in turn and write ratio, limit and aim beside the benchmark. `items`: of what one run does several."""
    limits: list[float] = []

    def setup() -> None:
        limits.append(limit.time())
        ours.before()

    benchmark.group = group or figure
    benchmark.pedantic(ours.run, setup=setup, rounds=rounds, warmup_rounds=1 if warm else 0)
    note(benchmark, figure, case=case, limits=limits[-rounds:], items=items, **more)


def note(benchmark: BenchmarkFixture, figure: str, *, case: str, limits: list[float], items: int, **more: Any) -> None:
    """Write down how the benchmark's rounds stand to those of the limit."""
    if benchmark.stats is None:  # --benchmark-disable: it ran, and that was all that was asked
        return
    times = list(benchmark.stats.stats.data)
    ratios = sorted(mine / least for mine, least in zip(times, limits, strict=True))
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    told: dict[str, Any] = {
        "figure": figure,
        "case": case,
        "ratio": statistics.median(ratios),
        "ratio_low": low,
        "ratio_high": high,
        "ours_us": statistics.median(times) * 1e6,
        "limit_us": statistics.median(limits) * 1e6,
        "aim": FIGURES[figure].aim,
        "items": items,
    }
    benchmark.extra_info.update(told | more)
