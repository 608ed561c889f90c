"""What one transaction knows of clients: what the ledger holds of them, and what the transaction has planned itself.

Later records of a file see earlier ones, though none of them is in the database yet.
"""

import datetime as dt
from collections.abc import Mapping

from disclosure_ledger.canonical import JSON
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.casefile import Casefile, Filed, fold
from disclosure_ledger.store.read import Reading
from disclosure_ledger.tagging import Tags

from .opening import Opener, protocols_named


class Knowledge:
    """Clients and entries, stored and planned."""

    def __init__(self, reading: Reading, opener: Opener, *, tags: Tags, today: dt.date) -> None:
        self._reading, self._opener, self._tags, self._today = reading, opener, tags, today
        self._planned: dict[int, tuple[records.Record, str | None]] = {}
        self._fields: dict[int, Mapping[str, JSON]] = {}
        self._cases: dict[str, list[Filed]] = {}
        self._governing: dict[str, Casefile] = {}
        self._clients: dict[str, list[int]] = {}
        """The clients whose accounting stream has begun, with the entries planned about them."""
        self._stored: set[str] = set()
        """Those of them that the database knows."""
        self._asked: set[str] = set()
        """The clients about whom the database was asked at once what an entry needs."""

    def plan(self, index: int, record: records.Record, stream_class: str | None, fields: Mapping[str, JSON]) -> None:
        """Take note of an entry that is going to be written."""
        self._planned[index], self._fields[index] = (record, stream_class), fields
        if record.client is not None:
            self._clients.setdefault(record.client, []).append(index)
            if record.client in self._cases:
                self._cases[record.client].append(self._as_filed(index))
            if _governs(record):
                self._governing.pop(record.client, None)

    def has(self, client: str) -> bool:
        """Whether the client's accounting stream has begun, in the ledger or in what is planned."""
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
        return self.has(client) and client in self._stored

    def filed(self, client: str) -> list[Filed]:
        """All of a client's records, stored and planned."""
        if client not in self._cases:
            stored = self._opener.all_filed(client) if self._is_stored(client) else ()
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

    def case(self, client: str) -> Casefile:
        """The same, folded, with the studies that they name."""
        filed = self.filed(client)
        return fold(filed, protocols=self._opener.protocols(protocols_named(filed)))

    def governing(self, client: str) -> Casefile:
        """A client's records that decide whether a release may go out: all but the releases, folded once."""
        if client not in self._governing:
            if client in self._cases:
                filed = [one for one in self._cases[client] if _governs(one.record)]
            else:
                filed = [*self._opener.filed(client, releases=False)] if self._is_stored(client) else []
                filed += [one for one in self._planned_of(client) if _governs(one.record)]
            self._governing[client] = fold(filed)
        return self._governing[client]

    def facts(self, client: str) -> list[Filed]:
        """A client's entries but those that were retracted."""
        filed = self.filed(client)
        gone = {
            one.record.corrects for one in filed if isinstance(one.record, records.Correction) and one.record.retracts
        }
        return [one for one in filed if one.index not in gone]

    def content(self, index: int) -> tuple[str, Mapping[str, JSON] | None]:
        """Kind and fields of an entry, planned or stored."""
        if index in self._fields:
            return self._planned[index][0].kind, self._fields[index]
        opened = self._opener.entry(index)
        return opened.kind, opened.fields

    def protocol_name(self, protocol: str | None) -> str | None:
        """The name of a research protocol, as it was last recorded or planned."""
        if protocol is None:
            return None
        planned = (record for record, _ in reversed(self._planned.values()))
        here = (one.name for one in planned if isinstance(one, records.ResearchProtocol) and one.id == protocol)
        stored = self._opener.protocols([protocol]).get(protocol)
        return next(here, stored.name if stored else None)


def _governs(record: records.Record) -> bool:
    """Whether a record can decide if a release may go out: every fact, and what retracts one."""
    return records.release_in(record) is None
