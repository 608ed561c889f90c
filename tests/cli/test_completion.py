"""A shell that has read the script of `completion` completes commands and options; no ledger is opened for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import Desk

ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

ASK = {
    "bash": """
eval "$(disclosure-ledger completion bash)"
COMP_WORDS=(disclosure-ledger {words}); COMP_CWORD={place}
_disclosure_ledger_completion disclosure-ledger
printf '%s\\n' "${{COMPREPLY[@]}}"
""",
    "fish": """
disclosure-ledger completion fish | source
complete -C "disclosure-ledger {line}" | string replace -r '\\t.*' ''
""",
    "zsh": """
compdef() {{ : }}
eval "$(disclosure-ledger completion zsh)"
words=(disclosure-ledger {words}); CURRENT=$(({place} + 1))
compadd() {{ while [ "$1" != -a ] && [ $# -gt 0 ]; do shift; done; shift; print -l -- ${{(P)1}} }}
_describe() {{ local -a got; got=(${{(P)3}}); print -l -- ${{got%%:*}} }}
_disclosure_ledger_completion
""",
}


def completed(shell: str, *words: str) -> list[str]:
    where = shutil.which(shell)
    if where is None:
        pytest.skip(f"{shell} is not installed")
    quoted = " ".join(f"'{word}'" for word in words)
    script = ASK[shell].format(words=quoted, place=len(words), line=" ".join(words))
    done = subprocess.run([where, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("shell", sorted(ASK))
def test_a_shell_completes_commands_and_options(shell: str) -> None:
    assert completed(shell, "timestamp", "") == ["add"]
    assert {"audit", "csv", "fhir"} <= set(completed(shell, "export", ""))
    assert "--dry-run" in completed(shell, "import", "--d")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_is_printed_without_a_ledger(shell: str, tmp_path: Path) -> None:
    done = Desk(tmp_path, passphrase=None).ok("completion", shell)
    assert "_DISCLOSURE_LEDGER_COMPLETE" in done.out
    assert not list(tmp_path.iterdir())


def test_another_shell_is_a_usage_error_that_lists_those_there_are(tmp_path: Path) -> None:
    done = Desk(tmp_path)("completion", "tcsh")
    assert done.exit == 2
    assert "'bash', 'zsh', 'fish', 'powershell'" in done.err


def test_completing_loads_no_database() -> None:
    code = (
        "import sys; from disclosure_ledger_cli.main import run\n"
        "try: run()\n"
        "finally: print(sorted({'sqlalchemy', 'sqlite3', 'cryptography'} & set(sys.modules)))"
    )
    asked = {"_DISCLOSURE_LEDGER_COMPLETE": "bash_complete", "COMP_WORDS": "disclosure-ledger exp", "COMP_CWORD": "1"}
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True)
    assert done.stdout.split("\n")[:2] == ["plain,export", "[]"], done
