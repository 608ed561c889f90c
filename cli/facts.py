"""Commands that record facts other than releases: clients, forms, limits, suspensions, holds, requests.

Each is a kind of record and its fields as flags; a date may be typed as `today`. Whatever has no flag goes through
`record --input`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import click

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import NotFound
from disclosure_ledger.hipaa import records
from disclosure_ledger.hipaa.accounting import Practice
from disclosure_ledger.hipaa.casefile import Casefile
from disclosure_ledger.hipaa.letters import Letter
from disclosure_ledger.hipaa.officer import CONFIDENTIAL
from disclosure_ledger.ledger import Ledger

from . import say
from .dates import day
from .flagged import flags_named
from .letters import letter_flags, practice_of, style_of, written
from .options import shared, today
from .settings import Settings
from .told import tell
from .using import open_ledger


@dataclass(frozen=True, kw_only=True)
class Flag:
    """One flag: the field it fills (dots for an object within), and how its text is read."""

    name: str
    field: str
    help: str
    required: bool = False
    form: str = "text"
    """`text`, `date`, `many` (repeated), or `switch` (there or not)."""

    def option(self) -> Callable[[Any], Any]:
        """The flag as Click takes it."""
        return click.option(
            self.name,
            _parameter(self.name),
            required=self.required,
            multiple=self.form == "many",
            is_flag=self.form == "switch",
            metavar=None if self.form == "switch" else ("DATE" if self.form == "date" else "TEXT"),
            help=self.help + ("; repeat it." if self.form == "many" else "."),
        )


def _parameter(name: str) -> str:
    return "flag_" + name.removeprefix("--").replace("-", "_")


CLIENT = Flag(name="--client", field="client", help="The practice's own client number", required=True)
_ALWAYS = (
    Flag(name="--ref", field="ref", help="The source system's own id; recording it twice is harmless"),
    Flag(name="--note", field="note", help="For the practice; never printed for a client"),
)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """The letter that tells the client of a record. `more`: flags that only the letter shows."""

    make: Callable[[Casefile, Any, Practice, dict[str, str]], Letter]
    help: str
    more: tuple[Flag, ...] = ()


Judge: TypeAlias = Callable[[Casefile, Any], str | None]
"""What the law or the ledger makes of a record: an error that refuses it, or words of warning once it is recorded."""


def recorder(
    name: str,
    kind: str,
    flags: Sequence[Flag],
    text: str,
    *,
    telling: Telling | None = None,
    judge: Judge | None = None,
) -> click.Command:
    """A command that records one record of a kind, and writes the letter about it where there is one."""
    every = (*flags, *_ALWAYS)
    more = telling.more if telling is not None else ()

    def command(
        by: str | None, letter: str | None = None, language: str = "en", large_print: bool = False, **said: Any
    ) -> None:
        with flags_named({flag.field: flag.name for flag in every}), open_ledger(by) as (ledger, chosen):
            now = today(chosen)
            record: dict[str, JSON] = {"kind": kind}
            for flag in every:
                value = said[_parameter(flag.name)]
                if value not in (None, (), False):
                    _put(record, flag.field, _read(flag, value, now))
            made = records.from_json(record)
            if letter is None or telling is None:
                warning = judge(_case(ledger, made), made) if judge is not None else None
                outcome = ledger.record(made)
                tell(ledger, chosen, outcome)
                if warning is not None and not outcome.already:
                    say.warn(warning)
                return
            shown = {flag.field: said[_parameter(flag.name)] for flag in more if said[_parameter(flag.name)]}
            style = style_of(chosen, language, large=large_print)
            with written(letter, _about(ledger, chosen, made, telling, shown), style):
                tell(ledger, chosen, ledger.record(made))
            say.talk(f"Letter written to {letter}.", quiet=chosen.quiet)

    command.__doc__ = text
    made: Any = shared(command)
    made = click.option("--by", metavar="NAME", help="Who records it.")(made)
    if telling is not None:
        made = letter_flags("--letter", telling.help)(made)
    for flag in reversed((*flags, *more, *_ALWAYS)):
        made = flag.option()(made)
    return click.command(name)(made)


def _case(ledger: Ledger, record: records.Record) -> Casefile:
    """What is known of the record's client; of one that no record names, nothing."""
    try:
        return ledger.casefile(record.client or "")
    except NotFound:
        return Casefile(client=record.client)


def _about(ledger: Ledger, chosen: Settings, record: records.Record, telling: Telling, shown: dict[str, str]) -> Letter:
    """The letter about a record that is not recorded yet: it is refused before anything is."""
    case = ledger.casefile(record.client or "")
    if case.record is not None and case.record.communication is not None:
        say.warn(CONFIDENTIAL)
    return telling.make(case, record, practice_of(ledger, chosen), shown)


def _read(flag: Flag, value: Any, now: Any) -> JSON:
    if flag.form == "date":
        return day(value, now, field=flag.field).isoformat()
    return list(value) if flag.form == "many" else value


def _put(record: dict[str, JSON], field: str, value: JSON) -> None:
    *path, last = field.split(".")
    for name in path:
        record = record.setdefault(name, {})
    record[last] = value
