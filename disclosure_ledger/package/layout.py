"""Which file of an audit package is what, by its path alone (docs/format.md section 11; C2SP tlog-tiles).

>>> sized("handover/27"), sized("timestamps/30.tsr"), sized("handover/027"), sized("timestamps/30")
((<Kind.HANDOVER: 'handover'>, 27), (<Kind.TIMESTAMP: 'timestamps'>, 30), None, None)
>>> code_of("tile/0/000"), code_of("tile/entries/000"), code_of("a page")
('7.tile', '7.bundle', '7.file')
>>> size_of_bundles(frozenset({"tile/entries/000", "tile/entries/001.p/17"}))
273
"""

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Final

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log import tiles
from disclosure_ledger.strict import MAX_INTEGER

CHECKPOINT: Final = "checkpoint"
VKEYS: Final = "log.vkey"
OPENINGS: Final = "openings.json"

_MARKS = (CHECKPOINT, VKEYS, "tile")
_ZIP_BEGINS = b"PK\x03\x04"
_SIZED = re.compile(r"(handover|timestamps)/(0|[1-9][0-9]{0,15})(\.tsr)?", re.ASCII)


class Kind(StrEnum):
    """The files that are named by a size."""

    HANDOVER = "handover"
    TIMESTAMP = "timestamps"


def is_folder(path: Path) -> bool:
    """Whether it is a folder that holds what a package does: a checkpoint, the log's keys or tiles."""
    return path.is_dir() and any((path / name).exists() for name in _MARKS)


def is_zip(beginning: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return beginning.startswith(_ZIP_BEGINS)


def path_of(kind: Kind, size: int) -> str:
    """Where the handover or timestamp of a size stands."""
    return f"{kind}/{size}" + (".tsr" if kind is Kind.TIMESTAMP else "")


def sized(name: str) -> tuple[Kind, int] | None:
    """What a path names by a size, in its one spelling; None for any other path."""
    match = _SIZED.fullmatch(name)
    if match is None or (size := int(match[2])) > MAX_INTEGER:
        return None
    kind = Kind(match[1])
    return (kind, size) if path_of(kind, size) == name else None


def code_of(name: str) -> str:
    """The code of a finding about a file that should not be there."""
    try:
        level, *_ = tiles.parse_path(name)
    except Malformed:
        return "7.file"
    return "7.bundle" if level is None else "7.tile"


def size_of_bundles(names: Collection[str]) -> int:
    """How many entries the bundles that are there hold, where no checkpoint says it."""
    index = 0
    while tiles.bundle_path(index) in names:
        index += 1
    widths = [width for width in range(1, tiles.TILE_WIDTH) if tiles.bundle_path(index, width) in names]
    return index * tiles.TILE_WIDTH + max(widths, default=0)
