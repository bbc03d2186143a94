"""The first view of the pages that everybody comes to is light and stands still."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import url_for
from playwright.sync_api import Browser

from libhub.accounts.permissions import GUEST, TEACHER
from libhub.base.audit import PROGRAM, acting_as
from libhub.testing import LiveServer, make_app, release, serving
from tests.gates import weight
from tests.walking import CORE, SECTIONS, Address, Seen, browser_of

pytestmark = pytest.mark.browser
FIRST_VIEWS = {
    "home.index": 0,
    "search.index": 1,
    "resources.show": 0,
    "crafts.show": 1,
    "events.show": 1,
    "training.verify": 0,
}
"""Home, search, and an item of each section that a guest may open: which of the examples; without uploaded photos."""
LISTS = {
    "home.index": GUEST,
    "resources.index": GUEST,
    "crafts.index": GUEST,
    "events.index": GUEST,
    "events.week": GUEST,
    "events.agenda_page": GUEST,
    "training.index": TEACHER,
}
"""The home page, and the lists of each section with the calendar, when they are full; and who may open them."""
MANY = 30


@pytest.mark.parametrize("endpoint", FIRST_VIEWS)
def test_first_view(
    live: LiveServer, chromium_browser: Browser, furnished: tuple[list[Address], Seen], endpoint: str
) -> None:
    addresses = [each for each in furnished[0] if each.rule and each.rule.endpoint == endpoint]
    address = addresses[FIRST_VIEWS[endpoint]]
    for size in weight.SIZES:
        assert weight.weigh(chromium_browser, f"{live.url}{address.path}", size).complaints() == []


@pytest.fixture(scope="module")
def crowded(copied: Callable[[], Path]) -> Iterator[tuple[LiveServer, dict[str, tuple[str, dict[str, str]]]]]:
    """A hub with more things in each section than a page of a list shows; path and cookies of each list."""
    folder = copied()
    app = make_app(folder)
    with app.app_context(), acting_as(PROGRAM):
        for section in SECTIONS:
            if section != CORE:
                importlib.import_module(f"tests.plugins.{section}.factory").make_items(MANY)
    lists = {}
    for endpoint, role in LISTS.items():
        with app.test_request_context():
            path = url_for(endpoint)
        browser = browser_of(app, role)
        answer = browser.get(path)
        assert answer.status_code == 200, endpoint
        session = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
        lists[endpoint] = path, {session.key: session.value} if session else {}
    release(app)
    with serving(folder) as server:
        yield server, lists


@pytest.mark.parametrize("endpoint", LISTS)
def test_first_view_of_a_full_list(
    crowded: tuple[LiveServer, dict[str, tuple[str, dict[str, str]]]],
    chromium_browser: Browser,
    endpoint: str,
) -> None:
    server, lists = crowded
    path, cookies = lists[endpoint]
    for size in weight.SIZES:
        assert weight.weigh(chromium_browser, f"{server.url}{path}", size, cookies).complaints() == []
