"""Back returns to the step before: list, ticks, focus and scroll are as they were, with scripts and without."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from libhub.accounts import accounts
from libhub.accounts.accounts import UserDetails
from libhub.accounts.permissions import LIBRARIAN
from libhub.testing import PASSWORD, LiveServer, make_app, release

BOTH = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "no scripts"])
_STATE = """() => {
  const form = document.querySelector(FORM);
  if (!form || document.readyState === "loading") return [location.pathname, null, null, null];
  const chosen = [...form.elements].filter((field) => field.matches("select") ? field.value : field.checked)
    .map((field) => `${field.name}=${field.value}`);
  const counted = document.querySelector("main .count, main [data-announce]")?.textContent.trim();
  const address = [...new URLSearchParams(location.search)].filter(([, value]) => value).map(String).sort().join("&");
  return [location.pathname, address, chosen, counted];
}"""


@dataclass(frozen=True)
class List:
    """A list that is narrowed down: where it is, and by what form."""

    path: str
    form: str = "#facets form"
    next: str = "input[type=checkbox]:not(:checked)"


LISTS = {
    "resources": List("/resources/"),
    "crafts": List("/crafts/"),
    "search": List("/search?q=книги"),
    "calendar": List("/events/agenda", "form#facets", "select"),
    "at hand": List("/crafts/at-hand", "form.at-hand"),
    "who learns": List("/training/board", "form.filter", "select"),
}


@pytest.fixture(scope="module", autouse=True)
def olga(hub: LiveServer) -> Iterator[None]:
    """A librarian, who sees every list, and so many people that they are searched."""
    app: Flask = make_app(hub.instance)
    with app.app_context():
        for name in ("olga", "vera", "vadim"):
            if accounts.find_user(name) is None:
                accounts.add_user(UserDetails(name, name.title(), LIBRARIAN), PASSWORD)
    yield
    release(app)


@pytest.fixture
def page(browser_page: Page) -> Page:
    """A tab in which the librarian is signed in."""
    browser_page.goto("/auth/sign-in")
    browser_page.locator("main [name=username]").fill("olga")
    browser_page.locator("main [name=password]").fill(PASSWORD)
    browser_page.locator("main button[type=submit]").click()
    expect(browser_page.get_by_role("button", name="Выйти")).to_be_visible()
    return browser_page


def state_of(page: Page, form: str) -> Any:
    return page.evaluate(_STATE.replace("FORM", repr(form)))


def until(page: Page, form: str, wanted: Callable[[Any], bool]) -> Any:
    """Wait for what the page shows, and return it."""
    for _time in range(100):
        state = state_of(page, form)
        if wanted(state):
            return state
        page.wait_for_timeout(50)
    return state_of(page, form)


def narrow_down(page: Page, each: List, number: int, *, scripts: bool) -> None:
    """Take the step of this number."""
    field: Locator = page.locator(f"{each.form} {each.next}")
    if each.next == "select":
        select = field.nth(number % field.count())
        values = select.locator("option").evaluate_all("(some) => some.map((each) => each.value)")
        present = select.input_value()
        select.focus()
        select.select_option(next(value for value in values if value not in ("", present)))
    else:
        field.first.click()  # to check it would be tried again once the list is another one, and tick the next one
    if not scripts:
        page.locator(f"{each.form} [type=submit]").click()


@BOTH
@pytest.mark.parametrize("each", LISTS.values(), ids=list(LISTS))
def test_back_through_three_filters(page: Page, each: List, java_script_enabled: bool) -> None:
    page.goto("/notices/")
    page.goto(each.path)
    page.wait_for_load_state("networkidle")
    states = [state_of(page, each.form)]
    for number in range(3):
        narrow_down(page, each, number, scripts=java_script_enabled)
        states.append(until(page, each.form, lambda state: state[1] not in (None, states[-1][1])))
        page.wait_for_load_state("networkidle")
        states[-1] = state_of(page, each.form)
    assert len({state[1] for state in states}) == 4
    for before in reversed(states[:-1]):
        page.go_back()
        assert until(page, each.form, lambda state: state == before) == before  # noqa: B023 - called at once
        if java_script_enabled:
            page.wait_for_function(
                "document.activeElement !== document.body"
            )  # the focus stays at the filters
    for after in states[1:]:
        page.go_forward()
        assert until(page, each.form, lambda state: state == after) == after  # noqa: B023
    for _step in range(4):
        page.go_back()
        page.wait_for_timeout(100)
    expect(page).to_have_url(re.compile("/notices/$"))


def test_a_text_on_which_the_typing_rested_is_one_step(page: Page) -> None:
    page.goto("/search")
    box, title = page.locator("#q"), page.locator("main h1")
    for text in ("сказки", "словари"):
        box.fill("")
        box.press_sequentially(text, delay=250)
        expect(title).to_contain_text(text)
        page.wait_for_timeout(3_100)
    page.go_back()
    expect(title).to_contain_text("сказки")
    expect(box).to_have_value("сказки")
    expect(page.locator(".hits a").first).to_be_visible()
    page.go_back()
    expect(title).to_have_text("Всё, что есть в библиотеке")
    expect(box).to_have_value("")
    page.go_forward()
    expect(title).to_contain_text("сказки")
    box.press("End")
    box.press_sequentially(" для")
    expect(title).to_contain_text("сказки для")
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()


def test_what_is_sent_before_the_typing_rested_is_one_step(page: Page) -> None:
    page.goto("/search")
    box, title = page.locator("#q"), page.locator("main h1")
    box.press_sequentially("сказ")
    expect(title).to_contain_text("сказ")
    box.press_sequentially("ки")
    box.press("Enter")
    expect(title).to_contain_text("сказки")
    page.go_back()
    expect(title).to_have_text("Всё, что есть в библиотеке")


@BOTH
def test_back_from_a_second_search(page: Page, java_script_enabled: bool) -> None:
    page.goto("/resources/")
    box, title = page.locator("#q"), page.locator("main h1")
    for text in ("сказки", "словари"):
        box.fill(text)
        box.press("Enter")
        expect(title).to_contain_text(text)
        page.wait_for_load_state("networkidle")
    page.go_back()
    expect(title).to_contain_text("сказки")
    expect(box).to_have_value("сказки")
    page.go_back()
    expect(title).to_have_text("Ресурсы")


def test_people_are_searched_step_by_step(page: Page) -> None:
    page.goto("/admin/users/")
    box, names = page.locator("main input[name=q]"), page.locator("#rows tbody th")
    every = names.count()
    box.press_sequentially("вер")
    expect(names).to_have_count(0)
    box.fill("")
    box.press_sequentially("ver", delay=50)
    expect(names).to_have_count(1)
    page.go_back()
    expect(names).to_have_count(every)
    expect(box).to_have_value("")


@BOTH
def test_months_are_steps(page: Page, java_script_enabled: bool) -> None:
    page.goto("/events/?date=2026-12-10")
    title = page.locator("h1")
    for month in ("Январь 2027", "Февраль 2027"):
        page.get_by_role("link", name="Вперёд").click()
        expect(title).to_have_text(month)
    for month in ("Январь 2027", "Декабрь 2026"):
        page.go_back()
        expect(title).to_have_text(month)


@BOTH
def test_back_from_a_thing_of_a_list(page: Page, java_script_enabled: bool) -> None:
    page.goto("/resources/")
    narrow_down(page, LISTS["resources"], 0, scripts=java_script_enabled)
    expect(page).to_have_url(re.compile("="))
    page.wait_for_load_state("networkidle")
    before = state_of(page, "#facets form")
    link = page.locator("main .tile h2 a").last
    link.scroll_into_view_if_needed()
    scrolled, name = page.evaluate("scrollY"), link.text_content()
    link.click()
    expect(page.locator("main h1")).to_contain_text(name or "")
    page.go_back()
    assert until(page, "#facets form", lambda state: state == before) == before
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") == pytest.approx(scrolled, abs=5)
    if java_script_enabled:
        assert page.evaluate("document.activeElement.textContent") == name
    page.go_back()
    expect(page.locator("#facets input:checked")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("="))


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in(page: Page) -> None:
    each = LISTS["who learns"]
    page.goto(each.path)
    narrow_down(page, each, 0, scripts=True)
    expect(page).to_have_url(re.compile(r"\?"))
    page.context.clear_cookies()
    page.go_back()
    expect(page).to_have_url(re.compile("/auth/sign-in"))
    expect(page.locator("main [name=password]")).to_be_visible()
