"""What a writing process does: records releases one after the other, and tells each that was acknowledged."""

import contextlib
import itertools
import os
from multiprocessing.connection import Connection
from pathlib import Path

from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.store.engine import Patience
from fictions import disclosure
from ledgers import Practice, real_clock

CLIENTS = 3


def work(place: str, folder: str, name: str, count: int, tell: Connection) -> None:
    """Record `count` releases, or with 0 go on until killed; each is told as (ref, index)."""
    practice = Practice(place, Path(folder))
    ledger = Ledger.open(
        place,
        secrets=practice.secrets,
        state_file=practice.state_file,
        clock=real_clock,
        entropy=os.urandom,
        patience=Patience(limit=300),
    )
    with contextlib.closing(ledger):
        for number in range(count) if count else itertools.count():
            ref = f"{name}-{number}"
            made = ledger.record(records.from_json(disclosure(client=f"C-{number % CLIENTS}", ref=ref)))
            tell.send((ref, made.index))
            if number % 10 == 9:
                ledger.seal()
    tell.close()
