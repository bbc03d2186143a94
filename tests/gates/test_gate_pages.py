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
