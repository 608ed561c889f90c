"""The accounting as plain text: for reading aloud, a terminal, or a plain letter.

Every row is one block of labelled lines, because a screen reader reads a table of columns across. Lines are at most
WIDTH characters, but for what cannot be broken.
"""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from disclosure_ledger.hipaa.accounting import Accounting

WIDTH = 78
_LABEL = 14


def to_text(accounting: Accounting) -> bytes:
    """The whole letter in UTF-8."""
    it = accounting.to_json()
    blocks = [_head(it), _about(it), _list(it), *_studies(it), _left_out(it), _checking(it)]
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _head(it: Mapping[str, Any]) -> str:
    practice = it["practice"]
    lines = [practice["name"], *(practice[name] for name in ("address", "contact") if practice.get(name))]
    return "\n".join([*lines, "", "LIST OF RELEASES OF YOUR HEALTH INFORMATION"])


def _about(it: Mapping[str, Any]) -> str:
    request, period = it["request"], it["period"]
    rows = [("For", f"{it['client']['name'] or 'client'} ({it['client']['number']})")]
    if request["id"] is not None:
        rows.append(("Your request", f"{request['id']}, made on {request['requested_on']}"))
    rows += [
        ("Issued on", it["issued_on"]),
        ("Covers", f"{period['from']} to {period['to']}"),
        ("Cost", "free" if it["fee"] == "0.00" else f"${it['fee']}"),
        ("Releases", _count(it)),
    ]
    return "\n".join(_labelled(rows))


def _count(it: Mapping[str, Any]) -> str:
    count = sum(row.get("count", 1) for row in it["rows"])
    if not count:
        return "none of the kind the law asks us to list"
    return f"{count}, in {len(it['rows'])} entries below" if count != len(it["rows"]) else str(count)


def _list(it: Mapping[str, Any]) -> str:
    if not it["rows"]:
        return _wrapped("In this time we made no release of your health information that the law asks us to list.")
    return "\n\n".join("\n".join(_labelled(_row(row))) for row in it["rows"])


def _row(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    recipient = row["recipient"]
    who = ", ".join(recipient[name] for name in ("name", "organization", "address") if recipient.get(name))
    return [("When", when(row)), ("Who got it", who), ("What", row["description"]), ("Why", row["purpose"] or "")]


def when(row: Mapping[str, Any]) -> str:
    """The day, range, event or repeats of a row, in words."""
    if "count" in row:
        return f"{row['first']} the first time, {row['last']} the last; {row['count']} times in all"
    date = row["date"]
    if isinstance(date, str):
        return date
    if "from" in date:
        return f"{date['from']} to {date['to']}"
    return f"{date['interval']} ({date['after']})"


def _studies(it: Mapping[str, Any]) -> Iterable[str]:
    for study in it["research"]:
        rows = [
            ("Study", study["protocol"]),
            ("About", study["description"]),
            ("Chosen by", study["criteria"]),
            ("Information", study["information"]),
            ("When", f"{study['from']} to {study['last']}" if study["from"] != study["last"] else study["last"]),
            ("Sponsor", _party(study["sponsor"])),
            ("Researcher", _party(study["researcher"])),
            ("Please note", study["statement"]),
        ]
        yield "\n".join(_labelled(rows))


def _party(party: Mapping[str, Any]) -> str:
    return ", ".join(party[name] for name in ("name", "address", "telephone") if party.get(name))


def _left_out(it: Mapping[str, Any]) -> str:
    return "\n\n".join(_wrapped(statement) for statement in it["statements"])


def _checking(it: Mapping[str, Any]) -> str:
    origin, size, root = it["checkpoint"].split("\n")[:3]
    return "\n".join(
        [
            _wrapped("This list was drawn from our signed ledger as it stood at:"),
            f"  {origin}",
            f"  {size} entries",
            f"  {root}",
        ]
    )


def _labelled(rows: Iterable[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for label, text in rows:
        first = f"{label}:".ljust(_LABEL)
        for number, line in enumerate(_paragraphs(text)):
            lead = first if number == 0 else " " * _LABEL
            lines += textwrap.wrap(
                line, WIDTH, initial_indent=lead, subsequent_indent=" " * _LABEL, break_long_words=False
            ) or [lead.rstrip()]
    return lines


def _paragraphs(text: str) -> list[str]:
    return text.split("\n") or [""]


def _wrapped(text: str) -> str:
    return "\n".join("\n".join(textwrap.wrap(line, WIDTH, break_long_words=False)) for line in _paragraphs(text))
