"""The versions for low-vision visitors, in Chromium: axe and what is out of reach sideways."""

import pytest

from tests.gates import axe
from tests.gates.tab import Tab
from tests.walking import SECTIONS, Seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("look", axe.LOOKS)
def test_pages(tab: Tab, seen: list[Seen], look: str, section: str) -> None:
    """One page of each address: another page of the same template has no other colours, letters and boxes."""
    pages = {
        page.address.rule and page.address.rule.rule: page
        for page in reversed(seen)
        if page.address.section == section
    }
    complaints: list[str] = []
    for place, page in enumerate(pages.values()):
        tab.open(page.role, page.address.path, axe.LOOKS[look])
        complaints += [f"{page}: {each}" for each in axe.complaints_of_look(tab, whole=place == 0)]
    assert not complaints, "\n".join(complaints)
