"""The part of an entry that depends on no other entry: its content's root and sealed form.

One call costs about as much as a signature, so a large import spreads it over processes, while one sequencer signs
and appends. All randomness comes with the order, so the number of processes changes no byte.
"""

import contextlib
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from .canonical import JSON, encode_checked
from .custody import vault
from .log import content
from .strict import base64_of

WORTH_A_PROCESS = 2000
"""Fewer contents than this are done before a process has started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """An order for one content: its fields, where it will stand, its key and its randomness."""

    kind: str
    fields: Mapping[str, JSON] = field(repr=False)
    origin: str
    index: int
    data_key: bytes = field(repr=False)
    salt_root: bytes = field(repr=False)
    nonce: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A content's root, number of fields, and sealed form."""

    root: bytes
    count: int
    sealed: bytes


def prepare(order: Preparation | None) -> Prepared | None:
    """Commit to one content and seal it; None for a public entry."""
    if order is None:
        return None
    root = content.commit(order.kind, order.fields, order.salt_root)  # refuses what has no canonical spelling
    plain = encode_checked({"fields": dict(order.fields), "salt_root": base64_of(order.salt_root)})
    sealed = vault.seal_plain(order.data_key, order.origin, order.index, plain, nonce=order.nonce)
    return Prepared(root=root, count=len(order.fields), sealed=sealed)


Prepare = Callable[[Sequence[Preparation | None]], list[Prepared | None]]


@contextlib.contextmanager
def prepare_all(processes: int) -> Iterator[Prepare]:
    """A way to prepare many: here, or from `WORTH_A_PROCESS` on in that many processes."""
    pool: ProcessPoolExecutor | None = None

    def run(orders: Sequence[Preparation | None]) -> list[Prepared | None]:
        nonlocal pool
        if processes < 2 or len(orders) < WORTH_A_PROCESS:
            return [prepare(order) for order in orders]
        if pool is None:
            # spawn: a fork would copy the database connection and the lock it holds
            pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
        return list(pool.map(prepare, orders, chunksize=250))

    try:
        yield run
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
