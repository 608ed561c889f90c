"""An open ledger that can be written: made, opened, and one transaction at a time.

A transaction is held against the state file before it writes, under the ledger's lock; the state file is written when
it has been committed. What a practice writes in it is `ledger`'s.

    with held.writing() as one:
        one.map()
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from disclosure_ledger.canonical import JSON
from disclosure_ledger.custody import memory
from disclosure_ledger.custody.keyfile import OWNER, Entropy, Secrets
from disclosure_ledger.custody.memory import State
from disclosure_ledger.errors import KeysUnavailable, LedgerUnavailable, NoLedger, Refused, StorageFailed
from disclosure_ledger.log import checkpoint, entry, kinds
from disclosure_ledger.settling import in_force, is_of, marks
from disclosure_ledger.store.engine import Patience
from disclosure_ledger.store.read import Reading
from disclosure_ledger.store.sql import Store
from disclosure_ledger.tagging import Tags

from . import remembering
from .looking import Looking
from .recording import Law
from .transaction import Transaction
from .writer import Appending, Clock, Draft


class Writable(Looking):
    """An open ledger with its keys: what can be looked at (`Looking`), and transactions that write."""

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
        timestamps: Path | None = None,
    ) -> None:
        super().__init__(store, secrets=secrets, zone=zone, law=law or Law())
        self._state_file, self._timestamps = state_file, timestamps
        self._clock, self._entropy = clock, entropy
        self._patience = patience or Patience()
        # whoever records and has a key of their own signs with it
        self._signer = secrets.recorder(by if by is not None and by in secrets.recorder_seeds else OWNER)
        self._log_signer = secrets.log_signer()
        self._by = by or OWNER
        self._marks: tuple[int | None, int | None] | None = None
        self._fits = True
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
                adding = Appending(
                    into,
                    secrets=secrets,
                    signer=signer,
                    log_signer=secrets.log_signer(),
                    tags=tags,
                    clock=clock,
                    entropy=entropy,
                )
                adding.add(Draft(kind="genesis", public=_genesis(secrets, practice)))
                adding.finish()
                stands = checkpoint.parse(into.head().checkpoint).checkpoint
            memory.save(state_file, State(origin=secrets.origin, size=stands.size, root=stands.root))
        finally:
            store.close()

    @classmethod
    def open(cls, place: str, *, secrets: Secrets, state_file: Path, **more: object) -> Self:
        """The ledger of the key file's origin, in the database at a place. `more` as for the constructor."""
        store = Store.open(place)
        try:
            if secrets.origin not in store.origins():
                raise NoLedger(f"the database holds no ledger named {secrets.origin}")
            with store.read(secrets.origin) as reading:
                settled, marked = in_force(secrets, reading), marks(reading)
                # without a rotation and an erasure its keys are those of its beginning
                fits = marked == (None, None) or is_of(settled, reading)
        except BaseException:
            store.close()
            raise
        made = cls(store, secrets=settled, state_file=state_file, **more)  # type: ignore[arg-type]
        made._marks, made._fits = marked, fits
        return made

    @contextlib.contextmanager
    def writing(
        self,
    ) -> Iterator[Transaction]:
        """One transaction: the state file is held against the database first, and written when all is committed."""
        origin = self._secrets.origin
        state = remembering.recall(self._state_file, origin)
        with self._store.write(origin, self._patience) as into:
            remembering.check(into, state, self._log_signer.key if self._fits else None)
            if not self._fits:
                raise KeysUnavailable(
                    "these are not the keys that the ledger is under: they were changed since; nothing was written",
                    hint="use the key file that was written at the change, or a copy of it",
                )
            if self._marks is not None and marks(into) != self._marks:
                raise KeysUnavailable(
                    "the ledger's keys were changed since it was opened; nothing was written", hint="open it again"
                )
            opener = self._opener(into)
            adding = Appending(
                into,
                secrets=self._secrets,
                signer=self._signer,
                log_signer=self._log_signer,
                tags=self._tags,
                clock=self._clock,
                entropy=self._entropy,
                data_keys=opener.keys,
            )
            self._expect_entitled(into)
            one = Transaction(into=into, adding=adding, opener=opener, secrets=self._secrets)
            yield one
            stands = one.stands()
        try:
            memory.advance(self._state_file, State(origin=origin, size=stands.size, root=stands.root))
        except (StorageFailed, KeysUnavailable) as error:
            # the entry is in the ledger: an error here would have it recorded again
            self.notices.append(f"it is recorded, but the state file is an older one now: {error.message}")

    def _expect_entitled(self, reading: Reading) -> None:
        """Refuse to write what verification would refuse: an entry by a recorder who may not sign (any more)."""
        if self._signer.name.endswith(f"/recorders/{OWNER}"):
            return
        title = None
        for stored, _ in reading.of_kinds(("recorder_added", "recorder_revoked")):
            header = entry.parse(stored.note).header
            if entry.recorder_of(header) == self._signer.key:
                title = header.kind
        if title != "recorder_added":
            raise Refused(f"the recorder {self._by} may not sign entries of this ledger")

    def _today(self) -> dt.date:
        return self._clock().astimezone(self._zone).date()

    def forget_freed_pages(self) -> None:
        """Have the database give up what was deleted, in its file and its log; a notice where it cannot."""
        try:
            self._store.compact()
        except LedgerUnavailable as error:
            self.notices.append(f"what was erased may still stand in freed pages of the database: {error.message}")


def _genesis(secrets: Secrets, practice: str) -> dict[str, JSON]:
    return {
        "format": kinds.FORMAT,
        "log_key": secrets.log_signer().key.vkey(),
        "log_key_mldsa": secrets.mldsa_signer().key.vkey(),
        "practice": practice,
        "recorder": secrets.recorder(OWNER).key.vkey(),
    }
