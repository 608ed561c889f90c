"""The accounting as a Bundle of FHIR R4 or R5: the letter as a Composition, every row as an AuditEvent.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.accounting import Practice
>>> from disclosure_ledger.hipaa.parts import Span
>>> drawn = Accounting(practice=Practice(name="Harbor Counseling LLC"), client_number="C-1001", client_name=None,
...     request_id=None, requested_on=date(2026, 12, 1), requester="client",
...     period=Span(from_=date(2020, 12, 1), to=date(2026, 12, 1)), issued_on=date(2026, 12, 1), due_on=None,
...     latest_on=None, fee="0.00", rules="45-cfr-164.528/2002-08-14", rows=(), research=())
>>> [entry["resource"]["resourceType"] for entry in orjson.loads(to_fhir(drawn))["entry"]]
['Composition']

The Bundle is a `collection`. It says what the other formats say and no more: a row has no entry's number, no time of
recording and no code of its legal basis. Ids are made of what is printed, so that the same accounting gives the same
bytes. Mapping: docs/fhir.md.
"""

import html
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from disclosure_ledger.hipaa.accounting import Accounting, Row
from disclosure_ledger.hipaa.parts import EventPlus

from . import auditevent, fhir_r5
from .auditevent import Event, identifier
from .fhir_codes import text
from .fhir_names import Names
from .layout import Letter, Line, Section, lay_out
from .sheet import Fact
from .words import ENGLISH, Words

_OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def to_fhir(accounting: Accounting, *, words: Words = ENGLISH, r5: bool = False) -> bytes:
    """The Bundle as indented JSON, of R4 or of R5."""
    names = Names.of(accounting.checkpoint.partition("\n")[0] or None)
    letter = lay_out(accounting, words)
    ids = _ids(accounting, names)
    events = [
        auditevent.r4(_event(row, line, id_, accounting, letter, names))
        for row, line, id_ in zip(accounting.rows, letter.lines, ids, strict=True)
    ]
    resources = [_composition(accounting, letter, names, ids), *events]
    if r5:
        resources = [fhir_r5.composition(resources[0]), *map(fhir_r5.event, events)]
    entries = [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources]
    return orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, option=_OPTIONS)


def _ids(accounting: Accounting, names: Names) -> list[str]:
    """For each row an id made of its words; rows that say the same are counted."""
    seen: Counter[bytes] = Counter()
    ids = []
    for row in accounting.rows:
        said = orjson.dumps(row.to_json())
        seen[said] += 1
        ids.append(names.id("row", accounting.client_number, said.decode(), str(seen[said])))
    return ids


def _event(row: Row, line: Line, id_: str, accounting: Accounting, letter: Letter, names: Names) -> Event:
    facts = zip(letter.heads, (line.when, ", ".join(line.who), line.what, line.why), strict=True)
    return Event(
        id=id_,
        recorded=None,
        practice=accounting.practice.name,
        recipient=who(row.recipient.name, row.recipient.organization, row.recipient.address),
        client=identifier(names.system("client"), accounting.client_number),
        data=row.description,
        period=_period(row),
        statement=row.purpose,
        details=_details(row),
        narrative=_div(f"{head}: {said}" for head, said in facts),
    )


def who(*parts: str | None) -> str:
    """A recipient in one line: name, organization, address, as far as they are known."""
    return ", ".join(part.replace("\n", ", ") for part in parts if part)


def _period(row: Row) -> tuple[str, str | None]:
    if row.on is None:
        return f"{row.first}", f"{row.last}"
    return f"{row.on.first_day}", None if isinstance(row.on, EventPlus) else f"{row.on.last_day}"


def _details(row: Row) -> tuple[tuple[str, str], ...]:
    if row.on is None:
        return (("count", f"{row.count}"),)
    return (("interval", row.on.interval),) if isinstance(row.on, EventPlus) else ()


def _composition(accounting: Accounting, letter: Letter, names: Names, ids: Sequence[str]) -> dict[str, Any]:
    """The letter: what a list of events alone would lose."""
    number = identifier(names.system("client"), accounting.client_number)
    asked = identifier(names.system("accounting_request"), accounting.request_id) if accounting.request_id else None
    practice = {"type": "Organization", "display": text(accounting.practice.name)}
    said = orjson.dumps(accounting.to_json()).decode()
    return {
        "resourceType": "Composition",
        "id": names.id("accounting", said, letter.language),
        "language": letter.language,
        **({"identifier": asked} if asked else {}),
        "status": "final",
        "type": {"text": "accounting of disclosures, 45 CFR 164.528"},
        "subject": {"type": "Patient", "identifier": number},
        "date": accounting.issued_on.isoformat(),
        "author": [practice],
        "title": text(letter.title),
        "section": list(_sections(letter, ids)),
    }


def _sections(letter: Letter, ids: Sequence[str]) -> Iterable[dict[str, Any]]:
    yield _section(letter.practice, [*letter.practice_lines, letter.subtitle, *_lines(letter.facts)])
    yield from map(_told, letter.before)
    if ids:
        yield {"title": letter.releases, "entry": [{"reference": f"urn:uuid:{id_}"} for id_ in ids]}
    else:
        yield _section(letter.releases, [letter.nothing or ""])
    for block in letter.blocks:
        yield _section(f"{letter.studies}: {block.heading}", _lines(block.facts))
    yield from map(_told, letter.after)
    if letter.checking is not None:
        told = letter.checking
        yield _section(told.heading, [*told.paragraphs, *filter(None, [told.command]), *_lines(told.facts)])


def _told(section: Section) -> dict[str, Any]:
    return _section(section.heading, section.paragraphs)


def _lines(facts: Iterable[Fact]) -> list[str]:
    return [f"{fact.label}: {fact.text}" for fact in facts]


def _section(title: str, paragraphs: Iterable[str]) -> dict[str, Any]:
    return {"title": text(title), "text": {"status": "generated", "div": _div(paragraphs)}}


def _div(paragraphs: Iterable[str]) -> str:
    """XHTML in which a text is text."""
    told = "".join(f"<p>{html.escape(text(words)).replace(chr(10), '<br/>')}</p>" for words in paragraphs)
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{told}</div>'
