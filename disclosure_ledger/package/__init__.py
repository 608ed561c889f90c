"""The audit package: a ledger's entries, tree and checkpoint in files, for an auditor (docs/format.md section 11).

A folder, or a zip of it, in the C2SP tlog-tiles layout, which any tlog-tiles tool can read:

    checkpoint                  tile/<L>/<N>[.p/<W>]        handover/<size>
    log.vkey                    tile/entries/<N>[.p/<W>]    timestamps/<size>.tsr        openings.json

`verify` reads it file by file, whatever its size and whoever made it; `files` makes its files from plain values,
`write` puts them down, and `add` adds them to an `earlier` package in a folder. It holds no client's data but what was
opened for the auditor.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from disclosure_ledger.log.checkpoint import Trust
>>> with TemporaryDirectory() as folder:
...     _ = write(Path(folder) / "audit", [("checkpoint", b"no checkpoint")])
...     verdict = verify(Path(folder) / "audit", trust=Trust())
>>> verdict.outcome.value, sorted({finding.code for finding in verdict.findings})
('failed', ['1.genesis', '7.checkpoint', '7.no-trusted-key', '7.vkeys', '8.no-outside'])
"""

from .adding import Earlier, add, earlier, joined
from .examining import checkpoint_of, examine, verify
from .growth import proof_of_growth
from .making import files, write
from .openings import Opening
from .reading import is_folder, is_zip

__all__ = [
    "Earlier",
    "Opening",
    "add",
    "checkpoint_of",
    "earlier",
    "examine",
    "files",
    "is_folder",
    "is_zip",
    "joined",
    "proof_of_growth",
    "verify",
    "write",
]
