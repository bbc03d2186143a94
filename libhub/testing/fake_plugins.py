"""Sections that a test writes for itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import plugins
from libhub.base import mapping
from libhub.base.db import db


@pytest.fixture
def fake_plugin(instance: Path) -> Iterator[Callable[..., Path]]:
    """Return a function that writes a plugin into the instance; call it before asking for ``app``.

    ``fake_plugin("demo", {"hooks.py": "…"})``: a manifest is written unless ``plugin.toml`` is given.
    """
    written: list[str] = []
    roots = list(plugins.__path__)

    def write(plugin_id: str, files: dict[str, str], *, requires: tuple[str, ...] = ()) -> Path:
        folder = instance / "plugins" / plugin_id
        manifest = (
            f'id = "{plugin_id}"\nversion = "1"\napi = "1"\nrequires = {list(requires)!r}\n'
            f'[name]\nru = "{plugin_id}"\nen = "{plugin_id}"\n[description]\nru = "проба"\nen = "a trial"\n'
        )
        for name, content in {"plugin.toml": manifest, "__init__.py": "", "hooks.py": "", **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        written.append(plugin_id)
        return folder

    yield write
    plugins.__path__[:] = roots
    shipped = {path.parent.name for root in roots for path in Path(root).glob("*/plugin.toml")}
    for plugin_id in set(written) - shipped:
        mapping.forget(plugin_id, db.metadata)
