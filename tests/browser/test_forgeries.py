"""What only one check stands between a forger and VERIFIED: both verifiers have it."""

import io
import shutil
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from browsing import packed, run, verdicts
from command import Desk
from disclosure_ledger import pile, targets
from disclosure_ledger.log.checkpoint import Trust
from disclosure_ledger.log.note import COSIGNATURE, MLDSA44, VerifierKey
from golden_log import signer_from_seed
from outcomes import codes, path
from outcomes import vkeys as golden

RELEASE = (
    *("--client", "C-1001", "--on", "2026-03-02", "--recipient", "County Court", "--type", "court"),
    *("--basis", "court_order", "--description", "visit dates"),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A ledger of three entries, so that the last one's way to the root is shorter than the others'."""
    made = Desk(tmp_path_factory.mktemp("desk")).init()
    made.ok("record", *RELEASE, "--receipt", "receipt")
    made.ok("export", "audit", "audit")
    return made


@pytest.fixture(scope="module")
def vkeys(desk: Desk) -> list[str]:
    return (desk.folder / "disclosures.vkey").read_text().split()


def both(verifier: Any, folder: Path, vkeys: list[str], name: str, data: bytes) -> list[set[str]]:
    """The codes that the page and the library find in a file; in that order."""
    (folder / name).write_bytes(data)
    (ours,) = verdicts(verifier, [run(data, vkeys)])
    theirs = targets.verify(folder / name, trust=Trust(keys=tuple(map(VerifierKey.parse, vkeys))))
    return [set(ours["codes"]), set(codes(theirs))]


def test_a_proof_that_ends_before_the_place_it_claims_is_refused(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    """Entry 2 of 3 hashes to the root as entry 1 would, if a proof were followed only as far as it goes."""
    receipt = (desk.folder / "receipt").read_bytes()
    assert both(verifier, tmp_path, vkeys, "whole", receipt) == [set(), set()]
    claimed = receipt.replace(b"\nindex 2\n", b"\nindex 1\n")
    assert claimed != receipt
    assert both(verifier, tmp_path, vkeys, "claimed", claimed) == [{"1.index", "7.inclusion"}] * 2


@pytest.mark.parametrize("again", [b"another", None], ids=["with other content", "with the same content"])
def test_a_file_that_stands_twice_in_a_zip_is_refused(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path, again: bytes | None
) -> None:
    package = packed(desk.folder / "audit")
    made = io.BytesIO(package)
    with warnings.catch_warnings(), zipfile.ZipFile(made, "a") as archive:
        warnings.simplefilter("ignore")
        vkey = archive.read("log.vkey")
        archive.writestr("log.vkey", again or vkey)
        if again:
            archive.writestr("log.vkey", vkey)
    for found in both(verifier, tmp_path, vkeys, "audit.zip", made.getvalue()):
        assert "7.file" in found


def test_a_file_in_a_zip_that_was_damaged_on_its_way_is_refused(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    package = packed(desk.folder / "audit")
    listed = package.rindex(b"log.vkey") - 46  # where its place in the central directory begins
    assert package[listed : listed + 4] == b"PK\x01\x02"
    checksum = bytes(byte ^ 1 for byte in package[listed + 16 : listed + 20])
    changed = package[: listed + 16] + checksum + package[listed + 20 :]
    for found in both(verifier, tmp_path, vkeys, "audit.zip", changed):
        assert "7.vkeys" in found


def test_of_two_types_of_trusted_keys_each_must_be_the_ledger_s(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    """One of either type would let who can forge one of the two signatures put another ledger in the place."""
    other = Desk(tmp_path).init()
    theirs = (other.folder / "disclosures.vkey").read_text().split()
    for place in range(2):
        trusted = [vkeys[place], theirs[1 - place]]
        assert {VerifierKey.parse(one).kind == MLDSA44 for one in trusted} == {True, False}
        found = both(verifier, tmp_path, trusted, "audit.zip", packed(desk.folder / "audit"))
        assert found == [{"7.trusted-key", "8.no-outside"}] * 2


def test_a_pdf_with_two_lists_of_evidence_is_refused(verifier: Any, tmp_path: Path) -> None:
    keys, evidence = [golden()["log-1"]], path("evidence.json").read_bytes()
    stream = b"1 0 obj\n<</Type/EmbeddedFile/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (len(evidence), evidence)
    assert both(verifier, tmp_path, keys, "one.pdf", b"%PDF-1.7\n" + stream) == [{"14.not-compared"}] * 2
    assert both(verifier, tmp_path, keys, "two.pdf", b"%PDF-1.7\n" + 2 * stream) == [{"14.evidence"}] * 2


def test_every_witness_that_is_entered_must_have_cosigned(verifier: Any) -> None:
    package, entered = packed(path("audit-package")), [golden()["log-1"], golden()["witness"]]
    other = signer_from_seed("board.example/w", COSIGNATURE, bytes(range(32)))
    found = verdicts(verifier, [run(package, entered), run(package, [*entered, other.key.vkey()])])
    assert [one["codes"] for one in found] == [[], ["9.quorum"]]


def test_two_streams_of_one_client_are_seen_though_no_entry_stands_in_both_places(
    verifier: Any, desk: Desk, vkeys: list[str], tmp_path: Path
) -> None:
    """Two histories under the same keys: what they share is the same, and the rest stands at other numbers."""
    lists = []
    for name, before in (("one", ()), ("other", (("C-2", "A Clinic"),))):
        shutil.copytree(desk.folder, tmp_path / name)
        history = Desk(tmp_path / name)
        for client, recipient in (*before, ("C-1001", "A School")):
            more = ("--client", client, "--recipient", recipient, "--on", "2026-03-03")
            history.ok("record", *RELEASE, *more)
        history.ok("accounting", "--client", "C-1001", "--evidence", "evidence", "--output", "list.txt")
        lists.append((tmp_path / name / "evidence").read_bytes())
    known = pile.gather([tmp_path / "other" / "evidence"])
    trust = Trust(keys=tuple(map(VerifierKey.parse, vkeys)))
    theirs = targets.verify(tmp_path / "one" / "evidence", trust=trust, known=known)
    (ours,) = verdicts(verifier, [run(lists[0], vkeys, {"other": lists[1]})])
    assert [ours["codes"], codes(theirs)] == [["8.earlier"]] * 2
