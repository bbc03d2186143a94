"""When events happen, worked out into rows: pages, rooms and feeds then ask the database and nothing else. No Flask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Protocol

from sqlalchemy import ColumnElement, case, func, select

from libhub.api import LibHubError, db
from libhub.api import gettext as _
from plugins.events.models import Booking, Event, Occurrence, Place
from plugins.events.schedule import recurrence, school_year
from plugins.events.schedule.wall_clock import day_begins, days_of, key_of, local, to_utc
from plugins.events.vocabulary import CANCELLED


class Timed(Protocol):
    """Something with a clock on a wall."""

    @property
    def all_day(self) -> bool:
        """Whether it is whole days."""

    @property
    def zone(self) -> str:
        """Where the clock hangs."""


class PlaceTaken(LibHubError):
    """Two things cannot be at one place at the same time; the message names the other one and when."""


@dataclass(frozen=True)
class Taken:
    """A stretch of time in which a place is taken, and by what."""

    place_id: int
    starts_at: datetime
    ends_at: datetime
    title: str


def moment(wall: datetime, event: "Timed") -> datetime:
    """Return the moment of a time of an event; whole days are those of the school, wherever it is."""
    return day_begins(wall.date()) if event.all_day else to_utc(wall, event.zone)


def walls(series: Event) -> list[datetime]:
    """Return when a series happens by its rule, holidays left out where it skips them.

    :raises recurrence.BadRule: too often, too far, or never.
    """
    off: frozenset[date] = frozenset()
    if series.skip_holidays and series.rule:
        off = school_year.days_off(series.starts.date(), (series.starts + recurrence.FURTHEST).date())
    return recurrence.occurrences(
        series.starts,
        series.rule,
        all_day=series.all_day,
        excluded=series.excluded,
        added=series.added,
        days_off=off,
    )


def refresh(series: Event) -> None:
    """Write the occurrences of a series anew; rows that are still right stay. Inside ``writing()``.

    :raises recurrence.BadRule: see :func:`walls`.
    :raises PlaceTaken: something else is at the place.
    """
    changed = {
        row.recurrence: row for row in db.session.scalars(select(Event).where(Event.series_id == series.id))
    }
    length = series.ends - series.starts
    wanted: dict[str, tuple[Event, datetime, datetime]] = {}
    for wall in walls(series):
        key = key_of(wall, all_day=series.all_day)
        row = changed.get(key)
        if row is None:
            wanted[key] = (series, *_moments(series, wall, wall + length))
        else:
            wanted[key] = (row, *_moments(row, row.starts, row.ends))
    for key, row in changed.items():
        if key not in wanted:
            db.session.delete(row)
    present = {
        row.recurrence: row
        for row in db.session.scalars(select(Occurrence).where(Occurrence.series_id == series.id))
    }
    for key in present.keys() - wanted.keys():
        db.session.delete(present[key])
    for key, (row, starts_at, ends_at) in wanted.items():
        found = present.get(key) or Occurrence(series_id=series.id, recurrence=key)
        found.event_id, found.starts_at, found.ends_at = row.id, starts_at, ends_at
        found.first_day, found.last_day = days_of(starts_at, ends_at)
        db.session.add(found)
    db.session.flush()
    _refuse_clashes(series.id, wanted.values())


def _moments(event: Event, starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """Return beginning and end in UTC; the length on the clock stays the same on the day when clocks change."""
    return moment(starts, event), moment(ends, event)


def _refuse_clashes(series_id: int, wanted: Iterable[tuple[Event, datetime, datetime]]) -> None:
    needed = [
        Taken(event.place_id, starts_at, ends_at, event.title)
        for event, starts_at, ends_at in wanted
        if event.place_id and event.occupies and event.state != CANCELLED and not event.archived_at
    ]
    needed.sort(key=lambda each: each.starts_at)
    for one, after in pairwise(needed):
        if one.place_id == after.place_id and after.starts_at < one.ends_at:
            raise _clash(after, after.title)
    refuse_taken(needed, except_series=series_id)


def refuse_taken(
    needed: Sequence[Taken], *, except_series: int | None = None, except_booking: int | None = None
) -> None:
    """Make sure that nothing else is at these places then. Inside ``writing()``, so that it stays true.

    :raises PlaceTaken: naming the first clash.
    """
    if not needed:
        return
    start = min(each.starts_at for each in needed)
    end = max(each.ends_at for each in needed)
    others = taken(
        {each.place_id for each in needed},
        start,
        end,
        except_series=except_series,
        except_booking=except_booking,
    )
    for each in needed:
        for other in others:
            if (
                other.place_id == each.place_id
                and other.starts_at < each.ends_at
                and each.starts_at < other.ends_at
            ):
                raise _clash(each, other.title)


def _clash(each: Taken, other: str) -> PlaceTaken:
    place = db.session.get(Place, each.place_id)
    return PlaceTaken(
        _(
            "“%(place)s” is taken on %(when)s: “%(other)s”. Choose another time or place.",
            place=place.name if place else "",
            when=local(each.starts_at).strftime("%d.%m.%Y %H:%M"),
            other=other,
        )
    )


def taken(
    place_ids: Iterable[int],
    start: datetime,
    end: datetime,
    *,
    except_series: int | None = None,
    except_booking: int | None = None,
    shown: ColumnElement[bool] | None = None,
) -> list[Taken]:
    """Return what takes these places between two moments, by events and by bookings, in order of time.

    Events that are not ``shown`` take their place without a title.
    """
    ids = list(place_ids)
    title = Event.title if shown is None else case((shown, Event.title), else_="")
    events = (
        select(Event.place_id, Occurrence.starts_at, Occurrence.ends_at, title)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Event.place_id.in_(ids),
            Event.occupies,
            Event.state != CANCELLED,
            Event.archived_at.is_(None),
            Occurrence.starts_at < end,
            Occurrence.ends_at > start,
        )
    )
    if except_series is not None:
        events = events.where(Occurrence.series_id != except_series)
    bookings = select(Booking.place_id, Booking.starts_at, Booking.ends_at, Booking.title).where(
        Booking.place_id.in_(ids), Booking.starts_at < end, Booking.ends_at > start
    )
    if except_booking is not None:
        bookings = bookings.where(Booking.id != except_booking)
    rows = [*db.session.execute(events), *db.session.execute(bookings)]
    return sorted((Taken(*row) for row in rows), key=lambda each: (each.starts_at, each.title))


def last_end(series_id: int) -> datetime | None:
    """Return when the last occurrence of a series ends."""
    return db.session.scalar(select(func.max(Occurrence.ends_at)).where(Occurrence.series_id == series_id))
