"""Compile the message catalogues while the wheel (or the editable install) is being built.

Only the readable ``.po`` files are kept in version control; gettext needs ``.mo``.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))  # the build does not look there by itself
from libhub.base.catalogs import compile_catalog


def compile_catalogs(root: Path) -> list[Path]:
    """Write a ``.mo`` file beside every ``.po`` file below ``root`` and return the files written."""
    written = []
    for folder in (root / "libhub", root / "plugins"):
        for source in sorted(folder.rglob("*.po")):
            written.append(compile_catalog(source))
    return written


class CatalogBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls this before it collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        compile_catalogs(Path(self.root))


if __name__ == "__main__":
    compile_catalogs(Path(__file__).parent)
