"""The walk over entries: streams and stream maps (docs/format.md section 12, checks 5 and 6)."""

from dataclasses import replace

import pytest

from disclosure_ledger.log.entry import Header, StreamLink
from disclosure_ledger.log.streams import StreamEnd, map_root
from disclosure_ledger.strict import base64_of
from log_maker import LogMaker, tag_of
from walking import begun, faults, findings


def moved(**changes: object) -> list[tuple[int, str]]:
    """The faults of a third entry in a stream whose link was changed."""
    maker = begun()
    maker.sealed("client")
    maker.sealed("disclosure")
    first = maker.made[1].leaf_hash

    def twist(header: Header) -> Header:
        assert header.stream is not None
        link = {name: first if value == "first" else value for name, value in changes.items()}
        return replace(header, stream=replace(header.stream, **link))

    maker.sealed("disclosure", twist=twist)
    return faults(maker)


@pytest.mark.parametrize("position", [1, 3, 4, 1000, 2**53 - 1])
def test_a_position_that_is_not_the_next_is_named(position: int) -> None:
    assert moved(position=position) == [(3, "5.position")]


def test_a_stream_does_not_begin_anew() -> None:
    assert moved(position=0, previous=None) == [(3, "5.position")]


def test_a_client_record_does_not_begin_a_stream_anew() -> None:
    maker = begun()
    maker.sealed("client")
    link = StreamLink(tag=tag_of("C-1001"), position=0, previous=None)
    maker.sealed("client", twist=lambda header: replace(header, stream=link))
    assert faults(maker) == [(2, "5.position"), (2, "5.client")]


@pytest.mark.parametrize("previous", ["first", bytes(32)])
def test_a_link_to_another_entry_than_the_streams_last_is_named(previous: object) -> None:
    assert moved(previous=previous) == [(3, "5.previous")]


def test_of_a_wrong_link_both_hashes_are_told() -> None:
    maker = begun()
    maker.sealed("client")
    link = StreamLink(tag=tag_of("C-1001"), position=1, previous=bytes(32))
    maker.sealed("disclosure", twist=lambda header: replace(header, stream=link))
    (told,) = findings(maker)
    assert (told.expected, told.found) == (base64_of(maker.made[1].leaf_hash), base64_of(bytes(32)))


@pytest.mark.parametrize("position", [1, 7])
def test_a_stream_begins_at_position_0(position: int) -> None:
    maker = begun()
    link = StreamLink(tag=tag_of("C-1"), position=position, previous=bytes(32))
    maker.sealed("client", "C-1", twist=lambda header: replace(header, stream=link))
    assert faults(maker) == [(1, "5.position"), (1, "5.client")]


def test_a_client_record_stands_in_a_stream_only_as_its_first() -> None:
    maker = begun()
    maker.sealed("client")
    maker.sealed("client")
    maker.sealed("authorization", "C-1001", stream_class="record")
    maker.sealed("client", "C-1001", stream_class="record")
    maker.sealed("client", stream_class=None)
    assert faults(maker) == [(2, "5.client"), (4, "5.client")]


@pytest.mark.parametrize("kind", ["hold", "authorization", "suspension"])
def test_in_an_accounting_stream_only_disclosures_and_corrections_follow(kind: str) -> None:
    maker = begun()
    maker.sealed("client")
    for good in ("disclosure", "correction", "disclosure"):
        maker.sealed(good)
    assert faults(maker) == []
    maker.sealed(kind)
    maker.sealed("disclosure")
    assert faults(maker) == [(5, "5.kind")]


def test_in_a_record_stream_anything_else_follows() -> None:
    maker = begun()
    for kind in ("disclosure", "authorization", "restriction", "correction", "hold"):
        maker.sealed(kind, stream_class="record")
    assert faults(maker) == []


def test_stream_maps_are_right_through_a_ledgers_growth() -> None:
    maker = begun()
    maker.stream_map()
    for number in range(120):
        maker.sealed("client", f"C-{number}")
        if number % 7 == 0:
            maker.stream_map()
        if number % 3 == 0:
            maker.sealed("disclosure", f"C-{number // 2}")
    maker.stream_map()
    assert faults(maker) == []


def without(maker: LogMaker, client: str) -> dict[bytes, StreamEnd]:
    return {tag: end for tag, end in maker.ends.items() if tag != tag_of(client)}


def two_clients() -> LogMaker:
    maker = begun()
    maker.sealed("client", "C-1")
    maker.sealed("client", "C-2")
    maker.sealed("disclosure", "C-2")
    return maker


def test_a_map_that_omits_a_stream_is_named_by_its_root_and_its_number() -> None:
    maker = two_clients()
    maker.stream_map(without(maker, "C-1"))
    assert faults(maker) == [(4, "6.streams"), (4, "6.root")]


def test_a_map_that_omits_a_streams_last_entry_is_named() -> None:
    maker = two_clients()
    early = StreamEnd(tag=tag_of("C-2"), length=1, head=maker.made[2].leaf_hash)
    maker.stream_map({**maker.ends, early.tag: early})
    assert faults(maker) == [(4, "6.root")]


def test_a_map_that_ends_a_stream_at_another_entry_is_named() -> None:
    maker = two_clients()
    wrong = StreamEnd(tag=tag_of("C-2"), length=2, head=maker.made[2].leaf_hash)
    maker.stream_map({**maker.ends, wrong.tag: wrong})
    assert faults(maker) == [(4, "6.root")]


def test_a_map_that_counts_another_number_is_named() -> None:
    maker = two_clients()
    maker.stream_map(streams=3)
    assert faults(maker) == [(4, "6.streams")]


def test_a_map_of_the_streams_of_before_is_named() -> None:
    maker = two_clients()
    before = dict(maker.ends)
    maker.sealed("disclosure", "C-1")
    maker.stream_map(before)
    maker.stream_map()
    assert faults(maker) == [(5, "6.root")]


def test_an_empty_map_is_right_only_where_there_are_no_streams() -> None:
    maker = begun()
    maker.sealed("hold", stream_class=None)
    maker.stream_map({})
    assert faults(maker) == []
    maker.sealed("client")
    maker.stream_map({})
    assert faults(maker) == [(4, "6.streams"), (4, "6.root")]
    assert map_root([]) == bytes(32)
