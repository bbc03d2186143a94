"""Signing up: places, classes, and the waiting list that moves up by itself. No Flask.

Every decision is taken inside ``writing()``, which holds the write lock before the places are counted: two
processes never give the same place away.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update

from libhub.api import Viewer, db, now, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.people.admission import CannotRegister, admit, for_whom
from plugins.events.people.notices import followers, parents_behind, tell, when
from plugins.events.schedule.wall_clock import wall_of
from plugins.events.vocabulary import CANCELLED, DRAFT


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


def standing(
    event: Event, occurrence: Occurrence, user_id: int | None, children: Collection[int] = ()
) -> Standing:
    """Return how full an occurrence is, and what somebody and the children have in it."""
    here = of_occurrence(occurrence.series_id, occurrence.recurrence)
    counts = dict(
        db.session.execute(
            select(Registration.waiting, func.sum(Registration.seats))
            .where(*here)
            .group_by(Registration.waiting)
        ).all()
    )
    mine = select(Registration).where(*here, _of(user_id, children)).order_by(Registration.id)
    return Standing(
        places=event.places,
        taken=counts.get(False, 0),
        waiting=counts.get(True, 0),
        closes_at=occurrence.starts_at - timedelta(hours=event.close_hours),
        mine=tuple(db.session.scalars(mine)) if user_id is not None else (),
    )


def _of(user_id: int | None, children: Collection[int]) -> ColumnElement[bool]:
    """Return the condition on what somebody signed up for, and what the children come to; classes are the teacher's own."""
    of_children = and_(Registration.user_id.in_(children), Registration.school_class == "")
    return or_(Registration.user_id == user_id, of_children)


def place_in_queue(row: Registration) -> int:
    """Return how many stand before a waiting one, plus one."""
    before = select(func.count()).where(
        *of_occurrence(row.series_id, row.recurrence), Registration.waiting, Registration.id < row.id
    )
    return (db.session.scalar(before) or 0) + 1


def sign_up(
    viewer: Viewer,
    series_id: int,
    key: str,
    *,
    school_class: str = "",
    seats: int = 1,
    by: int | None = None,
    late: bool = False,
) -> bool:
    """Sign a person up, or a whole class of ``seats`` people; return whether there was a place at once.

    Signing up once more, whoever does it, changes nothing for a person, and the number of places for a class.

    :param by: who does it for ``viewer``, who is told then.
    :param late: also once the registration is closed.
    :raises CannotRegister: there is no registration, it is closed, or it is meant for others.
    """
    assert viewer.user_id is not None
    other = by if by != viewer.user_id else None
    with writing():
        event, occurrence = admit(viewer, series_id, key, for_other=other is not None, late=late)
        label, grade = for_whom(viewer, school_class, seats, event)
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
            by_id=other,
            name=viewer.name,
            school_class=label,
            grade=grade,
            seats=seats,
            waiting=bool(full),
        )
        db.session.add(row)
        db.session.flush()
        if other is not None:
            words = {"title": event.title, "when": when(occurrence)}
            waits = _l("You were put on the waiting list: “%(title)s”, %(when)s.", **words)
            placed = _l("You were signed up: “%(title)s”, %(when)s.", **words)
            tell([row.user_id], occurrence, waits if row.waiting else placed)
        move_up(event, occurrence)
        return not row.waiting


def withdraw(
    registration_id: int,
    *,
    user_id: int | None = None,
    children: Collection[int] = (),
    of: tuple[int, str] | None = None,
) -> None:
    """Give a place back; whoever waits first gets it. Whose it was is told, unless it is who gives it back.

    Either ``user_id`` says whose it must be, or whose child's, or ``of`` the series and occurrence that it must belong to.

    :raises CannotRegister: there is no such registration.
    """
    with writing():
        query = select(Registration).where(Registration.id == registration_id)
        here = of_occurrence(*of) if of is not None else (_of(user_id, children),)
        row = db.session.scalar(query.where(*here))
        if row is None:
            raise CannotRegister(_("There is no such registration any more."))
        found = described(row.series_id, row.recurrence)
        concerned = [number for number in followers([row]) if number != user_id]
        db.session.delete(row)
        db.session.flush()
        if found is None:
            return
        event, occurrence = found
        if row.user_id != user_id and occurrence.ends_at > now():
            words = {"title": event.title, "when": when(occurrence)}
            tell(concerned, occurrence, _l("Taken off the list: “%(title)s”, %(when)s.", **words))
        move_up(event, occurrence)


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
        words = {"title": event.title, "when": when(occurrence)}
        tell([row.user_id], occurrence, _l("A place became free for you: “%(title)s”, %(when)s.", **words))
        for_parent = _l("A place became free for your child: “%(title)s”, %(when)s.", **words)
        tell(parents_behind(row), occurrence, for_parent)
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


def described(series_id: int, key: str) -> tuple[Event, Occurrence] | None:
    """Return what is known of an occurrence, and when it is; None where it is not any more."""
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
    """Return what a person and the children come to and is not over, the next first."""
    return _coming(viewer, _of(viewer.user_id, viewer.children))


def of_child(viewer: Viewer, child_id: int) -> Sequence[tuple[Registration, Event, Occurrence]]:
    """Return what a parent's child comes to and is not over, the next first; nothing of anybody else's child."""
    return _coming(viewer, _of(None, {child_id} & viewer.children))


def _coming(viewer: Viewer, whose: ColumnElement[bool]) -> Sequence[tuple[Registration, Event, Occurrence]]:
    query = signed_up().where(whose, Occurrence.ends_at > now(), Event.shown_to(viewer))
    return db.session.execute(query.order_by(Occurrence.starts_at, Registration.id)).all()


def events_of(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on the series that a person or the children come to."""
    mine = select(Registration.series_id).where(_of(viewer.user_id, viewer.children))
    return Event.id.in_(mine)


def made_for_others(user_id: int) -> int:
    """Return how many people somebody signed up who are on lists still."""
    query = select(func.count()).where(Registration.by_id == user_id)
    return db.session.scalar(query) or 0


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
    """Delete what a person signed up for; those who wait move up, and whom the person signed up stay."""
    with writing():
        db.session.execute(update(Registration).where(Registration.by_id == user_id).values(by_id=None))
        rows = db.session.scalars(select(Registration).where(Registration.user_id == user_id)).all()
        keys = {(row.series_id, row.recurrence) for row in rows}
        db.session.execute(delete(Registration).where(Registration.user_id == user_id))
        for series_id, key in keys:
            found = described(series_id, key)
            if found is not None:
                move_up(*found)
