"""`completion`: the script with which a shell completes commands and options."""

import click
from click.shell_completion import get_completion_class

from .options import shared

SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@shared
def completion_command(shell: str) -> None:
    """Print what lets a shell complete commands and options; no ledger is opened.

    \b
    disclosure-ledger completion bash >> ~/.bashrc
    disclosure-ledger completion zsh >> ~/.zshrc
    disclosure-ledger completion fish > ~/.config/fish/completions/disclosure-ledger.fish
    disclosure-ledger completion powershell >> $PROFILE
    """
    from .main import COMPLETE, PROGRAM, cli

    kind = get_completion_class(shell)
    if kind is None:
        known = ", ".join(one for one in SHELLS if get_completion_class(one) is not None)
        raise click.UsageError(f"this release of Click completes for {known} only.")
    click.echo(kind(cli, {}, PROGRAM, COMPLETE).source())
