"""The evidence file: proof, for a client, that an accounting is complete and true (docs/format.md section 11).

It joins the two towers for a reader. What is in it is proved to be of the ledger; from what is opened in it the rows
are made again and compared with those printed. No database, no key and no clock is needed.

    build(checkpoint, keys, stream_map, stream, listed, accounting)  ->  bytes  ->  verify(bytes, trust)  ->  Verdict

>>> from disclosure_ledger import evidence
>>> from disclosure_ledger.log.checkpoint import Trust
>>> verdict = evidence.verify(b'{"format":"disclosure-ledger/evidence/v2"}', Trust())
>>> verdict.outcome.value, verdict.findings[0].code
('incomplete', '13.version')
"""

import importlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from .form import FAMILY, FORMAT, MOST_BYTES, Evidence, KeyShown, MapShown, Opened, Shown, format, format_of, parse  # noqa: A004

if TYPE_CHECKING:
    from .building import Held, build
    from .examining import CheckedEvidence, check, verify
    from .history import KINDS as KEY_KINDS
else:  # whoever only tells files apart waits for none of it, and the maker is not needed to verify
    _PLACES = MappingProxyType(
        {
            "Held": ("building", "Held"),
            "build": ("building", "build"),
            "CheckedEvidence": ("examining", "CheckedEvidence"),
            "check": ("examining", "check"),
            "verify": ("examining", "verify"),
            "KEY_KINDS": ("history", "KINDS"),
        }
    )

    def __getattr__(name: str) -> object:
        """What is asked of this package for the first time, from the module that has it."""
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, there = _PLACES[name]
        return getattr(importlib.import_module(f".{module}", __name__), there)


__all__ = [
    "FAMILY",
    "FORMAT",
    "KEY_KINDS",
    "MOST_BYTES",
    "CheckedEvidence",
    "Evidence",
    "Held",
    "KeyShown",
    "MapShown",
    "Opened",
    "Shown",
    "build",
    "check",
    "format",
    "format_of",
    "parse",
    "verify",
]
