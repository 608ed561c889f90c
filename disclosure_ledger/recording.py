"""From a record to drafts: refs, first client records, classes of stream, and corrections that become two entries.

One `Recording` belongs to one transaction. Later records of it see earlier ones, so a file can hold a disclosure and
its correction, or the same `ref` twice.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from .canonical import JSON
from .errors import InvalidRecord
from .hipaa import bases, filing, records
from .hipaa.casefile import Casefile, Filed, Release, fold
from .opening import Opener, protocols_named
from .store.read import Reading
from .tagging import Tags, matter_of
from .writer import Appending, Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of one record."""

    index: int
    """The number of its entry: of the new one, or where `already`, of the one that was there."""
    kind: str
    already: bool = False
    """A record of the same `ref` and content was there: nothing was written."""
    also: tuple[int, ...] = ()
    """Entries that the ledger wrote beside it: a first client record, the other half of a correction."""


class Recording:
    """Plans the entries of one transaction."""

    def __init__(
        self, appending: Appending, reading: Reading, opener: Opener, *, tags: Tags, by: str, today: dt.date
    ) -> None:
        self._appending, self._reading, self._opener = appending, reading, opener
        self._tags, self._by, self._today = tags, by, today
        self._refs: dict[str, int] = {}
        self._planned: dict[int, Filed] = {}
        self._fields: dict[int, Mapping[str, JSON]] = {}
        self._cases: dict[str, list[Filed]] = {}
        self._clients: set[str] = set()

    def add(self, record: records.Record) -> Recorded:
        """Plan one record. Raises InvalidRecord; what was planned before stays planned."""
        records.check_not_after(record, self._today)
        known = self._of_ref(record)
        if known is not None:
            return known
        if isinstance(record, records.Correction):
            return self._correct(record)
        also = self._begin(record)
        stream_class = self._class_of(record)
        index = self._draft(record, stream_class, self._written(record))
        return Recorded(index=index, kind=record.kind, also=also)

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
        return Recorded(index=index, kind=record.kind, already=True)

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
            return self._planned[index].record.kind, self._fields[index]
        opened = self._opener.entry(index)
        return opened.kind, opened.fields

    # -- clients and classes

    def _begin(self, record: records.Record) -> tuple[int, ...]:
        """Make sure that a client's accounting stream has begun: with this record, or with the number alone."""
        client = record.client
        if client is None or self._is_known(client):
            return ()
        self._clients.add(client)
        if isinstance(record, records.Client):
            return ()
        first = records.Client(client=client)
        return (self._draft(first, "accounting", {"recorded_by": self._by}),)

    def _is_known(self, client: str) -> bool:
        if client not in self._clients and self._reading.stream_head(self._tags("accounting", client)) is not None:
            self._clients.add(client)
        return client in self._clients

    def _class_of(self, record: records.Record) -> str | None:
        if isinstance(record, records.Client):
            return filing.stream_class(record, first=not self._has_entries(record.client))
        return filing.stream_class(record)

    def _has_entries(self, client: str) -> bool:
        if self._reading.stream_head(self._tags("accounting", client)) is not None:
            return True
        return any(one.record.client == client for one in self._planned.values())

    # -- corrections

    def _correct(self, record: records.Correction) -> Recorded:
        """Replace or retract what stands; two entries where the replacement belongs to another class or client."""
        target = self._standing(record)
        also = list(self._begin(record))
        written = self._written(record)
        indexes = [
            self._draft(place.record, place.stream, {**written, "corrects_index": target.index})
            for place in filing.plan(record, target=target, counted_as=written.get("counted_as"))
        ]
        return Recorded(index=indexes[-1], kind=record.kind, also=(*also, *indexes[:-1]))

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
        if fields is None or kind not in ("disclosure", "correction"):
            raise InvalidRecord(f"entry {index} is no release: only releases are corrected", field="corrects")
        for client in dict.fromkeys((record.client, str(fields["client"]))):
            release = self._case(client).release(index)
            if release is not None:
                return self._as_target(release, client, record)
        raise InvalidRecord(f"entry {index} belongs to no release", field="corrects")

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

    def _case(self, client: str) -> Casefile:
        if client not in self._cases:
            self._cases[client] = [*self._opener.filed(client)]
            self._cases[client] += [one for one in self._planned.values() if one.record.client == client]
        filed = self._cases[client]
        return fold(filed, protocols=self._opener.protocols(protocols_named(filed)))

    def _written(self, record: records.Record) -> dict[str, JSON]:
        """What the ledger writes of itself into a record."""
        written: dict[str, JSON] = {"recorded_by": self._by}
        release = record.replacement if isinstance(record, records.Correction) else record
        if isinstance(release, records.Disclosure):
            written |= {"counted_as": release.basis, "findings": []}
            written["purpose"] = release.purpose or self._purpose(release, release.basis)
        return written

    def _purpose(self, release: records.Disclosure, counted_as: str) -> str | None:
        protocol = self._opener.protocols([release.protocol]).get(release.protocol) if release.protocol else None
        return bases.purpose(
            counted_as,
            recipient=release.recipient.name,
            matter=release.matter,
            protocol_name=protocol.name if protocol else None,
            explanation=release.explanation,
            disclosed_by=release.disclosed_by,
        )

    def _draft(self, record: records.Record, stream_class: str | None, written: Mapping[str, JSON]) -> int:
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
        filed = Filed(
            index=index,
            record=records.from_fields(record.kind, fields),
            recorded_on=self._today,
            in_stream=stream_class is not None,
        )
        self._planned[index], self._fields[index] = filed, fields
        if record.ref is not None:
            self._refs[record.ref] = index
        if record.client in self._cases:
            self._cases[record.client].append(filed)
        return index
