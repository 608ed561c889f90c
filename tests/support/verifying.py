"""Verdicts on made ledgers, for tests of the verifier."""

from typing import Any

from disclosure_ledger.log import checkpoint as cp
from disclosure_ledger.log import note
from disclosure_ledger.log.checkpoint import Checkpoint, Known, Memory, Trust
from disclosure_ledger.log.findings import Verdict
from disclosure_ledger.log.verifier import verify_log
from golden_log import ORIGIN, signers
from log_maker import LogMaker, story

LOG = signers()["log-1"].key
WITNESS = signers()["witness"]
STORY = story()
SIGNED = STORY.checkpoint()


def trusting(*known: Known | Memory, **changes: Any) -> Trust:
    """Trust in the log's key, knowing what is given."""
    return Trust(**{"keys": (LOG,), "known": known, **changes})


def kept(maker: LogMaker = STORY, size: int | None = None, where: str = "kept", **how: Any) -> Known:
    """The maker's checkpoint in somebody's hands."""
    return Known(where=where, raw=maker.checkpoint(size, **how))


def verdict_on(maker: LogMaker = STORY, raw: bytes | None = None, trust: Trust | None = None, **how: Any) -> Verdict:
    shown = maker.checkpoint() if raw is None else raw
    return verify_log(
        maker.notes, shown, trust=trusting(kept(maker)) if trust is None else trust, **{"threads": 1, **how}
    )


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def signed_as(root: bytes | None = None, size: int = 10, origin: str = ORIGIN, time: int | None = None) -> bytes:
    """A checkpoint that says something else, well signed by the log."""
    named = Checkpoint(origin=origin, size=size, root=STORY.frontier.root() if root is None else root)
    raw = cp.sign(named, signers()["log-1"])
    return cp.add_mldsa(raw, signers()["log-1-mldsa"], int(STORY.time_at(10)) if time is None else time)


def lines(raw: bytes, *roles: str) -> bytes:
    """The checkpoint with the lines of these roles only."""
    parsed = note.parse(raw)
    chosen = [line for role in roles for line in parsed.lines_of(signers()[role].key)]
    return note.format(parsed.text, chosen)


def forked(size: int) -> LogMaker:
    """A ledger with the same keys whose entries differ from `size` on."""
    maker = LogMaker()
    for made in STORY.made[:size]:
        maker.put(made)
    while maker.size < 10:
        maker.sealed("hold", "C-9999", stream_class=None)
    return maker
