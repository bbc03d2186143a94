"""The section that the contract looks at, with the things that its tests make, and hubs that have it."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from libhub.app import create_app
from libhub.base.db import db, writing
from libhub.installation import indexer, upgrade
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import PluginState
from libhub.pytest_plugin import OPTION
from libhub.testing import config_of, make_app, release


@pytest.fixture(scope="session")
def folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the section that is looked at."""
    named = pytestconfig.getoption(OPTION)
    assert named, f"no section: pytest {OPTION} PATH"
    return Path(named).resolve()


@pytest.fixture
def place(folder: Path) -> Path:
    """A folder in which templates, style sheets and scripts are looked for."""
    return folder


@pytest.fixture
def plugin_id(folder: Path) -> str:
    """The id of the section that is looked at."""
    return folder.name


@pytest.fixture(scope="session")
def tests_folder(folder: Path) -> Path:
    """Where the section's tests are, with ``factory.py`` and ``examples.py``."""
    return folder / "tests"


@pytest.fixture
def factory(tests_folder: Path) -> ModuleType:
    """``factory.py`` among the section's tests: how to make things of it.

    ``make_items(number)`` makes searchable items that everybody may see, or everybody with the role ``READER``;
    ``make_personal_data(user_id)`` makes one row of everything that the section keeps of a person.
    """
    return module_of(tests_folder / "factory.py")


def module_of(path: Path) -> ModuleType:
    """Import a file that is on no path."""
    assert path.is_file(), f"{path} is missing: the contract needs it"
    spec = importlib.util.spec_from_file_location(f"{path.stem}_of_{path.parent.parent.name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bare_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with schema and an empty index, and no starter content; made once."""
    instance = tmp_path_factory.mktemp("bare")
    app = create_app(config_of(instance))
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
