"""Places: which there are, who has them when, what is free, and taking one without an event. No Flask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from libhub.api import LibHubError, Viewer, db, deletable, find_row, now, one_line, school_zone, writing
from libhub.api import gettext as _
from plugins.events.models import Booking, Event, Place
from plugins.events.rules import NO_SUCH_PLACE
from plugins.events.schedule import occurrences
from plugins.events.schedule.occurrences import PlaceTaken, Taken
from plugins.events.schedule.wall_clock import DAY, day_begins, local, to_utc
from plugins.events.vocabulary import EDIT

OPENS, CLOSES = time(8), time(20)
"""The hours in which free time is shown."""
LONGEST: Final = timedelta(hours=14)
FURTHEST: Final = timedelta(days=366)


@dataclass(frozen=True)
class Stretch:
    """A stretch of a day at one place; the title is empty where it is free, or nobody's business."""

    starts: datetime
    ends: datetime
    title: str = ""
    free: bool = True
    booking_id: int | None = None
    mine: bool = False


@dataclass(frozen=True)
class PlaceDay:
    """A day of one place: what takes it and what is free, in the order of time."""

    place_id: int
    name: str
    seats: int | None
    stretches: tuple[Stretch, ...]


def listing(*, archived: bool = False) -> Sequence[Place]:
    """Return the places, those in the archive as well if asked for."""
    query = select(Place).order_by(Place.archived, Place.position, Place.name)
    return db.session.scalars(query if archived else query.where(Place.archived.is_(False))).all()


def day(day: date, viewer: Viewer) -> list[PlaceDay]:
    """Return every place with its day; the queries do not grow with the places."""
    places = listing()
    start, end = day_begins(day), day_begins(day + DAY)
    ids = [place.id for place in places]
    taken = occurrences.taken(ids, start, end, shown=Event.shown_to(viewer))
    own = {
        (row.place_id, row.starts_at): row
        for row in db.session.scalars(
            select(Booking).where(Booking.place_id.in_(ids), Booking.starts_at < end, Booking.ends_at > start)
        )
    }
    found = []
    for place in places:
        here = [
            _stretch(each, own.get((place.id, each.starts_at)), viewer)
            for each in taken
            if each.place_id == place.id
        ]
        found.append(PlaceDay(place.id, place.name, place.seats, tuple(with_free(day, here))))
    return found


def _stretch(each: Taken, booking: Booking | None, viewer: Viewer) -> Stretch:
    is_booking = booking is not None and booking.title == each.title
    return Stretch(
        local(each.starts_at),
        local(each.ends_at),
        each.title,
        False,
        booking.id if booking and is_booking else None,
        bool(booking and is_booking and may_change(booking, viewer)),
    )


def with_free(day: date, taken: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches of a day with the free ones between them."""
    zone = school_zone()
    at, closes = datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)
    found: list[Stretch] = []
    for each in sorted(taken, key=lambda one: one.starts):
        if each.starts > at:
            found.append(Stretch(at, min(each.starts, closes)))
        found.append(each)
        at = max(at, each.ends)
    if at < closes:
        found.append(Stretch(at, closes))
    return [each for each in found if not each.free or each.ends > each.starts]


def may_change(booking: Booking, viewer: Viewer) -> bool:
    """Say whether somebody may give a booked place back: their own, and the librarian every one."""
    return viewer.can("events.edit") or (viewer.user_id is not None and booking.user_id == viewer.user_id)


def book(viewer: Viewer, place_id: int, day: date, starts: time, ends: time, title: str) -> int:
    """Take a place for some hours of a day; return the number of the booking.

    :raises LibHubError: something is missing or makes no sense.
    :raises PlaceTaken: something else is there.
    """
    name = one_line(title)
    if not 1 <= len(name) <= 200:
        raise LibHubError(_("Write what the place is needed for, up to 200 characters."))
    if ends <= starts or datetime.combine(day, ends) - datetime.combine(day, starts) > LONGEST:
        raise LibHubError(
            _("The end must be later than the beginning, by %(hours)d hours at most.", hours=14)
        )
    zone = str(school_zone())
    starts_at = to_utc(datetime.combine(day, starts), zone)
    ends_at = to_utc(datetime.combine(day, ends), zone)
    if not now() - DAY <= starts_at <= now() + FURTHEST:
        raise LibHubError(_("A place is booked from today on, for a year at most."))
    with writing():
        place = db.session.get(Place, place_id)
        if place is None or place.archived:
            raise LibHubError(str(NO_SUCH_PLACE))
        try:
            occurrences.refuse_taken([Taken(place_id, starts_at, ends_at, name)])
        except PlaceTaken as error:
            raise PlaceTaken(
                _("“%(place)s” is taken at that time. Look at what is free below.", place=place.name)
            ) from error
        booking = Booking(
            place_id=place_id, user_id=viewer.user_id, title=name, starts_at=starts_at, ends_at=ends_at
        )
        db.session.add(booking)
        db.session.flush()
        return booking.id


def give_back(booking_id: int, viewer: Viewer) -> None:
    """Give a booked place back.

    :raises LibHubError: there is no such booking, or it is somebody else's.
    """
    with writing():
        booking = db.session.get(Booking, booking_id)
        if booking is None or not may_change(booking, viewer):
            raise LibHubError(_("There is no such booking, or it is not yours."))
        db.session.delete(booking)


def _refuse_if_taken(booking: Booking) -> None:
    here = Taken(booking.place_id, booking.starts_at, booking.ends_at, booking.title)
    occurrences.refuse_taken([here], except_booking=booking.id)


deletable(Booking, EDIT, _refuse_if_taken)


def save_place(name: str, seats: int | None, place_id: int | None = None, *, archived: bool = False) -> int:
    """Add a place, or change one.

    :raises LibHubError: the name or the number of seats will not do.
    """
    clean = one_line(name)
    if not 1 <= len(clean) <= 120 or (seats is not None and not 1 <= seats <= 10_000):
        raise LibHubError(_("Write a name of 1 to 120 characters; seats are a number from 1, or nothing."))
    with writing():
        place = find_row(Place, place_id, NO_SUCH_PLACE) if place_id else Place(position=0)
        place.name, place.seats, place.archived = clean, seats, archived
        db.session.add(place)
        db.session.flush()
        return place.id


def personal_data(user_id: int) -> list[dict[str, str]]:
    """Return what a person booked."""
    rows = db.session.scalars(select(Booking).where(Booking.user_id == user_id).order_by(Booking.starts_at))
    return [{"when": row.starts_at.isoformat(), "what": row.title} for row in rows]


def erase_personal_data(user_id: int) -> None:
    """Delete a person's bookings."""
    with writing():
        for row in db.session.scalars(select(Booking).where(Booking.user_id == user_id)):
            db.session.delete(row)
