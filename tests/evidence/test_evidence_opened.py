"""What is opened of each entry (docs/format.md section 11): no less than makes the rows, and no more."""

from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger.evidence import Evidence
from evidence_maker import EvidenceMaker, begun, changed, release
from evidence_rules import ROW, fails, holds, reopened


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
