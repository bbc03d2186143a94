"""Interface texts from the sources to the catalogues: ``python -m tools.catalogs [FOLDER]``.

There is one catalogue for the core with the shared templates, and one in every plugin. What is left empty the tests
name.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from libhub.authoring.catalogs import PO_FILE, Source, update


def sources(root: Path) -> Iterator[Source]:
    """Yield the catalogues of a checkout: the core's, then those of its plugins in the order of their names."""
    core = root / "libhub"
    yield Source("libhub", root, (core, root / "templates"), core / PO_FILE)
    for manifest in sorted(root.glob("plugins/*/plugin.toml")):
        yield Source.of_section(manifest.parent)


def main(root: Path) -> None:
    """Update every catalogue of a checkout and name what is left to translate."""
    for source in sources(root):
        for text in update(source):
            print(f"{source.name}: {text}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
