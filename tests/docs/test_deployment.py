"""What docs/deployment.md tells people to type can be typed, and what it says they will read is what is said."""

import re
import shlex
from pathlib import Path

import click
import pytest
from disclosure_ledger_cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
LINES = [
    command.strip()
    for block in BLOCKS
    for line in block.replace("\\\n", " ").split("\n")
    for command in re.split(r"&&|#", line)
    if command.strip().startswith("disclosure-ledger ")
]


def test_there_are_commands_to_type() -> None:
    assert len(LINES) > 10


@pytest.mark.parametrize("line", LINES)
def test_every_command_can_be_typed(line: str) -> None:
    name, *arguments = shlex.split(line)[1:]
    with click.Context(cli) as context:
        command = cli.get_command(context, name)
    assert command is not None
    command.make_context(name, arguments)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(?:disclosure-ledger )?keys ([a-z-]+)", TEXT))))
def test_every_word_after_keys_is_a_command(name: str) -> None:
    with click.Context(cli) as context:
        keys = cli.get_command(context, "keys")
    assert isinstance(keys, click.Group)
    assert name in keys.commands


def test_what_the_ledger_is_quoted_to_say_it_says() -> None:
    code = "".join(
        path.read_text("utf-8") for path in [*ROOT.glob("disclosure_ledger/**/*.py"), *ROOT.glob("cli/*.py")]
    )
    quoted = re.findall(r"^> (?:error: |hint: )?(.+)$", TEXT, re.MULTILINE)
    assert len(quoted) == 6
    for sentence in quoted:
        parts = re.split(r"\b\d+\b|disclosures\.state", sentence)
        for part in parts:
            assert part.strip() in code, part


def test_every_finding_that_is_named_exists() -> None:
    from disclosure_ledger.log.findings import REGISTRY

    named = re.findall(r"`(\d+\.[a-z-]+)`", TEXT)
    assert named
    assert set(named) <= set(REGISTRY)
