"""What became of a record, told to whoever recorded it."""

from disclosure_ledger.hipaa.deadlines import due_on
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.practice.recording import Recorded

from . import say
from .findings import as_lines
from .settings import Settings


def tell(ledger: Ledger, chosen: Settings, made: Recorded, *, alike: int | None = None) -> None:
    """Say what became of a record. `alike`: an entry recorded lately that says the same."""
    near = ledger.near(made.opens) if made.opens is not None else ()
    if chosen.json:
        findings = [one.to_json() for one in made.findings]
        outcome = {"entry": made.index, "kind": made.kind, "already": made.already, "also": list(made.also)}
        seen = {"alike": alike, "new_client": made.opens, "near": list(near) or None}
        seen["replaces"] = made.replaces.id if made.replaces is not None else None
        say.data_json({**outcome, "findings": findings, **{name: it for name, it in seen.items() if it is not None}})
        return
    if made.already:
        say.data(f"Already recorded as entry {made.index}; nothing was written.")
        return
    also = f" (with {_listed(made.also)})" if made.also else ""
    say.data(f"Entry {made.index} recorded{also}.")
    _tell_new(made, near, quiet=chosen.quiet)
    warn_replaced(made)
    if alike is not None:
        retract = f'disclosure-ledger correct {made.index} --retract --reason "entered twice"'
        say.warn(f"it looks like entry {alike}; if both are one release: {retract}")
    if any(one.counts for one in made.findings):
        say.warn("as it stands, the client's list will say that this was sent in error; what is wrong can be corrected")
    if made.findings:
        say.talk("What clearance found; it is recorded all the same:")
        for line in as_lines(made.findings):
            say.talk(line)
    say.talk(f"Look at it: disclosure-ledger show {made.index}", quiet=chosen.quiet)


def _tell_new(made: Recorded, near: tuple[str, ...], *, quiet: bool) -> None:
    """A number that is typed amiss makes a client of its own, whose releases the real one would never be told of."""
    if near:
        move = f'; it is moved by: disclosure-ledger correct {made.index} --client {near[0]} --reason "typed amiss"'
        is_release = made.kind == "disclosure"
        say.warn(f"client {made.opens} is new; did you mean {' or '.join(near)}?{move if is_release else ''}")
    elif made.opens is not None and made.kind != "client":
        say.talk(f"Client {made.opens} is new: nothing was recorded under this number before.", quiet=quiet)


def warn_replaced(made: Recorded) -> None:
    """Say that a request took the place of another one, so that no deadline goes unseen."""
    gone = made.replaces
    if gone is not None:
        say.warn(
            f"entry {made.index} replaces the request {gone.id} of client {gone.client} that was received "
            f"{gone.received_on} (due {due_on(gone.received_on)}): where they are two, record the other one again, "
            "under an id of its own"
        )


def _listed(indexes: tuple[int, ...]) -> str:
    word = "entry" if len(indexes) == 1 else "entries"
    return f"{word} {', '.join(map(str, indexes))}"
