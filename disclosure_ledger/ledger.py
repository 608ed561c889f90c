"""A practice's ledger: record, seal, account. Joins the towers, the keys and the database.

Everything that writes happens in one transaction under the ledger's lock, after the database was held against the
state file; the state file is written when the transaction has been committed.

    ledger = Ledger.open("disclosures.db", secrets=secrets, state_file=path, clock=clock, entropy=os.urandom)
    ledger.record(records.from_json({...}))
    ledger.seal()
"""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import mapping, remembering, strict
from .canonical import JSON
from .custody import memory
from .custody.keyfile import OWNER, Entropy, Secrets
from .custody.memory import State
from .errors import InvalidImport, InvalidRecord, KeysUnavailable, NoLedger, NotFound, StorageFailed
from .hipaa import accounting, clearance, records
from .hipaa.accounting import Accounting, Practice
from .hipaa.casefile import fold
from .hipaa.clearance import ClearanceFinding
from .log import checkpoint, entry, kinds
from .opening import OpenEntry, Opener, studies
from .pending import OpenRequest, requests
from .recording import Law, Recorded, Recording
from .store.append import Writing
from .store.engine import Patience
from .store.read import Reading
from .store.sql import Store
from .tagging import Tags
from .writer import Appending, Clock, Draft

MAX_ERRORS = 100
"""More errors than this help nobody; an import stops there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an accounting is to be of."""

    client: str
    request: str | None = None
    """Id of an accounting_request; None: the client's own, made on the day of issue."""
    first: dt.date | None = None
    last: dt.date | None = None
    """A narrower period, where there is no request that says it."""
    as_of: dt.date
    summarize: bool | None = None
    """Sum up repeats (164.528(b)(3)); None leaves it to the rules."""


class Ledger:
    """An open ledger with its keys."""

    def __init__(
        self,
        store: Store,
        *,
        secrets: Secrets,
        state_file: Path,
        clock: Clock,
        entropy: Entropy,
        zone: dt.tzinfo = dt.UTC,
        by: str | None = None,
        patience: Patience | None = None,
        law: Law | None = None,
    ) -> None:
        self._store, self._secrets, self._state_file = store, secrets, state_file
        self._clock, self._entropy, self._zone = clock, entropy, zone
        self._patience = patience or Patience()
        self._law = law or Law()
        self._signer = secrets.recorder(OWNER)
        self._by = by or OWNER
        self._tags = Tags(secrets.tag_key)
        self.notices: list[str] = []
        """What went wrong beside what was done, one sentence each: look at it after each call."""

    @classmethod
    def create(
        cls, place: str, *, secrets: Secrets, practice: str, state_file: Path, clock: Clock, entropy: Entropy
    ) -> None:
        """Make a ledger of one entry, its genesis, and the memory of it."""
        store = Store.create(place)
        try:
            with store.found(secrets.origin, Patience()) as into:
                tags = Tags(secrets.tag_key)
                signer = secrets.recorder(OWNER)
                adding = Appending(into, secrets=secrets, signer=signer, tags=tags, clock=clock, entropy=entropy)
                adding.add(Draft(kind="genesis", public=_genesis(secrets, practice)))
                adding.finish()
                stands = checkpoint.parse(into.head().checkpoint).checkpoint
            memory.save(state_file, State(origin=secrets.origin, size=stands.size, root=stands.root))
        finally:
            store.close()

    @classmethod
    def open(cls, place: str, *, secrets: Secrets, state_file: Path, **more: object) -> "Ledger":
        """The ledger of the key file's origin, in the database at a place. `more` as for the constructor."""
        store = Store.open(place)
        if secrets.origin not in store.origins():
            store.close()
            raise NoLedger(f"the database holds no ledger named {secrets.origin}")
        return cls(store, secrets=secrets, state_file=state_file, **more)  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    # -- writing

    @contextlib.contextmanager
    def _write(self) -> Iterator[tuple[Writing, Appending, Opener]]:
        """One transaction: memory held against the database, drafts added, then everything written and remembered."""
        origin = self._secrets.origin
        state = remembering.recall(self._state_file, origin)
        with self._store.write(origin, self._patience) as into:
            remembering.check(into, state)
            adding = Appending(
                into,
                secrets=self._secrets,
                signer=self._signer,
                tags=self._tags,
                clock=self._clock,
                entropy=self._entropy,
            )
            yield into, adding, self._opener(into)
            stands = checkpoint.parse(into.head().checkpoint).checkpoint
        try:
            remembering.remember(self._state_file, State(origin=origin, size=stands.size, root=stands.root))
        except (StorageFailed, KeysUnavailable) as error:
            # the entry is in the ledger: an error here would have it recorded again
            self.notices.append(f"it is recorded, but the state file is an older one now: {error.message}")

    def _opener(self, reading: Reading) -> Opener:
        return Opener(reading, secrets=self._secrets, tags=self._tags, zone=self._zone)

    def _today(self) -> dt.date:
        return self._clock().astimezone(self._zone).date()

    def record(self, record: records.Record, *, strict: bool = False) -> Recorded:
        """Record one thing that happened; `strict`: one that has not happened yet, and must not while a block stands.

        Raises InvalidRecord, or where strict Blocked; nothing is written then.
        """
        with self._write() as (into, adding, opener):
            made = self._recording(into, adding, opener, strict=strict).add(record)
            adding.finish()
        return made

    def record_all(
        self,
        numbered: Iterable[tuple[int, records.Record]],
        *,
        dry_run: bool = False,
        processes: int = 1,
        on_progress: Callable[[int], None] | None = None,
    ) -> tuple[Recorded, ...]:
        """Record what a file holds, all or nothing. Raises InvalidImport with every error and its line."""
        made: list[Recorded] = []
        with contextlib.suppress(_DryRun), self._write() as (into, adding, opener):
            recording = self._recording(into, adding, opener)
            errors: list[InvalidRecord] = []
            try:
                for line, record in numbered:
                    try:
                        made.append(recording.add(record))
                    except InvalidRecord as error:
                        errors.append(error.at_line(line))
                        if len(errors) == MAX_ERRORS:
                            break
            except InvalidImport as error:
                errors += error.errors
            if errors:
                raise InvalidImport(tuple(sorted(errors, key=lambda error: error.line or 0)))
            if dry_run:
                raise _DryRun
            adding.finish(processes=processes, on_progress=on_progress)
        return tuple(made)

    def _recording(self, into: Writing, adding: Appending, opener: Opener, *, strict: bool = False) -> Recording:
        return Recording(
            adding,
            into,
            opener,
            tags=self._tags,
            by=self._by,
            today=self._today(),
            law=self._law,
            strict=strict,
        )

    def seal(self) -> int | None:
        """Write down where every stream stands, unless nothing has happened since; the entry's number."""
        with self._write() as (into, adding, _):
            return self._map(into, adding)

    def _map(self, into: Writing, adding: Appending) -> int | None:
        size = into.head().size
        if entry.parse(into.note(size - 1)).header.kind == "stream_map":
            return None
        index = adding.add(Draft(kind="stream_map", public=mapping.bring_up_to_date(into)))
        adding.finish()
        return index

    def checkpoint(self) -> bytes:
        """The signed checkpoint of the ledger as it stands, with both lines, as it leaves the practice."""
        with self._write() as (into, _, _):
            return self._leaving(into)

    def _leaving(self, into: Writing) -> bytes:
        """The head's checkpoint with the ML-DSA-44 line; made once for a size, and kept."""
        head = into.head()
        kept = into.checkpoint_at(head.size)
        if kept is not None:
            return kept
        last = entry.parse(into.note(head.size - 1)).header.recorded_at
        note = checkpoint.add_mldsa(head.checkpoint, self._secrets.mldsa_signer(), int(last.timestamp()))
        into.add_checkpoint(head.size, note)
        return note

    # -- accounting

    def account(
        self,
        asked: Asked,
        *,
        practice: Practice,
        render: Callable[[Accounting], bytes],
    ) -> tuple[Accounting, bytes]:
        """Draw an accounting, and the document made of it. Raises NotFound, or Refused: then nothing is written.

        The stream map that covers it is appended; for a request, then the document itself (164.528(d)).
        """
        with self._write() as (into, adding, opener):
            case = opener.casefile(asked.client)
            request = case.request(asked.request) if asked.request is not None else None
            self._map(into, adding)
            drawn = accounting.account(
                case,
                request or accounting.Asked(from_=asked.first, to=asked.last),
                as_of=asked.as_of,
                rules=self._law.rules,
                practice=practice,
                checkpoint=self._leaving(into).decode(),
                studies=studies(opener, case),
                summarize=asked.summarize,
            )
            document = render(drawn)
        if request is not None:
            self.record(_provided(request, drawn, document))
        return drawn, document

    # -- looking

    def practice_name(self) -> str:
        """The practice's name, as the genesis has it."""
        with self._store.read(self._secrets.origin) as reading:
            return str((entry.parse(reading.note(0)).header.public or {})["practice"])

    def show(self, place: int | str) -> OpenEntry:
        """One entry, by number or ref. Raises NotFound."""
        with self._store.read(self._secrets.origin) as reading:
            opener = self._opener(reading)
            index = place if isinstance(place, int) else opener.by_ref(place)
            if index is None:
                raise NotFound("no entry of the ledger has this ref")
            return opener.entry(index)

    def requests(self) -> tuple[OpenRequest, ...]:
        """Every request for an accounting, the most pressing first."""
        with self._store.read(self._secrets.origin) as reading:
            return requests(self._opener(reading))

    def check(self, release: records.Disclosure) -> tuple[ClearanceFinding, ...]:
        """What clearance finds of a release that has not happened yet. Nothing is written."""
        with self._store.read(self._secrets.origin) as reading:
            filed = self._opener(reading).filed(release.client)
        return clearance.check(release, fold(filed), facts=self._law.facts, overlay=self._law.overlay)

    def history(self, client: str) -> tuple[OpenEntry, ...]:
        """Every entry about a client, in order. Raises NotFound for a client that no record names."""
        with self._store.read(self._secrets.origin) as reading:
            found = tuple(self._opener(reading).of_client(client))
        if not found:
            raise NotFound("no record of the ledger names this client")
        return found

    def standing(self, place: int | str) -> tuple[int, records.Disclosure]:
        """What stands today of a disclosure: the entry's number and the release. Raises NotFound."""
        opened = self.show(place)
        client = (opened.fields or {}).get("client")
        if not isinstance(client, str):
            raise NotFound(f"entry {opened.index} is about no client")
        with self._store.read(self._secrets.origin) as reading:
            release = self._opener(reading).casefile(client).release(opened.index)
        if release is None or release.disclosure is None or release.standing is None:
            raise NotFound(f"entry {opened.index} is no release that stands")
        return release.standing, release.disclosure


class _DryRun(Exception):
    """Rolls a rehearsed import back."""


def _provided(request: records.AccountingRequest, drawn: Accounting, document: bytes) -> records.AccountingProvided:
    """What 164.528(d) asks to keep of an accounting: that it was given, when, at what fee, and the document itself."""
    return records.AccountingProvided(
        client=request.client,
        request=request.id,
        provided_on=drawn.issued_on,
        fee=drawn.fee,
        document=strict.base64_of(document),
        sha256=hashlib.sha256(document).hexdigest(),
    )


def _genesis(secrets: Secrets, practice: str) -> dict[str, JSON]:
    return {
        "format": kinds.FORMAT,
        "log_key": secrets.log_signer().key.vkey(),
        "log_key_mldsa": secrets.mldsa_signer().key.vkey(),
        "practice": practice,
        "recorder": secrets.recorder(OWNER).key.vkey(),
    }
