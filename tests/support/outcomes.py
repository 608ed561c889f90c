"""The golden outcomes of whole files: what each run of expected.json is given, and what must come of it."""

from pathlib import Path
from typing import Any

from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.findings import Verdict
from disclosure_ledger.log.note import VerifierKey
from golden_log import folder, golden

EXIT = {"verified": 0, "failed": 3, "incomplete": 4}


def runs() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = golden("expected.json")["runs"]
    return found


def name_of(run: dict[str, Any]) -> str:
    return f"{run['path']}, {run['fault']}"


def vkeys() -> dict[str, str]:
    found: dict[str, str] = golden("expected.json")["keys"]
    return found


def trust(*names: str, witnesses: tuple[str, ...] = (), **more: Any) -> Trust:
    """Trust in golden keys by their role."""
    keys = {role: VerifierKey.parse(vkey) for role, vkey in vkeys().items()}
    return Trust(keys=tuple(keys[name] for name in names), witnesses=tuple(keys[name] for name in witnesses), **more)


def path(name: str) -> Path:
    return folder() / name


def exit_of(verdict: Verdict) -> int:
    return EXIT[verdict.outcome.value]


def codes(verdict: Verdict) -> list[str]:
    """The codes of a verdict, each once, in order."""
    return list(dict.fromkeys(finding.code for finding in verdict.findings))


def checks(found: list[str]) -> set[str]:
    """The numbers of the checks that codes belong to."""
    return {code.partition(".")[0] for code in found}
