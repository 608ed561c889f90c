"""Walks over made ledgers, and what they find."""

from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import note
from disclosure_ledger.log.findings import Finding
from disclosure_ledger.log.walk import Walker
from golden_log import ORIGIN
from log_maker import LogMaker


def walked(
    maker: LogMaker, handovers: dict[int, bytes] | None = None, *, mldsa: bool = True, sizes: tuple[int, ...] = ()
) -> tuple[Walker, list[tuple[int, str]]]:
    """The walk over all entries, and where which code was reported; a signature that fails is `3.signature`."""
    found = list[tuple[int, str]]()

    def report(index: int, finding: Finding) -> None:
        assert finding.where == f"entry {index}"
        found.append((index, finding.code))

    def verify(index: int, entry: entries.Entry, key: note.VerifierKey) -> None:
        entries.verify(entry, key)

    database = {} if mldsa else {"mldsa": False}
    walker = Walker(origin=ORIGIN, report=report, verify=verify, handovers=handovers, sizes={0, *sizes}, **database)
    for raw in maker.notes:
        walker.take(raw)
    return walker, found


def faults(maker: LogMaker, handovers: dict[int, bytes] | None = None, *, mldsa: bool = True) -> list[tuple[int, str]]:
    return walked(maker, handovers, mldsa=mldsa)[1]


def begun() -> LogMaker:
    maker = LogMaker()
    maker.genesis()
    return maker


def findings(maker: LogMaker) -> list[Finding]:
    """What a walk reports, as it is told."""
    found = list[Finding]()
    walker = Walker(origin=ORIGIN, report=lambda index, finding: found.append(finding), verify=lambda *signed: None)
    for raw in maker.notes:
        walker.take(raw)
    return found
