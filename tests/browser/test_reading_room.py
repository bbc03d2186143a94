"""A PC of the reading room in a browser: the countdown, the end of a visit, and what the next reader finds."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import STUDENT
from libhub.app import create_app
from libhub.base.db import db, writing
from libhub.config import Config
from libhub.kiosk import computers
from libhub.kiosk.computers import Details
from libhub.kiosk.models import ASK, QR, Computer
from libhub.testing import PASSWORD, LiveServer, release, serving
from libhub.web import cookies

IDLE_SECONDS = 8
short = pytest.mark.parametrize("idle", [IDLE_SECONDS])
WAIT = 30_000
NAME = "Маша Котова"
SECRET = "тайный запрос"


@pytest.fixture(scope="module")
def room(
    chromium_browser: Browser, prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A hub with a pupil; its PCs are added by the tests."""
    instance = tmp_path_factory.mktemp("room") / "instance"
    shutil.copytree(prepared_instance, instance)
    app = create_app(Config(instance=instance))
    with app.app_context():
        accounts.add_user(UserDetails("masha", NAME, STUDENT), PASSWORD)
    release(app)
    with serving(instance) as server:
        yield server


@pytest.fixture
def idle() -> int:
    """Seconds after which a visit ends; ``@short`` is for those who wait for it."""
    return 600


@pytest.fixture
def outside() -> str:
    """What becomes of links that leave the hub."""
    return ASK


@pytest.fixture
def context(
    chromium_browser: Browser, room: LiveServer, java_script_enabled: bool, idle: int, outside: str
) -> Iterator[BrowserContext]:
    """The browser of a PC of the reading room; a real one waits for minutes."""
    app = create_app(Config(instance=room.instance))
    with app.app_context():
        number = computers.add(Details(f"ПК {time.monotonic_ns()}", 1, outside))
        name, token = cookies.name_of(cookies.COMPUTER), computers.settle(number)
        with writing():
            db.session.scalars(select(Computer).where(Computer.id == number)).one().idle_seconds = idle
    release(app)
    with chromium_browser.new_context(
        base_url=room.url, locale="ru-RU", java_script_enabled=java_script_enabled
    ) as opened:
        opened.set_default_timeout(10_000)
        opened.add_cookies([{"name": name, "value": token, "url": room.url, "httpOnly": True}])
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The tab in which pupils work."""
    return context.new_page()


def sign_in(page: Page, path: str = "/auth/password") -> None:
    page.goto(f"/auth/sign-in?next={path}")
    page.locator("main [name=username]").fill("masha")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").click()
    expect(page.get_by_role("button", name="Закончить работу")).to_be_visible()


def on_first_page(page: Page) -> None:
    expect(page.locator(".kiosk-start")).to_be_visible(timeout=WAIT)
    expect(page.locator("body")).not_to_contain_text(NAME)


@short
def test_a_forgotten_visit_is_counted_down_and_ended(page: Page) -> None:
    sign_in(page)
    leaving = page.get_by_role("alertdialog", name="Вы ещё здесь?")
    expect(leaving).to_be_visible(timeout=WAIT)
    expect(leaving.locator(".kiosk-left")).to_have_text(re.compile(r"0:0[1-4]"))
    expect(leaving.get_by_role("status")).to_have_text(re.compile(r"^Осталось 10\sсекунд"))
    here = leaving.get_by_role("button", name="Я здесь")
    expect(here).to_be_focused()
    with page.expect_response("**/pc/here") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 204
    expect(leaving).to_be_hidden()
    expect(page).to_have_url(re.compile("/auth/password"))

    expect(leaving).to_be_visible(timeout=WAIT)
    page.mouse.move(100, 100)  # a bump of the desk is no answer
    on_first_page(page)
    expect(page.get_by_role("status").filter(has_text="работа закончена")).to_be_visible()
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(NAME)
    expect(page.locator("main form[method=post] [name=old]")).to_have_count(0)


@short
def test_who_reads_and_scrolls_is_there(page: Page) -> None:
    sign_in(page)
    leaving = page.get_by_role("alertdialog")
    with page.expect_response("**/pc/here", timeout=IDLE_SECONDS * 1000):
        for _time in range(8):
            page.wait_for_timeout(600)
            page.keyboard.press("Shift")
            expect(leaving).to_be_hidden()
    expect(page.get_by_role("button", name="Закончить работу")).to_be_visible()


@short
def test_escape_is_an_answer(page: Page) -> None:
    sign_in(page)
    leaving = page.get_by_role("alertdialog")
    expect(leaving).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    expect(leaving).to_be_hidden()


@short
def test_work_in_another_tab_keeps_this_one(context: BrowserContext, page: Page) -> None:
    sign_in(page)
    other = context.new_page()
    other.goto("/resources/")
    leaving = page.get_by_role("alertdialog")
    expect(leaving).to_be_visible(timeout=WAIT)
    other.keyboard.press("Shift")
    expect(other.get_by_role("alertdialog")).to_be_visible(timeout=WAIT)
    other.keyboard.press("Enter")
    expect(leaving).to_be_hidden()
    expect(other.get_by_role("alertdialog")).to_be_hidden()
    expect(page).to_have_url(re.compile("/auth/password"))
    other.get_by_role("button", name="Закончить работу").click()
    on_first_page(other)
    on_first_page(page)
    loads = [0]
    page.on("load", lambda _page: loads.__setitem__(0, loads[0] + 1))
    page.wait_for_timeout(2_000)
    assert not loads[0], "two first pages leave each other alone"


def test_the_next_reader_finds_nothing_of_the_last(context: BrowserContext, page: Page) -> None:
    sign_in(page, "/search?q=" + SECRET)
    page.evaluate("localStorage.setItem('place', 'x'); sessionStorage.setItem('place', 'x')")
    page.locator("#q").fill("сказки")
    expect(page).to_have_url(re.compile("q=%D1%81%D0%BA"))  # the results follow the typing: an entry of htmx
    page.goto("/notices/")
    page.get_by_role("button", name="Закончить работу").click()
    on_first_page(page)
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("sessionStorage.getItem('place')") is None
    while page.evaluate("navigation.canGoBack"):
        page.go_back()
        if page.url == "about:blank":
            break
        expect(page.locator("body")).not_to_contain_text(NAME)
        expect(page.locator("body")).not_to_contain_text(SECRET)
        on_first_page(page)
    page.goto("/")
    box = page.locator("#q")
    expect(box).to_have_value("")
    expect(box).to_have_attribute("autocomplete", "off")
    box.click()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#suggestions")).to_be_hidden()
    names = {cookie["name"] for cookie in context.cookies()}
    assert any(name.endswith("_computer") for name in names)


def test_a_reader_goes_back_and_forth_in_a_visit(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("сказки")
    page.keyboard.press("Enter")
    expect(page.locator(".hits a").first).to_be_visible()
    page.locator("#q").fill("словари")
    expect(page).to_have_url(re.compile("q=%D1%81%D0%BB%D0%BE%D0%B2"))
    page.locator(".hits a").first.click()
    expect(page.locator(".hits")).to_have_count(0)
    page.go_back()
    expect(page.locator(".hits a").first).to_be_visible()
    expect(page.locator("#q")).to_have_value("словари")


def test_steps_of_a_list_are_gone_back_in_a_visit(page: Page) -> None:
    page.goto("/resources/")
    ticked = page.locator("#facets input:checked")
    for number in (1, 2):
        page.locator("#facets input[type=checkbox]:not(:checked)").first.check()
        expect(ticked).to_have_count(number)
        page.wait_for_load_state("networkidle")
    page.locator("main .tile h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/resources/\d+$"))
    page.evaluate("history.go(-2)")  # past one of htmx, into a page that is loaded anew
    expect(ticked).to_have_count(1)
    page.go_back()
    expect(ticked).to_have_count(0)
    expect(page).to_have_url(re.compile("/resources/$"))


@short
def test_a_guest_is_asked_too(page: Page) -> None:
    page.goto("/search?q=" + SECRET)
    expect(page.get_by_role("alertdialog")).to_contain_text("начальная страница", timeout=WAIT)
    on_first_page(page)
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("body")).not_to_contain_text(SECRET)


def test_a_link_asks_before_it_leads_outside(page: Page) -> None:
    page.goto("/resources/")
    page.locator("main .tile h2 a").first.click()
    expect(page).to_have_url(re.compile(r"/resources/\d+$"))
    before = page.url
    page.get_by_role("button", name=re.compile("^Открыть")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Эта ссылка ведёт из библиотеки в Интернет")
    page.get_by_role("button", name="Назад в библиотеку").click()
    expect(page).to_have_url(before)


@pytest.mark.parametrize("java_script_enabled", [False])
@pytest.mark.parametrize("idle", [4])
@pytest.mark.parametrize("outside", [QR])
def test_without_scripts_a_forgotten_visit_ends_as_well(page: Page) -> None:
    sign_in(page)
    on_first_page(page)
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(NAME)
    expect(page.locator("main [name=old]")).to_have_count(0)
    page.goto("/resources/4/open")
    expect(page.locator(".kiosk-code svg")).to_be_visible()
    sign_in(page)
    page.get_by_role("button", name="Закончить работу").click()
    on_first_page(page)
