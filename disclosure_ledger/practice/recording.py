"""From a record to drafts: refs, first client records, classes of stream, and corrections that become two entries.

One `Recording` belongs to one transaction. Later records of it see earlier ones, so a file can hold a disclosure and
its correction, or the same `ref` twice.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Blocked, InvalidRecord
from disclosure_ledger.hipaa import clearance, filing, records
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.casefile import Casefile, Release
from disclosure_ledger.store.read import Reading
from disclosure_ledger.tagging import Tags, matter_of

from . import judging
from .knowing import Knowledge
from .opening import Opener
from .writer import Appending, Draft

Findings: TypeAlias = tuple[clearance.ClearanceFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The law as one practice is under it: the rule set and its readings, what the practice is, its state's overlay."""

    rules: Rules = field(default_factory=Rules)
    facts: clearance.Facts = field(default_factory=clearance.Facts)
    overlay: clearance.Overlay = clearance.NO_OVERLAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of one record."""

    index: int
    """The number of its entry: of the new one, or where `already`, of the one that was there."""
    kind: str
    ref: str | None = None
    """Its id in the system that it came from."""
    already: bool = False
    """A record of the same `ref` and content was there: nothing was written."""
    also: tuple[int, ...] = ()
    """Entries that the ledger wrote beside it: a first client record, the other half of a correction, a correction of
    an earlier release that counts otherwise now."""
    findings: tuple[clearance.ClearanceFinding, ...] = ()
    """What clearance found of the release; stored with it."""
    opens: str | None = None
    """The client of whom nothing was recorded before."""
    replaces: records.AccountingRequest | None = None
    """The request with other days whose place this one took, because it has the same id."""
    line: int | None = None
    """Its line in the file, where the file was only tried."""
    listed: bool | None = None
    """Whether a client's list has the release, where a file was only tried; None of what is no release."""


class Recording:
    """Plans the entries of one transaction."""

    def __init__(
        self,
        appending: Appending,
        reading: Reading,
        opener: Opener,
        *,
        tags: Tags,
        by: str,
        today: dt.date,
        law: Law,
        strict: bool = False,
    ) -> None:
        self._appending, self._reading, self._opener = appending, reading, opener
        self._tags, self._by, self._today = tags, by, today
        self._law, self._strict = law, strict
        self._knows = Knowledge(reading, opener, tags=tags, today=today)
        self._refs: dict[str, int] = {}
        self._sent: dict[str, Casefile | None] = {}
        """What others are told of clients about whom they judge lines; None: the number is all that is known."""

    def add(self, record: records.Record) -> Recorded:
        """Plan one record. Raises InvalidRecord, or where strict Blocked; what was planned before stays planned."""
        records.check_not_after(record, self._today)
        known = self._of_ref(record)
        if known is not None:
            return known
        target = self._standing(record) if isinstance(record, records.Correction) else None
        findings = self._cleared(record)
        is_new = record.client is not None and not self._knows.has(record.client)
        replaces = None if is_new else self._replaced(record)
        before = self._begin(record)
        *halves, index = self._file(record, target, findings)
        after = () if is_new else self._reassess(record)
        return Recorded(
            index=index,
            kind=record.kind,
            ref=record.ref,
            also=(*before, *halves, *after),
            findings=findings,
            opens=record.client if is_new else None,
            replaces=replaces,
        )

    def foresee(self, raw: bytes, client: str, ref: str | None) -> Recorded:
        """Plan a disclosure that others will read, of a client of whom nothing but disclosures is planned."""
        before = self._begun(client)
        if client not in self._sent:
            case = self._knows.governing(client)
            self._sent[client] = None if case == judging.unknown(client, self._today) else case
        line = judging.Line(raw=raw, client=client, ref=ref, case=self._sent[client])
        index = self._appending.add(Draft(kind=records.Disclosure.kind, client=client, ref=ref, line=line))
        opens = client if before else None
        return Recorded(index=index, kind=records.Disclosure.kind, ref=ref, also=before, opens=opens)

    def _file(self, record: records.Record, target: filing.Target | None, findings: Findings) -> tuple[int, ...]:
        """Draft a record in its class of stream; two entries where a correction's replacement belongs elsewhere."""
        written = self._written(record, findings)
        if target is None:
            first = isinstance(record, records.Client) and not self._knows.has(record.client)
            places = filing.plan(record, counted_as=written.get("counted_as"), first=first)
        else:
            places = filing.plan(record, target=target, counted_as=written.get("counted_as"))
            written["corrects_index"] = target.index
        return tuple(self._draft(place.record, place.stream, written) for place in places)

    # -- the law

    def _cleared(self, record: records.Record) -> Findings:
        """What clearance finds of a release; nothing of any other record. Raises Blocked where strict."""
        release = records.release_in(record)
        if release is None:
            return ()
        found = clearance.check(
            release,
            self._knows.governing(release.client),
            facts=self._law.facts,
            overlay=self._law.overlay,
            happened=not self._strict,
        )
        blocks = clearance.standing_blocks(release, found) if self._strict else ()
        if blocks:
            raise Blocked(
                "; ".join(f"{one.check}: {one.message}" for one in blocks),
                findings=tuple(one.check for one in blocks),
                hint="it was not recorded; if it went out all the same, record it without --strict",
            )
        return found

    def _reassess(self, record: records.Record) -> tuple[int, ...]:
        """Correct the client's earlier releases that count otherwise since this record (docs/format.md section 11)."""
        if record.client is None or not clearance.may_change_others(record):
            return ()
        changed = clearance.reassess(self._knows.case(record.client), facts=self._law.facts, overlay=self._law.overlay)
        made: list[int] = []
        for one in changed:
            target = self._as_target(one.release, record.client, one.correction)
            made += self._file(one.correction, target, one.findings)
        return tuple(made)

    def _replaced(self, record: records.Record) -> records.AccountingRequest | None:
        """The client's request of the same id and other days: its deadline is no longer kept (docs/records.md)."""
        if not isinstance(record, records.AccountingRequest):
            return None
        earlier = self._knows.case(record.client).requests.get(record.id)
        if earlier is None or (earlier.requested_on, earlier.received_on) == (record.requested_on, record.received_on):
            return None
        return earlier

    # -- refs

    def _of_ref(self, record: records.Record) -> Recorded | None:
        """What stands under the record's `ref`: nothing, the same record, or (an error) another one."""
        if record.ref is None:
            return None
        index = self._refs.get(record.ref)
        if index is None:
            index = self._opener.by_ref(record.ref)
        if index is None:
            return None
        kind, fields = self._knows.content(index)
        if kind != record.kind or fields is None or not self._same(record, fields):
            raise InvalidRecord(
                f"entry {index} has this ref, with other content",
                field="ref",
                hint="to change what was recorded, record a correction",
            )
        return Recorded(index=index, kind=record.kind, ref=record.ref, already=True)

    def _same(self, record: records.Record, fields: Mapping[str, JSON]) -> bool:
        if not isinstance(record, records.Correction):
            return records.same_content(records.to_fields(record, recorded_by=self._by), fields)
        corrected = fields["corrects"]
        if not isinstance(corrected, int):
            return False
        anew = records.to_fields(record, corrects_index=corrected, recorded_by=self._by)
        return records.same_content(anew, fields) and self._target(record) <= corrected

    # -- clients and classes

    def _begin(self, record: records.Record) -> tuple[int, ...]:
        """Make sure that a client's accounting stream has begun: with this record, or with the number alone."""
        return () if record.client is None or isinstance(record, records.Client) else self._begun(record.client)

    def _begun(self, client: str) -> tuple[int, ...]:
        if self._knows.has(client):
            return ()
        first = records.Client(client=client)
        return (self._draft(first, "accounting", {"recorded_by": self._by}),)

    # -- corrections

    def _target(self, record: records.Correction) -> int:
        """The entry that a correction names, by number or ref. Raises InvalidRecord."""
        if isinstance(record.corrects, int):
            if record.corrects >= self._appending.next_index:
                raise InvalidRecord(f"the ledger has no entry {record.corrects}", field="corrects")
            return record.corrects
        index = self._refs.get(record.corrects)
        if index is None:
            index = self._opener.by_ref(record.corrects)
        if index is None:
            raise InvalidRecord("no entry of the ledger has this ref", field="corrects")
        return index

    def _standing(self, record: records.Correction) -> filing.Target:
        """What stands today of the entry that a correction names. Raises InvalidRecord."""
        index = self._target(record)
        kind, fields = self._knows.content(index)
        if fields is None or kind in ("client", "accounting_provided"):
            raise InvalidRecord(f"entry {index} is nothing that is corrected", field="corrects")
        if kind not in ("disclosure", "correction"):
            return self._fact(index, kind, fields, record)
        for client in dict.fromkeys((record.client, str(fields["client"]))):
            release = self._knows.case(client).release(index)
            if release is not None:
                return self._as_target(release, client, record)
        raise InvalidRecord(f"entry {index} belongs to no release", field="corrects")

    def _fact(self, index: int, kind: str, fields: Mapping[str, JSON], record: records.Correction) -> filing.Target:
        """A fact that was entered in error: retracted as a whole, or entered again by a record of its own kind."""
        client = fields.get("client")
        if not record.retracts or client != record.client:
            hint = "retract it, and record what is right; a later record of the same id replaces it too"
            raise InvalidRecord(
                f"entry {index} is a {kind}: it is retracted, not replaced", field="corrects", hint=hint
            )
        if all(one.index != index for one in self._knows.facts(record.client)):
            raise InvalidRecord(f"entry {index} was retracted already", field="corrects")
        stream = filing.stream_class(records.from_fields(kind, fields))
        return filing.Target(index=index, client=record.client, stream=stream)

    def _as_target(self, release: Release, client: str, record: records.Correction) -> filing.Target:
        if release.disclosure is None and (record.retracts or record.client == client):
            raise InvalidRecord(
                f"entry {release.original} was retracted by entry {release.chain[-1]}: nothing of it stands",
                field="corrects",
                hint="what did happen after all is recorded as a disclosure of its own",
            )
        return filing.Target(
            index=release.chain[-1],
            client=client,
            stream=filing.release_class(release.disclosure) if release.disclosure is not None else None,
            retracted=release.disclosure is None,
        )

    # -- drafts

    def _written(self, record: records.Record, findings: Findings) -> dict[str, Any]:
        """What the ledger writes of itself into a record."""
        release = records.release_in(record)
        if release is None:
            return {"recorded_by": self._by}
        name = self._knows.protocol_name(release.protocol)
        return judging.written(release, findings, by=self._by, protocol_name=name)

    def _draft(self, record: records.Record, stream_class: str | None, written: Mapping[str, Any]) -> int:
        fields = records.to_fields(record, **written)
        index = self._appending.add(
            Draft(
                kind=record.kind,
                fields=fields,
                stream_class=stream_class,
                client=record.client,
                matter=matter_of(fields),
                ref=record.ref,
            )
        )
        self._knows.plan(index, record, stream_class, fields)
        if record.ref is not None:
            self._refs[record.ref] = index
        return index
