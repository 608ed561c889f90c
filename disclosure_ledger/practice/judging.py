"""A disclosure on its own: judged by the law, drafted, and its content sealed, by this process or by others.

What it takes of the rest of the ledger comes with the order: the entry's number, the client's key and randomness, and
the facts about the client. So the number of processes changes no byte.
"""

import contextlib
import datetime as dt
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

from disclosure_ledger.errors import DisclosureLedgerError, InvalidImport, InvalidRecord
from disclosure_ledger.hipaa import clearance, filing, records
from disclosure_ledger.hipaa.casefile import Casefile, Filed, fold
from disclosure_ledger.tagging import matter_of

from .preparing import Preparation, Prepared, prepare

WORTH_A_PROCESS = 4000
"""Fewer lines than this are done before a process has started."""

Read: TypeAlias = Callable[[Iterable[bytes]], Iterator[tuple[int, records.Record]]]
"""Reads lines: `intake.from_jsonl.read`."""


class NotForeseen(Exception):
    """A line is not what it looked like: the file has to be read in order, which says what is wrong with it.

    The same where nobody is left to judge.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that looks like a disclosure, not read yet."""

    raw: bytes = field(repr=False)
    client: str
    ref: str | None
    case: Casefile | None
    """What is known of the client; None: nothing but the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A line, where its entry will stand, its key and its randomness."""

    line: Line
    index: int
    data_key: bytes = field(repr=False)
    salt_root: bytes = field(repr=False)
    nonce: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Prepared):
    """What became of a line: how its entry is filed, and what clearance found."""

    stream_class: str | None
    matter: str | None
    findings: tuple[clearance.ClearanceFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is the same for every line of a file."""

    origin: str
    by: str
    today: dt.date
    facts: clearance.Facts
    overlay: clearance.Overlay
    read: Read


def written(
    release: records.Disclosure, findings: tuple[clearance.ClearanceFinding, ...], *, by: str, protocol_name: str | None
) -> dict[str, Any]:
    """What the ledger writes of itself into a record that states a release."""
    return {
        "recorded_by": by,
        "counted_as": clearance.counted_as(release, findings),
        "findings": [one.check for one in findings],
        "purpose": clearance.purpose(release, findings, protocol_name=protocol_name),
    }


@lru_cache(maxsize=4096)
def unknown(client: str, today: dt.date) -> Casefile:
    """The case of a client of whom the ledger knows the number alone."""
    return fold([Filed(index=0, record=records.Client(client=client), recorded_on=today, in_stream=True)])


def judge(bench: Bench, order: Order) -> Judged:
    """Read a line, apply the law to it and seal it. Raises NotForeseen."""
    line = order.line
    try:
        ((_, record),) = bench.read([line.raw])
        records.check_not_after(record, bench.today)
    except (InvalidRecord, InvalidImport, ValueError):
        raise NotForeseen from None
    if not isinstance(record, records.Disclosure) or (record.client, record.ref) != (line.client, line.ref):
        raise NotForeseen
    case = line.case or unknown(line.client, bench.today)
    findings = clearance.check(record, case, facts=bench.facts, overlay=bench.overlay, happened=True)
    own = written(record, findings, by=bench.by, protocol_name=None)
    (place,) = filing.plan(record, counted_as=own["counted_as"])
    fields = records.to_fields(record, **own)
    made = prepare(
        Preparation(
            kind=record.kind,
            fields=fields,
            origin=bench.origin,
            index=order.index,
            data_key=order.data_key,
            salt_root=order.salt_root,
            nonce=order.nonce,
        )
    )
    return Judged(
        root=made.root,
        count=made.count,
        sealed=made.sealed,
        stream_class=place.stream,
        matter=matter_of(fields),
        findings=findings,
    )


# -- by other processes

_Packed: TypeAlias = tuple[Any, ...]
"""The values of an order or an answer in their order: pickled at a tenth of what the dataclass costs."""

_bench: Bench | None = None


def _sit_down(bench: Bench) -> None:
    global _bench
    _bench = bench
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is the caller's to answer: it ends the others


def _judge_packed(orders: Sequence[_Packed]) -> list[_Packed] | None:
    """The answers to some orders; None where one of the lines is not what it looked like."""
    if _bench is None:
        raise AssertionError("expected a process that was given its bench")
    try:
        return [_packed(judge(_bench, _unpacked(order))) for order in orders]
    except (NotForeseen, DisclosureLedgerError):
        return None


def _packed(one: Judged) -> _Packed:
    return one.root, one.count, one.sealed, one.stream_class, one.matter, one.findings


def _unpacked(order: _Packed) -> Order:
    raw, client, ref, case, index, data_key, salt_root, nonce = order
    line = Line(raw=raw, client=client, ref=ref, case=case)
    return Order(line=line, index=index, data_key=data_key, salt_root=salt_root, nonce=nonce)


Judge: TypeAlias = Callable[[Sequence[Order]], Callable[[], list[Judged]]]
"""Hands out orders, and gives a way to wait for the answers."""


@contextlib.contextmanager
def judges(bench: Bench, processes: int) -> Iterator[Judge]:
    """So many processes that judge lines. What they answer may raise NotForeseen."""
    # spawn: a fork would copy the database connection and the lock it holds
    context = multiprocessing.get_context("spawn")
    law = replace(bench.overlay, bases=dict(bench.overlay.bases))  # a read-only view of a mapping cannot be sent
    bench = replace(bench, overlay=law)
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_sit_down, initargs=(bench,))

    def hand_out(orders: Sequence[Order]) -> Callable[[], list[Judged]]:
        packed = [
            (
                *(one.line.raw, one.line.client, one.line.ref, one.line.case),
                *(one.index, one.data_key, one.salt_root, one.nonce),
            )
            for one in orders
        ]
        with _alive():
            waiting = pool.submit(_judge_packed, packed)
        return lambda: _answers(waiting)

    try:
        yield hand_out
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _alive() -> Iterator[None]:
    """Have the file read in order where one of the processes was killed, as by a system that ran out of memory."""
    try:
        yield
    except BrokenExecutor:
        raise NotForeseen from None


def _answers(waiting: Future[list[_Packed] | None]) -> list[Judged]:
    with _alive():
        answers = waiting.result()
    if answers is None:
        raise NotForeseen
    return [
        Judged(root=root, count=count, sealed=sealed, stream_class=stream, matter=matter, findings=findings)
        for root, count, sealed, stream, matter, findings in answers
    ]
