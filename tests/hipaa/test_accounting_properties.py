"""What holds for every history: the order of facts does not matter, and a suspension leaves no trace."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

import fictions
from books import Books
from disclosure_ledger.hipaa.accounting import Asked

START = date(2026, 1, 1)
AS_OF = date(2026, 12, 1)

DAYS = st.integers(0, 60).map(lambda count: (START + timedelta(days=count)).isoformat())
AGENCIES = st.sampled_from(["State Medicaid Agency", "County Sheriff", "County Court"])
MATTERS = st.sampled_from([None, "audit-1", "audit-2"])
BASES = st.sampled_from(
    ["court_order", "payment", "authorization", "health_oversight", "le_identify_locate", "impermissible", "treatment"]
)


@st.composite
def releases(draw):
    """One release; `ref` is set later."""
    basis = draw(BASES)
    type_ = "health_plan" if basis == "payment" else "oversight_agency"
    return fictions.disclosure(
        disclosed_on=draw(DAYS),
        recipient={"name": draw(AGENCIES), "type": type_},
        basis=basis,
        fields=["service_dates"],
        matter=draw(MATTERS),
        description=draw(st.sampled_from(["visit dates", "claims data"])),
        service={"from": "2026-01-10", "to": "2026-01-20"},
        evidence=[{"type": "authorization", "authorization": "A-1"}] if basis == "authorization" else None,
    )


@st.composite
def forms(draw):
    """A form that names some agencies, valid for some days."""
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return {
        "kind": "authorization",
        "client": "C-1001",
        "id": "A-1",
        "signed_on": first,
        "recipients": draw(st.lists(AGENCIES, min_size=1, max_size=2)),
        "information": "visit dates",
        "purpose": "referral",
        "expires_on": last,
    }


def revocations():
    return DAYS.map(lambda d: {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": d})


@st.composite
def restrictions(draw):
    """A restriction, of either kind."""
    return {
        "kind": "restriction",
        "client": "C-1001",
        "id": draw(st.sampled_from(["RS-1", "RS-2"])),
        "type": draw(st.sampled_from(["self_pay", "agreed"])),
        "effective_on": draw(DAYS),
        **draw(st.sampled_from([{}, {"recipients": ["State Medicaid Agency"]}])),
    }


@st.composite
def suspensions(draw):
    """A statement of some agency."""
    return fictions.suspension(
        agency=draw(AGENCIES),
        matter=draw(MATTERS),
        stated_on=draw(DAYS),
        **draw(st.sampled_from([{}, {"statement": "oral", "through": None}, {"through": "2026-06-30"}])),
    )


@st.composite
def corrections(draw, ref, number):
    """A correction of a release, into another or into none."""
    correction = {"kind": "correction", "client": "C-1001", "corrects": ref, "reason": "x", "ref": f"K-{ref}-{number}"}
    if draw(st.booleans()):
        return {**correction, "retract": True}
    release = draw(releases())
    return {**correction, "disclosure": {k: v for k, v in release.items() if k not in ("kind", "client")}}


@st.composite
def histories(draw):
    """Chains of records: within a chain order matters, between chains it does not."""
    chains = [[fictions.client()]]
    for number in range(draw(st.integers(1, 5))):
        ref = f"D-{number}"
        chain = [{**draw(releases()), "ref": ref}]
        chain += [draw(corrections(ref, n)) for n in range(draw(st.integers(0, 2)))]
        chains.append(chain[: 1 + next((i for i, c in enumerate(chain[1:], 1) if "retract" in c), len(chain))])
    chains.append(draw(st.lists(forms(), max_size=2)))
    chains += [[one] for one in draw(st.lists(revocations(), max_size=1))]
    for id_ in ("RS-1", "RS-2"):
        chains.append([one for one in draw(st.lists(restrictions(), max_size=2)) if one["id"] == id_])
    chains += [[one] for one in draw(st.lists(suspensions(), max_size=2))]
    return [chain for chain in chains if chain]


@st.composite
def orders(draw, chains):
    """One interleaving of the chains."""
    left = [list(chain) for chain in chains]
    mixed = []
    while any(left):
        chain = draw(st.sampled_from([chain for chain in left if chain]))
        mixed.append(chain.pop(0))
    return mixed


def account(records, as_of=AS_OF, **options):
    books = Books()
    for record in records:
        books.record(record)
    return books.account("C-1001", None, as_of, asked=Asked(), **options)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_order_of_the_same_facts_changes_the_accounting(data):
    chains = data.draw(histories())
    first, second = data.draw(orders(chains)), data.draw(orders(chains))
    for as_of in (date(2026, 1, 31), date(2026, 3, 20), AS_OF):
        assert account(first, as_of).to_json() == account(second, as_of).to_json()


@settings(max_examples=80, deadline=None)
@given(histories(), st.lists(suspensions(), min_size=1, max_size=2), st.booleans(), DAYS)
def test_a_suspension_leaves_no_trace(chains, statements, summarize, day):
    records = [one for chain in chains for one in chain if one["kind"] != "suspension"]
    as_of = date.fromisoformat(day)
    with_it = account([*records, *statements], as_of, summarize=summarize).to_json()
    without = account(records, as_of, summarize=summarize).to_json()
    assert {**with_it, "rows": None} == {**without, "rows": None}

    books = Books()
    for record in [*records, *statements]:
        books.record(record)
    case = books.casefile("C-1001")
    hidden = {release.standing for release, one in case.standing() if case.is_suspended(one, as_of)}
    apart = books.account("C-1001", None, as_of, asked=Asked(), summarize=False)
    unhidden = account(records, as_of, summarize=False)
    assert not hidden & {index for row in apart.rows for index in row.entries}
    assert [r.to_json() for r in apart.rows] == [r.to_json() for r in unhidden.rows if not hidden & set(r.entries)]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_release_that_is_listed_is_in_the_accounting_stream_or_must_be_deniable(chains):
    books = Books()
    for record in (one for chain in chains for one in chain):
        books.record(record)
    answer = books.account("C-1001", None, AS_OF, asked=Asked(), summarize=False)
    listed = {index for row in answer.rows for index in row.entries}
    for index, (_, filed, stream) in enumerate(books.entries):
        if stream == "record":
            assert index not in listed
        if stream == "accounting" and filed.record.kind != "client":
            standing = any(release.standing == index for release, _ in books.casefile("C-1001").standing())
            assert (index in listed) is standing
