"""What every plugin says of itself, and what its code leans on."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask

import plugins
from libhub.plugging import hookspecs
from libhub.plugging.loading.manifest import read_manifest
from libhub.plugging.loading.registry import get_registry

MOST_STATEMENTS_OF_A_HOOK = 5


def modules(folder: Path) -> list[Path]:
    """Return the plugin's modules; migrations are Alembic's, not importable by name."""
    return [path for path in python_files(folder) if "migrations" not in path.relative_to(folder).parts]


def python_files(folder: Path) -> list[Path]:
    """Return the plugin's code; its tests may import what they like."""
    return [path for path in sorted(folder.rglob("*.py")) if path.relative_to(folder).parts[0] != "tests"]


def imported_names(path: Path) -> Iterator[str]:
    """Yield the full names of what a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            module = node.module or ""
            yield module
            if module in {"libhub", "plugins"}:
                yield from (f"{module}.{alias.name}" for alias in node.names)


def test_the_hub_takes_it_and_has_nothing_to_say(app: Flask, folder: Path) -> None:
    with app.app_context():
        plugin = get_registry().plugins[folder.name]
    assert plugin.error is None
    assert list(map(str, plugin.warnings)) == []
    assert plugin.folder == folder, "another section of this name was found first"


def test_manifest_is_complete_in_both_languages(folder: Path) -> None:
    manifest = read_manifest(folder)
    raw = tomllib.loads((folder / "plugin.toml").read_text(encoding="utf-8"))
    for name in ("name", "description"):
        assert set(raw[name]) == {"ru", "en"}
    for text in (manifest.name, manifest.description):
        assert text.ru.strip()
        assert text.en.strip()
        assert any("а" <= char <= "я" for char in text.ru.lower()), f"not Russian: {text.ru}"
        assert text.en.isascii() or "а" not in text.en.lower(), f"not English: {text.en}"
    assert manifest.description.ru.endswith(".")
    assert manifest.version


def test_every_module_can_be_imported_first(folder: Path) -> None:
    names = [
        ".".join(("plugins", *path.relative_to(folder.parent).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        for path in modules(folder)
    ]

    code = "import sys, importlib, plugins; plugins.__path__.append(sys.argv[2]); importlib.import_module(sys.argv[1])"

    def alone(name: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, name, str(folder.parent)],
            cwd=Path(plugins.__path__[0]).parent,
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else f"{name}:\n{done.stderr}"

    with ThreadPoolExecutor(2) as pool:
        problems = [problem for problem in pool.map(alone, names) if problem]
    assert not problems, "\n".join(problems)


def test_only_the_api_is_imported(folder: Path) -> None:
    own = f"plugins.{folder.name}"
    strange = []
    for path in python_files(folder):
        for name in imported_names(path):
            top = name.partition(".")[0]
            if (top == "libhub" and name not in {"libhub", "libhub.api"}) or (
                top == "plugins" and name != "plugins" and name != own and not name.startswith(f"{own}.")
            ):
                strange.append(f"{path}: {name}")
    assert not strange


def test_hooks_file_holds_hook_implementations_only(folder: Path) -> None:
    path = folder / "hooks.py"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            decorators = [ast.unparse(each) for each in node.decorator_list]
            assert any(each.split("(")[0] == "hookimpl" for each in decorators), f"{node.name} is no hook"
            assert hasattr(getattr(hookspecs, node.name, None), hookspecs.POLICY_ATTRIBUTE), node.name
            statements = [each for each in ast.walk(node) if isinstance(each, ast.stmt) and each is not node]
            assert len(statements) <= MOST_STATEMENTS_OF_A_HOOK, f"{node.name} does the work itself"
        else:
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            named = isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.If))
            assert docstring or named, f"{path}:{node.lineno}: does not belong into hooks.py"
