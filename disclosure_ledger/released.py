"""A release of a whole ledger, as an export takes it: what an entry says, and whether it still stands.

>>> from datetime import UTC
>>> on = datetime(2026, 2, 3, tzinfo=UTC)
>>> at = Place(index=6, kind="disclosure", leaf_hash=bytes(32), recorded_at=on, recorder="owner")
>>> Released(place=at, fields=None).state
'erased'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .canonical import JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it is written: by number and hash an entry is found in an audit package."""

    index: int
    kind: str
    leaf_hash: bytes
    """32 bytes: the entry's id (docs/format.md section 4)."""
    recorded_at: datetime
    recorder: str
    """The name of the key that signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The correction that took an entry's place."""

    place: Place
    retracts: bool
    told: tuple[tuple[str, str], ...]
    """What the correction says of itself, as fields and values: `reason`, and `note`, `recorded_by`, `ref` if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A `disclosure`, or a `correction`."""

    place: Place
    fields: Mapping[str, JSON] | None
    """The fields of its kind; None: erased."""
    change: Change | None = None

    @property
    def state(self) -> str:
        """`stands`, `corrected`, `retracted`; `retraction` of a correction without a release; `erased`."""
        if self.fields is None:
            return "erased"
        if self.change is not None:
            return "retracted" if self.change.retracts else "corrected"
        return "retraction" if self.fields.get("retract") else "stands"
