"""The recursion of RFC 6962 as its text has it, and trees to try."""

import hashlib

from disclosure_ledger.log import merkle
from disclosure_ledger.log.merkle import leaf_hash

LEAVES = [leaf_hash(bytes([number])) for number in range(130)]


def oracle_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, as its text says it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + oracle_root(leaves[:k]) + oracle_root(leaves[k:])).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def reader(leaves: list[bytes]) -> merkle.NodeReader:
    """Hashes of complete subtrees, by the oracle."""

    def node(level: int, index: int) -> bytes:
        part = leaves[index << level : (index + 1) << level]
        assert len(part) == 1 << level, "asked for a subtree that is not complete"
        return oracle_root(part)

    return node
