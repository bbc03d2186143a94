"""The librarian: the setup link, a resource that is found at once, a section that goes and comes back."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from libhub.app import create_app
from libhub.config import Config
from libhub.pages.sign_in import setup_url
from libhub.testing import PASSWORD, LiveServer, release, serving

TITLE = "Виртуальный планетарий"
FOUND_SECONDS = 20.0
"""Generous: the hub was started a moment ago, and its background process is the last to be ready."""


@pytest.fixture
def new_hub(instance: Path, chromium_browser: Browser) -> LiveServer:
    """A hub of the test's own, as on the first day: nobody has an account."""
    with serving(instance) as server:
        yield server  # type: ignore[misc]


@pytest.fixture
def page(new_hub: LiveServer, chromium_browser: Browser) -> Page:
    """The librarian's browser."""
    with chromium_browser.new_context(base_url=new_hub.url, locale="ru-RU") as context:
        opened = context.new_page()
        opened.set_default_timeout(10_000)
        yield opened  # type: ignore[misc]


def setup_link(hub: LiveServer) -> str:
    """Return the link that the console shows."""
    app = create_app(Config(instance=hub.instance))
    with app.app_context():
        link = setup_url(hub.url)
    release(app)
    assert link is not None
    return link


def create_administrator(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("[name=name]").fill("Анна Петровна")
    page.locator("[name=username]").fill("anna")
    page.locator("[name=new]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.get_by_role("button", name="Создать").click()
    expect(page.get_by_role("heading", name="Разделы")).to_be_visible()


def test_first_day(page: Page, new_hub: LiveServer) -> None:
    link = setup_link(new_hub)
    create_administrator(page, link)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("больше не")

    page.goto("/resources/add")
    page.locator("main [name=title]").fill(TITLE)
    page.locator("main [name=url]").fill("planetarium")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    expect(page.locator("main [name=title]")).to_have_value(TITLE)
    page.locator("main [name=url]").fill("https://planetarium.example/")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    told = page.get_by_role("status").filter(has_text="Готово:")
    told.get_by_role("button", name="Убрать сообщение").click()
    expect(told).to_have_count(0)
    expect(page.locator("#content")).to_be_focused()

    deadline = time.monotonic() + FOUND_SECONDS
    while time.monotonic() < deadline:
        page.goto("/search?q=планетарии")
        if page.locator(".hits a", has_text=TITLE).count():
            break
    else:
        pytest.fail("the new resource was not found in time")

    page.goto("/admin/plugins")
    section = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Ресурсы"))
    section.get_by_role("button", name=re.compile("Выключить")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ресурсы")
    page.get_by_role("button", name="Выключить").click()
    expect(page.get_by_role("main").get_by_text("выключен", exact=True)).to_be_visible()
    for _request in range(6):  # of either worker
        page.goto("/search?q=планетарии")
        expect(page.locator(".hits a")).to_have_count(0)
        expect(page.locator("nav.sections").get_by_role("link", name="Ресурсы")).to_have_count(0)
        answer = page.goto("/resources/")
        assert answer is not None
        assert answer.status == 404
    page.goto("/admin/plugins")
    page.get_by_role("button", name=re.compile("Включить")).click()
    page.get_by_role("button", name="Включить").click()
    page.goto("/search?q=планетарии")
    expect(page.locator(".hits a", has_text=TITLE)).to_be_visible()


def test_a_table_on_a_telephone_is_blocks_and_stays_a_table(page: Page, new_hub: LiveServer) -> None:
    create_administrator(page, setup_link(new_hub))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/admin/users/")
    box = page.get_by_role("region", name="Пользователи")
    assert box.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    label = box.locator("td:not(.pick)").first.evaluate(
        "(cell) => getComputedStyle(cell, '::before').content"
    )
    assert label.startswith('"Логин"')
    network = page.context.new_cdp_session(page)
    nodes = network.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"] and "role" in node]
    assert {"table", "row", "columnheader", "rowheader", "cell"} <= set(roles)
    assert roles.count("row") == 2
    assert roles.count("cell") == 6
