"""Who comes: places, the waiting list that moves up by itself, classes, attendance, reminders. No Flask.

Every decision is taken inside ``writing()``, which holds the write lock before the places are counted: two
processes never give the same place away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from libhub.api import (
    STUDENT,
    LibHubError,
    Viewer,
    db,
    notify,
    now,
    parse_class,
    writing,
)
from libhub.api import gettext as _
from plugins.events.models import Event, Occurrence, Registration
from plugins.events.rules import EventData, visible_to
from plugins.events.schedule.wall_clock import local
from plugins.events.vocabulary import CANCELLED, DRAFT

PLUGIN: Final = "events"
MOST_SEATS: Final = 60
"""Of one class with those who accompany it."""
REMIND_BEFORE: Final = timedelta(hours=24)


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


def address(series_id: int, key: str) -> str:
    """Return the page of an occurrence."""
    return f"/{PLUGIN}/{series_id}?on={key}"


def standing(event: Event, occurrence: Occurrence, user_id: int | None) -> Standing:
    """Return how full an occurrence is."""
    here = _of(occurrence.series_id, occurrence.recurrence)
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
        *_of(row.series_id, row.recurrence), Registration.waiting, Registration.id < row.id
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
                *_of(series_id, key),
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
    if viewer.role == STUDENT and viewer.grade is not None:
        least, most = event.grade_from or 1, event.grade_to or 11
        if not least <= viewer.grade <= most:
            raise CannotRegister(
                _("This event is meant for grades %(least)d to %(most)d.", least=least, most=most)
            )
    return "", viewer.grade


def _open(viewer: Viewer, series_id: int, key: str) -> tuple[Event, Occurrence]:
    found = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == series_id, Occurrence.recurrence == key, visible_to(viewer))
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
        .where(*_of(occurrence.series_id, occurrence.recurrence), Registration.waiting)
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
            _(
                "A place became free for you: “%(title)s”, %(when)s.",
                title=event.title,
                when=when(occurrence),
            ),
        )
    db.session.flush()


def when(occurrence: Occurrence) -> str:
    """Return day and time of an occurrence in few words, for a notice."""
    moment = local(occurrence.starts_at)
    whole_days = "T" not in occurrence.recurrence
    return moment.strftime("%d.%m.%Y") if whole_days else moment.strftime("%d.%m.%Y %H:%M")


def tell(user_ids: Iterable[int], occurrence: Occurrence, text: str) -> None:
    """Tell people something about an occurrence."""
    notify(user_ids, text, address(occurrence.series_id, occurrence.recurrence), plugin=PLUGIN)


def _of(series_id: int, key: str) -> tuple[Any, ...]:
    return (Registration.series_id == series_id, Registration.recurrence == key)


def _taken(series_id: int, key: str) -> int:
    query = select(func.sum(Registration.seats)).where(*_of(series_id, key), Registration.waiting.is_(False))
    return db.session.scalar(query) or 0


def _queue(series_id: int, key: str) -> bool:
    query = select(Registration.id).where(*_of(series_id, key), Registration.waiting).limit(1)
    return db.session.scalar(query) is not None


def _described(series_id: int, key: str) -> tuple[Event, Occurrence] | None:
    found = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == series_id, Occurrence.recurrence == key)
    ).first()
    return (found[0], found[1]) if found else None


def rename(old_series: int, new_series: int, names: Mapping[str, str]) -> None:
    """Let registrations follow occurrences that got another name. Inside ``writing()``."""
    here = Registration.series_id == old_series
    present = set(db.session.scalars(select(Registration.recurrence).where(here).distinct()))
    moving = [key for key in names if key in present]
    for key in moving:  # aside first: the new name of one may be the old name of the next
        db.session.execute(
            update(Registration).where(here, Registration.recurrence == key).values(recurrence=f"~{key}")
        )
    for key in moving:
        db.session.execute(
            update(Registration)
            .where(here, Registration.recurrence == f"~{key}")
            .values(recurrence=names[key], series_id=new_series)
        )


def follow(event: Event, before: EventData) -> None:
    """After a change: tell people what they have to know, and move the waiting list up. Inside ``writing()``."""
    db.session.flush()
    rows = db.session.execute(
        select(Event, Occurrence)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.event_id == event.id, Occurrence.ends_at > now())
    ).all()
    moved = (before.starts, before.place_id, before.place_text) != (
        event.starts,
        event.place_id,
        event.place_text,
    )
    for described, occurrence in rows:
        people = _people(occurrence)
        if not people:
            continue
        words = {"title": described.title, "when": when(occurrence)}
        if described.state == CANCELLED and before.state != CANCELLED:
            tell(people, occurrence, _("Cancelled: “%(title)s”, %(when)s.", **words))
        elif described.state != CANCELLED and moved:
            tell(people, occurrence, _("Changed, look when and where: “%(title)s”, %(when)s.", **words))
        move_up(described, occurrence)
    _drop_orphans(event.master_id)


def tell_everybody(series: Event, *, taken_away: bool) -> None:
    """Tell those who signed up for what is to come that it was taken out of the calendar, or is in it again."""
    text = (
        _("Cancelled: “%(title)s”, %(when)s.") if taken_away else _("It takes place: “%(title)s”, %(when)s.")
    )
    rows = db.session.scalars(
        select(Occurrence).where(Occurrence.series_id == series.id, Occurrence.ends_at > now())
    ).all()
    for occurrence in rows:
        tell(_people(occurrence), occurrence, text % {"title": series.title, "when": when(occurrence)})


def _people(occurrence: Occurrence) -> list[int]:
    query = select(Registration.user_id).where(*_of(occurrence.series_id, occurrence.recurrence))
    return list(db.session.scalars(query.distinct()))


def _drop_orphans(series_id: int) -> None:
    """Delete registrations for occurrences that there are no more, and tell those people."""
    present = select(Occurrence.recurrence).where(Occurrence.series_id == series_id)
    orphans = db.session.scalars(
        select(Registration).where(
            Registration.series_id == series_id, Registration.recurrence.not_in(present)
        )
    ).all()
    event = db.session.get(Event, series_id)
    for row in orphans:
        text = _(
            "Cancelled: “%(title)s”, %(when)s.", title=event.title if event else "", when=row.recurrence[:10]
        )
        notify([row.user_id], text, f"/{PLUGIN}/mine", plugin=PLUGIN)
        db.session.delete(row)
    db.session.flush()


@dataclass(frozen=True)
class Line:
    """A line of the list of those who come."""

    id: int
    name: str
    school_class: str
    seats: int
    waiting: bool
    came: int | None
    is_class: bool


def people(series_id: int, key: str) -> list[Line]:
    """Return those who come and those who wait, in the order in which they signed up."""
    rows = db.session.scalars(
        select(Registration).where(*_of(series_id, key)).order_by(Registration.waiting, Registration.id)
    )
    return [
        Line(
            row.id,
            row.name,
            row.school_class or str(row.grade or ""),
            row.seats,
            row.waiting,
            row.came,
            bool(row.school_class),
        )
        for row in rows
    ]


def note_attendance(series_id: int, key: str, came: Mapping[int, int]) -> int:
    """Write down how many of each registration came; repeating it changes nothing. Return how many in all."""
    with writing():
        rows = db.session.scalars(
            select(Registration).where(*_of(series_id, key), Registration.id.in_(list(came)))
        ).all()
        for row in rows:
            row.came = max(0, min(came[row.id], row.seats))
        return sum(row.came or 0 for row in rows)


def mine(viewer: Viewer) -> Sequence[tuple[Registration, Event, Occurrence]]:
    """Return what a person signed up for and is not over, the next first."""
    rows = db.session.execute(
        select(Registration, Event, Occurrence)
        .join(
            Occurrence,
            (Occurrence.series_id == Registration.series_id)
            & (Occurrence.recurrence == Registration.recurrence),
        )
        .join(Event, Event.id == Occurrence.event_id)
        .where(Registration.user_id == viewer.user_id, Occurrence.ends_at > now(), visible_to(viewer))
        .order_by(Occurrence.starts_at)
    )
    return rows.all()


def remind(moment: datetime) -> int:
    """Tell people about what they come to within a day, once; return how many were told."""
    with writing():
        rows = db.session.execute(
            select(Registration, Event, Occurrence)
            .join(
                Occurrence,
                (Occurrence.series_id == Registration.series_id)
                & (Occurrence.recurrence == Registration.recurrence),
            )
            .join(Event, Event.id == Occurrence.event_id)
            .where(
                Registration.reminded.is_(False),
                Registration.waiting.is_(False),
                Event.state.not_in([CANCELLED, DRAFT]),
                Event.archived_at.is_(None),
                Occurrence.starts_at > moment,
                Occurrence.starts_at <= moment + REMIND_BEFORE,
            )
        ).all()
        for row, event, occurrence in rows:
            row.reminded = True
            words = {"title": event.title, "when": when(occurrence)}
            tell([row.user_id], occurrence, _("You are expected soon: “%(title)s”, %(when)s.", **words))
    return len(rows)


def visitors(start: datetime, end: datetime) -> dict[int | None, int]:
    """Return how many came to events that began in a period, by grade; None for those without one."""
    rows = db.session.execute(
        select(Registration.grade, func.sum(Registration.came))
        .join(
            Occurrence,
            (Occurrence.series_id == Registration.series_id)
            & (Occurrence.recurrence == Registration.recurrence),
        )
        .where(Occurrence.starts_at >= start, Occurrence.starts_at < end, Registration.came > 0)
        .group_by(Registration.grade)
    )
    return {grade: number or 0 for grade, number in rows}


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
            "when": row.recurrence,
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
