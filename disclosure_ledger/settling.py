"""Which secrets a ledger is under, where a key file holds two sets because a change of keys was under way.

A change of log keys or of the vault key is written to the key file first, as `pending`, then to the database in one
transaction, and then the key file is written again without the old. Whatever moment it is interrupted at, the database
tells which set is in force.
"""

from .custody import vault
from .custody.keyfile import Secrets
from .errors import Malformed, NotFound, ProofFailed
from .log import entry
from .store.read import Reading


def in_force(secrets: Secrets, reading: Reading) -> Secrets:
    """The set of secrets that the ledger is under: the pending one where the change has been made."""
    pending = secrets.pending
    if pending is not None and not is_of(secrets, reading) and is_of(pending, reading):
        return pending
    return secrets


def marks(reading: Reading) -> tuple[int | None, int | None]:
    """The last rotation and the last erasure: while both stand, log keys and vault key are those of before."""
    return reading.standing().marks


def is_of(secrets: Secrets, reading: Reading) -> bool:
    """Whether these are the log keys in force, and the vault key that the data keys are wrapped with."""
    try:
        last = reading.last_of_kind("log_key_rotated")
        keys = entry.log_keys_of(entry.parse(reading.note(last or 0)).header)
    except (Malformed, NotFound):
        return True  # the ledger is damaged: verification says how
    if keys.ed25519 != secrets.log_signer().key:
        return False
    sealed = reading.any_data_key()
    if sealed is None:
        return True
    try:
        vault.unwrap(secrets.vault_key, secrets.origin, *sealed)
    except ProofFailed:
        return False
    return True
