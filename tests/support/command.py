"""The command line run in this process, in a folder of its own, with everything a person would see."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disclosure_ledger_cli.main import main

PASSPHRASE = "correct horse battery staple"
ORIGIN = "harbor.example/disclosures"


@dataclass(frozen=True)
class Outcome:
    """What a command gave."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        return json.loads(self.err)["error"]


class _Bytes(io.TextIOWrapper):
    """A text stream over bytes, as standard streams are, so that `.buffer` works."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", newline="", write_through=True)

    def text(self) -> str:
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined]


_OWN = {f"DISCLOSURE_LEDGER_{name}" for name in ("COMPLETE", "DEBUG", "KEYS", "PASSPHRASE", "WAIT")}
"""What the command line takes from the environment."""


@contextlib.contextmanager
def _standing_in(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    before, names = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    for name in names.keys() & _OWN:  # a developer's own ledger is none of a test's
        del os.environ[name]
    os.environ.update(environment)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(names)


class Desk:
    """A folder in which commands are run."""

    def __init__(self, folder: Path, passphrase: str | None = PASSPHRASE) -> None:
        self.folder = folder
        self.environment = {"NO_COLOR": "1"}
        if passphrase is not None:
            self.environment["DISCLOSURE_LEDGER_PASSPHRASE"] = passphrase

    def __call__(self, *arguments: str | Path, stdin: str | bytes = b"") -> Outcome:
        """Run one command."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = _Bytes(), _Bytes()
        kept = sys.argv, sys.stdin
        sys.argv, sys.stdin = ["disclosure-ledger", *map(str, arguments)], _Bytes(given)
        code = 0
        try:
            with (
                _standing_in(self.folder, self.environment),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                main()
        except SystemExit as done:
            code = int(done.code or 0)
        finally:
            sys.argv, sys.stdin = kept
        return Outcome(code, out.text(), err.text())

    def ok(self, *arguments: str | Path, stdin: str | bytes = b"") -> Outcome:
        """Run one command that has to succeed."""
        done = self(*arguments, stdin=stdin)
        assert done.exit == 0, (arguments, done)
        return done

    def init(
        self, practice: str = "Harbor Counseling LLC", timezone: str = "America/New_York", *, place: str | None = None
    ) -> "Desk":
        """Make a ledger in the folder; its database at another place where one is named."""
        at = ["--ledger", place] if place is not None else []
        self.ok("init", "--origin", ORIGIN, "--practice", practice, "--timezone", timezone, *at)
        return self

    def file(self, name: str, records: list[dict[str, Any]]) -> Path:
        """A file of records in the folder."""
        path = self.folder / name
        path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        return path
