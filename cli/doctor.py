"""`doctor`: is everything where it belongs, and what should be done next?"""

from collections.abc import Iterator
from pathlib import Path

import click

from disclosure_ledger import settling
from disclosure_ledger.custody import keyfile, memory
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.custody.memory import State
from disclosure_ledger.errors import Contradicted, DisclosureLedgerError, KeysUnavailable
from disclosure_ledger.log import entry
from disclosure_ledger.practice import remembering
from disclosure_ledger.store.indexes import disagreeing
from disclosure_ledger.store.read import Reading
from disclosure_ledger.store.sql import Store

from . import say
from .options import current, passphrase_at_hand, shared
from .settings import FILE, Settings

Line = tuple[str, str, str]
"""What was looked at, `ok`, `look` or `wrong`, and what there is to say."""

_EXIT = {"ok": 0, "look": 4, "wrong": 3}


@click.command("doctor")
@click.option(
    "--indexes", is_flag=True, help="Hold every index of the database against its table, which takes a while."
)
@shared
def doctor_command(*, indexes: bool) -> int:
    """Compare ledger, state file, key file and public keys, and say what to do. Nothing is changed.

    \b
    disclosure-ledger doctor
    disclosure-ledger doctor --indexes

    Exit 0 where all is well, 4 where something is missing, 3 where something contradicts. It does not verify the
    entries: disclosure-ledger verify --full does.
    """
    chosen = current()
    lines = list(_look(chosen, indexes=indexes))
    if chosen.json:
        say.data_json([{"what": what, "state": state, "says": text} for what, state, text in lines])
    else:
        words = {"ok": "ok   ", "look": "LOOK ", "wrong": "WRONG"}
        say.data("\n".join(f"{words[state]}  {what}: {text}" for what, state, text in lines))
    return max((_EXIT[state] for _, state, _ in lines), key=(0, 4, 3).index)


def _look(chosen: Settings, *, indexes: bool) -> Iterator[Line]:
    yield _settings(chosen)
    yield from _letterhead(chosen)
    secrets = None
    if chosen.keys is None:
        yield "key file", "look", "none is named: --keys, or the settings file"
    else:
        line, secrets = _keys(chosen, chosen.keys)
        yield line
        yield _vkeys(chosen)
    state, line = _state(chosen)
    yield line
    yield from _ledger(chosen, state, secrets, indexes=indexes)


def _settings(chosen: Settings) -> Line:
    if chosen.folder is None:
        return "settings", "look", f"no {FILE} in this folder or beside the key file"
    return "settings", "ok", str(chosen.folder / FILE)


def _letterhead(chosen: Settings) -> Iterator[Line]:
    if chosen.folder is not None and not (chosen.address or chosen.contact):
        text = f"lists and letters say no way to reach the practice: set address and contact in {FILE}"
        yield "letterhead", "look", text


def _keys(chosen: Settings, path: Path) -> tuple[Line, Secrets | None]:
    try:
        data = keyfile.read(path)
    except KeysUnavailable as error:
        return ("key file", "wrong", f"{error.message}; put back a copy of it"), None
    if path.stat().st_mode & 0o077:
        return ("key file", "wrong", f"others can read {path}: chmod 600 it"), None
    words = passphrase_at_hand(chosen)
    if words is None:
        return ("key file", "ok", f"{path} (not opened: no passphrase at hand)"), None
    try:
        secrets = keyfile.unseal(data, words)
    except DisclosureLedgerError as error:
        return ("key file", "wrong", error.message), None
    if secrets.pending is not None:
        text = "a change of keys was interrupted; it works, and the next `keys rotate` or `erase` tidies it up"
        return ("key file", "look", text), secrets
    return ("key file", "ok", f"{path} opens"), secrets


def _vkeys(chosen: Settings) -> Line:
    path = chosen.vkey_file
    if path is None or not path.is_file():
        return "public keys", "look", "no .vkey file beside the key file: clients and auditors need it"
    return "public keys", "ok", str(path)


def _state(chosen: Settings) -> tuple[State | None, Line]:
    path = chosen.state_file
    if path is None:
        return None, ("state file", "look", "its place is not known without a key file")
    try:
        state = memory.load(path)
    except KeysUnavailable as error:
        return None, ("state file", "wrong", f"{error.message}; put back a copy, an older one will do")
    if state is None:
        return None, ("state file", "wrong", f"none at {path}; put back a copy, an older one will do")
    return state, ("state file", "ok", f"remembers {say.entries(state.size)} of {state.origin}")


def _ledger(chosen: Settings, state: State | None, secrets: Secrets | None, *, indexes: bool) -> Iterator[Line]:
    try:
        store = Store.open(chosen.need_ledger())
    except DisclosureLedgerError as error:
        yield "ledger", "wrong", error.message
        return
    try:
        origin = chosen.origin or (state.origin if state else None)
        if origin is None or origin not in store.origins():
            yield "ledger", "wrong", "the database holds no ledger of this name"
            return
        with store.read(origin) as reading:
            yield _against(reading, state, secrets)
            if secrets is not None:
                fits = settling.is_of(settling.in_force(secrets, reading), reading)
                text = "they are this ledger's" if fits else "they are not those that this ledger is under"
                yield "keys", "ok" if fits else "wrong", text
            yield _mapped(reading)
            yield _given(reading)
            if indexes:
                yield _indexes(reading)
    finally:
        store.close()


def _against(reading: Reading, state: State | None, secrets: Secrets | None) -> Line:
    size = reading.head().size
    if state is None:
        return "ledger", "look", f"{say.entries(size)}, and no state file to hold them against"
    try:
        key = settling.in_force(secrets, reading).log_signer().key if secrets is not None else None
        remembering.check(reading, state, key)
    except Contradicted as error:
        return "ledger", "wrong", f"{error.message}. docs/deployment.md says what to do"
    return "ledger", "ok", f"{say.entries(size)}, a continuation of what is remembered"


def _indexes(reading: Reading) -> Line:
    wrong = disagreeing(reading)
    if not wrong:
        return "indexes", "ok", "each finds what its table holds"
    return "indexes", "wrong", f"{'; '.join(wrong)}: not what the table holds. docs/deployment.md says what to do"


def _mapped(reading: Reading) -> Line:
    size, last = reading.head().size, reading.last_of_kind("stream_map")
    since = size - 1 - last if last is not None else size
    if not since:
        return "stream map", "ok", "covers every entry"
    return "stream map", "look", f"{say.entries(since)} came after the last one: disclosure-ledger seal"


def _given(reading: Reading) -> Line:
    size = reading.head().size
    last = max((given for given, _ in reading.checkpoints()), default=0)
    if not last:
        return "outside memory", "look", "no checkpoint was ever made to give away: disclosure-ledger checkpoint"
    when = entry.parse(reading.note(last - 1)).header.recorded_at
    text = (
        f"the last checkpoint, receipt or accounting made covers {last} of {say.entries(size)}, up to {when:%Y-%m-%d}"
    )
    return "outside memory", "ok", text
