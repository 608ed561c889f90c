"""Files that `verify` is handed though they prove nothing: what they are, and what to do instead."""

from pathlib import Path

from disclosure_ledger.errors import Malformed, NoLedger, NotFound
from disclosure_ledger.pile import Kept, Kind

_BEGINNING = 4096
_BESIDE = "verify the evidence file that was made with it (--evidence), or its page or PDF"
_OPENINGS = "an auditor gets them in a package: `export audit FOLDER --openings FILE`, and verifies that"
_FORMATS = {
    "disclosure-ledger/openings/": ("openings of single fields", _OPENINGS),
    "disclosure-ledger/keys/": ("a key file, which stays with the practice", "`doctor` looks at it"),
    "disclosure-ledger/witness/": ("what a witness remembers", "`witness cosign` uses it"),
}


def expect_proof(shown: Kept) -> None:
    """Let pass what may prove something. Raises NotFound or NoLedger with what else it is, where that can be told."""
    path = shown.path
    if path.is_dir():
        if shown.kind is Kind.UNKNOWN:
            hint = "a folder of checkpoints and receipts goes with --known"
            raise NoLedger(f"{path} is a folder, and no audit package", hint=hint)
        return
    if shown.kind is Kind.JSON:
        _expect_no_other_json(path, shown.data)
    elif shown.kind is Kind.PACKAGE:
        _expect_no_workbook(path)
    elif shown.kind is Kind.UNKNOWN:
        _expect_no_stranger(path, shown.data)


def _expect_no_workbook(path: Path) -> None:
    with path.open("rb") as file:
        if b"[Content_Types].xml" in file.read(_BEGINNING):
            raise NotFound(f"{path} is a workbook: there is no evidence in it", hint=_BESIDE)


def _expect_no_stranger(path: Path, beginning: bytes) -> None:
    if _is_list(beginning):
        raise NotFound(f"{path} is an accounting without its evidence", hint=_BESIDE)
    if beginning.startswith(b"What this is\n"):
        raise NotFound(f"{path} is the page about a receipt", hint="verify the receipt beside it")
    if _is_vkey(beginning):
        raise NoLedger(f"{path} holds public keys", hint=f"trust them: disclosure-ledger verify FILE --key {path}")
    if not beginning.strip():
        raise NoLedger(f"{path} is empty")


def _expect_no_other_json(path: Path, data: bytes) -> None:
    from disclosure_ledger import evidence

    announced = evidence.format_of(data) or ""
    for family, (what, hint) in _FORMATS.items():
        if announced.startswith(family):
            raise NoLedger(f"{path} is none of what is verified here: it holds {what}", hint=hint)


def _is_list(beginning: bytes) -> bool:
    """Whether a text begins as an accounting in text or CSV does, in any language."""
    from disclosure_ledger.render.formats import LANGUAGES
    from disclosure_ledger.render.table import HEADER
    from disclosure_ledger.render.to_text import heading

    text = beginning.decode("utf-8", "ignore").removeprefix("\ufeff")
    if text.startswith(",".join(HEADER)):
        return True
    return any(f"\n{heading(words.title)}\n" in text for words in LANGUAGES.values())


def _is_vkey(beginning: bytes) -> bool:
    from disclosure_ledger.log.note import VerifierKey

    try:
        VerifierKey.parse(beginning.split(b"\n", 1)[0].decode("utf-8"))
    except (Malformed, UnicodeDecodeError):
        return False
    return True
