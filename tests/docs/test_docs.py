"""The documents say what the code does: hooks, settings, commands and the plugin interface."""

import inspect
import re
from pathlib import Path

import click
import pytest

from libhub import api
from libhub.cli import cli
from libhub.config import Config
from libhub.plugging import hookspecs
from libhub.plugging.core_settings import CORE_SETTINGS

DOCS = Path(__file__).parents[2] / "docs"
HOOKS = {
    name: function
    for name, function in vars(hookspecs).items()
    if callable(function) and hasattr(function, hookspecs.POLICY_ATTRIBUTE)
}


def text(name: str) -> str:
    path = DOCS / name
    assert path.is_file(), f"{path} is missing"
    return path.read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "") -> list[str]:
    """Return every command of the core with the names of the groups that it is in."""
    names = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            names += commands(command, f"{before}{name} ")
        else:
            names.append(f"{before}{name}")
    return names


def signature(name: str) -> str:
    """Return a hook's signature as a reader writes it: without modules and quotation marks."""
    return plain(str(inspect.signature(HOOKS[name]))).replace("'", "")


def plain(code: str) -> str:
    """Return code without the names of modules."""
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", code)


def sections(written: str) -> dict[str, str]:
    """Return the sections of a document that have a hook's name as their heading."""
    parts = re.split(r"^### `(\w+)`$", written, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_every_hook_is_described_with_its_signature_and_policy(name: str) -> None:
    section = sections(text("hooks.md")).get(name)
    assert section, f"hooks.md has no section for {name}"
    assert f"def {name}{signature(name)}" in plain(section)
    policy = getattr(HOOKS[name], hookspecs.POLICY_ATTRIBUTE)
    assert f"Policy: `{policy}`" in section


def test_no_hook_is_described_that_does_not_exist() -> None:
    assert set(sections(text("hooks.md"))) == set(HOOKS)


@pytest.mark.parametrize("name", sorted(api.__all__))
def test_every_name_of_the_interface_is_described(name: str) -> None:
    assert re.search(rf"^- `{name}\b", text("interface.md"), re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(set(Config.model_fields) - {"instance"}))
def test_every_setting_of_an_instance_is_described(name: str) -> None:
    assert f"`{name}`" in text("operating.md")


@pytest.mark.parametrize("name", [setting.name for setting in CORE_SETTINGS])
def test_every_setting_of_the_page_is_described(name: str) -> None:
    assert f"`{name}`" in text("operating.md")


@pytest.mark.parametrize("name", commands(cli))
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"\blibhub {name}\b", text("operating.md"))


@pytest.mark.parametrize("name", ["LIBHUB_INSTANCE", "/healthz"])
def test_what_an_operator_looks_for_is_described(name: str) -> None:
    assert name in text("operating.md")


def test_the_architecture_is_described() -> None:
    written = text("architecture.md")
    for folder in ("accounts", "plugging", "search", "web", "migrations"):
        assert folder in written


def test_no_link_in_the_documents_is_broken() -> None:
    for path in DOCS.glob("*.md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_everything_that_the_interface_promises_is_there() -> None:
    assert sorted(set(api.__all__)) == sorted(api.__all__)
    for name in api.__all__:
        assert hasattr(api, name)
