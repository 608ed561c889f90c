"""An accounting as a letter: what stands where, in the client's words, before any format sets it.

Every format for reading (page, PDF, text) lays out one `Letter`, so that all of them say the same.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.accounting import Practice
>>> from disclosure_ledger.hipaa.parts import Span
>>> drawn = Accounting(practice=Practice(name="Harbor Counseling LLC"), client_number="C-1001", client_name=None,
...     request_id=None, requested_on=date(2026, 12, 1), requester="client",
...     period=Span(from_=date(2020, 12, 1), to=date(2026, 12, 1)), issued_on=date(2026, 12, 1), due_on=None,
...     latest_on=None, fee="0.00", rules="45-cfr-164.528/2002-08-14", rows=(), research=())
>>> letter = lay_out(drawn)
>>> letter.facts[3]
Fact(label='Time covered', text='December 1, 2020 to December 1, 2026')
>>> letter.nothing[:35]
'In this time we made no release of '
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from disclosure_ledger.hipaa import words as law_words
from disclosure_ledger.hipaa.accounting import Accounting, Listing, Row
from disclosure_ledger.hipaa.parts import Day, DisclosedOn, Party, Span

from .sheet import Fact, Sheet, fact, lines_of, logo_label, running
from .visible import visible
from .words import ENGLISH, Words

COMMAND: Final = "disclosure-ledger verify FILE --key practice.vkey"

_ABOUT: Final = (0, 3)
_LEFT_OUT: Final = (1, 2)
"""Which of the statements stand where; the others, on cost, questions and complaints, are the client's rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table. `who`: name, then organization and address where they are known."""

    when: str
    who: tuple[str, ...]
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A study that is listed in place of releases."""

    heading: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """How to check the list. `code` is what the square code holds."""

    heading: str
    paragraphs: tuple[str, ...]
    command: str | None
    """None where there is no proof to check."""
    facts: tuple[Fact, ...]
    code: str
    code_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Sheet):
    """The whole letter. `heads` are the table's."""

    before: tuple[Section, ...]
    releases: str
    heads: tuple[str, str, str, str]
    lines: tuple[Line, ...]
    nothing: str | None
    studies: str
    blocks: tuple[Block, ...]
    after: tuple[Section, ...]
    checking: Checking | None


def lay_out(accounting: Accounting, words: Words = ENGLISH, *, evidence_inside: bool = False) -> Letter:
    """The letter of an accounting. `evidence_inside`: does the document bring its own proof?"""
    before, after = _statements(accounting.statements, words)
    practice = accounting.practice
    return Letter(
        language=words.language,
        title=words.title,
        subtitle=words.subtitle,
        practice=visible(practice.name),
        practice_lines=lines_of(practice),
        logo_label=logo_label(practice, words),
        running=running(words, f"{words.client_number} {accounting.client_number}", practice.name),
        page=words.page,
        facts=tuple(_facts(accounting, words)),
        before=before,
        releases=words.releases,
        heads=(words.when, words.who, words.what, words.why),
        lines=tuple(_line(row, words) for row in accounting.rows),
        nothing=None if accounting.rows else words.nothing,
        studies=words.studies,
        blocks=tuple(_block(study, words) for study in accounting.research),
        after=after,
        checking=_checking(accounting, words, evidence_inside),
    )


def _facts(it: Accounting, words: Words) -> Iterable[Fact]:
    number = f"{words.client_number} {it.client_number}"
    yield fact(words.client, f"{it.client_name}\n{number}" if it.client_name else number)
    if it.requester == "representative":
        yield fact(words.asked_by, words.a_representative)
    if it.request_id is not None:
        yield fact(words.request, it.request_id)
    yield fact(words.requested_on, words.day(it.requested_on))
    yield fact(words.issued_on, words.day(it.issued_on))
    yield fact(words.period, _span(it.period, words))
    yield fact(words.entries, _count(it.rows, words))
    yield fact(words.cost, words.free if it.fee == "0.00" else f"${it.fee}")


def _count(rows: Sequence[Row], words: Words) -> str:
    count = sum(row.count or 1 for row in rows)
    if not count:
        return words.entries_none
    same = count == len(rows)
    return str(count) if same else words.fill(words.entries_summed, count=str(count), rows=str(len(rows)))


def _line(row: Row, words: Words) -> Line:
    who = (row.recipient.name, row.recipient.organization, row.recipient.address)
    return Line(
        when=visible(when(row, words)),
        who=tuple(line for text in who if text for line in _split(text)),
        what=visible(row.description),
        why=visible(row.purpose),
    )


def when(row: Row, words: Words) -> str:
    """The day, range, event or repeats of a row, in words."""
    if row.on is not None:
        return dated(row.on, words)
    assert row.first is not None and row.last is not None  # noqa: S101, PT018 - a row has one or the other
    return words.fill(words.times, count=str(row.count), first=words.day(row.first), last=words.day(row.last))


def dated(on: DisclosedOn, words: Words) -> str:
    """The day, range or event of a release, in words."""
    if isinstance(on, Day):
        return words.day(on.on)
    if isinstance(on, Span):
        return _span(on, words)
    return words.fill(words.after, interval=on.interval, day=words.day(on.after))


def _span(span: Span, words: Words) -> str:
    if span.from_ == span.to:
        return words.day(span.to)
    return words.fill(words.from_to, first=words.day(span.from_), last=words.day(span.to))


def _block(study: Listing, words: Words) -> Block:
    facts = (
        (words.study_about, study.description),
        (words.study_chosen, study.criteria),
        (words.study_information, study.information),
        (words.when, _span(Span(from_=study.from_, to=study.last), words)),
        (words.sponsor, _party(study.sponsor)),
        (words.researcher, _party(study.researcher)),
        (words.please_note, words.say(study.statement)),
    )
    return Block(heading=visible(study.protocol), facts=tuple(fact(label, text) for label, text in facts))


def _party(party: Party) -> str:
    return "\n".join(text for text in (party.name, party.address, party.telephone) if text)


def _statements(said: Sequence[str], words: Words) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """What stands before the list and after it. Statements of another release stand together, before it."""
    if tuple(said) != law_words.STATEMENTS:
        return (_section(words.about, said, words),), ()
    rights = [text for place, text in enumerate(said) if place not in (*_ABOUT, *_LEFT_OUT)]
    before = (
        _section(words.about, [said[place] for place in _ABOUT], words),
        _section(words.questions, rights, words),
    )
    return before, (_section(words.left_out, [said[place] for place in _LEFT_OUT], words),)


def _section(heading: str, texts: Iterable[str], words: Words) -> Section:
    return Section(heading=heading, paragraphs=tuple(visible(words.say(text)) for text in texts))


def _checking(it: Accounting, words: Words, evidence_inside: bool) -> Checking | None:
    """The part on checking, where there is a checkpoint (docs/format.md section 7)."""
    body = it.checkpoint.partition("\n\n")[0].split("\n")
    if len(body) < 3:
        return None
    labels = (words.ledger, words.ledger_size, words.fingerprint)
    inside, apart = (words.check_inside, words.check_this), (words.check_apart, words.check_run)
    proof = inside if evidence_inside else apart if it.provable else (words.check_none,)
    return Checking(
        heading=words.check,
        paragraphs=(words.check_why, *proof),
        command=COMMAND if evidence_inside or it.provable else None,
        facts=tuple(fact(label, text) for label, text in zip(labels, body[:3], strict=True)),
        code="\n".join(body[:3]) + "\n",
        code_label=words.code_of,
    )


def _split(text: str) -> list[str]:
    return visible(text).split("\n")
