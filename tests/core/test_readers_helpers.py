"""A page that not only the librarian opens finds its thing as a reader does: helpers that find it whoever may see it are for editors.

A view is known by its decorator. One for others than the librarian takes such a helper only together with a question for the right,
or with a reason.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

import plugins
from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN
from libhub.plugging.loading.registry import get_registry

FOLDERS = sorted(path.parent for path in Path(plugins.__path__[0]).glob("*/plugin.toml"))
FOR_EDITORS = {"get_or_404", "found_or_404", "user_or_abort", "get_one"}
"""They find a row by its number, and ask nothing."""
ASKS = {"may_see", "visible_or_404", "find_visible", "visible_to", "shown_to", "readable"}
REASONS = {"events.feed_category": "takes nothing but the name of the category, which every calendar shows"}
_EDITORS = frozenset({LIBRARIAN, ADMINISTRATOR})


def names_in(node: ast.AST) -> set[str]:
    """Return every name and attribute that a piece of code uses."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} | {
        each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
    }


def open_to_others(view: ast.FunctionDef, editors_only: set[str]) -> bool | None:
    """Say whether others than the librarian pass the gate of a view; None for a function that is no view."""
    for decorator in view.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id in ("public", "signed_in"):
            return True
        if isinstance(decorator, ast.Call) and names_in(decorator.func) == {"requires"}:
            return (
                not {str(each.value) for each in decorator.args if isinstance(each, ast.Constant)}
                & editors_only
            )
    return None


def unasked(folder: Path, editors_only: set[str]) -> Iterator[str]:
    """Yield the views that take an editor's helper, directly or by a function of their own module, and ask for no right."""
    for path in sorted((folder / "pages").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
        for name, function in functions.items():
            if not open_to_others(function, editors_only):
                continue
            used, waiting = set[str](), [name]
            seen = {name}
            while waiting:
                here = names_in(functions[waiting.pop()])
                used |= here
                waiting += [each for each in here & functions.keys() if each not in seen]
                seen |= here
            if used & FOR_EDITORS and not used & ASKS:
                yield f"{folder.name}.{name}"


def test_readers_are_asked_for_their_right(app: Flask) -> None:
    with app.app_context():
        editors_only = {each.name for each in get_registry().permissions if each.roles <= _EDITORS}
    found = {view for folder in FOLDERS for view in unasked(folder, editors_only)}
    assert found == REASONS.keys(), "ask for the right of the reader, or say why not"


def test_it_sees_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "lists.py").write_text(
        "def helper(number): return found_or_404(number)\n"
        "@blueprint.get('/')\n@requires('x.people')\ndef people(number): return page(helper(number))\n"
        "@blueprint.get('/a')\n@requires('x.edit')\ndef edit(number): return page(helper(number))\n"
        "@blueprint.get('/b')\n@public\ndef shown(number):\n    thing = helper(number)\n    return page(thing) if may_see(thing) else abort(404)\n",
        encoding="utf-8",
    )
    assert list(unasked(tmp_path, {"x.edit"})) == [f"{tmp_path.name}.people"]
