"""Reads the golden audit packages, good and attacked, as far as a walk over their entries needs."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disclosure_ledger.log import tiles
from disclosure_ledger.log.checkpoint import Known, Trust
from disclosure_ledger.log.note import VerifierKey
from golden_log import folder, golden


@dataclass(frozen=True)
class Package:
    notes: list[bytes]
    checkpoint: bytes
    handovers: dict[int, bytes]


def read_package(path: Path) -> Package:
    """The notes of all bundles that are there, in order."""
    bundles = {}
    for file in sorted((path / "tile/entries").rglob("*")):
        if file.is_file():
            _, index, width = tiles.parse_path(str(file.relative_to(path)))
            bundles[index, width] = tiles.decode_bundle(file.read_bytes())
    handovers = {int(file.name): file.read_bytes() for file in path.glob("handover/*")}
    notes = [note for _, bundle in sorted(bundles.items()) for note in bundle]
    return Package(notes=notes, checkpoint=(path / "checkpoint").read_bytes(), handovers=handovers)


def checkpoint_in(path: Path) -> bytes:
    """The checkpoint's note that a file known from outside holds."""
    if path.suffix == ".json":
        return str(json.loads(path.read_text())["checkpoint"]).encode()
    if path.suffix == ".tlog-proof":
        return path.read_bytes().partition(b"\n\n")[2]
    return path.read_bytes()


def trust_of(run: dict[str, Any]) -> Trust:
    """What a run of expected.json trusts."""
    vkeys = golden("expected.json")["keys"]
    return Trust(
        keys=tuple(VerifierKey.parse(vkeys[name]) for name in run["keys"]),
        witnesses=tuple(VerifierKey.parse(vkeys[name]) for name in run["witness"]),
        known=tuple(Known(where=name, raw=checkpoint_in(folder() / name)) for name in run["known"]),
    )


def audit_runs() -> list[dict[str, Any]]:
    return [run for run in golden("expected.json")["runs"] if run["what"] == "audit"]
