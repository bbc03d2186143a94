"""Who sees which lines of the list of those who come. No Flask.

The librarian sees every list. Who answers for an event sees the whole list of it, while it is in the calendar; any other teacher
the pupils of the own classes there, and what that teacher signed up.
"""

from collections.abc import Collection
from dataclasses import dataclass

from libhub.api import Viewer, people
from plugins.events.models import Event
from plugins.events.people import attendance
from plugins.events.people.attendance import Line
from plugins.events.vocabulary import EDIT, SEE_PEOPLE


@dataclass(frozen=True)
class Readable:
    """The list of an occurrence as somebody sees it: by name, then those who wait, in the order in which they wait.

    ``whole``: every line is there, and may be changed.
    """

    lines: tuple[Line, ...]
    whole: bool

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the registrations that are seen."""
        return frozenset(line.id for line in self.lines)


def sees_all(viewer: Viewer, event: Event) -> bool:
    """Say whether a viewer may see, and change, the whole list of an event that the viewer can open."""
    return viewer.can(EDIT) or (
        viewer.can(SEE_PEOPLE) and viewer.user_id is not None and event.host_id == viewer.user_id
    )


def readable(viewer: Viewer, event: Event, series_id: int, key: str) -> Readable | None:
    """Return the list as this viewer may see it; None for those who have no business with it."""
    whole = sees_all(viewer, event)
    if not whole and not (viewer.can(SEE_PEOPLE) and viewer.user_id is not None):
        return None
    lines = attendance.people(series_id, key)
    if not whole:
        lines = [line for line in lines if line.user_id == viewer.user_id or line.class_id in viewer.classes]
        if not lines and not viewer.classes:
            return None
    return Readable(tuple(_by_name(lines)), whole)


def _by_name(lines: Collection[Line]) -> list[Line]:
    order = {person.id: place for place, person in enumerate(people({line.user_id for line in lines}))}
    coming = [line for line in lines if not line.waiting]
    return [
        *sorted(coming, key=lambda line: (order[line.user_id], line.id)),
        *(line for line in lines if line.waiting),
    ]
