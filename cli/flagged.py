"""Errors about what came by a flag name the flag; errors about what came in JSON name the field."""

import contextlib
import re
from collections.abc import Iterator, Mapping

from disclosure_ledger.errors import InvalidRecord


@contextlib.contextmanager
def flags_named(flags: Mapping[str, str]) -> Iterator[None]:
    """Let an InvalidRecord about a field of `flags`, or a part of it, name the flag in the field's place.

    Another field that the message names in backquotes is named by its flag too.
    """
    try:
        yield
    except InvalidRecord as error:
        flag = _flag(error.field or "", flags)
        if flag is None:
            raise
        message = re.sub(r"`(\w+)`", lambda found: _flag(found[1], flags) or found[0], error.message)
        raise InvalidRecord(message, field=flag, hint=error.hint) from None


def _flag(field: str, flags: Mapping[str, str]) -> str | None:
    """The flag of a field, or of the nearest one that holds it."""
    field = field.removeprefix("disclosure.")
    while field:
        if field in flags:
            return flags[field]
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    return None
