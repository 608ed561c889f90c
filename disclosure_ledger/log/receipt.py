"""Receipts: one entry and the proof that the ledger holds it (C2SP tlog-proof; docs/format.md section 7).

    c2sp.org/tlog-proof@v1
    extra <base64 of the entry's note>
    index 12
    <base64 of a hash of the inclusion proof, the leaf's sibling first> …

    <the checkpoint's note>

A receipt is what a recipient or a client can be handed at once. It carries no keys: its checkpoint is verified under
the keys that the reader trusts, and who was entitled to record the entry is not for a receipt to show.

>>> raw = format(b"a note", 5, (bytes(32),), b"a checkpoint\\n")
>>> print(raw.decode(), end="")
c2sp.org/tlog-proof@v1
extra YSBub3Rl
index 5
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
<BLANKLINE>
a checkpoint
>>> parse(raw) == Receipt(note=b"a note", index=5, proof=(bytes(32),), checkpoint=b"a checkpoint\\n")
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from disclosure_ledger.errors import Malformed, ProofFailed, UnknownVersion
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log import merkle
from disclosure_ledger.log.checkpoint import SignedCheckpoint, Trust
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.findings import Findings, Verdict
from disclosure_ledger.log.merkle import leaf_hash
from disclosure_ledger.log.note import MOST_BYTES as MOST_NOTE
from disclosure_ledger.log.snapshot import Checked, Snapshot
from disclosure_ledger.log.witnessing import seconds
from disclosure_ledger.strict import base64_of, bytes_of, decimal, hash_of, text_of_instant

HEADER: Final = "c2sp.org/tlog-proof@v1"
FAMILY: Final = "c2sp.org/tlog-proof@"
"""How a receipt of any version begins."""

MOST_HASHES: Final = 63
"""Hashes of an inclusion proof in a tree of at most 2^63 leaves."""
MOST_BYTES: Final = MOST_NOTE + 4 * entries.NOTE_LIMIT
"""Longer receipts are refused unread: a checkpoint, and an entry in base64."""

SHOWS: Final = (
    "A receipt shows that the ledger holds this entry. Who recorded it, and what else the ledger holds, it cannot show."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A tlog-proof as received. Nothing about it is established."""

    note: bytes | None
    """The entry's note, from the extra line; None where there is none."""
    index: int
    proof: tuple[bytes, ...]
    """Inclusion proof, the leaf's sibling first."""
    checkpoint: bytes
    """The checkpoint's note."""


def format(note: bytes, index: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:  # noqa: A001 - pair of parse
    """The receipt of the entry with this note at this index, under a checkpoint that has both of the log's lines."""
    lines = [HEADER, f"extra {base64_of(note)}", f"index {index}", *map(base64_of, proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + checkpoint


def parse(raw: bytes) -> Receipt:
    """The receipt that these bytes are. Raises Malformed, and UnknownVersion for a tlog-proof of another version."""
    if len(raw) > MOST_BYTES:
        raise Malformed(f"expected a receipt of at most {MOST_BYTES} bytes")
    head, blank, checkpoint = raw.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Malformed("expected a receipt in ASCII") from None
    _expect_header(lines[0])
    if not blank:
        raise Malformed("expected an empty line before the checkpoint")
    note = bytes_of(lines.pop(1).removeprefix("extra ")) if lines[1:] and lines[1].startswith("extra ") else None
    if len(lines) < 2 or not lines[1].startswith("index "):
        raise Malformed("expected the entry's index")
    if len(lines) - 2 > MOST_HASHES:
        raise Malformed(f"expected a proof of at most {MOST_HASHES} hashes")
    index, proof = decimal(lines[1].removeprefix("index ")), tuple(map(hash_of, lines[2:]))
    return Receipt(note=note, index=index, proof=proof, checkpoint=checkpoint)


def _expect_header(line: str) -> None:
    if line.startswith(FAMILY) and line != HEADER:
        raise UnknownVersion("expected a receipt of version 1")
    if line != HEADER:
        raise Malformed(f"expected a receipt that begins with {HEADER}")


def verify(raw: bytes, trust: Trust) -> Verdict:
    """Say what a receipt amounts to under the caller's trust. Never raises because of what the bytes are."""
    return check(raw, trust).verdict()


def check(raw: bytes, trust: Trust) -> Checked:
    """The same before its verdict is drawn: for those who compare more with it."""
    findings = Findings()
    try:
        receipt = parse(raw)
    except UnknownVersion as error:
        findings.add("1.version", "receipt", HEADER, error.message)
        return Checked(findings=findings, size=0)
    except Malformed as error:
        findings.add("7.receipt", "receipt", "a receipt", error.message)
        return Checked(findings=findings, size=0)
    try:
        shown = checkpoints.parse(receipt.checkpoint)
    except Malformed as error:
        findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message)
        return Checked(findings=findings, size=0)
    return _check(receipt, Snapshot(shown=shown, trust=trust, findings=findings))


def _check(receipt: Receipt, snapshot: Snapshot) -> Checked:
    entry = _check_entry(receipt, snapshot.shown, snapshot.findings)
    snapshot.leaves = _check_inclusion(receipt, snapshot.shown, snapshot.findings)
    snapshot.check_trusted_lines()
    if entry is not None:
        snapshot.latest = entry.header.index, entry.header.recorded_at
        _check_log_time(entry, snapshot)
    snapshot.check_witnesses()
    snapshot.check_known()
    described = _described(entry) if snapshot.leaves else ()
    return Checked(findings=snapshot.findings, size=1, snapshot=snapshot, notices=(*described, SHOWS))


def _check_entry(receipt: Receipt, shown: SignedCheckpoint, findings: Findings) -> Entry | None:
    """Check 1 of the entry that the receipt carries."""
    where, origin = f"entry {receipt.index}", shown.checkpoint.origin
    if receipt.note is None:
        findings.add("7.receipt", "receipt", "the entry in the extra line", "none")
        return None
    try:
        entry = entries.parse(receipt.note)
    except UnknownVersion as error:
        findings.add("1.version", where, "", error.message)
        return None
    except Malformed as error:
        findings.add("1.parse", where, "", error.message)
        return None
    if entry.header.origin != origin:
        findings.add("1.origin", where, origin, entry.header.origin)
    if entry.header.index != receipt.index:
        findings.add("1.index", where, str(receipt.index), str(entry.header.index))
    return entry


def _check_inclusion(receipt: Receipt, shown: SignedCheckpoint, findings: Findings) -> dict[int, bytes]:
    """Check 7: the entry is in the checkpoint's tree, at its index."""
    if receipt.note is None:
        return {}
    leaf, named = leaf_hash(receipt.note), shown.checkpoint
    try:
        merkle.check_inclusion(leaf, receipt.index, named.size, receipt.proof, named.root)
    except ProofFailed as error:
        findings.add("7.inclusion", f"entry {receipt.index}", error.expected or error.message, error.found or "")
        return {}
    return {receipt.index: leaf}


def _check_log_time(entry: Entry, snapshot: Snapshot) -> None:
    """Check 7: the log's own time is its last entry's, so this one is no later, and the last one's is the same."""
    time = snapshot.log_time()
    if time is None:
        return
    recorded, index = seconds(entry.header.recorded_at), entry.header.index
    is_last = index == snapshot.shown.checkpoint.size - 1
    if recorded > time or (is_last and recorded != time):
        found = text_of_instant(entry.header.recorded_at)
        snapshot.findings.add("7.mldsa-time", f"entry {index}", f"at most {time}, the log's own time", found)


def _described(entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    header = entry.header
    return (f"Entry {header.index}, {header.kind}, recorded at {text_of_instant(header.recorded_at)}.",)
