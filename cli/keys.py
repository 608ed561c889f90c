"""`keys`: recorders added and revoked, log keys rotated, the passphrase changed."""

import os
from dataclasses import replace
from pathlib import Path

import click

from disclosure_ledger import rekeying
from disclosure_ledger.custody import keyfile
from disclosure_ledger.custody.memory import write_private
from disclosure_ledger.errors import InvalidRecord
from disclosure_ledger.log.note import VerifierKey

from . import say
from .options import current, expect_strong, passphrase, shared
from .settings import beside
from .using import changing_keys, open_ledger


@click.group("keys")
def keys_command() -> None:
    """Who may record, and the keys that sign for the ledger."""


@keys_command.command("add-recorder")
@click.argument("name")
@click.option("--vkey", help="The recorder's public key, where somebody else holds the private one.")
@shared
def add_recorder_command(name: str, vkey: str | None) -> None:
    """Let a member of staff, or a system, sign entries with a key of its own.

    \b
    disclosure-ledger keys add-recorder front-desk
    disclosure-ledger record --by front-desk ...
    """
    with changing_keys(), open_ledger() as (ledger, chosen):
        if vkey is not None:
            key = VerifierKey.parse(vkey)
            if key.name != f"{ledger.secrets.origin}/recorders/{name}":
                raise InvalidRecord("expected the vkey of that recorder of this ledger", field="vkey")
        else:
            more, key = rekeying.with_new_recorder(ledger.secrets, name, os.urandom)
            # the key first: an entitled recorder whose key is lost could sign nothing, a key without title does no harm
            keyfile.save(chosen.need_keys(), more, passphrase(chosen), os.urandom)
        index = rekeying.add_recorder(ledger, key)
    if chosen.json:
        say.data_json({"entry": index, "recorder": name, "vkey": key.vkey()})
        return
    say.data(f"Recorder {name} may sign from entry {index + 1} on.")


@keys_command.command("revoke")
@click.argument("name")
@shared
def revoke_command(name: str) -> None:
    """End a recorder's right to sign. What it signed before stays good.

    \b
    disclosure-ledger keys revoke front-desk
    """
    with changing_keys(), open_ledger() as (ledger, chosen):
        index = rekeying.revoke_recorder(ledger, name)
    if chosen.json:
        say.data_json({"entry": index, "recorder": name})
        return
    say.data(f"Recorder {name} may sign no more; entry {index} says so.")


@keys_command.command("rotate")
@shared
def rotate_command() -> None:
    """Hand the ledger over to new log keys. Evidence given out before still verifies.

    \b
    disclosure-ledger keys rotate

    After a compromise: rotate, and verify with --known and the last checkpoint you trust.
    """
    with changing_keys(), open_ledger() as (ledger, chosen):
        keys, words, old = chosen.need_keys(), passphrase(chosen), ledger.secrets
        new = rekeying.with_new_log_keys(old, os.urandom)
        keyfile.save(keys, replace(old, pending=new), words, os.urandom)
        index, handover = rekeying.rotate_log_keys(ledger, new)
        keyfile.save(keys, new, words, os.urandom)
        vkeys = _append_vkeys(beside(keys, ".vkey"), new)
    if chosen.json:
        say.data_json({"entry": index, "handover": handover.decode(), "vkeys": vkeys})
        return
    say.data(f"Entry {index} hands the ledger over to new log keys.")
    say.talk(
        f"Give away {beside(keys, '.vkey')} anew: the old keys in it still lead to the new ones.", quiet=chosen.quiet
    )


def _append_vkeys(path: Path, secrets: keyfile.Secrets) -> list[str]:
    """The public keys beside the key file: the old ones stay, and the new ones follow."""
    new = [secrets.log_signer().key.vkey(), secrets.mldsa_signer().key.vkey()]
    before = path.read_text("utf-8").split() if path.is_file() else []
    write_private(path, "".join(f"{line}\n" for line in dict.fromkeys([*before, *new])).encode(), durable=True)
    path.chmod(0o644)
    return new


@keys_command.command("change-passphrase")
@click.option("--new-passphrase-file", metavar="FILE", help="The new passphrase in its first line.")
@shared
def change_passphrase_command(new_passphrase_file: str | None) -> None:
    """Seal the key file under another passphrase.

    \b
    disclosure-ledger keys change-passphrase
    """
    chosen = current()
    keys = chosen.need_keys()
    with changing_keys():
        secrets = keyfile.load(keys, passphrase(chosen))
        if new_passphrase_file is not None:
            words = passphrase(replace(chosen, passphrase_file=Path(new_passphrase_file)))
        else:
            words = str(click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
        keyfile.save(keys, secrets, expect_strong(words), os.urandom)
    say.talk("The key file is sealed under the new passphrase. Copies of it still open with the old one.")
