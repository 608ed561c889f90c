"""What every document for a reader has: letterhead, title, the facts at its head, and what stands on every page.

>>> from disclosure_ledger.hipaa.document import Practice
>>> from disclosure_ledger.render.words import ENGLISH
>>> practice = Practice(name="Harbor Counseling LLC", address="1 Harbor St\\nFairview")
>>> lines_of(practice), running(ENGLISH, "Client number C-1001", practice.name)
(('1 Harbor St', 'Fairview'), 'Confidential · Client number C-1001 · Harbor Counseling LLC')
"""

from dataclasses import dataclass

from disclosure_ledger.hipaa.document import Practice

from .visible import visible
from .words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled line."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The frame of a document. `running` stands on every page; `logo_label` is for any picture in the letterhead."""

    language: str
    title: str
    subtitle: str
    practice: str
    practice_lines: tuple[str, ...]
    logo_label: str
    running: str
    page: str
    facts: tuple[Fact, ...]


def fact(label: str, text: str) -> Fact:
    """A labelled line, with what would not be seen made visible."""
    return Fact(label=label, text=visible(text))


def lines_of(practice: Practice) -> tuple[str, ...]:
    """The lines of the letterhead below the name."""
    return tuple(line for text in (practice.address, practice.contact) if text for line in visible(text).split("\n"))


def logo_label(practice: Practice, words: Words) -> str:
    """What stands for the letterhead's picture where it cannot be seen."""
    return visible(words.fill(words.logo, practice=practice.name)).replace("\n", " ")


def running(words: Words, *told: str) -> str:
    """The line that stands on every page."""
    return visible(" · ".join((words.confidential, *told))).replace("\n", " ")
