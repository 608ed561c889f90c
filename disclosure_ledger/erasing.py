"""Erasure: what a retention rule lets go is destroyed, and the ledger still proves the rest (docs/format.md 8).

An `erasure` entry lists what goes; in the same transaction the sealed contents are destroyed, the data keys that seal
nothing any more with them, and what remains is wrapped under a new vault key: a copy of the database made before opens
only with a key file of its time. Entries of one stream are listed together; an entry of no stream has an erasure of its
own, because a list would tie it to a client.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .custody import vault
from .custody.keyfile import Secrets
from .errors import NotFound, Refused
from .hipaa.casefile import fold
from .hipaa.deadlines import retained_through, years_before
from .hipaa.retention import YEARS, keep_until
from .ledger import Ledger
from .practice.opening import OpenEntry, Opener
from .practice.transaction import Transaction
from .practice.writer import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What would be erased: entry numbers, by the erasure that lists them."""

    lists: tuple[tuple[int, ...], ...]

    @property
    def entries(self) -> tuple[int, ...]:
        """Every entry, ascending."""
        return tuple(sorted(index for some in self.lists for index in some))


def plan(opener: Opener, client: str, *, today: dt.date, years: int = YEARS) -> Planned:
    """What may be erased of a client today. Raises NotFound for one that no record names, Refused under a hold."""
    opened = list(opener.of_client(client))
    if not opened:
        raise NotFound("no record of the ledger names this client")
    filed = [one for one in map(opener.as_filed, opened) if one is not None]
    if fold(filed).holds:
        raise Refused("a legal hold keeps everything of this client", hint="disclosure-ledger hold end ends it")
    until = keep_until(filed, years=years) if filed else {}
    return Planned(lists=tuple(_by_stream([one for one in opened if _is_due(one, until, today)], opened)))


def _is_due(one: OpenEntry, until: Mapping[int, dt.date | None], today: dt.date) -> bool:
    """By the rule, and six years after it was recorded in UTC, as verification counts: a practice's day may differ.

    Nor does an accounting that is asked for today reach it: the day six years back is in its period, and of an entry of
    the day before verification cannot tell that it was not (docs/format.md section 11).
    """
    day = until.get(one.index)
    recorded = one.entry.header.recorded_at.date()
    reached = years_before(today, YEARS) - dt.timedelta(days=1)
    return day is not None and max(day, retained_through(recorded)) <= today and recorded < reached


def clients(opener: Opener) -> tuple[str, ...]:
    """Every client number of the ledger, but those whose records are all erased."""
    found = (one.fields["client"] for one in opener.of_kinds("client") if one.fields is not None)
    return tuple(dict.fromkeys(str(client) for client in found))


def _by_stream(due: list[OpenEntry], every: list[OpenEntry]) -> list[tuple[int, ...]]:
    """One list a stream, one for each entry of none. A stream's beginning goes only with all of the stream."""
    lists: list[tuple[int, ...]] = [(one.index,) for one in due if one.entry.header.stream is None]
    tags = dict.fromkeys(one.entry.header.stream.tag for one in due if one.entry.header.stream is not None)
    for tag in tags:
        mine = [one for one in due if one.entry.header.stream is not None and one.entry.header.stream.tag == tag]
        whole = [one for one in every if one.entry.header.stream is not None and one.entry.header.stream.tag == tag]
        standing = [one for one in whole if one.fields is not None]
        if len(mine) < len(standing):
            mine = [one for one in mine if one.kind != "client"]
        if mine:
            lists.append(tuple(one.index for one in mine))
    return lists


def erase(
    ledger: Ledger, plan: Callable[[Opener], Planned], *, reason: str, authority: str, secrets: Secrets
) -> tuple[Planned, tuple[int, ...]]:
    """Destroy what may be erased at this moment: what it was, and the numbers of the erasure entries.

    `plan` is asked under the ledger's lock, so that a hold or a request that came in between counts. `secrets` are
    those with the new vault key: the key file must hold them as `pending` before, and is written with them alone after.
    """
    with ledger.writing() as one:
        planned = plan(one.opener)
        made = [one.adding.add(_draft(indexes, reason, authority)) for indexes in planned.lists]
        if made:
            one.adding.finish()
            one.into.drop_contents(planned.entries)
            one.into.drop_unused_keys()
            _rewrap(one, secrets)
    if made:
        ledger.forget_freed_pages()
    return planned, tuple(made)


def with_new_vault_key(secrets: Secrets, key: bytes) -> Secrets:
    """The same secrets with another vault key, 32 bytes."""
    return replace(secrets, vault_key=key, pending=None)


def _draft(indexes: tuple[int, ...], reason: str, authority: str) -> Draft:
    return Draft(kind="erasure", public={"entries": _ranges(indexes), "reason": reason, "authority": authority})


def _ranges(indexes: tuple[int, ...]) -> list[list[int]]:
    """Ranges with both ends, ascending, not touching."""
    ranges: list[list[int]] = []
    for index in sorted(indexes):
        if ranges and ranges[-1][1] + 1 == index:
            ranges[-1][1] = index
        else:
            ranges.append([index, index])
    return ranges


def _rewrap(one: Transaction, secrets: Secrets) -> None:
    old, origin = one.secrets.vault_key, one.secrets.origin

    def anew(owner: bytes, wrapped: bytes) -> bytes:
        key = vault.unwrap(old, origin, owner, wrapped)
        return vault.wrap(secrets.vault_key, origin, owner, key, nonce=one.adding.entropy(vault.NONCE_SIZE))

    one.into.rewrap(anew)
