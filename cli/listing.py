"""`verify --list`: the list as the evidence has it, for who was handed a document that may show something else."""

from dataclasses import dataclass
from pathlib import Path

import click

from disclosure_ledger import documents
from disclosure_ledger.errors import Malformed
from disclosure_ledger.log.findings import Verdict
from disclosure_ledger.pile import Kept

from . import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list that is to be written, once its evidence is known to hold."""

    name: Path
    document: bytes
    inside: bytes

    @classmethod
    def of(cls, kept: Kept, name: Path) -> "Listing":
        """The list of a file. Raises UsageError where that holds no evidence, Refused where it cannot be set here."""
        documents.expect_installed(name.name)
        try:
            inside = kept.json()
        except Malformed:
            inside = None
        if inside is None:
            raise click.UsageError("--list is for an evidence file, or for a page or PDF with its evidence inside")
        return cls(name=name, document=kept.data, inside=inside)

    def write(self, verdict: Verdict, *, quiet: bool) -> None:
        """Write it, unless the evidence does not hold: what a document shows beside it does not matter here."""
        if any(one.fails and not one.code.startswith("14.") for one in verdict.findings):
            say.warn("No list was written: the evidence itself does not hold.")
            return
        called = say.write(self.name, documents.list_of(self.document, self.inside, self.name.name))
        say.talk(f"The list as the evidence has it was written to {called}.", quiet=quiet)
