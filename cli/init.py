"""`init`: a database, a key file, and what lies beside it."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from disclosure_ledger import strict
from disclosure_ledger.custody import keyfile
from disclosure_ledger.custody.memory import write_private
from disclosure_ledger.errors import KeysUnavailable, Malformed
from disclosure_ledger.ledger import Ledger

from . import say, settings
from .options import now, passphrase, shared, stated
from .settings import DEFAULT_KEYS, DEFAULT_LEDGER, FILE, beside


@click.command("init")
@click.option("--practice", required=True, help="The practice's name, as clients know it.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name; the dates of releases are days there.")
@click.option("--address", help="The practice's address, for the letterhead.")
@click.option("--contact", help="Whom a client may ask, for the letterhead.")
@shared
def init_command(practice: str, timezone: str, address: str | None, contact: str | None) -> None:
    """Make a ledger: its database, its key file and its settings.

    \b
    disclosure-ledger init --origin harbor.example/disclosures --practice "Harbor Counseling" \\
        --timezone America/New_York

    --origin is the ledger's name for ever: a web address without https://, such as your domain and a word.
    """
    flags = stated()
    if flags.origin is None:
        raise click.UsageError("Missing option '--origin'.")
    try:
        origin = strict.origin(flags.origin)
    except Malformed as error:
        raise Malformed(f"the origin: {error}", hint="for example: harbor.example/disclosures") from None
    settings.zone(timezone)
    place = flags.ledger or os.environ.get(settings.LEDGER) or DEFAULT_LEDGER
    keys = flags.keys or Path(os.environ.get(settings.KEYS) or DEFAULT_KEYS)
    letterhead = {"address": address, "contact": contact}
    _make(place, keys, origin, practice, {"timezone": timezone, **letterhead})
    _tell(place, keys, origin)
    _tell_missing(keys, origin, [name for name, value in letterhead.items() if not value])


def _make(place: str, keys: Path, origin: str, practice: str, more: dict[str, str | None]) -> None:
    state, vkey = beside(keys, ".state"), beside(keys, ".vkey")
    for path in (keys, state, vkey):
        if path.exists():
            raise KeysUnavailable(f"{path} is there already; nothing was made", hint="choose another with --keys")
    if origin in settings.read(keys.parent / FILE):
        raise KeysUnavailable(f"{keys.parent / FILE} already names a ledger {origin}; nothing was made")
    words = passphrase(stated(), new=True)
    secrets = keyfile.Secrets.generate(origin, os.urandom)
    keys.parent.mkdir(parents=True, exist_ok=True)
    with _removed_on_failure(keys, state, vkey):
        keyfile.save(keys, secrets, words, os.urandom)
        public = f"{secrets.log_signer().key.vkey()}\n{secrets.mldsa_signer().key.vkey()}\n"
        write_private(vkey, public.encode(), durable=True)
        vkey.chmod(0o644)
        with _kept_on_failure(keys.parent / FILE):
            settings.add(keys.parent / FILE, origin, {"ledger": _stored(place, keys), "keys": keys.name, **more})
            Ledger.create(place, secrets=secrets, practice=practice, state_file=state, clock=now, entropy=os.urandom)


def _stored(place: str, keys: Path) -> str:
    """The ledger's place as the settings file beside the key file should say it."""
    if "://" in place:
        return place
    return os.path.relpath(Path(place).resolve(), keys.parent.resolve())


@contextlib.contextmanager
def _kept_on_failure(path: Path) -> Iterator[None]:
    """Put a file back as it was, or away, where what follows fails."""
    before = path.read_bytes() if path.exists() else None
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(before)
        raise


@contextlib.contextmanager
def _removed_on_failure(*paths: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for path in paths:
            path.unlink(missing_ok=True)
        raise


def _tell(place: str, keys: Path, origin: str) -> None:
    chosen = stated()
    if chosen.json:
        say.data_json(
            {
                "origin": origin,
                "ledger": place,
                "keys": str(keys),
                "state": str(beside(keys, ".state")),
                "vkey": str(beside(keys, ".vkey")),
            }
        )
        return
    say.data(
        f"""Ledger {origin} made.

Keep, and back up apart from the database:
  {keys}  the keys, under your passphrase. Without it nobody reads what is sealed.
  {beside(keys, ".state")}  what the ledger remembers of itself.

Give away, to clients and auditors:
  {beside(keys, ".vkey")}  the ledger's public keys: with them anyone can check what you hand out.

The database is {place}. Next: disclosure-ledger record --help"""
    )


def _tell_missing(keys: Path, origin: str, missing: Sequence[str]) -> None:
    """Say what lists and letters will lack, and where it can be added."""
    if missing:
        lines = "".join(f'\n  {name} = "…"' for name in missing)
        say.talk(
            f"No {' and no '.join(missing)} was given, so lists and letters will not show any. To add it, write into "
            f'{keys.parent / FILE}, under [ledgers."{origin}"]:{lines}',
            quiet=stated().quiet,
        )
