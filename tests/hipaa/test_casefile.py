"""One client's records fold to what is in force (docs/records.md)."""

import doctest
from datetime import date

import pytest

import fictions
from disclosure_ledger.errors import NotFound
from disclosure_ledger.hipaa import casefile, standing
from disclosure_ledger.hipaa.casefile import Filed, fold
from disclosure_ledger.hipaa.records import from_json

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("module", [casefile, standing])
def test_the_examples_of_the_module_hold(module):
    assert doctest.testmod(module).failed == 0


def case_of(*objects):
    return fold(Filed(index=i, record=from_json(obj), recorded_on=DAY) for i, obj in enumerate(objects) if obj)


def replacement(**changed):
    return {k: v for k, v in fictions.disclosure(**changed).items() if k not in ("kind", "client")}


def correction(corrects, *, client="C-1001", **changed):
    what = {"disclosure": replacement(**changed)} if changed else {"retract": True}
    return {"kind": "correction", "client": client, "corrects": corrects, "reason": "x", **what}


def standing_matters(case):
    return [disclosure.matter for _, disclosure in case.standing()]


def test_a_correction_takes_the_place_of_what_it_names():
    case = case_of(fictions.disclosure(), correction(0, matter="882"))
    assert standing_matters(case) == ["882"]
    [release] = case.releases
    assert (release.original, release.standing, release.chain) == (0, 1, (0, 1))


def test_a_correction_of_a_correction_may_name_either():
    chained = case_of(fictions.disclosure(), correction(0, matter="882"), correction(1, matter="883"))
    again = case_of(fictions.disclosure(), correction(0, matter="882"), correction(0, matter="883"))
    assert standing_matters(chained) == standing_matters(again) == ["883"]


def test_a_correction_by_ref_finds_its_entry():
    case = case_of(fictions.disclosure(ref="D-1"), {**correction("D-1", matter="882"), "ref": "K-1"}, correction("K-1"))
    assert case.standing() == ()
    assert case.releases[0].chain == (0, 1, 2)


def test_a_retraction_leaves_nothing_standing_but_its_trace():
    case = case_of(fictions.disclosure(), correction(0))
    assert case.standing() == ()
    assert case.releases[0].standing is None
    assert case.release(1) == case.release(0) == case.releases[0]


def test_a_retraction_and_a_replacement_of_one_entry_are_a_move_to_another_class():
    case = case_of(fictions.disclosure(), correction(0), correction(0, basis="payment", matter="claim"))
    assert standing_matters(case) == ["claim"]
    assert len(case.releases) == 1


def test_a_correction_of_another_clients_entry_is_a_release_of_its_own():
    case = fold([Filed(index=9, record=from_json(correction(7, matter="882")), recorded_on=DAY)])
    assert standing_matters(case) == ["882"]
    assert case.release(7) == case.release(9) == case.releases[0]
    later = from_json(correction(9, matter="883"))
    moved = fold(
        [
            Filed(index=9, record=from_json(correction(7, matter="882")), recorded_on=DAY),
            Filed(index=12, record=later, recorded_on=DAY),
        ]
    )
    assert standing_matters(moved) == ["883"]


def test_a_retraction_of_an_entry_that_is_not_here_says_nothing():
    assert case_of(None, correction(7)).releases == ()


def test_two_refs_that_name_nothing_are_two_releases():
    case = case_of(correction("X-1", matter="1"), correction("X-2", matter="2"))
    assert standing_matters(case) == ["1", "2"]


def test_the_last_client_record_holds_whole():
    case = case_of(fictions.client(address="1 Old St"), fictions.client(name="Dana Whitfield-Rowe"))
    assert case.record.name == "Dana Whitfield-Rowe"
    assert case.record.address is None


def representative(**changed):
    person = {"name": "Elena Whitfield", "authority": "guardian", "from": "2011-03-14", "scope": "all", **changed}
    return fictions.client(representatives=[person])


@pytest.mark.parametrize(("to", "acting"), [(None, True), ("2026-11-24", True), ("2026-11-23", False)])
def test_a_representative_acts_through_the_last_day(to, acting):
    changed = {"to": to} if to else {}
    assert (case_of(representative(**changed)).representative_on("elena whitfield", DAY) is not None) is acting


def test_nobody_else_acts_for_the_client():
    assert case_of(representative()).representative_on("Alan Whitfield", DAY) is None
    assert case_of().representative_on("Alan Whitfield", DAY) is None


def authorization(**changed):
    return {
        "kind": "authorization",
        "client": "C-1001",
        "id": "A-1",
        "signed_on": "2026-03-02",
        "recipients": ["Dr. Gray"],
        "information": "summary",
        "purpose": "referral",
        "expires_on": "2026-06-30",
        **changed,
    }


def revoked(day):
    return {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": day}


def test_a_revocation_counts_for_the_form_that_was_signed_before_it():
    case = case_of(authorization(), revoked("2026-04-06"), revoked("2026-04-01"))
    assert case.revoked_on(case.authorizations["A-1"]) == date(2026, 4, 1)
    signed_anew = case_of(authorization(), revoked("2026-04-06"), authorization(signed_on="2026-05-01"))
    assert signed_anew.revoked_on(signed_anew.authorizations["A-1"]) is None


def test_hold_lifted_ends_every_hold_before_it():
    hold = {"kind": "hold", "client": "C-1001", "reason": "case 881"}
    lifted = {"kind": "hold_lifted", "client": "C-1001"}
    assert len(case_of(hold, hold).holds) == 2
    assert case_of(hold, hold, lifted).holds == ()
    assert len(case_of(hold, lifted, hold).holds) == 1


def test_requests_are_open_until_answered_or_taken_back_the_most_pressing_first():
    provided = {"kind": "accounting_provided", "client": "C-1001", "request": "R-2", "provided_on": "2026-11-24"}
    case = case_of(
        fictions.request(),
        fictions.request(id="R-2"),
        fictions.request(id="R-3"),
        fictions.request(id="R-0", requested_on="2026-10-01", received_on="2026-10-01"),
        {**provided, "fee": "0.00"},
        {"kind": "accounting_withdrawn", "client": "C-1001", "request": "R-3", "withdrawn_on": "2026-11-24"},
    )
    assert [request.id for request in case.open_requests()] == ["R-0", "R-1"]


def test_a_request_that_nobody_made_is_not_found():
    with pytest.raises(NotFound):
        case_of().request("R-1")


def test_the_order_in_which_entries_arrive_does_not_matter_their_index_does():
    filed = [
        Filed(index=i, record=from_json(obj), recorded_on=DAY)
        for i, obj in enumerate([fictions.client(), fictions.disclosure(), correction(1, matter="882")])
    ]
    assert fold(reversed(filed)) == fold(filed)
