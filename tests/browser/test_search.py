"""A pupil at a reading-room PC: types, and gets."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from libhub.testing import LiveServer

QUESTION = "сказки для малышей"
ANSWER = "Сказки для малышей"
FIRST_DAY = {
    QUESTION: "nukadeti.ru",
    "словари": "academic.ru",
    "поделки из бумаги": "do-by-hands.ru",
    "электронные книги на планшет": "school.litres.ru",
    "курсы для логопедов": "ac.pushkininstitute.ru",
}


@pytest.mark.parametrize("java_script_enabled", [True, False])
@pytest.mark.parametrize(("question", "host"), FIRST_DAY.items())
def test_the_first_result_leads_to_the_right_site(
    browser_page: Page, question: str, host: str, java_script_enabled: bool
) -> None:
    browser_page.goto("/")
    box = browser_page.locator("#q")
    box.fill(question)
    box.press("Enter")
    browser_page.wait_for_url("**/search?q=*")
    browser_page.locator(".hits a").first.click()
    expect(browser_page.locator(".address")).to_contain_text(host)


def test_results_come_as_one_types(browser_page: Page) -> None:
    browser_page.goto("/search")
    browser_page.locator("#q").press_sequentially(QUESTION, delay=10)
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()


def test_a_copied_address_shows_the_same(browser_page: Page, hub: LiveServer) -> None:
    browser_page.goto(f"/search?q={QUESTION}")
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()
    expect(browser_page.locator("#q")).to_have_value(QUESTION)


def test_back_from_the_results_returns_to_where_one_typed(browser_page: Page) -> None:
    browser_page.goto("/resources/")
    box = browser_page.locator("#q")
    box.press_sequentially("сказки", delay=10)
    expect(options(browser_page).first).to_be_visible()
    expect(box).to_be_focused()
    box.press("Enter")
    expect(browser_page.locator(".hits")).to_be_visible()
    expect(browser_page).to_have_title("сказки — LibHub")
    browser_page.go_back()
    expect(browser_page.get_by_role("heading", name="Ресурсы", exact=True)).to_be_visible()


def test_the_number_of_results_is_announced(browser_page: Page) -> None:
    browser_page.goto("/search")
    browser_page.locator("#q").press_sequentially("диафильмы", delay=10)
    expect(browser_page.locator("#announce")).to_have_text("Найден 1 результат")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_facets_narrow_the_results(browser_page: Page, java_script_enabled: bool) -> None:
    browser_page.goto("/search?q=книги")
    before = browser_page.locator(".hits > li").count()
    browser_page.get_by_label("Оплачивает школа").check()
    if not java_script_enabled:
        browser_page.get_by_role("button", name="Показать").click()
    expect(browser_page.locator(".hits > li")).to_have_count(1)
    assert before > 1
    assert "access=school" in browser_page.url


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_nothing_found_offers_ways_on(browser_page: Page, java_script_enabled: bool) -> None:
    browser_page.goto("/search?q=абракадабра")
    elsewhere = browser_page.get_by_role("main").get_by_role("link", name="Академик")
    expect(elsewhere).to_have_attribute("rel", "noopener noreferrer")
    assert "%D0%B0%D0%B1%D1%80%D0%B0%D0%BA%D0%B0%D0%B4%D0%B0%D0%B1%D1%80%D0%B0" in str(
        elsewhere.get_attribute("href")
    )


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def test_suggestions_are_used_with_the_keyboard_alone(browser_page: Page) -> None:
    browser_page.goto("/")
    box = browser_page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("сказ")
    expect(options(browser_page).first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-controls", "suggestions")
    expect(browser_page.locator("#announce")).to_contain_text("подсказ")
    assert urlsplit(browser_page.url).path == "/", "the page stays while somebody types"
    box.press("ArrowDown")
    chosen = browser_page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "-")
    box.press("ArrowUp")
    expect(chosen).to_have_count(0)
    box.press("ArrowDown")
    expect(chosen).to_contain_text(ANSWER)
    box.press("Enter")
    browser_page.wait_for_url("**/resources/*")
    expect(browser_page.get_by_role("heading", name=ANSWER)).to_be_visible()


def test_escape_closes_the_suggestions_and_enter_searches_for_what_was_typed(browser_page: Page) -> None:
    browser_page.goto("/")
    box = browser_page.get_by_role("combobox")
    box.press_sequentially("сказ")
    expect(options(browser_page).first).to_be_visible()
    box.press("Escape")
    expect(browser_page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("сказ")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")
    expect(options(browser_page).first).to_be_visible()
    box.press("Escape")
    box.press("Enter")
    browser_page.wait_for_url("**/search?q=*")


def test_tab_leaves_the_suggestions(browser_page: Page) -> None:
    browser_page.goto("/")
    box = browser_page.get_by_role("combobox")
    box.press_sequentially("сказ")
    expect(options(browser_page).first).to_be_visible()
    box.press("Tab")
    expect(browser_page.get_by_role("listbox")).to_be_hidden()
    expect(browser_page.get_by_role("button", name="Найти").first).to_be_focused()


def test_a_suggestion_is_chosen_with_the_mouse(browser_page: Page) -> None:
    browser_page.goto("/")
    browser_page.get_by_role("combobox").press_sequentially("сказ")
    options(browser_page).filter(has_text=ANSWER).click()
    browser_page.wait_for_url("**/resources/*")


def test_where_results_follow_the_typing_the_list_opens_only_when_asked_for(browser_page: Page) -> None:
    browser_page.goto("/search")
    box = browser_page.get_by_role("combobox")
    box.press_sequentially("сказ")
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()
    expect(browser_page.get_by_role("listbox")).to_be_hidden()
    box.press("ArrowDown")
    expect(options(browser_page).first).to_be_visible()


@pytest.mark.parametrize("java_script_enabled", [False])
def test_without_scripts_there_is_only_the_box(browser_page: Page, java_script_enabled: bool) -> None:
    browser_page.goto("/")
    expect(browser_page.get_by_role("searchbox")).to_be_visible()
    expect(browser_page.get_by_role("listbox")).to_be_hidden()


def test_what_was_typed_and_opened_is_told_to_the_hub_once(browser_page: Page) -> None:
    told: list[str] = []
    browser_page.on("request", lambda request: told.append(request.url) if "/noted" in request.url else None)
    browser_page.goto("/search")
    browser_page.locator("#q").press_sequentially("сказки", delay=20)
    link = browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first
    expect(link).to_be_visible()
    expect(browser_page.locator("[data-noted-text=сказки]")).to_be_visible()
    link.click()
    browser_page.wait_for_url("**/resources/*")
    queries = [parse_qs(urlsplit(url).query) for url in told]
    assert queries == [{"q": ["сказки"]}, {"q": ["сказки"], "opened": ["1"]}]
