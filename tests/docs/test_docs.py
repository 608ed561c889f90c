"""What the documents say is so: commands, codes, exit status, set-up, links."""

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest
from disclosure_ledger_cli.main import COMMANDS, EXITS, cli

from disclosure_ledger.hipaa.bases import BASES
from disclosure_ledger.log.findings import INCOMPLETE, REGISTRY
from disclosure_ledger.log.kinds import PUBLIC, SEALED

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.md")])
README = (ROOT / "README.md").read_text("utf-8")
FORMAT = (ROOT / "docs" / "format.md").read_text("utf-8")
RECORDS = (ROOT / "docs" / "records.md").read_text("utf-8")


def commands() -> list[tuple[str, click.Command]]:
    """Every command with its whole name."""
    with click.Context(cli) as context:
        found = []
        for name in cli.list_commands(context):
            command = cli.get_command(context, name)
            assert command is not None
            found.append((name, command))
            if isinstance(command, click.Group):
                found += [(f"{name} {sub}", one) for sub, one in command.commands.items()]
        return found


def test_the_readme_has_exactly_two_set_up_commands() -> None:
    section = README.split("## Set up\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 1
    assert len(blocks[0].strip().split("\n")) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target
    for target in re.findall(r"`((?:docs|examples|disclosure_ledger|cli|tests)/[\w./-]+\.\w+)`", text):
        assert (ROOT / target).exists(), target


def test_every_file_that_the_code_cites_is_there() -> None:
    for path in [*ROOT.glob("disclosure_ledger/**/*.py"), *ROOT.glob("cli/**/*.py")]:
        for target in re.findall(r"docs/[\w-]+\.md", path.read_text("utf-8")):
            assert (ROOT / target).exists(), (path.name, target)


def test_every_finding_code_is_explained_in_the_format() -> None:
    assert set(REGISTRY) > INCOMPLETE
    for code in REGISTRY:
        assert f"`{code}`" in FORMAT, code


def test_every_finding_code_in_the_format_exists() -> None:
    for code in re.findall(r"^\| `(\d+\.[\w-]+)`", FORMAT, re.MULTILINE):
        assert code in REGISTRY, code


def test_every_kind_is_in_the_format() -> None:
    for kind in (*PUBLIC, *SEALED):
        assert f"`{kind}`" in FORMAT, kind


def test_every_kind_and_basis_is_in_the_records() -> None:
    for name in (*SEALED, *BASES):
        assert f"`{name}`" in RECORDS, name


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_shows_examples_and_exit_status(name: str, command: click.Command) -> None:
    with click.Context(command, info_name=f"disclosure-ledger {name}") as context:
        text = command.get_help(context)
    assert f"disclosure-ledger {name}" in text
    if not isinstance(command, click.Group):
        assert re.search(rf"^\s+(?:echo .*\| )?disclosure-ledger {name}\b", text, re.MULTILINE), "an example"
    assert "Exit status:" in text
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option.name


def test_every_command_is_in_the_readme() -> None:
    for name in COMMANDS:
        assert re.search(rf"disclosure-ledger {name}\b", README), name


def test_every_example_in_the_readme_parses() -> None:
    text = README.replace("\\\n", " ")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.split("\n")]
    examples = [line.split("#")[0] for line in lines if line.startswith("disclosure-ledger ")]
    assert len(examples) > 8
    for line in examples:
        name, *arguments = shlex.split(line)[1:]
        command = dict(commands())[name]
        if isinstance(command, click.Group):
            command, arguments = command.commands[arguments[0]], arguments[1:]
        command.make_context(name, arguments)


def test_every_exit_code_is_in_the_help() -> None:
    with click.Context(cli) as context:
        text = cli.get_help(context)
    for code in {0, 2, 130, *(code for _, code, _ in EXITS)}:
        assert re.search(rf"^\s+{code}\s", text, re.MULTILINE), code


def test_the_makefile_has_at_most_ten_targets_and_each_says_what_it_is() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z]+):(.*)$", text, re.MULTILINE)
    assert 0 < len(targets) <= 10
    assert all("## " in rest for _, rest in targets)


def test_the_map_of_the_house_names_every_room() -> None:
    text = (ROOT / "docs" / "house.md").read_text("utf-8")
    for path in [*ROOT.glob("disclosure_ledger/*"), *ROOT.glob("disclosure_ledger/*/*")]:
        if path.suffix == ".py" and path.name != "__init__.py":
            assert f"`{path.name}`" in text, path.name


@pytest.mark.parametrize("name", ["house.md", "hipaa.md", "letter.json"])
def test_a_generated_page_is_what_the_code_makes(name: str) -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert (ROOT / "docs" / name).read_text("utf-8") == generate.PAGES[name](), "run: python docs/generate.py"


def test_every_basis_and_check_has_a_case() -> None:
    text = (ROOT / "docs" / "hipaa.md").read_text("utf-8")
    rows = [line for line in text.split("\n") if line.startswith("| `") and line.count("|") == 7]
    assert len(rows) > 100
    for line in rows:
        cells = [cell.strip() for cell in line.split("|")]
        if cells[2] in ("block", "warn", "info") or cells[3].startswith(("yes", "*by")):
            assert cells[6], cells[1]
