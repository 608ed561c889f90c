"""What can be seen of an open ledger: entries, a client's history, requests, what clearance would say."""

import contextlib
import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterator

from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.errors import NotFound
from disclosure_ledger.hipaa import changes, clearance, records
from disclosure_ledger.hipaa.casefile import Casefile, fold
from disclosure_ledger.hipaa.changes import Changes
from disclosure_ledger.hipaa.clearance import ClearanceFinding
from disclosure_ledger.log import entry
from disclosure_ledger.released import Released
from disclosure_ledger.store.read import Reading
from disclosure_ledger.store.sql import Store
from disclosure_ledger.tagging import Tags

from .every_release import every_release
from .opening import OpenEntry, Opener, studies
from .pending import OpenRequest, requests
from .recording import Law
from .searching import Sought, alike, search, spellings


class Looking:
    """An open ledger with its keys, to look at."""

    def __init__(self, store: Store, *, secrets: Secrets, zone: dt.tzinfo, law: Law) -> None:
        self._store, self._secrets, self._zone, self._law = store, secrets, zone, law
        self._tags = Tags(secrets.tag_key)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    @property
    def secrets(self) -> Secrets:
        """The secrets that the ledger is under: the pending ones, where a change of keys has been made."""
        return self._secrets

    @contextlib.contextmanager
    def reading(self) -> Iterator[tuple[Reading, Opener]]:
        """One consistent state, and what opens it."""
        with self._store.read(self._secrets.origin) as reading:
            yield reading, self._opener(reading)

    def _opener(self, reading: Reading) -> Opener:
        return Opener(reading, secrets=self._secrets, tags=self._tags, zone=self._zone)

    @property
    def law(self) -> Law:
        """How the practice reads the law."""
        return self._law

    def practice_name(self) -> str:
        """The practice's name, as the genesis has it."""
        with self.reading() as (reading, _):
            return str((entry.parse(reading.note(0)).header.public or {})["practice"])

    def show(self, place: int | str) -> OpenEntry:
        """One entry, by number or ref. Raises NotFound."""
        with self.reading() as (_, opener):
            index = place if isinstance(place, int) else opener.by_ref(place)
            if index is None:
                raise NotFound("no entry of the ledger has this ref")
            return opener.entry(index)

    def requests(self) -> tuple[OpenRequest, ...]:
        """Every request for an accounting, the most pressing first."""
        with self.reading() as (_, opener):
            return requests(opener)

    def check(self, release: records.Disclosure) -> tuple[ClearanceFinding, ...]:
        """What clearance finds of a release that has not happened yet. Nothing is written."""
        with self.reading() as (_, opener):
            filed = opener.filed(release.client)
        return clearance.check(release, fold(filed), facts=self._law.facts, overlay=self._law.overlay)

    def history(self, client: str) -> tuple[OpenEntry, ...]:
        """Every entry about a client, in order. Raises NotFound for a client that no record names."""
        with self.reading() as (_, opener):
            found = tuple(opener.of_client(client))
        if not found:
            raise NotFound("no record of the ledger names this client")
        return found

    def search(self, sought: Sought, looked: Callable[[int], None] = lambda _: None) -> tuple[OpenEntry, ...]:
        """The entries that fit, in order; `looked` is told how many were looked at.

        Raises NotFound for a client that no record names.
        """
        with self.reading() as (_, opener):
            found = tuple(search(opener, sought, self._zone, looked))
            if not found and sought.client is not None and not any(True for _ in opener.of_client(sought.client)):
                raise NotFound("no record of the ledger names this client")
        return found

    def alike(self, release: records.Disclosure) -> int | None:
        """The number of an entry, recorded lately, that this release may be entered twice of."""
        with self.reading() as (_, opener):
            return alike(opener, release)

    def replaced(self, found: Collection[OpenEntry]) -> dict[int, OpenEntry]:
        """Those of these entries whose place a correction took, by number, each with the correction."""
        clients = {str(one.fields["client"]) for one in found if one.fields and one.fields.get("client")}
        if not clients:
            return {}
        numbers = {one.index for one in found}
        with self.reading() as (_, opener):
            opened = opener.of_client(*clients) if len(clients) == 1 else opener.of_kinds("correction")
            made = (one for one in opened if one.kind == "correction" and one.fields is not None)
            return {
                int(one.fields["corrects"]): one for one in made if one.fields and one.fields["corrects"] in numbers
            }

    def near(self, client: str) -> tuple[str, ...]:
        """Numbers of other clients that are written almost like this one, three at most."""
        with self.reading() as (reading, _):
            known = (one for one in spellings(client) if reading.stream_head(self._tags("accounting", one)) is not None)
            return tuple(itertools.islice(known, 3))

    @contextlib.contextmanager
    def every_release(self) -> Iterator[Iterator[Released]]:
        """Every release of the ledger with every correction, one at a time, while one consistent state is read."""
        with self.reading() as (_, opener):
            yield every_release(opener)

    def standing(self, place: int | str) -> tuple[int, records.Disclosure]:
        """What stands today of a disclosure: the entry's number and the release. Raises NotFound."""
        opened = self.show(place)
        client = (opened.fields or {}).get("client")
        if not isinstance(client, str):
            raise NotFound(f"entry {opened.index} is about no client")
        with self.reading() as (_, opener):
            release = opener.casefile(client).release(opened.index)
        if release is None or release.disclosure is None or release.standing is None:
            raise NotFound(f"entry {opened.index} is no release that stands")
        return release.standing, release.disclosure

    def casefile(self, client: str) -> Casefile:
        """A client's records, folded. Raises NotFound for a client that no record names."""
        with self.reading() as (_, opener):
            return opener.casefile(client)

    def since_given(self, client: str, request: str, as_of: dt.date) -> Changes:
        """What is otherwise on a request's list since it was last given. Raises NotFound, Refused."""
        with self.reading() as (_, opener):
            case = opener.casefile(client)
            return changes.since_given(
                opener.filed(client),
                case,
                request,
                as_of=as_of,
                rules=self._law.rules,
                studies=studies(opener, case),
            )
