"""Commands that record facts other than releases: clients, forms, limits, suspensions, holds, requests.

Each is a kind of record and its fields as flags; a date may be typed as `today`. Whatever has no flag goes through
`record --input`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from disclosure_ledger.canonical import JSON
from disclosure_ledger.hipaa import records

from .dates import day
from .options import shared, today
from .record import tell
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


def recorder(name: str, kind: str, flags: Sequence[Flag], text: str) -> click.Command:
    """A command that records one record of a kind."""
    every = (*flags, *_ALWAYS)

    def command(by: str | None, **said: Any) -> None:
        with open_ledger(by) as (ledger, chosen):
            now = today(chosen)
            record: dict[str, JSON] = {"kind": kind}
            for flag in every:
                value = said[_parameter(flag.name)]
                if value not in (None, (), False):
                    _put(record, flag.field, _read(flag, value, now))
            tell(chosen, ledger.record(records.from_json(record)))

    command.__doc__ = text
    made: Any = shared(command)
    made = click.option("--by", metavar="NAME", help="Who records it.")(made)
    for flag in reversed(every):
        made = flag.option()(made)
    return click.command(name)(made)


def _read(flag: Flag, value: Any, now: Any) -> JSON:
    if flag.form == "date":
        return day(value, now, field=flag.field).isoformat()
    return list(value) if flag.form == "many" else value


def _put(record: dict[str, JSON], field: str, value: JSON) -> None:
    *path, last = field.split(".")
    for name in path:
        record = record.setdefault(name, {})
    record[last] = value
