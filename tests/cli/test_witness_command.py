"""`witness`: the memory of a ledger in other hands, over plain files."""

import json
import shutil
import stat
import threading
from pathlib import Path

import pytest

from command import Desk
from disclosure_ledger.log import checkpoint, witness
from disclosure_ledger.log.note import VerifierKey
from golden_log import keys
from outcomes import path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A witness that watches the golden ledger under its first keys."""
    found = Desk(tmp_path)
    vkeys = [keys()["log-1"].vkey(), keys()["log-1-mldsa"].vkey()]
    (tmp_path / "log.vkey").write_text("\n".join(vkeys) + "\n")
    found.ok("witness", "init", "--name", "board.example/w", "--log", "log.vkey")
    return found


def state(desk: Desk) -> witness.State:
    return witness.parse_state((desk.folder / "witness.json").read_bytes())


def test_init_makes_a_key_under_a_passphrase_and_a_vkey_to_give_away(desk: Desk) -> None:
    key = VerifierKey.parse((desk.folder / "witness.vkey").read_text().strip())
    assert (key.name, key.kind) == ("board.example/w", 4)
    assert state(desk).name == "board.example/w"
    for name in ("witness.keys", "witness.json"):
        assert stat.S_IMODE((desk.folder / name).stat().st_mode) == 0o600


def test_a_ledger_is_followed_from_checkpoint_to_package(desk: Desk) -> None:
    desk.ok("witness", "cosign", path("checkpoints/8.note"), "--output", "8.checkpoint")
    assert state(desk).logs[0].size == 8
    desk.ok("witness", "cosign", path("attacked/audit/cut-off"), "--output", "20.checkpoint")
    assert state(desk).logs[0].size == 20
    signed = checkpoint.parse((desk.folder / "20.checkpoint").read_bytes())
    key = VerifierKey.parse((desk.folder / "witness.vkey").read_text().strip())
    assert checkpoint.verify_cosignature(signed, key) > 1_700_000_000
    assert desk("witness", "cosign", path("audit-package")).exit == 3  # its keys were rotated since
    desk.ok("witness", "init", "--log", path("audit-package/log.vkey"))
    assert state(desk).logs[0].size == 20
    done = desk.ok("witness", "cosign", path("audit-package"), "--json")
    assert checkpoint.parse(done.json["checkpoint"].encode()).checkpoint.size == 32
    assert done.json["checkpoint"].endswith(done.json["line"])


def test_what_it_cosigned_satisfies_a_policy(desk: Desk) -> None:
    desk.ok("witness", "init", "--log", path("audit-package/log.vkey"))
    desk.ok("witness", "cosign", path("audit-package"), "--output", "c")
    shutil.copytree(path("audit-package"), desk.folder / "audit", copy_function=shutil.copyfile)
    for folder in (desk.folder / "audit", *(one for one in (desk.folder / "audit").rglob("*") if one.is_dir())):
        folder.chmod(0o755)
    shutil.copyfile(desk.folder / "c", desk.folder / "audit/checkpoint")
    vkey = (desk.folder / "witness.vkey").read_text().strip()
    (desk.folder / "p").write_text(f"log {keys()['log-2'].vkey()}\nwitness board {vkey}\nquorum board\n")
    assert desk("verify", "audit", "--policy", "p").exit == 0
    assert desk("verify", path("audit-package"), "--policy", "p").exit == 3


def test_another_history_is_refused_with_both_notes(desk: Desk) -> None:
    desk.ok("witness", "init", "--log", path("audit-package/log.vkey"))
    desk.ok("witness", "cosign", path("audit-package"))
    before = state(desk)
    done = desk("witness", "cosign", path("attacked/audit/rewritten-by-key-thief"))
    assert done.exit == 3
    assert done.out.startswith("REFUSED")
    for folder in ("audit-package", "attacked/audit/rewritten-by-key-thief"):
        assert path(f"{folder}/checkpoint").read_text().split("\n")[2] in done.out
    assert state(desk) == before
    as_json = desk("witness", "cosign", path("attacked/audit/rewritten-by-key-thief"), "--json")
    assert (as_json.exit, as_json.json["status"]) == (3, 422)
    assert as_json.json["remembered"] == before.logs[0].last.raw.decode()  # type: ignore[union-attr]


def test_a_checkpoint_that_needs_a_proof_is_asked_for_one(desk: Desk) -> None:
    desk.ok("witness", "cosign", path("checkpoints/8.note"))
    done = desk("witness", "cosign", path("checkpoints/16.note"))
    assert done.exit == 1
    assert "remembers 8 entries" in done.out
    assert desk("witness", "cosign", path("checkpoints/8.note")).exit == 0


def test_a_request_of_the_protocol_is_taken(desk: Desk) -> None:
    request = witness.format_request(0, (), path("checkpoints/16.note").read_bytes())
    (desk.folder / "request").write_bytes(request)
    assert desk("witness", "cosign", "request").exit == 0
    (desk.folder / "request").write_bytes(request.replace(b"old 0", b"old 00"))
    assert desk("witness", "cosign", "request").exit == 1


def test_another_ledger_and_another_file_are_refused(desk: Desk) -> None:
    other = path("checkpoints/8.note").read_bytes().replace(b"oakstreet", b"elmstreet", 1)
    (desk.folder / "other").write_bytes(other)
    assert desk("witness", "cosign", "other").exit == 1
    assert desk("witness", "cosign", path("README.md")).exit == 1
    assert desk("witness", "cosign", "nothing").exit == 1
    (desk.folder / "a.zip").write_bytes(b"PK\x03\x04")
    assert desk("witness", "cosign", "a.zip").exit == 1


def test_nothing_is_written_over(desk: Desk) -> None:
    before = (desk.folder / "witness.keys").read_bytes()
    (desk.folder / "witness.json").unlink()
    done = desk("witness", "init", "--name", "board.example/w", "--log", "log.vkey")
    assert done.exit == 1
    assert (desk.folder / "witness.keys").read_bytes() == before


def test_a_state_belongs_to_one_name(desk: Desk) -> None:
    assert desk("witness", "init", "--name", "x.example/w", "--log", "log.vkey").exit == 1
    assert desk("witness", "init", "--log", "log.vkey", "--state", "new.json").exit == 2
    assert desk("witness", "init", "--log", "no vkey").exit == 1


def test_without_the_passphrase_nothing_is_cosigned(desk: Desk) -> None:
    desk.environment["DISCLOSURE_LEDGER_PASSPHRASE"] = "another"
    assert desk("witness", "cosign", path("checkpoints/8.note")).exit == 7
    assert state(desk).logs[0].size == 0


def test_a_damaged_state_is_no_state(desk: Desk) -> None:
    (desk.folder / "witness.json").write_text("{}")
    assert desk("witness", "cosign", path("checkpoints/8.note")).exit == 1
    (desk.folder / "witness.json").unlink()
    assert desk("witness", "cosign", path("checkpoints/8.note")).exit == 1
    (desk.folder / "witness.keys").unlink()
    assert desk("witness", "cosign", path("checkpoints/8.note")).exit == 1


def test_two_witnesses_at_once_do_not_roll_each_other_back(desk: Desk) -> None:
    """The state is held from reading to writing: whoever waits reads what the other wrote."""
    from disclosure_ledger_cli.witness import _held

    file, order = desk.folder / "witness.json", list[str]()
    with _held(file):
        waiting = threading.Thread(target=lambda: _second(file, order))
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join(5)
    assert order == ["first", "second"]


def _second(file: Path, order: list[str]) -> None:
    from disclosure_ledger_cli.witness import _held

    with _held(file):
        order.append("second")


def test_the_output_is_json_where_it_is_asked(desk: Desk) -> None:
    done = desk.ok("witness", "init", "--log", "log.vkey", "--json")
    assert json.loads(done.out)["watching"] == ["oakstreet.example/disclosures"]
