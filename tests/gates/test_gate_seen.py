"""What is sent rests on what was seen, on every page of the hub."""

from libhub.testing.contract.forms.seen import *  # noqa: F403 - all of it
from libhub.testing.contract.forms.seen import marked, marks  # noqa: F401 - the fixture
from tests.walking import Seen

LEAST = 10
"""So many kinds of forms bear a mark at least: less would mean that they are not found."""


def test_enough_forms_bear_a_mark(marked: list[tuple[Seen, object]]) -> None:  # noqa: F811 - the fixture
    assert len(marked) >= LEAST
