"""The accounting as plain text: for reading aloud, a terminal, or a plain letter.

Every row is one block of labelled lines, because a screen reader reads a table of columns across. Lines are at most
WIDTH characters, but for what cannot be broken.
"""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from disclosure_ledger.hipaa.accounting import Accounting

from .layout import Checking, Letter, Section, lay_out
from .sheet import Fact
from .words import ENGLISH, Words

WIDTH: Final = 78
_MOST: Final = 29
"""Characters of the widest label column."""


def to_text(accounting: Accounting, *, words: Words = ENGLISH) -> bytes:
    """The whole letter in UTF-8."""
    it = lay_out(accounting, words)
    blocks = [
        "\n".join((it.practice, *it.practice_lines)),
        f"{heading(it.title)}\n{it.subtitle}",
        labelled(it.facts),
        *map(_section, it.before),
        heading(it.releases),
        *_list(it),
        *_studies(it),
        *map(_section, it.after),
        *([_checking(it.checking)] if it.checking else []),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def heading(text: str) -> str:
    """A heading, told from a paragraph without any mark-up."""
    return f"{text.upper()}"


def _section(section: Section) -> str:
    return "\n\n".join((heading(section.heading), *map(wrapped, section.paragraphs)))


def _list(it: Letter) -> Iterable[str]:
    if it.nothing:
        yield wrapped(it.nothing)
    for line in it.lines:
        texts = (line.when, ", ".join(line.who), line.what, line.why)
        yield labelled([Fact(label=head, text=text) for head, text in zip(it.heads, texts, strict=True)])


def _studies(it: Letter) -> Iterable[str]:
    if it.blocks:
        yield heading(it.studies)
    for block in it.blocks:
        yield f"{wrapped(block.heading)}\n{labelled(block.facts)}"


def _checking(it: Checking) -> str:
    command = (f"  {it.command}",) if it.command else ()
    return "\n\n".join((heading(it.heading), *map(wrapped, it.paragraphs), *command, labelled(it.facts)))


def labelled(facts: Sequence[Fact]) -> str:
    """A labelled line each, the texts in one column."""
    column = min(_MOST, max(len(fact.label) for fact in facts) + 2)
    return "\n".join(line for fact in facts for line in _lines(fact, column))


def _lines(fact: Fact, column: int) -> Iterable[str]:
    """The label, and the text hung beside it."""
    lead = f"{fact.label}: ".ljust(column)
    for paragraph in fact.text.split("\n"):
        wrapped = textwrap.wrap(
            paragraph, WIDTH, initial_indent=lead, subsequent_indent=" " * column, break_long_words=False
        )
        yield from wrapped or [lead.rstrip()]
        lead = " " * column


def wrapped(text: str) -> str:
    """The text in lines of at most WIDTH characters, but for what cannot be broken."""
    return "\n".join("\n".join(textwrap.wrap(line, WIDTH, break_long_words=False)) for line in text.split("\n"))
