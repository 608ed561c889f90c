"""Writes docs/performance.md from what `pytest benchmarks --benchmark-json=FILE` measured, in one run or in several.

    python benchmarks/report.py FILE... --page docs/performance.md --date 2026-11-24

What is written by hand of each figure stands in benchmarks/support/figures.py.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "support"))

from figures import FIGURES, READING, Figure

MEMORY_COLUMNS = "| | ours | limit | ratio | a further entry | aim | |\n|---|---|---|---|---|---|---|"
COLUMNS = "| | ours | limit | ratio | rounds' middle half | aim | |\n|---|---|---|---|---|---|---|"


def main() -> None:
    """The page, from a file of results."""
    parser = argparse.ArgumentParser(description="Write the page of figures.")
    parser.add_argument("results", type=Path, nargs="+", help="what pytest-benchmark wrote")
    parser.add_argument("--page", type=Path, required=True, help="the page to write")
    parser.add_argument("--date", required=True, help="the day of the run")
    given = parser.parse_args()
    runs = [json.loads(path.read_text("utf-8")) for path in given.results]
    given.page.write_text(page(runs, given.date), "utf-8")


def page(runs: list[dict[str, Any]], date: str) -> str:
    """The whole page. The machine is that of the first run; the version of PostgreSQL that of whichever used it."""
    found = [one["extra_info"] for run in runs for one in run["benchmarks"] if "figure" in one["extra_info"]]
    server = next((run["machine_info"]["postgresql"] for run in runs if run["machine_info"]["postgresql"]), None)
    parts = [
        "# Performance",
        READING,
        *machine(runs[0]["machine_info"] | {"postgresql": server}, date, scales(runs)),
        *overview(found),
        "## What bounds each figure",
        *(part for name in FIGURES for part in figure(name, FIGURES[name], of(found, name))),
    ]
    return "\n\n".join(parts) + "\n"


def scales(runs: list[dict[str, Any]]) -> str:
    """At what sizes it was measured."""
    return " and ".join(dict.fromkeys(run["machine_info"]["scale"] for run in runs))


def machine(info: dict[str, Any], date: str, scale: str) -> Iterator[str]:
    """On what it was measured."""
    yield "## The run"
    cpu = info.get("cpu", {}).get("brand_raw", "an unknown processor")
    libraries = ", ".join(f"{name} {version}" for name, version in info["libraries"].items())
    rows = {
        "day": date,
        "sizes": f"{scale} (`DISCLOSURE_LEDGER_BENCH`); each figure says its own",
        "processor": f"{cpu}, {info['cores']} cores",
        "system": f"{info['system']} {info['release']}; load {info['load']} when it began",
        "Python": f"{info['python_implementation']} {info['python_version']}",
        "databases": f"SQLite {info['sqlite']}" + (f", {info['postgresql']}" if info.get("postgresql") else ""),
        "cryptography's OpenSSL": info["openssl"],
        "libraries": libraries,
    }
    yield "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def overview(found: list[dict[str, Any]]) -> Iterator[str]:
    """Every figure at its largest, and whether it is what was aimed at."""
    yield "## At a glance"
    rows = [
        f"| {about.title}: {one['case']} | {one['ratio']:.2f} | {_aim(one)} | {verdict(one)} |"
        for name, about in FIGURES.items()
        for one in of(found, name)
    ]
    yield "\n".join(["| figure | ratio | aim | |", "|---|---|---|---|", *rows])


def figure(name: str, about: Figure, found: list[dict[str, Any]]) -> Iterator[str]:
    """One figure: what it is held against, what came out, and why."""
    yield f"### {about.title}"
    yield f"Limit: {about.limit}."
    if not found:
        yield "Not measured in this run."
    elif name == "memory":
        yield "\n".join([MEMORY_COLUMNS, *map(memory_row, found)])
    else:
        yield "\n".join([COLUMNS, *map(row, found)])
    yield about.bound


def row(one: dict[str, Any]) -> str:
    """One measurement of time."""
    spread = f"{one['ratio_low']:.2f} to {one['ratio_high']:.2f}"
    mine, least = (_time(one[name], one["items"]) for name in ("ours_us", "limit_us"))
    return f"| {one['case']} | {mine} | {least} | **{one['ratio']:.2f}** | {spread} | {_aim(one)} | {verdict(one)} |"


def memory_row(one: dict[str, Any]) -> str:
    """One measurement of memory."""
    mine, least = (f"{one[name] / 2**20:.0f} MiB" for name in ("peak_bytes", "limit_bytes"))
    more = f"{one['bytes_per_entry']:.0f} bytes"
    return f"| {one['case']} | {mine} | {least} | **{one['ratio']:.2f}** | {more} | {_aim(one)} | {verdict(one)} |"


def verdict(one: dict[str, Any]) -> str:
    """Whether it is what was aimed at."""
    if one["aim"] is None:
        return "told"
    return "met" if one["ratio"] <= one["aim"] else "**not met**"


def of(found: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """What was measured of one figure."""
    return [one for one in found if one["figure"] == name]


def _aim(one: dict[str, Any]) -> str:
    return "" if one["aim"] is None else f"{one['aim']:g}"


def _time(micros: float, items: int) -> str:
    """A time; and where it was of many, how many a second."""
    text = f"{micros:,.0f} µs" if micros < 10_000 else f"{micros / 1000:,.0f} ms" if micros < 1e7 else _seconds(micros)
    return text if items == 1 else f"{text} ({items / micros * 1e6:,.0f}/s)"


def _seconds(micros: float) -> str:
    return f"{micros / 1e6:,.0f} s"


if __name__ == "__main__":
    main()
