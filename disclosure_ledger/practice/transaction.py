"""One transaction of a ledger: add drafts, bring the stream map up to date, sign what leaves the practice."""

from dataclasses import dataclass

from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.log import checkpoint, entry
from disclosure_ledger.log.checkpoint import Checkpoint
from disclosure_ledger.store.append import Writing

from . import growing, mapping
from .opening import Opener
from .writer import Appending, Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What is written within it is kept together, or not at all."""

    into: Writing
    adding: Appending
    opener: Opener
    secrets: Secrets

    def stands(self) -> Checkpoint:
        """Size and root after everything that was finished so far."""
        return self.adding.stands or checkpoint.parse(self.into.head().checkpoint).checkpoint

    def map(self) -> int | None:
        """Append a stream map over every entry, unless the last one is one; its index. Raises StorageFailed."""
        last = self._last()
        if last.header.kind == "stream_map":
            growing.expect_in_tree(self.into, self.into.head().size - 1, last.raw)
            return None
        index = self.adding.add(Draft(kind="stream_map", public=mapping.bring_up_to_date(self.into)))
        self.adding.finish()
        return index

    def leaving(self) -> bytes:
        """The head's checkpoint as it leaves the practice, with the ML-DSA-44 line; made once for a size, and kept.

        Raises StorageFailed where another one was put in its place: an older one would prove an older list.
        """
        head = self.into.head()
        kept = self.into.checkpoint_at(head.size)
        if kept is not None:
            if checkpoint.parse(kept).checkpoint != checkpoint.parse(head.checkpoint).checkpoint:
                raise growing.broken(f"the checkpoint of size {head.size}")
            return kept
        last = int(self._last().header.recorded_at.timestamp())
        note = checkpoint.add_mldsa(head.checkpoint, self.secrets.mldsa_signer(), last)
        self.into.add_checkpoint(head.size, note)
        return note

    def _last(self) -> entry.Entry:
        return entry.parse(self.into.note(self.into.head().size - 1))
