"""What the tests of docs/format.md section 11 share: what a verdict must be, and ledgers that several begin from."""

import datetime as dt
from dataclasses import replace
from typing import Any

from disclosure_ledger import evidence
from disclosure_ledger.evidence import Evidence
from disclosure_ledger.log import content
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.findings import Outcome, Verdict
from disclosure_ledger.log.note import COSIGNATURE
from evidence_maker import EvidenceMaker, changed, release
from golden_log import signer_from_seed
from outcomes import codes, trust


def verdict_on(data: bytes, **told: Any) -> Verdict:
    return evidence.verify(data, trust("log-1"), **told)


def holds(data: bytes) -> None:
    verdict = verdict_on(data)
    assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, []), verdict.findings


def fails(data: bytes, *expected: str) -> Verdict:
    verdict = verdict_on(data)
    assert verdict.outcome is Outcome.FAILED, verdict
    assert set(expected) <= set(codes(verdict)), verdict.findings
    return verdict


def three(maker: EvidenceMaker) -> list[int]:
    """Three releases of one matter to one recipient, of a basis that may be summed up (164.528(b)(3))."""
    board = {"name": "State Board", "type": "oversight_agency"}
    fields = {"basis": "workers_compensation", "counted_as": "workers_compensation", "matter": "WC-77"}
    return [
        maker.record("disclosure", **release(disclosed_on=f"2025-0{month}-01", recipient=board, **fields))
        for month in (3, 4, 5)
    ]


def old_release(erased_on: dt.datetime | None = None, recorded: int = 2012) -> EvidenceMaker:
    """A ledger begun in 2012 whose first release was erased."""
    maker = EvidenceMaker(now=dt.datetime(recorded, 2, 3, 9, tzinfo=dt.UTC))
    maker.genesis()
    maker.record("client", client="C-1001")
    maker.record("disclosure", **release(disclosed_on=f"{recorded}-02-02"))
    maker.now = erased_on or dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
    maker.erase([[2, 2]])
    maker.now = max(maker.now, dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC))
    maker.record("disclosure", **release())
    return maker


def reopened(maker: EvidenceMaker, data: bytes, place: int, *names: str) -> bytes:
    """The evidence with other fields of one stream entry opened."""

    def change(made: Evidence) -> Evidence:
        one = made.stream[place]
        header = entries.parse(one.note).header
        fields, salt = maker.fields[header.index], maker.salt(header.index)
        shown = replace(one, content=content.open_fields(header.kind, fields, salt, names))
        return replace(made, stream=(*made.stream[:place], shown, *made.stream[place + 1 :]))

    return changed(data, change)


ROW = (
    *("basis", "client", "counted_as", "description", "disclosed_by", "disclosed_on", "explanation", "matter"),
    *("protocol", "purpose", "recipient", "service_scope"),
)


WITNESS = signer_from_seed("board.example/w", COSIGNATURE, b"w" * 32)
