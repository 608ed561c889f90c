"""The part of an entry that depends on no other entry: its content's root and sealed form.

All randomness comes with the order, so it does not matter where, and in what company, a content is prepared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from disclosure_ledger.canonical import JSON, encode_checked
from disclosure_ledger.custody import vault
from disclosure_ledger.log import content
from disclosure_ledger.strict import base64_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """An order for one content: its fields, where it will stand, its key and its randomness."""

    kind: str
    fields: Mapping[str, JSON] = field(repr=False)
    origin: str
    index: int
    data_key: bytes = field(repr=False)
    salt_root: bytes = field(repr=False)
    nonce: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A content's root, number of fields, and sealed form."""

    root: bytes
    count: int
    sealed: bytes


def prepare(order: Preparation) -> Prepared:
    """Commit to one content and seal it."""
    root = content.commit(order.kind, order.fields, order.salt_root)  # refuses what has no canonical spelling
    plain = encode_checked({"fields": dict(order.fields), "salt_root": base64_of(order.salt_root)})
    sealed = vault.seal_plain(order.data_key, order.origin, order.index, plain, nonce=order.nonce)
    return Prepared(root=root, count=len(order.fields), sealed=sealed)
