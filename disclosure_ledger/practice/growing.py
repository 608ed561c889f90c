"""How streams grew since the last stream map, taken from the entries themselves and from nothing beside them.

A stream map is signed, and by it a client's list is proved to be whole. Whoever can write to the database can change
its columns and its stream heads without a key. So what a map says is read out of notes that hash to the root of the
checkpoint, which the state file remembers; where the columns say otherwise, no map is made of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from disclosure_ledger.errors import Malformed, ProofFailed, StorageFailed
from disclosure_ledger.log import checkpoint, entry, merkle
from disclosure_ledger.log.header import Header
from disclosure_ledger.log.streams import StreamEnd
from disclosure_ledger.store.read import BATCH, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Each stream that grew: where it stood before, None where it began, and where it stands now."""

    before: dict[bytes, StreamEnd | None] = field(default_factory=dict)
    now: dict[bytes, StreamEnd] = field(default_factory=dict)

    def take(self, one: entry.Entry) -> None:
        """Let the stream grow in which an entry stands. Raises Malformed where it does not go on from its last."""
        link = one.header.stream
        if link is None:
            return
        stood = self.now.get(link.tag)
        if stood is None:
            began = link.previous is None
            self.before[link.tag] = None if began else StreamEnd(link.tag, link.position, link.previous or b"")
        elif (link.position, link.previous) != (stood.length, stood.head):
            raise Malformed("expected the next entry of its stream")
        self.now[link.tag] = StreamEnd(link.tag, link.position + 1, one.leaf_hash)


def since(reading: Reading, first: int) -> tuple[Header, Growth]:
    """The header of an entry, and how streams grew in those after it. Raises StorageFailed.

    The notes are held against the head's root, from the tree's edge at `first` on.
    """
    head, growth, opening = reading.head(), Growth(), None
    edge = merkle.frontier_at(first, reading.node_reader(head.size))
    leaves: list[bytes] = []
    previous = None
    for index, note in enumerate(reading.notes(first, head.size), first):
        try:
            one = entry.parse(note)
            if previous is not None and one.header.previous != previous:
                raise Malformed("expected the hash of the entry before it")
            if opening is None:
                opening = one.header
            growth.take(one)
        except Malformed:
            raise broken(f"entry {index}") from None
        previous = one.leaf_hash
        leaves.append(previous)
        if len(leaves) == BATCH:
            edge = edge.extend(leaves)
            leaves.clear()
    if opening is None or edge.extend(leaves).root() != checkpoint.parse(head.checkpoint).checkpoint.root:
        raise broken("an entry")
    return opening, growth


def end_of(found: Iterable[entry.Entry]) -> tuple[int, bytes | None]:
    """Length and head of a stream of which these are the entries, in order. Raises StorageFailed where one is missing.

    Entries are found by columns: one between is missed by the next, one at the end by whoever knows where it is.
    """
    length, head = 0, None
    for one in found:
        link = one.header.stream
        if link is None or (link.position, link.previous) != (length, head):
            raise broken("a client's stream")
        length, head = length + 1, one.leaf_hash
    return length, head


def expect_in_tree(reading: Reading, index: int, note: bytes) -> None:
    """Raise StorageFailed where a note is not this entry of the tree whose root the head's checkpoint names."""
    head = reading.head()
    root = checkpoint.parse(head.checkpoint).checkpoint.root
    try:
        proof = merkle.prove_inclusion(index, head.size, reading.node_reader(head.size))
        merkle.check_inclusion(merkle.leaf_hash(note), index, head.size, proof, root)
    except (Malformed, ProofFailed, ValueError):
        raise broken(f"entry {index}") from None


def broken(what: str) -> StorageFailed:
    """The error that something in the database is not what the entries and the checkpoint make it."""
    return StorageFailed(f"{what} in the database is not what was written", hint="run: disclosure-ledger verify")
