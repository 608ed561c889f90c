"""`record` on a terminal: it asks for what the flags left out, and judges each answer at once."""

import datetime as dt
import difflib
from collections.abc import Callable
from typing import Any, TypeAlias

import click

from disclosure_ledger.errors import InvalidRecord, NotFound
from disclosure_ledger.hipaa import bases
from disclosure_ledger.hipaa.parts import RECIPIENT_TYPES
from disclosure_ledger.ledger import Ledger

from . import say
from .dates import day
from .history import release_line

Judge: TypeAlias = Callable[[str, dt.date], object]

_ASKED = (
    ("on", "Day of the release (YYYY-MM-DD, today, yesterday)"),
    ("recipient", "Who received it"),
    ("recipient_type", "What kind of recipient (court, attorney, health_plan, provider, …)"),
    ("basis", "Legal basis (a code such as court_order)"),
    ("description", "What was released, in words the client may read"),
)


def ask(ledger: Ledger, client: str, flags: dict[str, Any], now: dt.date) -> None:
    """On a terminal: show the client's last releases, then ask for what the flags left out."""
    missing = [(name, question) for name, question in _ASKED if flags[name] is None]
    if not missing:
        return
    for name, judge in _JUDGED.items():
        if flags[name] is not None:
            judge(flags[name], now)
    _show_last(ledger, client)
    for name, question in missing:
        flags[name] = _answer(question, _JUDGED.get(name), now)


def _answer(question: str, judge: Judge | None, now: dt.date) -> str:
    """What is answered; asked again, with the reason, where it cannot be: the answers before it are not lost."""
    while True:
        said = str(click.prompt(question, err=True))
        try:
            if judge is not None:
                judge(said, now)
            return said
        except InvalidRecord as error:
            say.talk(f"  {error.message}" + (f" ({error.hint})" if error.hint else ""))


def _judge_day(said: str, now: dt.date) -> None:
    if day(said, now, field="disclosed_on") > now:
        raise InvalidRecord(
            "expected a day that has come: a release is recorded once it has happened", field="disclosed_on"
        )


def _judge_type(said: str, _: dt.date) -> None:
    if said not in RECIPIENT_TYPES:
        near = difflib.get_close_matches(said, RECIPIENT_TYPES, n=1)
        hint = f"did you mean {near[0]}?" if near else None
        raise InvalidRecord(f"expected one of {', '.join(RECIPIENT_TYPES)}", field="recipient.type", hint=hint)


_JUDGED: dict[str, Judge] = {
    "on": _judge_day,
    "recipient_type": _judge_type,
    "basis": lambda said, _: bases.basis(said),
}
"""What is refused at once, and not after the last question."""


def _show_last(ledger: Ledger, client: str) -> None:
    try:
        lines = [line for line in map(release_line, ledger.history(client)) if line is not None]
    except NotFound:
        say.talk(f"Nothing is recorded about {client} yet.")
        return
    say.talk(f"The last releases of {client}:" if lines else f"No release of {client} is recorded yet.")
    for line in lines[-3:]:
        say.talk(f"  {line}")
