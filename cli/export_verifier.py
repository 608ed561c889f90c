"""`export verifier`: the page by which anybody verifies what a ledger gave, without a ledger and without a network."""

from pathlib import Path

import click

from disclosure_ledger import browser

from . import say
from .options import shared, stated
from .verify import vkeys_of

VERIFIER = "verifier.html"


@click.command("verifier")
@click.option("--output", default=VERIFIER, show_default=True, metavar="FILE", help="Write the page to this file.")
@click.option("--key", "trusted", multiple=True, metavar="VKEY|FILE", help="A key that the page offers to trust.")
@shared
def verifier_command(output: str, trusted: tuple[str, ...]) -> None:
    """Write the page by which a client verifies what they hold: one HTML file, for any browser.

    \b
    disclosure-ledger export verifier
    disclosure-ledger export verifier --key disclosures.vkey --output check-your-list.html

    It needs no network and sends nothing anywhere: the page is opened from the disk. It verifies an accounting as a
    page (HTML), an evidence file, a receipt and an audit package (zip); of a PDF the evidence inside, not what it
    shows. No ledger is needed to write it. With --key it says: the key of this ledger, given by whoever made this page;
    without one the client enters a key.
    """
    chosen = stated()
    keys = tuple(dict.fromkeys(key.vkey() for text in trusted for key in vkeys_of(text)))
    called = say.write(Path(output), browser.page(keys))
    if chosen.json:
        say.data_json({"output": output, "keys": list(keys)})
        return
    say.data(f"The page is in {called}.")
    say.talk("Next: open it in a browser, and choose a file that the ledger gave.", quiet=chosen.quiet)
