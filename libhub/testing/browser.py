"""A real browser for tests and screenshots: the system's Chromium, driven by Playwright. Downloads nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATHS: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """Return where the browser is, or None where there is none."""
    return next((path for path in PATHS if Path(path).exists()), None)


def browser_is_required() -> bool:
    """Say whether its absence is an error (``LIBHUB_REQUIRE_BROWSER=1``) and no reason to skip."""
    return os.environ.get("LIBHUB_REQUIRE_BROWSER", "") not in {"", "0"}


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Run Chromium while the block runs.

    :raises FileNotFoundError: it is not installed.
    """
    from playwright.sync_api import sync_playwright  # only those who use it need to have it

    path = chromium_path()
    if path is None:
        raise FileNotFoundError(f"no Chromium at {', '.join(PATHS)}; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def chromium_browser() -> "Iterator[Browser]":
    """The browser, started once; tests that need it are skipped where there is none and none is required."""
    if chromium_path() is None and not browser_is_required():
        pytest.skip(f"browser tests need Chromium at {' or '.join(PATHS)}; on Debian: apt install chromium")
    with chromium() as browser:
        yield browser
