"""Policies: which logs, which witnesses, and how many of them (C2SP tlog-policy; docs/format.md section 7).

    log <vkey>
    witness board <vkey>
    witness auditor <vkey>
    group both all board auditor
    quorum both

Names are bytes and mean nothing outside the file. A policy that would accept anything, one without a log key and
without a witness that must have cosigned, is refused: it reads like trust and is none.

>>> log = "oakstreet.example/disclosures+6c6533bb+AaZUFmT3h8lFRRw7Q7DPtJ/4+ALOfYkFxqUvq4Kopqt4"
>>> trust = parse(f"# ours\\nlog {log}\\nquorum none\\n".encode())
>>> [key.name for key in trust.keys], trust.quorum
(['oakstreet.example/disclosures'], 0)
>>> parse(b"quorum none\\n")
Traceback (most recent call last):
    ...
disclosure_ledger.errors.Malformed: expected a policy that does not accept anything: a log, or a quorum of witnesses
"""

import re
from typing import Final, NoReturn

from disclosure_ledger.errors import Malformed
from disclosure_ledger.log.checkpoint import Quorum, Trust
from disclosure_ledger.log.note import COSIGNATURE, ED25519, MLDSA44, VerifierKey

MOST_BYTES: Final = 1_000_000
"""Longer policies are refused unread: a key of ML-DSA-44 takes 1,800 bytes, so this holds some five hundred."""
MOST_LINES: Final = 10_000
MOST_GROUPS: Final = 200
"""Groups may hold groups, and whoever asks whether they are met goes down into each."""

_NONE: Final = b"none"
_OTHER_CONTROLS = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_THRESHOLD = re.compile(rb"[1-9][0-9]{0,3}")


def parse(data: bytes) -> Trust:
    """What a policy file says to trust. Raises Malformed, with the line, for anything but a policy.

    The groups and the quorum become `Trust.quorum`: 0 where the file says `quorum none`.
    """
    if len(data) > MOST_BYTES or data.count(b"\n") > MOST_LINES:
        raise Malformed(f"expected a policy of at most {MOST_BYTES} bytes and {MOST_LINES} lines")
    if _OTHER_CONTROLS.search(data):
        raise Malformed("expected no control characters but tab and newline in a policy")
    if data and not data.endswith(b"\n"):
        raise Malformed("expected a newline at the end of a policy")
    reading = _Reading()
    for number, line in enumerate(data.split(b"\n"), 1):
        items = [item for item in re.split(rb"[ \t]+", line) if item]
        if items and not items[0].startswith(b"#"):
            reading.take(number, items)
    return reading.trust()


class _Reading:
    """A policy as far as it was read."""

    def __init__(self) -> None:
        self._logs: dict[bytes, VerifierKey] = {}
        self._witnesses: dict[bytes, VerifierKey] = {}
        self._names: dict[bytes, VerifierKey | Quorum] = {}
        self._in_a_group: set[bytes] = set()
        self._quorum: int | Quorum | None = None
        self._groups = self._line = 0

    def take(self, number: int, items: list[bytes]) -> None:
        """One line that is neither empty nor a comment."""
        self._line = number
        word, *rest = items
        if word == b"log" and len(rest) in (1, 2):
            self._add_log(self._key(rest[0], (ED25519, MLDSA44)))
        elif word == b"witness" and len(rest) in (2, 3):
            self._add_witness(rest[0], self._key(rest[1], (COSIGNATURE, MLDSA44)))
        elif word == b"group" and len(rest) >= 3:
            self._add_group(rest[0], rest[1], rest[2:])
        elif word == b"quorum" and len(rest) == 1:
            self._set_quorum(rest[0])
        else:
            self._refuse("expected log, witness, group or quorum, and what belongs to it")

    def trust(self) -> Trust:
        """What the whole of it says."""
        if self._quorum is None:
            raise Malformed("expected a policy with a quorum line")
        if self._quorum == 0 and not self._logs:
            raise Malformed("expected a policy that does not accept anything: a log, or a quorum of witnesses")
        return Trust(keys=tuple(self._logs.values()), witnesses=tuple(self._witnesses.values()), quorum=self._quorum)

    def _add_log(self, key: VerifierKey) -> None:
        if key.public in self._logs:
            self._refuse("expected each log's public key once")
        self._logs[key.public] = key

    def _add_witness(self, name: bytes, key: VerifierKey) -> None:
        if key.public in self._witnesses:
            self._refuse("expected each witness's public key once")
        self._witnesses[key.public] = key
        self._define(name, key)

    def _add_group(self, name: bytes, threshold: bytes, members: list[bytes]) -> None:
        self._groups += 1
        if self._groups > MOST_GROUPS:
            self._refuse(f"expected at most {MOST_GROUPS} groups")
        found = tuple(self._defined(member) for member in members)
        if self._in_a_group.intersection(members) or len(set(members)) != len(members):
            self._refuse("expected each name in one group at most")
        self._in_a_group.update(members)
        self._define(name, Quorum(least=self._least(threshold, len(found)), members=found))

    def _least(self, threshold: bytes, count: int) -> int:
        if threshold in (b"any", b"all"):
            return 1 if threshold == b"any" else count
        if not _THRESHOLD.fullmatch(threshold) or int(threshold) > count:
            self._refuse(f"expected any, all, or a number from 1 to {count}")
        return int(threshold)

    def _set_quorum(self, name: bytes) -> None:
        if self._quorum is not None:
            self._refuse("expected one quorum line")
        if name == _NONE:
            self._quorum = 0
            return
        found = self._defined(name)
        self._quorum = found if isinstance(found, Quorum) else Quorum(least=1, members=(found,))

    def _define(self, name: bytes, what: VerifierKey | Quorum) -> None:
        if name in self._names or name == _NONE:
            self._refuse("expected a name that is not taken")
        self._names[name] = what

    def _defined(self, name: bytes) -> VerifierKey | Quorum:
        if name not in self._names:
            self._refuse("expected a name that a line before defines")
        return self._names[name]

    def _key(self, text: bytes, kinds: tuple[int, ...]) -> VerifierKey:
        try:
            key = VerifierKey.parse(text.decode("ascii"))
        except (UnicodeDecodeError, Malformed):
            self._refuse("expected a vkey")
        if key.kind not in kinds:
            self._refuse(f"expected a key of type {' or '.join(map(str, kinds))}")
        return key

    def _refuse(self, message: str) -> NoReturn:
        raise Malformed(f"policy, line {self._line}: {message}")
