"""`timestamp`: an outside clock's word that a checkpoint existed (RFC 3161)."""

import secrets
import urllib.request
from pathlib import Path

import click

from disclosure_ledger.errors import DisclosureLedgerError, InvalidRecord, NotFound, StorageFailed
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log import checkpoint, timestamp
from disclosure_ledger.log.timestamp import Authority

from . import say
from .options import shared
from .settings import beside
from .using import open_ledger

MOST_BYTES = 1 << 20
SECONDS = 30
"""How long an authority may take to answer."""


@click.group("timestamp")
def timestamp_command() -> None:
    """Timestamps of an outside authority on the ledger's checkpoints."""


@timestamp_command.command("add")
@click.option("--request", metavar="FILE", help="Write a request for the ledger as it stands, and stop.")
@click.option("--answer", metavar="FILE", help="The authority's answer to a request written before.")
@click.option("--url", help="Ask this authority over the network.")
@click.option("--tsa", metavar="FILE", help="The authority's certificates in PEM; an answer is checked against them.")
@shared
def add_command(request: str | None, answer: str | None, url: str | None, tsa: str | None) -> None:
    """Have a checkpoint timestamped: in two steps by files, or at once by a URL.

    \b
    disclosure-ledger timestamp add --request today.tsq
    disclosure-ledger timestamp add --answer today.tsr --tsa authority.pem
    disclosure-ledger timestamp add --url http://tsa.example/ --tsa authority.pem

    Answers are kept beside the key file, and go into evidence and audit packages.
    """
    if sum(value is not None for value in (request, answer, url)) != 1:
        raise click.UsageError("give one of --request, --answer and --url")
    if tsa is None and request is None:
        raise click.UsageError("an answer is checked before it is kept: give the authority's certificates with --tsa")
    if request is None:
        timestamp.expect_installed()
    with open_ledger() as (ledger, chosen):
        if request is not None:
            note = ledger.checkpoint()
            called = say.write(Path(request), _asked(note))
            say.data(f"Request for {_size(note)} entries written to {called}. Send it to the authority.")
            return
        authority = _authority(Path(str(tsa)))
        response = _fetch(str(url), _asked(ledger.checkpoint())) if url is not None else _read(Path(str(answer)))
        size = _matched(ledger, response, authority)
        folder = beside(chosen.need_keys(), ".timestamps")
        folder.mkdir(mode=0o700, exist_ok=True)
        say.write(folder / f"{size}.tsr", response)
    if chosen.json:
        say.data_json({"size": size, "file": str(folder / f"{size}.tsr")})
        return
    say.data(f"The checkpoint of {size} entries is timestamped.")


def _asked(note: bytes) -> bytes:
    text = checkpoint.parse(note).checkpoint.text().encode()
    return timestamp.request(text, nonce=secrets.randbits(64) | 1)


def _size(note: bytes) -> int:
    return checkpoint.parse(note).checkpoint.size


def _authority(path: Path) -> Authority:
    return timestamp.authority(_read(path), name=path.name)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from None


def _fetch(url: str, request: bytes) -> bytes:
    """Ask an authority. Its answer is checked before it is kept, so a plain connection will do."""
    if not url.startswith(("http://", "https://")):
        raise InvalidRecord("expected a URL that begins with http:// or https://", field="url")
    asked = urllib.request.Request(url, data=request, headers={"Content-Type": "application/timestamp-query"})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as response:  # noqa: S310 - the scheme was looked at
            return bytes(response.read(MOST_BYTES))
    except OSError:
        raise StorageFailed("the timestamp authority cannot be reached") from None


def _matched(ledger: Ledger, response: bytes, authority: Authority) -> int:
    """The size of the checkpoint that an answer is about. Raises NotFound where it is about none of this ledger's."""
    with ledger.reading() as (reading, _):
        notes = dict(reading.checkpoints())
    reason: DisclosureLedgerError | None = None
    for size, note in sorted(notes.items(), reverse=True):
        try:
            timestamp.verify(response, checkpoint.parse(note).checkpoint.text().encode(), [authority])
        except DisclosureLedgerError as error:
            reason = reason or error
        else:
            return int(size)
    why = f": {reason.message}" if reason is not None else ""
    raise NotFound(f"the answer is about no checkpoint of this ledger{why}")
