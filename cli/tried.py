"""`import --dry-run`: what a file comes to, told before anything of it is recorded."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from disclosure_ledger.hipaa.clearance import ClearanceFinding, Severity
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.recording import Recorded

from . import say
from .findings import as_line

MOST_NEAR = 200
"""New clients whose numbers are held against those that the ledger knows."""
MOST_LINES = 10
"""Lines that are named of one finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a file comes to."""

    new: tuple[Recorded, ...]
    near: dict[str, tuple[str, ...]]
    """New clients whose numbers are almost those of others."""

    @classmethod
    def of(cls, ledger: Ledger, made: Sequence[Recorded]) -> "Tried":
        """What these records, made by a dry run, come to."""
        new = tuple(one for one in made if not one.already)
        opened = [one.opens for one in new if one.opens is not None][:MOST_NEAR]
        return cls(new=new, near={client: near for client in opened if (near := ledger.near(client))})

    def to_json(self) -> dict[str, Any]:
        """For `--json`, beside the counts."""
        return {
            "kinds": self._kinds(),
            "beside": sum(len(one.also) for one in self.new),
            "new_clients": self._opened(),
            "unnamed_clients": self._unnamed(),
            "near": {client: list(near) for client, near in self.near.items()},
            "unlisted": self._unlisted(),
            "findings": [one.to_json() | {"lines": lines} for one, lines in self._findings()],
        }

    def tell(self) -> None:
        """Say it to a person."""
        if not self.new:
            return
        kinds = ", ".join(f"{count} {kind}" for kind, count in self._kinds().items())
        beside = sum(len(one.also) for one in self.new)
        say.data(f"Of each kind: {kinds}." + f" The ledger itself would add {say.entries(beside)}." * bool(beside))
        if opened := self._opened():
            unnamed = self._unnamed()
            say.data(f"New clients: {opened}{f', of whom {unnamed} by number alone' if unnamed else ''}.")
        for client, near in self.near.items():
            say.warn(f"client {client} is new; did you mean {' or '.join(near)}?")
        if releases := sum(one.listed is not None for one in self.new):
            say.data(f"Releases that no client's list would have: {self._unlisted()} of {releases}.")
        for one, lines in self._findings():
            more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
            say.data(f"{as_line(one)}\n         line {', '.join(map(str, lines[:MOST_LINES]))}{more}")
        if any(one.counts for made in self.new for one in made.findings):
            say.warn("where a block stands, the client's list would say that the release was sent in error")

    def _kinds(self) -> dict[str, int]:
        return dict(Counter(one.kind for one in self.new).most_common())

    def _opened(self) -> int:
        return sum(one.opens is not None for one in self.new)

    def _unnamed(self) -> int:
        return sum(one.opens is not None and one.kind != "client" for one in self.new)

    def _unlisted(self) -> int:
        return sum(one.listed is False for one in self.new)

    def _findings(self) -> list[tuple[ClearanceFinding, list[int]]]:
        """What clearance found, blocks first, each with its lines."""
        found = dict[ClearanceFinding, list[int]]()
        for made in self.new:
            for one in made.findings:
                found.setdefault(one, []).append(made.line or 0)
        return sorted(found.items(), key=lambda it: (list(Severity).index(it[0].severity), it[0].check))
