"""Every page that only the staff sees, in Chromium: axe, 400 % zoom, the Tab key."""

import pytest

from tests.gates import pages
from tests.gates.tab import Tab
from tests.walking import SECTIONS, Seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("role", pages.STAFF)
def test_pages(tab: Tab, seen: list[Seen], role: str, section: str) -> None:
    complaints = pages.complaints(tab, pages.of(seen, role, section))
    assert not complaints, "\n".join(complaints)
