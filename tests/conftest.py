"""Fixtures that every test may use; most are part of the package, so that plugin authors have them too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from libhub.browser import PATHS, browser_is_required, chromium, chromium_path

pytest_plugins = ["libhub.testing"]


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """The browser, started once."""
    if chromium_path() is None and not browser_is_required():
        pytest.skip(f"browser tests need Chromium at {' or '.join(PATHS)}; on Debian: apt install chromium")
    with chromium() as browser:
        yield browser
