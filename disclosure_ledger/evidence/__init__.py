"""The evidence file: proof, for a client, that an accounting is complete and true (docs/format.md section 11).

It joins the two towers for a reader. What is in it is proved to be of the ledger; from what is opened in it the rows
are made again and compared with those printed. No database, no key and no clock is needed.

    build(checkpoint, keys, stream_map, stream, listed, accounting)  ->  bytes  ->  verify(bytes, trust)  ->  Verdict

>>> from disclosure_ledger.log.checkpoint import Trust
>>> verdict = verify(b'{"format":"disclosure-ledger/evidence/v2"}', Trust())
>>> verdict.outcome.value, verdict.findings[0].code
('incomplete', '13.version')
"""

from .building import Held, build
from .examining import CheckedEvidence, check, verify
from .form import FAMILY, FORMAT, MOST_BYTES, Evidence, KeyShown, MapShown, Opened, Shown, format, format_of, parse  # noqa: A004
from .history import KINDS as KEY_KINDS

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
