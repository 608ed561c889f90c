"""Both verifiers say the same of ledgers that break a rule, each made and signed for it, and of many made at random."""

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from browsing import run, verdicts
from disclosure_ledger import package, pile, targets
from disclosure_ledger.log import checkpoint
from disclosure_ledger.log.checkpoint import Checkpoint, Trust
from disclosure_ledger.log.merkle import EMPTY_ROOT
from disclosure_ledger.log.note import COSIGNATURE, ED25519, VerifierKey, key_id
from disclosure_ledger.package import Opening
from evidence_maker import begun, changed, release
from golden_log import ORIGIN, signer_from_seed, signers
from log_maker import LogMaker, story
from outcomes import codes, vkeys


def zipped(maker: LogMaker, handovers: dict[int, bytes], openings: Sequence[Opening] = ()) -> bytes:
    """The audit package of a ledger, as a zip."""
    made, keys = io.BytesIO(), [key.vkey() for key in maker.keys().both()]
    files = package.files(
        checkpoint=maker.checkpoint(), notes=maker.notes, vkeys=keys, handovers=handovers, openings=openings
    )
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def said_by_both(verifier: Any, folder: Path, files: Sequence[tuple[bytes, Sequence[str]]]) -> list[list[set[str]]]:
    """The codes that each verifier finds in each file, under the keys and witnesses beside it; the page's first."""
    ours = verdicts(verifier, [run(data, trusted) for data, trusted in files])
    theirs = []
    for data, trusted in files:
        (folder / "it").write_bytes(data)
        keys = list(map(VerifierKey.parse, trusted))
        witnesses = tuple(key for key in keys if key.kind == COSIGNATURE)
        trust = Trust(keys=tuple(set(keys) - set(witnesses)), witnesses=witnesses, quorum=len(witnesses))
        theirs.append(set(codes(targets.verify(folder / "it", trust=trust))))
    return [[set(one["codes"]), other] for one, other in zip(ours, theirs, strict=True)]


def of_one_id(name: str) -> tuple[str, str]:
    """Two keys of one name that have one key id, which is four bytes long."""
    seen = dict[bytes, bytes]()
    for number in range(2**20):
        public = number.to_bytes(31, "big") + b"\x01"
        other = seen.setdefault(key_id(name, ED25519, public), public)
        if other != public:
            one, two = (VerifierKey(name=name, kind=ED25519, public=it).vkey() for it in (other, public))
            return one, two
    raise AssertionError("no two of a million keys have one id")


def test_a_revocation_is_of_the_key_and_not_of_its_name_and_id(verifier: Any, tmp_path: Path) -> None:
    added, other = of_one_id(f"{ORIGIN}/recorders/front-desk")
    files, told = [], []
    for revoked, found in ((added, set[str]()), (other, {"3.revocation"})):
        maker = begun()
        maker.public("recorder_added", {"recorder": added})
        maker.public("recorder_revoked", {"recorder": revoked})
        files += [(zipped(maker, {}), [vkeys()["log-1"]]), (maker.build(), [vkeys()["log-1"]])]
        told += [[found | {"8.no-outside"}] * 2, [found] * 2]
    assert said_by_both(verifier, tmp_path, files) == told


def test_what_is_opened_of_entries_of_a_later_version_is_undecided_however_many(verifier: Any, tmp_path: Path) -> None:
    maker = story()
    opened = [Opening(index=maker.later_version(), content=[]) for _ in range(3)]
    found = said_by_both(verifier, tmp_path, [(zipped(maker, {}, opened), [vkeys()["log-1"]])])
    assert found == [[{"1.version", "8.no-outside"}] * 2]


def test_a_witness_whose_key_is_trusted_as_the_ledgers_own_is_none(verifier: Any, tmp_path: Path) -> None:
    seed = bytes(range(32))
    own, witness = signer_from_seed(ORIGIN, ED25519, seed), signer_from_seed("board.example/w", COSIGNATURE, seed)
    maker = begun()
    maker.record("disclosure", **release())
    cosigned = changed(
        maker.build(),
        lambda it: replace(it, checkpoint=checkpoint.cosign(it.checkpoint, witness, int(maker.now.timestamp()))),
    )
    log = vkeys()["log-1"]
    files = [(cosigned, [log, witness.key.vkey()]), (cosigned, [log, own.key.vkey(), witness.key.vkey()])]
    assert said_by_both(verifier, tmp_path, files) == [[set()] * 2, [{"9.witness", "9.quorum"}] * 2]


def test_a_kept_checkpoint_of_no_entries_is_compared_too(verifier: Any, tmp_path: Path) -> None:
    data, log = zipped(story(), {}), vkeys()["log-1"]
    (tmp_path / "it").write_bytes(data)
    for root, told in ((EMPTY_ROOT, ["8.no-outside"]), (bytes(32), ["8.different"])):
        kept = checkpoint.sign(Checkpoint(origin=ORIGIN, size=0, root=root), signers()["log-1"])
        (tmp_path / "kept").write_bytes(kept)
        trust = Trust(keys=(VerifierKey.parse(log),))
        theirs = targets.verify(tmp_path / "it", trust=trust, known=pile.gather([tmp_path / "kept"]))
        (ours,) = verdicts(verifier, [run(data, [log], {"kept": kept})])
        assert [ours["codes"], codes(theirs)] == [told] * 2


NAMES = ("owner", "front-desk", "ehr")
ASTRAY: dict[str, Any] = {"position": 3, "previous": bytes(32)}


def stray(dice: random.Random) -> tuple[bytes, list[str]]:
    """A package of a ledger that somebody with all keys made: some entries are as they must be, some are not."""
    maker, handovers = LogMaker(), dict[int, bytes]()
    maker.genesis()
    steps: list[Callable[[], object]] = [
        lambda: maker.sealed("disclosure", dice.choice(("C-1", "C-2")), by=dice.choice(NAMES)),
        lambda: maker.sealed(dice.choice(("client", "disclosure", "hold")), dice.choice(("C-1", "C-2"))),
        lambda: maker.sealed("authorization", stream_class=dice.choice(("record", "accounting", None))),
        lambda: maker.sealed("disclosure", twist=lambda it: replace(it, index=it.index + dice.choice((0, 1)))),
        lambda: maker.sealed("disclosure", twist=lambda it: replace(it, previous=bytes(32))),
        lambda: maker.sealed("correction", twist=lambda it: replace(it, stream=replace(maker.link("C-1"), **ASTRAY))),
        lambda: maker.add_recorder(dice.choice(NAMES), by=dice.choice(NAMES)),
        lambda: maker.revoke(dice.choice(NAMES)),
        lambda: maker.stream_map(),
        lambda: maker.stream_map(streams=dice.randrange(4)),
        lambda: maker.erase([sorted((dice.randrange(maker.size), dice.randrange(maker.size)))]),
        lambda: setattr(maker, "now", maker.now + dt.timedelta(days=dice.choice((-1, 30, 2200)))),
        lambda: maker.put_raw(dice.choice((b"", b"junk\n\n", maker.notes[-1][:-9]))),
        lambda: maker.later_version(),
        lambda: rotated(maker, handovers, dice),
    ]
    weights = [6, 6, 3, 1, 1, 1, 2, 1, 3, 1, 2, 2, 1, 1, 1]
    for step in dice.choices(steps, weights, k=dice.randint(1, 9)):
        step()
    if dice.random() < 0.5:
        maker.stream_map()
    opened = [Opening(index=dice.randrange(maker.size + 2), content=[]) for _ in range(dice.choice((0, 0, 0, 2)))]
    trusted = dice.choice((["log-1"], ["log-1", "log-1-mldsa"], ["log-2"], []))
    return zipped(maker, handovers, opened), [vkeys()[one] for one in trusted]


def rotated(maker: LogMaker, handovers: dict[int, bytes], dice: random.Random) -> None:
    """The log keys rotated, with the handover that there must be, one that will not do, or none."""
    before = maker.log
    raw = maker.rotate("log-2" if before == "log-1" else "log-1")
    given = dice.choice((raw, raw, maker.checkpoint(mldsa=False, log=before), maker.checkpoint(), None))
    if given is not None:
        handovers[maker.size] = given


@pytest.mark.parametrize("seed", range(4))
def test_of_ledgers_at_random_both_say_the_same(verifier: Any, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    files = [stray(dice) for _ in range(25)]
    found = said_by_both(verifier, tmp_path, files)
    assert [(place, both) for place, both in enumerate(found) if both[0] != both[1]] == []
    assert len({frozenset(both[0]) for both in found}) > 10  # they are not all told the same
