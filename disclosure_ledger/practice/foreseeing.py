"""Which lines of a file can be judged apart from the rest: those of clients of whom it tells nothing but disclosures.

Such a line becomes one entry, whatever it says, and how it counts hangs on what the ledger knows of the client before
the file. So its entry has a number before anybody has read the line, and other processes can read, judge and seal it.
A line that turns out otherwise has the whole file read again in order (`Ledger.import_lines`).

>>> seen = foresee([b'{"kind": "disclosure", "client": "C-1"}', b'{"kind": "hold", "client": "C-2"}', b"\\n"])
>>> [(one.client, one.apart) for one in seen]
[('C-1', True), ('C-2', False)]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a glance at a line shows; reading it may say that it is wrong."""

    number: int
    """The line's, from 1."""
    raw: bytes
    client: str | None
    ref: str | None
    apart: bool
    """Can it be judged without the other lines?"""


def foresee(lines: Sequence[bytes]) -> list[Seen] | None:
    """A glance at each line that is not blank; None where the file has to be read in order.

    That is where it corrects something, gives a ref twice, or has a line that is not plainly a record.
    """
    seen: list[Seen] = []
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        one = _glance(number, raw)
        if one is None:
            return None
        seen.append(one)
    refs = [one.ref for one in seen if one.ref is not None]
    if len(set(refs)) != len(refs):
        return None
    told = {one.client for one in seen if not one.apart}
    return [_together(one) if one.apart and one.client in told else one for one in seen]


def _glance(number: int, raw: bytes) -> Seen | None:
    try:
        obj = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(obj, dict) or obj.get("kind") == "correction":
        return None
    client, ref = obj.get("client"), obj.get("ref")
    if not all(value is None or _is_plain(value) for value in (client, ref)):
        return None
    apart = obj.get("kind") == "disclosure" and client is not None and "protocol" not in obj
    return Seen(number=number, raw=raw, client=client, ref=ref, apart=apart)


def _is_plain(value: Any) -> bool:
    """Is it text that a record takes as it is?"""
    return isinstance(value, str) and value.isascii() and value.isprintable() and value == value.strip() != ""


def _together(one: Seen) -> Seen:
    return Seen(number=one.number, raw=one.raw, client=one.client, ref=one.ref, apart=False)
