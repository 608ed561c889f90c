"""Opening the ledger that a command is about."""

import contextlib
import os
from collections.abc import Iterator

from disclosure_ledger.custody import keyfile
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.store.engine import Patience

from . import say
from .law import law_of
from .options import current, now, passphrase
from .settings import Settings, beside

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


def _patience(chosen: Settings) -> Patience:
    def waiting() -> None:
        say.talk("Waiting for another writer …", quiet=chosen.quiet)

    limit = float(os.environ.get(WAIT) or 30)
    return Patience(limit=limit, on_wait=waiting)
