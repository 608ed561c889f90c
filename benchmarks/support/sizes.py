"""How large the figures are: `DISCLOSURE_LEDGER_BENCH=full` for what counts, `small` (the default) for a look."""

import os
from dataclasses import dataclass
from typing import Final

VARIABLE: Final = "DISCLOSURE_LEDGER_BENCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Numbers of entries or streams, the smaller first."""

    appends: int
    """Rounds of one append each."""
    imports: tuple[int, ...]
    verified: tuple[int, int]
    accounted: tuple[int, int]
    streams: tuple[int, int]
    peers: int
    """Entries of one batch that the peers write too."""
    starts: int
    """Processes started."""


SIZES: Final = {
    ("small", "sqlite"): Sizes(
        appends=200,
        imports=(2_000, 10_000),
        verified=(2_000, 10_000),
        accounted=(2_000, 10_000),
        streams=(2_000, 20_000),
        peers=1_000,
        starts=9,
    ),
    ("small", "postgresql"): Sizes(
        appends=200,
        imports=(2_000,),
        verified=(500, 2_000),
        accounted=(500, 2_000),
        streams=(500, 5_000),
        peers=1_000,
        starts=9,
    ),
    ("full", "sqlite"): Sizes(
        appends=2_000,
        imports=(10_000, 100_000),
        verified=(100_000, 1_000_000),
        accounted=(10_000, 1_000_000),
        streams=(100_000, 1_000_000),
        peers=10_000,
        starts=31,
    ),
    ("full", "postgresql"): Sizes(
        appends=2_000,
        imports=(10_000, 100_000),
        verified=(100_000, 1_000_000),
        accounted=(10_000, 1_000_000),
        streams=(100_000, 1_000_000),
        peers=10_000,
        starts=31,
    ),
}


def scale() -> str:
    """`small` or `full`, as the environment says."""
    said = os.environ.get(VARIABLE) or "small"
    if said not in ("small", "full"):
        raise ValueError(f"expected {VARIABLE} to be small or full, found {said}")
    return said


def sizes(database: str = "sqlite") -> Sizes:
    """The sizes of this run on one kind of database."""
    return SIZES[scale(), database]


def rounds(count: int) -> int:
    """How often something of `count` entries is timed."""
    return max(3, min(7, 50_000 // count))
