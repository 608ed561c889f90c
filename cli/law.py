"""How the practice reads the law: from its settings file to the rules, the facts and the state's overlay."""

import datetime as dt
import json
from typing import Any

from disclosure_ledger.errors import InvalidRecord, Malformed
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.clearance import NO_OVERLAY, Facts, Overlay
from disclosure_ledger.practice.recording import Law

from .settings import FILE, Settings


def law_of(chosen: Settings) -> Law:
    """The law as the settings say it is read. Raises InvalidRecord naming the setting."""
    said = chosen.law
    facts = {name: _flag(name, said[name]) for name in ("private", "counseling", "part2_program") if name in said}
    days = {name: _day(name, said[name]) for name in ("covered_since", "part2_accounting_effective") if name in said}
    without = said.get("without", [])
    if not isinstance(without, list) or not all(isinstance(code, str) for code in without):
        raise InvalidRecord(f"expected a list of codes in {FILE}", field="without")
    try:
        rules = Rules(
            without=frozenset(without),
            covered_since=days.get("covered_since"),
            part2_accounting_effective=days.get("part2_accounting_effective"),
        )
    except Malformed as error:
        raise InvalidRecord(f"{error.message} ({FILE})", field="without") from None
    return Law(rules=rules, facts=Facts(**facts), overlay=_overlay(chosen))


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidRecord(f"expected true or false in {FILE}", field=name)
    return value


def _day(name: str, value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise InvalidRecord(f"expected a date without quotes in {FILE}", field=name)
    return value


def _overlay(chosen: Settings) -> Overlay:
    name = chosen.law.get("overlay")
    if name is None or chosen.folder is None:
        return NO_OVERLAY
    try:
        return Overlay.from_json(json.loads((chosen.folder / str(name)).read_bytes()))
    except OSError as error:
        raise InvalidRecord(f"the overlay {name} cannot be read: {error.strerror}", field="overlay") from None
    except ValueError:
        raise InvalidRecord(f"the overlay {name} is no JSON", field="overlay") from None
