"""What needs a package that is not installed says which, and how to get it, before anything is asked or recorded."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from command import Desk

EXTEND = (
    *("request", "extend", "--client", "C-1", "--request", "R-1", "--notified-on", "2026-11-02"),
    *("--reason", "Records off site", "--provide-by", "2026-12-20"),
)
COMMANDS = [
    ("rfc3161_client", "timestamps", ("timestamp", "add", "--answer", "today.tsr", "--tsa", "authority.pem")),
    ("rfc3161_client", "timestamps", ("timestamp", "add", "--url", "http://127.0.0.1:9/", "--tsa", "authority.pem")),
    ("openpyxl", "xlsx", ("import", "log.xlsx")),
    ("psycopg", "postgres", ("verify", "postgresql://127.0.0.1:9/ledger", "--origin", "harbor.example/disclosures")),
    ("psycopg", "postgres", ("history", "--client", "C-1", "--ledger", "postgresql://127.0.0.1:9/ledger")),
    ("jinja2", "render", ("accounting", "--client", "C-1", "--format", "html", "--output", "list")),
    ("segno", "render", ("accounting", "--client", "C-1", "--format", "html", "--output", "list")),
    ("typst", "render", ("accounting", "--client", "C-1", "--format", "pdf", "--output", "list")),
    ("xlsxwriter", "render", ("accounting", "--client", "C-1", "--format", "xlsx", "--output", "list")),
    ("jinja2", "render", (*EXTEND, "--letter", "later.html")),
    ("typst", "render", (*EXTEND, "--letter", "later.pdf")),
    ("typst", "render", ("verify", "proof", "--list", "list.pdf")),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk")).init()
    desk.ok("client", "add", "--client", "C-1", "--name", "Dana Example")
    asked = {"client": "C-1", "id": "R-1", "requested_on": "2026-10-02", "received_on": "2026-10-02"}
    desk.ok("record", "--input", "-", stdin=json.dumps({"kind": "accounting_request", **asked}))
    desk.ok("accounting", "--client", "C-1", "--evidence", "proof")
    desk.ok("accounting", "--client", "C-1", "--format", "xlsx", "--output", "log.xlsx")
    return desk


@pytest.mark.parametrize(("package", "extra", "command"), COMMANDS)
def test_a_package_that_is_missing_is_named_with_how_to_get_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, package: str, extra: str, command: tuple[str, ...]
) -> None:
    before = {path: path.read_bytes() for path in desk.folder.iterdir() if path.suffix != ".db-shm"}
    monkeypatch.setitem(sys.modules, package, None)
    done = desk(*command)
    assert (done.exit, done.out) == (1, ""), done
    assert f"pip install 'disclosure-ledger[{extra}]'" in done.err
    assert {path: path.read_bytes() for path in desk.folder.iterdir() if path.suffix != ".db-shm"} == before


def test_every_extra_that_a_user_installs_is_tried() -> None:
    told = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    extras = {name for name in told["optional-dependencies"] if name not in ("bench", "test")}
    assert extras == {extra for _, extra, _ in COMMANDS}
