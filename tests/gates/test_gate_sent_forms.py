"""Forms are sent as people fill them in, over the whole hub."""

from libhub.testing.contract.forms.sent_forms import *  # noqa: F403 - all of it
from libhub.testing.sent_forms import Sent
from tests.walking import SECTIONS

LEAST = 60
"""So many forms are accepted at least: less would mean that the gate does not send them."""


def test_enough_forms_are_accepted(sent: list[Sent]) -> None:
    accepted = {each.what for each in sent if each.status in (204, 302)}
    assert len(accepted) >= LEAST
    assert {each.page.address.section for each in sent} == set(SECTIONS)
