"""On a terminal the verdict is coloured, and what others wrote steers nothing."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from disclosure_ledger_cli import say

from command import Desk

ESC = "\x1b"


def on_a_terminal(desk: Desk, *arguments: str, **environment: str) -> str:
    """What a person with a colour terminal gets."""
    ours, theirs = pty.openpty()
    names = {**os.environ, **desk.environment, "TERM": "xterm-256color", **environment}
    if "NO_COLOR" not in environment:
        names.pop("NO_COLOR", None)
    code = "from disclosure_ledger_cli.main import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    running = subprocess.Popen(command, cwd=desk.folder, env=names, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    got = b""
    while select.select([ours], [], [], 20)[0]:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other side has closed
            break
        if not part:
            break
        got += part
    os.close(ours)
    running.wait(timeout=20)
    return got.decode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).init()


def test_the_verdict_is_coloured_where_colour_is_welcome(desk: Desk) -> None:
    shown = on_a_terminal(desk, "verify")
    assert f"{ESC}[32m{ESC}[1mVERIFIED{ESC}[0m  harbor.example" in shown
    assert "\\u001b" not in shown


def test_no_color_and_dumb_terminals_are_left_plain(desk: Desk) -> None:
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        shown = on_a_terminal(desk, "verify", **{name: value})
        assert shown.startswith("VERIFIED  harbor.example")
        assert ESC not in shown


def test_what_somebody_wrote_never_acts_on_the_terminal(desk: Desk) -> None:
    name = "Dana\u202eelpmaxE\u2066"
    desk.ok("client", "add", "--client", "C-1", "--name", name)
    shown = on_a_terminal(desk, "history", "--client", "C-1")
    assert "\u202e" not in shown
    assert "Dana\\u202eelpmaxE\\u2066" in shown


def test_joiners_within_words_stay_and_steering_marks_do_not() -> None:
    assert say.plain("می\u200cخواهم\n") == "می\u200cخواهم\n"
    assert say.plain("a\x1b[2Jb\x07\x7f\u2028c") == "a\\u001b[2Jb\\u0007\\u007f\\u2028c"
