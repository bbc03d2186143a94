"""All that is looked at on the pages of a role: axe, 400 % zoom, the Tab key."""

from collections.abc import Sequence

from libhub.accounts.permissions import ADMINISTRATOR, LIBRARIAN, TEACHER
from tests.gates import axe, focus, reflow
from tests.gates.tab import Tab
from tests.walking import ROLES, Seen

STAFF = (TEACHER, LIBRARIAN, ADMINISTRATOR)
READERS = tuple(role for role in ROLES if role not in STAFF)


def complaints(tab: Tab, pages: Sequence[Seen]) -> list[str]:
    """Look at pages one after the other; at the shell, which they share, on the first one."""
    found: list[str] = []
    for place, page in enumerate(pages):
        tab.show(page)
        whole = place == 0
        some = focus.complaints(tab, whole=whole) + axe.complaints(tab, whole=whole) + reflow.complaints(tab)
        found += [f"{page}: {each}" for each in some + tab.complaints]
    return found


def of(seen: Sequence[Seen], role: str, section: str) -> list[Seen]:
    """Return the pages of a section that were seen first in a role."""
    return [page for page in seen if (page.role, page.address.section) == (role, section)]
