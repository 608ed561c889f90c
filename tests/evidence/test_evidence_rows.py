"""The rows printed against what stands (docs/format.md section 11), by ledgers that keep a rule and that break it."""

import base64
import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger import evidence
from disclosure_ledger.evidence import Evidence, Opened
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import checkpoint, content, merkle
from disclosure_ledger.log.findings import Outcome
from evidence_maker import ISSUED, EvidenceMaker, begun, changed, release, study, with_accounting
from evidence_rules import ROW, WITNESS, fails, holds, old_release, verdict_on
from outcomes import codes

# ---- rows


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.clear(),
        lambda rows: rows.append(rows[0]),
        lambda rows: rows.reverse(),
        lambda rows: rows[0].update(description=rows[0]["description"] + "."),
        lambda rows: rows[0].update(description=rows[0]["description"].upper()),
        lambda rows: rows[0].update(date="2025-02-04"),
        lambda rows: rows[0].update(purpose="The law required it."),
        lambda rows: rows[0]["recipient"].update(address="10 Court St"),
        lambda rows: rows[0]["recipient"].pop("address"),
        lambda rows: rows[0]["recipient"].update(organization="The State"),
    ],
)
def test_the_rows_are_those_that_the_entries_make_to_the_letter(change: Any) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    maker.record("disclosure", **release(disclosed_on="2025-06-01", description="a summary"))
    data = maker.build()
    holds(data)
    fails(with_accounting(data, lambda one: change(one["rows"])), "13.rows")


def test_the_period_decides_and_its_days_are_included() -> None:
    maker = begun()
    for day in ("2025-03-31", "2025-04-01", "2025-04-30", "2025-05-01"):
        maker.record("disclosure", **release(disclosed_on=day))
    data = maker.build(period=Span(from_=dt.date(2025, 4, 1), to=dt.date(2025, 4, 30)))
    assert [row["date"] for row in json.loads(data)["accounting"]["rows"]] == ["2025-04-01", "2025-04-30"]
    holds(data)


@pytest.mark.parametrize(
    ("when", "counts"),
    [
        ({"from": "2019-12-01", "to": "2020-01-05"}, True),
        ({"from": "2019-12-01", "to": "2020-01-04"}, False),
        ({"after": "2020-01-05", "interval": "within 48 hours"}, True),
        ({"after": "2020-01-04", "interval": "within 48 hours"}, False),
    ],
)
def test_a_range_counts_by_any_day_and_an_event_by_its_own(when: dict[str, str], counts: bool) -> None:
    maker = begun()
    maker.record("disclosure", **release(disclosed_on=when))
    data = maker.build()
    assert len(json.loads(data)["accounting"]["rows"]) == counts
    holds(data)


def test_the_rules_that_were_switched_decide_and_are_said() -> None:
    rules = Rules(without=frozenset({"whistleblower"}), covered_since=dt.date(2025, 1, 1)).name()
    maker = begun()
    maker.record("disclosure", **release(basis="whistleblower", counted_as="whistleblower"))
    maker.record("disclosure", **release(disclosed_on="2024-12-31"))
    data = maker.build(rules=rules)
    assert json.loads(data)["accounting"]["rows"] == []
    holds(data)
    assert any(rules in notice for notice in verdict_on(data).notices)
    plain = Rules().name()
    fails(with_accounting(data, lambda one: one.update(rules=plain)), "13.rows")


def test_no_practice_was_covered_only_after_it_issued_the_accounting() -> None:
    """Else a rule of its own choosing would leave out every release."""
    maker = begun()
    maker.record("disclosure", **release())
    for since, covered in ((ISSUED, True), (ISSUED + dt.timedelta(days=1), False), (dt.date(2999, 1, 1), False)):
        data = maker.build(rules=Rules(covered_since=since).name())
        assert json.loads(data)["accounting"]["rows"] == []
        verdict = verdict_on(data)
        assert codes(verdict) == ([] if covered else ["13.rows"])
        assert f"Left out, being from before {since}: 1 of the period's releases." in verdict.notices


@pytest.mark.parametrize(("day", "is_possible"), [("2026-01-05", True), ("2026-01-06", True), ("2026-01-07", False)])
def test_no_release_is_recorded_before_it_happened(day: str, *, is_possible: bool) -> None:
    """The entries are recorded on 5 January in UTC: in Auckland it may be the 6th."""
    for when in (day, {"from": "2025-12-01", "to": day}):
        maker = begun()
        maker.record("disclosure", **release(disclosed_on=when))
        data = maker.build(period=Span(from_=dt.date(2020, 1, 5), to=dt.date(2026, 1, 5)))
        if is_possible:
            holds(data)
        else:
            assert codes(verdict_on(data)) == ["13.day"]


def test_a_period_that_ends_after_the_map_is_not_covered() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    for end, covered in ((dt.date(2026, 1, 6), True), (dt.date(2026, 1, 7), False)):
        data = maker.build(period=Span(from_=dt.date(2020, 1, 5), to=end))
        assert codes(verdict_on(data)) == ([] if covered else ["13.not-covered"])


def test_a_representative_may_not_see_what_a_minor_consented_to_alone() -> None:
    maker = begun()
    index = maker.record("disclosure", **release(service_scope="minor_consented"))
    shown, hidden = maker.build(requester="representative"), maker.build(requester="representative", hidden=[index])
    holds(shown)
    holds(hidden)
    fails(with_accounting(hidden, lambda one: one["request"].update(requester="client")), "13.rows")


def test_an_accounting_drawn_from_another_checkpoint_is_found() -> None:
    maker = begun()
    earlier = maker.checkpoint().decode()
    data = maker.build()
    fails(with_accounting(data, lambda one: one.update(checkpoint=earlier)), "13.checkpoint")
    fails(with_accounting(data, lambda one: one.update(checkpoint="none")), "13.checkpoint")


def test_further_cosignatures_on_one_of_the_two_checkpoints_are_no_matter() -> None:
    data = begun().build()
    more = checkpoint.cosign(evidence.parse(data).checkpoint, WITNESS, 1_800_000_000)
    holds(with_accounting(data, lambda one: one.update(checkpoint=more.decode())))
    holds(changed(data, lambda made: replace(made, checkpoint=more)))


@pytest.mark.parametrize("kind", [0, 1])
def test_the_logs_lines_on_the_copy_in_the_accounting_are_those_of_the_log(kind: int) -> None:
    data = begun().build()
    lines = evidence.parse(data).checkpoint.decode().removesuffix("\n").split("\n")
    at = len(lines) - 2 + kind
    name, signature = lines[at].rsplit(" ", 1)
    raw = bytearray(base64.b64decode(signature))
    raw[-1] ^= 1
    broken = f"{name} {base64.b64encode(raw).decode()}"
    for copy in ([*lines[:at], broken, *lines[at + 1 :]], [*lines[:at], *lines[at + 1 :]]):
        text = "\n".join(copy) + "\n"
        fails(with_accounting(data, lambda one, text=text: one.update(checkpoint=text)), "13.checkpoint")


@pytest.mark.parametrize(("days", "covered"), [(0, True), (1, True), (2, False), (365, False)])
def test_what_was_issued_after_the_map_is_not_covered(days: int, covered: bool) -> None:
    issued = dt.date(2026, 1, 5) + dt.timedelta(days=days)
    verdict = verdict_on(begun().build(issued_on=issued))
    expected = (Outcome.VERIFIED, []) if covered else (Outcome.INCOMPLETE, ["13.not-covered"])
    assert (verdict.outcome, codes(verdict)) == expected


# ---- what is listed


def agency(**more: Any) -> dict[str, Any]:
    return release(basis="health_oversight", counted_as="health_oversight", description="claims data", **more)


def test_a_listed_entry_that_a_correction_replaced_is_found() -> None:
    maker = begun()
    first = maker.record("disclosure", None, **agency())
    second = maker.correct(first, None, **agency(matter="A-1"))
    maker.listed = [second]
    holds(maker.build())
    maker.listed = [first, second]
    fails(maker.build(), "13.listed")


def test_a_listed_entry_that_the_stream_corrects_is_found() -> None:
    """The replacement came into the accounting stream: what it replaces no longer stands."""
    maker = begun()
    first = maker.record("disclosure", None, **agency())
    maker.correct(first, description="moved into the stream")
    maker.listed = [first]
    fails(maker.build(), "13.listed")


def test_a_listed_correction_hides_nothing_of_the_stream() -> None:
    maker = begun()
    first = maker.record("disclosure", **release())
    maker.listed = [maker.correct(first, None, **agency())]
    holds(maker.build())
    data = maker.build(hidden=[first])
    assert len(json.loads(data)["accounting"]["rows"]) == 1
    fails(data, "13.rows")


@pytest.mark.parametrize(
    "fields",
    [
        agency(disclosed_on="2019-01-01"),
        {**agency(), "counted_as": "payment", "basis": "payment"},
    ],
)
def test_what_makes_no_row_is_not_listed(fields: dict[str, Any]) -> None:
    maker = begun()
    index = maker.record("disclosure", None, **fields)
    held = maker.held(index)
    data = maker.build()
    salt = maker.salt(index)
    shown = Opened(
        note=held.note,
        proof=merkle.prove_inclusion(index, maker.size, maker.node),
        content=content.open_fields("disclosure", fields, salt, ROW),
    )
    fails(changed(data, lambda made: replace(made, listed=(shown,))), "13.listed")


def test_an_erased_entry_is_not_listed() -> None:
    data = old_release().build()

    def change(made: Evidence) -> Evidence:
        return replace(made, listed=(made.stream[1],))

    fails(changed(data, change), "13.listed")


# ---- the research form


def with_study(**fields: Any) -> EvidenceMaker:
    maker = begun()
    covered = maker.record(
        "disclosure", **release(basis="research_waiver", counted_as="research_waiver", protocol="P-1", **fields)
    )
    maker.studied = [covered]
    return maker


def test_a_study_stands_in_place_of_the_releases_that_it_covers() -> None:
    data = with_study().build(research=(study(),))
    assert "Studies that are printed: 1. Nothing proves what is said of them." in verdict_on(data).notices
    holds(data)
    opened = [one[1] for one in evidence.parse(data).stream[1].content if isinstance(one, list)]
    assert opened == ["client", "disclosed_on", "protocol"]
    said = "Covered by studies that are printed: 1 of the period's releases. That they were made for research"
    assert f"{said} nothing here proves." in verdict_on(data).notices, "on what basis it was made is not open"


def test_no_release_hides_behind_a_study_that_is_not_printed() -> None:
    fails(with_study().build(research=()), "13.rows")


def test_no_release_hides_behind_a_study_of_other_days() -> None:
    fails(with_study().build(research=(study(**{"from": "2025-02-04"}),)), "13.rows")
    fails(with_study().build(research=(study(last="2025-02-02"),)), "13.rows")
    holds(with_study().build(research=(study(**{"from": "2025-02-03", "last": "2025-02-03"}),)))


def test_no_release_without_a_protocol_hides_behind_a_study() -> None:
    maker = begun()
    maker.studied = [maker.record("disclosure", **release())]
    fails(maker.build(research=(study(),)), "13.opened")


def test_two_protocols_do_not_hide_behind_one_study() -> None:
    maker = with_study()
    maker.studied.append(
        maker.record("disclosure", **release(basis="research_waiver", counted_as="research_waiver", protocol="P-2"))
    )
    fails(maker.build(research=(study(),)), "13.rows")


def test_what_the_research_form_covers_makes_no_row_beside_it() -> None:
    maker = with_study()
    more = maker.record(
        "disclosure", **release(basis="research_waiver", counted_as="research_waiver", protocol="P-1", description="x")
    )
    fails(maker.build(research=(study(),)), "13.rows")
    maker.studied.append(more)
    holds(maker.build(research=(study(),)))


def test_a_study_may_be_printed_of_which_nothing_is_shown() -> None:
    holds(begun().build(research=(study(),)))
