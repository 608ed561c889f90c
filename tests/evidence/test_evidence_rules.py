"""The rules of docs/format.md section 11, each with an honest ledger beside one that breaks it."""

import base64
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from disclosure_ledger import evidence, package, pile, targets
from disclosure_ledger.canonical import encode
from disclosure_ledger.evidence import Evidence, Opened, Shown
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import checkpoint, content, merkle
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.checkpoint import Known, Trust
from disclosure_ledger.log.findings import Outcome, Verdict
from disclosure_ledger.log.note import COSIGNATURE
from evidence_maker import ISSUED, EvidenceMaker, begun, changed, release, study, with_accounting
from golden_log import keys, signer_from_seed, signers
from log_maker import recorder
from outcomes import codes, trust
from stamping import Stamper


def verdict_on(data: bytes, **told: Any) -> Verdict:
    return evidence.verify(data, trust("log-1"), **told)


def holds(data: bytes) -> None:
    verdict = verdict_on(data)
    assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, []), verdict.findings


def fails(data: bytes, *expected: str) -> Verdict:
    verdict = verdict_on(data)
    assert verdict.outcome is Outcome.FAILED, verdict
    assert set(expected) <= set(codes(verdict)), verdict.findings
    return verdict


def three(maker: EvidenceMaker) -> list[int]:
    """Three releases of one matter to one recipient, of a basis that may be summed up (164.528(b)(3))."""
    board = {"name": "State Board", "type": "oversight_agency"}
    fields = {"basis": "workers_compensation", "counted_as": "workers_compensation", "matter": "WC-77"}
    return [
        maker.record("disclosure", **release(disclosed_on=f"2025-0{month}-01", recipient=board, **fields))
        for month in (3, 4, 5)
    ]


# ---- what holds


def test_a_client_without_disclosures_has_a_stream_of_one_entry() -> None:
    holds(begun().build())


def test_releases_corrections_and_retractions_hold() -> None:
    maker = begun()
    first = maker.record("disclosure", **release())
    second = maker.correct(first, description="visit dates")
    maker.correct(second, description="visit dates of 2024")
    maker.retract(maker.record("disclosure", **release(description="wrong client")))
    maker.record("disclosure", **release(disclosed_on="2019-05-05"))
    maker.record("disclosure", **release(counted_as="payment", basis="payment", purpose=None))
    holds(maker.build())


def test_every_group_is_summed_up_or_none_is() -> None:
    maker = begun()
    three(maker)
    both = maker.build(), maker.build(summarize=False)
    for data in both:
        holds(data)
    rows = [json.loads(data)["accounting"]["rows"] for data in both]
    assert [len(one) for one in rows] == [1, 3]
    mixed = with_accounting(both[1], lambda one: one.update(rows=[*rows[0], rows[1][0]]))
    fails(mixed, "13.rows")


def test_a_release_in_no_stream_is_listed() -> None:
    maker = begun()
    maker.listed = [
        maker.record("disclosure", None, **release(basis="health_oversight", counted_as="health_oversight"))
    ]
    data = maker.build()
    holds(data)
    assert len(json.loads(data)["accounting"]["rows"]) == 1


def test_keys_are_followed_through_recorders_and_rotations() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.record("disclosure", by="front-desk", **release())
    maker.revoke("front-desk")
    maker.hand_over()
    maker.record("disclosure", **release(description="after"))
    data = maker.build()
    holds(data)
    assert evidence.verify(data, Trust(keys=(keys()["log-2-mldsa"],))).outcome is Outcome.VERIFIED


def test_an_erased_entry_shows_its_erasure() -> None:
    holds(old_release().build())


def old_release(erased_on: dt.datetime | None = None, recorded: int = 2012) -> EvidenceMaker:
    """A ledger begun in 2012 whose first release was erased."""
    maker = EvidenceMaker(now=dt.datetime(recorded, 2, 3, 9, tzinfo=dt.UTC))
    maker.genesis()
    maker.record("client", client="C-1001")
    maker.record("disclosure", **release(disclosed_on=f"{recorded}-02-02"))
    maker.now = erased_on or dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
    maker.erase([[2, 2]])
    maker.now = max(maker.now, dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC))
    maker.record("disclosure", **release())
    return maker


def come_back(*, erased: list[list[int]], releases: int) -> EvidenceMaker:
    """A ledger begun in 2012 of whose client something was erased, who then came back."""
    maker = EvidenceMaker(now=dt.datetime(2012, 2, 3, 9, tzinfo=dt.UTC))
    maker.genesis()
    maker.record("client", client="C-1001")
    maker.record("disclosure", **release(disclosed_on="2012-02-02"))
    maker.now = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
    maker.erase(erased)
    for _ in range(releases):
        maker.record("disclosure", **release())
    return maker


def test_a_client_who_comes_back_after_everything_was_erased_is_named_by_what_came_later() -> None:
    holds(come_back(erased=[[1, 2]], releases=2).build())
    nothing_later = verdict_on(come_back(erased=[[1, 2]], releases=0).build())
    assert (nothing_later.outcome, codes(nothing_later)) == (Outcome.INCOMPLETE, ["13.client-erased"])
    other = with_accounting(
        come_back(erased=[[1, 2]], releases=1).build(), lambda one: one["client"].update(number="C-1002")
    )
    assert "13.client" in codes(verdict_on(other))


def test_the_beginning_of_a_stream_is_erased_with_all_of_it_that_there_was() -> None:
    assert codes(verdict_on(come_back(erased=[[1, 1]], releases=1).build())) == ["13.erasure"]


# ---- what is opened


def reopened(maker: EvidenceMaker, data: bytes, place: int, *names: str) -> bytes:
    """The evidence with other fields of one stream entry opened."""

    def change(made: Evidence) -> Evidence:
        one = made.stream[place]
        header = entries.parse(one.note).header
        fields, salt = maker.fields[header.index], maker.salt(header.index)
        shown = replace(one, content=content.open_fields(header.kind, fields, salt, names))
        return replace(made, stream=(*made.stream[:place], shown, *made.stream[place + 1 :]))

    return changed(data, change)


ROW = (
    *("basis", "client", "counted_as", "description", "disclosed_by", "disclosed_on", "explanation", "matter"),
    *("protocol", "purpose", "recipient", "service_scope"),
)


@pytest.mark.parametrize("more", ["note", "recorded_by", "findings", "overrides", "verified", "minimum_necessary"])
def test_what_is_not_the_clients_to_read_is_not_opened(more: str) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    data = maker.build()
    holds(reopened(maker, data, 1, *ROW))
    fails(reopened(maker, data, 1, *ROW, more), "13.opened")


@pytest.mark.parametrize("less", ROW)
def test_everything_that_a_row_is_made_of_is_opened(less: str) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    fails(reopened(maker, maker.build(), 1, *(name for name in ROW if name != less)), "13.opened")


def test_of_an_entry_outside_the_period_the_day_alone_is_opened() -> None:
    maker = begun()
    maker.record("disclosure", **release(disclosed_on="2019-05-05"))
    data = maker.build()
    holds(data)
    fails(reopened(maker, data, 1, *ROW), "13.opened")
    fails(reopened(maker, data, 1), "13.opened")


def test_of_a_replaced_entry_the_day_alone_is_opened() -> None:
    maker = begun()
    maker.correct(maker.record("disclosure", **release()))
    fails(reopened(maker, maker.build(), 1, *ROW), "13.opened")


@pytest.mark.parametrize("names", [(), ("name",), ("client", "name")])
def test_of_the_first_entry_the_client_alone_is_opened(names: tuple[str, ...]) -> None:
    maker = begun()
    fails(reopened(maker, maker.build(), 0, *names), "13.opened")


def test_a_correction_shows_what_it_corrects_and_whether_it_retracts() -> None:
    maker = begun()
    maker.correct(maker.record("disclosure", **release()))
    data = maker.build()
    for hidden in ("corrects", "retract"):
        names = {*ROW, "corrects", "retract"} - {hidden}
        fails(reopened(maker, data, 2, *names), "13.opened")


@pytest.mark.parametrize(
    "fields",
    [
        {"corrects": 99},
        {"corrects": 3},
        {"corrects": -1},
        {"corrects": "2"},
        {"corrects": True},
        {"retract": 1},
        {"retract": "no"},
        {"retract": True},
    ],
)
def test_a_correction_makes_sense(fields: dict[str, Any]) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    maker.record("correction", **{"corrects": 2, "reason": "a slip", **release(), **fields})
    fails(_built_lenient(maker), "13.opened")


def _built_lenient(maker: EvidenceMaker) -> bytes:
    """The evidence of a ledger whose correction makes no sense, opened as if it did."""
    kept, sound = maker.fields[3], {**maker.fields[3], "corrects": 2, "retract": None}
    maker.fields[3] = sound
    data = maker.build()
    maker.fields[3] = kept
    names = {"disclosed_on", "corrects", "retract"} if kept.get("retract") is True else {*ROW, "corrects", "retract"}
    return reopened(maker, data, 2, *names)


def test_no_entry_is_corrected_twice_in_one_class() -> None:
    maker = begun()
    first = maker.record("disclosure", **release())
    maker.correct(first, description="one way")
    maker.correct(first, description="another way")
    fails(maker.build(), "13.stream")


def test_a_field_that_the_entry_does_not_commit_to_is_refused() -> None:
    maker = begun()
    maker.record("disclosure", **release())

    def change(made: Evidence) -> Evidence:
        places = [
            [*one[:2], "X"] if isinstance(one, list) and one[1] == "matter" else one for one in made.stream[1].content
        ]
        return replace(made, stream=(made.stream[0], replace(made.stream[1], content=places)))

    fails(changed(maker.build(), change), "13.opened")


@pytest.mark.parametrize(
    "fields",
    [
        {"disclosed_on": "2025-02-30"},
        {"disclosed_on": {"from": "2025-02-03"}},
        {"disclosed_on": 20250203},
        {"recipient": {"name": "", "type": "court"}},
        {"recipient": "County Court"},
        {"counted_as": "because"},
        {"description": ""},
        {"service_scope": "secret"},
        {"purpose": 7},
        {"counted_as": None},
    ],
)
def test_a_content_that_is_no_release_makes_no_row(fields: dict[str, Any]) -> None:
    maker = begun()
    index = maker.record("disclosure", **{**release(), **fields})
    kept = maker.fields[index]
    maker.fields[index] = release()
    data = maker.build()
    maker.fields[index] = kept
    fails(reopened(maker, data, 1, *ROW), "13.opened")


# ---- the stream


def test_the_first_entry_cannot_be_an_erased_one_while_another_of_its_time_stands() -> None:
    maker = old_release()
    maker.erase([[1, 1]])
    fails(maker.build(), "13.erasure")


def test_another_client_under_this_number_is_found() -> None:
    maker = begun()
    maker.record("disclosure", **release(client="C-1001"))
    data = with_accounting(maker.build(), lambda one: one.update(client={"number": "C-2002", "name": None}))
    fails(data, "13.client")


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(client={"number": " C-1001", "name": None}),
        lambda one: one.update(rules=one["rules"] + "\u3000"),
        lambda one: one["statements"].append("a\x85"),
        lambda one: one["rows"][0].update(description=one["rows"][0]["description"] + " "),
    ],
)
def test_a_text_that_is_printed_is_trimmed_and_never_read_as_if_it_were(change: Any) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    fails(with_accounting(maker.build(), change), "13.form")


@pytest.mark.parametrize("fields", [{"purpose": "A court ordered it. "}, {"matter": "\u00a0C-7"}])
def test_a_text_that_is_opened_is_trimmed(fields: dict[str, str]) -> None:
    maker = begun()
    maker.record("disclosure", **release(**fields))
    fails(maker.build(), "13.opened")


def test_what_is_no_white_space_to_unicode_is_part_of_a_text() -> None:
    maker = begun()
    maker.record("disclosure", **release(description="\ufeffattendance dates", purpose="\u200bA court ordered it."))
    holds(maker.build())


def test_a_release_about_somebody_else_in_this_stream_is_found() -> None:
    maker = begun()
    root = content.commit("disclosure", release(client="C-2002"), maker.salt(2))
    maker.append(maker.header("disclosure", content_root=root, content_fields=31, stream=maker.link("C-1001")))
    maker.fields[2] = release(client="C-2002")
    fails(maker.build(), "13.client")


def test_a_second_client_record_in_the_stream_is_found() -> None:
    maker = begun()
    maker.record("client", client="C-1001", name="Dana Whitfield")
    fails(with_second(maker), "13.stream")


def with_second(maker: EvidenceMaker) -> bytes:
    """The evidence of a stream whose second entry is entry 2, of whatever kind, with its client opened."""
    data = maker.build(only=1)
    shown = content.open_fields(maker.made[2].header.kind, maker.fields[2], maker.salt(2), ["client"])

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_inclusion(2, maker.size, maker.node)
        return replace(made, stream=(*made.stream, Opened(note=maker.notes[2], proof=proof, content=shown)))

    return changed(data, change)


def test_an_authorization_in_the_stream_is_found() -> None:
    maker = begun()
    maker.record("authorization", client="C-1001", id="A-1")
    fails(with_second(maker), "13.stream")


@pytest.mark.parametrize("kept", [slice(0, 2), slice(1, 3), slice(0, 1)])
def test_no_part_of_a_stream_passes_for_the_whole(kept: slice) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    maker.record("disclosure", **release(description="second"))
    fails(changed(maker.build(), lambda made: replace(made, stream=made.stream[kept])), "13.stream")


def test_the_map_must_be_the_last_entry() -> None:
    maker = begun()
    maker.stream_map()
    early = maker.shown(maker.size - 1)
    maker.record("disclosure", **release())
    data = maker.build(hidden=[3])
    size = maker.size

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_inclusion(2, size, maker.node)
        shown = replace(made.stream_map, note=early.note, proof=proof, siblings=(), end=_end(made))
        return replace(made, stream_map=shown, stream=made.stream[:1])

    fails(changed(data, change), "13.stream-map")


def _end(made: Evidence) -> Any:
    head = merkle.leaf_hash(made.stream[0].note)
    return made.stream_map.end._replace(length=1, head=head)


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


# ---- keys, signatures, time


def test_an_entry_by_a_recorder_of_before_or_after_its_time_is_found() -> None:
    early = begun()
    early.record("disclosure", by="front-desk", **release())
    early.add_recorder("front-desk")
    fails(early.build(), "3.recorder")
    late = begun()
    late.add_recorder("front-desk")
    late.revoke("front-desk")
    late.record("disclosure", by="front-desk", **release())
    fails(late.build(), "3.recorder")


def test_a_revocation_may_be_signed_by_who_is_revoked_and_nothing_after() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.revoke("front-desk", by="front-desk")
    holds(maker.build())


def test_a_revocation_that_was_left_out_is_found_with_the_package(tmp_path: Path) -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    maker.revoke("front-desk")
    data = changed(maker.build(), lambda made: replace(made, keys=made.keys[:-1]))
    holds(data)
    (tmp_path / "evidence.json").write_bytes(data)
    vkeys = [key.vkey() for key in maker.keys().both()]
    package.write(tmp_path / "audit", package.files(checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=vkeys))
    known = pile.gather([tmp_path / "audit"])
    verdict = targets.verify(tmp_path / "evidence.json", trust=trust("log-1"), known=known)
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["13.keys"])


@pytest.mark.parametrize("order", [(1, 0), (0, 0, 1), (0, 1, 1), ()])
def test_key_entries_stand_in_order_once_and_begin_with_the_genesis(order: tuple[int, ...]) -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    data = changed(maker.build(), lambda made: replace(made, keys=tuple(made.keys[place] for place in order)))
    fails(data, "13.keys")


def test_without_the_genesis_that_alone_is_said_of_signatures() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    verdict = fails(changed(maker.build(), lambda made: replace(made, keys=())), "13.keys")
    assert codes(verdict) == ["13.keys", "7.ed25519", "7.trusted-key"]


def test_a_trusted_key_is_one_of_the_logs() -> None:
    data = begun().build()
    verdict = evidence.verify(data, Trust(keys=(keys()["log-2"],)))
    assert (verdict.outcome, codes(verdict)) == (Outcome.FAILED, ["7.trusted-key"])
    assert codes(evidence.verify(data, Trust())) == ["7.no-trusted-key"]
    assert codes(evidence.verify(data, Trust(keys=(keys()["log-2"], keys()["log-1"])))) == []
    for pair, expected in ((("log-1", "log-2-mldsa"), ["7.trusted-key"]), (("log-1", "log-1-mldsa"), [])):
        assert codes(evidence.verify(data, Trust(keys=tuple(keys()[role] for role in pair)))) == expected


def test_no_other_entry_passes_for_one_that_changes_a_key() -> None:
    maker = begun()
    maker.stream_map()
    data = maker.build()
    shown = Shown(note=maker.notes[2], proof=merkle.prove_inclusion(2, maker.size, maker.node))
    more = evidence.KeyShown(note=shown.note, proof=shown.proof)
    fails(changed(data, lambda made: replace(made, keys=(*made.keys, more))), "13.keys")


def test_a_key_added_again_or_in_another_role_is_found() -> None:
    again = begun()
    again.add_recorder("front-desk")
    again.revoke("front-desk")
    again.add_recorder("front-desk")
    fails(again.build(), "3.key-again")
    role = begun()
    role.public("recorder_added", {"recorder": _as_recorder("log-1")})
    fails(role.build(), "3.key-again")
    unknown = begun()
    unknown.revoke("front-desk")
    fails(unknown.build(), "3.revocation")


def _as_recorder(role: str) -> str:
    own = signers()[role].key
    return replace(own, name=f"{own.name}/recorders/sly").vkey()


def test_a_rotation_needs_its_handover_whole() -> None:
    maker = begun()
    maker.hand_over()
    data = maker.build()
    holds(data)

    def keys(change: Any) -> bytes:
        return changed(data, lambda made: replace(made, keys=(made.keys[0], change(made.keys[1]))))

    fails(keys(lambda one: replace(one, handover=None, consistency=None)), "7.handover")
    text, _, lines = maker.handovers[3].partition(b"\n\n")
    for line in lines.splitlines(keepends=True):
        fails(keys(lambda one, line=line: replace(one, handover=text + b"\n\n" + line)), "7.handover")
    fails(keys(lambda one: replace(one, handover=maker.checkpoint(2, log="log-1"))), "7.handover")
    fails(keys(lambda one: replace(one, consistency=one.consistency[:-1])), "7.consistency")
    fails(keys(lambda one: replace(one, consistency=(*one.consistency, bytes(32)))), "7.consistency")


def test_a_handover_without_a_rotation_is_found() -> None:
    maker = begun()
    maker.add_recorder("front-desk")
    raw, size = maker.checkpoint(), maker.size
    data = maker.build()

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_consistency(size, maker.size, maker.node)
        return replace(made, keys=(made.keys[0], replace(made.keys[1], handover=raw, consistency=proof)))

    fails(changed(data, change), "7.handover-unasked")


def test_keys_of_before_do_not_sign_after_the_rotation() -> None:
    maker = begun()
    maker.hand_over()
    maker.log = "log-1"
    fails(maker.build(), "7.ed25519", "7.mldsa")


def test_the_logs_own_time_is_its_last_entrys() -> None:
    maker = begun()
    data = maker.build()
    named = checkpoint.parse(maker.checkpoint()).checkpoint
    late = checkpoint.add_mldsa(checkpoint.sign(named, signers()["log-1"]), signers()["log-1-mldsa"], 5)
    data = changed(data, lambda made: replace(made, checkpoint=late))
    fails(data, "7.mldsa-time")


def test_time_does_not_run_backwards_among_the_entries_shown() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    maker.now -= dt.timedelta(hours=3)
    maker.record("disclosure", **release())
    maker.now += dt.timedelta(hours=3)
    fails(maker.build(), "4.backwards")


def test_neighbours_that_are_both_shown_are_linked() -> None:
    maker = begun()
    root = content.commit("disclosure", release(), maker.salt(2))
    header = maker.header("disclosure", content_root=root, content_fields=31, stream=maker.link("C-1001"))
    maker.append(replace(header, previous=bytes(32)))
    maker.fields[2] = release()
    fails(maker.build(), "2.previous")


WITNESS = signer_from_seed("board.example/w", COSIGNATURE, b"w" * 32)


@pytest.mark.parametrize(("late", "expected"), [(-301, ["4.after-outside-time"]), (-300, []), (60, [])])
def test_no_entry_is_later_than_a_witness(late: int, expected: list[str]) -> None:
    maker = begun()
    data = maker.build()
    time = int(maker.made[-1].header.recorded_at.timestamp()) + late
    cosigned = changed(data, lambda made: replace(made, checkpoint=checkpoint.cosign(made.checkpoint, WITNESS, time)))
    told = Trust(keys=trust("log-1").keys, witnesses=(WITNESS.key,), quorum=1)
    assert codes(evidence.verify(cosigned, told)) == expected
    assert codes(evidence.verify(data, told)) == ["9.quorum"]


def test_one_of_the_ledgers_own_keys_is_no_witness() -> None:
    own = replace(recorder("owner").key, kind=COSIGNATURE)
    told = Trust(keys=trust("log-1").keys, witnesses=(own,), quorum=0)
    assert codes(evidence.verify(begun().build(), told)) == ["9.witness"]


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    pytest.importorskip("rfc3161_client")
    return Stamper.made(tmp_path_factory.mktemp("tsa"))


def test_a_timestamp_in_evidence_is_verified(stamper: Stamper) -> None:
    maker = begun()
    data = maker.build()
    text = checkpoint.parse(evidence.parse(data).checkpoint).note.text
    good = changed(data, lambda made: replace(made, timestamps=(stamper.stamp(text),)))
    wrong = changed(data, lambda made: replace(made, timestamps=(stamper.stamp(b"else"),)))
    assert codes(verdict_on(good, authorities=[stamper.authority()])) == []
    assert codes(verdict_on(good)) == ["10.authority"]
    assert codes(verdict_on(wrong, authorities=[stamper.authority()])) == ["10.timestamp"]
    later = begun()
    later.now = later.now.replace(year=2999)
    later.record("disclosure", **release())
    data = later.build(issued_on=dt.date(2026, 1, 5))
    text = checkpoint.parse(evidence.parse(data).checkpoint).note.text
    late = changed(data, lambda made: replace(made, timestamps=(stamper.stamp(text),)))
    assert codes(verdict_on(late, authorities=[stamper.authority()])) == ["4.after-outside-time"]


# ---- erasures


@pytest.mark.parametrize("number", [0, 1, 4])
def test_an_erasure_lists_the_entry_that_it_is_shown_for(number: int) -> None:
    maker = old_release()
    data = maker.build()

    def change(made: Evidence) -> Evidence:
        proof = merkle.prove_inclusion(number, maker.size, maker.node)
        shown = replace(made.stream[1], erasure=Shown(note=maker.notes[number], proof=proof))
        return replace(made, stream=(made.stream[0], shown, *made.stream[2:]))

    fails(changed(data, change), "13.erasure")


def test_an_erasure_that_does_not_list_it_is_found() -> None:
    maker = old_release()
    maker.erase([[4, 4]])
    data = maker.build(hidden=[4])

    def change(made: Evidence) -> Evidence:
        return replace(
            made, stream=(*made.stream[:1], replace(made.stream[1], erasure=made.stream[2].erasure), *made.stream[2:])
        )

    fails(changed(data, change), "13.erasure")


@pytest.mark.parametrize(("erased", "expected"), [(dt.date(2018, 2, 2), ["12.too-early"]), (dt.date(2018, 2, 3), [])])
def test_nothing_is_erased_sooner_than_six_years_after(erased: dt.date, expected: list[str]) -> None:
    maker = old_release(dt.datetime(erased.year, erased.month, erased.day, 9, tzinfo=dt.UTC))
    assert codes(verdict_on(maker.build())) == expected


def test_nothing_of_the_period_is_erased() -> None:
    maker = old_release(recorded=2012)
    data = maker.build()
    early = Span(from_=dt.date(2012, 2, 4), to=dt.date(2026, 1, 5)).from_.isoformat()
    later = Span(from_=dt.date(2012, 2, 5), to=dt.date(2026, 1, 5)).from_.isoformat()
    assert "13.erasure" in codes(verdict_on(with_accounting(data, lambda one: one["period"].update({"from": early}))))
    holds(with_accounting(data, lambda one: one["period"].update({"from": later})))


# ---- versions


def test_a_rule_set_or_an_accounting_of_a_later_version_is_incomplete() -> None:
    maker = begun()
    maker.record("disclosure", **release())
    data = maker.build()
    for change in (
        lambda one: one.update(rules="45-cfr-164.528/2031-01-01"),
        lambda one: one.update(rules=Rules().name() + "+some-reading"),
        lambda one: one.update(format="disclosure-ledger/accounting/v2", more=1),
    ):
        verdict = verdict_on(with_accounting(data, change))
        assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["13.version"])
    fails(with_accounting(data, lambda one: one.update(more=1)), "13.form")
    fails(with_accounting(data, lambda one: one.update(issued_on="today")), "13.form")


def test_an_entry_of_a_later_version_in_the_stream_is_never_failed() -> None:
    maker = begun()
    first = maker.record("disclosure", **release())
    maker.correct(first, description="visit dates")
    note = maker.notes[3].replace(b'"v":1', b'"v":2')
    maker.notes[3] = note
    made = maker.made[3]
    maker.made[3] = replace(made, raw=note, leaf_hash=merkle.leaf_hash(note))
    maker.frontier = merkle.EMPTY.extend([one.leaf_hash for one in maker.made])
    maker.frontiers[4] = maker.frontier
    tag = made.header.stream
    assert tag is not None
    maker.ends[tag.tag] = maker.ends[tag.tag]._replace(head=merkle.leaf_hash(note))
    data = maker.build(only=2, hidden=[2])
    shown = content.open_fields("disclosure", maker.fields[2], maker.salt(2), ["disclosed_on"])

    def change(made: Evidence) -> Evidence:
        later = Opened(note=note, proof=merkle.prove_inclusion(3, maker.size, maker.node), content=[])
        return replace(made, stream=(made.stream[0], replace(made.stream[1], content=shown), later))

    verdict = verdict_on(changed(data, change))
    assert (verdict.outcome, set(codes(verdict))) == (Outcome.INCOMPLETE, {"1.version"})


# ---- known from outside


def test_an_earlier_evidence_file_shows_the_same_beginning(tmp_path: Path) -> None:
    maker = begun()
    maker.record("disclosure", **release())
    (tmp_path / "early").write_bytes(maker.build())
    maker.record("disclosure", **release(description="second"))
    (tmp_path / "late").write_bytes(maker.build())
    for shown, known in (("late", "early"), ("early", "late")):
        verdict = targets.verify(tmp_path / shown, trust=trust("log-1"), known=pile.gather([tmp_path / known]))
        assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, [])


def test_an_earlier_evidence_file_with_more_entries_accuses(tmp_path: Path) -> None:
    honest, rewritten = begun(), begun()
    for maker, count in ((honest, 2), (rewritten, 1)):
        for number in range(count):
            maker.record("disclosure", **release(description=f"release {number}"))
    (tmp_path / "early").write_bytes(honest.build())
    for _ in range(4):
        rewritten.sealed("hold", "C-2002", stream_class=None)
    (tmp_path / "late").write_bytes(rewritten.build())
    verdict = targets.verify(tmp_path / "late", trust=trust("log-1"), known=pile.gather([tmp_path / "early"]))
    assert verdict.outcome is Outcome.FAILED
    assert "8.earlier" in codes(verdict)
    assert verdict.accusations


def test_evidence_of_another_client_is_no_earlier_one(tmp_path: Path) -> None:
    maker = begun()
    maker.record("client", client="C-2002")
    (tmp_path / "other").write_bytes(maker.build("C-2002"))
    (tmp_path / "own").write_bytes(maker.build())
    verdict = targets.verify(tmp_path / "own", trust=trust("log-1"), known=pile.gather([tmp_path / "other"]))
    assert (verdict.outcome, codes(verdict)) == (Outcome.VERIFIED, [])


def test_a_checkpoint_by_nobody_that_is_trusted_vouches_for_nothing() -> None:
    maker = begun()
    data = maker.build()
    named = checkpoint.parse(maker.checkpoint()).checkpoint
    raw = checkpoint.sign(named, signers()["log-2"])
    verdict = evidence.verify(data, trust("log-1", known=(Known(where="x", raw=raw),)))
    assert (verdict.outcome, codes(verdict)) == (Outcome.INCOMPLETE, ["8.signature"])


# ---- no client's data


def test_no_finding_and_no_notice_holds_a_clients_data() -> None:
    canary = "Canary Whitfield-Zzyzx"
    maker = begun()
    maker.record("disclosure", **release(description=canary, recipient={"name": canary, "type": "court"}))
    maker.record("disclosure", None, **release(description=canary))
    data = maker.build()
    mutations = [
        with_accounting(data, lambda one: one["rows"].clear()),
        with_accounting(data, lambda one: one.update(client={"number": canary, "name": canary})),
        with_accounting(data, lambda one: one.update(rules=canary)),
        with_accounting(data, lambda one: one["rows"][0].update(description=5)),
        reopened(maker, data, 1, "description"),
        encode({**json.loads(data), canary: 1}),
    ]
    for one in mutations:
        verdict = verdict_on(one)
        assert verdict.outcome is not Outcome.VERIFIED
        assert canary not in repr(replace(verdict, checkpoint=None))
