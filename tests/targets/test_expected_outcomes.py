"""Every golden file, good or attacked, has the outcome that docs/format.md demands: by library and by command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from command import Desk
from disclosure_ledger import pile, targets
from outcomes import checks, codes, exit_of, name_of, path, runs, trust, vkeys

RUNS = runs()


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_the_library_says_what_is_expected(run: dict[str, Any]) -> None:
    verdict = targets.verify(
        path(run["path"]),
        trust=trust(*run["keys"], witnesses=tuple(run["witness"])),
        known=pile.gather(path(name) for name in run["known"]),
    )
    assert exit_of(verdict) == run["exit"], verdict.findings
    assert set(run["checks"]) <= checks(codes(verdict))


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_the_command_line_says_what_is_expected(run: dict[str, Any], tmp_path: Path) -> None:
    arguments: list[str | Path] = ["verify", path(run["path"]), "--json"]
    for name in run["keys"]:
        arguments += ["--key", vkeys()[name]]
    for name in run["known"]:
        arguments += ["--known", path(name)]
    if run["witness"]:
        arguments += ["--policy", policy_of(run["witness"], tmp_path)]
    done = Desk(tmp_path, passphrase=None)(*arguments)
    assert done.exit == run["exit"], done
    assert set(run["checks"]) <= checks([one["code"] for one in done.json["findings"]])
    assert done.json["outcome"] == {0: "verified", 3: "failed", 4: "incomplete"}[run["exit"]]


def policy_of(witnesses: list[str], folder: Path) -> Path:
    lines = [f"witness {name} {vkeys()[name]}\n" for name in witnesses]
    file = folder / "witnesses.policy"
    file.write_text("".join(lines) + f"group all-of-them all {' '.join(witnesses)}\nquorum all-of-them\n")
    return file


def test_all_of_them_are_there() -> None:
    assert len(RUNS) == 136
    assert {run["what"] for run in RUNS} == {"audit", "evidence", "receipt"}


WORDED = "What the accounting says beside its rows is not what this release says on every one."
NOTICES = {
    "evidence.json": (
        "The client's stream begins on 2019-03-01.",
        "Entry 18 was replaced by entry 19.",
        "Entry 24 was retracted by entry 25.",
        "Entry 3 was erased.",
        "Entry 12 is in no stream: nothing proves that all such are listed.",
        WORDED,
    ),
    "evidence-nothing.json": ("The client's stream begins on 2021-05-04.", WORDED),
}


@pytest.mark.parametrize("name", NOTICES)
def test_of_good_evidence_is_told_what_a_reader_should_know(name: str) -> None:
    assert targets.verify(path(name), trust=trust("log-1")).notices == NOTICES[name]


def test_a_contradiction_is_shown_with_both_notes(tmp_path: Path) -> None:
    known, shown = path("checkpoints/30.note"), path("attacked/evidence/fork.json")
    desk = Desk(tmp_path, passphrase=None)
    done = desk("verify", shown, "--key", vkeys()["log-1"], "--known", known, "--json")
    (accusation,) = done.json["accusations"]
    assert accusation["known"].encode() == known.read_bytes()
    assert accusation["shown"] == json.loads(shown.read_text())["checkpoint"]
    text = desk("verify", shown, "--key", vkeys()["log-1"], "--known", known).out
    assert text.startswith("FAILED")
    assert accusation["known"].strip() in text
    assert accusation["shown"].strip() in text
