"""Where the ledger, its keys and the practice's own facts are: flags over environment over `disclosure-ledger.toml`.

    [ledgers."harbor.example/disclosures"]
    ledger = "disclosures.db"
    keys = "disclosures.keys"
    timezone = "America/New_York"
    address = "12 Pier Road, Hartwell"
    contact = "Privacy officer, 555-0100"
    logo = "logo.png"

How the law is read (docs/hipaa.md) may stand there too: `overlay` (a file of one state's additions), `without` (bases
whose place in the accounting is unsettled, turned off), `covered_since`, `part2_accounting_effective`, and what the
practice is: `private`, `counseling`, `part2_program`.

Paths in the file are relative to the file. `init` writes a table; several ledgers can share the file.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from disclosure_ledger.errors import InvalidRecord, KeysUnavailable, NoLedger, NotFound

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FILE = "disclosure-ledger.toml"
LEDGER = "DISCLOSURE_LEDGER"
KEYS = "DISCLOSURE_LEDGER_KEYS"
PASSPHRASE = "DISCLOSURE_LEDGER_PASSPHRASE"  # noqa: S105 - the name of a variable
LAW = ("overlay", "without", "covered_since", "part2_accounting_effective", "private", "counseling", "part2_program")
DEFAULT_LEDGER = "disclosures.db"
DEFAULT_KEYS = "disclosures.keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a command needs to know before it opens anything."""

    ledger: str | None = None
    """A path, or a database URL."""
    keys: Path | None = None
    origin: str | None = None
    passphrase_file: Path | None = None
    timezone: str = "UTC"
    address: str | None = None
    contact: str | None = None
    logo: Path | None = None
    """The picture of the letterhead: PNG or JPEG."""
    law: Mapping[str, Any] = field(default_factory=dict)
    """What the settings file says of how the law is read."""
    folder: Path | None = None
    """Where the settings file is."""
    json: bool = False
    quiet: bool = False

    def need_ledger(self) -> str:
        """Where the ledger is. Raises NoLedger where nobody said."""
        if self.ledger is None:
            raise NoLedger("no ledger was named", hint=f"name it with --ledger or {LEDGER}; `init` makes one")
        return self.ledger

    def need_keys(self) -> Path:
        """Where the key file is. Raises KeysUnavailable where nobody said."""
        if self.keys is None:
            raise KeysUnavailable("no key file was named", hint=f"name it with --keys or {KEYS}; `init` makes one")
        return self.keys

    @property
    def state_file(self) -> Path | None:
        """The memory beside the key file."""
        return beside(self.keys, ".state") if self.keys else None

    @property
    def vkey_file(self) -> Path | None:
        """The log's public keys beside the key file."""
        return beside(self.keys, ".vkey") if self.keys else None

    def zone(self) -> "ZoneInfo":
        """The practice's time zone."""
        return zone(self.timezone)


def beside(keys: Path, ending: str) -> Path:
    """The file of another ending beside a key file: `disclosures.keys` has `disclosures.state`."""
    return keys.with_suffix(ending) if keys.suffix == ".keys" else keys.with_name(keys.name + ending)


def zone(name: str) -> "ZoneInfo":
    """A time zone of the IANA database."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # few commands ask for it

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidRecord("expected a time zone such as America/New_York", field="timezone") from None


def complete(flags: Settings, environment: Mapping[str, str] = os.environ) -> Settings:
    """Flags, then the environment, then the file."""
    keys = flags.keys or (Path(environment[KEYS]) if environment.get(KEYS) else None)
    stated = replace(flags, ledger=flags.ledger or environment.get(LEDGER) or None, keys=keys)
    for folder in [Path.cwd(), *([keys.parent] if keys else [])]:
        tables = read(folder / FILE)
        if tables:
            chosen = _choose(tables, stated)
            if chosen is not None:
                return _fill(stated, chosen, folder, tables[chosen])
    return stated


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The tables of a settings file by origin; none where there is no file."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise NotFound(f"the settings file {path} cannot be read") from None
    import tomllib  # whoever only verifies a file has no settings

    try:
        tables = tomllib.loads(text).get("ledgers", {})
    except tomllib.TOMLDecodeError as error:
        raise InvalidRecord(f"the settings file {path} is not TOML: {error}") from None
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise InvalidRecord(f'the settings file {path} has no [ledgers."…"] tables')
    return tables


def add(path: Path, origin: str, values: Mapping[str, str | None]) -> None:
    """Append a table for a ledger. Raises InvalidRecord where the file has one of that name."""
    if origin in read(path):
        raise InvalidRecord(f"the settings file {path} already has a ledger named {origin}")
    lines = [f"[ledgers.{_quoted(origin)}]"]
    lines += [f"{name} = {_quoted(value)}" for name, value in values.items() if value is not None]
    before = path.read_text("utf-8").rstrip() + "\n\n" if path.exists() else ""
    path.write_text(before + "\n".join(lines) + "\n", "utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # a TOML basic string


def _choose(tables: Mapping[str, Mapping[str, Any]], stated: Settings) -> str | None:
    """Which table is meant: the origin asked for, the key file's, the ledger's, or the only one."""
    if stated.origin is not None:
        return stated.origin if stated.origin in tables else None
    if stated.keys is not None and stated.keys.is_file():
        from disclosure_ledger.custody import keyfile

        origin = keyfile.origin_of(keyfile.read(stated.keys))
        return origin if origin in tables else None
    if stated.keys is None and stated.ledger is None and len(tables) > 1:
        raise NoLedger(
            f"the settings file names {len(tables)} ledgers", hint="choose one with --origin, --keys or --ledger"
        )
    return next(iter(tables)) if len(tables) == 1 else None


def _fill(stated: Settings, origin: str, folder: Path, table: Mapping[str, Any]) -> Settings:
    def text(name: str) -> str | None:
        value = table.get(name)
        if value is not None and not isinstance(value, str):
            raise InvalidRecord(f"expected text for {name} in {folder / FILE}", field=name)
        return value

    place = text("ledger")
    if place is not None and "://" not in place:
        place = str(folder / place)
    keys, logo = text("keys"), text("logo")
    return replace(
        stated,
        ledger=stated.ledger or place,
        keys=stated.keys or (folder / keys if keys else None),
        origin=stated.origin or origin,
        timezone=text("timezone") or stated.timezone,
        address=text("address"),
        contact=text("contact"),
        logo=folder / logo if logo else None,
        law={name: table[name] for name in LAW if name in table},
        folder=folder,
    )
