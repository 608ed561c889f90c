"""The options that every command shares, and how a command gets at a ledger.

Each can stand before or after the command's name: `disclosure-ledger --json verify` and `verify --json` are one.
"""

import datetime as dt
import functools
import os
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from disclosure_ledger.errors import KeysUnavailable, NotFound
from disclosure_ledger.strict import MAX_INTEGER

from . import say, settings
from .settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

_SHARED = (
    click.option("--ledger", metavar="PATH|URL", help="The ledger's database. [env: DISCLOSURE_LEDGER]"),
    click.option("--keys", metavar="FILE", help="The key file. [env: DISCLOSURE_LEDGER_KEYS]"),
    click.option("--origin", metavar="NAME", help="The ledger's name: which one, where a database holds several."),
    click.option(
        "--passphrase-file",
        metavar="FILE",
        help="The passphrase is its first line. Or: DISCLOSURE_LEDGER_PASSPHRASE.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Answer, and report errors, as JSON."),
    click.option("--quiet", is_flag=True, help="Say nothing but what was asked for."),
)
_NAMES = ("ledger", "keys", "origin", "passphrase_file", "as_json", "quiet")


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command or group the shared options; they are found by `current`."""

    @functools.wraps(command)
    def call(*arguments: Any, **options: Any) -> Any:
        stated = _stated({name: options.pop(name) for name in _NAMES})
        context = click.get_current_context()
        stated = _over(context.find_object(Settings), stated)
        context.obj = stated
        return command(*arguments, **options)

    for option in reversed(_SHARED):
        call = option(call)
    return call


def _stated(options: dict[str, Any]) -> Settings:
    return Settings(
        ledger=options["ledger"],
        keys=Path(options["keys"]) if options["keys"] else None,
        origin=options["origin"],
        passphrase_file=Path(options["passphrase_file"]) if options["passphrase_file"] else None,
        json=options["as_json"],
        quiet=options["quiet"],
    )


def _over(before: Settings | None, after: Settings) -> Settings:
    """What stands after the command's name wins over what stands before it."""
    if before is None:
        return after
    blank = Settings()
    said = {f.name: getattr(after, f.name) for f in fields(after) if getattr(after, f.name) != getattr(blank, f.name)}
    return replace(before, **said)


def current() -> Settings:
    """The settings of the running command, completed from environment and file."""
    return settings.complete(stated())


def stated() -> Settings:
    """The settings as the flags state them."""
    found = click.get_current_context().find_object(Settings)
    return found if found is not None else Settings()


def passphrase(chosen: Settings, *, new: bool = False) -> str:
    """The passphrase: from the file, the environment, or a prompt on a terminal. Never from the command line."""
    known = passphrase_at_hand(chosen)
    if known is not None:
        return expect_strong(known) if new else known
    if not sys.stdin.isatty():
        raise KeysUnavailable(
            "no passphrase", hint=f"give it with --passphrase-file or {settings.PASSPHRASE}, or run on a terminal"
        )
    if new:
        say.talk(f"Choose a passphrase of {SHORTEST} characters or more: several words that nobody would guess.")
    words = str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
    return expect_strong(words) if new else words


SHORTEST = 12
"""Characters of a new passphrase. Whoever has the key file can try as many as time allows, and scrypt slows that by a
factor only."""


def expect_strong(words: str) -> str:
    """The passphrase again. Raises KeysUnavailable where anybody could find it by trying."""
    if len(words) < SHORTEST or len(set(words)) < 4:
        raise KeysUnavailable(
            f"the passphrase is too easy to guess: expected {SHORTEST} characters or more, and not the same ones",
            hint="several words are easy to remember: it protects every client's records if the key file is stolen",
        )
    return words


def passphrase_at_hand(chosen: Settings) -> str | None:
    """The passphrase where it can be had without asking."""
    if chosen.passphrase_file is not None:
        try:
            text = chosen.passphrase_file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise KeysUnavailable(f"the passphrase file {chosen.passphrase_file} cannot be read") from None
        return text.split("\n", 1)[0].rstrip("\r")
    return os.environ.get(settings.PASSPHRASE) or None


def place_of(entry: str) -> int | str:
    """What names an entry: its number, or a source system's id."""
    if not (entry.isascii() and entry.isdecimal()):
        return entry
    if int(entry[:20]) > MAX_INTEGER:
        raise NotFound("the ledger has no entry of so high a number")
    return int(entry)


def now() -> dt.datetime:
    """The present moment: the one clock of the command line."""
    return dt.datetime.now(dt.UTC)


def today(chosen: Settings) -> dt.date:
    """Today in the practice's time zone."""
    return now().astimezone(chosen.zone()).date()
