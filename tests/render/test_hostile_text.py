"""Text that wants to act is printed to the letter, in every format and every place, and does nothing."""

import importlib.util
import re
from collections.abc import Callable
from datetime import date

import pytest

import hostile
from disclosure_ledger.errors import InvalidRecord
from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.hipaa.changes import Change
from disclosure_ledger.hipaa.letters import Consent, Corrected, CoverSheet, Extension, FeeNotice, Heading, Letter
from disclosure_ledger.hipaa.parts import Day, EventPlus, Party, Span
from disclosure_ledger.hipaa.rows import Named, Row
from disclosure_ledger.hipaa.studies import Listing
from disclosure_ledger.render.formats import FORMATS, Format
from disclosure_ledger.render.letters import ENDINGS, Ending
from disclosure_ledger.render.visible import visible
from hostile import ATTACKS, CONTROL, squeezed

PLACES = ("description", "purpose", "protocol", "about", "criteria", "information")
FORMED = ("recipient", "organization", "address", "interval", "sponsor", "researcher", "telephone")
"""Places whose form takes no control character and at most 4,000 characters."""
LETTERHEAD = ("practice", "practice address", "contact", "client", "request")
"""Places that a table of rows does not have."""


def at_place(attack: str, place: str) -> str:
    """The text as it can stand in a place."""
    return f"{re.sub(CONTROL, '', attack)[:3900] if place in FORMED else attack} at {place}"


def attacked(attack: str) -> Accounting:
    """An accounting in which the text stands in every place, each with the place's name."""
    at = {place: at_place(attack, place) for place in (*PLACES, *FORMED, *LETTERHEAD)}
    party = Party(name=at["sponsor"], address="1 Campus Way", telephone=at["telephone"])
    study = Listing(
        protocol=at["protocol"],
        description=at["about"],
        criteria=at["criteria"],
        information=at["information"],
        from_=date(2025, 1, 1),
        last=date(2025, 3, 1),
        sponsor=party,
        researcher=Party(name=at["researcher"], address="1 Campus Way", telephone="555-0199"),
    )
    row = Row(
        recipient=Named(name=at["recipient"], organization=at["organization"], address=at["address"]),
        description=at["description"],
        purpose=at["purpose"],
        on=EventPlus(after=date(2026, 2, 3), interval=at["interval"]),
    )
    return Accounting(
        practice=Practice(name=at["practice"], address=at["practice address"], contact=at["contact"]),
        client_number="C-1001",
        client_name=at["client"],
        request_id=at["request"],
        requested_on=date(2026, 12, 1),
        requester="client",
        period=Span(from_=date(2020, 12, 1), to=date(2026, 12, 1)),
        issued_on=date(2026, 12, 1),
        due_on=None,
        latest_on=None,
        fee="0.00",
        rules="45-cfr-164.528/2002-08-14",
        rows=(row,),
        research=(study,),
        checkpoint="harbor.example/disclosures\n326\nqHFzc4YpX6dG9KWNsZuR7GHAC6MiG9eD2XFo7aE56TU=\n\n\u2014 signed\n",
    )


READ: dict[str, Callable[[bytes], str]] = {
    "text": hostile.read_text,
    "html": hostile.read_html,
    "pdf": hostile.read_pdf,
    "json": hostile.read_json,
    "fhir": hostile.read_fhir,
    "fhir-r5": hostile.read_r5,
    "csv": hostile.read_csv,
    "xlsx": hostile.read_xlsx,
}


def test_every_format_is_read() -> None:
    assert set(READ) == set(FORMATS)


@pytest.mark.parametrize("attack", ["control", "line", "long"])
def test_a_name_is_refused_what_only_a_description_may_hold(attack: str) -> None:
    with pytest.raises(InvalidRecord):
        Named(name=ATTACKS[attack])


def told_in(read: str, attack: str, places: tuple[str, ...], *, paged: bool) -> list[str]:
    """The places whose text is not read to the letter. `paged`: what is long has heads and feet of pages within."""
    told = squeezed(read)
    expected = {place: squeezed(visible(at_place(attack, place))) for place in places}
    if paged and attack == ATTACKS["long"]:
        assert told.count("x") >= sum(text.count("x") for text in expected.values())
        expected = {place: text.lstrip("x") for place, text in expected.items()}
    return [place for place, text in expected.items() if text not in told]


def expect_installed(form: Format | Ending) -> None:
    needed = [name for name in form.needs if importlib.util.find_spec(name) is None]
    if needed:
        pytest.skip(f"{' and '.join(needed)} missing: install the extra render")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("form", READ)
def test_hostile_text_is_printed_to_the_letter_everywhere_and_does_nothing(form: str, attack: str) -> None:
    expect_installed(FORMATS[form])
    made = FORMATS[form].render(attacked(ATTACKS[attack]), None)
    read = READ[form](made)
    assert not hostile.steers(read)
    places = (*PLACES, *FORMED, *(LETTERHEAD if form != "csv" else ()))
    assert told_in(read, ATTACKS[attack], places, paged=form == "pdf") == []
    if form == "html":
        assert hostile.elements(made) == hostile.elements(FORMATS[form].render(attacked("harmless"), None))
    assert FORMATS[form].render(attacked(ATTACKS[attack]), None) == made


# -- letters


def letters(attack: str) -> tuple[tuple[Letter, tuple[str, ...]], ...]:
    """Every letter with the text in every place, and the places."""

    def at(place: str) -> str:
        return at_place(attack, place)

    practice = Practice(name=at("practice"), address=at("practice address"), contact=at("contact"))
    day = date(2026, 11, 23)
    heading = Heading(
        practice=practice,
        dated=day,
        name=at("client"),
        address=at("home"),
        client_number="C-1001",
        request_id=at("request"),
        requested_on=day,
        received_on=day,
    )
    row = Row(recipient=Named(name=at("recipient")), description="dates", purpose="Why.", on=Day(on=day))
    now = Row(recipient=Named(name="Court"), description=at("description"), purpose=at("purpose"), on=Day(on=day))
    consent = Consent(
        signed_on=day, information=at("information"), purpose=at("purpose"), expires_on=None, expires_when=at("expiry")
    )
    cover = CoverSheet(
        practice=practice,
        recipient=(at("recipient"), at("organization"), at("address")),
        disclosed_on=Day(on=day),
        description=at("description"),
        matter=at("matter"),
        pages=3,
        notice="42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
        by_consent=True,
        consent=consent,
    )
    head = ("practice", "practice address", "contact", "client", "home", "request")
    return (
        (Extension(heading=heading, reason=at("reason"), due_on=day, provide_by=day), (*head, "reason")),
        (FeeNotice(heading=heading, fee="12.50", reckoned=at("reckoned")), (*head, "reckoned")),
        (
            Corrected(
                heading=heading,
                earlier_on=day,
                changes=(Change(before=row, after=None), Change(before=None, after=now)),
            ),
            (*head, "recipient", "purpose", "description"),
        ),
        (
            cover,
            (
                *head[:3],
                "description",
                "recipient",
                "organization",
                "address",
                "matter",
                "information",
                "purpose",
                "expiry",
            ),
        ),
    )


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_text_in_a_letter_is_printed_to_the_letter_and_does_nothing(ending: str, attack: str) -> None:
    form, read = ENDINGS[ending], READ[{".txt": "text"}.get(ending, ending[1:])]
    expect_installed(form)
    for (letter, places), (plain, _) in zip(letters(ATTACKS[attack]), letters("harmless"), strict=True):
        made = form.render(letter)
        assert not hostile.steers(read(made))
        assert told_in(read(made), ATTACKS[attack], places, paged=ending == ".pdf") == [], type(letter).__name__
        if ending == ".html":
            assert hostile.elements(made) == hostile.elements(form.render(plain))
        assert form.render(letter) == made
