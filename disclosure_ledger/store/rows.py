"""What comes out of the tables and goes into them: raw bytes and numbers, nothing interpreted."""

from dataclasses import dataclass
from typing import NamedTuple

BATCH = 1000
"""Rows that are read or named at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a ledger stands: its size, the right edge of its tree, and the signed checkpoint of that size."""

    size: int
    frontier: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a ledger stands, and what whoever goes on from there has to look at first."""

    head: Head
    last_note: bytes | None
    """The note of the last entry."""
    marks: tuple[int | None, int | None]
    """The last rotation of the log keys and the last erasure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One row of `entries`: the note, and the columns by which it is found."""

    idx: int
    note: bytes
    kind: str
    leaf_hash: bytes
    stream_tag: bytes | None = None
    stream_position: int | None = None
    client_tag: bytes | None = None
    matter_tag: bytes | None = None
    ref_tag: bytes | None = None


class WholeRow(NamedTuple):
    """A row of `entries` as it is stored, with what is sealed beside it."""

    idx: int
    note: bytes
    kind: str
    leaf_hash: bytes
    stream_tag: bytes | None
    stream_position: int | None
    client_tag: bytes | None
    matter_tag: bytes | None
    ref_tag: bytes | None
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An entry with its sealed content; `content` is None for a public or an erased entry."""

    idx: int
    kind: str
    note: bytes
    content: bytes | None
