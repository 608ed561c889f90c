"""`seal` and `checkpoint`: the end of a day, and what to hand out."""

from pathlib import Path

import click

from . import say
from .options import shared
from .using import open_ledger


@click.command("seal")
@shared
def seal_command() -> None:
    """End the day: write down where every client's list stands, and make a checkpoint to give away.

    \b
    disclosure-ledger seal

    Run it once a day. It appends a stream map, from which anyone who holds the list of all entries can see that no
    client's list was cut short, and keeps a checkpoint signed for the world outside.
    """
    with open_ledger() as (ledger, chosen):
        index = ledger.seal()
        note = ledger.checkpoint()
    size = note.decode().split("\n")[1]
    if chosen.json:
        say.data_json({"stream_map": index, "size": int(size), "checkpoint": note.decode()})
        return
    what = f"Stream map written as entry {index}." if index is not None else "Nothing new since the last stream map."
    say.data(f"{what} The ledger stands at {say.entries(int(size))}.")
    say.talk(
        "Next: disclosure-ledger checkpoint --output FILE, and give the file to somebody else.", quiet=chosen.quiet
    )


@click.command("checkpoint")
@click.option("--output", metavar="FILE", help="Write it to a file, or replace that, instead of standard output.")
@shared
def checkpoint_command(output: str | None) -> None:
    """Print the signed checkpoint of the ledger as it stands: a memory to leave in someone else's hands.

    \b
    disclosure-ledger checkpoint --output 2026-11-23.checkpoint
    disclosure-ledger verify --known 2026-11-23.checkpoint       (later, or by whoever keeps it)
    """
    with open_ledger() as (ledger, chosen):
        note = ledger.checkpoint()
    if output is not None:
        called = say.write(Path(output), note)
        say.talk(f"Checkpoint written to {called}. Give it to somebody who is not you.", quiet=chosen.quiet)
    elif chosen.json:
        lines = note.decode().split("\n")
        say.data_json({"origin": lines[0], "size": int(lines[1]), "root": lines[2], "checkpoint": note.decode()})
    else:
        click.echo(note, nl=False)
