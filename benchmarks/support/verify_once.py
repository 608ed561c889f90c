"""Verifies one ledger and prints the most memory that this process ever held, in bytes, as JSON."""

import json
import resource
import sys

from disclosure_ledger import audit
from disclosure_ledger.log.checkpoint import Memory, Trust
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.log.note import VerifierKey

told = json.load(sys.stdin)
trust = Trust(
    keys=(VerifierKey.parse(told["vkey"]),),
    known=(Memory(where="the state file", size=told["size"], root=bytes.fromhex(told["root"])),),
)
verdict = audit.verify_ledger(told["place"], told["origin"], trust=trust)
assert verdict.outcome is Outcome.VERIFIED, verdict.findings
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(json.dumps({"size": verdict.size, "peak": peak}))
