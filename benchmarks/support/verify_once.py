"""Verifies one ledger and prints the most memory that this process ever held, in bytes, as JSON."""

import json
import resource
import sys
from pathlib import Path

from disclosure_ledger import audit
from disclosure_ledger.log.checkpoint import Memory, Trust
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.note import VerifierKey


def peak() -> int:
    """The most memory that this process held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux getrusage counts what the parent held before this program began, too
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


told = json.load(sys.stdin)
trust = Trust(
    keys=(VerifierKey.parse(told["vkey"]),),
    known=(Memory(where="the state file", size=told["size"], root=bytes.fromhex(told["root"])),),
)
verdict = audit.verify_ledger(told["place"], told["origin"], trust=trust)
assert verdict.outcome is Outcome.VERIFIED, verdict.findings
print(json.dumps({"size": verdict.size, "peak": peak()}))
