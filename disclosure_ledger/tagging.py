"""The tags of one ledger: names under which clients, matters and refs are found, and which name nobody without the key.

HMACs under the tag key (docs/format.md sections 6 and 10), remembered, because a client's comes up with every entry.
"""

from collections.abc import Mapping

from .canonical import JSON
from .log import streams


class Tags:
    """Makes the tag of a value in a class: `accounting`, `record`, `client`, `matter` or `ref`."""

    def __init__(self, tag_key: bytes) -> None:
        self._key = tag_key
        self._known: dict[tuple[str, str], bytes] = {}

    def __call__(self, name: str, value: str) -> bytes:
        """The tag, 32 bytes."""
        found = self._known.get((name, value))
        if found is None:
            found = self._known[name, value] = streams.tag(self._key, name, value)
        return found

    def optional(self, name: str, value: str | None) -> bytes | None:
        """The same, and None of None."""
        return None if value is None else self(name, value)

    def owner(self, client: str | None, matter: str | None) -> bytes:
        """Whose data key seals an entry: the client's, or of what has no client, its protocol's."""
        if client is not None:
            return self("client", client)
        if matter is None:
            raise ValueError("a sealed entry has a client or a protocol")
        return self("matter", matter)


def matter_of(fields: Mapping[str, JSON]) -> str | None:
    """What an entry's `matter_tag` is made of: its protocol, a protocol's own id, or its matter."""
    if "criteria" in fields:  # a research_protocol, whose id is what others name
        return str(fields["id"])
    value = fields.get("protocol") or fields.get("matter")
    return str(value) if value is not None else None
