"""Attacks on what a ledger hands out: evidence, receipts, audit packages, each changed in one place or exchanged."""

import base64
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from attack_scene import OnFile, Scene, history
from attacks import with_changed
from disclosure_ledger import canonical
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.custody.witnesskey import CosignatureSigner
from disclosure_ledger.log import checkpoint as checkpoints
from ledgers import START, entropy


def rewritten(
    change: Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], None],
) -> Callable[[Scene, Path], tuple[str, ...]]:
    """The client's evidence with something changed; `change` has the early one and the other client's to take from."""

    def shown(_scene: Scene, place: Path) -> tuple[str, ...]:
        late, early, other = (
            orjson.loads((place / f"{name}.evidence").read_bytes()) for name in ("late", "early", "other")
        )
        change(late, early, other)
        (place / "shown.evidence").write_bytes(canonical.encode(late))
        return ("shown.evidence",)

    return shown


def _strike(late: dict[str, Any], *_: Any) -> None:
    del late["accounting"]["rows"][2]


def _add_row(late: dict[str, Any], *_: Any) -> None:
    rows = late["accounting"]["rows"]
    rows.append({**rows[-1], "description": "never released"})


def _reword(late: dict[str, Any], *_: Any) -> None:
    late["accounting"]["rows"][2]["recipient"]["name"] = "Somebody Else"


def _drop_entry(late: dict[str, Any], *_: Any) -> None:
    del late["stream"]["entries"][3]
    del late["accounting"]["rows"][2]


def _drop_last(late: dict[str, Any], *_: Any) -> None:
    late["stream"]["entries"].pop()
    late["accounting"]["rows"].pop()


def _other_list(late: dict[str, Any], _early: Any, other: dict[str, Any]) -> None:
    late["accounting"] = other["accounting"]


def _other_stream(late: dict[str, Any], _early: Any, other: dict[str, Any]) -> None:
    late.update({name: other[name] for name in ("stream", "stream_map") if name in other})


def _old_map(late: dict[str, Any], early: dict[str, Any], _other: Any) -> None:
    late.update({name: early[name] for name in ("stream", "stream_map", "accounting") if name in early})


def _old_stream(late: dict[str, Any], early: dict[str, Any], _other: Any) -> None:
    late.update({name: early[name] for name in ("stream",) if name in early})


def _alter_field(late: dict[str, Any], *_: Any) -> None:
    content = late["stream"]["entries"][3]["content"]
    (opened,) = (item for item in content if isinstance(item, list) and item[1] == "recipient")
    opened[2] = {**opened[2], "name": "Somebody Else"}


def _of_another(scene: Scene, place: Path) -> tuple[str, ...]:
    shutil.rmtree(scene.folder / "anew", ignore_errors=True)
    secrets = Secrets.generate("harbor.example/disclosures", entropy("a thief"))
    other = scene.write("anew", history(), secrets=secrets)
    shutil.copy(other / "early.receipt", place / "other.receipt")
    return ("other.receipt",)


def _split_view(name: str, known: str) -> Callable[[Scene, Path], tuple[str, ...]]:
    """A file of another history under the same keys, shown to who holds a file of the true one."""

    def shown(scene: Scene, place: Path) -> tuple[str, ...]:
        shutil.rmtree(scene.folder / "anew", ignore_errors=True)
        other = scene.write("anew", with_changed(2)(history()))
        shutil.copytree(other / name, place / f"shown.{name}") if (other / name).is_dir() else shutil.copy(
            other / name, place / f"shown.{name}"
        )
        return (f"shown.{name}", "--known", known)

    return shown


def _receipt_byte(_scene: Scene, place: Path) -> tuple[str, ...]:
    data = (place / "late.receipt").read_bytes()
    note = next(part for part in data.split() if b'"kind":"disclosure"' in _decoded(part))
    forged = base64.b64encode(_decoded(note).replace(b'"kind":"disclosure"', b'"kind":"correction"'))
    (place / "shown.receipt").write_bytes(data.replace(note, forged))
    return ("shown.receipt",)


def _decoded(part: bytes) -> bytes:
    try:
        return base64.b64decode(part, validate=True)
    except ValueError:
        return b""


def _package(change: Callable[[Path], object]) -> Callable[[Scene, Path], tuple[str, ...]]:
    def shown(_scene: Scene, place: Path) -> tuple[str, ...]:
        change(place / "audit")
        return ("audit", "--known", "early.checkpoint")

    return shown


def _bundle(audit: Path) -> None:
    (bundle,) = (audit / "tile" / "entries").glob("*")
    path = next(bundle.glob("*")) if bundle.is_dir() else bundle
    path.write_bytes(path.read_bytes().replace(b'"kind":"disclosure"', b'"kind":"correction"', 1))


def _older(_scene: Scene, _place: Path) -> tuple[str, ...]:
    return ("early.evidence",)


def _older_known(_scene: Scene, _place: Path) -> tuple[str, ...]:
    return ("early.evidence", "--known", "late.checkpoint")


WITNESS = "board.example/witness"


def _cosigned(raw: bytes, seed: bytes) -> bytes:
    """A checkpoint with the line of a witness of that name."""
    return checkpoints.cosign(raw, CosignatureSigner.from_seed(WITNESS, seed), int(START.timestamp()) + 10_000)


def witnessed(line_on: str, seed: bytes = b"w" * 32) -> Callable[[Scene, Path], tuple[str, ...]]:
    """A package of another history under the same keys, to who asks for a witness's word; `line_on`: what that says.

    `nothing`, `the true one`, or `the package`: whose checkpoint the line was made for.
    """

    def shown(scene: Scene, place: Path) -> tuple[str, ...]:
        target, *_ = _split_view("audit", "early.checkpoint")(scene, place)
        note = place / target / "checkpoint"
        forged, true = note.read_bytes(), (place / "audit" / "checkpoint").read_bytes()
        line = {"nothing": b"", "the package": _cosigned(forged, seed)[len(forged) :]}
        note.write_bytes(forged + line.get(line_on, _cosigned(true, seed)[len(true) :]))
        log = "".join(f"log {vkey}\n" for vkey in (place / "log.vkey").read_text().split())
        vkey = CosignatureSigner.from_seed(WITNESS, b"w" * 32).key.vkey()
        (place / "policy").write_text(f"{log}witness board {vkey}\nquorum board\n")
        return (target, "--policy", "policy")

    return shown


ANOTHER = "of another history under the same keys, to who kept"

WITNESSED = "an audit package of another history under the same keys, to who asks for a witness"

ON_FILES: tuple[OnFile, ...] = (
    OnFile("a row struck from the list", "evidence", rewritten(_strike)),
    OnFile("a row added to the list", "evidence", rewritten(_add_row)),
    OnFile("a row's words changed", "evidence", rewritten(_reword)),
    OnFile("a row struck, and its entry left out of the proof", "evidence", rewritten(_drop_entry)),
    OnFile("the last row struck, and the last entry left out of the proof", "evidence", rewritten(_drop_last)),
    OnFile("a field of an opened entry changed", "evidence", rewritten(_alter_field)),
    OnFile("another client's list in place of the client's", "evidence", rewritten(_other_list)),
    OnFile("another client's stream in place of the client's", "evidence", rewritten(_other_stream)),
    OnFile("entries and list of an earlier day under today's checkpoint", "evidence", rewritten(_old_map)),
    OnFile("entries of an earlier day under today's stream map", "evidence", rewritten(_old_stream)),
    OnFile("whole evidence of an earlier day", "evidence", _older),
    OnFile("whole evidence of an earlier day, to who knows a later checkpoint", "evidence", _older_known),
    OnFile(f"evidence {ANOTHER} a receipt", "evidence", _split_view("late.evidence", "early.receipt")),
    OnFile(f"evidence {ANOTHER} a checkpoint", "evidence", _split_view("late.evidence", "early.checkpoint")),
    OnFile("a receipt of another ledger of that name", "receipt", _of_another),
    OnFile("an entry in a receipt changed", "receipt", _receipt_byte),
    OnFile("an entry in an audit package changed", "audit package", _package(_bundle)),
    OnFile(f"an audit package {ANOTHER} a checkpoint", "audit package", _split_view("audit", "early.checkpoint")),
    OnFile(f"an audit package {ANOTHER} a receipt", "audit package", _split_view("audit", "early.receipt")),
    OnFile(f"{WITNESSED}, which never saw it", "audit package", witnessed("nothing")),
    OnFile(f"{WITNESSED}, with its line from the true one", "audit package", witnessed("the true one")),
    OnFile(f"{WITNESSED}, with a line by another key", "audit package", witnessed("the package", b"x" * 32)),
)
