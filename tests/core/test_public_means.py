"""Of a library only what its documentation promises is used; the rest stands in one file for each, with the reason.

Names that begin with an underscore are looked for everywhere; of what is known to be internal without one there is a list.
Whoosh, of which more is asked, has a test of its own beside those of search.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTED = {"_exit": "of os", "_mapping": "of a row of SQLAlchemy"}
"""Names that are promised although they begin with an underscore."""
OWN = {"libhub", "plugins", "tools", ""}
EXCEPTIONS = {
    "libhub/web/flask_internals.py": "whether one block looked into the session; what a section lets act on every page",
    "libhub/web/rendering/jinja_internals.py": "a fragment is one block of a template, a remembered page its layout",
    "libhub/serving/waitress_internals.py": "a worker ends when it is told, and refuses in our words",
    "libhub/search/store/whoosh_internals.py": "our terms beside Whoosh's columns and commits",
}
INTERNAL = {
    # Flask, Werkzeug
    "accessed": "flask_internals",
    "blueprint_setup_state": "",
    "before_request_funcs": "flask_internals",
    "after_request_funcs": "flask_internals",
    "teardown_request_funcs": "flask_internals",
    "teardown_appcontext_funcs": "flask_internals",
    "url_value_preprocessors": "flask_internals",
    "url_default_functions": "flask_internals",
    "error_handler_spec": "flask_internals",
    "template_context_processors": "flask_internals",
    "provide_automatic_options": "flask_internals",
    # Jinja
    "root_render_func": "jinja_internals",
    "new_context": "jinja_internals",
    "exported_vars": "jinja_internals",
    # waitress
    "channel_class": "waitress_internals",
    "task_dispatcher": "waitress_internals",
    "pull_trigger": "waitress_internals",
    "wasyncore": "waitress_internals",
    "HTTPChannel": "waitress_internals",
    "ErrorTask": "waitress_internals",
    # Whoosh
    "W3Codec": "whoosh_internals",
    "deleted_docs_set": "",
    # SQLAlchemy, pluggy
    "dispatch": "",
    "__dict__ of another": "",
}
"""Names of libraries' objects that their documentation does not have, and the one file that may use each."""


def modules() -> list[Path]:
    return sorted(path for top in ("libhub", "plugins", "tools") for path in (ROOT / top).rglob("*.py"))


def hidden(tree: ast.Module) -> Iterator[str]:
    """Yield names with an underscore that are asked of anything but the object or the class itself."""
    ours = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in OWN
        for alias in node.names
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and not node.attr.endswith("__")
            and node.attr not in DOCUMENTED
        ):
            of = node.value
            itself = isinstance(of, ast.Name) and of.id in {"self", "cls", "other", *ours}
            if not itself:
                yield node.attr
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] not in OWN:
            yield from (
                alias.name
                for alias in node.names
                if alias.name.startswith("_") and not alias.name.endswith("__")
            )
            yield from (
                part for part in (node.module or "").split(".") if part.startswith("_") and part[1:2] != "_"
            )


def named(tree: ast.Module) -> Iterator[str]:
    """Yield every attribute that is asked for, and every name that is imported from a library."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
            if node.attr == "__dict__" and not (
                isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            ):
                yield "__dict__ of another"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] not in OWN:
            yield from (alias.name for alias in node.names)


def test_no_private_name_of_a_library_is_used() -> None:
    found = {}
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        private = sorted(hidden(ast.parse(path.read_text(encoding="utf-8"))))
        if private and name not in EXCEPTIONS:
            found[name] = private
    assert found == {}


def test_what_is_known_to_be_internal_stands_in_its_file() -> None:
    found = {}
    for path in modules():
        internal = {
            name
            for name in named(ast.parse(path.read_text(encoding="utf-8")))
            if name in INTERNAL and INTERNAL[name] != path.stem
        }
        if internal:
            found[path.relative_to(ROOT).as_posix()] = sorted(internal)
    assert found == {}


def test_the_exceptions_are_used_and_give_their_reason() -> None:
    for name in EXCEPTIONS:
        path = ROOT / name
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert "documentation" in (ast.get_docstring(tree) or ""), name
        assert [*hidden(tree), *(each for each in named(tree) if INTERNAL.get(each) == path.stem)], (
            f"{name} needs no exception any more"
        )


@pytest.mark.parametrize(
    "code",
    [
        "import flask_babel\nflask_babel._get_current_context()",
        "from jinja2.runtime import _private",
        "from pydantic._internal import fields",
        "session.held._get_current_object()",
    ],
)
def test_a_private_name_is_found(code: str) -> None:
    assert list(hidden(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["hook.__dict__[name]", "template.root_render_func(context)", "segment.deleted_docs_set"]
)
def test_an_internal_name_is_found(code: str) -> None:
    assert {*named(ast.parse(code))} & {*INTERNAL}


@pytest.mark.parametrize(
    "code", ["self._own", "from libhub.base import _own", "super().__init__()", "x.__name__"]
)
def test_our_own_names_are_ours(code: str) -> None:
    assert not list(hidden(ast.parse(code)))
