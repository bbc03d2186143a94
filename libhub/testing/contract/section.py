"""The section that the contract looks at, with the things that its tests make, and hubs that have it."""

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from flask import Flask

from libhub.app import create_app
from libhub.authoring.catalogs import Source
from libhub.base.db import db, writing
from libhub.base.i18n import gettext as _
from libhub.installation import indexer, upgrade
from libhub.plugging.loading.registry import get_registry
from libhub.plugging.models import PluginState
from libhub.pytest_plugin import OPTION
from libhub.testing import config_of, make_app, release, sent_forms, wrong_forms
from libhub.testing.sent_forms import Sent
from libhub.testing.walking import Address, Examples, Seen, furnish, walk


@pytest.fixture(scope="session")
def folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the section that is looked at."""
    named = pytestconfig.getoption(OPTION)
    assert named, f"no section: pytest {OPTION} PATH"
    return Path(named).resolve()


@pytest.fixture(scope="session", autouse=True)
def loads(folder: Path, prepared_instance: Path) -> None:
    """End at once, and in one sentence, where the hub leaves the section out: every test would say the same."""
    app = make_app(prepared_instance)
    with app.app_context():
        error = get_registry().plugins[folder.name].error
    release(app)
    if error:
        pytest.exit(_("The section “%(id)s” does not load: %(error)s", id=folder.name, error=error), 1)


@pytest.fixture
def place(folder: Path) -> Path:
    """A folder in which templates, style sheets and scripts are looked for."""
    return folder


@pytest.fixture
def source(folder: Path) -> Source:
    """The catalogue of the section."""
    return Source.of_section(folder)


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
def examples(folder: Path, tests_folder: Path, house: Flask) -> dict[str, Examples]:
    """``examples.py`` among the section's tests: what fills its addresses; see :mod:`libhub.testing.walking`."""
    return {folder.name: cast(Examples, module_of(tests_folder / "examples.py"))}


@pytest.fixture(scope="session")
def house(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A hub with the things of the examples."""
    instance = shutil.copytree(prepared_instance, tmp_path_factory.mktemp("house") / "instance")
    app = make_app(Path(instance))
    yield app
    release(app)


@pytest.fixture(scope="session")
def furnished(house: Flask, examples: dict[str, Examples]) -> tuple[list[Address], Seen]:
    """Every address of the section, and the very first page of the hub."""
    addresses, first = furnish(house, examples)
    return [address for address in addresses if address.section in examples], first


@pytest.fixture(scope="session")
def seen(house: Flask, furnished: tuple[list[Address], Seen]) -> list[Seen]:
    """Every page of the section that differs, as the first role gets it that may open it."""
    return list(walk(house, furnished[0]))


@pytest.fixture(scope="session")
def copied(
    house: Flask, furnished: tuple[list[Address], Seen], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Path]:
    """Return a function that copies the folder of the hub with the things, for those who change it."""

    def copy() -> Path:
        release(house)
        return Path(shutil.copytree(house.instance_path, tmp_path_factory.mktemp("copied") / "instance"))

    return copy


@pytest.fixture(scope="session")
def refused(copied: Callable[[], Path], seen: list[Seen]) -> Iterator[list[Seen]]:
    """The pages that forms answer with when they were filled in wrongly, in a hub of their own."""
    app = make_app(copied())
    yield list(wrong_forms.refused(app, seen))
    release(app)


@pytest.fixture(scope="session")
def sent(house: Flask, seen: list[Seen], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Sent]]:
    """What the hub answers to each form of each page, in a hub of its own."""
    release(house)
    instance = shutil.copytree(house.instance_path, tmp_path_factory.mktemp("sent") / "instance")
    app = make_app(Path(instance))
    yield list(sent_forms.sent(app, seen))
    release(app)


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
