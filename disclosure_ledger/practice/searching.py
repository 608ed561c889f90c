"""Search over opened entries: words, a client, a recipient, a kind, a span of days.

Entries are opened one by one and forgotten again; nothing is indexed and nothing is written, because an index of what
is sealed would be what is sealed, unsealed.

>>> folded("  Zoë  MÜLLER ")
'zoe muller'
>>> where({"recipient": {"name": "Zoë Müller-Lowe"}, "description": "what they allowed"}, ("lowe", "mul zoe"))
('recipient',)
>>> where({"description": "what they allowed"}, ("lowe",)) is None
True
"""

import datetime as dt
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.hipaa.records import Disclosure, to_json

from .opening import OpenEntry, Opener

_NO_WORDS: Final = frozenset({"document", "sha256", "document_sha256", "findings"})
"""Fields that hold nothing a person would look for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for: entries that fit in every respect that is not None."""

    words: tuple[str, ...] = ()
    """Each must stand in one of the entry's fields, its words at the beginning of words there; folded."""
    client: str | None = None
    recipient: str | None = None
    """Words at the beginning of words of the recipient's name or organization; folded."""
    kind: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    """Days of the release; of an entry that is none, the day on which it was recorded."""


def folded(text: str) -> str:
    """The text without case, accents and spacing, for comparing."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(bare.casefold().split())


def where(fields: Mapping[str, JSON], sought: Sequence[str]) -> tuple[str, ...] | None:
    """The fields in which the folded texts stand; None where one of them stands in none.

    A text stands in a field whose words begin with all of its words, in any order.
    """
    told = [(name, folded(text)) for name, value in fields.items() if name not in _NO_WORDS for text in _texts(value)]
    found = [[name for name, text in told if _stands(one, text)] for one in sought]
    return tuple(dict.fromkeys(name for names in found for name in names)) if all(found) else None


def _stands(sought: str, text: str) -> bool:
    return all(_begins(word, text) for word in sought.split())


def _begins(word: str, text: str) -> bool:
    """Whether a word begins with it. In writing without letter case, which may have no spaces, anywhere will do."""
    if not word[0].isalnum() or unicodedata.category(word[0]) == "Lo":
        return word in text
    return re.search(r"(?<![^\W_])" + re.escape(word), text) is not None


def search(opener: Opener, sought: Sought, zone: dt.tzinfo, looked: Callable[[int], None]) -> Iterator[OpenEntry]:
    """The entries that fit, in order. `looked` is told how many were looked at."""
    found = opener.of_client(sought.client) if sought.client is not None else opener.every_sealed(sought.kind)
    for count, opened in enumerate(found, 1):
        if _fits(opened, sought, zone):
            yield opened
        looked(count)


JUST = 100
"""Entries back: further back the same release twice is hardly a slip of today."""


def alike(opener: Opener, release: Disclosure) -> int | None:
    """The number of a release just recorded to the same recipient, of the same day, client and data; None for none."""
    told = to_json(release)
    for opened in opener.last_releases(release.client, JUST):
        fields = opened.fields
        if fields is not None and _core(fields) == _core(told):
            return opened.index
    return None


_MARKS: Final = ("", "-", ".", " ", "/", "_")
"""What a client number may have between its letters and digits."""
_RUNS: Final = re.compile(r"[^\W\d_]+|\d+")


def spellings(client: str) -> tuple[str, ...]:
    """Other ways to write a client number: marks, case and leading zeros otherwise.

    >>> [near for near in spellings("C1001") if near in ("C-1001", "c1001", "C1001")]
    ['c1001', 'C-1001']
    """
    runs = _RUNS.findall(client)[:6]
    padded = ([run, run.lstrip("0") or "0", "0" + run] if run.isdecimal() else [run] for run in runs)
    joined = (mark.join(some) for some in itertools.islice(itertools.product(*padded), 81) for mark in _MARKS)
    cased = (text for one in joined for text in (one, one.upper(), one.lower()))
    return tuple(one for one in dict.fromkeys(cased) if one != client and one)


def _core(fields: Mapping[str, Any]) -> tuple[Any, ...]:
    return fields["disclosed_on"], folded(fields["recipient"]["name"]), sorted(fields.get("fields") or ())


def _fits(opened: OpenEntry, sought: Sought, zone: dt.tzinfo) -> bool:
    fields = opened.fields
    if fields is None or (sought.kind is not None and opened.kind != sought.kind):
        return False
    if sought.recipient is not None and not _received(fields, sought.recipient):
        return False
    first, last = _days(opened, fields, zone)
    if (sought.first is not None and last < sought.first) or (sought.last is not None and sought.last < first):
        return False
    return where(fields, sought.words) is not None


def _received(fields: Mapping[str, Any], part: str) -> bool:
    recipient = fields.get("recipient") or {}
    return any(_stands(part, folded(str(recipient.get(name) or ""))) for name in ("name", "organization"))


def _days(opened: OpenEntry, fields: Mapping[str, Any], zone: dt.tzinfo) -> tuple[dt.date, dt.date]:
    on = fields.get("disclosed_on")
    if on is None:
        day = opened.entry.header.recorded_at.astimezone(zone).date()
        return day, day
    span = (on, on) if isinstance(on, str) else (on.get("from") or on["after"], on.get("to") or on["after"])
    return dt.date.fromisoformat(span[0]), dt.date.fromisoformat(span[1])


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
