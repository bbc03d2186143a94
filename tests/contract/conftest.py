"""The contract suite runs for every plugin that ships in ``plugins/``: each test gets its folder or its name."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

import plugins
from libhub.app import create_app
from libhub.base.db import db, writing
from libhub.config import Config
from libhub.installation import indexer, upgrade
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import PluginState
from libhub.testing import make_app, release

SHIPPED = sorted(path.parent for path in Path(plugins.__path__[0]).glob("*/plugin.toml"))
FACTORIES = Path(__file__).parent.parent / "plugins"


@pytest.fixture(params=SHIPPED, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of the plugin that is looked at."""
    return Path(request.param)


@pytest.fixture
def plugin_id(folder: Path) -> str:
    """The id of the plugin that is looked at."""
    return folder.name


@pytest.fixture
def factory(plugin_id: str) -> ModuleType:
    """``tests/plugins/<id>/factory.py``: how to make things of this plugin.

    ``make_items(number)`` makes searchable items that everybody may see, or everybody with the role ``READER``; ``make_personal_data(user_id)``
    makes one row of everything that the plugin keeps of a person.
    """
    path = FACTORIES / plugin_id / "factory.py"
    assert path.is_file(), f"{path} is missing: the contract needs it"
    spec = importlib.util.spec_from_file_location(f"factory_of_{plugin_id}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bare_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with schema and an empty index, and no starter content; made once."""
    instance = tmp_path_factory.mktemp("bare")
    app = create_app(Config(instance=instance))
    with app.app_context():
        upgrade()
        with writing():
            for plugin in get_registry().working():
                db.session.add(PluginState(plugin_id=plugin.id, enabled=True, starter_loaded=True))
        indexer().rebuild(lambda _done, _all: None)
    release(app)
    return instance


@pytest.fixture
def bare_app(bare_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application of a hub in which there is nothing yet."""
    instance = tmp_path / "bare"
    shutil.copytree(bare_instance, instance)
    made = make_app(instance)
    yield made
    release(made)
