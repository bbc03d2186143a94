"""After htmx changed a part of a page the focus is where it was, and the new number is told."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.gates import swaps
from tests.gates.swaps import Swap
from tests.gates.tab import Tab
from tests.walking import Seen, leads_to

pytestmark = pytest.mark.browser

QUIET = {
    "crafts.done": "comes after the last step",
    "jobs.show": "tells how far a job is; nobody has to act, and the page says it again when it is over",
    "home.move_card": "moves a card in the librarian's list; the buttons say of which",
    "resources.favourite": "the button itself says what it is now",
    "training.note": "keeps the note and says so beside it",
    "training.preview": "shows the text below, on the press of a button that asks for it",
}
"""What htmx asks where no list changes, and how it is told."""


def tick(page: Page) -> None:
    page.locator("main form [type=checkbox]").first.focus()
    page.keyboard.press("Space")


def write(selector: str, text: str = "а") -> swaps.Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).focus()
        page.keyboard.type(text)

    return act


def choose(selector: str) -> swaps.Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).focus()
        page.locator(selector).select_option(index=1)

    return act


def follow(selector: str) -> swaps.Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).first.focus()
        page.keyboard.press("Enter")

    return act


SWAPS = [
    Swap("guest", "/search?q=книги", "search.index", tick),
    Swap("guest", "/search", "search.index", write("#q", "сказки")),
    Swap("guest", "/crafts/", "crafts.index", tick),
    Swap("guest", "/crafts/2/steps/1", "crafts.step", follow("a[rel=next]")),
    Swap("guest", "/crafts/at-hand", "crafts.at_hand", tick),
    Swap("guest", "/resources/", "resources.index", tick),
    Swap("guest", "/events/", "events.index", follow("a[rel=next]")),
    Swap("guest", "/events/", "events.index", choose("main form select >> nth=0")),
    Swap("guest", "/events/week", "events.week", follow("a[rel=next]")),
    Swap("guest", "/events/agenda", "events.agenda_page", choose("main form select >> nth=0")),
    Swap("guest", "/events/today", "events.today_page", follow("a[rel=next]")),
    Swap("guest", "/events/dates", "events.dates_page", follow("nav.tabs a:not([aria-current])")),
    Swap("librarian", "/admin/users/", "users.index", write("main [type=search]", "м")),
    Swap("librarian", "/training/board", "training.show_board", choose("main form select >> nth=0")),
]


@pytest.mark.parametrize("swap", SWAPS, ids=lambda swap: f"{swap.role} {swap.path}")
def test_focus_and_announcement(house: Flask, tab: Tab, swap: Swap) -> None:
    tab.open(swap.role, swap.path)
    tab.page.mouse.move(1, 1)  # a sign of life brings htmx
    tab.page.wait_for_selector("[data-htmx-powered]", state="attached")  # until htmx came, links are links
    assert swaps.complaints(tab, swap) == []
    assert not tab.complaints


def test_no_swap_escapes(house: Flask, seen: list[Seen]) -> None:
    asked = {
        leads_to(house, path, method).endpoint
        for page in seen
        for method, path in re.findall(r'hx-(get|post)="([^"]+)"', page.html)
    }
    assert asked - QUIET.keys() == {swap.endpoint for swap in SWAPS}
    assert asked >= QUIET.keys()
