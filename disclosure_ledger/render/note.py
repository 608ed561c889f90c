"""A letter or cover sheet: what stands where, in the reader's words, before any format sets it.

Every format lays out one `Note`, so that all of them say the same. Who gets one reads first to whom and what, then
what it means for them, then whom to ask.

>>> from datetime import date
>>> from disclosure_ledger.hipaa.document import Practice
>>> from disclosure_ledger.hipaa.parts import Day
>>> sheet = CoverSheet(practice=Practice(name="Harbor Counseling LLC"), recipient=("County Court",),
...     disclosed_on=Day(on=date(2026, 2, 3)), description="attendance dates", matter="881", pages=2)
>>> lay_out_note(sheet).facts[2]
Fact(label='What we send', text='attendance dates')
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from disclosure_ledger.hipaa.changes import Change
from disclosure_ledger.hipaa.document import Practice
from disclosure_ledger.hipaa.letters import Consent, Corrected, CoverSheet, Extension, FeeNotice, Heading, Letter
from disclosure_ledger.hipaa.rows import Row

from .layout import Block, dated, when
from .letter_words import ENGLISH_LETTERS, LetterWords
from .logo import Logo
from .sheet import Fact, Sheet, fact, lines_of, logo_label, running
from .visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading and what stands under it, in this order. `quoted`: words of the rule, in English in any language.

    `apart`: begins a page.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    quoted: str | None = None
    points: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    after: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Sheet):
    """The whole letter. `on` is its day, for a file's own date."""

    unprintable: str
    on: date
    opening: tuple[str, ...]
    parts: tuple[Part, ...]
    logo: Logo | None


def lay_out_note(letter: Letter, says: LetterWords = ENGLISH_LETTERS, logo: Logo | None = None) -> Note:
    """The letter, laid out in a language."""
    if isinstance(letter, Extension):
        return _to_client(letter.heading, says, logo, _extension(letter, says))
    if isinstance(letter, FeeNotice):
        return _to_client(letter.heading, says, logo, _fee(letter, says))
    if isinstance(letter, Corrected):
        return _to_client(letter.heading, says, logo, _corrected(letter, says))
    return _cover(letter, says, logo)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What one letter says of its own."""

    title: str
    subtitle: str
    opening: tuple[str, ...]
    parts: tuple[Part, ...]


def _extension(it: Extension, says: LetterWords) -> _Body:
    day = says.words.day
    until = says.words.fill(says.extension_until, date=day(it.provide_by))
    limit = says.words.fill(says.extension_limit, due=day(it.due_on))
    return _Body(
        title=says.extension_title,
        subtitle=says.extension_subtitle,
        opening=(_received(it.heading, says),),
        parts=(
            Part(heading=says.extension_when, paragraphs=(until, limit, says.extension_once)),
            Part(heading=says.extension_why, paragraphs=(visible(it.reason),)),
        ),
    )


def _fee(it: FeeNotice, says: LetterWords) -> _Body:
    amount = f"${it.fee}"
    reckoned = (fact(says.fee_reckoned, it.reckoned),) if it.reckoned is not None else ()
    return _Body(
        title=says.fee_title,
        subtitle=says.fee_subtitle,
        opening=(_received(it.heading, says),),
        parts=(
            Part(
                heading=says.fee_why,
                paragraphs=(says.fee_first_free, says.fee_cost),
                facts=(fact(says.fee_amount, amount), *reckoned),
            ),
            Part(
                heading=says.fee_choose,
                points=(says.words.fill(says.fee_proceed, fee=amount), says.fee_narrow, says.fee_withdraw),
                after=(says.fee_nothing_yet,),
            ),
        ),
    )


def _corrected(it: Corrected, says: LetterWords) -> _Body:
    since = says.words.fill(says.corrected_since, date=says.words.day(it.earlier_on))
    return _Body(
        title=says.corrected_title,
        subtitle=says.corrected_subtitle,
        opening=(since, says.corrected_replaces, says.corrected_free),
        parts=(
            Part(
                heading=says.corrected_changes,
                paragraphs=() if it.changes else (says.corrected_none,),
                blocks=tuple(_change(change, says) for change in it.changes),
            ),
        ),
    )


def _change(change: Change, says: LetterWords) -> Block:
    before, after = change.before, change.after
    label = says.changed if before and after else says.added if after else says.gone
    row = after or before
    assert row is not None  # noqa: S101 - one of the two is there
    heading = visible(f"{label}: {when(row, says.words)}, {row.recipient.name}".replace("\n", " "))
    if before is None or after is None:
        # of one that is gone no more than which it was: it may have been about somebody else
        told = _cells(row, says) if after is not None else _cells(row, says)[:2]
        return Block(heading=heading, facts=tuple(fact(*cell) for cell in told))
    both = zip(_cells(before, says), _cells(after, says), strict=True)
    facts = (
        fact(label, f"{says.before}: {was}\n{says.after}: {now}" if was != now else now)
        for (label, was), (_, now) in both
    )
    return Block(heading=heading, facts=tuple(facts))


def _cells(row: Row, says: LetterWords) -> tuple[tuple[str, str], ...]:
    to = row.recipient
    who = ", ".join(text.replace("\n", ", ") for text in (to.name, to.organization, to.address) if text)
    words = says.words
    return (
        (words.when, when(row, words)),
        (words.who, who),
        (words.what, row.description),
        (words.why, row.purpose),
    )


def _cover(it: CoverSheet, says: LetterWords, logo: Logo | None) -> Note:
    words = says.words
    private = (says.cover_private, *map(visible, _mistake(it.practice, says)), says.cover_safe)
    facts = [
        fact(says.to, "\n".join(it.recipient)),
        fact(says.cover_released_on, dated(it.disclosed_on, words)),
        fact(says.cover_what, it.description),
    ]
    facts += [fact(says.cover_matter, it.matter)] if it.matter is not None else []
    facts += [fact(says.cover_pages, str(it.pages))] if it.pages is not None else []
    body = _Body(
        title=says.cover_title,
        subtitle=f"{says.cover_from} {visible(it.practice.name)}",
        opening=(),
        parts=(Part(heading=says.cover_confidential, paragraphs=private), *_part2(it, says)),
    )
    return _note(it.practice, it.disclosed_on.last_day, says, logo, body, facts=facts, whose=None)


def _mistake(practice: Practice, says: LetterWords) -> tuple[str, ...]:
    """What whoever should not have the pages is to do: no more than the letterhead tells them how to."""
    if practice.contact:
        return says.cover_mistake, says.words.fill(says.cover_call, contact=practice.contact)
    return (says.cover_mistake, says.cover_write) if practice.address else (says.cover_mistake_answer,)


def _part2(it: CoverSheet, says: LetterWords) -> Iterable[Part]:
    if it.notice is not None:
        # behind the cover: its face must not tell of whom the pages are
        yield Part(heading=says.part2, quoted=it.notice, apart=True)
    if it.by_consent and it.consent is None:
        yield Part(heading=says.consent, paragraphs=(says.consent_copy,))
    elif it.consent is not None:
        yield Part(heading=says.consent, paragraphs=(says.consent_scope,), facts=tuple(_scope(it.consent, says)))


def _scope(it: Consent, says: LetterWords) -> Iterable[Fact]:
    day = says.words.day
    ends = [*([day(it.expires_on)] if it.expires_on else []), *([it.expires_when] if it.expires_when else [])]
    yield fact(says.consent_signed, day(it.signed_on))
    yield fact(says.consent_information, it.information)
    yield fact(says.consent_purpose, it.purpose)
    yield fact(says.consent_until, "\n".join(ends) or says.consent_open)


def _to_client(head: Heading, says: LetterWords, logo: Logo | None, body: _Body) -> Note:
    words = says.words
    number = f"{words.client_number} {head.client_number}"
    to = (head.name or number, head.address)
    facts = (
        fact(says.date, words.day(head.dated)),
        fact(says.to, "\n".join(text for text in to if text)),
        fact(says.reference, f"{number}\n{words.request} {head.request_id}"),
    )
    practice = head.practice
    last = Part(heading=says.ask, paragraphs=(visible(_ask(practice, says)), says.complain))
    whole = _Body(title=body.title, subtitle=body.subtitle, opening=body.opening, parts=(*body.parts, last))
    return _note(practice, head.dated, says, logo, whole, facts=facts, whose=number)


def _ask(practice: Practice, says: LetterWords) -> str:
    """Whom to ask, as far as the letterhead says it."""
    if practice.contact:
        return says.words.fill(says.ask_contact, contact=practice.contact)
    return says.ask_us if practice.address else says.ask_as_before


def _note(
    practice: Practice,
    on: date,
    says: LetterWords,
    logo: Logo | None,
    body: _Body,
    *,
    facts: Iterable[Fact],
    whose: str | None,
) -> Note:
    return Note(
        language=says.words.language,
        title=body.title,
        subtitle=body.subtitle,
        practice=visible(practice.name),
        practice_lines=lines_of(practice),
        logo_label=logo_label(practice, says.words),
        running=running(says.words, *([whose] if whose else []), practice.name),
        page=says.words.page,
        unprintable=says.unprintable,
        on=on,
        facts=tuple(facts),
        opening=body.opening,
        parts=body.parts,
        logo=logo,
    )


def _received(head: Heading, says: LetterWords) -> str:
    day = says.words.day
    return says.words.fill(says.received, made=day(head.requested_on), received=day(head.received_on))
