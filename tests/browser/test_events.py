"""The calendar in a real browser: with scripts and without, with the network and without."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN, STUDENT
from libhub.api import parse_class, school_zone, today
from libhub.base.db import db, writing
from libhub.testing import PASSWORD, LiveServer, make_app, release
from plugins.events import rules
from plugins.events.models import Occurrence
from plugins.events.people import attendance, registration
from plugins.events.rules import EventData
from plugins.events.schedule.wall_clock import DAY

BOTH = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture(scope="module")
def event_id(hub: LiveServer) -> Iterator[int]:
    """An event of tomorrow with one place, and accounts of a librarian and two pupils."""
    app = make_app(hub.instance)
    with app.test_request_context():
        for name, role in (("olga", LIBRARIAN), ("anya", STUDENT), ("boris", STUDENT)):
            if accounts.find_user(name) is None:
                accounts.add_user(UserDetails(name, name.title(), role), PASSWORD)
        starts = datetime.combine(today() + DAY, time(15))
        values = {"starts": starts, "ends": starts + timedelta(hours=1), "zone": str(school_zone())}
        data = EventData(age=0, title="Вечер загадок", registration=True, places=1, **values)  # type: ignore[arg-type]
        number = rules.create(data).event_id
    yield number
    release(app)


def sign_in(page: Page, name: str) -> None:
    page.goto("/auth/sign-in")
    page.locator("main [name=username]").fill(name)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()


@BOTH
def test_the_calendar_turns_and_narrows_down(browser_page: Page, event_id: int) -> None:
    page = browser_page
    page.goto("/events/?date=2026-12-10")
    expect(page.locator("h1")).to_have_text("Декабрь 2026")
    page.get_by_role("link", name="Вперёд").click()
    expect(page.locator("h1")).to_have_text("Январь 2027")
    expect(page).to_have_url(re.compile(r"date=2027-01-01"))
    expect(page).to_have_title(re.compile("Январь 2027"))
    page.get_by_role("link", name="Неделя", exact=True).click()
    expect(page.locator("h1")).to_have_text("28 декабря 2026 — 3 января 2027")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Январь 2027")
    page.goto("/events/agenda")
    page.get_by_label("Для кого").select_option("parents")
    if page.get_by_role("button", name="Показать").is_visible():
        page.get_by_role("button", name="Показать").click()
    expect(page).to_have_url(re.compile(r"for=parents"))
    expect(page.get_by_role("link", name="Вечер загадок").first).to_be_visible()


def test_arrow_keys_turn_the_calendar(browser_page: Page) -> None:
    browser_page.goto("/events/?date=2026-12-10")
    browser_page.keyboard.press("ArrowRight")
    expect(browser_page.locator("h1")).to_have_text("Январь 2027")
    browser_page.keyboard.press("ArrowLeft")
    expect(browser_page.locator("h1")).to_have_text("Декабрь 2026")
    browser_page.locator("#q").focus()
    browser_page.keyboard.press("ArrowRight")
    expect(browser_page.locator("h1")).to_have_text("Декабрь 2026")


@BOTH
def test_a_pupil_signs_up_and_gives_the_place_back(browser_page: Page, event_id: int) -> None:
    page = browser_page
    sign_in(page, "anya")
    page.goto(f"/events/{event_id}")
    page.get_by_role("button", name="Я приду").click()
    expect(page.get_by_role("status").first).to_contain_text("Вы записаны")
    page.goto("/events/mine")
    expect(page.get_by_role("link", name="Вечер загадок")).to_be_visible()
    page.locator("summary", has_text="Отменить запись: Вечер загадок").click()
    page.get_by_role("button", name="Да, отменить").click()
    expect(page.get_by_text("Вы ни на что не записаны")).to_be_visible()


@BOTH
def test_the_librarian_makes_a_weekly_event(
    browser_page: Page, event_id: int, java_script_enabled: bool
) -> None:
    page = browser_page
    title = f"Кружок {'со скриптами' if java_script_enabled else 'без скриптов'}"
    sign_in(page, "olga")
    page.goto("/events/add?date=2026-12-01")
    page.get_by_label("Название").fill(title)
    page.get_by_label("Первый день").fill("2026-12-01")
    page.get_by_label("Повторяется").select_option("weekly")
    page.get_by_label("вт", exact=True).check()
    page.get_by_label("чт", exact=True).check()
    page.get_by_label("Повторять до").fill("2026-12-11")
    if java_script_enabled:
        page.get_by_label("Весь день").check()
        expect(page.get_by_label("Начало")).to_be_hidden()
        page.get_by_label("Весь день").uncheck()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status").first).to_contain_text("Сохранено")
    page.goto("/events/agenda?date=2026-12-01")
    expect(page.get_by_role("link", name=title)).to_have_count(4)


def test_ticks_survive_a_lost_network(browser_page: Page, event_id: int, hub: LiveServer) -> None:
    app = make_app(hub.instance)
    with app.test_request_context():
        user = accounts.find_user("boris")
        assert user is not None
        key = db.session.scalar(db.select(Occurrence.recurrence).where(Occurrence.series_id == event_id))
        with writing():
            user.grade = parse_class("5А").grade  # type: ignore[union-attr]
            db.session.add(
                registration.Registration(
                    series_id=event_id, recurrence=key, user_id=user.id, name="Boris", grade=5, seats=1
                )
            )

    def came() -> list[int | None]:
        with app.app_context():
            return [line.came for line in attendance.people(event_id, str(key)) if line.name == "Boris"]

    page = browser_page
    sign_in(page, "olga")
    page.goto(f"/events/{event_id}/people")
    page.locator(".tick").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Сохранить, кто пришёл").click()
    expect(page.locator("#attendance-state")).to_contain_text("Нет сети")
    expect(page.locator(".tick input")).to_be_checked()
    assert came() == [None]
    page.context.set_offline(False)
    expect(page.locator("#attendance-state")).to_have_text("Сохранено.", timeout=20_000)
    assert came() == [1]
    release(app)


def test_the_halls_screen_turns_and_keeps_what_it_has_without_a_network(
    browser_page: Page, event_id: int
) -> None:
    page = browser_page
    page.clock.install()
    page.goto("/events/display")
    shown = page.locator(".slide.shown")
    expect(shown).to_have_count(1)
    first = shown.inner_text()
    page.clock.run_for(13_000)
    expect(shown).to_have_count(1)
    assert shown.inner_text() != first
    expect(page.locator("#lost")).to_be_hidden()
    page.context.set_offline(True)
    page.clock.run_for(70_000)
    expect(page.locator("#lost")).to_be_visible()
    expect(page.get_by_text("Вечер загадок").first).to_be_attached()
    expect(shown).to_have_count(1)
    page.context.set_offline(False)
    page.clock.run_for(40_000)  # to the next minute, and less than a request may last
    expect(page.locator("#lost")).to_be_hidden()


@pytest.mark.parametrize("java_script_enabled", [False])
def test_the_halls_screen_turns_without_scripts(browser_page: Page, event_id: int) -> None:
    browser_page.goto("/events/display")
    expect(browser_page).to_have_url(re.compile(r"slide=1"), timeout=20_000)
    expect(browser_page.locator(".slide.shown")).to_have_count(1)


@pytest.mark.parametrize(
    "path",
    ["/events/", "/events/week", "/events/agenda", "/events/dates", "/events/print", "/events/feeds", "/"],
)
def test_nothing_is_wider_than_a_narrow_screen(browser_page: Page, event_id: int, path: str) -> None:
    browser_page.set_viewport_size({"width": 320, "height": 700})
    browser_page.goto(path)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320


@BOTH
def test_two_tablets_tick_the_same_list(
    browser_page: Page, event_id: int, hub: LiveServer, java_script_enabled: bool
) -> None:
    app = make_app(hub.instance)
    names = [f"Tablet {place} {java_script_enabled}" for place in range(3)]
    with app.test_request_context():
        user = accounts.find_user("anya")
        assert user is not None
        key = str(db.session.scalar(db.select(Occurrence.recurrence).where(Occurrence.series_id == event_id)))
        with writing():
            db.session.execute(db.delete(registration.Registration))
            for place, name in enumerate(names):
                row = {"user_id": user.id, "name": name, "school_class": f"{place + 1}А", "seats": 30}
                db.session.add(registration.Registration(series_id=event_id, recurrence=key, **row))

    def came() -> list[int | None]:
        with app.app_context():
            return [line.came for line in attendance.people(event_id, key)]

    one = browser_page
    sign_in(one, "olga")
    two = one.context.new_page()
    for page in (one, two):
        page.goto(f"/events/{event_id}/people")

    def note(page: Page, place: int, number: str) -> None:
        page.locator(".how-many").nth(place).fill(number)

    def save(page: Page) -> None:
        page.get_by_role("button", name="Сохранить, кто пришёл").click()

    note(one, 0, "21")
    save(one)
    expect(one.locator("body")).to_contain_text("21" if not java_script_enabled else "Сохранено.")
    note(two, 1, "22")
    save(two)
    expect(two.locator(".how-many").nth(0)).to_have_value("21")
    expect(two.locator(".how-many").nth(1)).to_have_value("22")
    assert came() == [21, 22, None]
    note(one, 1, "5")
    note(one, 2, "23")
    save(one)
    told = one.locator(".flash.warning")
    expect(told).to_contain_text(names[1])
    expect(told).not_to_contain_text(names[2])
    expect(one.locator(".how-many").nth(1)).to_have_value("22")
    assert came() == [21, 22, 23]
    note(one, 1, "6")
    save(one)
    expect(told).to_have_count(0)
    expect(one.locator(".how-many").nth(1)).to_have_value("6")
    assert came() == [21, 6, 23]
    release(app)
