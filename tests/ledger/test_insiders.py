"""What somebody who holds every key may write so that each signature and hash is right, and what opens it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from disclosure_ledger.hipaa import records
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.practice.writer import Appending, Draft
from disclosure_ledger.tagging import Tags
from fictions import disclosure
from ledgers import Practice

CLIENT = {"kind": "client", "client": "C-1", "name": "Dana Example"}


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(str(tmp_path / "disclosures.db"), tmp_path).create()


@pytest.fixture
def ledger(practice: Practice) -> Iterator[Ledger]:
    opened = practice.open()
    yield opened
    opened.close()


class Elsewhere(Tags):
    """The tags of a practice, but for streams, which it makes another client's."""

    def __call__(self, what: str, value: str) -> bytes:
        return super().__call__(what, f"{value} again" if what in ("accounting", "record") else value)


def found(practice: Practice) -> set[str]:
    return {one.code for one in practice.verify().findings}


def test_a_client_has_one_accounting_stream(practice: Practice, ledger: Ledger) -> None:
    """An empty one beside it would prove to the client that there was nothing."""
    ledger.record(records.from_json(CLIENT))
    assert found(practice) == set()
    ledger._tags = Elsewhere(practice.secrets.tag_key)
    with ledger.writing() as one:
        fields = {**dict.fromkeys(SEALED["client"]), "client": "C-1", "recorded_by": "owner"}
        one.adding.add(Draft(kind="client", fields=fields, client="C-1", stream_class="accounting"))
        one.adding.finish()
    assert found(practice) == {"12.two-streams"}


def test_a_release_stands_in_the_stream_of_its_client(practice: Practice, ledger: Ledger) -> None:
    ledger.record(records.from_json(CLIENT))
    ledger._tags = Elsewhere(practice.secrets.tag_key)
    ledger.record(records.from_json(disclosure(client="C-1")))
    assert found(practice) == {"12.tag", "12.two-streams"}, "its beginning is written first"


def test_a_release_that_an_accounting_lists_stands_in_a_stream(
    practice: Practice, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.record(records.from_json(CLIENT))
    monkeypatch.setattr(Appending, "_link", lambda *_: None)
    ledger.record(records.from_json(disclosure(client="C-1")))
    assert found(practice) == {"12.class"}
