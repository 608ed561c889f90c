"""`record` and `correct`: one release, logged in under a minute, or put right."""

import contextlib
import sys
from pathlib import Path
from typing import Any

import click

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord, NotFound, Refused
from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_jsonl
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.package import openings as openings_file
from disclosure_ledger.practice.proving import TO_A_RECIPIENT

from . import say
from .asking import ask
from .flagged import flags_named
from .letters import letter_flags, practice_of, sheet_of, style_of, written
from .options import place_of, shared, today
from .release import FLAG_OF, from_flags, release_flags
from .settings import Settings
from .told import tell
from .using import open_ledger


@click.command("record")
@click.option("--client", metavar="NUMBER", help="The practice's own client number.")
@release_flags
@click.option("--ref", help="The source system's own id; recording it twice is harmless.")
@click.option("--note", help="For the practice; never printed for a client.")
@click.option("--by", metavar="NAME", help="Who records it.")
@click.option("--input", "source", metavar="FILE|-", help="One JSON record of any kind, instead of flags.")
@click.option("--receipt", metavar="FILE", help="Write a receipt to hand to the recipient or the client.")
@click.option("--openings", metavar="FILE", help="And what it is about: client, day and recipient, provable beside it.")
@letter_flags("--cover-sheet", "Write the sheet that goes before the pages: .pdf, .html or .txt.")
@click.option("--strict", is_flag=True, help="Before a release: refuse, with exit 3, what clearance blocks.")
@shared
def record_command(
    client: str | None,
    ref: str | None,
    note: str | None,
    by: str | None,
    source: str | None,
    strict: bool,
    receipt: str | None,
    openings: str | None,
    letter: str | None,
    language: str,
    large_print: bool,
    **flags: Any,
) -> None:
    """Log a release, or any other record.

    \b
    disclosure-ledger record --client C-1001 --on yesterday --recipient "County Court" --type court \\
        --basis court_order --description "attendance dates, 2025" --field service_dates --matter 881 \\
        --evidence "court_order:881:2026-11-02:County Court" --verified "the court's seal" \\
        --minimum-necessary "what the order names"
    disclosure-ledger record --input disclosure.json --cover-sheet cover.pdf
    echo '{"kind": "client", "client": "C-1001", "name": "Dana Example"}' | disclosure-ledger record --input -

    On a terminal it asks for what is missing. Records of every kind: docs/records.md.
    """
    said_by_flags = any(value for value in flags.values()) or bool(client or ref or note)
    if source is not None and said_by_flags:
        raise click.UsageError("--input takes the place of the flags of a release")
    with flags_named(FLAG_OF if source is None else {}), open_ledger(by) as (ledger, chosen):
        if source is not None:
            record = records.from_json(from_jsonl.parse(read(source)))
        else:
            record = _from_flags(ledger, chosen, client, flags, {"ref": ref, "note": note})
        for target in (receipt, receipt and f"{receipt}.txt", openings):
            if target is not None:
                say.expect_replaceable(Path(target))
                if not Path(target).resolve().parent.is_dir():
                    raise NotFound(f"there is no folder for {target}; nothing was recorded")
        alike = ledger.alike(record) if isinstance(record, records.Disclosure) else None
        with contextlib.ExitStack() as sheets:  # a sheet that is written goes again where nothing is recorded
            if letter is not None:
                sheet = sheet_of(ledger, _release_of(record), practice_of(ledger, chosen))
                sheets.enter_context(written(letter, sheet, style_of(chosen, language, large=large_print)))
            made = ledger.record(record, strict=strict)
        tell(ledger, chosen, made, alike=None if made.already else alike)
        if letter is not None:
            say.talk(f"Cover sheet written to {letter}.", quiet=chosen.quiet)
        if receipt is not None:
            page = receipt_page(Path(receipt).name, made.index, ledger.secrets.origin)
            called = say.write(Path(receipt), ledger.receipt(made.index))
            say.write(Path(f"{receipt}.txt"), page.encode())
            say.talk(f"Receipt in {called}, with a page of plain words beside it, to hand out.", quiet=chosen.quiet)
        if openings is not None:
            called = say.write(Path(openings), openings_file.format([ledger.open_fields(made.index, TO_A_RECIPIENT)]))
            say.talk(f"Openings in {called}, to be kept with the receipt.", quiet=chosen.quiet)


def _release_of(record: records.Record) -> records.Disclosure:
    """The release that a record tells of. Raises InvalidRecord for any other kind."""
    release = records.release_in(record)
    if release is None:
        raise InvalidRecord("expected a release with --cover-sheet", field="kind")
    return release


def receipt_page(name: str, index: int, origin: str) -> str:
    """A page of plain words around a receipt, for whoever is handed one."""
    return f"""What this is

The file {name} is a receipt. It shows that something was written into the ledger
named {origin} as entry {index}. It does not say what: the entry's content is sealed.

Why to keep it

If that entry is ever changed, taken out, or the ledger is written anew, this receipt
shows it. You need not trust the practice for that, nor anybody else.

How to use it

1. Get the ledger's public key from the practice (a file that ends in .vkey), and keep
   it with the receipt.
2. Check the receipt:
      disclosure-ledger verify {name} --key THE-KEY.vkey
3. When you are given an accounting, an audit package or another receipt later, hold it
   against this one:
      disclosure-ledger verify THE-NEW-FILE --key THE-KEY.vkey --known {name}
"""


def read(source: str) -> bytes:
    """What a file, or standard input for `-`, holds."""
    if source == "-":
        return sys.stdin.buffer.read(from_jsonl.MAX_LINE + 1)
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise NotFound(f"{source} cannot be read: {error.strerror}") from None


def _from_flags(
    ledger: Ledger, chosen: Settings, client: str | None, flags: dict[str, Any], more: dict[str, str | None]
) -> records.Record:
    asking = sys.stdin.isatty() and sys.stderr.isatty()
    if client is None:
        if not asking:
            raise click.UsageError("Missing option '--client' (or give a JSON record with --input).")
        client = str(click.prompt("Client number", err=True))
    if asking:
        ask(ledger, client, flags, today(chosen))
    said = from_flags(flags, today(chosen))
    return records.from_json(
        {"kind": "disclosure", "client": client, **said, **{name: text for name, text in more.items() if text}}
    )


@click.command("correct")
@click.argument("entry", metavar="ENTRY|REF")
@click.option("--reason", required=True, help="Why: for the practice and for auditors; never printed for a client.")
@click.option("--retract", is_flag=True, help="It never happened, or not to this client: leave it out.")
@click.option("--client", metavar="NUMBER", help="The client it was really about, to move it there.")
@release_flags
@click.option("--ref", help="The source system's own id of this correction.")
@click.option("--note", help="For the practice; never printed for a client.")
@click.option("--by", metavar="NAME", help="Who records it.")
@shared
def correct_command(
    entry: str,
    reason: str,
    retract: bool,
    client: str | None,
    ref: str | None,
    note: str | None,
    by: str | None,
    **flags: Any,
) -> None:
    """Put a recorded release right. The old entry stays; the client's list shows the corrected one.

    \b
    disclosure-ledger correct 41 --reason "an attorney's subpoena, not an order" \\
        --basis subpoena_client_notified --recipient "Lowe & Finch LLP" --type attorney \\
        --evidence "subpoena:881:2026-10-30:Lowe & Finch LLP" --evidence satisfactory_assurance:881:2026-11-01
    disclosure-ledger correct D-2026-0007 --reason "entered for the wrong client" --retract

    What the flags do not say stays as it was; with another
    basis, the papers (--evidence) are said anew. A whole replacement as JSON: record --input.
    """
    place = place_of(entry)
    with flags_named(FLAG_OF), open_ledger(by) as (ledger, chosen):
        said = from_flags(flags, today(chosen))
        if retract and said:
            raise click.UsageError("--retract leaves the release out: it takes no flags of a release")
        if not retract and not said and client is None:
            raise click.UsageError("say what is to change, or --retract")
        index, of, stands = _target(ledger, place, retract=retract)
        record: dict[str, JSON] = {
            "kind": "correction",
            "client": client or of,
            "corrects": index,
            "reason": reason,
        }
        record |= {name: text for name, text in (("ref", ref), ("note", note)) if text is not None}
        record |= {"disclosure": _replacement(stands, said)} if stands is not None else {"retract": True}
        tell(ledger, chosen, ledger.record(records.from_json(record)))


def _target(ledger: Ledger, place: int | str, *, retract: bool) -> tuple[int, str, records.Disclosure | None]:
    """The entry to correct, its client, and the release that stands unless it is retracted. Raises NotFound, Refused.

    Other records than releases can only be taken back.
    """
    opened = ledger.show(place)
    if opened.kind in ("disclosure", "correction"):
        index, stands = ledger.standing(place)
        return index, stands.client, None if retract else stands
    client = (opened.fields or {}).get("client")
    if retract and isinstance(client, str):
        return opened.index, client, None
    hint = "take it back with --retract, and record what is right" if isinstance(client, str) else None
    raise Refused(f"entry {opened.index} is no release: its kind is {opened.kind}", hint=hint)


def _replacement(stands: records.Disclosure, said: dict[str, JSON]) -> dict[str, JSON]:
    """The release that stands, with what was said put over it."""
    whole = {
        name: value for name, value in records.to_json(stands).items() if name not in ("kind", "client", "ref", "note")
    }
    if "recipient" in said and isinstance(said["recipient"], dict) and "name" not in said["recipient"]:
        said["recipient"] = {**whole["recipient"], **said["recipient"]}
    elif "recipient" in said and "type" not in said["recipient"]:
        said["recipient"] = {"type": whole["recipient"]["type"], **said["recipient"]}
    if "basis" in said:
        whole.pop("evidence", None)  # the papers of the old ground are none of the new one
    if not {"purpose"} & set(said) and {"basis", "recipient", "matter", "explanation", "protocol"} & set(said):
        whole.pop("purpose", None)  # the old sentence may speak of the old recipient: let the ledger write it anew
    return whole | said
