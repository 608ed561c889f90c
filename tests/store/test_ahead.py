"""What was asked ahead is asked again once the same transaction has written something that changes it."""

import contextlib
from pathlib import Path

import pytest

from disclosure_ledger.hipaa import records
from disclosure_ledger.practice.transaction import Transaction
from disclosure_ledger.practice.writer import Draft
from disclosure_ledger.tagging import Tags
from ledgers import Practice


class Enough(Exception):
    """Rolls back what was only tried."""


def try_it(one: Transaction, tags: Tags) -> None:
    client = tags("client", "C-9")
    one.into.look_ahead(client, (tags("accounting", "C-9"), tags("record", "C-9")))
    assert list(one.into.of_client_but_releases(client)) == []
    fields = records.to_fields(records.Hold(client="C-9", reason="case 881"), recorded_by="owner")
    index = one.adding.add(Draft(kind="hold", fields=fields, client="C-9"))
    one.adding.finish()
    assert [stored.idx for stored in one.into.of_client_but_releases(client)] == [index]

    other, (head, _) = tags("client", "C-8"), (theirs := (tags("accounting", "C-8"), tags("record", "C-8")))
    one.into.look_ahead(other, theirs)
    assert (one.into.data_key(other), one.into.stream_head(head)) == (None, None)
    one.into.add_data_key(other, b"wrapped")
    assert one.into.data_key(other) == b"wrapped"
    one.into.put_stream_heads([(head, 1, bytes(32))])
    assert one.into.stream_head(head) == (1, bytes(32))
    raise Enough


def test_what_is_written_is_seen_though_it_was_asked_before(tmp_path: Path) -> None:
    practice = Practice(str(tmp_path / "disclosures.db"), tmp_path).create()
    with contextlib.closing(practice.open()) as ledger, pytest.raises(Enough), ledger.writing() as one:
        try_it(one, Tags(practice.secrets.tag_key))
