"""The ledger against the memory outside it: one that is behind, or differs, takes no entry (docs/format.md 7)."""

from pathlib import Path

from disclosure_ledger.custody import memory
from disclosure_ledger.custody.memory import State
from disclosure_ledger.errors import Contradicted, KeysUnavailable
from disclosure_ledger.log import checkpoint, entry, merkle
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
    it; where that ends with a rotation of the log keys, the key before has signed.
    """
    head = reading.head()
    if head.size < state.size:
        raise Contradicted(
            f"the database holds {head.size} entries, the state file remembers {state.size}", hint=RESTORE
        )
    if head.size == state.size:
        root = checkpoint.parse(head.checkpoint).checkpoint.root
    else:
        root = merkle.root_at(state.size, reading.node_reader(head.size))
    if root != state.root:
        raise Contradicted(
            f"the first {state.size} entries of the database are not those that the state file remembers", hint=RESTORE
        )
    if key is not None and head.size > state.size and not _is_signed(reading, key):
        raise Contradicted("the database's checkpoint is not signed by the ledger's log key", hint=RESTORE)


def _is_signed(reading: Reading, key: VerifierKey) -> bool:
    signed, last = checkpoint.parse(reading.head().checkpoint), reading.standing().last_note
    if not signed.note.lines_of(key) and last is not None:
        return entry.parse(last).header.kind == "log_key_rotated"
    return is_line_good(signed, key)
