"""A pupil at a reading-room PC: types, and gets."""

import pytest
from playwright.sync_api import Page, expect

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
    box = browser_page.get_by_role("searchbox").first
    box.fill(question)
    box.press("Enter")
    browser_page.wait_for_url("**/search?q=*")
    browser_page.locator(".hits a").first.click()
    expect(browser_page.locator(".address")).to_contain_text(host)


def test_results_come_as_one_types(browser_page: Page) -> None:
    browser_page.goto("/search")
    browser_page.get_by_role("searchbox").first.press_sequentially(QUESTION, delay=10)
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()


def test_a_copied_address_shows_the_same(browser_page: Page, hub: LiveServer) -> None:
    browser_page.goto(f"/search?q={QUESTION}")
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()
    expect(browser_page.get_by_role("searchbox").first).to_have_value(QUESTION)


def test_typing_elsewhere_shows_results_and_back_returns(browser_page: Page) -> None:
    browser_page.goto("/resources/")
    box = browser_page.get_by_role("searchbox").first
    box.press_sequentially("диафильмы", delay=10)
    expect(browser_page.locator(".hits")).to_be_visible()
    expect(box).to_be_focused()
    expect(browser_page).to_have_title("диафильмы — LibHub")
    expect(browser_page.locator("#announce")).to_have_text("Найден 1 результат")
    browser_page.go_back()
    expect(browser_page.get_by_role("heading", name="Ресурсы", exact=True)).to_be_visible()


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
