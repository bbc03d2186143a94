"""A real Chromium before a real hub. Every test of this folder is marked ``browser``."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from libhub.testing import LiveServer, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def hub(
    chromium_browser: Browser, prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One running hub for all tests of the folder: what a test writes, the next one sees."""
    instance = tmp_path_factory.mktemp("browser") / "instance"
    shutil.copytree(prepared_instance, instance)
    with serving(instance) as server:
        yield server


@pytest.fixture
def java_script_enabled() -> bool:
    """Whether scripts run; ``@pytest.mark.parametrize("java_script_enabled", [True, False])`` tries both."""
    return True


@pytest.fixture
def browser_page(chromium_browser: Browser, hub: LiveServer, java_script_enabled: bool) -> Iterator[Page]:
    """A new visitor's empty tab; paths are relative to the hub.

    The test fails when a script fails, the browser refuses something, or a page asks another host for anything.
    """
    context = chromium_browser.new_context(
        base_url=hub.url,
        locale="ru-RU",
        viewport={"width": 1366, "height": 768},
        java_script_enabled=java_script_enabled,
    )
    complaints: list[str] = []

    def note_console(message: ConsoleMessage) -> None:
        # a page may answer 404 on purpose; the test that asks for it looks at the status itself
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def note_request(request: Request) -> None:
        if not request.url.startswith((f"{hub.url}/", "data:", "blob:")):
            complaints.append(f"a request to another host: {request.url}")

    context.on("console", note_console)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", note_request)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert complaints == []
