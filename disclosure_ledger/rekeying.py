"""Changes of keys: recorders added and revoked, the log keys rotated (docs/format.md sections 2, 4 and 9).

A rotation ends its transaction. The checkpoint of exactly that size, signed by the old keys, is the handover; it is
kept for ever, and without it nobody accepts the new keys.
"""

from dataclasses import replace

from .custody.keyfile import OWNER, Entropy, Secrets
from .custody.signers import SEED_SIZE, Ed25519Signer
from .errors import InvalidRecord, Malformed
from .ledger import Ledger
from .log import entry
from .log.note import VerifierKey
from .practice.writer import Draft
from .store.read import Reading


def entitled(reading: Reading) -> dict[str, VerifierKey]:
    """The recorders who may sign now, by short name, and under every name that was ever added the key."""
    found: dict[str, VerifierKey] = {}
    for stored, _ in reading.of_kinds(("genesis", "recorder_added", "recorder_revoked")):
        header = entry.parse(stored.note).header
        key = entry.recorder_of(header)
        name = key.name.rpartition("/")[2]
        if header.kind == "recorder_revoked":
            found.pop(name, None)
        else:
            found[name] = key
    return found


def add_recorder(ledger: Ledger, key: VerifierKey) -> int:
    """Let a recorder sign from the next entry on; the number of the entry that says so. Raises InvalidRecord."""
    with ledger.writing() as one:
        for stored, _ in one.into.of_kinds(("genesis", "recorder_added")):
            known = entry.recorder_of(entry.parse(stored.note).header)
            if known.name == key.name or known.public == key.public:
                raise InvalidRecord("a recorder's name or key is never added twice", field="recorder")
        index = one.adding.add(Draft(kind="recorder_added", public={"recorder": key.vkey()}))
        one.adding.finish()
    return index


def revoke_recorder(ledger: Ledger, name: str) -> int:
    """End a recorder's right to sign; the number of the entry that says so. Raises InvalidRecord."""
    with ledger.writing() as one:
        key = entitled(one.into).get(name)
        if key is None:
            raise InvalidRecord("no recorder of this name may sign now", field="recorder")
        if name == OWNER:
            raise InvalidRecord("the owner's key signs what others may: it stays", field="recorder")
        index = one.adding.add(Draft(kind="recorder_revoked", public={"recorder": key.vkey()}))
        one.adding.finish()
    return index


def rotate_log_keys(ledger: Ledger, secrets: Secrets) -> tuple[int, bytes]:
    """Hand the log over to the keys of `secrets`; the entry's number and the handover.

    The key file must hold `secrets` as pending before, and is written with them alone after. The ledger has to be
    opened again: it still signs with the old keys.
    """
    with ledger.writing() as one:
        keys = secrets.log_signer().key, secrets.mldsa_signer().key
        public = {"log_key": keys[0].vkey(), "log_key_mldsa": keys[1].vkey()}
        index = one.adding.add(Draft(kind="log_key_rotated", public=public))
        one.adding.finish()
        handover = one.leaving()
    return index, handover


def with_new_log_keys(secrets: Secrets, entropy: Entropy) -> Secrets:
    """The same secrets with fresh log keys."""
    return replace(secrets, log_seed=entropy(SEED_SIZE), mldsa_seed=entropy(SEED_SIZE), pending=None)


def with_new_recorder(secrets: Secrets, name: str, entropy: Entropy) -> tuple[Secrets, VerifierKey]:
    """The same secrets with a recorder more, and the recorder's public key. Raises InvalidRecord."""
    if name in secrets.recorder_seeds:
        raise InvalidRecord("the key file holds a recorder of this name already", field="recorder")
    try:
        more = secrets.with_recorder(name, entropy(SEED_SIZE))
    except Malformed as error:
        raise InvalidRecord(error.message, field="recorder") from None
    signer: Ed25519Signer = more.recorder(name)
    return more, signer.key
