"""`verify`: does what the ledger says of itself hold, and what does it rest on?"""

from pathlib import Path

import click

from disclosure_ledger import audit, strict
from disclosure_ledger.custody import keyfile, memory
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.errors import InvalidRecord, KeysUnavailable, Malformed, NoLedger
from disclosure_ledger.log.checkpoint import Known, Memory, Trust
from disclosure_ledger.log.findings import REGISTRY, Finding, Outcome, Unwitnessed, Verdict
from disclosure_ledger.log.note import VerifierKey

from . import say
from .options import current, passphrase, passphrase_at_hand, shared
from .progress import counting
from .settings import Settings, beside

EXIT = {Outcome.VERIFIED: 0, Outcome.FAILED: 3, Outcome.INCOMPLETE: 4}


@click.command("verify")
@click.argument("target", required=False, metavar="[TARGET]")
@click.option("--known", multiple=True, metavar="FILE|DIR", help="A checkpoint that somebody kept; repeat it.")
@click.option("--key", "trusted", multiple=True, metavar="VKEY|FILE", help="A log key to trust; repeat it.")
@click.option("--full", is_flag=True, help="Open every sealed content; asks for the passphrase.")
@shared
def verify_command(target: str | None, known: tuple[str, ...], trusted: tuple[str, ...], full: bool) -> int:
    """Check every entry, signature, link, stream and column, and say what does not hold, and where.

    \b
    disclosure-ledger verify
    disclosure-ledger verify --known checkpoints/ --full
    disclosure-ledger verify copy.db --key disclosures.vkey --known 2026-11-23.checkpoint

    It trusts what lies beside the key file (the .vkey and the .state), and what is given here. A ledger that only
    its own database vouches for is never VERIFIED. Nothing goes over the network.
    """
    chosen = current()
    place = target or chosen.need_ledger()
    trust = Trust(keys=_keys(chosen, trusted), known=(*_memory(chosen), *_known(known)))
    secrets = _secrets(chosen, full)
    with counting("entries", quiet=chosen.quiet or chosen.json) as count:
        verdict = audit.verify_ledger(
            place, _origin(chosen, trust, place), trust=trust, secrets=secrets, full=full, on_progress=count
        )
    if chosen.json:
        say.data_json(as_json(verdict))
    else:
        say.data(as_text(verdict, opened=secrets is not None))
    return EXIT[verdict.outcome]


def _origin(chosen: Settings, trust: Trust, place: str) -> str:
    """Which ledger of the database: as told, as the key file says, as a trusted key is named, or the only one."""
    if chosen.origin is not None:
        return chosen.origin
    if chosen.keys is not None and chosen.keys.is_file():
        return keyfile.origin_of(keyfile.read(chosen.keys))
    if trust.keys:
        return trust.keys[0].name
    origins = audit.origins(place)
    if len(origins) != 1:
        raise NoLedger(f"the database holds {len(origins)} ledgers", hint="choose one with --origin")
    return origins[0]


def _keys(chosen: Settings, given: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    found = [key for text in given for key in _vkeys(text)]
    if chosen.vkey_file is not None and chosen.vkey_file.is_file():
        found += _vkeys(str(chosen.vkey_file))
    return tuple(dict.fromkeys(found))


def _vkeys(given: str) -> list[VerifierKey]:
    """The keys that a vkey, or a file of vkeys, one a line, names."""
    path = Path(given)
    try:
        lines = path.read_text("utf-8").split("\n") if path.is_file() else [given]
        return [VerifierKey.parse(line) for line in lines if line]
    except (OSError, UnicodeDecodeError, Malformed):
        raise InvalidRecord("expected a vkey, or a file of vkeys", field="key") from None


def _memory(chosen: Settings) -> tuple[Memory, ...]:
    """The state file beside the key file."""
    state = memory.load(beside(chosen.keys, ".state")) if chosen.keys is not None else None
    return (Memory(where="the state file", size=state.size, root=state.root),) if state is not None else ()


def _known(given: tuple[str, ...]) -> list[Known]:
    """Checkpoints in files and folders."""
    found = []
    for text in given:
        path = Path(text)
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        for file in files:
            try:
                found.append(Known(where=str(file), raw=file.read_bytes()))
            except OSError as error:
                raise InvalidRecord(f"{file} cannot be read: {error.strerror}", field="known") from None
    return found


def _secrets(chosen: Settings, full: bool) -> Secrets | None:
    """The keys, where they are at hand; `--full` asks for the passphrase."""
    if chosen.keys is None or not chosen.keys.is_file():
        return None
    words = passphrase_at_hand(chosen)
    if words is None and full:
        try:
            words = passphrase(chosen)
        except KeysUnavailable:
            return None  # said as a finding: incomplete
    return keyfile.load(chosen.keys, words) if words is not None else None


def as_json(verdict: Verdict) -> dict[str, object]:
    """The verdict for machines."""
    span = verdict.unwitnessed
    return {
        "outcome": verdict.outcome.value,
        "size": verdict.size,
        "findings": [_finding(one) for one in verdict.findings],
        "origin": verdict.origin,
        "checkpoint": verdict.checkpoint,
        "unwitnessed": _span(span),
        "accusations": [{"where": one.where, "known": one.known, "shown": one.shown} for one in verdict.accusations],
        "notices": list(verdict.notices),
    }


def _span(span: Unwitnessed | None) -> dict[str, object] | None:
    if span is None:
        return None
    since = strict.text_of_instant(span.since) if span.since else None
    return {"first": span.first, "count": span.count, "since": since}


def _finding(one: Finding) -> dict[str, str]:
    return {"code": one.code, "where": one.where, "expected": one.expected, "found": one.found}


SHOWN = 3
"""Findings of one code printed on a terminal; `--json` has them all."""


def as_text(verdict: Verdict, *, opened: bool) -> str:
    """The verdict for people: the word, the reasons, and what it rests on."""
    lines = [f"{say.word(verdict.outcome.value.upper())}  {verdict.origin or 'ledger'}, {verdict.size} entries"]
    for code in dict.fromkeys(one.code for one in verdict.findings):
        lines += _of_code(code, [one for one in verdict.findings if one.code == code])
    for accusation in verdict.accusations:
        lines += ["", f"These two cannot both be true. Kept by {accusation.where}:", accusation.known.rstrip()]
        lines += ["", "Shown now:", accusation.shown.rstrip()]
    lines += [f"  {notice}" for notice in verdict.notices]
    if verdict.unwitnessed is not None:
        span = verdict.unwitnessed
        since = f" (since {span.since:%Y-%m-%d %H:%M} UTC)" if span.since else ""
        lines.append(f"  The last {span.count} entries, from {span.first} on, are in nobody else's memory yet{since}.")
    if verdict.outcome is Outcome.VERIFIED and not opened:
        lines.append("  What is sealed was not opened; --full does.")
    return "\n".join(lines)


def _of_code(code: str, findings: list[Finding]) -> list[str]:
    """What one code says, and where; the first few places, and how many more there are."""
    lines = [f"  {code}  {REGISTRY[code]}"]
    for one in findings[:SHOWN]:
        lines.append(f"      {one.where}")
        if one.expected or one.found:
            lines.append(f"        expected {one.expected or '-'}")
            lines.append(f"        found    {one.found or '-'}")
    if len(findings) > SHOWN:
        lines.append(f"      and {len(findings) - SHOWN} more (--json lists every one)")
    return lines
