"""Turns drafts into entries: numbers, seals, chains, signs and stores them in one transaction.

A draft is a kind with its fields, its class of stream and the keys by which it will be found. `Appending` gives each
its index at once, so that a later draft can name an earlier one; `finish` does the work in order: content is
committed and sealed (no entry's content depends on another's), then each header names the leaf hash before it and
is signed, then everything is inserted with the checkpoint of the new size, and the head moves.

Randomness is drawn draft by draft in one fixed order (data key and its nonce where the client is new, salt root,
nonce), so the same drafts, clock and randomness give the same bytes on every database.
"""

import datetime as dt
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from disclosure_ledger.canonical import JSON
from disclosure_ledger.custody import vault
from disclosure_ledger.custody.keyfile import Entropy, Secrets
from disclosure_ledger.errors import ProofFailed, StorageFailed
from disclosure_ledger.hipaa.clearance import ClearanceFinding
from disclosure_ledger.log import checkpoint, entry, merkle
from disclosure_ledger.log.note import Signer
from disclosure_ledger.store.append import Writing
from disclosure_ledger.store.read import EntryRow, Head
from disclosure_ledger.tagging import Tags

from .judging import Judge, Judged, Line, Order
from .preparing import Preparation, Prepared, prepare

Clock = Callable[[], dt.datetime]
"""Gives the present moment, aware of its zone. `lambda: datetime.now(UTC)` outside tests."""

CHUNK = 1000
"""Entries that are signed and written at once."""
PIECE, AHEAD = 250, 16
"""How many entries are handed out at once, and how many such pieces while the first of them is awaited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry to be: public (`public`) or sealed (`fields`), and how it is filed."""

    kind: str
    public: Mapping[str, JSON] | None = None
    fields: Mapping[str, JSON] | None = None
    stream_class: str | None = None
    """`accounting`, `record`, or None: in no stream (docs/format.md section 6)."""
    client: str | None = None
    matter: str | None = None
    """Matter, or protocol: what `matter_tag` is made of."""
    ref: str | None = None
    line: Line | None = field(default=None, repr=False)
    """In place of fields: a disclosure that somebody else is going to read, judge and seal."""

    def judged(self, one: Judged) -> "Draft":
        """The same, filed as they say who did."""
        return Draft(kind=self.kind, stream_class=one.stream_class, client=self.client, matter=one.matter, ref=self.ref)


class Appending:
    """Entries being added to one ledger, within one transaction."""

    def __init__(
        self,
        into: Writing,
        *,
        secrets: Secrets,
        signer: Signer,
        log_signer: Signer,
        tags: Tags,
        clock: Clock,
        entropy: Entropy,
        data_keys: dict[bytes, bytes] | None = None,
    ) -> None:
        self._into, self._secrets, self._signer, self._log_signer = into, secrets, signer, log_signer
        self._tags, self._clock, self.entropy = tags, clock, entropy
        head, last = into.head(), into.standing().last_note
        self._base = head.size
        self._frontier = _edge(head)
        self._drafts: list[Draft] = []
        self._last: entry.Entry | None = entry.parse(last) if last is not None else None
        self._heads: dict[bytes, tuple[int, bytes]] = {}
        self._data_keys = {} if data_keys is None else data_keys
        self.stands: checkpoint.Checkpoint | None = None
        """What the ledger's checkpoint says since `finish`; None: nothing was added."""
        self.findings: dict[int, tuple[ClearanceFinding, ...]] = {}
        """What clearance found of the drafts that were lines, by index, where it found anything, since `finish`."""

    @property
    def next_index(self) -> int:
        """The index that the next draft gets."""
        return self._base + len(self._drafts)

    @property
    def drafts(self) -> Sequence[Draft]:
        """What was added so far."""
        return self._drafts

    def add(self, draft: Draft) -> int:
        """Take a draft and give it its index."""
        self._drafts.append(draft)
        return self._base + len(self._drafts) - 1

    def finish(self, *, judge: Judge | None = None, on_progress: Callable[[int], None] | None = None) -> None:
        """Write everything that was added, with the checkpoint of the new size; nothing where nothing was added.

        `judge` is who reads the drafts that are lines; it may raise NotForeseen.
        """
        done, prepared = 0, self._prepared(judge)
        while some := list(itertools.islice(prepared, CHUNK)):
            signed = [self._sign(draft, what) for draft, what in some]
            done += len(some)
            with self._into.together():
                self._write(some, signed)
                if done == len(self._drafts):
                    self._move_head()
            if on_progress is not None:
                on_progress(done)

    def _prepared(self, judge: Judge | None) -> Iterator[tuple[Draft, Prepared | None]]:
        """Each draft with what is prepared of it, in order; while one piece is awaited the next are handed out."""
        under_way: deque[Callable[[], Iterator[tuple[Draft, Prepared | None]]]] = deque()
        for start in range(0, len(self._drafts), PIECE):
            under_way.append(self._hand_out(self._drafts[start : start + PIECE], self._base + start, judge))
            if len(under_way) > AHEAD:
                yield from under_way.popleft()()
        for answer in under_way:
            yield from answer()

    def _hand_out(
        self, drafts: Sequence[Draft], first: int, judge: Judge | None
    ) -> Callable[[], Iterator[tuple[Draft, Prepared | None]]]:
        orders = [self._order(draft, index) for index, draft in enumerate(drafts, first)]
        lines = [one for one in orders if isinstance(one, Order)]
        answer = judge(lines) if judge is not None and lines else list

        def fetch() -> Iterator[tuple[Draft, Prepared | None]]:
            judged = iter(answer())
            for draft, order in zip(drafts, orders, strict=True):
                if isinstance(order, Order):
                    one = next(judged)
                    if one.findings:
                        self.findings[order.index] = one.findings
                    yield draft.judged(one), one
                else:
                    yield draft, None if order is None else prepare(order)

        return fetch

    def _order(self, draft: Draft, index: int) -> Preparation | Order | None:
        """What preparing a draft takes: randomness is drawn here, in the order of the drafts. None: it is public."""
        if draft.line is None and draft.fields is None:
            return None
        data_key = self._data_key(self._tags.owner(draft.client, draft.matter))
        salt_root, nonce = self.entropy(32), self.entropy(vault.NONCE_SIZE)
        if draft.line is not None:
            return Order(line=draft.line, index=index, data_key=data_key, salt_root=salt_root, nonce=nonce)
        return Preparation(
            kind=draft.kind,
            fields=draft.fields or {},
            origin=self._secrets.origin,
            index=index,
            data_key=data_key,
            salt_root=salt_root,
            nonce=nonce,
        )

    def _data_key(self, owner: bytes) -> bytes:
        """The data key of a client or protocol: known, unwrapped from the database, or new."""
        known = self._data_keys.get(owner)
        if known is not None:
            return known
        wrapped = self._into.data_key(owner)
        if wrapped is not None:
            try:
                known = vault.unwrap(self._secrets.vault_key, self._secrets.origin, owner, wrapped)
            except ProofFailed:
                raise StorageFailed("a data key in the database does not open", hint="run verify") from None
        else:
            known = self.entropy(vault.KEY_SIZE)
            nonce = self.entropy(vault.NONCE_SIZE)
            wrapped = vault.wrap(self._secrets.vault_key, self._secrets.origin, owner, known, nonce=nonce)
            self._into.add_data_key(owner, wrapped)
        self._data_keys[owner] = known
        return known

    def _write(self, drafts: Sequence[tuple[Draft, Prepared | None]], made: Sequence[entry.Entry]) -> None:
        hashes = [one.leaf_hash for one in made]
        self._into.add_leaves(self._frontier.size, hashes)
        self._frontier = self._frontier.extend(hashes)
        self._into.add_entries([self._row(draft, one) for (draft, _), one in zip(drafts, made, strict=True)])
        self._into.add_contents(
            [(one.header.index, what.sealed) for one, (_, what) in zip(made, drafts, strict=True) if what is not None]
        )

    def _sign(self, draft: Draft, what: Prepared | None) -> entry.Entry:
        previous = self._last
        now = self._clock()
        header = entry.Header(
            origin=self._secrets.origin,
            index=previous.header.index + 1 if previous else 0,
            previous=previous.leaf_hash if previous else bytes(32),
            # a clock that went back is clamped: time never runs backwards in the ledger
            recorded_at=max(now, previous.header.recorded_at) if previous else now,
            kind=draft.kind,
            content_root=what.root if what else None,
            content_fields=what.count if what else None,
            public=dict(draft.public) if draft.public is not None else None,
            stream=self._link(draft),
        )
        made = entry.sign(header, self._signer)
        if header.stream is not None:
            self._heads[header.stream.tag] = (header.stream.position + 1, made.leaf_hash)
        self._last = made
        return made

    def _link(self, draft: Draft) -> entry.StreamLink | None:
        if draft.stream_class is None or draft.client is None:
            return None
        tag = self._tags(draft.stream_class, draft.client)
        length, head = self._heads.get(tag) or self._into.stream_head(tag) or (0, None)
        return entry.StreamLink(tag=tag, position=length, previous=head)

    def _row(self, draft: Draft, made: entry.Entry) -> EntryRow:
        link = made.header.stream
        return EntryRow(
            idx=made.header.index,
            note=made.raw,
            kind=draft.kind,
            leaf_hash=made.leaf_hash,
            stream_tag=link.tag if link else None,
            stream_position=link.position if link else None,
            client_tag=self._tags.optional("client", draft.client),
            matter_tag=self._tags.optional("matter", draft.matter),
            ref_tag=self._tags.optional("ref", draft.ref),
        )

    def _move_head(self) -> None:
        self._into.put_stream_heads((tag, length, head) for tag, (length, head) in self._heads.items())
        self.stands = checkpoint.Checkpoint(
            origin=self._secrets.origin, size=self._frontier.size, root=self._frontier.root()
        )
        note = checkpoint.sign(self.stands, self._log_signer)
        edge = self._frontier.encode()
        self._into.move_head(self._base, Head(size=self._frontier.size, frontier=edge, checkpoint=note))


def _edge(head: Head) -> merkle.Frontier:
    """The tree's right edge, from which it goes on. Raises StorageFailed where it is not that of the checkpoint.

    What grows from another edge would be signed, and remembered, and could never be repaired.
    """
    edge = merkle.Frontier.decode(head.size, head.frontier)
    if head.size and edge.root() != checkpoint.parse(head.checkpoint).checkpoint.root:
        raise StorageFailed(
            "the tree's edge in the database is not what was written", hint="run: disclosure-ledger verify"
        )
    return edge
