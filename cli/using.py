"""Opening the ledger that a command is about."""

import contextlib
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from disclosure_ledger.custody import keyfile
from disclosure_ledger.errors import InvalidRecord, Locked
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.store.engine import Patience

from . import say
from .law import law_of
from .options import current, now, passphrase
from .settings import Settings, beside

try:
    import fcntl
except ImportError:  # no such locks here: two changes of keys at once are for the person to avoid
    fcntl = None  # type: ignore[assignment]

WAIT = "DISCLOSURE_LEDGER_WAIT"
"""Seconds that a writer waits for another before it gives up with exit 6."""


@contextlib.contextmanager
def open_ledger(by: str | None = None) -> Iterator[tuple[Ledger, Settings]]:
    """The ledger of the running command, with its keys."""
    chosen = current()
    place, keys = chosen.need_ledger(), chosen.need_keys()
    data = keyfile.read(keys)
    secrets = keyfile.unseal(data, passphrase(chosen))
    ledger = Ledger.open(
        place,
        secrets=secrets,
        state_file=beside(keys, ".state"),
        clock=now,
        entropy=os.urandom,
        zone=chosen.zone(),
        by=by,
        patience=_patience(chosen),
        law=law_of(chosen),
        timestamps=beside(keys, ".timestamps"),
    )
    if by is not None and by not in secrets.recorder_seeds:
        say.talk(f"No recorder's key is named so: the owner's key signs, and {by} is noted.", quiet=chosen.quiet)
    try:
        yield ledger, chosen
    finally:
        for notice in ledger.notices:
            say.warn(notice)
        ledger.close()


@contextlib.contextmanager
def changing_keys() -> Iterator[None]:
    """Alone with the key file, from reading it to the last time it is written: two changes at once would lose one.

    A change that was interrupted before is tidied up first. Raises Locked where another change is under way.
    """
    chosen = current()
    keys = chosen.need_keys()
    keyfile.read(keys)
    with _locked(keys.with_name(f".{keys.name}.lock")):
        secrets = keyfile.load(keys, passphrase(chosen))
        if secrets.pending is not None:
            with open_ledger() as (ledger, _):
                keyfile.save(keys, replace(ledger.secrets, pending=None), passphrase(chosen), os.urandom)
        yield


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Locked("another change of keys is under way", hint="try again when it is done") from None
        yield
    finally:
        os.close(handle)


def _patience(chosen: Settings) -> Patience:
    def waiting() -> None:
        say.talk("Waiting for another writer …", quiet=chosen.quiet)

    said = os.environ.get(WAIT) or "30"
    try:
        limit = float(said)
    except ValueError:
        limit = math.nan
    if not 0 <= limit < math.inf:
        raise InvalidRecord(f"expected seconds in {WAIT}, a number from 0 on, found {said[:20]!r}")
    return Patience(limit=limit, on_wait=waiting)
