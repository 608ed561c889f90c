"""What a witness remembers and refuses (C2SP tlog-witness add-checkpoint; docs/format.md section 7).

A witness keeps the last checkpoint of each log it watches and cosigns a new one only if the log has grown from it. It
sees no entries. State and exchange are plain files, so e-mail or a USB stick will do:

    old 16                               {"format": "disclosure-ledger/witness/v1", "logs": [{"checkpoint": "…",
    <base64 of a hash of the               "keys": ["<vkey>", …], "origin": "…"}], "name": "auditor.example/w"}
     consistency proof> …

    <the checkpoint's note>

The rules are pure: a state and a request give a new state, or a refusal with the number that tlog-witness gives it.
`answer` keeps the new state before it signs, so that no cosignature is ever given out that the witness forgets.

>>> text = "oakstreet.example/disclosures\\n0\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n"
>>> request = parse_request(f"old 0\\n\\n{text}\\n— oakstreet.example/disclosures AAAAAAA=\\n".encode())
>>> request.old, request.proof, request.shown.checkpoint.size
(0, (), 0)
>>> accept(State(name="auditor.example/w", logs=()), request)
Traceback (most recent call last):
    ...
disclosure_ledger.log.witness.Refusal: expected a checkpoint of a log that this witness watches
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from disclosure_ledger.canonical import JSON, decode, encode
from disclosure_ledger.errors import Malformed, ProofFailed, Refused, UnknownVersion
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import merkle
from disclosure_ledger.log import note as notes
from disclosure_ledger.log.checkpoint import SignedCheckpoint
from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, Signer, VerifierKey
from disclosure_ledger.log.witnessing import is_line_good, name_of
from disclosure_ledger.strict import base64_of, decimal, hash_of, origin

FORMAT: Final = "disclosure-ledger/witness/v1"
FAMILY: Final = "disclosure-ledger/witness/"

MOST_HASHES: Final = 63
"""Lines of a consistency proof (tlog-witness)."""
MOST_REQUEST: Final = notes.MOST_BYTES + 64 * 64
MOST_STATE: Final = 16_000_000
"""A state of some two thousand logs, each with a checkpoint and two keys."""

NOT_A_REQUEST: Final = 400
FORBIDDEN: Final = 403
UNKNOWN_LOG: Final = 404
CONFLICT: Final = 409
UNPROVED: Final = 422


class Refusal(Refused):
    """A request that a witness must not cosign. `status` is the number of tlog-witness; `size` what it remembers."""

    def __init__(self, message: str, *, status: int, size: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.size = size


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A log that the witness watches."""

    origin: str
    keys: tuple[VerifierKey, ...]
    """Its keys; of each type that is here a checkpoint needs a line."""
    last: SignedCheckpoint | None = None
    """The last checkpoint that was cosigned; None before the first."""

    def __post_init__(self) -> None:
        origin(self.origin)
        if not self.keys or any(key.kind not in (ED25519, MLDSA44) for key in self.keys):
            raise Malformed("expected keys of a log to watch: Ed25519 or ML-DSA-44")
        if any(key.name != self.origin for key in self.keys):
            raise Malformed("expected keys whose name is the log's origin")
        if self.last is not None and self.last.checkpoint.origin != self.origin:
            raise Malformed("expected the last checkpoint of the log itself")

    @property
    def size(self) -> int:
        """The size that is remembered; 0 before the first checkpoint."""
        return 0 if self.last is None else self.last.checkpoint.size


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that a witness remembers."""

    name: str
    """The witness's key name."""
    logs: tuple[Watched, ...]
    """By origin, each once."""

    def __post_init__(self) -> None:
        if len({log.origin for log in self.logs}) != len(self.logs):
            raise Malformed("expected each log once")

    def watched(self, name: str) -> Watched | None:
        """The log of this origin."""
        return next((log for log in self.logs if log.origin == name), None)

    def watching(self, keys: Sequence[VerifierKey]) -> "State":
        """The same, and these log keys trusted too: of a log that is new, or of one whose keys were rotated."""
        state = self
        for key in keys:
            before = state.watched(key.name)
            known = () if before is None else before.keys
            added = Watched(
                origin=key.name,
                keys=known if key in known else (*known, key),
                last=None if before is None else before.last,
            )
            state = state.with_log(added)
        return state

    def with_log(self, log: Watched) -> "State":
        """The same with this log in place of the one of its origin."""
        others = (other for other in self.logs if other.origin != log.origin)
        return replace(self, logs=tuple(sorted((*others, log), key=lambda one: one.origin)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An add-checkpoint request as received."""

    old: int
    """The size that the log believes the witness remembers."""
    proof: tuple[bytes, ...]
    """RFC 6962 consistency proof from there to the checkpoint."""
    shown: SignedCheckpoint


def format_request(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The request to cosign a checkpoint's note, with the proof from the size that the witness remembers."""
    lines = [f"old {old}", *map(base64_of, proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + checkpoint


def parse_request(raw: bytes) -> Request:
    """The request that these bytes are. Raises Refusal."""
    try:
        if len(raw) > MOST_REQUEST:
            raise Malformed(f"expected a request of at most {MOST_REQUEST} bytes")
        head, blank, checkpoint = raw.partition(b"\n\n")
        first, *hashes = head.decode("ascii").split("\n")
        if not blank or not first.startswith("old ") or len(hashes) > MOST_HASHES:
            raise Malformed("expected an old size, a consistency proof, an empty line and a checkpoint")
        old, proof = decimal(first.removeprefix("old ")), tuple(map(hash_of, hashes))
        checkpoints.parse_text(checkpoint.rpartition(b"\n\n")[0] + b"\n")
    except (Malformed, UnicodeDecodeError) as error:
        message = error.message if isinstance(error, Malformed) else "expected a request in ASCII"
        raise Refusal(message, status=NOT_A_REQUEST) from None
    return Request(old=old, proof=proof, shown=_signed(checkpoint))


def _signed(checkpoint: bytes) -> SignedCheckpoint:
    """The checkpoint with its lines; one whose text can be read and whose lines cannot is signed by nobody."""
    try:
        return checkpoints.parse(checkpoint)
    except Malformed as error:
        raise Refusal(error.message, status=FORBIDDEN) from None


def accept(state: State, request: Request) -> State:
    """The state after a request that may be cosigned. Raises Refusal for one that may not."""
    named = request.shown.checkpoint
    log = state.watched(named.origin)
    if log is None:
        raise Refusal("expected a checkpoint of a log that this witness watches", status=UNKNOWN_LOG)
    _expect_signed(log, request.shown)
    if request.old > named.size:
        raise Refusal("expected an old size that is not larger than the checkpoint's", status=NOT_A_REQUEST)
    if request.old != log.size:
        message = f"expected a proof from size {log.size}, found one from {request.old}"
        raise Refusal(message, status=CONFLICT, size=log.size)
    _expect_consistent(log, request)
    return state.with_log(replace(log, last=request.shown))


def answer(raw: bytes, *, state: State, keep: Callable[[State], None], signer: Signer, time: int) -> bytes:
    """The cosignature's line for a request. Raises Refusal.

    keep: makes the new state last; called before anything is signed, and whatever it raises is raised. The caller
    holds a lock from reading `state` until this returns, so that of two requests the slower one is refused.
    signer: the witness's key, Ed25519 cosignature (0x04) or ML-DSA-44. time: now, in seconds since 1970.
    """
    if signer.key.kind not in (COSIGNATURE, MLDSA44) or signer.key.name != state.name:
        raise ValueError("expected the witness's own key for cosignatures")
    request = parse_request(raw)
    keep(accept(state, request))
    signed = checkpoints.cosign(request.shown.raw, signer, time)
    return signed[len(request.shown.raw) :]


def format_state(state: State) -> bytes:
    """The bytes of a state file."""
    logs = [
        {
            "checkpoint": None if log.last is None else log.last.raw.decode(),
            "keys": [key.vkey() for key in log.keys],
            "origin": log.origin,
        }
        for log in state.logs
    ]
    return encode({"format": FORMAT, "logs": logs, "name": state.name})


def parse_state(data: bytes) -> State:
    """The state that a file's bytes say. Raises Malformed, and UnknownVersion for a later one."""
    if len(data) > MOST_STATE:
        raise Malformed(f"expected a witness's state of at most {MOST_STATE} bytes")
    value = decode(data)
    if isinstance(value, dict) and str(value.get("format")).startswith(FAMILY) and value["format"] != FORMAT:
        raise UnknownVersion("expected a witness's state of version 1")
    if not isinstance(value, dict) or value.keys() != {"format", "logs", "name"} or value["format"] != FORMAT:
        raise Malformed("expected a witness's state")
    if not isinstance(value["logs"], list) or not isinstance(value["name"], str):
        raise Malformed("expected the logs that a witness watches, and its name")
    return State(name=value["name"], logs=tuple(map(_watched_of, value["logs"])))


def _watched_of(value: JSON) -> Watched:
    if not isinstance(value, dict) or value.keys() != {"checkpoint", "keys", "origin"}:
        raise Malformed("expected a log as its origin, keys and last checkpoint")
    vkeys, last = value["keys"], value["checkpoint"]
    if not isinstance(vkeys, list) or not all(isinstance(one, str) for one in (value["origin"], *vkeys)):
        raise Malformed("expected a log's origin and keys as texts")
    if last is not None and not isinstance(last, str):
        raise Malformed("expected a log's last checkpoint as text")
    return Watched(
        origin=value["origin"],
        keys=tuple(map(VerifierKey.parse, vkeys)),
        last=None if last is None else checkpoints.parse(last.encode()),
    )


def _expect_signed(log: Watched, shown: SignedCheckpoint) -> None:
    """A line of a trusted key of each type there is; every line of a trusted key verifies."""
    present = [key for key in log.keys if shown.note.lines_of(key)]
    for key in present:
        if not is_line_good(shown, key):
            raise Refusal(f"expected a line of {name_of(key)} that verifies", status=FORBIDDEN)
    for kind in {key.kind for key in log.keys} - {key.kind for key in present}:
        named = "Ed25519" if kind == ED25519 else "ML-DSA-44"
        raise Refusal(f"expected a line of a trusted {named} key of the log", status=FORBIDDEN)


def _expect_consistent(log: Watched, request: Request) -> None:
    named = request.shown.checkpoint
    if named.size == 0 and named.root != merkle.EMPTY_ROOT:
        raise Refusal("expected the root of the empty tree", status=UNPROVED)
    if log.last is None or log.size == 0:
        if request.proof:
            raise Refusal("expected no proof from size 0", status=UNPROVED)
        return
    try:
        merkle.check_consistency(log.size, named.size, log.last.checkpoint.root, named.root, request.proof)
    except ProofFailed as error:
        raise Refusal(error.message, status=UNPROVED) from None
