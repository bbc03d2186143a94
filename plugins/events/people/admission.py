"""Who may come to an event: whom it is meant for, until when one can sign up. No Flask."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from libhub.api import (
    ADMINISTRATOR,
    LIBRARIAN,
    PARENT,
    STUDENT,
    TEACHER,
    LibHubError,
    Viewer,
    db,
    now,
    parse_class,
)
from libhub.api import gettext as _
from plugins.events.models import Event, Occurrence
from plugins.events.vocabulary import CANCELLED, DRAFT, FOR_WHOM, PARENTS, PUPILS, TEACHERS

MOST_SEATS: Final = 60
"""Of one class with those who accompany it."""
_STAFF: Final = frozenset({TEACHER, LIBRARIAN, ADMINISTRATOR})
_COMERS: Final[Mapping[str, frozenset[str]]] = {
    PUPILS: _STAFF | {STUDENT},
    PARENTS: _STAFF | {PARENT},
    TEACHERS: _STAFF,
}
"""Which roles come to what is not for everybody; who works at the school may come along anywhere."""


class CannotRegister(LibHubError):
    """A place cannot be had; the message says why."""


def is_meant_for(event: Event, role: str) -> bool:
    """Say whether somebody of this role may come to an event."""
    return role in _COMERS.get(event.for_whom, {role})


def admit(
    person: Viewer, series_id: int, key: str, *, for_other: bool = False, late: bool = False
) -> tuple[Event, Occurrence]:
    """Return the event to which somebody may come, with its occurrence.

    :param for_other: somebody else signs the person up, who may see more and is told what stands in the way.
    :param late: after the registration was closed, too, while it is not over.
    :raises CannotRegister: there is no registration, it is closed, or it is meant for others.
    """
    shown = Event.shown_to(person)
    found = db.session.execute(
        select(Event, Occurrence, shown)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == series_id, Occurrence.recurrence == key)
    ).first()
    if found is not None and for_other and not found[2] and not person.old_enough(found[0].age):
        if found[0].age is None:
            raise CannotRegister(_("The event has no age mark yet: until it has one, only staff can come."))
        raise CannotRegister(_("The event is for older ones: its age mark is %(age)d+.", age=found[0].age))
    if found is None or not found[2]:
        raise CannotRegister(_("There is no such event on that day any more."))
    event, occurrence = found[0], found[1]
    if event.state == CANCELLED:
        raise CannotRegister(_("The event is cancelled."))
    if not event.registration or event.state == DRAFT:
        raise CannotRegister(_("One cannot sign up for this event; just come."))
    closes = occurrence.ends_at if late else occurrence.starts_at - timedelta(hours=event.close_hours)
    if now() >= closes:
        raise CannotRegister(_("The registration is closed."))
    if not is_meant_for(event, person.role):
        raise CannotRegister(
            _("One cannot sign up: the event is %(whom)s.", whom=str(FOR_WHOM[event.for_whom]).lower())
        )
    return event, occurrence


def for_whom(person: Viewer, school_class: str, seats: int, event: Event) -> tuple[str, int | None]:
    """Return class and grade of those who come.

    :raises CannotRegister: the class is none, there are too many, or the event is for other grades.
    """
    if school_class:
        try:
            named = parse_class(school_class)
        except LibHubError as error:
            raise CannotRegister(str(error)) from error
        if not 1 <= seats <= MOST_SEATS:
            raise CannotRegister(_("A class takes from 1 to %(most)d places.", most=MOST_SEATS))
        return str(named), named.grade if named else None
    if person.role == STUDENT and person.grade is not None and person.grade not in event.grades:
        least, most = event.grades[0], event.grades[-1]
        raise CannotRegister(
            _("This event is meant for grades %(least)d to %(most)d.", least=least, most=most)
        )
    return "", person.grade
