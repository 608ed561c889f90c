"""Writes the documents that are made from the code: `docs/house.md`, `docs/hipaa.md` and `docs/letter.json`.

Run it after a room, a legal basis, a check or a case was added, or a word or a place in the letter was changed; a test
holds the files to what this writes.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from disclosure_ledger.browser.letter import letter
from disclosure_ledger.hipaa.bases import BASES, Rules
from disclosure_ledger.hipaa.basis import Accountable
from disclosure_ledger.hipaa.checks import CHECKS

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"

HOUSE = """# The house

Two towers that do not know each other, a joint above them, a thin face on top. `log/` proves that nothing was changed
and knows nothing of health care. `hipaa/` knows the law and nothing of cryptography or storage. A module imports only
from lower floors; `pyproject.toml` has the floors as import contracts, and `lint-imports` holds them.

How data flows, each way without turning back:

- **record**: flags or a row → `hipaa.records` → `hipaa.clearance` findings → `hipaa.filing` → a plain map of fields →
  `log.content` → sealed content and an entry's header → a recorder's signature → one transaction: note, sealed content,
  tiles, stream head, checkpoint, the head moved by compare-and-swap → the state file.
- **verify**: database or file → raw bytes → `log.verifier` with the caller's trust → a verdict → text, JSON, exit code.
- **account**: one client's opened records → `hipaa.casefile` → `hipaa.accounting` → a renderer; beside it, the evidence.

What follows is written by `docs/generate.py` from the first line of each module.
"""

FOLDERS = (
    ("disclosure_ledger", "The joints: what brings the towers, the keys and the database together."),
    ("disclosure_ledger/log", "The tamper-evidence tower."),
    ("disclosure_ledger/hipaa", "The law tower."),
    ("disclosure_ledger/custody", "Secrets."),
    ("disclosure_ledger/store", "The database."),
    ("disclosure_ledger/evidence", "The evidence file."),
    ("disclosure_ledger/package", "The audit package."),
    ("disclosure_ledger/practice", "An open ledger with its keys: what a practice does with it."),
    ("disclosure_ledger/intake", "Foreign rows to records."),
    ("disclosure_ledger/render", "An accounting as a client holds it."),
    ("disclosure_ledger/browser", "The page by which a client verifies: the sources of its script are in `js/`."),
    ("cli", "The command line: the only place that prints and exits."),
)

LAW = """# The law, from clause to row to case

This is how the code reads 45 CFR 164.528 and the checks around a release. It is not legal advice. Citations are
paragraphs of 45 CFR unless they say 42 CFR; the rule set is `{rules}`. The tables are written by `docs/generate.py`
from `disclosure_ledger/hipaa/` and from the cases in `tests/cases/`, whose names are the holdings.

## Window, deadlines, fees

| question | answer | where |
|---|---|---|
| Which days? | from the day the request was made, six calendar years back, to the day it arrived, both included | `deadlines.py` |
| A leap day? | 29 February six years back counts as 28 February: the reading that shows more | `deadlines.py` |
| By when? | 60 days from arrival; once up to 30 more, if the client was told why and until when within the 60 | `deadlines.py` |
| What does it cost? | nothing for the first in twelve months; later only what the client was told before and accepted | `deadlines.py` |
| Which records are kept how long? | six years from creation or last effect, and from an accounting that lists them; and as long as one that is asked for reaches them | `retention.py` |

## Readings of unsettled text

Where the words leave room, this is what the code does, why, and what turns it.

| reading | why | what turns it |
|---|---|---|
| Five bases that no exclusion fits literally are listed: `parent_not_representative`, `individual_directed_third_party`, `business_associate_own_purposes`, `whistleblower`, `workforce_crime_victim` | 164.528(a)(1) lists what is left out; these are not on it | `without = [...]` in the settings |
| A release whose authorization, restriction or contract did not hold counts as `impermissible` and is listed | 164.528(a)(1)(i) and (iv) leave out only what was done *as provided in* 164.506 and 164.508 | correct the facts it rests on |
| A suspension is judged on the day of issue | 164.528(a)(2) suspends the right to receive, not the request | none |
| Only releases under 164.512(d) and (f) are suspended, whatever an official asks | the text names these two | none: `accounting` says on stderr what to look at |
| A second oral statement does not start another 30 days | (a)(2)(ii)(C) limits it to 30 days from *the* statement | record a written statement |
| A written statement without an end suspends nothing | (a)(2)(i) wants the time specified | record one with `through` |
| Deadlines are calendar days and do not move for weekends | the text has no such rule | none |
| The free accounting comes back on the anniversary of the request of the last free one | 164.528(c)(2): one in any twelve-month period; the reading that favours the client | none |
| A withdrawn request does not use up the free accounting | nothing was provided | none |
| Representative and client share one free accounting | 164.502(g)(1) treats the one as the other | none |
| Repeats are summed up from three on | 164.528(b)(3) allows it from two; two rows are still easy to read | `--summarize`, `--no-summarize` |
| A summary or study that reaches beyond the period is cut to it | (b)(3) and (b)(4) speak of the period covered | none |
| A request made in the client's name after death is refused | 164.502(g)(4): the personal representative acts then | record the representative |
| A parent as such acts for a client under 18, and then for nobody | 164.502(g)(3) speaks of minors | record the authority as what it rests on, such as a court's order of guardianship |
| Whoever was in a study by a signed form or in a limited data set is not told of the study | 164.528(a)(1)(iv) and (viii) leave that out; (b)(4) is about releases under 164.512(i) | none |
| 42 CFR 2.25 is not applied | its compliance date is tolled | `part2_accounting_effective` in the settings |
| Releases before the practice was a covered entity are left out | 164.528(a)(1)(ix) | `covered_since` in the settings |
| Findings that rest on free text (`wording.py`) hold nothing against a release whose papers are silent | a false block would be believed once | write the papers' words into `evidence` |

## Rules to enforce or warn on at recording time

A block refuses before a release (`check`, `record --strict`). What happened is always recorded; a block in the third
column then makes it count as `impermissible`.

"""


def first_line(path: Path) -> str:
    """The first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.split("\n")[0].rstrip(".")


def house() -> str:
    """`docs/house.md`."""
    parts = [HOUSE]
    for folder, what in FOLDERS:
        rooms = [path for path in sorted((ROOT / folder).glob("*.py")) if path.name != "__init__.py"]
        rows = "".join(f"| `{path.name}` | {first_line(path)} |\n" for path in rooms)
        parts.append(f"\n## {folder}\n\n{what}\n\n| room | what it is |\n|---|---|\n{rows}")
    return "".join(parts)


def cases(folder: str) -> list[tuple[str, dict[str, Any]]]:
    """The cases of a folder by name."""
    return [(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted((CASES / folder).glob("*.json"))]


def bases_in(case: dict[str, Any]) -> set[str]:
    """The legal bases that a case's releases state."""
    releases = [record.get("disclosure", record) for record in [*case["records"], case.get("check", {})]]
    return {str(one["basis"]) for one in releases if "basis" in one}


def law() -> str:
    """`docs/hipaa.md`."""
    return "".join([LAW.format(rules=Rules().name()), *checks(), "\n## Legal bases\n\n", *bases()])


def checks() -> Iterator[str]:
    """The table of checks."""
    yield "| check | severity | counts | what it says | cites | cases |\n|---|---|---|---|---|---|\n"
    every = cases("clearance")
    for row in CHECKS.values():
        named = [name for name, case in every if row.id in json.dumps(case["expect"])]
        shown = "; ".join(name.replace("-", " ") for name in named[:3])
        counts = "yes" if row.counts else ""
        yield f"| `{row.id}` | {row.severity.value} | {counts} | {row.sentence} | {'; '.join(row.cites)} | {shown} |\n"


def bases() -> Iterator[str]:
    """The table of legal bases."""
    yield "`listed`: yes, no with the paragraph of 164.528(a)(1) that leaves it out, or *by default* where the text is unsettled.\n\n"
    yield "| code | cites | listed | may be suspended | may be summed up | cases |\n|---|---|---|---|---|---|\n"
    every = [*cases("accounting"), *cases("clearance")]
    for row in BASES.values():
        listed = {Accountable.YES: "yes", Accountable.DEFAULT_YES: "*by default*"}.get(row.accountable)
        named = [name.replace("-", " ") for name, case in every if row.code in bases_in(case)][:2]
        summed = "yes, and as a study" if row.b4 else "yes" if row.b3 else ""
        cells = (
            f"`{row.code}`",
            row.citation,
            listed or f"no {row.exclusion}",
            "yes" if row.suspendable else "",
            summed,
        )
        yield f"| {' | '.join(cells)} | {'; '.join(named)} |\n"


def letter_json() -> str:
    """What a page is made of beside its accounting (docs/format.md section 13)."""
    return json.dumps(letter(), ensure_ascii=False, indent=1) + "\n"


PAGES = {"house.md": house, "hipaa.md": law, "letter.json": letter_json}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), "utf-8")
