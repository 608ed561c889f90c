"""`accounting`: what the law lets one client know about the releases of their information."""

import sys
from pathlib import Path

import click

from disclosure_ledger import evidence as proofs
from disclosure_ledger.errors import InvalidRecord, Refused
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.hipaa.letters import corrected
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.render.formats import FORMATS, LANGUAGES, Style, asked_by
from disclosure_ledger.render.letters import LetterStyle, form_of

from . import say
from .dates import day
from .letters import logo_at, practice_of, removed_on_failure, style_of, warn_unreachable
from .options import shared, stated, today
from .settings import Settings
from .using import open_ledger


@click.command("accounting")
@click.option("--client", required=True, metavar="NUMBER", help="The practice's own client number.")
@click.option("--request", metavar="ID", help="The accounting_request that it answers; the answer is then recorded.")
@click.option("--from", "first", metavar="DATE", help="A narrower period than six years, without a request.")
@click.option("--to", "last", metavar="DATE", help="The last day of the narrower period.")
@click.option("--as-of", metavar="DATE", help="The day of issue; default: today.")
@click.option(
    "--summarize/--no-summarize", default=None, help="Sum up repeats to one recipient; default: three or more."
)
@click.option(
    "--format",
    "given_form",
    type=click.Choice(tuple(FORMATS)),
    help="How it is laid out; default: as the ending of --output says, else text.",
)
@click.option(
    "--language", type=click.Choice(tuple(LANGUAGES)), default="en", show_default=True, help="Of all but the entries."
)
@click.option("--large-print", is_flag=True, help="Set a page or PDF in large print.")
@click.option("--logo", metavar="FILE", help="PNG or JPEG for the letterhead of a page or PDF; default: the settings'.")
@click.option("--excel", is_flag=True, help="Let Excel know that the CSV is UTF-8 (a byte order mark).")
@click.option("--output", metavar="FILE", help="Write it to a file, or replace that, instead of standard output.")
@click.option("--letter", metavar="FILE", help="With a corrected list: the letter that says what changed on it.")
@click.option("--evidence", metavar="FILE", help="Write the proof that it is complete, for `verify`.")
@shared
def accounting_command(
    client: str,
    request: str | None,
    first: str | None,
    last: str | None,
    as_of: str | None,
    summarize: bool | None,
    given_form: str | None,
    language: str,
    large_print: bool,
    logo: str | None,
    excel: bool,
    output: str | None,
    letter: str | None,
    evidence: str | None,
) -> None:
    """Draw the list of releases that a client is owed (45 CFR 164.528).

    \b
    disclosure-ledger accounting --client C-1001
    disclosure-ledger accounting --client C-1001 --request R-7 --output R-7.txt
    disclosure-ledger accounting --client C-1001 --language es --output C-1001.html
    disclosure-ledger accounting --client C-1001 --large-print --output C-1001.pdf
    disclosure-ledger accounting --client C-1001 --logo logo.png --output C-1001.pdf
    disclosure-ledger accounting --client C-1001 --format json --as-of 2026-12-01
    disclosure-ledger accounting --client C-1001 --request R-7 --output R-7-corrected.txt --letter R-7-changes.pdf

    It covers the six years before the request. A stream map is appended, so that what is given out can be proved
    complete; for a request, the document itself is recorded too, as 164.528(d) asks. A page and a PDF have the proof
    inside, and `verify` takes them; for other formats --evidence writes it to a file.
    """
    files = [name for name in (output, evidence, letter) if name is not None]
    if len({Path(name).resolve() for name in files}) != len(files):
        raise click.UsageError("--output, --evidence and --letter name files of their own")
    form = "json" if stated().json else given_form or asked_by(output or "")
    chosen_form = FORMATS[form]
    chosen_form.expect_installed()
    if logo is not None and not chosen_form.carries:
        raise click.UsageError("--logo goes with --format html or pdf: nothing else has a letterhead for it")
    if chosen_form.binary and not output and sys.stdout.isatty():
        raise click.UsageError(f"{form} is nothing for a terminal: name a file with --output")
    with open_ledger() as (ledger, chosen):
        now = today(chosen)
        picture = logo_at(Path(logo) if logo is not None else chosen.logo) if chosen_form.carries else None
        style = Style(words=LANGUAGES[language], large=large_print, excel=excel, logo=picture)
        if request is not None and (first or last):
            raise click.UsageError("the request says its own period: --from and --to go without --request")
        if request is not None and any(
            (one.client, one.id, one.state) == (client, request, "answered") for one in ledger.requests()
        ):
            say.talk("This request was answered before: this is a further copy, recorded as one.", quiet=chosen.quiet)
        if evidence is not None and ledger.law.rules.part2_accounting_effective is not None:
            raise Refused("evidence cannot carry what 42 CFR 2.25 adds to the list: draw it without --evidence")
        asked = Asked(
            client=client,
            request=request,
            first=day(first, now, field="from") if first else None,
            last=day(last, now, field="to") if last else None,
            as_of=day(as_of, now, field="as_of") if as_of else now,
            summarize=summarize,
        )
        if asked.first is not None and asked.last is not None and asked.first > asked.last:
            raise InvalidRecord("expected a period that does not end before it begins", field="to")
        written = {evidence: "Evidence", output: "Accounting", letter: "Letter"}
        called = dict[str, str]()
        given_again = None
        if letter is not None:
            given_again = _given_again(ledger, chosen, asked, letter, style_of(chosen, language, large=large_print))

        def render(it: Accounting, proof: bytes | None) -> bytes:
            """Make the document, and write what goes to files: nothing is recorded of what cannot be handed out."""
            if it.provable and proof is None:
                _expect_no_proof_asked(form if chosen_form.carries else "", evidence, is_requested=request is not None)
            document = chosen_form.render(it, proof, style)
            for name, content in ((evidence, proof), (output, document), (letter, given_again)):
                if name is not None and content is not None:
                    called[name] = say.write(Path(name), content)
            return document

        with removed_on_failure(Path(name) for name in written if name is not None):
            practice = practice_of(ledger, chosen)
            drawn, document, _ = ledger.account(asked, practice=practice, render=render)
    for warning in drawn.warnings:
        say.warn(warning)
    if letter is not None:
        warn_unreachable(practice)
    for name, what in written.items():
        if name is not None:
            say.talk(f"{what} written to {called[name]}.", quiet=chosen.quiet)
    if output is not None:
        return
    if chosen_form.binary or (chosen_form.carries and not sys.stdout.isatty()):
        sys.stdout.buffer.write(document)
        return
    text = document.decode().removesuffix("\n")
    if form == "json":
        click.echo(say.harmless(text))
    else:
        say.data(text)


def _expect_no_proof_asked(carrying: str, evidence: str | None, *, is_requested: bool) -> None:
    """Warn that no proof of so long a list can be given. Raises Refused where one would be: nobody could check it.

    carrying: the format, where it has the proof inside.
    """
    most = f"{proofs.MOST_BYTES:,} bytes that a verifier reads"
    if not carrying and evidence is None:
        say.warn(f"no proof of this list can be given, whatever it says of one: it would be longer than the {most}")
        return
    without = "--format text gives the list without it" if carrying else "draw the list without --evidence"
    narrow = "" if is_requested else "narrow the period with --from and --to; "
    raise Refused(f"the proof of this list would be longer than the {most}", hint=f"{narrow}{without}")


def _given_again(ledger: Ledger, chosen: Settings, asked: Asked, name: str, style: LetterStyle) -> bytes:
    """The letter that goes with a list that is given again for its request. Raises NotFound, Refused."""
    if asked.request is None:
        raise click.UsageError("--letter goes with --request: it says what changed since that was answered")
    found = ledger.since_given(asked.client, asked.request, asked.as_of)
    told = corrected(ledger.casefile(asked.client), found, practice_of(ledger, chosen), asked.as_of)
    return form_of(name).render(told, style)
