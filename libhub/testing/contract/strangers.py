"""What a section keeps of a pupil shows to nobody who is a stranger to the pupil: no page, feed, file or search gives it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from libhub.testing.strangers import leaks
from libhub.testing.walking import Address, Examples, Seen


def test_strangers_see_nothing_of_a_pupil(
    copied: Callable[[], Path], furnished: tuple[list[Address], Seen], examples: Mapping[str, Examples]
) -> None:
    """``SHOWN_TO_OTHERS`` among the examples says where it is right that others see something, and why."""
    on_purpose = {name for some in examples.values() for name in getattr(some, "SHOWN_TO_OTHERS", {})}
    found = leaks(copied(), furnished[0], on_purpose)
    assert not found, "\n".join(map(str, found))
