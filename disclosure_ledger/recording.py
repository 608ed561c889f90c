"""From a record to drafts: refs, first client records, classes of stream, and corrections that become two entries.

One `Recording` belongs to one transaction. Later records of it see earlier ones, so a file can hold a disclosure and
its correction, or the same `ref` twice.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from . import judging
from .canonical import JSON
from .errors import Blocked, InvalidRecord
from .hipaa import clearance, filing, records
from .hipaa.bases import Rules
from .hipaa.casefile import Casefile, Filed, Release, fold
from .opening import Opener, protocols_named
from .store.read import Reading
from .tagging import Tags, matter_of
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
        self._refs: dict[str, int] = {}
        self._planned: dict[int, tuple[records.Record, str | None]] = {}
        self._fields: dict[int, Mapping[str, JSON]] = {}
        self._cases: dict[str, list[Filed]] = {}
        self._governing: dict[str, Casefile] = {}
        self._sent: dict[str, Casefile | None] = {}
        """What others are told of clients about whom they judge lines; None: the number is all that is known."""
        self._clients: dict[str, list[int]] = {}
        """The clients whose accounting stream has begun, with the entries planned about them."""
        self._stored: set[str] = set()
        """Those of them that the database knows."""
        self._asked: set[str] = set()
        """The clients about whom the database was asked at once what an entry needs."""

    def add(self, record: records.Record) -> Recorded:
        """Plan one record. Raises InvalidRecord, or where strict Blocked; what was planned before stays planned."""
        records.check_not_after(record, self._today)
        known = self._of_ref(record)
        if known is not None:
            return known
        target = self._standing(record) if isinstance(record, records.Correction) else None
        findings = self._cleared(record)
        is_new = record.client is not None and not self._is_known(record.client)
        before = self._begin(record)
        *halves, index = self._file(record, target, findings)
        after = () if is_new else self._reassess(record)
        return Recorded(
            index=index, kind=record.kind, ref=record.ref, also=(*before, *halves, *after), findings=findings
        )

    def foresee(self, raw: bytes, client: str, ref: str | None) -> Recorded:
        """Plan a disclosure that others will read, of a client of whom nothing but disclosures is planned."""
        before = self._begun(client)
        if client not in self._sent:
            case = self._governing_case(client)
            self._sent[client] = None if case == judging.unknown(client, self._today) else case
        line = judging.Line(raw=raw, client=client, ref=ref, case=self._sent[client])
        index = self._appending.add(Draft(kind=records.Disclosure.kind, client=client, ref=ref, line=line))
        return Recorded(index=index, kind=records.Disclosure.kind, ref=ref, also=before)

    def _file(self, record: records.Record, target: filing.Target | None, findings: Findings) -> tuple[int, ...]:
        """Draft a record in its class of stream; two entries where a correction's replacement belongs elsewhere."""
        written = self._written(record, findings)
        if target is None:
            first = isinstance(record, records.Client) and not self._is_known(record.client)
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
            self._governing_case(release.client),
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

    def _governing_case(self, client: str) -> Casefile:
        """A client's records that decide whether a release may go out: all but the releases, folded once."""
        if client not in self._governing:
            if client in self._cases:
                filed = [one for one in self._cases[client] if _governs(one.record)]
            else:
                filed = [*self._opener.filed(client, releases=False)] if self._is_stored(client) else []
                filed += [one for one in self._planned_of(client) if _governs(one.record)]
            self._governing[client] = fold(filed)
        return self._governing[client]

    def _reassess(self, record: records.Record) -> tuple[int, ...]:
        """Correct the client's earlier releases that count otherwise since this record (docs/format.md section 11)."""
        if record.client is None or not clearance.may_change_others(record):
            return ()
        changed = clearance.reassess(self._case(record.client), facts=self._law.facts, overlay=self._law.overlay)
        made: list[int] = []
        for one in changed:
            target = self._as_target(one.release, record.client, one.correction)
            made += self._file(one.correction, target, one.findings)
        return tuple(made)

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
        kind, fields = self._content(index)
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

    def _content(self, index: int) -> tuple[str, Mapping[str, JSON] | None]:
        """Kind and fields of an entry, planned or stored."""
        if index in self._fields:
            return self._planned[index][0].kind, self._fields[index]
        opened = self._opener.entry(index)
        return opened.kind, opened.fields

    # -- clients and classes

    def _begin(self, record: records.Record) -> tuple[int, ...]:
        """Make sure that a client's accounting stream has begun: with this record, or with the number alone."""
        return () if record.client is None or isinstance(record, records.Client) else self._begun(record.client)

    def _begun(self, client: str) -> tuple[int, ...]:
        if self._is_known(client):
            return ()
        first = records.Client(client=client)
        return (self._draft(first, "accounting", {"recorded_by": self._by}),)

    def _is_known(self, client: str) -> bool:
        if client in self._clients:
            return True
        self._look_ahead(client)
        if self._reading.stream_head(self._tags("accounting", client)) is None:
            return False
        self._clients[client] = []
        self._stored.add(client)
        return True

    def _look_ahead(self, client: str) -> None:
        if client not in self._asked:
            self._asked.add(client)
            streams = self._tags("accounting", client), self._tags("record", client)
            self._reading.look_ahead(self._tags("client", client), streams)

    def _is_stored(self, client: str) -> bool:
        return self._is_known(client) and client in self._stored

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
        kind, fields = self._content(index)
        if fields is None or kind in ("client", "accounting_provided"):
            raise InvalidRecord(f"entry {index} is nothing that is corrected", field="corrects")
        if kind not in ("disclosure", "correction"):
            return self._fact(index, kind, fields, record)
        for client in dict.fromkeys((record.client, str(fields["client"]))):
            release = self._case(client).release(index)
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
        if all(one.index != index for one in self._case_facts(record.client)):
            raise InvalidRecord(f"entry {index} was retracted already", field="corrects")
        stream = filing.stream_class(records.from_fields(kind, fields))
        return filing.Target(index=index, client=record.client, stream=stream)

    def _case_facts(self, client: str) -> list[Filed]:
        """A client's entries but those that were retracted."""
        filed = self._filed(client)
        gone = {
            one.record.corrects for one in filed if isinstance(one.record, records.Correction) and one.record.retracts
        }
        return [one for one in filed if one.index not in gone]

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

    def _filed(self, client: str) -> list[Filed]:
        if client not in self._cases:
            stored = self._opener.filed(client) if self._is_stored(client) else ()
            self._cases[client] = [*stored, *self._planned_of(client)]
        return self._cases[client]

    def _planned_of(self, client: str) -> list[Filed]:
        return [self._as_filed(index) for index in self._clients.get(client, ())]

    def _as_filed(self, index: int) -> Filed:
        """A planned entry as the casefile takes it: with all that the ledger wrote into it."""
        record, stream_class = self._planned[index]
        return Filed(
            index=index,
            record=records.from_fields(record.kind, self._fields[index]),
            recorded_on=self._today,
            in_stream=stream_class is not None,
        )

    def _case(self, client: str) -> Casefile:
        filed = self._filed(client)
        return fold(filed, protocols=self._opener.protocols(protocols_named(filed)))

    def _written(self, record: records.Record, findings: Findings) -> dict[str, Any]:
        """What the ledger writes of itself into a record."""
        release = records.release_in(record)
        if release is None:
            return {"recorded_by": self._by}
        name = self._protocol_name(release.protocol)
        return judging.written(release, findings, by=self._by, protocol_name=name)

    def _protocol_name(self, protocol: str | None) -> str | None:
        if protocol is None:
            return None
        planned = (record for record, _ in reversed(self._planned.values()))
        here = (one.name for one in planned if isinstance(one, records.ResearchProtocol) and one.id == protocol)
        stored = self._opener.protocols([protocol]).get(protocol)
        return next(here, stored.name if stored else None)

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
        self._planned[index], self._fields[index] = (record, stream_class), fields
        if record.ref is not None:
            self._refs[record.ref] = index
        if record.client is not None:
            self._clients.setdefault(record.client, []).append(index)
            if record.client in self._cases:
                self._cases[record.client].append(self._as_filed(index))
            if _governs(record):
                self._governing.pop(record.client, None)
        return index


def _governs(record: records.Record) -> bool:
    """Whether a record can decide if a release may go out: every fact, and what retracts one."""
    return records.release_in(record) is None
