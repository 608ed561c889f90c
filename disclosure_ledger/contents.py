"""Check 12: every sealed content is there, opens, and is what its entry says, unless an erasure lists it.

That content is there, or not, is seen without a key. With the keys it is opened and held against its root, the fields
of its kind, the class of stream its entry stands in, and the tags by which it is found.
"""

from collections.abc import Iterable, Mapping

from .canonical import JSON
from .columns import mark
from .custody import vault
from .custody.keyfile import Secrets
from .errors import DisclosureLedgerError
from .hipaa import filing, records
from .log import content, kinds
from .log.entry import Entry
from .log.findings import Finding
from .store.read import Reading, WholeRow
from .tagging import Tags, matter_of


class Contents:
    """Looks, without a key, whether what is sealed of each entry is there."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._absent: list[int] = []
        self._owners: set[bytes] = set()
        """Whose content was there: what their data keys seal need not be looked for."""
        self._keyed = {key_tag for key_tag, _ in reading.data_keys()}
        self.findings: list[Finding] = []

    def _find(self, code: str, where: str, expected: str, found: str) -> None:
        self.findings.append(Finding(code=code, where=where, expected=expected, found=found))

    def row(self, row: WholeRow, parsed: Entry) -> None:
        """Look at the content of one entry."""
        where = f"entry {row.idx}"
        if parsed.header.kind not in kinds.SEALED:
            self._public(row, where)
            return
        owner = row.client_tag if row.client_tag is not None else row.matter_tag
        if row.content is None:
            self._absent.append(row.idx)
        elif owner is None:
            self._find("11.private", where, "a client_tag, or a protocol's matter_tag", "neither")
        else:
            self._owners.add(owner)
            self._sealed(row, parsed, owner)

    def _public(self, row: WholeRow, where: str) -> None:
        if row.content is not None:
            self._find("12.content", where, "no content beside a public entry", "sealed content")
        for name in ("client_tag", "matter_tag", "ref_tag"):
            if getattr(row, name) is not None:
                self._find("11.private", f"{where}, {name}", "nothing", mark(getattr(row, name)))

    def _sealed(self, row: WholeRow, parsed: Entry, owner: bytes) -> None:  # noqa: ARG002 - the keys' holder needs it
        if owner not in self._keyed:
            self._find("12.content", f"entry {row.idx}", "the data key that seals it", "none in the database")

    def finish(self, erased: Iterable[tuple[int, int]]) -> None:
        """What is missing must have been erased, and what was erased must be missing. Ranges include both ends."""
        ranges = sorted(erased)
        for index in self._absent:
            if not any(first <= index <= last for first, last in ranges):
                self._find("12.missing", f"entry {index}", "sealed content", "nothing, and no erasure lists it")
        for first, last in ranges:
            for index in self._reading.sealed_between(first, last):
                self._find("12.left", f"entry {index}", "nothing: it was erased", "sealed content")
        for key_tag in sorted(self._keyed - self._owners):
            if not self._reading.is_used(key_tag):
                self._find("12.left", f"data_keys, {key_tag.hex()[:16]}", "no key that seals nothing", "a key")


class OpenedContents(Contents):
    """Opens each content with the keys, and holds it against everything that speaks of it."""

    def __init__(self, reading: Reading, secrets: Secrets) -> None:
        super().__init__(reading)
        self._secrets = secrets
        self._tags = Tags(secrets.tag_key)
        self._keys: dict[bytes, bytes | None] = {}
        self._begun: set[bytes] = set()
        self._corrected: set[tuple[bytes, str | None, int | str]] = set()

    def _data_key(self, owner: bytes) -> bytes | None:
        """The data key of a client or protocol; None where it is missing or does not open."""
        if owner not in self._keys:
            wrapped = self._reading.data_key(owner)
            try:
                known = vault.unwrap(self._secrets.vault_key, self._secrets.origin, owner, wrapped) if wrapped else None
            except DisclosureLedgerError:
                known = None
            self._keys[owner] = known
        return self._keys[owner]

    def _sealed(self, row: WholeRow, parsed: Entry, owner: bytes) -> None:
        where, header = f"entry {row.idx}", parsed.header
        key = self._data_key(owner)
        if key is None:
            self._find("12.content", where, "the data key that seals it", "none that opens")
            return
        try:
            opened = vault.open_sealed(key, self._secrets.origin, row.idx, row.content or b"")
            content.check_whole(header.kind, header.content_root or b"", opened.fields, opened.salt_root)
        except DisclosureLedgerError as error:
            self._find("12.content", where, "the content that the entry commits to", error.message)
            return
        self._private_columns(row, opened.fields)
        try:
            record = records.from_fields(header.kind, opened.fields)
        except DisclosureLedgerError as error:
            self._find("12.schema", where, f"a valid {header.kind}", error.message)
            return
        self._filed(where, parsed, record)

    def _private_columns(self, row: WholeRow, fields: Mapping[str, JSON]) -> None:
        values = {"client": fields.get("client"), "matter": matter_of(fields), "ref": fields.get("ref")}
        for name, value in values.items():
            expected, found = self._tags.optional(name, value), getattr(row, f"{name}_tag")
            if (None if found is None else bytes(found)) != expected:
                self._find("11.private", f"entry {row.idx}, {name}_tag", mark(expected), mark(found))

    def _filed(self, where: str, parsed: Entry, record: records.Record) -> None:
        """The class of stream that the content asks for, and the client's own tag of it."""
        wanted = self._class_of(record)
        self._once(where, wanted, record)
        link = parsed.header.stream
        if isinstance(record, records.Client) and link is not None and wanted is None:
            self._find("12.two-streams", where, "one accounting stream of a client", "the beginning of another")
        elif wanted is None or link is None:
            if (wanted is None) != (link is None):
                self._find("12.class", where, f"class {wanted or 'none'}", "a stream" if link else "no stream")
        elif link.tag != self._tags(wanted, str(record.client)):
            self._find("12.tag", where, f"the {wanted} stream of its client", f"stream {link.tag.hex()[:16]}")

    def _once(self, where: str, wanted: str | None, record: records.Record) -> None:
        """No entry is corrected twice in one class, and a release counts as it was stated, or as impermissible."""
        release = records.release_in(record)
        if release is not None and release.counted_as not in (None, release.basis, "impermissible"):
            self._find("12.schema", where, "a release that counts as it was stated, or as impermissible", "another")
        if isinstance(record, records.Correction):
            place = (self._tags("client", record.client), wanted, record.corrects)
            if place in self._corrected:
                self._find("12.schema", where, "an entry that was not corrected before", f"entry {record.corrects}")
            self._corrected.add(place)

    def _class_of(self, record: records.Record) -> str | None:
        if isinstance(record, records.Client):
            return filing.stream_class(record, first=self._is_first(record.client))
        if isinstance(record, records.Correction) and record.replacement is None:
            return self._class_of_retraction(record)
        release = records.release_in(record)
        return filing.stream_class(record) if release is None else filing.release_class(release)

    def _is_first(self, client: str) -> bool:
        tag = self._tags("client", client)
        first = tag not in self._begun
        self._begun.add(tag)
        return first

    def _class_of_retraction(self, record: records.Correction) -> str | None:
        """The class of the entry that a retraction names: from its content, for nothing else says it."""
        key = self._data_key(self._tags("client", record.client))
        if key is None or not isinstance(record.corrects, int):
            return None
        try:
            stored = self._reading.stored(record.corrects)
            if stored.content is None:
                return None
            opened = vault.open_sealed(key, self._secrets.origin, stored.idx, stored.content)
            return self._class_of(records.from_fields(stored.kind, opened.fields))
        except DisclosureLedgerError:
            return None
