"""Who may know Flask is a rule about folders, and it holds for every module that comes.

In the core: the program itself, the web, the pages, those of the kit, the processes that serve, what tests use. Below them one file for each of
Flask, Flask-SQLAlchemy and Flask-Babel, in ``base``. In a section: its hooks, its commands, its forms and its pages.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ("flask", "werkzeug", "htmx_flask", "wtforms", "jinja2", "waitress")
CORE = {"app.py", "cli", "web", "pages", "serving", "testing"}
MEETING = {
    "libhub/base/application.py": {"flask"},
    "libhub/base/db.py": {"flask_sqlalchemy"},
    "libhub/base/i18n.py": {"flask_babel"},
}
SECTION = {"hooks.py", "cli.py", "forms.py", "pages.py", "pages"}


def modules() -> list[Path]:
    return sorted(path for top in ("libhub", "plugins") for path in (ROOT / top).rglob("*.py"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the packages that a module imports when it runs, those for types left out."""
    typed = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typed:
            continue
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def may(path: Path) -> bool:
    """Say whether a module may know the web whole."""
    top, *inside = path.relative_to(ROOT).parts
    if top == "libhub":
        return inside[0] in CORE or inside[:2] == ["kit", "pages"]
    return bool(SECTION.intersection(inside[1:]))


@pytest.mark.parametrize("where", ["libhub", "plugins"])
def test_rules_do_not_know_the_web(where: str) -> None:
    strange = {}
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(f"{where}/") or "/migrations/" in name or may(path):
            continue
        web = {each for each in imported(ast.parse(path.read_text(encoding="utf-8"))) if each.startswith(WEB)}
        if web - MEETING.get(name, set()):
            strange[name] = web
    assert strange == {}


def test_the_rule_finds_what_breaks_it(tmp_path: Path) -> None:
    tree = ast.parse("def f():\n    from flask import request\nif TYPE_CHECKING:\n    import wtforms\n")
    assert list(imported(tree)) == ["flask"]
    assert not may(ROOT / "libhub" / "search" / "documents.py")
    assert not may(ROOT / "plugins" / "events" / "rules.py")
    assert may(ROOT / "plugins" / "events" / "pages" / "calendar.py")
