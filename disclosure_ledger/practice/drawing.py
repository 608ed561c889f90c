"""Draws an accounting out of a ledger, with the document made of it and the evidence for it, in one transaction.

What may be listed is the law's to say (`hipaa.accounting`), how it is proved the evidence's (`proving`); here both are
given the same records of the same state, under the stream map and the checkpoint that cover them.

    drawn = draw(one, Asked(client="C-1001", as_of=today), practice=practice, law=law, tags=tags, timestamps={},
        render=lambda accounting, evidence: to_text(accounting))
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from disclosure_ledger import evidence, strict
from disclosure_ledger.hipaa import accounting, records
from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.tagging import Tags

from . import proving
from .opening import OpenEntry, studies
from .recording import Law
from .transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an accounting is to be of."""

    client: str
    request: str | None = None
    """Id of an accounting_request; None: the client's own, made on the day of issue."""
    first: dt.date | None = None
    last: dt.date | None = None
    """A narrower period, where there is no request that says it."""
    as_of: dt.date
    summarize: bool | None = None
    """Sum up repeats (164.528(b)(3)); None leaves it to the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An accounting, and what is given out of it."""

    accounting: Accounting
    document: bytes
    evidence: bytes | None
    """None where no verifier could use it: it would be too long, or cannot say what the list has."""
    request: records.AccountingRequest | None
    """The recorded request that it answers."""

    def provided(self) -> records.AccountingProvided | None:
        """What 164.528(d) asks to keep of it, the document too; None where nobody recorded a request."""
        if self.request is None:
            return None
        return records.AccountingProvided(
            client=self.request.client,
            request=self.request.id,
            provided_on=self.accounting.issued_on,
            fee=self.accounting.fee,
            document=strict.base64_of(self.document),
            sha256=hashlib.sha256(self.document).hexdigest(),
        )


def draw(
    one: Transaction,
    asked: Asked,
    *,
    practice: Practice,
    law: Law,
    tags: Tags,
    timestamps: Mapping[int, bytes],
    render: Callable[[Accounting, bytes | None], bytes],
) -> Drawn:
    """Draw what is asked for. The stream map that covers it is appended, and its checkpoint signed.

    timestamps: authorities' answers by the size of the checkpoint they are about. render: makes the document of the
    accounting and its evidence, or None (`Drawn.evidence`). Raises NotFound, or Refused.
    """
    entries = tuple(one.opener.of_client(asked.client))
    case = one.opener.casefile_of(entries)
    request = case.request(asked.request) if asked.request is not None else None
    one.map()

    def held(client: str) -> tuple[OpenEntry, ...]:
        """Somebody else's entries: a retraction that is hidden would make a study of a few, which hides the row."""
        found = tuple(one.opener.of_client(client))
        _whole_stream(one, found, tags("accounting", client))
        return found

    drawn = accounting.account(
        case,
        request or accounting.Asked(from_=asked.first, to=asked.last),
        as_of=asked.as_of,
        rules=law.rules,
        practice=practice,
        checkpoint=one.leaving().decode(),
        studies=studies(one.opener, case, held),
        summarize=asked.summarize,
    )
    tag = tags("accounting", asked.client)
    stamped = [stamp for size, stamp in timestamps.items() if size == one.stands().size]
    stream, proof = _whole_stream(one, entries, tag), None
    if drawn.provable:
        whole = proving.evidence_of(one.into, one.opener, drawn, stream=stream, timestamps=stamped)
        proof = whole if len(whole) <= evidence.MOST_BYTES else None
    return Drawn(accounting=drawn, document=render(drawn, proof), evidence=proof, request=request)


def _whole_stream(one: Transaction, found: Iterable[OpenEntry], tag: bytes) -> proving.WholeStream:
    stream = [held for held in found if (link := held.entry.header.stream) is not None and link.tag == tag]
    return proving.whole_stream(one.into, stream, tag)
