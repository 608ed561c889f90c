"""Both verifiers say the same of evidence that breaks, or just keeps, one rule (docs/format.md sections 11 and 12).

Each case is a ledger of its own, made, signed and proved as its rule needs it. Beside them are changes at random:
of what evidence says, not of its bytes, which would only show that both refuse what cannot be read.
"""

import copy
import datetime as dt
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from browsing import run, verdicts
from disclosure_ledger import pile, targets
from disclosure_ledger.canonical import encode
from disclosure_ledger.hipaa.bases import RULES
from disclosure_ledger.hipaa.parts import Span
from disclosure_ledger.log import content
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.kinds import SEALED
from disclosure_ledger.log.note import VerifierKey
from evidence_maker import EvidenceMaker, begun, release, study, with_accounting
from golden_log import ORIGIN, signer_from_seed, signers
from outcomes import codes, vkeys

LOG = ("log-1",)
Case = tuple[bytes, Sequence[str], dict[str, bytes]]
"""Evidence, the vkeys that are trusted, and what is known from outside."""


def made(case: Callable[[EvidenceMaker], object] = lambda maker: None, **accounting: Any) -> bytes:
    """A client with one release, and what the case adds."""
    maker = begun()
    maker.record("disclosure", **release())
    case(maker)
    return maker.build(**accounting)


def of_day(day: Any) -> bytes:
    return made(lambda maker: maker.record("disclosure", **release(disclosed_on=day)))


def of(**fields: Any) -> bytes:
    return made(lambda maker: maker.record("disclosure", **release(**fields)))


def by_rules(readings: str) -> bytes:
    return with_accounting(made(), lambda one: one.update(rules=RULES + readings))


def erased(first: int, last: int, *after: dict[str, Any], begun_on: int = 2012) -> bytes:
    """The beginning of a stream, erased after six years or sooner, and what was recorded since."""
    maker = EvidenceMaker(now=dt.datetime(begun_on, 2, 3, 9, tzinfo=dt.UTC))
    maker.genesis()
    maker.record("client", client="C-1001")
    maker.record("disclosure", **release(disclosed_on="2012-02-02"))
    maker.now = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
    maker.erase([[first, last]])
    for fields in after:
        placed(maker, "disclosure", "C-1001", **fields)
    return maker.build()


def rotated(log: str, *, mldsa: bool = True) -> bytes:
    """The log keys rotated, handed over by some."""
    maker = begun()
    maker.hand_over()
    maker.handovers[maker.size] = maker.checkpoint(maker.size, log=log, mldsa=mldsa)
    return maker.build()


def trusting(*roles: str) -> list[str]:
    forged = signer_from_seed(ORIGIN, signers()["log-1-mldsa"].key.kind, bytes(32)).key.vkey()
    return [vkeys().get(role, forged) for role in roles]


def placed(maker: EvidenceMaker, kind: str, stream_of: str, **fields: Any) -> None:
    """An entry in the stream of a client whom it does not name."""
    index = maker.size
    root = content.commit(kind, fields, maker.salt(index))
    header = maker.header(kind, content_root=root, content_fields=len(SEALED[kind]), stream=maker.link(stream_of))
    maker.append(header)
    maker.fields[index] = fields


def later_accounting() -> Case:
    """An accounting of a later version, and evidence that shows another stream of the same client."""
    maker = begun()
    placed(maker, "client", "C-2", client="C-1001")
    earlier = maker.build("C-2", client_number="C-1001")
    data = with_accounting(maker.build(), lambda one: one.update(format="disclosure-ledger/accounting/v2"))
    return data, trusting("log-1"), {"earlier.json": earlier}


EVIDENCE: dict[str, tuple[bytes, set[str]]] = {
    "a release dated a day after it was recorded": (of_day("2026-01-06"), set()),
    "two days after": (of_day("2026-01-07"), {"13.day"}),
    "a range that ends two days after": (of_day({"from": "2026-01-05", "to": "2026-01-07"}), {"13.day"}),
    "an event two days after": (of_day({"after": "2026-01-07", "interval": "weekly"}), {"13.day"}),
    "a listed release two days after": (
        made(lambda maker: maker.listed.append(maker.record("disclosure", None, **release(disclosed_on="2026-01-07")))),
        {"13.day", "13.listed"},
    ),
    "the first entry erased": (erased(1, 2), {"13.client-erased"}),
    "and a release that names the client": (erased(1, 2, release()), set()),
    "and one that names another": (erased(1, 2, release(client="C-2")), {"13.client"}),
    "and one that names nobody": (erased(1, 2, release(disclosed_on="2012-02-02")), {"13.client-erased"}),
    "the first entry erased alone": (erased(1, 1), {"13.erasure", "13.client-erased"}),
    "the first entry erased too early": (
        erased(1, 2, begun_on=2025),
        {"12.too-early", "13.erasure", "13.client-erased"},
    ),
    "covered since the day of issue": (by_rules("+covered-since-2026-01-05"), {"13.rows"}),
    "covered since the day after": (made(rules=f"{RULES}+covered-since-2026-01-06"), {"13.rows"}),
    "covered since before": (made(rules=f"{RULES}+covered-since-2025-02-03"), set()),
    "covered since no day": (by_rules("+covered-since-2025-02-30"), {"13.form"}),
    "a reading without its prefix": (by_rules("+whistleblower"), {"13.version"}),
    "a reading twice": (by_rules("+without-whistleblower+without-whistleblower"), {"13.form"}),
    "a period that ends the day after the map": (
        made(period=Span(from_=dt.date(2020, 1, 5), to=dt.date(2026, 1, 6))),
        set(),
    ),
    "two days after the map": (
        made(period=Span(from_=dt.date(2020, 1, 5), to=dt.date(2026, 1, 7))),
        {"13.not-covered"},
    ),
    "issued two days after the map": (made(issued_on=dt.date(2026, 1, 7)), {"13.not-covered"}),
    "a text that begins with U+FEFF": (of(description="\ufeffvisit dates"), set()),
    "a text that ends with a space": (of(purpose="A court ordered it. "), {"13.opened", "13.rows"}),
    "an interval that ends with a space": (
        of_day({"after": "2025-02-03", "interval": "weekly "}),
        {"13.opened", "13.rows"},
    ),
    "a protocol that ends with a space": (of(protocol="Sleep\u2003"), {"13.opened", "13.rows"}),
    "rules that end with a space": (by_rules("\u3000"), {"13.form"}),
    "a handover by the keys before": (rotated("log-1"), set()),
    "a handover by the keys after": (rotated("log-2"), {"7.handover", "7.ed25519", "7.mldsa"}),
    "a handover with one line": (rotated("log-1", mldsa=False), {"7.handover", "7.ed25519", "7.mldsa"}),
}

TRUSTED: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "either type": (("log-1", "log-1-mldsa"), set()),
    "one type": (("log-1-mldsa",), set()),
    "a forged one of the other type": (("log-1", "forged"), {"7.trusted-key"}),
    "a forged one beside the true one of its type": (("log-1", "log-1-mldsa", "forged"), set()),
    "keys that come later": (("log-2", "log-2-mldsa"), {"7.trusted-key"}),
    "one of each, one of them to come": (("log-1", "log-2-mldsa"), {"7.trusted-key"}),
    "none": ((), {"7.no-trusted-key"}),
}


def walked(value: Any, dice: random.Random) -> None:
    """Change one thing, somewhere: a member of a list is dropped, doubled or moved; a value becomes another."""
    inside, key, one = value, 0, value
    for _ in range(dice.randint(1, 7)):
        if not isinstance(one, dict | list) or not one:
            break
        key = dice.choice(sorted(one)) if isinstance(one, dict) else dice.randrange(len(one))
        inside, one = one, one[key]
    if isinstance(inside, list) and dice.random() < 0.6:
        dice.choice([lambda: inside.pop(key), lambda: inside.append(copy.deepcopy(one)), inside.reverse])()
    else:
        inside[key] = another(one, dice)


def another(one: Any, dice: random.Random) -> Any:
    if isinstance(one, str):
        days = ["2026-01-06", "2026-01-07", "2019-01-01", "2025-02-30"]
        said = [f"{one} ", f"\ufeff{one}", f"{one}\x1c", f"{one}x", one[:-1], None, "client", "representative"]
        return dice.choice(days if one[4:5] == "-" and len(one) == 10 else said)
    if isinstance(one, int) or one is None:
        return dice.choice([0, 1, -1, 2**53 - 1, True, False, None, "a"])
    return dice.choice([None, [], {}])


def at_random(count: int) -> list[bytes]:
    def all_of_it(maker: EvidenceMaker) -> None:
        maker.correct(2, description="visit dates")
        maker.retract(maker.record("disclosure", **release()))
        maker.listed.append(
            maker.record("disclosure", None, **release(basis="public_health", counted_as="public_health"))
        )
        maker.hand_over()

    dice, found = random.Random(164528), list[bytes]()
    data = json.loads(made(all_of_it, research=(study(),)))
    while len(found) < count:
        value = copy.deepcopy(data)
        walked(value["accounting"] if dice.random() < 0.5 else value, dice)
        if value.get("format") == data["format"]:  # else it is no evidence
            found.append(encode(value))
    return found


CASES: dict[str, tuple[Case, set[str] | None]] = {
    **{name: ((data, trusting(*LOG), {}), wanted) for name, (data, wanted) in EVIDENCE.items()},
    **{f"trusted: {name}": ((made(), trusting(*roles), {}), wanted) for name, (roles, wanted) in TRUSTED.items()},
    "a later accounting, known another stream": (later_accounting(), {"13.version", "8.earlier"}),
    **{f"at random, {place}": ((data, trusting(*LOG), {}), None) for place, data in enumerate(at_random(150))},
}


@pytest.fixture(scope="module")
def in_the_page(verifier: Any) -> dict[str, dict[str, Any]]:
    given = [run(*case) for case, _ in CASES.values()]
    return dict(zip(CASES, verdicts(verifier, given), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_both_say_the_same(name: str, in_the_page: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    (data, keys, known), wanted = CASES[name]
    for kept, its in {"evidence.json": data, **known}.items():
        (tmp_path / kept).write_bytes(its)
    trust = Trust(keys=tuple(map(VerifierKey.parse, keys)))
    verdict = targets.verify(
        tmp_path / "evidence.json", trust=trust, known=pile.gather(tmp_path / kept for kept in known)
    )
    shown = in_the_page[name]
    assert (shown["outcome"], set(shown["codes"])) == (verdict.outcome.value, set(codes(verdict)))
    assert wanted is None or set(codes(verdict)) == wanted, verdict.findings
