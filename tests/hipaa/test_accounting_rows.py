"""The rows of an accounting: their order, what is summed up, and how they are made again of opened fields."""

import json
from datetime import date

import pytest

import fictions
import locate
from accountings import AS_OF, audits, books_of, court, drawn
from disclosure_ledger.errors import Malformed
from disclosure_ledger.hipaa import rows
from disclosure_ledger.hipaa.accounting import (
    Accounting,
    Row,
    rows_from,
    told_from_fields,
)
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.records import to_fields


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
