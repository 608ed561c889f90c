"""The audit package: a ledger's entries, tree and checkpoint in files, for an auditor (docs/format.md section 11).

A folder, or a zip of it, in the C2SP tlog-tiles layout, which any tlog-tiles tool can read:

    checkpoint                  tile/<L>/<N>[.p/<W>]        handover/<size>
    log.vkey                    tile/entries/<N>[.p/<W>]    timestamps/<size>.tsr        openings.json

`verify` reads it file by file, whatever its size and whoever made it; `files` makes its files from plain values,
`write` puts them down, and `add` adds them to an `earlier` package in a folder. It holds no client's data but what was
opened for the auditor.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from disclosure_ledger import package
>>> from disclosure_ledger.log.checkpoint import Trust
>>> with TemporaryDirectory() as folder:
...     _ = package.write(Path(folder) / "audit", [("checkpoint", b"no checkpoint")])
...     verdict = package.verify(Path(folder) / "audit", trust=Trust())
>>> verdict.outcome.value, sorted({finding.code for finding in verdict.findings})
('failed', ['1.genesis', '7.checkpoint', '7.no-trusted-key', '7.vkeys', '8.no-outside'])
"""

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from .layout import is_folder, is_zip

if TYPE_CHECKING:
    from .adding import Earlier, add, earlier, joined
    from .examining import checkpoint_of, examine, verify
    from .growth import proof_of_growth
    from .making import files, write
    from .openings import Opening
else:  # whoever only tells files apart waits for none of it
    _MODULES = MappingProxyType(
        {
            **dict.fromkeys(("Earlier", "add", "earlier", "joined"), "adding"),
            **dict.fromkeys(("checkpoint_of", "examine", "verify"), "examining"),
            **dict.fromkeys(("files", "write"), "making"),
            "Opening": "openings",
            "proof_of_growth": "growth",
        }
    )

    def __getattr__(name: str) -> object:
        """What is asked of this package for the first time, from the module that has it."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)


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
