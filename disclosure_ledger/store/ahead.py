"""What one append is going to ask about a client, asked at once: with PostgreSQL each question is a journey.

An answer holds within its transaction until something is written that changes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    literal_column,
    null,
    select,
    union_all,
)

from .prepared import Prepared
from .schema import data_keys, entries, sealed, stream_heads

_LEDGER: BindParameter[int] = bindparam("ledger")
_CLIENT: BindParameter[bytes] = bindparam("client")
_STREAMS: tuple[BindParameter[bytes], ...] = (bindparam("accounting"), bindparam("record"))

NO_RELEASE: ColumnElement[bool] = entries.c.kind != literal_column("'disclosure'")
"""As the index `entries_by_kind` says it, word for word: with a parameter in it no database knows it for the same."""

_ABOUT = Prepared(
    union_all(
        select(literal_column("'fact'"), entries.c.idx, entries.c.kind, entries.c.note, sealed.c.content)
        .join_from(
            entries, sealed, (sealed.c.ledger == entries.c.ledger) & (sealed.c.idx == entries.c.idx), isouter=True
        )
        .where(entries.c.ledger == _LEDGER, entries.c.client_tag == _CLIENT, NO_RELEASE),
        select(
            literal_column("'stream'"), stream_heads.c.length, null(), stream_heads.c.tag, stream_heads.c.head
        ).where(stream_heads.c.ledger == _LEDGER, stream_heads.c.tag.in_(_STREAMS)),
        select(literal_column("'key'"), literal_column("0"), null(), data_keys.c.wrapped, null()).where(
            data_keys.c.ledger == _LEDGER, data_keys.c.key_tag == _CLIENT
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Answers by tag. What is not in here was not asked, or has changed since."""

    facts: dict[bytes, list[tuple[int, str, bytes, bytes | None]]] = field(default_factory=dict)
    """A client's entries but disclosures: index, kind, note, sealed content; in order."""
    streams: dict[bytes, tuple[int, bytes] | None] = field(default_factory=dict)
    """A stream's length and last leaf hash."""
    keys: dict[bytes, bytes | None] = field(default_factory=dict)
    """A wrapped data key."""

    def ask(self, connection: Connection, ledger: int, client: bytes, streams: tuple[bytes, bytes]) -> None:
        """Everything about a client: tag of the client, tags of the two streams, `accounting` first."""
        self.facts[client] = []
        self.streams.update(dict.fromkeys(streams))
        self.keys[client] = None
        rows = _ABOUT.run(connection, ledger=ledger, client=client, accounting=streams[0], record=streams[1]).fetchall()
        for what, number, kind, one, other in rows:
            if what == "fact":
                self.facts[client].append((number, kind, bytes(one), None if other is None else bytes(other)))
            elif what == "stream":
                self.streams[bytes(one)] = number, bytes(other)
            else:
                self.keys[client] = bytes(one)
        self.facts[client].sort()

    def forget(self, *, streams: Iterable[bytes] = ()) -> None:
        """Drop what a write has changed: heads of streams, and whatever could hang on entries or keys."""
        for tag in streams:
            self.streams.pop(tag, None)
        self.facts.clear()
        self.keys.clear()
