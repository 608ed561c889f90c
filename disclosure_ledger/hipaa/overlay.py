"""State law as a file: what counsel wrote down for one state. No state is known to the code.

HIPAA yields to state law that protects more (160.203(b)). What an overlay forbids blocks a release before it goes out,
and never changes how one counts in the federal accounting.

>>> overlay = Overlay.from_json({"state": "XX", "as_of": "2026-01-01", "authorization": {"max_days": 365}})
>>> overlay.max_days, overlay.state
(365, 'XX')

Shape: docs/hipaa.md, "State overlay". Keys that only people read (`extra_notation`, `retention_years`, …) are let
through.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from disclosure_ledger.canonical import JSON
from disclosure_ledger.errors import InvalidRecord

from .bases import basis
from .forms import COUNT, DATE, FLAG, TEXT, choice, coded, listing, nearest, under
from .releases import DATA_ELEMENTS

_READ_BY_PEOPLE: Final = frozenset(
    {"extra_notation", "minor_consent_age", "retention_years", "accounting", "reviewed_by"}
)
_KEYS: Final = frozenset({"state", "as_of", "bases", "authorization", "payer_profile", "redisclosure_statement"})
_CODES: Final = listing(coded(basis))
_ELEMENTS: Final = listing(choice(DATA_ELEMENTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisRule:
    """What the state says about one basis."""

    allowed: bool = True
    cite: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One state's additions."""

    state: str | None = None
    as_of: date | None = None
    """When counsel reviewed it."""
    bases: Mapping[str, BasisRule] = field(default_factory=lambda: MappingProxyType({}))
    max_days: int | None = None
    """How long a signed form may live."""
    required_for: frozenset[str] = frozenset()
    """Bases for which the state wants a signed form where HIPAA wants none."""
    payer_profile: frozenset[str] | None = None
    """The data elements a payer may have."""
    statement: str | None = None
    """What has to go along with a release."""
    cite: str | None = None

    @classmethod
    def from_json(cls, obj: JSON) -> "Overlay":
        """The overlay that an object names. Raises InvalidRecord, with the path, for one that is not understood."""
        top = _object(obj, "", _KEYS | _READ_BY_PEOPLE)
        forms = _object(top.get("authorization", {}), "authorization", {"max_days", "required_for", "cite"})
        statement = _object(top.get("redisclosure_statement", {}), "redisclosure_statement", {"text", "cite"})
        profile = top.get("payer_profile")
        return cls(
            state=TEXT.read(top.get("state"), "state"),
            as_of=DATE.read(top.get("as_of"), "as_of"),
            bases=_bases(top.get("bases", {})),
            max_days=COUNT.read(forms["max_days"], "authorization.max_days") if "max_days" in forms else None,
            required_for=frozenset(_CODES.read(forms.get("required_for", []), "authorization.required_for")),
            payer_profile=None if profile is None else frozenset(_ELEMENTS.read(profile, "payer_profile")),
            statement=TEXT.read(statement["text"], "redisclosure_statement.text") if statement else None,
            cite=TEXT.read(forms["cite"], "authorization.cite") if "cite" in forms else None,
        )


NO_OVERLAY: Final = Overlay()
"""Federal law alone."""


def _object(value: JSON, path: str, names: frozenset[str] | set[str]) -> Mapping[str, JSON]:
    if not isinstance(value, Mapping):
        raise InvalidRecord("expected an object", field=path or None)
    for name in value:
        if name not in names:
            raise InvalidRecord("expected no key of this name", field=under(path, name), hint=nearest(name, names))
    return value


_BASIS_KEYS: Final = frozenset({"allowed", "enabled", "cite"})
_BASIS_READ_BY_PEOPLE: Final = frozenset(
    {"needs", "duty", "recipients", "trigger", "mandatory", "clock_oral_hours", "clock_written_hours"}
    | {"reporter_confidential"}
)


def _bases(value: JSON) -> Mapping[str, BasisRule]:
    if not isinstance(value, Mapping):
        raise InvalidRecord("expected an object", field="bases")
    return MappingProxyType({_code(code): _rule(rule, under("bases", code)) for code, rule in value.items()})


def _code(code: str) -> str:
    basis(code)
    return code


def _rule(value: JSON, path: str) -> BasisRule:
    rule = _object(value, path, _BASIS_KEYS | _BASIS_READ_BY_PEOPLE)
    allowed = [FLAG.read(rule[key], under(path, key)) for key in ("allowed", "enabled") if key in rule]
    return BasisRule(
        allowed=all(allowed), cite=TEXT.read(rule["cite"], under(path, "cite")) if "cite" in rule else None
    )
