"""Checkpoints: what a ledger says of itself, signed (C2SP tlog-checkpoint, tlog-cosignature; docs/format.md section 7).

    text = origin ‖ LF ‖ size in decimal ‖ LF ‖ base64 of the root ‖ LF

An Ed25519 log key signs the text. An ML-DSA-44 log key, and every witness, cosigns: its line carries a time, and what
it signs is one of the two messages below. Each message begins so that none can pass for another, nor for an entry.

>>> from disclosure_ledger.log.merkle import EMPTY_ROOT
>>> checkpoint = Checkpoint(origin="oakstreet.example/disclosures", size=0, root=EMPTY_ROOT)
>>> checkpoint.text()
'oakstreet.example/disclosures\\n0\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n'
>>> cosigned_message(checkpoint, 1234)[:30]
b'cosignature/v1\\ntime 1234\\noakst'
>>> parse_text(b"oakstreet.example/disclosures\\n00\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n")
Traceback (most recent call last):
    ...
disclosure_ledger.errors.Malformed: expected a decimal number without sign or leading zero
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from disclosure_ledger.errors import Malformed, ProofFailed
from disclosure_ledger.log import note as notes
from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, Note, Signer, VerifierKey
from disclosure_ledger.strict import HASH_SIZE, MAX_INTEGER, base64_of, decimal, hash_of, origin

MOST_TIME = 2**63 - 1
"""The latest time that a cosignature can carry, in seconds since 1970."""

_TIME_SIZE = 8
_SUBTREE_LABEL = b"subtree/v1\n\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A tree named by origin, size and root. Nothing about it is established."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        origin(self.origin)
        if not 0 <= self.size <= MAX_INTEGER or len(self.root) != HASH_SIZE:
            raise Malformed(f"expected a size of at most {MAX_INTEGER} and a root of {HASH_SIZE} bytes")

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint's note as received. Its lines are not verified yet."""

    checkpoint: Checkpoint
    note: Note

    @property
    def raw(self) -> bytes:
        """The note's bytes."""
        return self.note.raw


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeys:
    """The two keys that sign a ledger's checkpoints in force at one time."""

    ed25519: VerifierKey
    mldsa: VerifierKey

    def __post_init__(self) -> None:
        if (self.ed25519.kind, self.mldsa.kind) != (ED25519, MLDSA44):
            raise Malformed("expected an Ed25519 and an ML-DSA-44 log key, in this order")

    def both(self) -> tuple[VerifierKey, VerifierKey]:
        """The two keys, Ed25519 first."""
        return self.ed25519, self.mldsa


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A checkpoint known from outside the ledger: a note that somebody kept."""

    where: str
    """What to call it in a finding: a file's name."""
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A size and root remembered outside the ledger without signature, as in the state file beside the keys."""

    where: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """At least `least` of the members, each a witness or a quorum of its own (C2SP tlog-policy)."""

    least: int
    members: "tuple[VerifierKey | Quorum, ...]"

    def is_met_by(self, cosigned: Collection[VerifierKey]) -> bool:
        """Whether enough of the members are among the witnesses that cosigned."""
        met = (one.is_met_by(cosigned) if isinstance(one, Quorum) else one in cosigned for one in self.members)
        return sum(met) >= self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the caller trusts. An empty one verifies nothing: the verdict is incomplete at best."""

    keys: tuple[VerifierKey, ...] = ()
    """Log keys, of either type; one of them suffices."""
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int | Quorum = 0
    """How many of the witnesses must have cosigned, or which groups of them."""
    known: tuple[Known | Memory, ...] = field(default=())
    """What is known from outside of the ledger's past."""


def is_trusted(trust: Trust, history: Collection[VerifierKey]) -> bool:
    """Whether the log keys that a ledger had are the trusted ones: of each type of which one is trusted, one is there.

    One of either type would not do where both are trusted: whoever can forge one of the two signatures could put a
    genesis of their own in the place of the ledger's, with that key and another of the other type.
    """
    names = {key.name for key in history}
    trusted = [key for key in trust.keys if key.name in names]
    kinds = {key.kind for key in trusted}
    return bool(kinds) and kinds <= {key.kind for key in trusted if key in history}


def parse_text(text: bytes) -> Checkpoint:
    """The checkpoint that these bytes spell: three lines, no extension lines. Raises Malformed."""
    lines = text.split(b"\n")
    if len(lines) != 4 or lines[3]:
        raise Malformed("expected a checkpoint of three lines")
    try:
        name, size, root = (line.decode("ascii") for line in lines[:3])
    except UnicodeDecodeError:
        raise Malformed("expected a checkpoint in ASCII") from None
    return Checkpoint(origin=name, size=decimal(size), root=hash_of(root))


def parse(raw: bytes) -> SignedCheckpoint:
    """The signed checkpoint that these bytes are. Raises Malformed. No signature is verified."""
    note = notes.parse(raw)
    return SignedCheckpoint(checkpoint=parse_text(note.text), note=note)


def sign(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The checkpoint's note with the Ed25519 line of the log key."""
    _expect_kind(signer.key, ED25519)
    text = checkpoint.text().encode()
    return notes.format(text, [notes.line_by(signer, text)])


def add_mldsa(raw: bytes, signer: Signer, time: int) -> bytes:
    """The note with the log's ML-DSA-44 line more. `time` is the last entry's, in seconds since 1970."""
    _expect_kind(signer.key, MLDSA44)
    return cosign(raw, signer, time)


def cosign(raw: bytes, signer: Signer, time: int) -> bytes:
    """The note with one cosignature more, of type 0x04 or 0x06. Whether to cosign is the caller's to decide first."""
    if not 0 < time <= MOST_TIME:
        raise ValueError("expected a time after 1970")
    message = _message(parse(raw), signer.key, time)
    return notes.append_line(raw, notes.line_by(signer, message, before=time.to_bytes(_TIME_SIZE, "big")))


def verify_ed25519(signed: SignedCheckpoint, key: VerifierKey) -> None:
    """Establish that the log key signed this text: it has a line, and every line of it verifies. Raises ProofFailed."""
    _expect_kind(key, ED25519)
    for line in _lines(signed, key):
        key.verify(signed.note.text, line.signature)


def verify_mldsa(signed: SignedCheckpoint, key: VerifierKey) -> int:
    """Establish that the ML-DSA-44 key cosigned, and return the time in its line. Raises ProofFailed."""
    _expect_kind(key, MLDSA44)
    return verify_cosignature(signed, key)


def verify_cosignature(signed: SignedCheckpoint, key: VerifierKey) -> int:
    """Establish that a witness cosigned, and return the time, seconds since 1970; of several lines the earliest.

    Every line that claims to be the key's must verify. Raises ProofFailed.
    """
    return min(_verify_cosigned(signed, key, line.signature) for line in _lines(signed, key))


def cosigned_message(checkpoint: Checkpoint, time: int) -> bytes:
    """What an Ed25519 witness signs (tlog-cosignature, `cosignature/v1`)."""
    return f"cosignature/v1\ntime {time}\n{checkpoint.text()}".encode()


def subtree_message(checkpoint: Checkpoint, cosigner: str, time: int) -> bytes:
    """What an ML-DSA-44 key signs (tlog-cosignature, `subtree/v1`), of the whole tree: from 0 to its size."""
    name, log = cosigner.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            *(_SUBTREE_LABEL, bytes((len(name),)), name, time.to_bytes(8, "big")),
            *(bytes((len(log),)), log, bytes(8), checkpoint.size.to_bytes(8, "big"), checkpoint.root),
        )
    )


def _verify_cosigned(signed: SignedCheckpoint, key: VerifierKey, blob: bytes) -> int:
    time = int.from_bytes(blob[:_TIME_SIZE], "big")
    if len(blob) <= _TIME_SIZE or not 0 < time <= MOST_TIME:
        raise ProofFailed("expected a cosignature with a time")
    key.verify(_message(signed, key, time), blob[_TIME_SIZE:])
    return time


def _message(signed: SignedCheckpoint, key: VerifierKey, time: int) -> bytes:
    if key.kind == COSIGNATURE:
        return cosigned_message(signed.checkpoint, time)
    _expect_kind(key, MLDSA44)
    return subtree_message(signed.checkpoint, key.name, time)


def _lines(signed: SignedCheckpoint, key: VerifierKey) -> tuple[notes.SignatureLine, ...]:
    lines = signed.note.lines_of(key)
    if not lines:
        raise ProofFailed("the checkpoint has no line of this key", expected=f"{key.name}+{key.key_id.hex()}")
    return lines


def _expect_kind(key: VerifierKey, kind: int) -> None:
    if key.kind != kind:
        raise ProofFailed(f"expected a key of type {kind}, found {key.kind}")
