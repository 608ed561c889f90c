"""A ledger in memory, of records alone: what the law tower does with records in order, without seals or a database."""

from datetime import date
from typing import Any

from disclosure_ledger.errors import NotFound
from disclosure_ledger.hipaa.accounting import Accounting, Asked, Practice, Study, StudyRelease, account
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.casefile import Casefile, Filed, fold
from disclosure_ledger.hipaa.clearance import NO_OVERLAY, Facts, Overlay, check, cleared, may_change_others, reassess
from disclosure_ledger.hipaa.filing import Target, plan
from disclosure_ledger.hipaa.records import (
    AccountingProvided,
    Client,
    Correction,
    Record,
    ResearchProtocol,
    from_json,
    release_in,
    with_release,
)

TODAY = date(2026, 11, 24)
"""The day on which every record of a replay is written."""


class Books:
    """Records in order. `record` files one as a ledger would; `account` draws an accounting."""

    def __init__(
        self,
        *,
        practice: str = "Harbor Counseling LLC",
        rules: Rules | None = None,
        facts: Facts | None = None,
        overlay: Overlay = NO_OVERLAY,
    ) -> None:
        self.facts, self.overlay = facts or Facts(), overlay
        self.practice = Practice(name=practice, address="1 Harbor St", contact="555-0100")
        self.rules = rules or Rules()
        self.entries: list[tuple[str | None, Filed, str | None]] = []
        self.refs: dict[str, int] = {}
        self.cases: dict[str | None, list[Filed]] = {}

    def casefile(self, client: str | None) -> Casefile:
        """One client's facts as they stand."""
        return fold(self.cases.get(client, ()), protocols=self.protocols())

    def protocols(self) -> dict[str, ResearchProtocol]:
        """The studies on record, the last of each id."""
        studies = (filed.record for filed in self.cases.get(None, ()) if isinstance(filed.record, ResearchProtocol))
        return {study.id: study for study in studies}

    def record(self, obj: dict[str, Any]) -> list[int]:
        """File one record of a case; returns the indexes of the entries it became."""
        record = from_json(obj)
        target = self._target(record) if isinstance(record, Correction) else None
        known = record.client in self.cases
        if not known and record.client is not None and not isinstance(record, Client):
            self._file(Client(client=record.client), None, first=True)
        indexes = self._file(self._cleared(record), target, first=not known)
        if may_change_others(record):
            for changed in reassess(self.casefile(record.client), facts=self.facts, overlay=self.overlay):
                indexes += self._file(changed.correction, self._target(changed.correction))
        return indexes

    def _cleared(self, record: Record) -> Record:
        """The record with what the ledger writes into its release."""
        release = release_in(record)
        if release is None:
            return record
        case = self.casefile(record.client)
        found = check(release, case, facts=self.facts, overlay=self.overlay, happened=True)
        ready = cleared(release, found, protocol_name=case.protocol_name(release))
        return with_release(record, counted_as=ready.counted_as, findings=ready.findings, purpose=ready.purpose)

    def _file(self, record: Record, target: Target | None, *, first: bool = False) -> list[int]:
        release = release_in(record)
        counted_as = release.counts_as if release is not None else None
        indexes = []
        for filing in plan(record, target=target, counted_as=counted_as, first=first):
            index = len(self.entries)
            filed = Filed(index=index, record=filing.record, recorded_on=TODAY, in_stream=filing.stream is not None)
            self.entries.append((filing.client, filed, filing.stream))
            self.cases.setdefault(filing.client, []).append(filed)
            if filing.record.ref is not None:
                self.refs[filing.record.ref] = index
            indexes.append(index)
        return indexes

    def _target(self, correction: Correction) -> Target:
        named = correction.corrects if isinstance(correction.corrects, int) else self.refs[correction.corrects]
        for client in (correction.client, self.entries[named][0]):
            release = self.casefile(client).release(named)
            if release is not None:
                last = release.chain[-1]
                return Target(
                    index=last, client=client, stream=self.entries[last][2], retracted=release.standing is None
                )
        client, _, stream = self.entries[named]
        if correction.retracts and client is not None:
            return Target(index=named, client=client, stream=stream)
        raise NotFound("no release of that number")

    def studies(self) -> dict[str, Study]:
        """For each protocol, the standing releases of everybody."""
        releases: dict[str, list[StudyRelease]] = {id_: [] for id_ in self.protocols()}
        for client in [client for client in self.cases if client is not None]:
            for _, one in self.casefile(client).standing():
                if one.protocol in releases:
                    releases[one.protocol].append(
                        StudyRelease(client=client, disclosed_on=one.disclosed_on, counted_as=one.counts_as)
                    )
        return {
            id_: Study(protocol=protocol, releases=tuple(releases[id_])) for id_, protocol in self.protocols().items()
        }

    def account(
        self,
        client: str,
        request: str | None,
        as_of: date,
        *,
        summarize: bool | None = None,
        asked: Asked | None = None,
    ) -> Accounting:
        """The accounting of a client for a request, or for one that nobody recorded."""
        case = self.casefile(client)
        return account(
            case,
            case.request(request) if request is not None else asked,
            as_of=as_of,
            practice=self.practice,
            rules=self.rules,
            studies=self.studies(),
            summarize=summarize,
            checkpoint="a checkpoint",
        )

    def provide(self, given: AccountingProvided) -> Accounting:
        """Draw the accounting that a mark in a case stands for, and file that it was given."""
        drawn = self.account(given.client, given.request, given.provided_on)
        self._file(
            AccountingProvided(
                client=given.client, request=given.request, provided_on=given.provided_on, fee=drawn.fee
            ),
            None,
        )
        return drawn
