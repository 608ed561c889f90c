"""The figures: what is timed, against what, how near it is meant to come, and what bounds it now.

`bound` is written by hand and kept here, so that generating docs/performance.md again keeps it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure."""

    title: str
    limit: str
    """What it is held against, in the same rounds."""
    aim: float | None = None
    """The ratio that is aimed at: met where it is not larger. None: told, and not judged."""
    bound: str


FIGURES: Final = {
    "append": Figure(
        title="One durable append",
        limit="one commit of as many bytes to a bare table of the same database, and one Ed25519 signature",
        aim=2.0,
        bound="",
    ),
    "import": Figure(
        title="Bulk import",
        limit="the signatures and content hashes alone, on all cores",
        aim=2.0,
        bound="",
    ),
    "verify": Figure(
        title="Full verification, every signature",
        limit="the signature checks alone, on up to four cores",
        aim=1.5,
        bound="",
    ),
    "verify-opened": Figure(
        title="Full verification, every content opened",
        limit="the signature checks alone, on up to four cores",
        bound="",
    ),
    "memory": Figure(
        title="Memory of verification",
        limit="the peak of the smaller ledger",
        aim=1.2,
        bound="",
    ),
    "accounting-size": Figure(
        title="One client's accounting, in a large ledger",
        limit="the same accounting in a small ledger",
        aim=1.5,
        bound="",
    ),
    "accounting-opening": Figure(
        title="One client's accounting",
        limit="reading and opening the client's entries",
        aim=5.0,
        bound="",
    ),
    "map-whole": Figure(
        title="The first stream map",
        limit="the hashes of its tree alone, on one core",
        bound="",
    ),
    "map-day": Figure(
        title="A day's stream map, many streams",
        limit="the same with a tenth of the streams",
        aim=1.5,
        bound="",
    ),
    "start-verify": Figure(
        title="Start of `verify FILE`",
        limit="an interpreter that imports the libraries alone",
        aim=2.0,
        bound="",
    ),
    "start-record": Figure(
        title="Start of `record`",
        limit="an interpreter that imports the libraries alone",
        aim=2.0,
        bound="",
    ),
    "run-record": Figure(
        title="The whole of `record`",
        limit="an interpreter that imports the libraries, opens the key file (scrypt) and signs once",
        aim=2.0,
        bound="",
    ),
    "peer-append": Figure(
        title="One durable append, against peers",
        limit="the same payload appended by the peer",
        bound="",
    ),
    "peer-import": Figure(
        title="Batches, against peers",
        limit="the same payloads appended by the peer in one batch",
        aim=1.0,
        bound="",
    ),
}
