"""The README's daily tasks and ways to verify, run in their order as they are printed, by one practice."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXITS = {"check": 3, "grant": 1}
"""The release of the example is blocked, and SQLite has no roles."""


def commands() -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    tasks = text[text.index("## Daily tasks") : text.index("As a library:")]
    blocks = re.findall(r"```sh\n(.*?)```", tasks, re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip()]


def test_the_daily_tasks_run_as_printed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    tool = tmp_path / "bin" / "disclosure-ledger"
    tool.parent.mkdir()
    tool.write_text(
        f"#!{sys.executable} -P\nfrom disclosure_ledger_cli.main import main\nimport sys\n"
        'sys.argv[0] = "disclosure-ledger"\nsys.exit(main())\n'
    )
    tool.chmod(0o700)
    path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    settings = {**os.environ, "PATH": path, "DISCLOSURE_LEDGER_PASSPHRASE": "correct horse battery staple"}
    lines = commands()
    assert len(lines) > 30
    for line in lines:
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=settings, capture_output=True, text=True)
        assert done.returncode == EXITS.get(line.split()[1], 0), (line, done.stdout[-500:], done.stderr[-500:])
