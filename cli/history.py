"""`history` and `show`: what the ledger holds about a client, and one entry in full."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import click

from disclosure_ledger import strict
from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.records import Disclosure
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.opening import OpenEntry

from . import say
from .letters import letter_flags, practice_of, sheet_of, style_of, written
from .options import place_of, shared
from .using import open_ledger

Replaced: TypeAlias = Mapping[int, OpenEntry]
"""Entries whose place a correction took, by number, with the correction."""


@click.command("history")
@click.option("--client", required=True, metavar="NUMBER", help="The practice's own client number.")
@shared
def history_command(client: str) -> None:
    """List every entry about a client, corrected and excluded ones too: for the practice, not for the client.

    \b
    disclosure-ledger history --client C-1001

    What the client is owed is an accounting: disclosure-ledger accounting.
    """
    with open_ledger() as (ledger, chosen):
        found = ledger.history(client)
        replaced = ledger.replaced(found)
    if chosen.json:
        say.data_json([as_json(one, replaced) for one in found])
        return
    rows = [(str(one.index), recorded(one), one.kind, marked(one, replaced)) for one in found]
    say.data(say.table(rows, ("entry", "recorded (UTC)", "kind", "what"), right=(0,)))


@click.command("show")
@click.argument("entry", metavar="ENTRY|REF")
@letter_flags("--cover-sheet", "Write the release's cover sheet, as it stands: .pdf, .html or .txt.")
@shared
def show_command(entry: str, letter: str | None, language: str, large_print: bool) -> None:
    """Show one entry: its header, who signed it, and its content.

    \b
    disclosure-ledger show 41
    disclosure-ledger show D-2026-0007
    disclosure-ledger show 41 --cover-sheet cover.pdf
    """
    place = place_of(entry)
    with open_ledger() as (ledger, chosen):
        opened = ledger.show(place)
        replaced = ledger.replaced([opened])
        if letter is not None:
            release = _standing(ledger, opened, replaced)
            sheet = sheet_of(ledger, release, practice_of(ledger, chosen))
            with written(letter, sheet, style_of(chosen, language, large=large_print)):
                say.talk(f"Cover sheet written to {letter}.", quiet=chosen.quiet)
    if chosen.json:
        say.data_json(as_json(opened, replaced))
        return
    say.data("\n".join(_lines(opened, replaced)))


def _standing(ledger: Ledger, opened: OpenEntry, replaced: Replaced) -> Disclosure:
    """The release of an entry that still stands. Raises NotFound, or Refused for one that was corrected."""
    stands, release = ledger.standing(opened.index)
    if stands != opened.index:
        raise Refused(
            f"entry {opened.index} does not stand: it was {_by(replaced[opened.index])}",
            hint=f"the cover sheet of what stands: disclosure-ledger show {stands} --cover-sheet FILE",
        )
    return release


def as_json(opened: OpenEntry, replaced: Replaced) -> dict[str, JSON]:
    """An entry for machines: what it says, and what proves it."""
    header = opened.entry.header
    value: dict[str, JSON] = {
        "entry": header.index,
        "kind": header.kind,
        "recorded_at": strict.text_of_instant(header.recorded_at),
        "id": strict.base64_of(opened.entry.leaf_hash),
        "corrected_by": replaced[opened.index].index if opened.index in replaced else None,
        "recorder": opened.entry.signature.name,
        "stream": None,
        "fields": dict(opened.fields) if opened.fields is not None else None,
        "public": dict(header.public) if header.public is not None else None,
        "note": opened.entry.raw.decode(),
    }
    if header.stream is not None:
        value["stream"] = {"position": header.stream.position, "tag": strict.base64_of(header.stream.tag)}
    return value


def marked(opened: OpenEntry, replaced: Replaced) -> str:
    """The same line, with what took the entry's place."""
    by = replaced.get(opened.index)
    return summary(opened) if by is None else f"{summary(opened)}  ({_by(by)})"


def _by(correction: OpenEntry) -> str:
    done = "retracted" if (correction.fields or {}).get("retract") else "corrected"
    return f"{done} by entry {correction.index}"


def summary(opened: OpenEntry) -> str:
    """One line about an entry, in the practice's own words."""
    fields = opened.fields
    if fields is None:
        return "(erased)" if opened.entry.header.public is None else ""
    if opened.kind == "disclosure":
        return _release(fields)
    if opened.kind == "correction":
        what = "retracted" if fields["retract"] else _release(fields)
        return f"corrects {fields['corrects']}: {what} ({fields['reason']})"
    told = (f"{name} {_short(fields[name])}" for name in _TOLD.get(opened.kind, ()) if fields.get(name) is not None)
    return ", ".join(told) or _BARE.get(opened.kind, "")


_BARE = {"client": "(the number alone)", "hold_lifted": "(ends every hold)"}
"""What to say of an entry that says nothing but its kind and client."""

_TOLD = {
    "client": ("name",),
    "authorization": ("id", "recipients", "signed_on", "expires_on"),
    "authorization_revoked": ("id", "received_on"),
    "restriction": ("id", "type", "effective_on"),
    "restriction_ended": ("id", "ended_on"),
    "suspension": ("agency", "stated_on", "through"),
    "suspension_lifted": ("agency", "lifted_on"),
    "research_protocol": ("id", "name"),
    "research_candidate": ("protocol",),
    "accounting_request": ("id", "requested_on", "received_on"),
    "accounting_extended": ("request", "provide_by"),
    "accounting_fee_notice": ("request", "fee", "answer"),
    "accounting_withdrawn": ("request", "withdrawn_on"),
    "accounting_provided": ("request", "provided_on", "fee"),
    "hold": ("reason",),
}


def release_line(opened: OpenEntry) -> str | None:
    """One line about a release or its correction; None for any other entry."""
    return f"{opened.index}  {summary(opened)}" if opened.kind in ("disclosure", "correction") else None


def _release(fields: Any) -> str:
    counted = fields["counted_as"]
    basis = fields["basis"] if counted in (None, fields["basis"]) else f"{fields['basis']}, counted as {counted}"
    return f"{_short(fields['disclosed_on'])}  {fields['recipient']['name']}  [{basis}]  {fields['description']}"


def _short(value: JSON) -> str:
    if isinstance(value, dict):
        if "from" in value:
            return f"{value['from']} to {value['to']}"
        if "after" in value:
            return f"{value['after']} ({value['interval']})"
        return ", ".join(str(part) for part in value.values() if part is not None)
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value)
    return str(value)


def recorded(opened: OpenEntry) -> str:
    return opened.entry.header.recorded_at.strftime("%Y-%m-%d %H:%M")


def _lines(opened: OpenEntry, replaced: Replaced) -> list[str]:
    header = opened.entry.header
    lines = [
        f"entry        {header.index}  {header.kind}",
        f"recorded at  {strict.text_of_instant(header.recorded_at)}",
        f"signed by    {opened.entry.signature.name}",
        f"id           {strict.base64_of(opened.entry.leaf_hash)}",
    ]
    if header.stream is not None:
        lines.append(f"stream       position {header.stream.position} of {strict.base64_of(header.stream.tag)}")
    if opened.index in replaced:
        by = replaced[opened.index]
        lines.append(f"standing     {_by(by)}: disclosure-ledger show {by.index}")
    if opened.kind == "correction" and opened.fields is not None:
        lines.append(f"corrects     entry {opened.fields['corrects']}")
    if header.public is not None:
        lines += ["", *(f"  {name}: {_short(value)}" for name, value in header.public.items())]
    elif opened.fields is None:
        lines += ["", "  the content was erased"]
    else:
        told = {name: value for name, value in opened.fields.items() if value not in (None, [], {})}
        lines += ["", *(line for name, value in told.items() for line in _field(name, value))]
    return lines


def _field(name: str, value: JSON) -> Iterator[str]:
    """One field on a line, or where it is several papers or people, each on its own."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield f"  {name}: {_short(value)}"
        return
    yield f"  {name}:"
    yield from (f"    {_short({'type': item.get('type'), **item})}" for item in value if isinstance(item, dict))
