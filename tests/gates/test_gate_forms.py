"""Forms that were filled in wrongly say what is wrong, and say it at the field."""

import pytest

from tests.gates import axe, forms
from tests.gates.tab import Tab
from tests.walking import ROLES, Seen

REFUSED = 422
LEAST = 25
"""So many forms refuse something at least: less would mean that the gate does not send them."""


def test_each_error_is_tied_to_its_field(refused: list[Seen]) -> None:
    complaints = [f"{page}: {each}" for page in refused for each in forms.complaints(page.html)]
    assert not complaints, "\n".join(complaints)
    assert len({page.address.path for page in refused}) >= LEAST


def test_who_is_refused_is_told_why(refused: list[Seen]) -> None:
    silent = [
        f"{page}: {page.status}"
        for page in refused
        if page.status == REFUSED and not forms.says_why(page.html)
    ]
    assert not silent, "\n".join(silent)


@pytest.mark.browser
@pytest.mark.parametrize("role", ROLES)
def test_pages_with_errors_pass_axe(tab: Tab, refused: list[Seen], role: str) -> None:
    complaints: list[str] = []
    for page in refused:
        if page.role == role:
            tab.show(page)
            complaints += [f"{page}: {each}" for each in axe.complaints(tab, schemes=False)]
    assert not complaints, "\n".join(complaints)
