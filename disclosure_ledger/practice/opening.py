"""Opens what the ledger has sealed: stored entries to records, one client's records to a casefile.

Needs the keys. Verification that needs none is elsewhere (`log.verifier`, `audit`).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.custody import vault
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.errors import Malformed, NotFound, ProofFailed, StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.casefile import Casefile, Filed, fold
from disclosure_ledger.hipaa.studies import Study, StudyRelease
from disclosure_ledger.log import entry
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.store.read import Reading, Stored, WholeRow
from disclosure_ledger.tagging import Tags

from . import growing

RELEASES: Final = frozenset({records.Disclosure.kind, records.Correction.kind})
"""The kinds of what tells of a release."""

_VERIFY: Final = "run: disclosure-ledger verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEntry:
    """An entry with its content in the clear. `fields` is None where the entry is public or was erased."""

    entry: entry.Entry
    fields: Mapping[str, JSON] | None
    salt_root: bytes | None

    @property
    def index(self) -> int:
        """The entry's number."""
        return self.entry.header.index

    @property
    def kind(self) -> str:
        """The entry's kind."""
        return self.entry.header.kind


class Opener:
    """Opens entries of one ledger within one reading; remembers the data keys it has unwrapped."""

    def __init__(self, reading: Reading, *, secrets: Secrets, tags: Tags, zone: dt.tzinfo) -> None:
        self._reading, self._secrets, self._tags, self._zone = reading, secrets, tags, zone
        self.keys: dict[bytes, bytes] = {}
        """Data keys that were unwrapped, by owner."""
        self._opened: dict[int, OpenEntry] = {}
        self._erasures: tuple[Entry, ...] | None = None
        self._proved: set[int] = set()
        """The erasures of which it is known that they are in the tree."""

    def entry(self, index: int) -> OpenEntry:
        """One entry. Raises NotFound."""
        if index in self._opened:
            return self._opened[index]
        stored = self._reading.stored(index)
        owner = self._reading.owner_of(index)
        return self._open(stored, owner)

    def of_client(self, client: str, *, releases: bool = True) -> Iterator[OpenEntry]:
        """A client's entries in order, all or all but the releases; none for a number that no record names."""
        tag = self._tags("client", client)
        found = self._reading.of_client(tag) if releases else self._reading.of_client_but_releases(tag)
        return (self._open(stored, tag) for stored in found)

    def of_matter(self, matter: str) -> Iterator[OpenEntry]:
        """The entries of a matter or protocol, of all clients, in order."""
        for stored, owner in self._reading.of_matter(self._tags("matter", matter)):
            yield self._open(stored, owner)

    def of_kinds(self, *kinds: str) -> Iterator[OpenEntry]:
        """The entries of some kinds (not of `disclosure`), in order."""
        for stored, owner in self._reading.of_kinds(kinds):
            yield self._open(stored, owner)

    def every_release(self) -> Iterator[OpenEntry]:
        """Every disclosure and correction of the ledger, in order; none is remembered, so that memory stays flat."""
        return self._every(lambda row: row.kind in RELEASES)

    def last_releases(self, client: str, among: int) -> Iterator[OpenEntry]:
        """A client's disclosures among the ledger's last entries, the latest first."""
        tag, size = self._tags("client", client), self._reading.head().size
        rows = [*self._reading.rows(max(0, size - among), size)]
        for row in reversed(rows):
            if row.kind == "disclosure" and row.client_tag is not None and bytes(row.client_tag) == tag:
                yield self._opened_anew(Stored(idx=row.idx, kind=row.kind, note=row.note, content=row.content), tag)

    def every_sealed(self, kind: str | None = None) -> Iterator[OpenEntry]:
        """Every entry whose content was sealed, of one kind or of all, in order; none is remembered."""
        return self._every(lambda row: row.kind in SEALED and kind in (None, row.kind))

    def _every(self, wanted: Callable[[WholeRow], bool]) -> Iterator[OpenEntry]:
        for row in self._reading.rows(0, self._reading.head().size):
            if wanted(row):
                owner = row.client_tag if row.client_tag is not None else row.matter_tag
                stored = Stored(idx=row.idx, kind=row.kind, note=row.note, content=row.content)
                yield self._opened_anew(stored, None if owner is None else bytes(owner))

    def corrected_releases(self) -> Iterator[tuple[OpenEntry, ...]]:
        """For each client of whom something was corrected their disclosures and corrections; none is remembered."""
        for tag in self._reading.clients_of("correction"):
            stored = (one for one in self._reading.of_client(tag) if one.kind in RELEASES)
            yield tuple(self._opened_anew(one, tag) for one in stored)

    def by_ref(self, ref: str) -> int | None:
        """The index of the entry that has a source system's id. Raises StorageFailed where its content has another."""
        index = self._reading.of_ref(self._tags("ref", ref))
        if index is not None and (fields := self.entry(index).fields) is not None and fields.get("ref") != ref:
            raise growing.broken(f"the ref of entry {index}")
        return index

    def all_filed(self, client: str) -> tuple[Filed, ...]:
        """All of a client's records, as the casefile takes them. Raises StorageFailed where their streams have more.

        What is written rests on them: a fact that is hidden would have a release taken off the list.
        """
        opened = tuple(self.of_client(client))
        for name in ("accounting", "record"):
            tag = self._tags(name, client)
            stream = (one.entry for one in opened if (link := one.entry.header.stream) is not None and link.tag == tag)
            if growing.end_of(stream) != (self._reading.stream_head(tag) or (0, None)):
                raise growing.broken("a client's stream")
        return self._filed(opened)

    def filed(self, client: str, *, releases: bool = True) -> tuple[Filed, ...]:
        """A client's records, all or all but the releases, as the casefile takes them."""
        return self._filed(self.of_client(client, releases=releases))

    def _filed(self, opened: Iterable[OpenEntry]) -> tuple[Filed, ...]:
        return tuple(one for one in map(self.as_filed, opened) if one is not None)

    def casefile(self, client: str) -> Casefile:
        """A client's records, folded, with the studies that they name. Raises NotFound for an unknown client."""
        return self.casefile_of(self.of_client(client))

    def casefile_of(
        self, opened: Iterable[OpenEntry], protocols: Mapping[str, records.ResearchProtocol] | None = None
    ) -> Casefile:
        """The same of entries that are opened already: all that are about one client. Raises NotFound for none.

        protocols: the studies that are told of, where they are known already.
        """
        filed = self._filed(opened)
        if not filed:
            raise NotFound("no record of the ledger names this client")
        return fold(filed, protocols=self.protocols(protocols_named(filed)) if protocols is None else protocols)

    def protocols(self, ids: Iterable[str]) -> dict[str, records.ResearchProtocol]:
        """The research protocols of these ids, each as it was last recorded."""
        found: dict[str, records.ResearchProtocol] = {}
        for name in ids:
            for opened in self.of_matter(name):
                if opened.kind == "research_protocol" and opened.fields is not None:
                    record = records.from_fields(opened.kind, opened.fields)
                    if isinstance(record, records.ResearchProtocol):
                        found[name] = record
        return found

    def as_filed(self, opened: OpenEntry) -> Filed | None:
        """An opened entry as a record with its place; None for what was erased."""
        if opened.fields is None:
            return None
        header = opened.entry.header
        return Filed(
            index=header.index,
            record=records.from_fields(header.kind, opened.fields),
            recorded_on=header.recorded_at.astimezone(self._zone).date(),
            in_stream=header.stream is not None,
        )

    def erasure_of(self, index: int) -> Entry:
        """The erasure that lists an entry whose content is not there. Raises StorageFailed for none."""
        if self._erasures is None:
            self._erasures = tuple(entry.parse(stored.note) for stored, _ in self._reading.of_kinds(("erasure",)))
        for one in self._erasures:
            if any(first <= index <= last for first, last in entry.erased_by(one.header)):
                if one.header.index not in self._proved:
                    growing.expect_in_tree(self._reading, one.header.index, one.raw)
                    self._proved.add(one.header.index)
                return one
        raise StorageFailed(f"the content of entry {index} is missing, and no erasure lists it", hint=_VERIFY)

    def _open(self, stored: Stored, owner: bytes | None) -> OpenEntry:
        """An entry, opened once a transaction: an accounting and its proof look at the same ones."""
        if stored.idx not in self._opened:
            self._opened[stored.idx] = self._opened_anew(stored, owner)
        return self._opened[stored.idx]

    def _opened_anew(self, stored: Stored, owner: bytes | None) -> OpenEntry:
        try:
            parsed = entry.parse(stored.note)
            if stored.content is None or owner is None:
                if parsed.header.public is None:
                    self.erasure_of(stored.idx)
                return OpenEntry(entry=parsed, fields=None, salt_root=None)
            opened = vault.open_sealed(self._key(owner), self._secrets.origin, stored.idx, stored.content)
        except (Malformed, ProofFailed):
            raise StorageFailed(f"entry {stored.idx} in the database is not what was written", hint=_VERIFY) from None
        return OpenEntry(entry=parsed, fields=opened.fields, salt_root=opened.salt_root)

    def _key(self, owner: bytes) -> bytes:
        known = self.keys.get(owner)
        if known is None:
            wrapped = self._reading.data_key(owner)
            if wrapped is None:
                raise ProofFailed("a data key is missing")
            known = vault.unwrap(self._secrets.vault_key, self._secrets.origin, owner, wrapped)
            self.keys[owner] = known
        return known


def protocols_named(filed: Iterable[Filed]) -> frozenset[str]:
    """The research protocols that some records name."""
    named = (getattr(records.release_in(one.record) or one.record, "protocol", None) for one in filed)
    return frozenset(name for name in named if name is not None)


def studies(
    opener: Opener, case: Casefile, held: Callable[[str], Iterable[OpenEntry]] | None = None
) -> dict[str, Study]:
    """For each research protocol that a client's records name: everybody's standing releases under it.

    Whether a study may be listed in place of a client's own releases turns on how many individuals it reached in
    the accounting's period (164.528(b)(4)). held: gives a client's entries, where they have to be more than found.
    """
    held = held or opener.of_client
    found: dict[str, Study] = {}
    for name, protocol in case.protocols.items():
        clients = dict.fromkeys(
            str(opened.fields["client"])
            for opened in opener.of_matter(name)
            if opened.fields is not None and opened.fields.get("client") is not None
        )
        releases = [
            StudyRelease(client=client, disclosed_on=stands.disclosed_on, counted_as=stands.counts_as)
            for client in clients
            for _, stands in opener.casefile_of(held(client), case.protocols).standing()
            if stands.protocol == name
        ]
        found[name] = Study(protocol=protocol, releases=tuple(releases))
    return found
