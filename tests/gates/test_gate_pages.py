"""Every page in Chromium: axe, 400 % zoom, the Tab key."""

import pytest

from tests.gates import axe, focus, reflow
from tests.gates.tab import Tab
from tests.walking import ROLES, SECTIONS, Seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_pages(tab: Tab, seen: list[Seen], role: str, section: str) -> None:
    complaints: list[str] = []
    for place, page in enumerate(
        each for each in seen if (each.role, each.address.section) == (role, section)
    ):
        tab.show(page)
        found = focus.complaints(tab) + axe.complaints(tab, whole=place == 0) + reflow.complaints(tab)
        complaints += [f"{page}: {each}" for each in found + tab.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("look", axe.LOOKS)
def test_pages_for_low_vision(tab: Tab, seen: list[Seen], look: str, section: str) -> None:
    """One page of each address: another page of the same template has no other colours, letters and boxes."""
    pages = {
        page.address.rule and page.address.rule.rule: page
        for page in reversed(seen)
        if page.address.section == section
    }
    complaints: list[str] = []
    for page in pages.values():
        tab.open(page.role, page.address.path, axe.LOOKS[look])
        complaints += [f"{page}: {each}" for each in axe.complaints_of_look(tab)]
    assert not complaints, "\n".join(complaints)
