"""Deleting a folder of ``plugins/`` changes no line of the core: no file of it, of whatever kind, names a section."""

import re
from collections.abc import Iterator
from pathlib import Path

import plugins

ROOT = Path(__file__).parents[2]
SECTIONS = sorted(path.parent.name for path in Path(plugins.__path__[0]).glob("*/plugin.toml"))
KINDS = {".py", ".html", ".css", ".js", ".svg", ".toml", ".mako"}
NAMED = re.compile(rf"\b(?:{'|'.join(SECTIONS)})\b", re.I)
THEIR_THINGS = re.compile(r"[.#](?:event|course|lesson|craft|activity|resource)s?\b[\w-]*\s*[,{>]")
"""Selectors of a stylesheet that speak of what only one section has."""


def files() -> Iterator[Path]:
    """Return every file of the core that is written by hand; the catalogues follow the code."""
    for folder in (ROOT / "libhub", ROOT / "templates"):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).parts
            if path.suffix in KINDS and "vendor" not in inside and inside[0] not in SECTIONS:
                yield path


def test_there_are_sections_and_files() -> None:
    assert len(SECTIONS) >= 4
    assert len(list(files())) > 200


def test_no_file_of_the_core_names_a_section() -> None:
    named = {}
    for path in files():
        text = path.read_text(encoding="utf-8")
        found = NAMED.findall(text) + (THEIR_THINGS.findall(text) if path.suffix == ".css" else [])
        if found:
            named[str(path.relative_to(ROOT))] = found
    assert named == {}
