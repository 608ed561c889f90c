"""A process that records releases one after the other, and says each that was acknowledged: `index ref`.

python recording_worker.py PLACE FOLDER NAME COUNT      COUNT 0: until it is killed
"""

import contextlib
import itertools
import os
import sys
from pathlib import Path

from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.store.engine import Patience
from fictions import disclosure
from ledgers import Practice, real_clock

CLIENTS = 3


def main(place: str, folder: str, name: str, count: int) -> None:
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
            release = disclosure(client=f"C-{number % CLIENTS}", ref=ref)
            made = ledger.record(records.from_json(release))
            print(made.index, ref, flush=True)
            if number % 10 == 9:
                ledger.seal()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
