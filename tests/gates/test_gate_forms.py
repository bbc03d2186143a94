"""Forms that were filled in wrongly say what is wrong, and say it at the field."""

import re

import pytest
from flask import Flask

from libhub.testing.contract.forms.wrong_forms import *  # noqa: F403 - all of it
from tests.gates import axe
from tests.gates.tab import Tab
from tests.walking import KIOSK, ROLES, Address, Seen, walk

LEAST = 25
"""So many forms refuse something at least: less would mean that the gate does not send them."""


def test_enough_forms_refuse_something(refused: list[Seen]) -> None:
    assert len({page.address.path for page in refused}) >= LEAST


def test_a_pc_of_the_reading_room_offers_nobody_what_others_typed(
    house: Flask, furnished: tuple[list[Address], Seen]
) -> None:
    """On every page, and without a script: the browser is told by the form itself."""
    pages = list(walk(house, furnished[0], KIOSK))
    found = [(str(page), form) for page in pages for form in re.findall("<form[^>]*>", page.html)]
    assert len(found) > len(pages)
    assert [(page, form) for page, form in found if ' autocomplete="off"' not in form] == []


@pytest.mark.browser
@pytest.mark.parametrize("role", ROLES)
def test_pages_with_errors_pass_axe(tab: Tab, refused: list[Seen], role: str) -> None:
    complaints: list[str] = []
    for page in refused:
        if page.role == role:
            tab.show(page)
            complaints += [f"{page}: {each}" for each in axe.complaints(tab, schemes=False)]
    assert not complaints, "\n".join(complaints)
