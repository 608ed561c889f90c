"""Who has cosigned a checkpoint, and whether they are enough (docs/format.md section 12, check 9).

A witness counts by its public key, once, whatever names it goes by; one of the ledger's own keys is no witness. A
line that claims to be a trusted witness's and does not verify is a finding, and counts for nothing.

>>> from disclosure_ledger.log.checkpoint import Checkpoint
>>> from disclosure_ledger.log.note import COSIGNATURE, Note, VerifierKey
>>> named = Checkpoint(origin="a", size=0, root=bytes(32))
>>> shown = SignedCheckpoint(checkpoint=named, note=Note(text=b"", signatures=(), raw=b""))
>>> witness = VerifierKey(name="w", kind=COSIGNATURE, public=b"\\x05" + bytes(31))
>>> findings = Findings()
>>> check_quorum(shown, Trust(witnesses=(witness,), quorum=1), own=(), findings=findings)
{}
>>> [one.code for one in findings.all()]
['9.quorum']
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from disclosure_ledger.errors import DisclosureLedgerError
from disclosure_ledger.log import checkpoint as checkpoints
from disclosure_ledger.log.checkpoint import Quorum, SignedCheckpoint, Trust
from disclosure_ledger.log.findings import Findings
from disclosure_ledger.log.note import ED25519, VerifierKey
from disclosure_ledger.strict import text_of_instant

CLOCKS_DIFFER = 300
"""By how many seconds an entry may say that it was recorded after an outside time that covers it."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def witnesses_of(trust: Trust, own: Collection[bytes]) -> list[VerifierKey]:
    """The trusted witnesses that are none of the ledger's own keys (`own`: public keys), each public key once."""
    unique = {key.public: key for key in reversed(trust.witnesses)}
    return [key for key in unique.values() if key.public not in own]


def check_quorum(
    shown: SignedCheckpoint | None,
    trust: Trust,
    *,
    own: Collection[bytes],
    findings: Findings,
    earlier: Sequence[SignedCheckpoint] | None = None,
) -> dict[VerifierKey, int]:
    """Check 9: each witness that cosigned, with its time in seconds since 1970. What does not hold is reported.

    earlier: checkpoints of the ledger's past that are known from outside, where the one shown is a ledger's own at
    home, which nobody cosigns: the quorum may then be met by one of them.
    """
    for key in trust.witnesses:
        if key.public in own:
            findings.add("9.witness", key.name, "a key that is none of the ledger's")
    times = dict[VerifierKey, int]()
    for key in witnesses_of(trust, own) if shown is not None else ():
        if shown is not None and shown.note.lines_of(key):
            if is_line_good(shown, key):
                times[key] = checkpoints.verify_cosignature(shown, key)
            else:
                findings.add("9.cosignature", "checkpoint", name_of(key))
    if not _is_enough(trust, times) and not any(_is_met_by(one, trust, own) for one in earlier or ()):
        where = "" if earlier is None else ", on a checkpoint of this ledger that is known from outside"
        found = "" if earlier is None else ": have witnesses cosign a checkpoint, and give it as known"
        findings.add("9.quorum", "checkpoint", _asked(trust) + where, f"{len(times)} witnesses{found}")
    return times


def check_times(
    where: str, times: Mapping[VerifierKey, int], last: tuple[int, dt.datetime] | None, findings: Findings
) -> None:
    """Check 4 against outside times of one checkpoint; `last` is the latest entry it is known to cover."""
    for time in times.values():
        check_time(where, time, last, findings)


def check_time(where: str, time: int, last: tuple[int, dt.datetime] | None, findings: Findings) -> None:
    """Check 4 against one outside time, in seconds since 1970."""
    if last is not None and seconds(last[1]) > time + CLOCKS_DIFFER:
        expected = f"at most {CLOCKS_DIFFER} seconds after {time}, the time of {where}"
        findings.add("4.after-outside-time", f"entry {last[0]}", expected, text_of_instant(last[1]))


def is_line_good(signed: SignedCheckpoint, key: VerifierKey) -> bool:
    """Whether a key of any type has a line on the checkpoint, and each line of it verifies."""
    verify = checkpoints.verify_ed25519 if key.kind == ED25519 else checkpoints.verify_cosignature
    try:
        verify(signed, key)
    except DisclosureLedgerError:
        return False
    return True


def name_of(key: VerifierKey) -> str:
    """A key as findings name it: its name and key id."""
    return f"{key.name}+{key.key_id.hex()}"


def seconds(moment: dt.datetime) -> int:
    """A moment in whole seconds since 1970, as cosignatures carry it."""
    return (moment - _EPOCH) // dt.timedelta(seconds=1)


def _is_met_by(signed: SignedCheckpoint, trust: Trust, own: Collection[bytes]) -> bool:
    return _is_enough(trust, [key for key in witnesses_of(trust, own) if is_line_good(signed, key)])


def _is_enough(trust: Trust, cosigned: Collection[VerifierKey]) -> bool:
    if not isinstance(trust.quorum, Quorum):
        return len(cosigned) >= trust.quorum
    publics = {key.public for key in cosigned}
    return trust.quorum.is_met_by([key for key in trust.witnesses if key.public in publics])


def _asked(trust: Trust) -> str:
    return "the groups of the policy" if isinstance(trust.quorum, Quorum) else f"{trust.quorum} witnesses"
