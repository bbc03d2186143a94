"""Of Whoosh only what its documentation promises is used; what is not promised stands in one file, with the reason.

Its documentation is made of docstrings: what has none is not in it.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.codec import base, whoosh3
from whoosh.index import FileIndex, Index
from whoosh.reading import IndexReader, MultiReader, SegmentReader
from whoosh.writing import IndexWriter, SegmentWriter

import libhub
from libhub.search.store import index, whoosh_internals, writer

ROOT = Path(libhub.__file__).parents[1]
HERE = Path(whoosh_internals.__file__)
USERS = [Path(index.__file__), Path(writer.__file__)]
OBJECTS = {"reader", "leaf", "segment", "writer", "opened", "index", "_index"}
"""What objects of Whoosh are called in these files."""

PROMISED = {"add_reader", "storage", "schema"}
"""How to merge: the chapter "Merging segments" points to the policies of Whoosh, which do it by these three."""
DOCUMENTED_NAMES = {
    "whoosh": {"fields", "index"},
    "whoosh.codec": {"base"},
    "whoosh.columns": {"VarBytesColumn"},
    "whoosh.reading": {"SegmentReader"},  # see PROMISED
    "whoosh.writing": {"IndexingError"},
}
NOT_PROMISED = {
    "W3Codec": "the columns and the list of deleted documents, which a codec has to bring",
    "deleted_docs": "who was deleted, at a price that every commit can pay",
    "length_stats": "says that Whoosh has no terms to count",
    "is_closed": "what its writer asks of a FieldWriter",
    "segment_id": "the name of a file that Whoosh made",
}

CLASSES: list[type] = [
    *(Index, FileIndex, IndexReader, SegmentReader, MultiReader, IndexWriter, SegmentWriter),
    *(base.Codec, base.Segment, base.FieldWriter, base.TermsReader, base.PerDocumentReader),
    *(whoosh3.W3Codec, whoosh3.W3Segment),
]


def members() -> dict[str, bool]:
    """Return the names of what Whoosh's objects have, and whether some class has a docstring for it."""
    found: dict[str, bool] = {}
    for kind in CLASSES:
        for name, value in vars(kind).items():
            told = bool(inspect.getdoc(value)) if callable(value) or isinstance(value, property) else False
            found[name] = found.get(name, False) or told
        for name in re.findall(r"self\.(\w+)(?: =|:)", inspect.getsource(kind)):
            found.setdefault(name, False)
    return found


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "whoosh":
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] == "whoosh")


def asked(tree: ast.AST) -> Iterator[str]:
    """Yield what is asked of objects of Whoosh, of what those return, too."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        inner: ast.AST = node.value
        while True:
            if isinstance(inner, ast.Call):
                inner = inner.func
            elif isinstance(inner, ast.Attribute) and inner.attr not in OBJECTS:
                inner = inner.value
            else:
                break
        name = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
        if name in OBJECTS:
            yield node.attr


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_whoosh_is_used_by_two_files() -> None:
    files = [path for folder in ("libhub", "plugins") for path in (ROOT / folder).rglob("*.py")]
    assert {path for path in files if any(imported(parsed(path)))} == {HERE, Path(writer.__file__)}


@pytest.mark.parametrize("path", [*USERS, HERE], ids=lambda path: path.name)
def test_only_documented_names_are_imported(path: Path) -> None:
    for module, name in imported(parsed(path)):
        allowed = DOCUMENTED_NAMES.get(module, set()) | (set(NOT_PROMISED) if path == HERE else set())
        assert name in allowed, f"{path.name}: from {module} import {name}"


@pytest.mark.parametrize("path", USERS, ids=lambda path: path.name)
def test_only_documented_members_are_asked(path: Path) -> None:
    known, seen = members(), set(asked(parsed(path)))
    assert seen & {"leaf_readers", "latest_generation", "commit"}, "nothing was looked at"
    wrong = {name for name in seen if name in known and not known[name]} - PROMISED
    assert not wrong, f"{path.name} uses what Whoosh does not promise: {sorted(wrong)}"
    assert not {name for name in seen if name.startswith("_") and not name.startswith("__")}


def test_the_list_of_what_is_not_promised_is_the_real_one() -> None:
    """All of it is in the file, and nothing that the file no longer needs is on the list."""
    tree, known = parsed(HERE), members()
    given = {
        target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    names = {*asked(tree), *given, *(name for _module, name in imported(tree))} - DOCUMENTED_NAMES[
        "whoosh.codec"
    ]
    used = {name for name in names if not (name.startswith("_") or known.get(name, name != "W3Codec"))}
    assert used == set(NOT_PROMISED)


@pytest.mark.parametrize("wrong", ["writer.pool.add(1)", "leaf.deleted_docs_set", "self._index._read_toc()"])
def test_the_search_would_find_something(wrong: str) -> None:
    known, seen = members(), set(asked(ast.parse(wrong)))
    assert any((name in known and not known[name]) or name.startswith("_") for name in seen)
