"""The ledger against the memory outside it: one that is behind, or differs, takes no entry (docs/format.md 7)."""

from pathlib import Path

from disclosure_ledger.custody import memory
from disclosure_ledger.custody.memory import State
from disclosure_ledger.errors import Contradicted, KeysUnavailable, Malformed, ProofFailed
from disclosure_ledger.log import checkpoint, entry, merkle
from disclosure_ledger.log.entitled import check_handover
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.log.witnessing import is_line_good
from disclosure_ledger.store.read import Reading

RESTORE = "restored or rolled back? docs/deployment.md says what to do; nothing was written"


def recall(path: Path, origin: str) -> State:
    """What the state file of a ledger says. Raises KeysUnavailable where it is missing or another ledger's."""
    state = memory.load(path)
    if state is None:
        raise KeysUnavailable(
            f"no state file at {path}: without it a database that was rolled back would be taken for today's",
            hint="put back a copy of it; an older one will do",
        )
    if state.origin != origin:
        raise KeysUnavailable(f"the state file at {path} is that of another ledger")
    return state


def check(reading: Reading, state: State, key: VerifierKey | None = None) -> None:
    """Raise Contradicted where the ledger is not a continuation of what is remembered.

    key: the log's Ed25519 key. What was added elsewhere since is then the ledger's only under a checkpoint signed by
    it; where that ends with a rotation to it, the key before has signed.
    """
    head = reading.head()
    named = checkpoint.parse(head.checkpoint).checkpoint
    if head.size < state.size:
        raise Contradicted(
            f"the database holds {head.size} entries, the state file remembers {state.size}", hint=RESTORE
        )
    if (named.origin, named.size) != (state.origin, head.size):
        # a root does not say of how many leaves it is: an older one can be had with the edge of a larger tree
        raise Contradicted("the database's checkpoint is of another size or ledger than its head", hint=RESTORE)
    root = named.root if head.size == state.size else merkle.root_at(state.size, reading.node_reader(head.size))
    if root != state.root:
        raise Contradicted(
            f"the first {state.size} entries of the database are not those that the state file remembers", hint=RESTORE
        )
    if key is not None and head.size > state.size and not _is_signed(reading, state, key):
        raise Contradicted("the database's checkpoint is not signed by the ledger's log key", hint=RESTORE)


def _is_signed(reading: Reading, state: State, key: VerifierKey) -> bool:
    signed, last = checkpoint.parse(reading.head().checkpoint), reading.standing().last_note
    if signed.note.lines_of(key) or last is None:
        return is_line_good(signed, key)
    try:
        return entry.parse(last).header.kind == "log_key_rotated" and _handed_over(reading, state) == key
    except (Malformed, ProofFailed, ValueError):
        return False


def _handed_over(reading: Reading, state: State) -> VerifierKey | None:
    """The log's Ed25519 key since the head, which ends with a rotation. Raises Malformed, ProofFailed, ValueError.

    Each entry that names one is held against a root: that which is remembered, or that of its handover, which the key
    before has signed. The last of them has to be the head's last entry.
    """
    head, keys, size = reading.head(), None, 0
    node = reading.node_reader(head.size)
    for stored, _ in reading.of_kinds(("genesis", "log_key_rotated")):
        size, root, under = stored.idx + 1, state.root, state.size
        if size > under:
            under = size
            raw = head.checkpoint if size == head.size else reading.checkpoint_at(size)
            handover = check_handover(raw, keys, origin=state.origin, size=size, root=None, mldsa=False)
            root = handover.checkpoint.root
        proof = merkle.prove_inclusion(stored.idx, under, node)
        merkle.check_inclusion(merkle.leaf_hash(stored.note), stored.idx, under, proof, root)
        keys = entry.log_keys_of(entry.parse(stored.note).header)
    return keys.ed25519 if keys is not None and size == head.size else None
