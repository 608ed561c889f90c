"""What a signed form says in words: its end, what it is joined to, what it limits itself to (164.508(b)(3), (c)(1))."""

from datetime import date

import pytest

import fictions
from books import Books
from disclosure_ledger.hipaa import clear_forms
from disclosure_ledger.hipaa.records import Authorization


def form(**changed):
    said = {"information": "attendance", "purpose": "school plan", "recipients": ("Fairview School",), **changed}
    return Authorization(client="C-1001", id="A-1", signed_on=date(2026, 1, 2), **said)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("none", True),
        ("until I revoke it", True),
        ("until revoked in writing", True),
        ("when the client revokes it", True),
        ("until further notice", True),
        ("ongoing", True),
        ("end of treatment", False),
        ("discharge, or until revoked", False),
        ("until the end of the school year", False),
        ("until I am 18", False),
    ],
)
def test_a_form_has_no_end_where_it_names_none_but_its_revocation(text, is_open):
    assert clear_forms.is_open_ended(text) is is_open


@pytest.mark.parametrize(
    ("text", "is_studys"),
    [("end of the research study", True), ("completion of the research", True), ("end of the school year", False)],
)
def test_a_form_may_end_with_a_study(text, is_studys):
    assert clear_forms.for_research(text) is is_studys


@pytest.mark.parametrize(
    ("other", "is_wrong"),
    [
        ("consent to treatment", True),
        ("consent to treatment and an authorization", True),
        ("intake form", True),
        ("an authorization for psychotherapy notes", True),
        ("another authorization", False),
        ("release of information for Dr. Gray", False),
        ("consent to release information to the school", False),
    ],
)
def test_a_form_is_joined_to_other_forms_of_its_kind_alone(other, is_wrong):
    assert clear_forms.is_wrongly_combined(form(combined_with=other)) is is_wrong


@pytest.mark.parametrize(
    ("information", "released", "is_beyond"),
    [
        ("dates of attendance only", ("service_dates", "client_name"), False),
        ("dates of attendance only", ("service_dates", "diagnosis"), True),
        ("limited to a treatment summary", ("treatment_summary", "diagnosis", "prognosis"), False),
        ("limited to a treatment summary", ("progress_notes",), True),
        ("dates of attendance", ("diagnosis",), False),
        ("only what is needed for the claim", ("diagnosis",), False),
    ],
)
def test_a_form_is_exceeded_only_where_it_says_that_it_is_limited(information, released, is_beyond):
    assert clear_forms.is_beyond(information, released) is is_beyond


def test_of_two_forms_that_do_not_hold_the_one_that_was_signed_before_is_spoken_of_in_whichever_order():
    taken_back = {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": "2026-03-01"}
    forms = [
        {
            "kind": "authorization",
            "client": "C-1001",
            "id": id_,
            "signed_on": signed_on,
            "recipients": ["Fairview School"],
        }
        | {"information": "attendance", "purpose": "school plan", "expires_on": "2026-12-31"}
        for id_, signed_on in (("A-1", "2026-01-02"), ("A-2", "2026-04-14"))
    ]
    school = {"name": "Fairview School", "type": "school"}
    release = fictions.disclosure(basis="authorization", recipient=school, evidence=None, disclosed_on="2026-04-13")
    for order in (forms, forms[::-1]):
        books = Books()
        for record in (*order, taken_back, release):
            books.record(record)
        [(_, standing)] = books.casefile("C-1001").standing()
        assert standing.findings[0] == "AUTH-5"
