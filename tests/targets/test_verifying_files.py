"""Which file is what, what a file alone may rest on, and what is none of ours."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from command import Desk
from disclosure_ledger import evidence, package, pile, targets
from disclosure_ledger.errors import NoLedger, NotFound
from disclosure_ledger.log.checkpoint import Known, Trust
from disclosure_ledger.pile import Kind
from outcomes import codes, exit_of, path, trust, vkeys

NOW_SIGNED = "checkpoints/30.note"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("audit-package", Kind.PACKAGE),
        ("evidence.json", Kind.JSON),
        ("receipts/6-of-32.tlog-proof", Kind.RECEIPT),
        (NOW_SIGNED, Kind.CHECKPOINT),
        ("README.md", Kind.UNKNOWN),
        ("entries", Kind.UNKNOWN),
    ],
)
def test_each_golden_file_is_told_apart(name: str, kind: Kind) -> None:
    assert pile.kind_at(path(name)) is kind


def test_a_database_is_left_to_the_audit(tmp_path: Path) -> None:
    file = tmp_path / "disclosures.db"
    file.write_bytes(b"SQLite format 3\x00" + bytes(100))
    for place in (str(file), "postgresql://localhost/ledger", str(tmp_path / "nothing")):
        assert targets.find(place) is None
    assert targets.find(str(path("evidence.json"))) == pile.read(path("evidence.json"))


@pytest.mark.parametrize("text", ["# a page of words\n", '{"format":"disclosure-ledger/state/v1"}', ""])
def test_what_is_none_of_ours_is_said_to_be_none(text: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(NoLedger):
        targets.verify(file, trust=Trust())
    assert Desk(tmp_path, passphrase=None)("verify", file).exit == 5


@pytest.mark.parametrize(
    "text", ['{"format":"disclosure-ledger/accounting/v1"}', "<!doctype html><p>rows", "%PDF-1.7\n"]
)
def test_a_document_without_its_evidence_proves_nothing(text: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(NotFound):
        targets.verify(file, trust=Trust())
    assert Desk(tmp_path, passphrase=None)("verify", file).exit == 1


def test_a_checkpoint_alone_is_verified_under_a_trusted_key() -> None:
    assert exit_of(targets.verify(path(NOW_SIGNED), trust=trust("log-2"))) == 0
    assert codes(targets.verify(path(NOW_SIGNED), trust=trust("log-1"))) == ["7.trusted-key"]
    assert codes(targets.verify(path(NOW_SIGNED), trust=Trust())) == ["7.no-trusted-key"]


def test_a_checkpoint_without_one_of_the_log_lines_is_refused(tmp_path: Path) -> None:
    text, _, lines = path(NOW_SIGNED).read_bytes().partition(b"\n\n")
    ed25519, mldsa = lines.splitlines(keepends=True)
    for kept, code in ((ed25519, "7.mldsa"), (mldsa, "7.ed25519")):
        file = tmp_path / code
        file.write_bytes(text + b"\n\n" + kept)
        assert code in codes(targets.verify(file, trust=trust("log-2")))


def test_known_files_of_every_kind_vouch_for_a_package() -> None:
    for name in (NOW_SIGNED, "receipts/12-of-30.tlog-proof", "evidence.json", "audit-package"):
        known = pile.gather([path(name)])
        assert exit_of(targets.verify(path("audit-package"), trust=trust("log-1"), known=known)) == 0, name


def test_an_accounting_is_a_memory_of_its_checkpoint(tmp_path: Path) -> None:
    accounting = json.loads(path("evidence.json").read_text())["accounting"]
    file = tmp_path / "accounting.json"
    file.write_text(json.dumps(accounting, indent=1))
    known = pile.gather([file])
    assert exit_of(targets.verify(path("audit-package"), trust=trust("log-1"), known=known)) == 0
    fork = path("attacked/evidence/fork.json")
    assert codes(targets.verify(fork, trust=trust("log-1"), known=known)) == ["8.different"]


def test_a_folder_of_many_files_is_a_pile(tmp_path: Path) -> None:
    (tmp_path / "kept" / "deeper").mkdir(parents=True)
    shutil.copy(path("receipts/12-of-30.tlog-proof"), tmp_path / "kept/deeper/r")
    shutil.copy(path("checkpoints/16.note"), tmp_path / "kept/c")
    shutil.copytree(path("audit-package"), tmp_path / "kept/audit")
    kinds = [kept.kind for kept in pile.gather([tmp_path / "kept"])]
    assert kinds == [Kind.PACKAGE, Kind.CHECKPOINT, Kind.RECEIPT]


def test_a_known_file_that_says_nothing_makes_it_incomplete(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("call the auditor")
    for name, keys in (
        ("audit-package", "log-1"),
        ("evidence.json", "log-1"),
        ("receipts/6-of-32.tlog-proof", "log-2"),
    ):
        known = pile.gather([file, path("checkpoints/30.note")])
        verdict = targets.verify(path(name), trust=trust(keys), known=known)
        assert (codes(verdict), exit_of(verdict)) == (["8.unreadable"], 4), name


def test_what_is_known_of_another_size_contradicts_nothing_and_is_said() -> None:
    known = pile.gather([path("checkpoints/16.note")])
    verdict = targets.verify(path("evidence.json"), trust=trust("log-1"), known=known)
    assert exit_of(verdict) == 0
    assert any("of size 16" in notice for notice in verdict.notices)


def test_evidence_is_compared_at_its_handovers_too(tmp_path: Path) -> None:
    good = pile.gather([path("checkpoints/27.note")])
    assert exit_of(targets.verify(path("evidence.json"), trust=trust("log-1"), known=good)) == 0
    assert codes(targets.verify(path("attacked/evidence/fork.json"), trust=trust("log-1"), known=good)) == [
        "8.different"
    ]


def test_receipts_agree_with_the_package_of_their_ledger() -> None:
    known = pile.gather([path("audit-package")])
    for name in ("receipts/6-of-32.tlog-proof", "receipts/12-of-30.tlog-proof"):
        assert exit_of(targets.verify(path(name), trust=trust("log-2"), known=known)) == 0


def test_an_entry_known_from_evidence_must_be_the_one_shown() -> None:
    known = pile.gather([path("attacked/evidence/fork.json")])
    verdict = targets.verify(path("evidence.json"), trust=trust("log-1"), known=known)
    assert "8.different" in codes(verdict)
    assert "8.earlier" in codes(verdict)
    assert len(verdict.accusations) >= 1


def test_evidence_that_does_not_verify_accuses_nobody() -> None:
    known = pile.gather([path("attacked/evidence/proof-changed.json")])
    verdict = targets.verify(path("evidence.json"), trust=trust("log-1"), known=known)
    assert (codes(verdict), exit_of(verdict)) == (["8.unreadable"], 4)


def test_a_package_that_does_not_verify_accuses_nobody() -> None:
    known = pile.gather([path("attacked/audit/tile-changed")])
    verdict = targets.verify(path("evidence.json"), trust=trust("log-1"), known=known)
    assert (codes(verdict), exit_of(verdict)) == (["8.unreadable"], 4)


def test_an_older_package_is_compared_by_the_entries_that_both_show() -> None:
    known = pile.gather([path("attacked/audit/cut-off")])
    assert exit_of(targets.verify(path("evidence.json"), trust=trust("log-1"), known=known)) == 0
    verdict = targets.verify(path("attacked/evidence/fork.json"), trust=trust("log-1"), known=known)
    assert codes(verdict) == ["8.different"]


def test_another_ledgers_files_say_nothing_of_this_one() -> None:
    known = (Known(where="other", raw=path(NOW_SIGNED).read_bytes().replace(b"oakstreet", b"elmstreet")),)
    verdict = targets.verify(path("evidence.json"), trust=trust("log-1", known=known))
    assert (codes(verdict), exit_of(verdict)) == (["8.other-ledger"], 4)


def test_a_missing_file_is_an_error_and_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        targets.verify(tmp_path / "nothing", trust=Trust())
    desk = Desk(tmp_path, passphrase=None)
    assert desk("verify", path("evidence.json"), "--known", tmp_path / "nothing").exit == 1
    assert desk("verify", path("evidence.json"), "--policy", tmp_path / "nothing").exit == 1
    assert desk("verify", path("evidence.json"), "--tsa", tmp_path / "nothing").exit == 1


def test_a_policy_that_accepts_anything_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("quorum none\n")
    done = Desk(tmp_path, passphrase=None)("verify", path("evidence.json"), "--policy", "p")
    assert done.exit == 1
    assert "does not accept anything" in done.err


def test_full_is_for_a_ledger(tmp_path: Path) -> None:
    done = Desk(tmp_path, passphrase=None)("verify", path("evidence.json"), "--key", vkeys()["log-1"], "--full")
    assert done.exit == 2


def test_settings_that_name_several_ledgers_are_no_hindrance(tmp_path: Path) -> None:
    tables = [f'[ledgers."{name}"]\nledger = "a.db"\nkeys = "a.keys"\n' for name in ("a.example/d", "b.example/d")]
    (tmp_path / "disclosure-ledger.toml").write_text("\n".join(tables))
    done = Desk(tmp_path, passphrase=None)("verify", path("evidence.json"), "--key", vkeys()["log-1"])
    assert done.exit == 0, done


def test_keys_beside_another_ledger_are_not_trusted_for_this_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path).init()
    assert desk("verify", path("evidence.json")).exit == 4
    assert desk("verify", path("evidence.json"), "--key", vkeys()["log-1"]).exit == 0


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}; import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["disclosure_ledger.targets", "disclosure_ledger_cli.verify"])
def test_verifying_a_file_loads_no_database(module: str) -> None:
    loaded = loaded_after(f"import {module}")
    assert not loaded & {"sqlalchemy", "sqlite3", "psycopg", "typst", "jinja2", "segno", "rfc3161_client"}
    assert not loaded & {"disclosure_ledger.render", "disclosure_ledger.render.formats"}
    if module == "disclosure_ledger.targets":
        assert not loaded & {"click", "rich", "disclosure_ledger.custody", "disclosure_ledger.store"}


def test_verifying_opens_no_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    desk = Desk(tmp_path, passphrase=None)
    key, known = vkeys()["log-1"], path("audit-package")
    assert desk("verify", path("evidence.json"), "--key", key, "--known", known).exit == 0
    assert desk("verify", path("audit-package"), "--key", key, "--known", path(NOW_SIGNED)).exit == 0
    assert desk("verify", path("receipts/6-of-32.tlog-proof"), "--key", vkeys()["log-2"]).exit == 0


OF_OTHERS = frozenset(
    {
        *("sqlalchemy", "sqlite3", "zipfile", "shutil", "tomllib", "difflib", "disclosure_ledger.custody"),
        *(
            "disclosure_ledger.hipaa.records",
            "disclosure_ledger.hipaa.accounting",
            "disclosure_ledger.evidence.building",
        ),
        *("disclosure_ledger.log.walk", "disclosure_ledger.log.timestamp", "disclosure_ledger.package.examining"),
        *("disclosure_ledger.comparing", "disclosure_ledger.documents"),
    }
)
"""What evidence is verified without: each takes its time to load."""


@pytest.mark.parametrize(("name", "key"), [("evidence.json", "log-1"), ("receipts/6-of-32.tlog-proof", "log-2")])
def test_a_whole_run_of_the_program_on_a_file_loads_what_that_needs_and_no_more(
    tmp_path: Path, name: str, key: str
) -> None:
    code = (
        "import sys; from disclosure_ledger_cli.main import run; "
        f"code = run(['verify', {str(path(name))!r}, '--key', {vkeys()[key]!r}]); "
        "print(code, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path)
    exit_code, *loaded = done.stdout.splitlines()[-1].split()
    assert exit_code == "0"
    assert not OF_OTHERS & set(loaded)
    assert ("disclosure_ledger.hipaa" in loaded) == (name == "evidence.json")


@pytest.mark.parametrize("module", [evidence, package])
def test_what_a_package_offers_is_found_when_it_is_asked_for_and_nothing_else_is(module: ModuleType) -> None:
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = module.nothing_of_the_kind
