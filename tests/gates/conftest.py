"""The gates: every page of the hub, for every role, held against what the project promises about pages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from libhub.config import get_config
from libhub.testing import LiveServer, make_app, release, sent_forms, serving
from libhub.testing import wrong_forms as forms
from libhub.testing.walking import Address, Examples, Seen, walk
from tests.gates.tab import Tab
from tests.walking import every_example, furnish


@pytest.fixture(scope="session")
def house(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A hub with the things of the examples."""
    instance = tmp_path_factory.mktemp("gates") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = make_app(instance)
    yield app
    release(app)


@pytest.fixture(scope="session")
def examples() -> dict[str, Examples]:
    """What fills the addresses of the core and of all sections that ship."""
    return every_example()


@pytest.fixture(scope="session")
def furnished(house: Flask) -> tuple[list[Address], Seen]:
    """Every address of the hub, and its very first page."""
    return furnish(house)


@pytest.fixture(scope="session")
def seen(house: Flask, furnished: tuple[list[Address], Seen]) -> list[Seen]:
    """Every page that differs, as the first role gets it that may open it."""
    addresses, first = furnished
    return [first, *walk(house, addresses)]


@pytest.fixture(scope="session")
def copied(
    house: Flask, furnished: tuple[list[Address], Seen], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Path]:
    """Return a function that copies the folder of the hub with the things, for those who change it or serve it."""

    def copy() -> Path:
        release(house)
        with house.app_context():
            folder = get_config().instance
        return Path(shutil.copytree(folder, tmp_path_factory.mktemp("copied") / "instance"))

    return copy


@pytest.fixture(scope="session")
def refused(copied: Callable[[], Path], seen: list[Seen]) -> Iterator[list[Seen]]:
    """The pages that forms answer with when they were filled in wrongly."""
    app = make_app(copied())
    yield list(forms.refused(app, seen))
    release(app)


@pytest.fixture(scope="session")
def sent(copied: Callable[[], Path], seen: list[Seen]) -> Iterator[list[sent_forms.Sent]]:
    """What the hub answers to each form of each page."""
    app = make_app(copied())
    yield list(sent_forms.sent(app, seen))
    release(app)


@pytest.fixture(scope="session")
def live(copied: Callable[[], Path]) -> Iterator[LiveServer]:
    """The hub with the things, served as in a school."""
    with serving(copied()) as server:
        yield server


@pytest.fixture(scope="session")
def tab(chromium_browser: Browser, house: Flask, furnished: tuple[list[Address], Seen]) -> Iterator[Tab]:
    """The browser's tab in which pages are looked at one after the other."""
    with chromium_browser.new_context(locale="ru-RU", reduced_motion="reduce") as context:
        yield Tab(context.new_page(), house)
