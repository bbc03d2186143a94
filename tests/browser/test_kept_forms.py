"""What is typed is kept, and one press does one thing: told where it stands, by itself again when it can be."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from libhub.accounts import accounts, sessions
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN
from libhub.testing import PASSWORD, LiveServer, make_app, release


@pytest.fixture
def app(hub: LiveServer) -> Iterator[Flask]:
    """The hub as its database has it."""
    made = make_app(hub.instance)
    with made.app_context():
        if accounts.find_user("zoya") is None:
            accounts.add_user(UserDetails("zoya", "Зоя", LIBRARIAN), PASSWORD)
    yield made
    release(made)


def enter(page: Page) -> None:
    page.goto("/auth/sign-in")
    page.locator("main [name=username]").fill("zoya")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()


@pytest.fixture
def page(app: Flask, browser_page: Page) -> Page:
    """A tab in which the librarian is signed in."""
    assert app
    enter(browser_page)
    return browser_page


def end_sessions(app: Flask) -> None:
    with app.app_context():
        user = accounts.find_user("zoya")
        assert user is not None
        sessions.sign_out_everywhere(user.id)


def test_what_cannot_be_kept_is_told_and_kept_by_itself_later(app: Flask, page: Page) -> None:
    page.goto("/events/add")
    told = page.locator(".draft-told")
    page.locator("main [name=title]").fill("Вечер сказок")
    expect(told).to_contain_text("Черновик сохранён")
    end_sessions(app)
    page.locator("main [name=organiser]").fill("Зоя")
    expect(told).to_contain_text("войдите в новой вкладке")
    expect(page).to_have_url(re.compile("/events/add$"))
    enter(page.context.new_page())
    expect(told).to_contain_text("Черновик сохранён", timeout=20_000)
    page.context.set_offline(True)
    page.locator("main [name=organiser]").fill("Зоя и Анна")
    expect(told).to_contain_text("нет связи")
    page.locator("main button[type=submit]", has_text="Сохранить").click()
    expect(page.locator("main [name=title]")).to_have_value("Вечер сказок")
    page.context.set_offline(False)
    expect(told).to_contain_text("Черновик сохранён", timeout=20_000)
    page.reload()
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator("main [name=organiser]")).to_have_value("Зоя и Анна")


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no scripts"])
def test_a_form_whose_session_ended_comes_back_as_it_was(
    app: Flask, page: Page, java_script_enabled: bool
) -> None:
    title = f"Долгая форма {java_script_enabled}"
    page.goto("/events/add")
    page.locator("main [name=title]").fill(title)
    page.locator("main [name=description]").fill("Первая строка\nвторая строка")
    page.locator("main [name=first_day]").fill("2026-12-05")
    page.locator("main [name=registration]").check()
    end_sessions(app)
    page.locator("main button[type=submit]", has_text="Сохранить").click()
    expect(page.get_by_text("То, что вы написали, сохранено")).to_be_visible()
    page.locator("main [name=username]").fill("zoya")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text("Это ещё не сохранено")).to_be_visible()
    expect(page.locator("main [name=title]")).to_have_value(title)
    expect(page.locator("main [name=description]")).to_have_value("Первая строка\nвторая строка")
    expect(page.locator("main [name=registration]")).to_be_checked()
    page.locator("main button[type=submit]", has_text="Сохранить").click()
    expect(page.locator("main h1")).to_contain_text(title)


@pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no scripts"])
def test_a_double_click_makes_one_thing(page: Page, java_script_enabled: bool) -> None:
    title = f"Курс двойного щелчка {java_script_enabled}"
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    page.goto("/training/add")
    page.locator("main [name=title]").fill(title)
    page.locator("main button[type=submit]", has_text="Сохранить").dblclick()
    expect(page.locator("main h1")).to_contain_text(title)
    page.goto(f"/training/manage?q={title}")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
