"""The names that an export gives: systems of identifiers under the ledger's origin, and ids made of what they name.

>>> Names.of("harbor.example/disclosures").system("client")
'https://harbor.example/disclosures/client'
>>> Names.of("harbor.example/disclosures").id("entry", "41")
'28ba225e-3db6-58e4-8f2d-4b397d56cf39'
"""

import json
import uuid
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one ledger. `base` is a name, not an address: nothing need answer there."""

    base: str | None
    space: uuid.UUID

    @classmethod
    def of(cls, origin: str | None) -> "Names":
        """The names under an origin; without one identifiers have no system."""
        base = None if origin is None else f"https://{quote(origin, safe='/:')}"
        return cls(base=base, space=uuid.uuid5(uuid.NAMESPACE_URL, base or "disclosure-ledger"))

    def system(self, kind: str) -> str | None:
        """The system of the identifiers of a kind."""
        return None if self.base is None else f"{self.base}/{kind}"

    def id(self, *parts: str) -> str:
        """A UUID (version 5) of what is named: the same for the same parts, in every export."""
        return str(uuid.uuid5(self.space, json.dumps(parts)))
