"""The accounting as plain text: for reading aloud, a terminal, or a plain letter.

Every row is one block of labelled lines, because a screen reader reads a table of columns across. Lines are at most
WIDTH characters, but for what cannot be broken.
"""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from disclosure_ledger.hipaa.accounting import Accounting

from .layout import Checking, Fact, Letter, Section, lay_out
from .words import ENGLISH, Words

WIDTH: Final = 78
_MOST: Final = 26
"""Characters of the widest label column."""


def to_text(accounting: Accounting, *, words: Words = ENGLISH) -> bytes:
    """The whole letter in UTF-8."""
    it = lay_out(accounting, words)
    blocks = [
        "\n".join((it.practice, *it.practice_lines)),
        f"{_heading(it.title)}\n{it.subtitle}",
        _labelled(it.facts),
        *map(_section, it.before),
        _heading(it.releases),
        *_list(it),
        *_studies(it),
        *map(_section, it.after),
        *([_checking(it.checking)] if it.checking else []),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def _heading(text: str) -> str:
    return f"{text.upper()}"


def _section(section: Section) -> str:
    return "\n\n".join((_heading(section.heading), *map(_wrapped, section.paragraphs)))


def _list(it: Letter) -> Iterable[str]:
    if it.nothing:
        yield _wrapped(it.nothing)
    for line in it.lines:
        texts = (line.when, ", ".join(line.who), line.what, line.why)
        yield _labelled([Fact(label=head, text=text) for head, text in zip(it.heads, texts, strict=True)])


def _studies(it: Letter) -> Iterable[str]:
    if it.blocks:
        yield _heading(it.studies)
    for block in it.blocks:
        yield f"{_wrapped(block.heading)}\n{_labelled(block.facts)}"


def _checking(it: Checking) -> str:
    command = (f"  {it.command}",) if it.command else ()
    return "\n\n".join((_heading(it.heading), *map(_wrapped, it.paragraphs), *command, _labelled(it.facts)))


def _labelled(facts: Sequence[Fact]) -> str:
    column = min(_MOST, max(len(fact.label) for fact in facts) + 2)
    return "\n".join(line for fact in facts for line in _lines(fact, column))


def _lines(fact: Fact, column: int) -> Iterable[str]:
    """The label, and the text hung beside it."""
    lead = f"{fact.label}:".ljust(column)
    for paragraph in fact.text.split("\n"):
        wrapped = textwrap.wrap(
            paragraph, WIDTH, initial_indent=lead, subsequent_indent=" " * column, break_long_words=False
        )
        yield from wrapped or [lead.rstrip()]
        lead = " " * column


def _wrapped(text: str) -> str:
    return "\n".join("\n".join(textwrap.wrap(line, WIDTH, break_long_words=False)) for line in text.split("\n"))
