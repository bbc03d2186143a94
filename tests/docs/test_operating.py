"""docs/operating.md says everything that can be set and run, and nothing else."""

import re
from pathlib import Path

import click
import pytest

from libhub.cli import cli
from libhub.config import Config
from libhub.testing import run_libhub

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_every_setting_with_its_variable_and_default() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| `(LIBHUB_\w+)` \|", TEXT, flags=re.MULTILINE))
    settings = {name: field for name, field in Config.model_fields.items() if name != "instance"}
    assert told == {name: f"LIBHUB_{name.upper()}" for name in settings}
    for name, field in settings.items():
        default = f"`{field.default}`" if field.default else "empty"
        assert f"| `{name}` | `{told[name]}` | {default} |" in TEXT


def commands(group: click.Group, prefix: str) -> list[str]:
    """Return the full names of the core's commands below a group."""
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{prefix} {name}")
        else:
            found.append(f"{prefix} {name}")
    return found


def test_every_command_with_its_options() -> None:
    lines = re.findall(r"^\| `(libhub [^`]*)` \|", TEXT, flags=re.MULTILINE)
    told = {
        re.match(r"libhub(?: [a-z-]+)+", line).group() for line in lines if not line.startswith("libhub ID")
    }
    assert told == set(commands(cli, "libhub"))
    for line in lines:
        names = re.match(r"libhub((?: [a-z-]+)*)", line).group(1).split()
        command: click.Command = cli
        for name in names:
            assert isinstance(command, click.Group)
            command = command.commands[name]
        if names:
            options = {option for each in command.params for option in each.opts if option.startswith("--")}
            assert set(re.findall(r"--[a-z-]+", line)) == options, line


@pytest.mark.parametrize(
    "name", ["README.md", "docs/operating.md", "docs/performance.md", "docs/ru/установка.md"]
)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_doctor_is_well_on_a_new_instance(instance: Path) -> None:
    done = run_libhub(instance, "doctor")
    assert done.returncode == 0, done.stdout
