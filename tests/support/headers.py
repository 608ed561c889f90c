"""Entries and headers of one, for tests of their form."""

import datetime as dt
import json
from typing import Any

from disclosure_ledger.log.entry import Header, StreamLink
from golden_log import ORIGIN, folder


def golden_notes() -> list[bytes]:
    return [(folder() / f"entries/{index:02d}.note").read_bytes() for index in range(32)]


NOTES = golden_notes()
SEALED_HEADER = Header(
    origin=ORIGIN,
    index=7,
    previous=bytes(32),
    recorded_at=dt.datetime(2026, 11, 23, 14, 3, 22, 5, tzinfo=dt.UTC),
    kind="disclosure",
    content_root=bytes(32),
    content_fields=31,
    stream=StreamLink(tag=bytes(32), position=3, previous=bytes(32)),
)


def value_of(index: int) -> dict[str, Any]:
    return json.loads(NOTES[index].partition(b"\n")[0])
