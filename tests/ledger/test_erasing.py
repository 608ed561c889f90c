"""What the retention rule lets go is gone from every byte of the database, and the rest still verifies."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

import ledgers
from disclosure_ledger import erasing, evidence, package
from disclosure_ledger.errors import NotFound, Refused
from disclosure_ledger.hipaa import accounting
from disclosure_ledger.ledger import Asked
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.package import openings
from ledgers import Practice

CANARY = "Zebulon Quackenbush"
OLD = dt.datetime(2019, 3, 5, 15, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)


def release(client: str, on: str, **more: object) -> dict[str, object]:
    return {
        "kind": "disclosure",
        "client": client,
        "disclosed_on": on,
        "recipient": {"name": f"{CANARY} Court", "type": "court"},
        "basis": "court_order",
        "description": "attendance dates",
        "matter": "881",
        "evidence": [{"type": "court_order", "ref": "881", "dated": "2019-01-02", "issuer": "County Court"}],
        "verified": "seal checked",
        "minimum_necessary": "limited to what the order names",
        "fields": ["service_dates"],
        **more,
    }


OLD_RECORDS = [
    {"kind": "client", "client": "C-1", "name": CANARY},
    release("C-1", "2019-03-01"),
    release("C-1", "2019-03-02", basis="payment", recipient={"name": f"{CANARY} Plan", "type": "health_plan"}),
    release("C-1", "2019-03-03", basis="health_oversight", recipient={"name": CANARY, "type": "oversight_agency"}),
    {"kind": "client", "client": "C-2", "name": "Other Example"},
    release("C-2", "2019-03-01"),
]


@pytest.fixture(params=ledgers.BOTH)
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Practice:
    made = Practice(ledgers.place_on(request.param, tmp_path), tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledgers, "START", OLD)
        from disclosure_ledger.ledger import Ledger

        Ledger.create(
            made.place,
            secrets=made.secrets,
            practice="Harbor",
            state_file=made.state_file,
            clock=ledgers.clock(OLD),
            entropy=ledgers.entropy("genesis"),
        )
    write(made, OLD_RECORDS, at=OLD + dt.timedelta(minutes=1))
    return made


def write(practice: Practice, objects: list[dict[str, object]], at: dt.datetime = NOW) -> None:
    ledger = practice.open(f"writer {at}", now=ledgers.clock(at))
    ledger.record_all(ledgers.from_objects(objects))
    ledger.close()


def planned(practice: Practice, client: str) -> erasing.Planned:
    ledger = practice.open("planner")
    try:
        with ledger.reading() as (_, opener):
            return erasing.plan(opener, client, today=NOW.date())
    finally:
        ledger.close()


def erase(practice: Practice, what: erasing.Planned) -> Practice:
    """Erase, and give the practice with its new vault key."""
    ledger = practice.open("eraser", now=ledgers.clock(NOW))
    new = erasing.with_new_vault_key(practice.secrets, b"\x07" * 32)
    erasing.erase(ledger, lambda _: what, reason="retention ended", authority="privacy officer", secrets=new)
    assert ledger.notices == []
    ledger.close()

    class After(Practice):
        @property
        def secrets(self):  # type: ignore[no-untyped-def]
            return new

    return After(practice.place, practice.folder, practice.origin)


def test_everything_old_of_a_client_goes_and_the_rest_verifies(practice: Practice) -> None:
    what = planned(practice, "C-1")
    assert what.entries == (1, 2, 3, 4)
    after = erase(practice, what)
    verdict = after.verify()
    assert verdict.outcome is Outcome.VERIFIED, verdict.findings
    ledger = after.open("reader")
    assert [one.fields for one in ledger.history("C-1")] == [None] * 4
    assert ledger.history("C-2")[1].fields is not None
    ledger.close()


def test_entries_of_one_stream_are_listed_together_and_an_entry_of_none_alone(practice: Practice) -> None:
    assert sorted(planned(practice, "C-1").lists) == [(1, 2), (3,), (4,)]


def test_the_beginning_of_a_stream_stays_while_anything_of_it_does(practice: Practice) -> None:
    write(practice, [release("C-1", "2026-03-01")])
    what = planned(practice, "C-1")
    assert what.entries == (2, 3, 4)
    assert erase(practice, what).verify().outcome is Outcome.VERIFIED


@pytest.mark.parametrize(("day", "goes"), [(21, True), (22, False), (23, False)])
def test_what_an_accounting_asked_for_today_reaches_is_not_erased_today(
    practice: Practice, day: int, goes: bool
) -> None:
    at = dt.datetime(2020, 11, day, 15, 0, tzinfo=dt.UTC)
    write(practice, [release("C-1", at.date().isoformat())], at=at)
    write(practice, [release("C-1", "2026-03-01")])
    what = planned(practice, "C-1")
    assert (len(OLD_RECORDS) + 1 in what.entries) is goes
    after = erase(practice, what)
    ledger = after.open("reader", now=ledgers.clock(NOW + dt.timedelta(hours=1)))
    drawn, _, proof = ledger.account(
        Asked(client="C-1", as_of=NOW.date()), practice=accounting.Practice(name="Harbor"), render=lambda *_: b""
    )
    ledger.close()
    assert len(drawn.rows) == (2 if day == 23 else 1)
    assert proof is not None
    assert evidence.verify(proof, after.trust()).outcome is Outcome.VERIFIED


def test_a_client_who_comes_back_is_owed_an_accounting_that_verifies(practice: Practice) -> None:
    """The stream goes on: its beginning was erased with all that there was, and is not written again."""
    after = erase(practice, planned(practice, "C-1"))
    write(after, [release("C-1", "2026-03-01")])
    assert after.verify().outcome is Outcome.VERIFIED
    ledger = after.open("reader", now=ledgers.clock(NOW + dt.timedelta(hours=1)))
    drawn, _, proof = ledger.account(
        Asked(client="C-1", as_of=NOW.date()), practice=accounting.Practice(name="Harbor"), render=lambda *_: b""
    )
    ledger.close()
    assert len(drawn.rows) == 1
    assert proof is not None
    verdict = evidence.verify(proof, after.trust())
    assert verdict.outcome is Outcome.VERIFIED, verdict.findings
    assert [notice for notice in verdict.notices if "was erased" in notice] == [
        "Entry 1 was erased.",
        "Entry 2 was erased.",
    ]


@pytest.mark.parametrize("practice", ["sqlite"], indirect=True)
def test_what_was_opened_of_an_erased_entry_is_taken_out_of_a_package_that_grows(
    practice: Practice, tmp_path: Path
) -> None:
    target = tmp_path / "audit"
    ledger = practice.open("opener", now=ledgers.clock(NOW))
    shown = [ledger.open_fields(index, ["basis"]) for index in (2, 6)]
    ledger.export(target, shown)
    ledger.close()
    after = erase(practice, planned(practice, "C-1"))
    ledger = after.open("exporter", now=ledgers.clock(NOW + dt.timedelta(hours=1)))
    with pytest.raises(Refused, match="erased since"):
        ledger.export(target, shown)
    done = ledger.export(target)
    ledger.close()
    assert (done.withdrawn, done.before, done.added) == (1, 7, 4)
    assert [one.index for one in openings.parse((target / "openings.json").read_bytes())] == [6]
    verdict = package.verify(target, trust=after.trust())
    assert verdict.outcome is Outcome.VERIFIED, verdict.findings


def test_a_hold_keeps_everything(practice: Practice) -> None:
    write(practice, [{"kind": "hold", "client": "C-1", "reason": "case 881"}])
    with pytest.raises(Refused, match="legal hold"):
        planned(practice, "C-1")
    write(practice, [{"kind": "hold_lifted", "client": "C-1"}], at=NOW + dt.timedelta(minutes=1))
    assert planned(practice, "C-1").entries == (2, 3, 4)


def test_what_is_younger_than_six_years_stays(practice: Practice) -> None:
    write(practice, [release("C-3", "2018-01-02")])  # recorded late: its six years run from then
    assert planned(practice, "C-3").entries == ()


def test_a_listed_release_stays_six_years_from_the_accounting(practice: Practice) -> None:
    given = {
        "kind": "accounting_provided",
        "client": "C-1",
        "request": "R-1",
        "provided_on": "2021-03-01",
        "fee": "0.00",
    }
    asked = {
        "kind": "accounting_request",
        "client": "C-1",
        "id": "R-1",
        "requested_on": "2021-02-01",
        "received_on": "2021-02-02",
    }
    write(practice, [asked, given], at=dt.datetime(2021, 3, 1, 12, 0, tzinfo=dt.UTC))
    assert planned(practice, "C-1").entries == ()


def test_a_form_without_an_end_stays(practice: Practice) -> None:
    form = {
        "kind": "authorization",
        "client": "C-2",
        "id": "A-1",
        "signed_on": "2019-01-02",
        "recipients": ["Westbrook Academy"],
        "information": "attendance",
        "purpose": "school plan",
        "expires_when": "the end of treatment",
    }
    write(practice, [form], at=OLD + dt.timedelta(hours=1))
    assert 7 not in planned(practice, "C-2").entries
    revoked = {"kind": "authorization_revoked", "client": "C-2", "id": "A-1", "received_on": "2019-06-01"}
    write(practice, [revoked], at=dt.datetime(2019, 6, 1, 12, 0, tzinfo=dt.UTC))
    assert {7, 8} <= set(planned(practice, "C-2").entries)


def test_nobody_is_nobody(practice: Practice) -> None:
    with pytest.raises(NotFound):
        planned(practice, "C-404")


def test_no_byte_of_an_erased_client_is_left_in_the_file_its_log_or_its_free_pages(tmp_path: Path) -> None:
    """The content is sealed, so what must be gone is the sealed bytes themselves."""
    made = Practice(str(tmp_path / "disclosures.db"), tmp_path)
    made.create()
    write(made, OLD_RECORDS, at=ledgers.START + dt.timedelta(minutes=1))
    ledger = made.open("reader")
    with ledger.reading() as (reading, _):
        sealed = [reading.stored(index).content for index in (1, 2, 3, 4)]
        keys = dict(reading.data_keys())
    ledger.close()
    assert all(
        content and any(content in path.read_bytes() for path in tmp_path.glob("disclosures.db*")) for content in sealed
    )
    what = erasing.Planned(lists=((1, 2), (3,), (4,)))
    after = erase(made, what)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("disclosures.db*"))
    for content in sealed:
        assert content is not None
        for place in range(0, len(content) - 24, 24):
            assert content[place : place + 24] not in left
    for wrapped in keys.values():
        assert wrapped not in left, "the old wrapping is gone too"
    assert after.verify().outcome is Outcome.FAILED  # six years were not over here, and verification says so


def test_an_old_copy_opens_only_with_a_key_file_of_its_time(practice: Practice) -> None:
    after = erase(practice, planned(practice, "C-1"))
    ledger = after.open("reader")
    with ledger.reading() as (reading, _):
        anew = dict(reading.data_keys())
    ledger.close()
    assert len(anew) == 1
    assert after.verify().outcome is Outcome.VERIFIED
    assert (
        Practice(practice.place, practice.folder).verify().outcome is Outcome.FAILED
    )  # the old vault key opens nothing


def test_a_pending_change_of_keys_is_settled_by_what_the_database_says(practice: Practice) -> None:
    new = erasing.with_new_vault_key(practice.secrets, b"\x07" * 32)
    both = replace(practice.secrets, pending=new)

    class Interrupted(Practice):
        @property
        def secrets(self):  # type: ignore[no-untyped-def]
            return both

    held = Interrupted(practice.place, practice.folder, practice.origin)
    before = held.open("reader")
    assert before.secrets.vault_key == practice.secrets.vault_key
    before.close()
    assert held.verify().outcome is Outcome.VERIFIED
    erase(practice, planned(practice, "C-1"))
    later = held.open("reader")
    assert later.secrets == new
    assert later.history("C-2")[1].fields is not None
    later.close()
    assert held.verify().outcome is Outcome.VERIFIED
