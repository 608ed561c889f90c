"""Runs the attack matrix and writes docs/attacks.md from what came of it.

    python benchmarks/attacks.py --page docs/attacks.md

`tests/support/attacks.py` has the attacks on this ledger, `benchmarks/support/attacked.py` those on others from PyPI.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "support"))
sys.path.insert(0, str(ROOT / "tests" / "support"))

from attack_scene import EARLY, LATE, MEMORIES, Outcome, Scene  # noqa: E402 - the path comes first
from attacks import HONEST, ON_LEDGERS  # noqa: E402 - the path comes first
from attacks_on_files import ON_FILES  # noqa: E402 - the path comes first

INTRODUCTION = """# Attacks

Written by `make bench` (`benchmarks/attacks.py`), which makes a good ledger of {entries} releases, attacks a copy,
and runs `disclosure-ledger verify`. Nothing here is said that was not run; a test holds the tables about this ledger to
what a run gives.

A number is the exit code: 3 is FAILED, with the codes of the checks that failed ([`format.md`](format.md) section 12);
0 is VERIFIED; 4 is INCOMPLETE, which is what a ledger with no memory outside it always gets, attacked or not. **not
caught** stands wherever it was not 3.

"by": `database` is somebody who can write to the database, and knows how; `keys` is somebody who also has the key file
and its passphrase. Each column is what the verifier has beside the ledger's public key: nothing; the checkpoint that
was given away after twelve of the twenty releases; a receipt of that time; the state file beside the key file, which
knows the end; and that with the keys (`verify --full`).
"""

CAUGHT_LATE = """## What is not caught, and by whom

Read this first. Each line is an attack that some verifier does not see.
"""

LIMITS = """
What follows from it:

- With no memory outside, a cut-off end and whatever the holder of the keys signs anew cannot be told from the truth.
  `verify` says INCOMPLETE then, and never VERIFIED.
- A memory covers what it has seen. A checkpoint does not see what came after it; the state file sees everything, but
  lies within reach of whoever holds the keys.
- Sealed content that was changed or exchanged shows only to who can open it: `verify --full`.
- Evidence is whole as of its own day: an earlier one stays true, and does not know what came later. Two files are held
  against each other where they can both show the same thing; a checkpoint of another size alone is not comparable with
  a file that brings no consistency proof.
"""

NOT_RUN = """## Not in this run

Tried elsewhere in the tests, and not in these tables: PostgreSQL (`tests/store/test_same_bytes.py`), what a witness
refuses to cosign (`tests/log/test_witness.py`), timestamps (`tests/log/test_timestamp.py`), revoked recorders, erasures
too early or under a hold, content put back after an erasure, openings, documents with evidence inside. Not tried:
attacks on the machine itself, and on the cryptography.
"""

PEERS = """## Other ledgers

{versions}, each through its own documented verification, attacked in the
same way in their SQLite files, by one who knows the schema. First with the public key alone (ledgerchain has none: for
it, "under other keys" is what anybody can do), then with the checkpoint or anchor that each keeps out of the database's
reach, made after twelve of twenty entries. *yes*: noticed. They are general ledgers: none seals contents, or proves a
list of one client complete, so the attacks on what is handed out have no counterpart.

- auditchain's own call with a checkpoint of an earlier day fails a ledger to which nothing was done but appending (its
  Merkle root is of the whole); so the entries that the checkpoint covers are held against it, and the whole without.
- ledgerchain compares its database's own row with the anchor; here the anchor is held against the entries, which sees
  more.
"""


def main() -> None:
    """The page."""
    parser = argparse.ArgumentParser(description="Run the attack matrix, and write its page.")
    parser.add_argument("--page", type=Path, required=True, help="the page to write")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder) / "ours")
        found = {one.name: scene.attack(one) for one in (HONEST, *ON_LEDGERS)}
        parts = [*own(scene, found), *others(Path(folder), found), NOT_RUN]
    given.page.write_text("\n".join(parts).replace("\n\n\n", "\n\n"), "utf-8")


def own(scene: Scene, found: dict[str, dict[str, Outcome]]) -> Iterator[str]:
    """The part of the page about this ledger."""
    shown = {one.name: scene.show(one) for one in ON_FILES}
    yield INTRODUCTION.format(entries=EARLY + LATE)
    yield CAUGHT_LATE
    yield from (f"- {line}" for line in misses(found, shown))
    yield LIMITS
    yield "## On the database\n"
    told = ", ".join(f"{found[HONEST.name][memory].exit} with {memory}" for memory in MEMORIES)
    yield f"The ledger to which nothing was done gets {told}.\n"
    yield f"| attack | by | {' | '.join(MEMORIES)} |\n|---|---|{'---|' * len(MEMORIES)}"
    for one in ON_LEDGERS:
        yield f"| {one.name} | {one.by} | {' | '.join(cell(found[one.name][name]) for name in MEMORIES)} |"
    yield "\n## On what is handed out\n\nThe reader has the ledger's public key, and where the line says so a memory.\n"
    yield "| attack | on | |\n|---|---|---|"
    for file in ON_FILES:
        yield f"| {file.name} | {file.what} | {cell(shown[file.name])} |"
    yield ""


def misses(found: dict[str, dict[str, Outcome]], shown: dict[str, Outcome]) -> Iterator[str]:
    """A line for each attack that some verifier does not see; those that none sees first."""
    lines = []
    for name, by_memory in found.items():
        if name == HONEST.name:
            continue
        blind = [memory for memory in MEMORIES if not by_memory[memory].noticed]
        if blind:
            whom = "by none of these verifiers" if len(blind) == len(MEMORIES) else "not with " + ", ".join(blind)
            lines.append((-len(blind), f"{name}: {whom}"))
    lines.sort(key=lambda line: line[0])
    yield from (line for _, line in lines)
    yield from (f"{name}: exit {outcome.exit}" for name, outcome in shown.items() if not outcome.noticed)


def cell(outcome: Outcome) -> str:
    """An exit code, and what was found."""
    if not outcome.noticed:
        return f"**not caught** ({outcome.exit})"
    told = ", ".join(f"`{code}`" for code in outcome.codes[:3])
    return f"{outcome.exit} {told}" + (" …" if len(outcome.codes) > 3 else "")


def others(folder: Path, found: dict[str, dict[str, Outcome]]) -> Iterator[str]:
    """The part of the page about other ledgers."""
    from attacked import ATTACKS, run
    from others import MEMORIES as THEIRS
    from others import TARGETS

    said = {name: {(title, memory): one.noticed for title, memory, one in run(name, folder / name)} for name in TARGETS}
    yield PEERS.format(versions=", ".join(f"{name} {metadata.version(name)}" for name in TARGETS))
    heads = [f"{name}, {memory}" for name in ("this one", *TARGETS) for memory in THEIRS]
    yield f"| attack | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}"
    for title in ATTACKS:
        mine = [found[title][memory].noticed for memory in THEIRS]
        theirs = [said[name][title, memory] for name in TARGETS for memory in THEIRS]
        yield f"| {title} | {' | '.join(_word(one, title) for one in (*mine, *theirs))} |"
    yield ""


def _word(noticed: bool, title: str) -> str:
    if title == HONEST.name:
        return "**a false alarm**" if noticed else "no, rightly"
    return "yes" if noticed else "**no**"


if __name__ == "__main__":
    main()
