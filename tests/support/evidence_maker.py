"""Makes ledgers with contents, and evidence out of them: honest, and then changed by tests in one place."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from disclosure_ledger import evidence
from disclosure_ledger.canonical import JSON
from disclosure_ledger.evidence import Evidence, Held, KeyShown, MapShown, Shown
from disclosure_ledger.hipaa.accounting import Accounting, Practice
from disclosure_ledger.hipaa.bases import Rules
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.hipaa.rows import rows_from, told_from_fields
from disclosure_ledger.hipaa.studies import Listing
from disclosure_ledger.log import content, merkle, streams
from disclosure_ledger.log.entry import Entry
from disclosure_ledger.log.kinds import SEALED
from log_maker import LogMaker, tag_of

PERIOD = Span(from_=dt.date(2020, 1, 5), to=dt.date(2026, 1, 5))
ISSUED = dt.date(2026, 1, 5)
"""The day on which the ledgers of `LogMaker` begin is the first of that year."""

BEGIN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def release(**changed: Any) -> dict[str, Any]:
    """The fields of an accountable release, as a ledger stores them."""
    fields = {
        "basis": "court_order",
        "client": "C-1001",
        "counted_as": "court_order",
        "description": "attendance dates",
        "disclosed_on": "2025-02-03",
        "note": "internal",
        "purpose": "A court ordered it.",
        "recipient": {"name": "County Court", "address": "9 Court St", "type": "court"},
        "recorded_by": "owner",
    }
    return {name: value for name, value in {**fields, **changed}.items() if value is not None}


@dataclass
class EvidenceMaker(LogMaker):
    """A ledger that keeps what it sealed."""

    fields: dict[int, dict[str, Any]] = field(default_factory=dict)
    listed: list[int] = field(default_factory=list)
    studied: list[int] = field(default_factory=list)
    handovers: dict[int, bytes] = field(default_factory=dict)
    now: dt.datetime = BEGIN

    def record(self, kind: str, stream_class: str | None = "accounting", by: Any = "owner", **fields: Any) -> int:
        """One sealed entry; its index."""
        index = self.size
        root = content.commit(kind, fields, self.salt(index))
        stream = self.link(fields["client"], stream_class) if stream_class else None
        header = self.header(kind, content_root=root, content_fields=len(SEALED[kind]), stream=stream)
        self.append(header, by)
        self.fields[index] = fields
        return index

    def correct(self, corrects: int, stream_class: str | None = "accounting", **fields: Any) -> int:
        return self.record("correction", stream_class, corrects=corrects, reason="a slip", **release(**fields))

    def retract(self, corrects: int, **fields: Any) -> int:
        return self.record("correction", corrects=corrects, reason="wrong", client="C-1001", retract=True, **fields)

    def hand_over(self, to: str = "log-2") -> None:
        raw = self.rotate(to)
        self.handovers[self.size] = raw

    @staticmethod
    def salt(index: int) -> bytes:
        return index.to_bytes(32, "big")

    def node(self, level: int, index: int) -> bytes:
        return merkle.root([one.leaf_hash for one in self.made[index << level : (index + 1) << level]])

    def shown(self, index: int) -> Shown:
        return Shown(note=self.notes[index], proof=merkle.prove_inclusion(index, self.size, self.node))

    def held(self, index: int) -> Held:
        one = self.shown(index)
        erasures = [
            e.header.index
            for e in self.made
            if e.header.public and any(a <= index <= b for a, b in e.header.public.get("entries", ()))
        ]
        if erasures:
            return Held(note=one.note, proof=one.proof, erasure=self.shown(erasures[0]))
        return Held(note=one.note, proof=one.proof, fields=self.fields[index], salt_root=self.salt(index))

    def stream_of(self, tag: bytes) -> list[int]:
        return [one.header.index for one in self.made if one.header.stream and one.header.stream.tag == tag]

    def keys_shown(self) -> list[KeyShown]:
        kinds = evidence.KEY_KINDS
        found = []
        for one in (one for one in self.made if one.header.kind in kinds):
            shown, size = self.shown(one.header.index), one.header.index + 1
            found.append(KeyShown(note=shown.note, proof=shown.proof))
            if size in self.handovers:
                proof = merkle.prove_consistency(size, self.size, self.node)
                found[-1] = replace(found[-1], handover=self.handovers[size], consistency=proof)
        return found

    def build(self, client: str = "C-1001", only: int | None = None, **accounting: Any) -> bytes:
        """Seal the ledger with a stream map, and make a client's evidence; `only` so many entries of the stream."""
        tag = tag_of(client)
        self.stream_map()
        proof = streams.prove(self.ends.values(), tag)
        last = self.shown(self.size - 1)
        assert proof.end is not None
        return evidence.build(
            checkpoint=self.checkpoint(),
            keys=self.keys_shown(),
            stream_map=MapShown(note=last.note, proof=last.proof, siblings=proof.siblings, end=proof.end),
            stream=[self.held(index) for index in self.stream_of(tag)[:only]],
            listed=[self.held(index) for index in self.listed],
            accounting=self.drawn(client, only=only, **accounting),
        )

    def standing(self, client: str, only: int | None) -> list[int]:
        """The entries that rows are made of: for honest ledgers of the tests' own making."""
        stream = self.stream_of(tag_of(client))[1:only]
        kept = [index for index in stream if self.fields[index].get("retract") is not True]
        corrected = {self.fields[index].get("corrects") for index in stream}
        erased = {index for index in kept if self.held(index).erasure is not None}
        return [*(index for index in kept if index not in corrected | erased), *self.listed]

    def drawn(
        self,
        client: str = "C-1001",
        *,
        summarize: bool = True,
        hidden: Sequence[int] = (),
        only: int | None = None,
        **changed: Any,
    ) -> Accounting:
        indexes = [one for one in self.standing(client, only) if one not in hidden and one not in self.studied]
        told = [told_from_fields(index, self.fields[index]) for index in indexes]
        values: dict[str, Any] = {
            "practice": Practice(name="Oak Street Counseling"),
            "client_number": client,
            "client_name": None,
            "request_id": None,
            "requested_on": ISSUED,
            "requester": "client",
            "period": PERIOD,
            "issued_on": ISSUED,
            "due_on": None,
            "latest_on": None,
            "fee": "0.00",
            "rules": Rules().name(),
            "research": (),
            "checkpoint": self.checkpoint().decode(),
            "studied": tuple(self.studied),
            **changed,
        }
        rows = rows_from(told, values["period"], rules=Rules.parse(values["rules"]), summarize=summarize)
        return Accounting(rows=rows, **values)


def begun() -> EvidenceMaker:
    """Genesis and the client's first record."""
    maker = EvidenceMaker()
    maker.genesis()
    maker.record("client", client="C-1001", name="Dana Whitfield")
    return maker


def changed(data: bytes, change: Callable[[Evidence], Evidence]) -> bytes:
    """The evidence with one thing changed."""
    return evidence.format(change(evidence.parse(data)))


def with_accounting(data: bytes, change: Callable[[dict[str, JSON]], object]) -> bytes:
    """The evidence with its accounting changed in place."""
    made = evidence.parse(data)
    accounting = dict(made.accounting)
    change(accounting)
    return evidence.format(replace(made, accounting=accounting))


def study(**changed: Any) -> Listing:
    """A study as it is printed."""
    party = {"name": "Coastal Institute", "address": "1 Pier Rd", "telephone": "555-0199"}
    text = {"description": "d", "criteria": "c", "information": "i", "protocol": "Sleep and grief"}
    values = {**text, "from": "2024-01-01", "last": "2025-12-01", "sponsor": party, "researcher": party}
    return Listing.from_json({**values, "statement": "may or may not", **changed})


__all__ = ["Entry", "EvidenceMaker", "begun", "changed", "release", "study", "with_accounting"]
