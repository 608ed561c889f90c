"""Who may sign: the recorders that are entitled, and the log keys in force at each size (docs/format.md section 4).

What an entry does to them is said by whoever reads the entries, all of them (`walk`) or a few (evidence).

>>> key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
>>> recorders = Recorders()
>>> recorders.add(key), recorders.revoke(key), recorders.add(key), recorders.entitled
(True, True, False, {})
"""

from collections.abc import Sequence
from dataclasses import dataclass

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import LogKeys, SignedCheckpoint
from disclosure_ledger.log.note import VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Log keys, and since which size they sign: checkpoints that are larger than `after`."""

    after: int
    keys: LogKeys


def keys_at(history: Sequence[InForce], size: int) -> LogKeys | None:
    """The log keys in force at a size; None before the genesis."""
    return next((item.keys for item in reversed(history) if item.after < size), None)


def keys_up_to(history: Sequence[InForce], size: int) -> tuple[VerifierKey, ...]:
    """The log keys in force at a size, and all before them."""
    return tuple(key for item in history if item.after < size for key in item.keys.both())


class UnsignedHandover(ProofFailed):
    """A handover that the key known to be in force before has not signed."""


def check_handover(
    raw: bytes | None, keys: LogKeys | None, *, origin: str | None, size: int, root: bytes | None, mldsa: bool = True
) -> SignedCheckpoint:
    """The checkpoint that ends with a rotation, signed by the keys in force before; docs/format.md section 12, check 7.

    root: of the tree of that size, where it is known. mldsa: whether the ML-DSA-44 line is asked for too.
    Raises Malformed, ProofFailed, and UnsignedHandover where it is of this tree but has no line of the key before.
    """
    if raw is None:
        raise Malformed("no handover is there")
    signed = checkpoints.parse(raw)
    named = signed.checkpoint
    if (named.origin, named.size) != (origin, size) or root not in (None, named.root):
        raise ProofFailed("the handover is of another tree")
    if keys is None or not signed.note.lines_of(keys.ed25519):
        raise UnsignedHandover("the handover has no line of the key before")
    checkpoints.verify_ed25519(signed, keys.ed25519)
    if mldsa:
        checkpoints.verify_mldsa(signed, keys.mldsa)
    return signed


class Recorders:
    """Who may sign entries. A name or key that was ever added is never added again."""

    def __init__(self) -> None:
        self.entitled: dict[tuple[str, bytes], VerifierKey] = {}
        self._names: set[str] = set()
        self._publics: set[bytes] = set()

    def add(self, key: VerifierKey) -> bool:
        """Entitle a recorder from now on; False where the name or the key stood before."""
        fresh = key.name not in self._names and key.public not in self._publics
        self._names.add(key.name)
        self._publics.add(key.public)
        if fresh:
            self.entitled[key.name, key.key_id] = key
        return fresh

    def revoke(self, key: VerifierKey) -> bool:
        """Entitle a recorder no longer; False where it was not entitled."""
        return self.entitled.pop((key.name, key.key_id), None) == key

    def ever(self, public: bytes) -> bool:
        """Whether this public key was ever a recorder's."""
        return public in self._publics
