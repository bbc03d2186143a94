"""A pupil at a reading-room PC: types, and gets."""

import pytest
from playwright.sync_api import Page, expect

from libhub.testing import LiveServer

QUESTION = "сказки для малышей"
ANSWER = "Сказки для малышей"


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_enter_in_the_search_box_finds(browser_page: Page, java_script_enabled: bool) -> None:
    browser_page.goto("/")
    box = browser_page.get_by_role("searchbox").first
    box.fill(QUESTION)
    box.press("Enter")
    browser_page.wait_for_url("**/search?q=*")
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()


def test_results_come_as_one_types(browser_page: Page) -> None:
    browser_page.goto("/search")
    browser_page.get_by_role("searchbox").first.press_sequentially(QUESTION, delay=10)
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()


def test_a_copied_address_shows_the_same(browser_page: Page, hub: LiveServer) -> None:
    browser_page.goto(f"/search?q={QUESTION}")
    expect(browser_page.get_by_role("main").get_by_role("link", name=ANSWER).first).to_be_visible()
    expect(browser_page.get_by_role("searchbox").first).to_have_value(QUESTION)
