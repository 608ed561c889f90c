"""Accountings of one client, for tests: from records to the list that is drawn on one day."""

from datetime import date

import fictions
from books import Books

AS_OF = date(2026, 12, 1)


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


def audits(count, **changed):
    return [fictions.oversight(disclosed_on=f"2026-{month:02d}-05", **changed) for month in range(1, count + 1)]


def representative(scope="all", **changed):
    person = {"name": "Elena Whitfield", "authority": "guardian", "from": "2020-01-01", "scope": scope, **changed}
    return fictions.client(representatives=[person])


def asked_by(name="Elena Whitfield", role="representative", **changed):
    return fictions.request(requester={"name": name, "role": role}, **changed)


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
