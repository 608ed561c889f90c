"""Timestamps in an audit package are outside memory."""

from pathlib import Path

import pytest

from disclosure_ledger import package
from disclosure_ledger.log import checkpoint
from disclosure_ledger.log.findings import Outcome
from log_maker import LogMaker, story
from outcomes import codes, trust
from packages import put
from stamping import Stamper


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    pytest.importorskip("rfc3161_client")
    return Stamper.made(tmp_path_factory.mktemp("tsa"))


def stamped(maker: LogMaker, stamper: Stamper, size: int, text: bytes | None = None) -> dict[str, bytes]:
    named = checkpoint.parse(maker.checkpoint(size)).checkpoint
    response = stamper.stamp(named.text().encode() if text is None else text)
    vkeys = [key.vkey() for key in maker.keys().both()]
    return dict(
        package.files(checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=vkeys, timestamps={size: response})
    )


def test_a_timestamp_is_outside_memory(stamper: Stamper, tmp_path: Path) -> None:
    maker = story()
    target = put(tmp_path / "audit", stamped(maker, stamper, 8))
    found = package.verify(target, trust=trust("log-1"), authorities=[stamper.authority()])
    assert (found.outcome, codes(found)) == (Outcome.VERIFIED, [])
    assert found.unwitnessed is not None
    assert (found.unwitnessed.first, found.unwitnessed.count) == (8, 2)
    assert found.unwitnessed.since == maker.made[8].header.recorded_at
    nobody = package.verify(target, trust=trust("log-1"))
    assert (nobody.outcome, codes(nobody)) == (Outcome.INCOMPLETE, ["10.authority", "8.no-outside"])


def test_a_timestamp_of_the_whole_leaves_nothing_unwitnessed(stamper: Stamper, tmp_path: Path) -> None:
    maker = story()
    target = put(tmp_path / "audit", stamped(maker, stamper, maker.size))
    found = package.verify(target, trust=trust("log-1"), authorities=[stamper.authority()])
    assert (codes(found), found.unwitnessed) == ([], None)


def test_a_timestamp_of_another_history_fails(stamper: Stamper, tmp_path: Path) -> None:
    maker = story()
    made = stamped(maker, stamper, 8, text=b"oakstreet.example/disclosures\n8\nAAAA\n")
    found = package.verify(put(tmp_path / "audit", made), trust=trust("log-1"), authorities=[stamper.authority()])
    assert (found.outcome, codes(found)) == (Outcome.FAILED, ["10.timestamp", "8.no-outside"])


def test_no_entry_is_later_than_a_timestamp_that_covers_it(stamper: Stamper, tmp_path: Path) -> None:
    maker = LogMaker()
    maker.genesis()
    maker.now = maker.now.replace(year=2999)
    maker.sealed("hold", stream_class=None)
    target = put(tmp_path / "audit", stamped(maker, stamper, 2))
    found = package.verify(target, trust=trust("log-1"), authorities=[stamper.authority()])
    assert codes(found) == ["4.after-outside-time"]
