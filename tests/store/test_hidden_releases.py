"""Whoever writes to the database, without a key, gets no list signed that leaves a release out, and no false map.

Entries are found by columns, and streams end where a table says. Both can be changed so that they agree with each
other; only the entries themselves cannot.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from disclosure_ledger import evidence
from disclosure_ledger.errors import Contradicted, StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.log.findings import Outcome
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.practice.recording import Law
from fictions import client, disclosure, protocol, studied
from hands import Hands, everything
from ledgers import BOTH, START, Practice, from_objects, place_on

LETTERHEAD = Letterhead(name="Harbor Counseling LLC", address="1 Harbor St", contact="555-0100")
ASKED = Asked(client="C-1001", as_of=START.date())


@dataclass
class Scene:
    """A ledger whose client C-1001 has four releases; a stream map stands after the second."""

    practice: Practice
    hands: Hands
    releases: tuple[int, ...]

    def account(self, law: Law | None = None) -> tuple[list[str], bytes | None]:
        """The days that a list drawn now has, and its evidence."""
        with contextlib.closing(self.open()) as ledger:
            if law is not None:
                ledger._law = law
            drawn, _, proof = ledger.account(ASKED, practice=LETTERHEAD, render=lambda _, __: b"")
        return [str(row.to_json()["date"]) for row in drawn.rows], proof

    def open(self) -> Ledger:
        return self.practice.open("later")

    def seal(self) -> None:
        with contextlib.closing(self.open()) as ledger:
            ledger.seal()

    def record(self, name: str = "C-1001") -> int:
        with contextlib.closing(self.open()) as ledger:
            return ledger.record(records.from_json(disclosure(client=name, matter="9"))).index

    def hide(self, index: int) -> None:
        """Take an entry out of its stream in every column, and end the stream before it where it was the last."""
        ask, change = self.hands.ask, self.hands.change
        ((tag, position),) = ask("SELECT stream_tag, stream_position FROM entries WHERE idx = ?", index)
        gone = "UPDATE entries SET client_tag = NULL, stream_tag = NULL, stream_position = NULL WHERE idx = ?"
        assert change(gone, index) == 1
        ((length,),) = ask("SELECT length FROM stream_heads WHERE tag = ?", tag)
        if position == length - 1:
            before = "SELECT leaf_hash FROM entries WHERE stream_tag = ? AND stream_position = ?"
            ((head,),) = ask(before, tag, position - 1)
            moved = "UPDATE stream_heads SET length = ?, head = ? WHERE tag = ?"
            assert change(moved, position, head, tag) == 1


@pytest.fixture(params=BOTH)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    practice = Practice(place_on(request.param, tmp_path), tmp_path).create()
    releases = list[int]()
    with contextlib.closing(practice.open()) as ledger:
        ledger.record(records.from_json(client()))
        for month in range(1, 5):
            for name in ("C-1001", "C-2"):
                told = disclosure(client=name, disclosed_on=f"2026-0{month}-05", matter=str(month))
                made = ledger.record(records.from_json(told))
                if name == "C-1001":
                    releases.append(made.index)
            if month == 2:
                ledger.seal()
    with contextlib.closing(Hands(practice.place)) as hands:
        yield Scene(practice, hands, tuple(releases))


def test_the_honest_list_is_whole_and_verifies(scene: Scene) -> None:
    days, proof = scene.account()
    assert days == ["2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05"]
    assert proof is not None
    assert evidence.verify(proof, scene.practice.trust()).outcome is Outcome.VERIFIED


@pytest.mark.parametrize("place", range(4))
def test_no_list_leaves_a_release_out_that_the_columns_hide(scene: Scene, place: int) -> None:
    scene.hide(scene.releases[place])
    before = everything(scene.practice.place)
    with pytest.raises(StorageFailed, match="not what was written") as caught:
        scene.account()
    assert caught.value.hint == "run: disclosure-ledger verify"
    assert everything(scene.practice.place) == before


def test_nor_where_the_list_could_not_be_proved_anyway(scene: Scene) -> None:
    scene.hide(scene.releases[0])
    law = Law(rules=Rules(part2_accounting_effective=dt.date(2026, 1, 1)))
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.account(law)


def test_no_map_is_signed_that_ends_a_stream_too_early(scene: Scene) -> None:
    scene.hide(scene.releases[-1])
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.seal()


def test_a_map_does_not_heed_a_column(scene: Scene) -> None:
    scene.hide(scene.releases[2])
    scene.seal()
    assert "6.root" not in {one.code for one in scene.practice.verify().findings}


def test_a_release_hidden_before_the_next_is_recorded_is_missed_all_the_same(scene: Scene) -> None:
    """The next one is then linked to the one before it: what no honest entry is."""
    scene.hide(scene.releases[-1])
    scene.record()
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.account()


def test_a_release_of_before_the_last_map_cannot_be_hidden_by_ending_its_stream_anew(scene: Scene) -> None:
    scene.seal()
    scene.hide(scene.releases[-1])
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.account()
    scene.record()
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.seal()


def test_a_first_map_is_made_of_the_entries_alone(scene: Scene) -> None:
    """A column says of what kind an entry is: without the earlier map every stream is read again."""
    assert scene.hands.change("UPDATE entries SET kind = 'erasure' WHERE kind = 'stream_map'") == 1
    scene.hands.change("DELETE FROM map_branches")
    scene.hide(scene.releases[0])
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.account()


SCHOOL = "Northside School"
FORM = {"kind": "authorization", "client": "C-1001", "information": "attendance dates", "purpose": "school"}
SIGNED = {"signed_on": "2026-01-02", "expires_on": "2026-12-30"}
TAKEN_BACK = [
    FORM | {"id": "A-1", "recipients": [SCHOOL]} | SIGNED,
    {
        "kind": "disclosure",
        "client": "C-1001",
        "disclosed_on": "2026-06-03",
        "recipient": {"name": SCHOOL, "type": "school"},
        "basis": "authorization",
        "description": "attendance dates",
        "fields": ["service_dates"],
    },
    {"kind": "authorization_revoked", "client": "C-1001", "id": "A-1", "received_on": "2026-06-01"},
]


@pytest.mark.parametrize("is_sealed", [False, True], ids=["", "sealed"])
@pytest.mark.parametrize("is_last", [False, True], ids=["between", "last"])
def test_no_release_is_taken_off_the_list_because_a_fact_is_hidden(
    scene: Scene, *, is_last: bool, is_sealed: bool
) -> None:
    """A form that was taken back stands again where that is hidden: the ledger would correct what was listed."""
    with contextlib.closing(scene.open()) as ledger:
        made = [ledger.record(records.from_json(one)) for one in TAKEN_BACK]
        if is_sealed:
            ledger.seal()
    assert made[-1].also, "the release is listed since"
    in_its_stream = "SELECT idx FROM entries WHERE stream_tag = (SELECT stream_tag FROM entries WHERE idx = ?)"
    after = [index for (index,) in scene.hands.ask(in_its_stream, made[-1].index) if index > made[-1].index]
    for index in (*sorted(after, reverse=True), made[-1].index) if is_last else (made[-1].index,):
        scene.hide(index)
    other = records.from_json(FORM | {"id": "A-2", "recipients": ["Somebody Else"]} | SIGNED)
    with contextlib.closing(scene.open()) as ledger:
        if is_last:
            ledger.record(other)  # is linked to what stood before the hidden ones: no map is made of that
        else:
            with missed():
                ledger.record(other)
    if is_last:
        with missed():
            scene.account()
    else:
        assert scene.account()[0][-1] == "2026-06-03"


def missed() -> pytest.RaisesExc[StorageFailed]:
    return pytest.raises(StorageFailed, match="not what was written")


def test_a_study_is_not_made_large_by_hiding_what_was_retracted(scene: Scene) -> None:
    """A release under a study of fifty people makes no row of its own (164.528(b)(4))."""
    last = "C-2049"
    others = [f"C-2{number:03d}" for number in range(1, 50)]
    told = [protocol(), *(studied(name, disclosed_on="2026-06-01") for name in ("C-1001", *others))]
    with contextlib.closing(scene.open()) as ledger:
        sent = ledger.record_all(from_objects(told))[-1].index
    assert "2026-06-01" not in days_of(scene)
    correction = {"kind": "correction", "client": last, "corrects": sent, "reason": "sent to nobody", "retract": True}
    with contextlib.closing(scene.open()) as ledger:
        made = ledger.record(records.from_json(correction))
    assert "2026-06-01" in days_of(scene)
    scene.hide(made.index)
    with missed():
        scene.account()


def days_of(scene: Scene) -> list[str]:
    return scene.account()[0]


def beside(hands: Hands) -> int:
    """Add a stream under the same branch as another's."""
    ((tag,),) = hands.ask("SELECT min(tag) FROM stream_heads")
    stream = bytes(tag)[:2] + bytes(30)
    return hands.change("INSERT INTO stream_heads VALUES (1, ?, 1, ?)", stream, bytes(32))


CHANGES: dict[str, Callable[[Hands], int]] = {
    "a stream too many": beside,
    "a stream too few": lambda hands: hands.change("DELETE FROM stream_heads WHERE length = 5"),
    "a low branch": lambda hands: hands.change("UPDATE map_branches SET hash = ? WHERE depth = 14", bytes(32)),
    "a high branch": lambda hands: hands.change("UPDATE map_branches SET hash = ? WHERE depth = 7", bytes(32)),
    "no branch": lambda hands: hands.change("DELETE FROM map_branches"),
    "another entry as the last map": lambda hands: hands.change(
        "UPDATE entries SET kind = 'stream_map' WHERE idx = 9 AND kind <> 'stream_map'"
    ),
    "an entry between": lambda hands: hands.change("UPDATE entries SET idx = 99 WHERE idx = 9"),
    "a note": lambda hands: hands.change(
        "UPDATE entries SET note = (SELECT o.note FROM entries o WHERE o.idx = 8) WHERE idx = 9"
    ),
    "the tree's edge": lambda hands: hands.change("UPDATE ledgers SET frontier = ?", bytes(64)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_map_is_made_over_anything_that_was_changed(scene: Scene, change: Callable[[Hands], int]) -> None:
    assert change(scene.hands)
    with pytest.raises(StorageFailed, match="not what was written"):
        scene.seal()


def test_what_was_added_elsewhere_counts_under_a_signed_checkpoint_alone(scene: Scene) -> None:
    """Several machines have a state file each: one that is older remembers less than the database holds."""
    remembered = scene.practice.state_file.read_bytes()
    scene.record("C-2")
    scene.practice.state_file.write_bytes(remembered)
    scene.record("C-2")
    scene.practice.state_file.write_bytes(remembered)
    assert scene.hands.change("UPDATE ledgers SET checkpoint = ?", unsigned(scene.hands)) == 1
    with pytest.raises(Contradicted, match="not signed by the ledger's log key"):
        scene.record("C-2")


def unsigned(hands: Hands) -> bytes:
    """The checkpoint with another signature: one letter of Base64 further on."""
    ((note,),) = hands.ask("SELECT checkpoint FROM ledgers")
    raw = bytes(note)
    letter = b"B" if raw[-20:-19] == b"A" else b"A"
    return raw[:-20] + letter + raw[-19:]
