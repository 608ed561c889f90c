"""The accounting of 164.528: its object, its window, and which readings of the law can be switched (docs/hipaa.md)."""

import doctest
import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fictions
import locate
from accountings import AS_OF, audits, court, days_of, drawn
from disclosure_ledger import canonical
from disclosure_ledger.errors import DisclosureLedgerError, Malformed, Refused, UnknownVersion
from disclosure_ledger.hipaa import accounting, document, officer, rows, studies, words
from disclosure_ledger.hipaa.accounting import (
    Accounting,
    Asked,
)
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.checks import CHECKS


@pytest.mark.parametrize("module", [accounting, document, officer, rows, studies, words])
def test_the_examples_of_the_module_hold(module):
    assert doctest.testmod(module).failed == 0


def test_the_object_has_exactly_the_members_of_the_format():
    out = drawn(fictions.client(), court("2026-02-03"), fictions.request()).to_json()
    assert list(out) == [
        "format",
        "practice",
        "client",
        "request",
        "period",
        "issued_on",
        "due_on",
        "latest_on",
        "fee",
        "rules",
        "rows",
        "research",
        "statements",
        "checkpoint",
    ]
    assert out["request"] == {"id": "R-1", "requested_on": "2026-11-23", "requester": "client"}
    assert out["rows"] == [
        {
            "date": "2026-02-03",
            "recipient": {"name": "County Court", "address": "9 Court St"},
            "description": "attendance dates, 2025",
            "purpose": "A court ordered us to release this information (case 881); we released only what the order"
            " listed.",
        }
    ]
    canonical.encode(out)


def test_without_a_request_it_is_made_and_received_on_the_day_of_issue():
    out = drawn(fictions.client(), court("2020-12-01"), court("2020-11-30"), request=None).to_json()
    assert out["request"] == {"id": None, "requested_on": "2026-12-01", "requester": "client"}
    assert out["period"] == {"from": "2020-12-01", "to": "2026-12-01"}
    assert (out["due_on"], out["latest_on"], out["fee"]) == (None, None, "0.00")
    assert [row["date"] for row in out["rows"]] == ["2020-12-01"]


def test_without_a_request_a_narrower_period_can_be_asked_for():
    asked = Asked(from_=date(2026, 1, 1), to=date(2026, 1, 31))
    out = drawn(court("2026-01-31"), court("2026-02-01"), request=None, asked=asked)
    assert days_of(out) == ["2026-01-31"]


def test_a_client_of_whom_only_the_number_is_known_has_no_name():
    assert drawn(court("2026-02-03"), request=None).to_json()["client"] == {"number": "C-1001", "name": None}


def test_the_boilerplate_is_the_same_whatever_is_left_out():
    plain = drawn(fictions.client(), fictions.request())
    busy = drawn(fictions.client(), fictions.oversight(), fictions.suspension(), fictions.request(), as_of=AS_OF)
    assert plain.statements == busy.statements == words.STATEMENTS
    assert "temporarily" not in " ".join(words.STATEMENTS)
    assert "for a limited time" in " ".join(words.STATEMENTS)


def syllables(word):
    """About how many syllables a word has."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee"))
    return max(1, groups - silent)


def grade(text):
    """The Flesch-Kincaid school grade of a text, about."""
    spoken = re.findall(r"[a-z']+", text.lower())
    sentences = len(re.findall(r"[.;:](?:\s|$)", text))
    return 0.39 * len(spoken) / sentences + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59


def test_what_every_client_reads_is_plain():
    assert grade(" ".join(words.STATEMENTS)) <= 8
    assert grade(words.STUDY) <= 8
    assert grade(" ".join(row.sentence for row in CHECKS.values() if row.counts)) <= 8


def test_an_accounting_is_read_back_as_it_was_printed():
    answer = drawn(fictions.client(), court("2026-02-03"), *audits(3), fictions.request())
    read = Accounting.from_json(answer.to_json())
    assert read.to_json() == answer.to_json()
    assert {row.count for row in read.rows} == {None, 3}


def test_the_public_evidence_holds_accountings_that_are_read_back():
    folder = locate.vectors() / "format-v1"
    for name in ("evidence.json", "evidence-nothing.json"):
        obj = json.loads((folder / name).read_text())["accounting"]
        assert {"latest_on": None, **obj} == Accounting.from_json(obj).to_json()


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "disclosure-ledger/receipt/v1"},
        {"rows": {}},
        {"rows": [{"date": "2026-02-03"}]},
        {"fee": 0},
        {"extra": 1},
        {"period": {"from": "2026-02-01", "to": "2026-01-01"}},
        {"request": {"id": None, "requested_on": "2026-12-01", "requester": "son"}},
        {"checkpoint": None},
        {"research": [{"protocol": "x"}]},
        {"practice": {"name": "x"}},
    ],
)
def test_what_is_not_an_accounting_is_refused(changed):
    obj = drawn(fictions.client(), court("2026-02-03"), fictions.request()).to_json()
    with pytest.raises(Malformed):
        Accounting.from_json({**obj, **changed})


def test_a_later_format_is_neither_good_nor_bad():
    with pytest.raises(UnknownVersion):
        Accounting.from_json({"format": "disclosure-ledger/accounting/v2"})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(["rows", "research", "period", "request", "client", "fee", "statements", "rules"]), JUNK)
def test_no_junk_in_an_accounting_does_more_than_be_refused(name, value):
    obj = drawn(fictions.client(), court("2026-02-03"), fictions.request()).to_json()
    for junk in ({**obj, name: value}, {**obj, "rows": [{**obj["rows"][0], "date": value}]}, value):
        try:
            Accounting.from_json(junk)
        except DisclosureLedgerError:
            continue


def test_a_range_is_in_when_any_day_of_it_is():
    touching = {"from": "2020-11-01", "to": "2020-11-23"}
    before = {"from": "2020-11-01", "to": "2020-11-22"}
    answer = drawn(court(touching, "1"), court(before, "2"), fictions.request())
    assert days_of(answer) == [touching]


def test_the_day_of_the_event_decides_a_release_that_follows_it():
    inside = {"after": "2020-11-23", "interval": "within 48 hours of the visit"}
    outside = {"after": "2020-11-22", "interval": "within 48 hours of the visit"}
    assert days_of(drawn(court(inside, "1"), court(outside, "2"), fictions.request())) == [inside]


def test_a_release_counts_by_the_day_it_happened_not_by_the_day_it_was_found():
    lost = fictions.disclosure(
        basis="impermissible", disclosed_on="2020-11-22", discovered_on="2026-05-20", explanation="x"
    )
    assert days_of(drawn(lost, fictions.request())) == []


@pytest.mark.parametrize(
    "code",
    [
        "parent_not_representative",
        "individual_directed_third_party",
        "business_associate_own_purposes",
        "whistleblower",
        "workforce_crime_victim",
    ],
)
def test_an_unsettled_code_is_listed_unless_counsel_turns_it_off(code):
    objects = [fictions.client(), fictions.disclosure(basis=code, fields=["client_name"]), fictions.request()]
    assert len(drawn(*objects).rows) == 1
    off = drawn(*objects, rules=Rules(without=frozenset({code})))
    assert off.rows == ()
    assert off.rules == f"45-cfr-164.528/2002-08-14+without-{code}"


def test_nothing_from_before_the_practice_was_covered_is_listed():
    rules = Rules(covered_since=date(2026, 2, 4))
    answer = drawn(fictions.client(), court("2026-02-03"), court("2026-02-04"), fictions.request(), rules=rules)
    assert days_of(answer) == ["2026-02-04"]


CONSENT = {
    "kind": "authorization",
    "client": "C-1001",
    "id": "A-1",
    "signed_on": "2020-03-02",
    "recipients": ["Dr. Gray"],
    "information": "treatment records",
    "purpose": "treatment",
    "expires_on": "2030-06-30",
}


def consented(day, *, basis="authorization", part2_basis="p2_consent_specific", **changed):
    return fictions.disclosure(
        disclosed_on=day,
        basis=basis,
        part2_basis=part2_basis,
        recipient={"name": "Dr. Gray", "type": "provider"},
        evidence=[
            {
                "type": "authorization",
                "authorization": "A-1",
                "detail": "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
            }
        ],
        **changed,
    )


def test_part_2_consents_are_listed_only_once_2_25_is_in_force_and_then_for_three_years():
    objects = [
        CONSENT,
        consented("2026-02-03"),
        consented("2023-11-23"),
        consented("2023-11-22"),
        consented("2026-02-04", basis="treatment"),
        consented("2026-02-05", basis="treatment", via_ehr=True),
        fictions.request(),
    ]
    assert drawn(*objects).rows == ()
    on = Rules(part2_accounting_effective=date(2026, 12, 1))
    assert days_of(drawn(*objects, rules=on)) == ["2023-11-23", "2026-02-03", "2026-02-05"]
    assert drawn(*objects, rules=on, as_of=date(2026, 11, 30)).rows == ()


def test_who_was_not_covered_yet_on_the_day_of_issue_owes_no_accounting():
    request = fictions.request(requested_on=AS_OF.isoformat(), received_on=AS_OF.isoformat())
    releases = (fictions.client(), court("2026-02-03"), request)
    assert drawn(*releases, rules=Rules(covered_since=AS_OF)).rows == ()
    with pytest.raises(Refused, match="after the day of issue"):
        drawn(*releases, rules=Rules(covered_since=AS_OF + timedelta(days=1)))
