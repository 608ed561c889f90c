"""The accounting of 164.528, paragraph by paragraph (docs/hipaa.md; docs/records.md, the accounting as JSON)."""

import doctest
import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fictions
import locate
from books import Books
from disclosure_ledger import canonical
from disclosure_ledger.errors import DisclosureLedgerError, Malformed, Refused, UnknownVersion
from disclosure_ledger.hipaa import accounting, document, officer, rows, studies, words
from disclosure_ledger.hipaa.accounting import (
    Accounting,
    Asked,
    Listing,
    Row,
    rows_from,
    told_from_fields,
)
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.checks import CHECKS
from disclosure_ledger.hipaa.records import to_fields

AS_OF = date(2026, 12, 1)


@pytest.mark.parametrize("module", [accounting, document, officer, rows, studies, words])
def test_the_examples_of_the_module_hold(module):
    assert doctest.testmod(module).failed == 0


def books_of(*objects, rules=None):
    books = Books(rules=rules)
    for obj in objects:
        books.record(obj)
    return books


def drawn(*objects, as_of=AS_OF, request="R-1", rules=None, **options):
    books = books_of(*objects, rules=rules)
    return books.account("C-1001", request, as_of, **options)


def court(day, matter="881", **changed):
    return fictions.disclosure(disclosed_on=day, matter=matter, **changed)


def days_of(answer):
    return [row.to_json().get("date") for row in answer.rows]


# -- the object


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


# -- the window


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


# -- rows: order, summary


def test_rows_are_sorted_by_first_day_then_name_then_description_then_purpose_by_code_point():
    def told(day, name, description, purpose):
        return fictions.disclosure(
            disclosed_on=day, recipient={"name": name, "type": "court"}, description=description, purpose=purpose
        )

    answer = drawn(
        told({"from": "2026-02-01", "to": "2026-03-01"}, "z", "a", "a"),
        told("2026-02-02", "a", "b", "a"),
        told("2026-02-02", "a", "a", "b"),
        told("2026-02-02", "a", "a", "a"),
        told("2026-02-02", "Z", "z", "z"),
        fictions.request(),
        summarize=False,
    )
    assert [(row.recipient.name, row.description, row.purpose) for row in answer.rows] == [
        ("z", "a", "a"),
        ("Z", "z", "z"),
        ("a", "a", "a"),
        ("a", "a", "b"),
        ("a", "b", "a"),
    ]


def audits(count, **changed):
    return [fictions.oversight(disclosed_on=f"2026-{month:02d}-05", **changed) for month in range(1, count + 1)]


def test_three_of_a_kind_become_one_row_and_two_do_not():
    assert [row.count for row in drawn(*audits(2), fictions.request()).rows] == [None, None]
    [row] = drawn(*audits(3), fictions.request()).rows
    assert row.to_json() | {"purpose": None} == {
        "first": "2026-01-05",
        "last": "2026-03-05",
        "count": 3,
        "recipient": {"name": "State Medicaid Agency", "address": "9 Elm Ave"},
        "description": "claims data",
        "purpose": None,
    }


def test_without_the_summary_each_has_its_own_row():
    assert [row.count for row in drawn(*audits(3), fictions.request(), summarize=False).rows] == [None] * 3


@pytest.mark.parametrize(
    "other",
    [
        {"matter": "audit-2"},
        {"matter": None},
        {"recipient": {"name": "State Board", "type": "oversight_agency"}},
        {"recipient": {"name": "State Medicaid Agency", "organization": "Unit 2", "type": "oversight_agency"}},
        {"basis": "public_health"},
    ],
)
def test_another_matter_recipient_or_basis_is_another_purpose(other):
    answer = drawn(*audits(2), fictions.oversight(**other), fictions.request())
    assert [row.count for row in answer.rows] == [None] * 3


def test_the_address_does_not_part_what_belongs_together_and_the_first_ones_texts_stand():
    moved = fictions.oversight(
        disclosed_on="2025-12-01",
        description="earlier data",
        recipient={"name": "State Medicaid Agency", "address": "1 Old Rd", "type": "oversight_agency"},
    )
    [row] = drawn(*audits(2), moved, fictions.request()).rows
    assert (row.description, row.recipient.address, row.first) == ("earlier data", "1 Old Rd", date(2025, 12, 1))


def test_first_and_last_day_of_a_summary_lie_in_the_period():
    straddling = fictions.oversight(disclosed_on={"from": "2020-10-01", "to": "2020-12-01"})
    [row] = drawn(straddling, *audits(2), fictions.request()).rows
    assert row.first == date(2020, 11, 23)


@pytest.mark.parametrize(
    "basis", ["impermissible", "whistleblower", "workforce_crime_victim", "parent_not_representative"]
)
def test_what_164_528_b3_does_not_name_is_never_summed_up(basis):
    releases = [fictions.disclosure(basis=basis, disclosed_on=f"2026-0{n}-05", fields=None) for n in (1, 2, 3)]
    assert [row.count for row in drawn(*releases, fictions.request()).rows] == [None] * 3


def test_what_is_suspended_is_taken_out_before_the_count():
    hidden = fictions.suspension(agency="State Medicaid Agency", matter="audit-9")
    answer = drawn(*audits(3), fictions.oversight(matter="audit-9"), hidden, fictions.request())
    assert [row.count for row in answer.rows] == [3]


# -- people


def representative(scope="all", **changed):
    person = {"name": "Elena Whitfield", "authority": "guardian", "from": "2020-01-01", "scope": scope, **changed}
    return fictions.client(representatives=[person])


def asked_by(name="Elena Whitfield", role="representative", **changed):
    return fictions.request(requester={"name": name, "role": role}, **changed)


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


# -- fees


def earlier(requested="2026-02-10", fee="0.00", provided="2026-03-01"):
    request = fictions.request(id="R-0", requested_on=requested, received_on=requested)
    given_ = {
        "kind": "accounting_provided",
        "client": "C-1001",
        "request": "R-0",
        "provided_on": provided,
        "fee": fee,
    }
    return [request, given_]


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


# -- studies


PROTOCOL = {
    "kind": "research_protocol",
    "id": "P-1",
    "name": "Sleep and Trauma",
    "description": "A study of sleep.",
    "criteria": "Adults.",
    "information": "Visit dates.",
    "sponsor": {"name": "State University", "address": "1 Campus Dr", "telephone": "555-0160"},
    "researcher": {"name": "Dr. Ortiz", "address": "1 Campus Dr", "telephone": "555-0161"},
}


def studied(client, day="2025-06-01", **changed):
    return fictions.disclosure(
        client=client,
        disclosed_on=day,
        basis="research_waiver",
        protocol="P-1",
        recipient={"name": "Dr. Ortiz", "type": "researcher"},
        matter=None,
        **changed,
    )


def others(count, **changed):
    return [studied(f"C-2{n:03d}", **changed) for n in range(count)]


CANDIDATE = {"kind": "research_candidate", "client": "C-1001", "protocol": "P-1"}


def test_fifty_people_make_a_study_and_forty_nine_do_not():
    fifty = drawn(PROTOCOL, *others(49), studied("C-1001", "2025-07-01"), fictions.request())
    assert fifty.rows == ()
    [study] = fifty.research
    assert (study.protocol, study.from_, study.last) == ("Sleep and Trauma", date(2025, 6, 1), date(2025, 7, 1))
    assert "may or may not" in study.statement
    assert len(fifty.studied) == 1
    fewer = drawn(PROTOCOL, *others(48), studied("C-1001"), fictions.request())
    assert (len(fewer.rows), fewer.research) == (1, ())


def test_one_person_twice_is_one_person():
    answer = drawn(PROTOCOL, *others(48), *others(48), studied("C-1001"), fictions.request())
    assert answer.research == ()


def test_the_count_is_of_the_accountings_own_period():
    answer = drawn(PROTOCOL, *others(49), studied("C-1001"), fictions.request(**{"from": "2025-06-02"}))
    assert answer.research == ()
    assert answer.rows == ()


def test_every_client_who_met_the_criteria_gets_the_study_even_if_nothing_was_sent():
    answer = drawn(PROTOCOL, *others(50), CANDIDATE, fictions.request())
    assert [study.protocol for study in answer.research] == ["Sleep and Trauma"]
    assert drawn(PROTOCOL, *others(50), fictions.client(), fictions.request()).research == ()


def test_the_last_date_of_a_study_lies_in_the_period():
    span = {"from": "2025-01-01", "to": "2026-06-30"}
    [study] = drawn(
        PROTOCOL, *others(50, day=span), CANDIDATE, fictions.request(**{"from": "2025-02-01", "to": "2025-03-31"})
    ).research
    assert (study.from_, study.last) == (date(2025, 2, 1), date(2025, 3, 31))


def test_a_release_for_the_study_that_was_not_under_512_i_keeps_its_own_row():
    wrong = studied("C-1001", "2025-07-01")
    wrong |= {"basis": "impermissible", "explanation": "Sent to the wrong study."}
    answer = drawn(PROTOCOL, *others(50), wrong, CANDIDATE, fictions.request())
    assert days_of(answer) == ["2025-07-01"]
    assert len(answer.research) == 1


def test_a_study_row_is_read_back():
    [study] = drawn(PROTOCOL, *others(50), CANDIDATE, fictions.request()).research
    assert Listing.from_json(study.to_json()) == study


def test_a_representative_without_the_scope_does_not_learn_of_a_study_from_the_minors_own_care():
    own = studied("C-1001", service_scope="minor_consented")
    parent = representative("excluding_minor_consented")
    assert drawn(PROTOCOL, *others(50), parent, own, asked_by()).research == ()
    assert len(drawn(PROTOCOL, *others(50), parent, own, fictions.request()).research) == 1


# -- warnings for the privacy officer


def test_a_letter_about_a_release_that_cannot_be_suspended_is_a_warning_and_the_row_stays():
    threat = fictions.oversight(basis="serious_threat")
    answer = drawn(fictions.client(), threat, fictions.suspension(), fictions.request())
    assert len(answer.rows) == 1
    assert any("entry 1:" in warning for warning in answer.warnings)
    assert "Okafor" not in " ".join(answer.warnings)


def test_what_is_suspended_is_in_no_warning():
    assert drawn(fictions.client(), fictions.oversight(), fictions.suspension(), fictions.request()).warnings == ()


def test_an_abuse_report_before_a_representative_is_a_warning():
    report = fictions.disclosure(basis="child_abuse_report")
    assert any("502(g)(5)" in w for w in drawn(representative(), report, asked_by()).warnings)
    assert not any("502(g)(5)" in w for w in drawn(representative(), report, fictions.request()).warnings)


def test_an_abuse_report_that_was_a_mistake_is_a_warning_too():
    agency = {"name": "Child Protective Services", "type": "protective_services"}
    report = fictions.disclosure(basis="adult_abuse_required", recipient=agency)
    books = books_of(representative(), report, asked_by())
    assert books.casefile("C-1001").releases[0].disclosure.counts_as == "impermissible"
    assert any("502(g)(5)" in warning for warning in books.account("C-1001", "R-1", AS_OF).warnings)


def test_an_answer_on_the_last_day_is_not_late():
    due = date(2026, 11, 23) + timedelta(days=60)
    assert officer.LATE not in drawn(fictions.client(), fictions.request(), as_of=due).warnings
    assert officer.LATE in drawn(fictions.client(), fictions.request(), as_of=due + timedelta(days=1)).warnings


def test_a_request_withdrawn_on_the_day_of_issue_is_withdrawn_and_one_of_the_day_after_is_not():
    gone = {"kind": "accounting_withdrawn", "client": "C-1001", "request": "R-1", "withdrawn_on": "2026-12-01"}
    objects = (fictions.client(), fictions.request(), gone)
    assert officer.WITHDRAWN in drawn(*objects, as_of=date(2026, 12, 1)).warnings
    assert officer.WITHDRAWN not in drawn(*objects, as_of=date(2026, 11, 30)).warnings


@pytest.mark.parametrize(
    ("objects", "warning"),
    [
        ([representative(authority="parent"), asked_by()], officer.OF_AGE),
        ([fictions.client(communication="PO Box 7 only"), fictions.request()], officer.CONFIDENTIAL),
        ([fictions.client(), fictions.request(requested_on="2026-09-01", received_on="2026-09-01")], officer.LATE),
        ([fictions.client(), fictions.request(**{"from": "2019-01-01"})], officer.CUT),
        ([fictions.client(), *earlier(), fictions.request()], officer.NO_NOTICE),
        (
            [
                fictions.client(),
                fictions.request(),
                {"kind": "accounting_withdrawn", "client": "C-1001", "request": "R-1", "withdrawn_on": "2026-11-30"},
            ],
            officer.WITHDRAWN,
        ),
    ],
)
def test_what_the_officer_should_look_at_is_a_warning(objects, warning):
    assert warning in drawn(*objects).warnings
    assert warning not in drawn(fictions.client(), fictions.request()).warnings


def test_no_warning_is_printed():
    answer = drawn(fictions.client(communication="PO Box 7 only"), fictions.request())
    assert answer.warnings
    assert not any(warning in json.dumps(answer.to_json()) for warning in answer.warnings)


# -- readings that can be switched


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


def consented(day, *, basis="authorization", **changed):
    return fictions.disclosure(
        disclosed_on=day,
        basis=basis,
        part2_basis="p2_consent_tpo",
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


# -- rows from opened fields


def test_the_rows_made_of_opened_fields_are_the_rows_that_are_printed():
    books = books_of(
        fictions.client(),
        court("2026-02-03", ref="D-1"),
        *audits(4),
        fictions.disclosure(basis="payment"),
        {
            "kind": "correction",
            "client": "C-1001",
            "corrects": "D-1",
            "reason": "x",
            "disclosure": {k: v for k, v in court("2026-02-04", "882").items() if k not in ("kind", "client")},
        },
        fictions.request(),
    )
    for summarize in (True, False):
        answer = books.account("C-1001", "R-1", AS_OF, summarize=summarize)
        standing = {release.standing for release, _ in books.casefile("C-1001").standing()}
        opened = []
        for _, filed, _ in books.entries:
            if filed.index in standing:
                fields = {name: to_fields(filed.record)[name] for name in rows.OPENED}
                opened.append(told_from_fields(filed.index, fields))
        again = rows_from(opened, answer.period, rules=Rules.parse(answer.rules), summarize=summarize)
        assert again == answer.rows
        assert [row.entries for row in again] == [row.entries for row in answer.rows]


def test_an_entry_that_is_not_open_enough_makes_no_row():
    fields = dict.fromkeys(rows.OPENED) | {"client": "C-1001", "disclosed_on": "2026-02-03"}
    with pytest.raises(Malformed):
        told_from_fields(6, fields)


def test_a_row_is_read_back():
    [row] = drawn(*audits(3), fictions.request()).rows
    assert Row.from_json(row.to_json()).to_json() == row.to_json()


def test_the_rows_know_the_entries_they_stand_on_and_do_not_print_them():
    answer = drawn(fictions.client(), *audits(3), fictions.request())
    assert [row.entries for row in answer.rows] == [(1, 2, 3)]
    assert "entries" not in json.dumps(answer.to_json())


def opened_releases(evidence):
    """The standing releases of an evidence file, as far as they are open: index and fields."""
    entries = [*evidence["stream"]["entries"], *evidence["listed"]]
    found, corrected = {}, set()
    for one in entries:
        header = json.loads(one["entry"].split("\n")[0])
        if "content" not in one or header["kind"] not in ("disclosure", "correction"):
            continue
        fields = {item[1]: item[2] for item in one["content"] if isinstance(item, list)}
        corrected.add(fields.get("corrects"))
        found[header["index"]] = fields
    return {index: fields for index, fields in found.items() if index not in corrected and "basis" in fields}


@pytest.mark.parametrize("name", ["evidence.json", "evidence-nothing.json"])
def test_the_rows_of_the_public_evidence_are_made_again_from_what_it_opens(name):
    evidence = json.loads((locate.vectors() / "format-v1" / name).read_text())
    printed = Accounting.from_json(evidence["accounting"])
    releases = [told_from_fields(index, fields) for index, fields in opened_releases(evidence).items()]
    assert bool(releases) is bool(printed.rows)
    again = rows_from(releases, printed.period, rules=Rules.parse(printed.rules), summarize=True)
    assert [row.to_json() for row in again] == [row.to_json() for row in printed.rows]


def test_who_was_not_covered_yet_on_the_day_of_issue_owes_no_accounting():
    request = fictions.request(requested_on=AS_OF.isoformat(), received_on=AS_OF.isoformat())
    releases = (fictions.client(), court("2026-02-03"), request)
    assert drawn(*releases, rules=Rules(covered_since=AS_OF)).rows == ()
    with pytest.raises(Refused, match="after the day of issue"):
        drawn(*releases, rules=Rules(covered_since=AS_OF + timedelta(days=1)))
