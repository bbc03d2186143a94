"""The list of folders in docs/architecture.md is the tree, and every folder says what lives in it."""

import ast
import re
import tomllib

import pytest

from tools.folders import DOCUMENT, ROOT, TOPS, listing, modules, packages, purpose, written

FOLDERS = [folder for top in TOPS for folder in packages(ROOT / top)]
MOST = 15


def test_the_list_is_the_tree() -> None:
    assert written(DOCUMENT.read_text(encoding="utf-8")) == listing(), "python -m tools.folders"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_says_what_lives_in_it_and_holds_no_crowd(folder) -> None:  # type: ignore[no-untyped-def]
    assert len(purpose(folder).split()) > 3
    assert len(modules(folder)) <= MOST


def test_every_module_says_why_it_exists() -> None:
    silent = [
        path.relative_to(ROOT)
        for folder in FOLDERS
        for path in folder.glob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_arrows_are_those_that_are_checked() -> None:
    """What the document draws as layers is what import-linter is told, and nothing is excepted from it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    assert "ignore_imports" not in layers
    drawn = re.search(r"^app, cli.*$", DOCUMENT.read_text(encoding="utf-8"), re.M)
    assert drawn
    inside = [name.strip() for layer in layers["layers"] for name in layer.split("|")]
    named = re.findall(r"\w+", drawn[0].replace("─►", " "))
    order = [name for name in inside if name in named]
    assert [name for name in named if name in order and name not in ("app", "cli")] == [
        name for name in order if name not in ("app", "cli")
    ]
