"""The `disclosure-ledger` command: finds the commands, and turns every error into one sentence and an exit code.

0 done or verified · 1 could not do it · 2 the command line itself · 3 verification failed, the ledger contradicts
its state file, or a release is blocked · 4 incomplete · 5 no such ledger · 6 locked by another writer · 7 wrong
passphrase · 130 interrupted
"""

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from disclosure_ledger import __version__
from disclosure_ledger.errors import (
    Blocked,
    Contradicted,
    DisclosureLedgerError,
    InvalidImport,
    InvalidRecord,
    KeysUnavailable,
    Locked,
    NoLedger,
    NotFound,
    Refused,
    StorageFailed,
    UnknownVersion,
    WrongPassphrase,
)

from . import say
from .options import shared

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# where each command lives; a module is imported when its command runs, so that `verify FILE` loads no database
COMMANDS = {
    "demo": "demo",
    "init": "init",
    "check": "check",
    "record": "record",
    "correct": "record",
    "import": "importing",
    "client": "permissions",
    "authorization": "permissions",
    "restriction": "permissions",
    "suspension": "permissions",
    "hold": "permissions",
    "request": "requests",
    "due": "requests",
    "history": "history",
    "search": "search",
    "show": "history",
    "accounting": "accounting",
    "seal": "seal",
    "checkpoint": "seal",
    "verify": "verify",
    "witness": "witness",
    "timestamp": "timestamps",
    "export": "export",
    "open-field": "export",
    "erase": "erase",
    "keys": "keys",
    "doctor": "doctor",
    "grant": "grant",
    "completion": "completion",
}

EXITS: tuple[tuple[type[DisclosureLedgerError], int, str], ...] = (
    (WrongPassphrase, 7, "wrong-passphrase"),
    (KeysUnavailable, 1, "keys-unavailable"),
    (InvalidRecord, 1, "invalid-record"),
    (InvalidImport, 1, "invalid-import"),
    (Blocked, 3, "blocked"),
    (Refused, 1, "refused"),
    (NotFound, 1, "not-found"),
    (NoLedger, 5, "no-ledger"),
    (Locked, 6, "locked"),
    (Contradicted, 3, "contradicted"),
    (StorageFailed, 1, "storage-failed"),
    (UnknownVersion, 4, "unknown-version"),
    (DisclosureLedgerError, 1, "failed"),
)

FEW_COLLECTIONS = 20_000
"""New objects between two walks of the garbage collector: what a command loads at its start lives until it ends."""

EXIT_STATUS = """\b
Exit status:
  0    done, or verified
  1    could not do it: a value, a record, a missing file or key
  2    the command line itself
  3    verification failed, the ledger contradicts its state file, or a release is blocked
  4    incomplete: what was checked holds, but something needed was missing
  5    no such ledger: nothing there, or not one of ours
  6    locked by another writer
  7    wrong passphrase
  130  interrupted"""


_SHORT = {
    0: "done",
    1: "could not do it",
    2: "the command line itself",
    3: "the ledger contradicts its state file",
    4: "of a version that this release does not know",
    5: "no such ledger",
    6: "locked by another writer",
    7: "wrong passphrase",
    130: "interrupted",
}
_VERIFYING = {0: "verified", 3: "verification FAILED", 4: "incomplete: something needed was missing"}
_BLOCKED = {3: "blocked, or the ledger contradicts its state file"}
_READING = {*_SHORT} - {3}

_OWN: dict[str, dict[int, str]] = {"verify": _VERIFYING, "check": {3: "blocked"}, "record": _BLOCKED}
"""What a code says of one command in its own words."""
_GIVES: dict[str, set[int]] = {
    **dict.fromkeys(("history", "show", "search", "due", "list", "open-field", "fhir", "csv"), _READING),
    "completion": {0, 2},
    "init": {0, 1, 2, 5, 6, 130},
}
"""The codes that a command can give, where those are not all."""


def exit_status(name: str) -> str:
    """The end of a command's help: the codes that it can give."""
    told = {**_SHORT, **_OWN.get(name, {})}
    return "Exit status: " + " · ".join(f"{code} {told[code]}" for code in told if code in _GIVES.get(name, told))


PROGRAM = "disclosure-ledger"
COMPLETE = "_DISCLOSURE_LEDGER_COMPLETE"
"""What a shell that wants completions sets (the script of `completion`)."""


class Commands(click.Group):
    """The commands in the order of `COMMANDS`, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command = getattr(importlib.import_module(f".{place}", __package__), f"{cmd_name.replace('-', '_')}_command")
        _explain(command)
        return command  # type: ignore[no-any-return]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Names by the table alone: to load every command, for its help, would take a second at each press of Tab."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name) for name in COMMANDS if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


def _explain(command: click.Command) -> None:
    """Let the help of a command, and of those below it, end with the exit status."""
    command.epilog = exit_status(command.name or "")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _explain(below)


@click.group(cls=Commands, epilog=EXIT_STATUS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="disclosure-ledger")
@shared
def cli() -> None:
    """A ledger of HIPAA disclosures that a client can check.

    \b
    disclosure-ledger demo                    see the whole story on sample data
    disclosure-ledger init --origin harbor.example/disclosures --practice "Harbor Counseling"
    disclosure-ledger record --client C-1001 --on today --recipient "County Court" ...
    disclosure-ledger accounting --client C-1001
    disclosure-ledger verify
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code. Where a shell asks for completions, give those instead."""
    asked = os.environ.get(COMPLETE)
    if asked and arguments is None:
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, COMPLETE, asked)
    with cli.make_context("disclosure-ledger", list(sys.argv[1:] if arguments is None else arguments)) as context:
        result: Any = cli.invoke(context)
        return result if isinstance(result, int) else 0


def main() -> None:
    """The console script."""
    gc.set_threshold(FEW_COLLECTIONS)
    as_json = "--json" in sys.argv
    try:
        code = run()
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.UsageError as error:
        code = _usage(error, as_json)
    except click.ClickException as error:
        code = _report("failed", error.format_message(), None, 1, as_json)
    except (click.Abort, KeyboardInterrupt):
        code = _report("interrupted", "interrupted; nothing was left half done", None, 130, as_json)
    except DisclosureLedgerError as error:
        code = _known(error, as_json)
    except BrokenPipeError:
        # the reader has seen enough; Python would complain once more when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        code = _unknown(error, as_json)
    gc.freeze()  # or the collector walks everything once more, to free what the process gives back anyway
    sys.exit(code)


def _usage(error: click.UsageError, as_json: bool) -> int:
    if as_json:
        return _report("usage", error.format_message(), None, 2, as_json)
    error.show()
    return 2


def _known(error: DisclosureLedgerError, as_json: bool) -> int:
    exit_code, code = next((exit_code, code) for kind, exit_code, code in EXITS if isinstance(error, kind))
    more: dict[str, object] = {}
    if isinstance(error, InvalidRecord):
        more = {"line": error.line, "field": error.field}
    elif isinstance(error, InvalidImport):
        more = {"errors": [_placed(one) for one in error.errors], "more": error.more}
    elif isinstance(error, Blocked):
        more = {"findings": list(error.findings)}
    return _report(code, str(error), error.hint, exit_code, as_json, **more)


def _placed(error: InvalidRecord) -> dict[str, object]:
    place = {"line": error.line, "column": error.column, "field": error.field}
    return {**place, "message": error.message, "hint": error.hint}


def _unknown(error: Exception, as_json: bool) -> int:
    """A fault of this program. Its text may hold a client's data, so only its kind and place are told."""
    import traceback

    if os.environ.get("DISCLOSURE_LEDGER_DEBUG"):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119 - may name no real file
    text = f"a fault in this program: {type(error).__name__} at {place}"
    return _report("fault", text, "please report it; DISCLOSURE_LEDGER_DEBUG=1 shows where it comes from", 1, as_json)


def _report(code: str, message: str, hint: str | None, exit_code: int, as_json: bool, **more: object) -> int:
    if as_json:
        error = {"code": code, "message": message, "hint": hint, "exit": exit_code, **more}
        click.echo(say.as_json({"error": error}), err=True)
    else:
        say.talk(f"error: {message}")
        if hint:
            say.talk(f"hint: {hint}")
    return exit_code
