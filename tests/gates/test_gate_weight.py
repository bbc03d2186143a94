"""The first view of the pages that everybody comes to is light and stands still."""

import pytest
from playwright.sync_api import Browser

from libhub.testing import LiveServer
from tests.gates import weight
from tests.walking import Address, Seen

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


@pytest.mark.parametrize("endpoint", FIRST_VIEWS)
def test_first_view(
    live: LiveServer, chromium_browser: Browser, furnished: tuple[list[Address], Seen], endpoint: str
) -> None:
    addresses = [each for each in furnished[0] if each.rule and each.rule.endpoint == endpoint]
    address = addresses[FIRST_VIEWS[endpoint]]
    for size in weight.SIZES:
        assert weight.weigh(chromium_browser, f"{live.url}{address.path}", size).complaints() == []
