"""Rows that somebody without a key adds to a database, or puts in place of others, are taken for none of the ledger's.

The notes are forged, or genuine and put elsewhere; columns, tiles and the tree's edge are made to agree with them.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from disclosure_ledger.custody.signers import Ed25519Signer
from disclosure_ledger.errors import Contradicted, DisclosureLedgerError, KeysUnavailable, StorageFailed
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice as Letterhead
from disclosure_ledger.log import checkpoint, entry, merkle
from disclosure_ledger.log.checkpoint import Checkpoint
from disclosure_ledger.log.merkle import Frontier
from disclosure_ledger.practice.drawing import Asked
from disclosure_ledger.rekeying import rotate_log_keys, with_new_log_keys
from fictions import client, disclosure
from hands import Hands, everything
from ledgers import BOTH, START, Practice, entropy, place_on

LETTERHEAD = Letterhead(name="Harbor Counseling LLC", address="1 Harbor St", contact="555-0100")
RELEASES = ("R-1", "R-2", "R-3")


class Forger:
    """Somebody with a key of their own, the database, and none of the ledger's secrets."""

    def __init__(self, practice: Practice) -> None:
        self.practice, self.hands = practice, Hands(practice.place)

    def notes(self) -> list[bytes]:
        return [bytes(note) for (note,) in self.hands.ask("SELECT note FROM entries ORDER BY idx")]

    def made(self, index: int, kind: str, public: dict[str, object]) -> bytes:
        """An entry that would follow the one before `index`, signed by nobody of the practice."""
        before = entry.parse(self.notes()[index - 1])
        header = entry.Header(
            origin=self.practice.origin,
            index=index,
            previous=before.leaf_hash,
            recorded_at=before.header.recorded_at,
            kind=kind,
            content_root=None,
            content_fields=None,
            public=public,  # type: ignore[arg-type]
            stream=None,
        )
        signer = Ed25519Signer.from_seed(f"{self.practice.origin}/recorders/owner", bytes(32))
        return entry.sign(header, signer).raw

    def put(self, index: int, note: bytes, kind: str) -> None:
        row = (1, index, note, kind, merkle.leaf_hash(note))
        assert self.hands.change(
            "INSERT INTO entries (ledger, idx, note, kind, leaf_hash) VALUES (?, ?, ?, ?, ?)", *row
        )

    def end_at(self, edge: Frontier, signed: bytes) -> None:
        sql = "UPDATE ledgers SET size = ?, frontier = ?, checkpoint = ?"
        assert self.hands.change(sql, edge.size, edge.encode(), signed) == 1


@pytest.fixture(params=BOTH)
def practice(request: pytest.FixtureRequest, tmp_path: Path) -> Practice:
    made = Practice(place_on(request.param, tmp_path), tmp_path).create()
    with contextlib.closing(made.open()) as ledger:
        ledger.record(records.from_json(client()))
        ledger.seal()
        for month, ref in enumerate(RELEASES, 1):
            told = disclosure(client="C-1001", disclosed_on=f"2026-0{month}-05", matter=str(month), ref=ref)
            ledger.record(records.from_json(told))
    return made


@pytest.fixture
def forger(practice: Practice) -> Iterator[Forger]:
    made = Forger(practice)
    with contextlib.closing(made.hands):
        yield made


def record(practice: Practice) -> None:
    with contextlib.closing(practice.open("later")) as ledger:
        ledger.record(records.from_json(disclosure(client="C-2", matter="9")))


def account(practice: Practice) -> list[str]:
    with contextlib.closing(practice.open("later")) as ledger:
        asked = Asked(client="C-1001", as_of=START.date())
        drawn, _, _ = ledger.account(asked, practice=LETTERHEAD, render=lambda _, __: b"")
    return [str(row.to_json()["date"]) for row in drawn.rows]


def seal(practice: Practice) -> None:
    with contextlib.closing(practice.open("later")) as ledger:
        ledger.seal()


def checkpoint_of(practice: Practice) -> bytes:
    with contextlib.closing(practice.open("later")) as ledger:
        return ledger.checkpoint()


def refused(practice: Practice, what: Callable[[Practice], object], error: type[DisclosureLedgerError]) -> None:
    before = everything(practice.place)
    with pytest.raises(error):
        what(practice)
    assert everything(practice.place) == before


@pytest.mark.parametrize("what", [record, account, seal])
def test_an_older_checkpoint_is_none_of_a_larger_ledger(
    practice: Practice, forger: Forger, what: Callable[[Practice], object]
) -> None:
    """A root does not say of how many leaves it is: the edge of a larger tree can be made to have it."""
    leaves = [merkle.leaf_hash(note) for note in forger.notes()]
    ((old,),) = forger.hands.ask("SELECT checkpoint FROM ledgers")
    older = merkle.EMPTY.extend(leaves)
    record(practice)
    assert older.size == 6
    leaves = [merkle.leaf_hash(note) for note in forger.notes()]
    larger = Frontier(size=10, nodes=older.nodes)
    assert larger.size > len(leaves)
    forger.hands.change("INSERT INTO tiles VALUES (1, 0, 0, ?)", b"".join([*leaves, *leaves])[: 32 * larger.size])
    forger.put(larger.size - 1, forger.notes()[2], "stream_map")
    forger.end_at(larger, bytes(old))
    refused(practice, what, Contradicted)


def test_no_other_checkpoint_leaves_the_practice_than_that_of_the_head(practice: Practice, forger: Forger) -> None:
    older = checkpoint_of(practice)
    seal(practice)
    ((size,),) = forger.hands.ask("SELECT size FROM ledgers")
    assert forger.hands.change("INSERT INTO checkpoints VALUES (1, ?, ?)", size, older)
    refused(practice, account, StorageFailed)
    refused(practice, checkpoint_of, StorageFailed)
    assert "11.checkpoint" in {one.code for one in practice.verify().findings}


@pytest.mark.parametrize("what", [account, seal])
def test_an_older_map_in_place_of_the_last_entry_is_no_map(
    practice: Practice, forger: Forger, what: Callable[[Practice], object]
) -> None:
    """Every release is hidden, and the stream ended where that map ends it."""
    notes, change = forger.notes(), forger.hands.change
    first, older, last = 1, 2, len(notes) - 1
    columns = "client_tag = NULL, stream_tag = NULL, stream_position = NULL"
    assert change(f"UPDATE entries SET {columns} WHERE idx > ?", older) == len(RELEASES)
    assert change("UPDATE stream_heads SET length = 1, head = ?", merkle.leaf_hash(notes[first])) == 1
    assert change("UPDATE entries SET note = ?, kind = 'stream_map' WHERE idx = ?", notes[older], last) == 1
    refused(practice, what, StorageFailed)


def test_a_content_is_not_erased_by_an_entry_that_is_not_in_the_tree(practice: Practice, forger: Forger) -> None:
    hidden, beyond = 4, 99
    public = {"authority": "privacy officer", "entries": [[hidden, hidden]], "reason": "retention ended"}
    forger.put(beyond, forger.made(len(forger.notes()), "erasure", public), "erasure")
    assert forger.hands.change("DELETE FROM sealed WHERE idx = ?", hidden) == 1
    refused(practice, account, StorageFailed)


def test_a_ref_that_was_put_on_another_entry_corrects_nothing(practice: Practice, forger: Forger) -> None:
    asked = "SELECT idx, ref_tag FROM entries WHERE ref_tag IS NOT NULL ORDER BY idx"
    (first, one), (second, other), _ = forger.hands.ask(asked)
    for index, tag in ((first, None), (second, one), (first, other)):
        assert forger.hands.change("UPDATE entries SET ref_tag = ? WHERE idx = ?", tag, index) == 1

    def retract(practice: Practice) -> None:
        told = {"kind": "correction", "client": "C-1001", "corrects": RELEASES[0], "reason": "sent to nobody"}
        with contextlib.closing(practice.open("later")) as ledger:
            ledger.record(records.from_json(told | {"retract": True}))

    refused(practice, retract, StorageFailed)
    with contextlib.closing(practice.open("later")) as ledger, pytest.raises(StorageFailed):
        ledger.show(RELEASES[0])


# -- an older state file, after log keys were rotated elsewhere


class Elsewhere(Practice):
    """A machine whose key file is up to date, and whose state file is not."""

    rotations = 1

    @property
    def secrets(self):
        made = super().secrets
        for number in range(self.rotations):
            made = with_new_log_keys(made, entropy(f"rotation {number}"))
        return made


def rotated(practice: Practice, number: int) -> Practice:
    before, after = Elsewhere(practice.place, practice.folder), Elsewhere(practice.place, practice.folder)
    object.__setattr__(before, "rotations", number)
    object.__setattr__(after, "rotations", number + 1)
    with contextlib.closing(before.open(f"rotates {number}")) as ledger:
        rotate_log_keys(ledger, after.secrets)
    return after


@pytest.mark.parametrize("later", [False, True], ids=["handover", "after it"])
@pytest.mark.parametrize("times", [1, 2])
def test_an_older_state_file_follows_a_rotation(practice: Practice, times: int, later: bool) -> None:
    remembered = practice.state_file.read_bytes()
    for number in range(times):
        practice = rotated(practice, number)
        if later:
            record(practice)
    practice.state_file.write_bytes(remembered)
    record(practice)
    assert account(practice) == ["2026-01-05", "2026-02-05", "2026-03-05"]


@pytest.mark.parametrize("is_older", [False, True], ids=["today's state", "an older state"])
def test_no_entry_is_written_with_keys_that_were_handed_over(practice: Practice, *, is_older: bool) -> None:
    """A key file of before the rotation: what it signed would be the ledger's head, and nobody would accept it."""
    remembered = practice.state_file.read_bytes()
    record(rotated(practice, 0))
    if is_older:
        practice.state_file.write_bytes(remembered)
    refused(practice, record, KeysUnavailable)
    with contextlib.closing(practice.open()) as ledger:
        assert len(ledger.history("C-1001")) == 1 + len(RELEASES)


def forged_rotation(practice: Practice, forger: Forger, kind: str) -> None:
    """End the ledger with a rotation to the keys in force, in place of its last entry."""
    keys = practice.secrets.log_signer().key, practice.secrets.mldsa_signer().key
    notes = forger.notes()
    public = {"log_key": keys[0].vkey(), "log_key_mldsa": keys[1].vkey()}
    note = forger.made(len(notes) - 1, "log_key_rotated", public)
    change = "UPDATE entries SET note = ?, leaf_hash = ?, kind = ?, client_tag = NULL, "
    change += "stream_tag = NULL, stream_position = NULL, ref_tag = NULL, matter_tag = NULL WHERE idx = ?"
    assert forger.hands.change(change, note, merkle.leaf_hash(note), kind, len(notes) - 1) == 1
    edge = merkle.EMPTY.extend(map(merkle.leaf_hash, [*notes[:-1], note]))
    named = Checkpoint(origin=practice.origin, size=edge.size, root=edge.root())
    forger.end_at(edge, checkpoint.sign(named, Ed25519Signer.from_seed(practice.origin, bytes(32))))


@pytest.mark.parametrize("kind", ["log_key_rotated", "disclosure"])
@pytest.mark.parametrize("times", [0, 1])
def test_a_rotation_counts_under_the_key_before_alone(
    practice: Practice, forger: Forger, times: int, kind: str
) -> None:
    for number in range(times):
        practice = rotated(practice, number)
        record(practice)
    remembered = practice.state_file.read_bytes()
    record(practice)
    practice.state_file.write_bytes(remembered)
    forged_rotation(practice, forger, kind)
    refused(practice, record, Contradicted)
    refused(practice, account, Contradicted)
