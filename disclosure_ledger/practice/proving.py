"""Proofs out of a ledger: the evidence of an accounting, the receipt of an entry, the files of an audit package.

Everything is gathered within one state of the ledger; what a proof looks like is decided elsewhere (`evidence`,
`log.receipt`, `package`), so that the same rules make it and judge it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from disclosure_ledger import evidence, package
from disclosure_ledger.errors import Contradicted, Refused
from disclosure_ledger.evidence import Held, KeyShown, MapShown, Shown
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import content, entry, merkle, receipt, tiles
from disclosure_ledger.log.checkpoint import Checkpoint
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.log.merkle import NodeReader
from disclosure_ledger.log.streams import StreamEnd, root_from_proof
from disclosure_ledger.log.witnessing import is_line_good
from disclosure_ledger.package import Earlier, Opening
from disclosure_ledger.store.read import Reading
from disclosure_ledger.strict import base64_of

from . import growing, mapping
from .opening import OpenEntry, Opener

KEY_KINDS = ("genesis", "recorder_added", "recorder_revoked", "log_key_rotated")

TO_A_RECIPIENT = ("client", "disclosed_on", "recipient")
"""The fields that a recipient may be shown beside a receipt: each recipient then is a witness to them too."""


class Proofs:
    """Inclusion proofs against one checkpoint of the ledger."""

    def __init__(self, reading: Reading, opener: Opener, *, size: int) -> None:
        self._reading, self._opener, self._size = reading, opener, size
        self._node: NodeReader = reading.node_reader(reading.head().size)

    def shown(self, note: bytes, index: int) -> Shown:
        """An entry with its proof, the leaf's sibling first."""
        return Shown(note=note, proof=merkle.prove_inclusion(index, self._size, self._node))

    def keys(self) -> Iterator[KeyShown]:
        """The genesis, and every entry that added, revoked or rotated a key, each rotation with its handover."""
        for stored, _ in self._reading.of_kinds(KEY_KINDS):
            if stored.idx >= self._size:
                return
            shown = self.shown(stored.note, stored.idx)
            if stored.kind != "log_key_rotated":
                yield KeyShown(note=shown.note, proof=shown.proof)
                continue
            handed = stored.idx + 1
            consistency = merkle.prove_consistency(handed, self._size, self._node)
            handover = self._reading.checkpoint_at(handed)
            yield KeyShown(note=shown.note, proof=shown.proof, handover=handover, consistency=consistency)

    def held(self, entries: Collection[OpenEntry]) -> list[Held]:
        """Entries with their contents, or with the erasures that list them: one walk of the tree proves them all."""
        proofs = merkle.prove_inclusions([one.index for one in entries], self._size, self._node)
        return [self._held(one, proofs[one.index]) for one in entries]

    def _held(self, opened: OpenEntry, proof: tuple[bytes, ...]) -> Held:
        note, header = opened.entry.raw, opened.entry.header
        if opened.fields is None:
            erasure = self._opener.erasure_of(opened.index)
            shown = self.shown(erasure.raw, erasure.header.index)
            return Held(note=note, proof=proof, header=header, erasure=shown)
        return Held(note=note, proof=proof, header=header, fields=opened.fields, salt_root=opened.salt_root)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeStream:
    """A stream's entries in order, and what the stream map, the ledger's last entry, says of it."""

    entries: Sequence[OpenEntry]
    siblings: tuple[bytes, ...]
    end: StreamEnd


def whole_stream(reading: Reading, found: Sequence[OpenEntry], tag: bytes) -> WholeStream:
    """A stream of which all is there; `found` are the entries of its tag, in order. Raises StorageFailed.

    The database finds them by columns that anybody may have changed who can write to it. A list that leaves one out
    would be handed out in good faith, and be false.
    """
    said = mapping.prove(reading, tag)
    public = entry.parse(reading.note(reading.head().size - 1)).header.public or {}
    if said.end is None or base64_of(root_from_proof(tag, said)) != public.get("root"):
        raise growing.broken("the stream map")
    if growing.end_of(one.entry for one in found) != (said.end.length, said.end.head):
        raise growing.broken("a client's stream")
    return WholeStream(entries=found, siblings=said.siblings, end=said.end)


def evidence_of(
    reading: Reading,
    opener: Opener,
    drawn: Accounting,
    *,
    stream: WholeStream,
    timestamps: Sequence[bytes] = (),
) -> bytes:
    """The evidence of an accounting that was drawn from this state, whose last entry is a stream map."""
    size = reading.head().size
    proofs = Proofs(reading, opener, size=size)
    last = proofs.shown(reading.note(size - 1), size - 1)
    listed = [opener.entry(index) for index in sorted({index for row in drawn.rows for index in row.entries})]
    return evidence.build(
        checkpoint=drawn.checkpoint.encode(),
        keys=list(proofs.keys()),
        stream_map=MapShown(note=last.note, proof=last.proof, siblings=stream.siblings, end=stream.end),
        stream=proofs.held(stream.entries),
        listed=proofs.held([one for one in listed if one.entry.header.stream is None]),
        accounting=drawn,
        timestamps=timestamps,
    )


def receipt_of(reading: Reading, opener: Opener, index: int, checkpoint: bytes, size: int) -> bytes:
    """The receipt of an entry under a checkpoint that covers it (C2SP tlog-proof)."""
    shown = Proofs(reading, opener, size=size).shown(reading.note(index), index)
    return receipt.format(shown.note, index, shown.proof, checkpoint)


def opening_of(opened: OpenEntry, names: Collection[str]) -> Opening:
    """Some fields of an entry, provable without the rest. Raises Refused where there is nothing of the kind to open."""
    if opened.fields is None or opened.salt_root is None:
        raise Refused(f"entry {opened.index} holds nothing that could be opened")
    unknown = sorted(set(names) - set(SEALED[opened.kind]))
    if unknown:
        raise Refused(f"a {opened.kind} has no field {unknown[0]}", hint=f"it has: {', '.join(SEALED[opened.kind])}")
    shown = content.open_fields(opened.kind, opened.fields, opened.salt_root, names)
    return Opening(index=opened.index, content=shown)


def package_of(
    reading: Reading,
    checkpoint: bytes,
    size: int,
    openings: Sequence[Opening] = (),
    timestamps: Mapping[int, bytes] | None = None,
    since: int = 0,
) -> Iterator[tuple[str, bytes]]:
    """The files of an audit package of the ledger as it stood at a checkpoint.

    since: so many entries are in full bundles of an earlier package; only what comes after them is made.
    """
    rotations = [stored for stored, _ in reading.of_kinds(("log_key_rotated",)) if stored.idx + 1 <= size]
    handovers = {stored.idx + 1: reading.checkpoint_at(stored.idx + 1) for stored in rotations}
    in_force = [one for one in (reading.stored(0), *rotations) if one.idx + 1 < size or one.idx == 0]
    keys = entry.log_keys_of(entry.parse(in_force[-1].note).header)
    return package.files(
        checkpoint=checkpoint,
        notes=reading.notes(since, size),
        vkeys=[key.vkey() for key in keys.both()],
        handovers={size: note for size, note in handovers.items() if note is not None},
        timestamps=timestamps,
        openings=openings,
        root=checkpoints.parse(checkpoint).checkpoint.root,
        since=tiles.TileEdge.at(since, reading.node_reader(reading.head().size)) if since else None,
    )


def expect_grown_from(reading: Reading, before: Earlier, where: str) -> None:
    """Establish that the ledger has grown from the one of an earlier package.

    Raises Refused where that is of another ledger, or signed by none of its keys; Contradicted, with both checkpoints,
    where it is of another history or of a larger ledger.
    """
    named, head = before.checkpoint.checkpoint, reading.head()
    ours = checkpoints.parse(head.checkpoint).checkpoint
    if named.origin != ours.origin:
        raise Refused(f"{where} is a package of another ledger, {named.origin}")
    stored = [reading.stored(0), *(one for one, _ in reading.of_kinds(("log_key_rotated",)))]
    keys = [entry.log_keys_of(entry.parse(one.note).header).ed25519 for one in stored]
    if not any(is_line_good(before.checkpoint, key) for key in keys):
        raise Refused(f"the checkpoint in {where} is signed by no key of this ledger", hint="write to another folder")
    if named.size > ours.size:
        _contradict(where, "is of a larger ledger: entries were cut off since", named, ours)
    if merkle.root_at(named.size, reading.node_reader(head.size)) != named.root:
        _contradict(where, "is of another history: the ledger was rewritten since", named, ours)


def shown_still(reading: Reading, openings: Sequence[Opening]) -> tuple[Opening, ...]:
    """Those of the openings whose entries were not erased."""
    erasures = (entry.erased_by(entry.parse(one.note).header) for one, _ in reading.of_kinds(("erasure",)))
    gone = [pair for pairs in erasures for pair in pairs]
    return tuple(one for one in openings if not any(first <= one.index <= last for first, last in gone))


def _contradict(where: str, what: str, theirs: Checkpoint, ours: Checkpoint) -> NoReturn:
    both = "".join(
        f"\n  {title}: {named.size} entries, root {base64_of(named.root)}"
        for title, named in ((f"{where}/checkpoint", theirs), ("the ledger", ours))
    )
    raise Contradicted(
        f"{where} {what}{both}",
        hint=f"nothing was written; keep {where}: disclosure-ledger verify --known {where} shows both notes",
    )
