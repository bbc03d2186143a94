"""Compile the message catalogues while the wheel (or the editable install) is being built.

Only the readable ``.po`` files are kept in version control; gettext needs ``.mo``.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogs(root: Path) -> list[Path]:
    """Write a ``.mo`` file beside every ``.po`` file below ``root`` and return the files written."""
    written = []
    for folder in (root / "libhub", root / "plugins"):
        for source in sorted(folder.rglob("*.po")):
            with source.open("rb") as stream:
                catalog = read_po(stream)
            target = source.with_suffix(".mo")
            with target.open("wb") as stream:
                write_mo(stream, catalog)
            written.append(target)
    return written


class CatalogBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls this before it collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        compile_catalogs(Path(self.root))


if __name__ == "__main__":
    compile_catalogs(Path(__file__).parent)
