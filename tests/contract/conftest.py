"""The contract runs over every section that ships in ``plugins/``; its tests come from ``libhub.testing.contract``."""

from pathlib import Path

import pytest

import plugins
from libhub.app import template_folder
from libhub.testing.contract.section import bare_app, bare_instance, factory, plugin_id, source

__all__ = ["bare_app", "bare_instance", "factory", "plugin_id", "source"]

SHIPPED = sorted(path.parent for path in Path(plugins.__path__[0]).glob("*/plugin.toml"))


@pytest.fixture(params=SHIPPED, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of the section that is looked at."""
    return Path(request.param)


@pytest.fixture(params=[template_folder(), *SHIPPED], ids=lambda place: place.name)
def place(request: pytest.FixtureRequest) -> Path:
    """The core's templates, or a section's folder."""
    return Path(request.param)


@pytest.fixture
def tests_folder(folder: Path) -> Path:
    """Where the tests of a section that ships are."""
    return Path(__file__).parent.parent / "plugins" / folder.name
