"""Who may ask for an accounting, and what it costs (164.502(g), 164.528(c))."""

import pytest

import fictions
from accountings import asked_by, court, days_of, drawn, earlier, representative
from disclosure_ledger.errors import Refused

MINOR = {"basis": "public_health", "service_scope": "minor_consented", "evidence": None}


def test_a_representative_sees_what_the_scope_allows():
    general, own = court("2026-02-03"), fictions.disclosure(disclosed_on="2026-02-04", **MINOR)
    assert len(drawn(representative(), general, own, asked_by()).rows) == 2
    limited = drawn(representative("excluding_minor_consented"), general, own, asked_by())
    assert days_of(limited) == ["2026-02-03"]
    assert len(drawn(representative("excluding_minor_consented"), general, own, fictions.request()).rows) == 2


@pytest.mark.parametrize(
    "refusing",
    [
        [fictions.client(), asked_by()],
        [representative(), asked_by("Alan Whitfield")],
        [representative(to="2026-11-30"), asked_by()],
        [representative(**{"from": "2026-12-02"}), asked_by()],
        [fictions.client(died_on="2026-06-02"), fictions.request()],
        [asked_by()],
    ],
)
def test_who_is_neither_the_client_nor_acts_for_the_client_gets_nothing(refusing):
    with pytest.raises(Refused) as caught:
        drawn(*refusing, court("2026-02-03"))
    assert "Whitfield" not in str(caught.value)
    assert "client" not in str(caught.value)


def test_a_client_who_asked_before_dying_is_answered():
    request = fictions.request(requested_on="2026-06-01", received_on="2026-06-03")
    assert drawn(fictions.client(died_on="2026-06-02"), request).requester == "client"


def test_nobody_asks_in_the_clients_name_after_death_without_a_request_either():
    with pytest.raises(Refused):
        drawn(fictions.client(died_on="2026-11-30"), court("2026-02-03"), request=None)
    assert len(drawn(fictions.client(died_on="2026-12-01"), court("2026-02-03"), request=None).rows) == 1


def test_a_parent_of_a_client_who_died_as_a_minor_still_acts_when_the_client_would_be_of_age():
    person = {"name": "Elena Whitfield", "authority": "mother", "from": "2008-05-01", "scope": "all"}
    minor = fictions.client(born_on="2008-05-01", died_on="2026-04-30", representatives=[person])
    assert days_of(drawn(minor, court("2026-02-03"), asked_by())) == ["2026-02-03"]
    with pytest.raises(Refused):
        drawn({**minor, "died_on": "2026-05-01"}, court("2026-02-03"), asked_by())


def notice(answer="proceed", fee="12.00", on="2026-11-24", request="R-1"):
    return {
        "kind": "accounting_fee_notice",
        "client": "C-1001",
        "request": request,
        "notified_on": on,
        "fee": fee,
        "answer": answer,
    }


@pytest.mark.parametrize(
    ("beside", "fee"),
    [
        ([], "0.00"),
        ([notice()], "0.00"),
        ([*earlier()], "0.00"),
        ([*earlier(), notice()], "12.00"),
        ([*earlier(), notice("narrowed")], "0.00"),
        ([*earlier(), notice("none_yet")], "0.00"),
        ([*earlier(), notice("withdrawn")], "0.00"),
        ([*earlier(), notice("narrowed"), notice("proceed", "5.00", "2026-11-25")], "5.00"),
        ([*earlier(), notice("proceed"), notice("none_yet", "5.00", "2026-11-25")], "0.00"),
        ([*earlier(), notice(on="2026-12-01")], "12.00"),
        ([*earlier(), notice(on="2026-12-02")], "0.00"),
        ([*earlier(), notice(request="R-0")], "0.00"),
        ([*earlier("2025-11-24"), notice()], "12.00"),
        ([*earlier("2025-11-23"), notice()], "0.00"),
        ([*earlier(fee="9.00"), notice()], "0.00"),
        ([*earlier(provided="2026-12-02"), notice()], "0.00"),
        ([earlier()[0], notice()], "0.00"),
    ],
)
def test_a_fee_needs_a_free_one_within_twelve_months_a_notice_before_and_a_yes(beside, fee):
    assert drawn(fictions.client(), *beside, fictions.request()).fee == fee


def test_a_copy_costs_what_the_first_one_did():
    given_ = {**earlier()[1], "request": "R-1", "provided_on": "2026-11-25", "fee": "12.00"}
    assert drawn(fictions.client(), fictions.request(), given_).fee == "12.00"


def test_a_request_asked_for_earlier_is_not_charged_for_one_asked_for_later():
    later = fictions.request(id="R-0", requested_on="2026-11-24", received_on="2026-11-24")
    given_ = {**earlier()[1], "provided_on": "2026-11-25"}
    assert drawn(fictions.client(), fictions.request(), later, given_, notice()).fee == "0.00"


def test_an_extension_moves_the_deadline_and_not_the_last_day():
    letter = {
        "kind": "accounting_extended",
        "client": "C-1001",
        "request": "R-1",
        "notified_on": "2027-01-10",
        "reason": "records in storage",
        "provide_by": "2027-02-15",
    }
    out = drawn(fictions.client(), fictions.request(), letter).to_json()
    assert (out["due_on"], out["latest_on"]) == ("2027-02-15", "2027-02-21")
