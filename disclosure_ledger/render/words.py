"""Every word that a renderer adds to an accounting: one catalogue, one field a phrase, one value a language.

A language that lacks a phrase cannot be made. `{…}` marks what is filled in; nothing filled in is read as a pattern.

>>> from datetime import date
>>> ENGLISH.day(date(2026, 3, 4)), ENGLISH.fill(ENGLISH.from_to, first="May 1, 2026", last="May 9, 2026")
('March 4, 2026', 'May 1, 2026 to May 9, 2026')
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from disclosure_ledger.hipaa.words import STATEMENTS, STUDY


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The phrases of one language."""

    language: str
    """BCP 47, as the documents announce it."""
    months: tuple[str, ...]
    date_order: str
    """`{month}`, `{day}`, `{year}` in the language's order."""
    from_to: str
    times: str
    """A summary row (164.528(b)(3)): `{count}`, `{first}`, `{last}`."""
    after: str
    """A usual interval after an event: `{interval}`, `{day}`."""

    title: str
    subtitle: str
    confidential: str
    page: str
    """`{page}`, `{pages}`."""
    logo: str
    """What stands for the letterhead's picture where it cannot be seen: `{practice}`."""
    client: str
    client_number: str
    asked_by: str
    a_representative: str
    request: str
    requested_on: str
    issued_on: str
    period: str
    entries: str
    entries_none: str
    entries_summed: str
    """`{count}` releases in `{rows}` lines."""
    cost: str
    free: str

    about: str
    """Heading: what the list is, and how to read it."""
    questions: str
    """Heading: cost, whom to ask, where to complain."""
    left_out: str
    """Heading: what the law leaves out."""
    releases: str
    """Heading and name of the table."""
    when: str
    who: str
    what: str
    why: str
    nothing: str

    studies: str
    study_about: str
    study_chosen: str
    study_information: str
    sponsor: str
    researcher: str
    please_note: str

    check: str
    """Heading: how to check the list."""
    check_why: str
    check_inside: str
    check_apart: str
    check_none: str
    """That there is no proof, where the list holds what 42 CFR 2.25 adds."""
    check_this: str
    """How to, where the proof is inside."""
    check_run: str
    """How to, where the proof is a file of its own."""
    code_of: str
    """What the square code holds, for who cannot see it."""
    ledger: str
    ledger_size: str
    fingerprint: str
    unprintable: str
    """Why some characters stand as their numbers."""

    statements: Mapping[str, str]
    """The boilerplate of every accounting, from its English; what is not here is printed as it is."""

    def day(self, day: date) -> str:
        """A date as people write it."""
        return self.fill(self.date_order, month=self.months[day.month - 1], day=str(day.day), year=str(day.year))

    def say(self, statement: str) -> str:
        """A statement of an accounting in this language."""
        return self.statements.get(statement, statement)

    @staticmethod
    def fill(phrase: str, **values: str) -> str:
        """The phrase with each `{name}` replaced by its value, once."""
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], phrase)


ENGLISH: Final = Words(
    language="en-US",
    months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    date_order="{month} {day}, {year}",
    from_to="{first} to {last}",
    times="{count} times: first on {first}, last on {last}",
    after="{interval} (counted from {day})",
    title="List of releases of your health information",
    subtitle="Accounting of disclosures under federal law, 45 CFR 164.528",
    confidential="Confidential",
    page="Page {page} of {pages}",
    logo="Logo of {practice}",
    client="For",
    client_number="Client number",
    asked_by="Asked for by",
    a_representative="a person who acts for you",
    request="Your request",
    requested_on="Asked for on",
    issued_on="Date of this list",
    period="Time covered",
    entries="Releases in this list",
    entries_none="none",
    entries_summed="{count}, in {rows} lines",
    cost="Cost to you",
    free="free",
    about="About this list",
    questions="Your rights, and whom to ask",
    left_out="What the law leaves out of this list",
    releases="Releases of your health information",
    when="Date",
    who="Who received it",
    what="What we shared",
    why="Why",
    nothing=(
        "In this time we made no release of your health information that the law asks us to list. So the list has no "
        "lines. This does not mean that nothing was shared: the part on what the law leaves out says what such a list "
        "never shows."
    ),
    studies="Research studies",
    study_about="What it is about",
    study_chosen="How people were chosen",
    study_information="What was shared",
    sponsor="Sponsor",
    researcher="Researcher",
    please_note="Please note",
    check="How anyone can check this list",
    check_why=(
        "We keep our record of releases so that nobody, not even we, can change or remove an entry unseen. This list "
        "was drawn from that record as it stood at the fingerprint below."
    ),
    check_inside=(
        "The proof that the list is complete is inside this file. Keep the file as we gave it to you: a print of "
        "it can be read, but not checked."
    ),
    check_apart="The proof that the list is complete is in a separate file, which we give you when you ask.",
    check_none=(
        "This list also holds what federal law on substance use records (42 CFR 2.25) asks for. We cannot yet make a "
        "file that proves a list of that kind complete. The fingerprint shows which state of our record it came from."
    ),
    check_this=(
        "There are two ways to check it, both without internet. In a browser: ask us, or somebody you trust, for the "
        "page that checks such lists, open it, and choose this very file. With a command: put our public key in a file "
        "named practice.vkey (ask us, or anyone who keeps a copy for us), and run the free program disclosure-ledger, "
        "with its part named render, on any computer; ask us where to get it. In place of FILE write the name of this "
        "file:"
    ),
    check_run=(
        "There are two ways to check it, both without internet. In a browser: ask us, or somebody you trust, for the "
        "page that checks such lists, open it, and choose the file with the proof. With a command: put our public key "
        "in a file named practice.vkey (ask us, or anyone who keeps a copy for us), and run the free program "
        "disclosure-ledger on any computer; ask us where to get it. In place of FILE write the name of the file with "
        "the proof:"
    ),
    code_of="Square code that holds the three values beside it: the ledger's name, its entries and its fingerprint.",
    ledger="Ledger",
    ledger_size="Entries",
    fingerprint="Fingerprint",
    unprintable=(
        "Some characters could not be printed here. Each stands as its number in the Unicode standard, such as "
        "[U+4E2D]. Ask us for this list as a web page, which shows them."
    ),
    statements={text: text for text in (*STATEMENTS, STUDY)},
)
