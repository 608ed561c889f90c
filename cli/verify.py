"""`verify`: does what the ledger says of itself hold, and what does it rest on?"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from disclosure_ledger import pile, targets
from disclosure_ledger.errors import InvalidRecord, KeysUnavailable, Malformed, NoLedger
from disclosure_ledger.log.checkpoint import Memory, Trust
from disclosure_ledger.log.findings import Finding, Outcome, Verdict
from disclosure_ledger.log.note import VerifierKey
from disclosure_ledger.log.signatures import cores
from disclosure_ledger.pile import Kept, Kind

from . import say
from .options import current, passphrase, passphrase_at_hand, shared, stated
from .progress import counting
from .settings import Settings, beside
from .strangers import expect_proof
from .verdicts import as_json, as_text

if TYPE_CHECKING:
    from disclosure_ledger.custody.keyfile import Secrets
    from disclosure_ledger.log.timestamp import Authority

    from .listing import Listing

EXIT = {Outcome.VERIFIED: 0, Outcome.FAILED: 3, Outcome.INCOMPLETE: 4}


@click.command("verify")
@click.argument("target", required=False, metavar="[TARGET]")
@click.option("--known", multiple=True, metavar="FILE|DIR", help="What somebody kept; repeat it.")
@click.option("--key", "trusted", multiple=True, metavar="VKEY|FILE", help="A log key to trust; repeat it.")
@click.option("--policy", metavar="FILE", help="Log keys, witnesses and a quorum to trust (tlog-policy).")
@click.option("--tsa", multiple=True, metavar="FILE", help="A timestamp authority's certificates in PEM; repeat it.")
@click.option("--list", "listed", metavar="FILE", help="Write the list as the evidence has it: .pdf, .html, .csv …")
@click.option("--full", is_flag=True, help="Open every sealed content of a ledger; asks for the passphrase.")
@shared
def verify_command(
    target: str | None,
    known: tuple[str, ...],
    trusted: tuple[str, ...],
    policy: str | None,
    tsa: tuple[str, ...],
    listed: str | None,
    full: bool,
) -> int:
    """Check a ledger, or any proof that came from one, and say what does not hold, and where.

    \b
    disclosure-ledger verify
    disclosure-ledger verify --known checkpoints/ --full
    disclosure-ledger verify copy.db --key disclosures.vkey --known 2026-11-23.checkpoint
    disclosure-ledger verify C-1001.pdf --key disclosures.vkey
    disclosure-ledger verify evidence.json --key disclosures.vkey
    disclosure-ledger verify audit.zip --policy auditors.policy --known receipts/

    TARGET is a ledger's database, an audit package (a folder or zip), an accounting as page or PDF, an evidence file,
    a receipt or a checkpoint; the ledger of these settings where it is left out. What is known may be any pile of
    these. A page or PDF must show what the evidence inside it makes (this takes the extra `render`); where it does not,
    or that could not be compared, --list writes what the evidence has.
    It trusts what lies beside the key file (the .vkey, and for a ledger the .state), and what is given here. A ledger
    that only its own database vouches for is never VERIFIED. Nothing goes over the network.
    """
    trust, authorities, kept = _trust(trusted, policy), _authorities(tsa), _kept(known)
    shown = targets.find(target) if target is not None else None
    if shown is not None:
        if full:
            raise click.UsageError("--full opens the contents of a ledger; a file holds none.")
        chosen = _settings()
        expect_proof(shown)
        listing = _listing(shown, listed) if listed else None
        verdict = _verify_file(chosen, shown, trust, authorities, kept)
        code = _show(chosen, verdict, opened=True, kind=shown.kind)
        if listing is not None:
            listing.write(verdict, quiet=chosen.quiet)
        elif targets.WHAT_COUNTS in verdict.notices:
            say.talk("To see that list: --list FILE.", quiet=chosen.quiet)
        return code
    if target is not None and "://" not in target and not Path(target).exists():
        raise NoLedger(f"no such file or folder: {target}")
    if listed:
        raise click.UsageError("--list is for a file; the ledger's own lists are drawn by `accounting`.")
    chosen = current()
    place = target or chosen.need_ledger()
    told = replace(trust, known=(*_memory(chosen), *pile.notes(kept)))
    return _verify_ledger(chosen, place, told, full=full)


def _settings() -> Settings:
    """The settings for a file: which ledger they name does not matter, so it is no error if they name several."""
    try:
        return current()
    except NoLedger:
        return stated()


def _verify_file(
    chosen: Settings, shown: Kept, trust: Trust, authorities: tuple["Authority", ...], kept: tuple[Kept, ...]
) -> Verdict:
    """A file or folder. What lies beside the key file speaks of a ledger of that name only."""
    origin = shown.note().split(b"\n", 1)[0].decode("utf-8", "replace")
    keys = (*trust.keys, *(key for key in _beside(chosen) if key.name == origin))
    with counting("entries", quiet=chosen.quiet or chosen.json) as count:
        return targets.verify(
            shown,
            trust=replace(trust, keys=tuple(dict.fromkeys(keys))),
            known=kept,
            authorities=authorities,
            on_progress=count,
            difference=_difference,
        )


def _listing(shown: Kept, name: str) -> "Listing":
    from .listing import Listing  # few ask for it

    return Listing.of(shown, Path(name))


def _difference(document: bytes, inside: bytes) -> Finding | None:
    """Check 14 of a page or a PDF."""
    from disclosure_ledger import documents  # only a document waits for what sets documents

    return documents.difference(document, inside)


def _verify_ledger(chosen: Settings, place: str, trust: Trust, *, full: bool) -> int:
    from disclosure_ledger import audit  # a file is verified without loading a database

    trust = replace(trust, keys=tuple(dict.fromkeys((*trust.keys, *_beside(chosen)))))
    secrets = _secrets(chosen, full)
    with counting("entries", quiet=chosen.quiet or chosen.json) as count:
        verdict = audit.verify_ledger(
            place,
            _origin(chosen, trust, place),
            trust=trust,
            secrets=secrets,
            full=full,
            processes=cores(),
            on_progress=count,
        )
    return _show(chosen, verdict, opened=secrets is not None)


def _show(chosen: Settings, verdict: Verdict, *, opened: bool, kind: Kind | None = None) -> int:
    if chosen.json:
        say.data_json(as_json(verdict))
    else:
        say.data(as_text(verdict, opened=opened, kind=kind))
    return EXIT[verdict.outcome]


def _origin(chosen: Settings, trust: Trust, place: str) -> str:
    """Which ledger of the database: as told, as the key file says, as a trusted key is named, or the only one."""
    if chosen.origin is not None:
        return chosen.origin
    if chosen.keys is not None and chosen.keys.is_file():
        from disclosure_ledger.custody import keyfile

        return keyfile.origin_of(keyfile.read(chosen.keys))
    if trust.keys:
        return trust.keys[0].name
    from disclosure_ledger import audit

    origins = audit.origins(place)
    if len(origins) != 1:
        raise NoLedger(f"the database holds {len(origins)} ledgers", hint="choose one with --origin")
    return origins[0]


def _trust(given: tuple[str, ...], policy: str | None) -> Trust:
    """What is given to trust: keys, and a policy's keys, witnesses and quorum."""
    keys = tuple(key for text in given for key in vkeys_of(text))
    if policy is None:
        return Trust(keys=keys)
    from disclosure_ledger.log import policy as policies

    stated = policies.parse(_bytes_of(policy, "policy"))
    return replace(stated, keys=tuple(dict.fromkeys((*keys, *stated.keys))))


def _authorities(given: tuple[str, ...]) -> tuple["Authority", ...]:
    if not given:
        return ()
    from disclosure_ledger.log import timestamp

    return tuple(timestamp.authority(_bytes_of(text, "tsa"), name=text) for text in given)


def _kept(given: tuple[str, ...]) -> tuple[Kept, ...]:
    return pile.gather(Path(text) for text in given)


def _bytes_of(given: str, field: str) -> bytes:
    try:
        return Path(given).read_bytes()
    except OSError as error:
        raise InvalidRecord(f"{given} cannot be read: {error.strerror}", field=field) from None


def _beside(chosen: Settings) -> list[VerifierKey]:
    """The log's keys beside the key file."""
    there = chosen.vkey_file is not None and chosen.vkey_file.is_file()
    return vkeys_of(str(chosen.vkey_file)) if there else []


def vkeys_of(given: str) -> list[VerifierKey]:
    """The keys that a vkey, or a file of vkeys, one a line, names."""
    path = Path(given)
    try:
        lines = path.read_text("utf-8").split("\n") if path.is_file() else [given]
        return [VerifierKey.parse(line) for line in lines if line]
    except (OSError, UnicodeDecodeError, Malformed):
        raise InvalidRecord("expected a vkey, or a file of vkeys", field="key") from None


def _memory(chosen: Settings) -> tuple[Memory, ...]:
    """The state file beside the key file."""
    from disclosure_ledger.custody import memory

    state = memory.load(beside(chosen.keys, ".state")) if chosen.keys is not None else None
    return (Memory(where="the state file", size=state.size, root=state.root),) if state is not None else ()


def _secrets(chosen: Settings, full: bool) -> "Secrets | None":
    """The keys, where they are at hand; `--full` asks for the passphrase."""
    if chosen.keys is None or not chosen.keys.is_file():
        return None
    from disclosure_ledger.custody import keyfile

    words = passphrase_at_hand(chosen)
    if words is None and full:
        try:
            words = passphrase(chosen)
        except KeysUnavailable:
            return None  # said as a finding: incomplete
    return keyfile.load(chosen.keys, words) if words is not None else None
