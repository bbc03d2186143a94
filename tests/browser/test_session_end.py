"""A page says in time that the session ends, and whoever is there stays signed in by one press, or by working."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.models import UserSession
from libhub.accounts.permissions import TEACHER
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.testing import PASSWORD, LiveServer, make_app, release

AWAY = timedelta(hours=11, minutes=57)


@pytest.fixture
def app(hub: LiveServer) -> Iterator[Flask]:
    """The hub as its database has it."""
    made = make_app(hub.instance)
    with made.app_context():
        if accounts.find_user("nina") is None:
            accounts.add_user(UserDetails("nina", "Нина", TEACHER), PASSWORD)
    yield made
    release(made)


@pytest.fixture
def page(app: Flask, browser_page: Page) -> Page:
    """A tab whose clock can be put forward."""
    browser_page.clock.install()
    browser_page.goto("/auth/sign-in?next=/notices/")
    browser_page.locator("main [name=username]").fill("nina")
    browser_page.locator("main [name=password]").fill(PASSWORD)
    browser_page.locator("main button[type=submit]").click()
    expect(browser_page.get_by_role("button", name="Выйти")).to_be_visible()
    return browser_page


def put_end(app: Flask, left: timedelta) -> None:
    """Let every session go on for so long, as if the time before had passed."""
    with app.app_context(), writing():
        db.session.execute(update(UserSession).values(expires_at=now() + left))


def ends_in(app: Flask) -> timedelta:
    with app.app_context():
        return (
            db.session.scalars(db.select(UserSession.expires_at).order_by(UserSession.expires_at)).all()[-1]
            - now()
        )


def test_who_is_back_in_time_stays_by_one_press(app: Flask, page: Page) -> None:
    bar, announced = page.locator("#session-end"), page.locator("#announce")
    expect(bar).to_be_hidden()
    put_end(app, timedelta(minutes=3))
    page.clock.fast_forward(int(AWAY.total_seconds() * 1000))
    expect(bar).to_be_visible()
    expect(bar).to_contain_text(re.compile(r"Здесь давно ничего не делали: в \d\d:\d\d вы выйдете"))
    expect(announced).to_contain_text("Здесь давно ничего не делали")
    assert ends_in(app) < timedelta(minutes=3), "asking does not prolong it"
    page.get_by_role("button", name="Остаться").click()
    expect(bar).to_be_hidden()
    assert ends_in(app) > timedelta(hours=11.9)
    expect(page.locator("#content")).to_be_focused()


def test_who_works_is_not_asked(app: Flask, page: Page) -> None:
    page.goto("/auth/password")
    put_end(app, timedelta(hours=9))
    page.clock.fast_forward("03:00:00")
    with page.expect_request("**/auth/session") as told:
        page.locator("main [name=old]").press_sequentially("мой")
    assert told.value.method == "POST"
    page.wait_for_load_state("networkidle")
    assert ends_in(app) > timedelta(hours=11.9)
    expect(page.locator("#session-end")).to_be_hidden()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("main [name=old]").press_sequentially(" пароль")
    page.clock.fast_forward("00:30:00")
    assert asked == [], "it is told now and then"


def test_work_in_another_tab_counts(app: Flask, page: Page) -> None:
    put_end(app, timedelta(minutes=3))
    page.clock.fast_forward(int(AWAY.total_seconds() * 1000))
    bar = page.locator("#session-end")
    expect(bar).to_be_visible()
    other = page.context.new_page()
    other.goto("/notices/")
    page.bring_to_front()
    page.clock.run_for(1_000)
    expect(bar).to_be_hidden()


def test_what_no_press_puts_off_is_said_in_time_and_when_it_is_over(app: Flask, page: Page) -> None:
    with app.app_context(), writing():
        db.session.execute(
            update(UserSession).values(created_at=now() - timedelta(days=7) + timedelta(minutes=4))
        )
    page.goto("/notices/")
    bar = page.locator("#session-end")
    page.clock.run_for(20_000)
    expect(bar).to_contain_text(re.compile(r"В \d\d:\d\d нужно будет войти заново"))
    expect(page.get_by_role("button", name="Остаться")).to_be_hidden()
    put_end(app, timedelta())
    page.clock.fast_forward("00:05:00")
    expect(bar).to_contain_text("Вы вышли из учётной записи")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Войти в новой вкладке").click()
    tab = opened.value
    tab.locator("main [name=username]").fill("nina")
    tab.locator("main [name=password]").fill(PASSWORD)
    tab.locator("main button[type=submit]").click()
    expect(tab.get_by_role("button", name="Выйти")).to_be_visible()
    page.bring_to_front()
    page.clock.run_for(1_000)
    expect(bar).to_be_hidden()


@pytest.mark.parametrize("java_script_enabled", [False])
def test_without_scripts_nothing_is_said(app: Flask, page: Page) -> None:
    expect(page.locator("#session-end")).to_be_hidden()
