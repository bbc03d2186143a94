"""``python -m tools.folders``: write the list of folders into docs/architecture.md, from what each folder says of itself.

A folder says in the docstring of its ``__init__.py`` what lives there and what may not. A test holds the document
against the tree.
"""

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = ROOT / "docs" / "architecture.md"
TOPS: Final = ("libhub", "plugins", "tools")
BEGIN, END = "<!-- folders: python -m tools.folders -->\n```\n", "```\n<!-- end of folders -->"
WIDTH: Final = 118


def packages(top: Path) -> Iterator[Path]:
    """Return the folders of code below a top one, itself first, in the order of their names."""
    if (top / "__init__.py").is_file():
        yield top
        for folder in sorted(path for path in top.iterdir() if path.is_dir()):
            yield from packages(folder)


def purpose(folder: Path) -> str:
    """Return what a folder says of itself, in one line."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return " ".join(text.split())


def modules(folder: Path) -> list[str]:
    """Return the names of the modules that lie in a folder."""
    return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def listing(root: Path = ROOT) -> str:
    """Return the list: each folder with what lives there, and its modules below."""
    lines = []
    for top in TOPS:
        for folder in packages(root / top):
            place = folder.relative_to(root)
            lines += textwrap.wrap(f"{place.as_posix()}/  {purpose(folder)}", WIDTH, subsequent_indent="    ")
            lines += textwrap.wrap(
                " · ".join(modules(folder)), WIDTH, initial_indent="    → ", subsequent_indent="      "
            )
    return "\n".join(lines) + "\n"


def written(text: str) -> str:
    """Return the list that stands in the text of the document.

    :raises ValueError: there are no marks.
    """
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)]


def main() -> None:
    """Put the present list into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(before + BEGIN + listing() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
