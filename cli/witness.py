"""`witness`: keeps the last checkpoint of a ledger for somebody else, and cosigns what has grown from it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from disclosure_ledger import package, pile
from disclosure_ledger.custody import witnesskey
from disclosure_ledger.custody.memory import write_private
from disclosure_ledger.errors import KeysUnavailable, Malformed, NotFound
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log import witness
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.log.witness import Refusal, State
from disclosure_ledger.pile import Kind

from . import say
from .options import now, passphrase, shared, stated
from .settings import beside

STATE = "witness.json"
FAILED = (witness.FORBIDDEN, witness.UNPROVED)
"""Refusals that speak against the ledger, and not only against the request."""


@click.group("witness")
def witness_command() -> None:
    """Be a ledger's memory for somebody else: remember its last checkpoint, cosign the next that has grown from it.

    \b
    disclosure-ledger witness init --name board.example/witness --log disclosures.vkey
    disclosure-ledger witness cosign audit.zip --output cosigned.checkpoint
    """


@witness_command.command("init")
@click.option("--name", help="The witness's name for ever: a web address without https://, such as your domain.")
@click.option(
    "--log", "logs", multiple=True, required=True, metavar="VKEY|FILE", help="A log's public keys; repeat it."
)
@click.option("--state", default=STATE, show_default=True, metavar="FILE", help="What the witness remembers.")
@shared
def init_command(name: str | None, logs: tuple[str, ...], state: str) -> None:
    """Make a witness, or let one watch further logs, or the new keys of a log that it watches.

    \b
    disclosure-ledger witness init --name board.example/witness --log disclosures.vkey
    disclosure-ledger witness init --log new-keys.vkey

    Beside the state lie the key, under your passphrase, and the vkey, to be given to whoever shall trust you.
    """
    path, keys = Path(state), [key for text in logs for key in _vkeys(text)]
    with _held(path):
        made = _make(path, name) if not path.exists() else _load(path)
        if name is not None and made.name != name:
            raise KeysUnavailable(f"{path} is the state of another witness", hint="choose another with --state")
        write_private(path, witness.format_state(made.watching(keys)), durable=True)
    vkey = beside(_key_file(path), ".vkey").read_text("ascii").strip()
    watched = sorted({key.name for key in keys})
    if stated().json:
        say.data_json({"name": made.name, "state": str(path), "vkey": vkey, "watching": watched})
        return
    say.data(f"Witness {made.name} watches {', '.join(watched)}.\n\nGive this to whoever shall trust it:\n{vkey}")


@witness_command.command("cosign")
@click.argument("request", metavar="FILE|FOLDER")
@click.option("--state", default=STATE, show_default=True, metavar="FILE", help="What the witness remembers.")
@click.option("--output", metavar="FILE", help="Write the cosigned checkpoint here instead of standard output.")
@shared
def cosign_command(request: str, state: str, output: str | None) -> int:
    """Cosign a checkpoint that has grown from the last one, and remember it. Anything else is refused.

    \b
    disclosure-ledger witness cosign audit.zip --output cosigned.checkpoint
    disclosure-ledger witness cosign request.txt

    It takes an audit package, a request of the C2SP tlog-witness protocol, or, where no proof is needed, a checkpoint.
    Exit status 3 says that nobody proved that the ledger has grown from what this witness remembers, or who signed it.
    """
    path = Path(state)
    signer = witnesskey.unseal(_key_bytes(path), passphrase(stated()))
    with _held(path):
        before = _load(path)
        asked = _request(Path(request), before)
        try:
            line = witness.answer(
                asked, state=before, keep=lambda after: _keep(path, after), signer=signer, time=int(now().timestamp())
            )
        except Refusal as refused:
            return _refuse(refused, asked, before)
    cosigned = asked.partition(b"\n\n")[2] + line
    if output is not None:
        called = say.write(Path(output), cosigned)
        say.talk(f"Cosigned checkpoint written to {called}. Send it back, and keep a copy.", quiet=stated().quiet)
    elif stated().json:
        say.data_json({"checkpoint": cosigned.decode(), "line": line.decode()})
    else:
        click.echo(cosigned, nl=False)
    return 0


def _make(path: Path, name: str | None) -> State:
    """A new witness: its key file and its vkey, beside a state that knows nothing yet."""
    if name is None:
        raise click.UsageError("Missing option '--name': there is no witness yet.")
    for other in (_key_file(path), beside(_key_file(path), ".vkey")):
        if other.exists():
            raise KeysUnavailable(f"{other} is there already; nothing was made", hint="choose another with --state")
    signer, sealed = witnesskey.make(name, passphrase(stated(), new=True), os.urandom)
    write_private(_key_file(path), sealed, durable=True)
    write_private(beside(_key_file(path), ".vkey"), f"{signer.key.vkey()}\n".encode(), durable=True)
    return State(name=name, logs=())


def _request(path: Path, state: State) -> bytes:
    """The request that a file is, or that is made from an audit package or a bare checkpoint."""
    kind = pile.kind_at(path)
    if kind is Kind.CHECKPOINT and not path.read_bytes().startswith(b"old "):
        raw = pile.read(path).data
        size = checkpoints.parse(raw).checkpoint.size
        return witness.format_request(size if size == _size(state, raw) else 0, (), raw)
    if kind is Kind.PACKAGE:
        raw = package.checkpoint_of(path)
        old = min(_size(state, raw), checkpoints.parse(raw).checkpoint.size)
        raw, proof = package.proof_of_growth(path, old)
        return witness.format_request(old, proof, raw)
    raw = path.read_bytes() if kind in (Kind.CHECKPOINT, Kind.UNKNOWN) and path.is_file() else b""
    if not raw.startswith(b"old "):
        what = "a folder" if path.is_dir() else kind.value
        raise NotFound(
            f"{path} ({what}) cannot be cosigned: expected an audit package, a checkpoint, or a request of a witness",
            hint="the practice makes a package to cosign: disclosure-ledger export audit audit.zip",
        )
    return raw


def _size(state: State, raw: bytes) -> int:
    log = state.watched(checkpoints.parse(raw).checkpoint.origin)
    return 0 if log is None else log.size


def _refuse(refused: Refusal, asked: bytes, state: State) -> int:
    """Say why, and where the ledger contradicts what is remembered, show both notes."""
    failed = refused.status in FAILED
    both = _both(asked, state) if refused.status == witness.UNPROVED else None
    if stated().json:
        remembered, shown = both or (None, None)
        say.data_json(
            {
                "refused": refused.message,
                "status": refused.status,
                "size": refused.size,
                "remembered": remembered,
                "shown": shown,
            }
        )
    else:
        say.data(f"REFUSED  {refused.message}")
        if refused.size is not None:
            say.data(f"  This witness remembers {say.entries(refused.size)}: ask with a proof from there.")
        if both is not None:
            say.data(f"\nThis witness remembers:\n{both[0].rstrip()}\n\nIt is asked to cosign:\n{both[1].rstrip()}")
    return 3 if failed else 1


def _both(asked: bytes, state: State) -> tuple[str, str] | None:
    shown = witness.parse_request(asked).shown
    log = state.watched(shown.checkpoint.origin)
    return (log.last.raw.decode(), shown.raw.decode()) if log is not None and log.last is not None else None


def _keep(path: Path, state: State) -> None:
    write_private(path, witness.format_state(state), durable=True)


def _load(path: Path) -> State:
    try:
        return witness.parse_state(path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"no witness's state at {path}", hint="`witness init` makes one; name it with --state") from None
    except OSError as error:
        raise NotFound(f"the witness's state at {path} cannot be read: {error.strerror}") from None


def _key_file(path: Path) -> Path:
    return path.with_suffix(".keys")


def _key_bytes(path: Path) -> bytes:
    try:
        return _key_file(path).read_bytes()
    except OSError:
        raise KeysUnavailable(f"no key of a witness at {_key_file(path)}", hint="`witness init` makes one") from None


def _vkeys(given: str) -> list[VerifierKey]:
    path = Path(given)
    try:
        lines = path.read_text("utf-8").split("\n") if path.is_file() else [given]
    except (OSError, UnicodeDecodeError):
        raise Malformed("expected a vkey, or a file of vkeys") from None
    return [VerifierKey.parse(line) for line in lines if line]


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold the state from reading to writing, so that of two requests the slower one is refused."""
    with path.with_suffix(".lock").open("wb") as file:
        _lock(file.fileno())
        yield


def _lock(handle: int) -> None:
    """Wait for the lock of an open file; the system frees it when the file is closed or the process ends."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)
