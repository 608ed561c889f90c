"""Audit packages in folders and zips, for tests."""

from pathlib import Path
from typing import Any

from disclosure_ledger import package
from disclosure_ledger.log.checkpoint import Known
from disclosure_ledger.log.findings import Verdict
from outcomes import path, trust

GOLDEN = "audit-package"


def golden_files() -> dict[str, bytes]:
    root = path(GOLDEN)
    return {str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()}


def known() -> Known:
    return Known(where="kept", raw=path("checkpoints/30.note").read_bytes())


def put(target: Path, made: dict[str, bytes]) -> Path:
    package.write(target, made.items())
    return target


def verdict_on(target: Path, **told: Any) -> Verdict:
    return package.verify(target, trust=trust("log-1", known=(known(),)), **told)
