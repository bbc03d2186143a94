"""Signing up: places, classes, and the waiting list that moves up by itself. No Flask.

Every decision is taken inside ``writing()``, which holds the write lock before the places are counted: two
processes never give the same place away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, select

from libhub.api import STUDENT, LibHubError, Viewer, db, now, parse_class, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.people.notices import tell, when
from plugins.events.schedule.wall_clock import wall_of
from plugins.events.vocabulary import CANCELLED, DRAFT

MOST_SEATS: Final = 60
"""Of one class with those who accompany it."""


class CannotRegister(LibHubError):
    """A place cannot be had; the message says why."""


@dataclass(frozen=True)
class Standing:
    """How full an occurrence is, and what the viewer has in it."""

    places: int | None
    taken: int
    waiting: int
    closes_at: datetime
    mine: tuple[Registration, ...]

    @property
    def free(self) -> int | None:
        """How many places are free; None where there is no limit."""
        return None if self.places is None else max(0, self.places - self.taken)

    @property
    def open(self) -> bool:
        """Whether one can sign up now."""
        return now() < self.closes_at


def standing(event: Event, occurrence: Occurrence, user_id: int | None) -> Standing:
    """Return how full an occurrence is."""
    here = of_occurrence(occurrence.series_id, occurrence.recurrence)
    counts = dict(
        db.session.execute(
            select(Registration.waiting, func.sum(Registration.seats))
            .where(*here)
            .group_by(Registration.waiting)
        ).all()
    )
    mine = select(Registration).where(*here, Registration.user_id == user_id).order_by(Registration.id)
    return Standing(
        places=event.places,
        taken=counts.get(False, 0),
        waiting=counts.get(True, 0),
        closes_at=occurrence.starts_at - timedelta(hours=event.close_hours),
        mine=tuple(db.session.scalars(mine)) if user_id is not None else (),
    )


def place_in_queue(row: Registration) -> int:
    """Return how many stand before a waiting one, plus one."""
    before = select(func.count()).where(
        *of_occurrence(row.series_id, row.recurrence), Registration.waiting, Registration.id < row.id
    )
    return (db.session.scalar(before) or 0) + 1


def sign_up(viewer: Viewer, series_id: int, key: str, *, school_class: str = "", seats: int = 1) -> bool:
    """Sign a person up, or a whole class of ``seats`` people; return whether there was a place at once.

    Signing up once more changes nothing for a person, and the number of places for a class.

    :raises CannotRegister: there is no registration, it is closed, or it is meant for others.
    """
    assert viewer.user_id is not None
    with writing():
        event, occurrence = _open(viewer, series_id, key)
        label, grade = _for_whom(viewer, school_class, seats, event)
        row = db.session.scalar(
            select(Registration).where(
                *of_occurrence(series_id, key),
                Registration.user_id == viewer.user_id,
                Registration.school_class == label,
            )
        )
        if row is not None and row.seats >= seats:
            row.seats = seats
            db.session.flush()
            move_up(event, occurrence)
            return not row.waiting
        if row is not None:  # more than before: to the end of the queue with it
            db.session.delete(row)
            db.session.flush()
        full = event.places is not None and (
            _taken(series_id, key) + seats > event.places or _queue(series_id, key)
        )
        row = Registration(
            series_id=series_id,
            recurrence=key,
            user_id=viewer.user_id,
            name=viewer.name,
            school_class=label,
            grade=grade,
            seats=seats,
            waiting=bool(full),
        )
        db.session.add(row)
        db.session.flush()
        move_up(event, occurrence)
        return not row.waiting


def _for_whom(viewer: Viewer, school_class: str, seats: int, event: Event) -> tuple[str, int | None]:
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
    if viewer.role == STUDENT and viewer.grade is not None and viewer.grade not in event.grades:
        least, most = event.grades[0], event.grades[-1]
        raise CannotRegister(
            _("This event is meant for grades %(least)d to %(most)d.", least=least, most=most)
        )
    return "", viewer.grade


def _open(viewer: Viewer, series_id: int, key: str) -> tuple[Event, Occurrence]:
    found = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == series_id, Occurrence.recurrence == key, Event.shown_to(viewer))
    ).first()
    if found is None:
        raise CannotRegister(_("There is no such event on that day any more."))
    event, occurrence = found
    if event.state == CANCELLED:
        raise CannotRegister(_("The event is cancelled."))
    if not event.registration or event.state == DRAFT:
        raise CannotRegister(_("One cannot sign up for this event; just come."))
    if now() >= occurrence.starts_at - timedelta(hours=event.close_hours):
        raise CannotRegister(_("The registration is closed."))
    return event, occurrence


def withdraw(registration_id: int, *, user_id: int | None = None, of: tuple[int, str] | None = None) -> None:
    """Give a place back; whoever waits first gets it.

    Either ``user_id`` says whose it must be, or ``of`` the series and occurrence that it must belong to.

    :raises CannotRegister: there is no such registration.
    """
    with writing():
        row = db.session.get(Registration, registration_id)
        if row is None or (row.user_id != user_id and (row.series_id, row.recurrence) != of):
            raise CannotRegister(_("There is no such registration any more."))
        series_id, key = row.series_id, row.recurrence
        db.session.delete(row)
        db.session.flush()
        found = _described(series_id, key)
        if found is not None:
            move_up(*found)


def move_up(event: Event, occurrence: Occurrence) -> None:
    """Give free places to those who wait, strictly in their order, and tell them. Inside ``writing()``."""
    if event.state in (CANCELLED, DRAFT) or occurrence.ends_at <= now():
        return
    queue = db.session.scalars(
        select(Registration)
        .where(*of_occurrence(occurrence.series_id, occurrence.recurrence), Registration.waiting)
        .order_by(Registration.id)
    ).all()
    if not queue:
        return
    free = (
        None if event.places is None else event.places - _taken(occurrence.series_id, occurrence.recurrence)
    )
    for row in queue:
        if free is not None and row.seats > free:
            return  # who waits first is not overtaken by a smaller group
        row.waiting = False
        free = None if free is None else free - row.seats
        tell(
            [row.user_id],
            occurrence,
            _l(
                "A place became free for you: “%(title)s”, %(when)s.",
                title=event.title,
                when=when(occurrence),
            ),
        )
    db.session.flush()


def of_occurrence(series_id: int, key: str) -> tuple[Any, ...]:
    return (Registration.series_id == series_id, Registration.recurrence == key)


def _taken(series_id: int, key: str) -> int:
    query = select(func.sum(Registration.seats)).where(
        *of_occurrence(series_id, key), Registration.waiting.is_(False)
    )
    return db.session.scalar(query) or 0


def _queue(series_id: int, key: str) -> bool:
    query = select(Registration.id).where(*of_occurrence(series_id, key), Registration.waiting).limit(1)
    return db.session.scalar(query) is not None


def _described(series_id: int, key: str) -> tuple[Event, Occurrence] | None:
    found = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == series_id, Occurrence.recurrence == key)
    ).first()
    return (found[0], found[1]) if found else None


def signed_up() -> Select[Registration, Event, Occurrence]:
    """Return the query of registrations, each with what is known of that day and when it is."""
    return (
        select(Registration, Event, Occurrence)
        .join(
            Occurrence,
            (Occurrence.series_id == Registration.series_id)
            & (Occurrence.recurrence == Registration.recurrence),
        )
        .join(Event, Event.id == Occurrence.event_id)
    )


def mine(viewer: Viewer) -> Sequence[tuple[Registration, Event, Occurrence]]:
    """Return what a person signed up for and is not over, the next first."""
    rows = db.session.execute(
        signed_up()
        .where(Registration.user_id == viewer.user_id, Occurrence.ends_at > now(), Event.shown_to(viewer))
        .order_by(Occurrence.starts_at)
    )
    return rows.all()


def personal_data(user_id: int) -> list[dict[str, Any]]:
    """Return what a person signed up for."""
    rows = db.session.execute(
        select(Registration, Event.title)
        .join(Event, Event.id == Registration.series_id)
        .where(Registration.user_id == user_id)
    )
    return [
        {
            "event": title,
            "when": wall_of(row.recurrence).strftime(
                "%d.%m.%Y %H:%M" if "T" in row.recurrence else "%d.%m.%Y"
            ),
            "class": row.school_class,
            "seats": row.seats,
            "came": row.came,
        }
        for row, title in rows
    ]


def erase_personal_data(user_id: int) -> None:
    """Delete what a person signed up for; those who wait move up."""
    with writing():
        rows = db.session.scalars(select(Registration).where(Registration.user_id == user_id)).all()
        keys = {(row.series_id, row.recurrence) for row in rows}
        db.session.execute(delete(Registration).where(Registration.user_id == user_id))
        for series_id, key in keys:
            found = _described(series_id, key)
            if found is not None:
                move_up(*found)
