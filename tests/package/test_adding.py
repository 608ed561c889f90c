"""An audit package in a folder, added to: it becomes what a new one would be, at once, or stays what it was."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from disclosure_ledger import package
from disclosure_ledger.errors import Refused, StorageFailed
from disclosure_ledger.log import merkle, tiles
from disclosure_ledger.package import adding
from golden_log import signers
from log_maker import LogMaker

VKEYS = tuple(signers()[role].key.vkey() for role in ("log-1", "log-1-mldsa"))
SIZES = (1, 255, 256, 257, 300, 511, 512, 530)


@pytest.fixture(scope="module")
def maker() -> LogMaker:
    made = LogMaker()
    made.genesis()
    while made.size < SIZES[-1]:
        made.sealed("disclosure", stream_class=None)
    return made


def fresh(maker: LogMaker, size: int) -> dict[str, bytes]:
    """The files of a whole package."""
    return dict(package.files(checkpoint=maker.checkpoint(size), notes=maker.notes[:size], vkeys=VKEYS))


def more(maker: LogMaker, since: int, size: int, checkpoint: bytes) -> list[tuple[str, bytes]]:
    """The files after so many full bundles."""

    def node(level: int, index: int) -> bytes:
        return merkle.root([one.leaf_hash for one in maker.made[index << level : (index + 1) << level]])

    edge = tiles.TileEdge.at(since, node) if since else None
    notes = maker.notes[since:size]
    root = maker.frontiers[size].root()
    return list(package.files(checkpoint=checkpoint, notes=notes, vkeys=VKEYS, root=root, since=edge))


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("size", SIZES)
def test_a_package_that_was_added_to_is_file_for_file_a_new_one(maker: LogMaker, size: int, tmp_path: Path) -> None:
    for old in (one for one in SIZES if one <= size):
        target, new = tmp_path / f"from-{old}", fresh(maker, size)
        package.write(target, fresh(maker, old).items())
        before = on_disk(target)
        earlier = package.earlier(target)
        added = package.add(target, earlier, more(maker, earlier.full, size, new["checkpoint"]))
        assert on_disk(target) == new, old
        assert added == len([name for name in new if before.get(name) != new[name]])


def test_full_tiles_and_bundles_are_neither_written_nor_read_again(maker: LogMaker, tmp_path: Path) -> None:
    target = tmp_path / "audit"
    package.write(target, fresh(maker, 300).items())
    full = ("tile/0/000", "tile/entries/000")
    places = {name: (target / name).stat().st_ino for name in full}
    (target / full[1]).write_bytes(b"another")
    earlier = package.earlier(target)
    assert earlier.full == 256
    names = {name for name, _ in more(maker, 256, 530, maker.checkpoint(530))}
    assert not names & set(full)
    package.add(target, earlier, more(maker, 256, 530, maker.checkpoint(530)))
    assert {name: (target / name).stat().st_ino for name in full} == places
    assert (target / full[1]).read_bytes() == b"another"


def test_where_files_cannot_have_two_names_they_are_copied(
    maker: LogMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError

    target = tmp_path / "audit"
    package.write(target, fresh(maker, 300).items())
    monkeypatch.setattr(os, "link", refuses)
    monkeypatch.setattr(adding, "_exchanged", lambda *_: False)
    checkpoint = maker.checkpoint(400)
    package.add(target, package.earlier(target), more(maker, 256, 400, checkpoint))
    assert on_disk(target) == {**fresh(maker, 400), "checkpoint": checkpoint}
    assert [path.name for path in tmp_path.iterdir()] == ["audit"]


def test_a_folder_that_cannot_take_the_place_leaves_the_old_one(
    maker: LogMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "audit"
    package.write(target, fresh(maker, 300).items())
    before, rename = on_disk(target), Path.rename

    def refuses(self: Path, other: Path) -> Path:
        if self.name == "made":
            raise PermissionError(1, "not permitted")
        return rename(self, other)

    monkeypatch.setattr(adding, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(StorageFailed):
        package.add(target, package.earlier(target), more(maker, 256, 400, maker.checkpoint(400)))
    assert on_disk(target) == before


def test_whatever_making_it_raises_leaves_the_old_one(maker: LogMaker, tmp_path: Path) -> None:
    target = tmp_path / "audit"
    package.write(target, fresh(maker, 300).items())
    before = on_disk(target)
    notes = [*maker.notes[256:399], maker.notes[3]]
    made = package.files(
        checkpoint=maker.checkpoint(400),
        notes=notes,
        vkeys=VKEYS,
        root=maker.frontiers[400].root(),
        since=tiles.TileEdge.at(256, lambda level, index: bytes(32)),
    )
    with pytest.raises(StorageFailed, match="not those of its checkpoint"):
        package.add(target, package.earlier(target), made)
    assert on_disk(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["audit"]


def _killed_at(step: int, work: Callable[[], object]) -> bool:
    """Run something in a process of its own that dies, without a chance to tidy up, before its n-th step on disk."""
    process = os.fork()
    if process == 0:
        left = [step]

        def dying(name: str, _: object) -> None:
            if name in ("os.link", "open", "os.rename", "os.remove", "os.rmdir", "ctypes.dlopen", "os.mkdir"):
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)

        sys.addaudithook(dying)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not made so here")
def test_killed_at_any_moment_the_old_package_is_there_or_the_new(maker: LogMaker, tmp_path: Path) -> None:
    target, checkpoint = tmp_path / "audit", maker.checkpoint(530)
    old, new = fresh(maker, 300), {**fresh(maker, 530), "checkpoint": checkpoint}
    made, step, seen = more(maker, 256, 530, checkpoint), 1, set[bool]()
    while True:
        shutil.rmtree(target, ignore_errors=True)
        package.write(target, old.items())
        earlier = package.earlier(target)
        was_killed = _killed_at(step, lambda earlier=earlier: package.add(target, earlier, made))
        assert on_disk(target) in (old, new), step
        seen.add(on_disk(target) == new)
        if not was_killed:
            break
        step += 1
    assert seen == {True, False}
    assert step > 20
    package.add(target, package.earlier(target), made)
    assert on_disk(target) == new, "what was left beside it is in nobody's way"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda target: (target / "tile/0/000").unlink(), "tile/0/000 is missing"),
        (lambda target: (target / "tile/entries/001.p/44").unlink(), "tile/entries/001.p/44 is missing"),
        (lambda target: (target / "mine.txt").write_text("mine"), "mine.txt belongs to no package"),
        (lambda target: (target / "tile/0/002").write_bytes(b""), "tile/0/002 belongs to no package"),
        (lambda target: (target / "checkpoint").unlink(), "be there"),
        (lambda target: (target / "checkpoint").write_bytes(b"rubbish"), "expected a text"),
        (lambda target: (target / "openings.json").write_bytes(b"{"), "canonical|JSON"),
        (lambda target: (target / "link").symlink_to("checkpoint"), "link is no plain file"),
    ],
)
def test_what_is_no_whole_package_is_not_added_to(
    change: Callable[[Path], object], says: str, maker: LogMaker, tmp_path: Path
) -> None:
    target = tmp_path / "audit"
    package.write(target, fresh(maker, 300).items())
    change(target)
    with pytest.raises(Refused, match=says):
        package.earlier(target)


def test_openings_stay_and_one_that_shows_more_stands_for_one_that_shows_less() -> None:
    less = package.Opening(index=4, content=["hash", "hash", ["salt", "name", 1]])
    all_of_it = package.Opening(index=4, content=["hash", ["salt", "kind", 2], ["salt", "name", 1]])
    other = package.Opening(index=5, content=["hash", "hash", ["salt", "name", 1]])
    whole = package.Opening(index=4, salt_root=bytes(32), fields={})
    assert package.joined([less, other], [all_of_it]) == (other, all_of_it)
    assert package.joined([all_of_it], [less]) == (all_of_it, less)
    assert package.joined([all_of_it, less, other], [whole]) == (other, whole)
    assert package.joined([whole], [whole]) == (whole,)
    assert package.joined([whole], [less]) == (whole, less)


def test_an_edge_in_the_middle_of_a_tree_is_the_one_that_grew_there(maker: LogMaker) -> None:
    def node(level: int, index: int) -> bytes:
        return merkle.root([one.leaf_hash for one in maker.made[index << level : (index + 1) << level]])

    grown = tiles.TileEdge()
    assert grown.root() == maker.frontiers[0].root()
    for size, one in enumerate(maker.made, start=1):
        grown.append(one.leaf_hash)
        if size in (1, 2, 255, 256, 257, 300, 511, 512, 513, 530):
            assert grown.root() == maker.frontiers[size].root()
            at = tiles.TileEdge.at(size, node)
            assert (at.size, list(at.partial())) == (grown.size, list(grown.partial()))
