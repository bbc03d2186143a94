"""The calendar for programs of telephones and computers: iCalendar (RFC 5545) out. No Flask."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from libhub.api import Viewer, db, now
from plugins.events.models import Category, Event, Occurrence, Place
from plugins.events.people import registration
from plugins.events.schedule import recurrence
from plugins.events.schedule.wall_clock import key_of, wall_of
from plugins.events.vocabulary import CANCELLED, DRAFT, MOVED, STATES

if TYPE_CHECKING:
    from icalendar import Event as VEvent  # 3 MB that only feeds need, so it is imported where one is made

PRODUCT: Final = "-//LibHub//Events//RU"
KEPT: Final = timedelta(days=366)
"""How long after its last occurrence an event stays in a feed."""
REFRESH: Final = timedelta(hours=1)


def of_everything() -> ColumnElement[bool]:
    """Return the condition on the series of a feed: those that are not over for long."""
    recent = select(Occurrence.series_id).where(Occurrence.ends_at > now() - KEPT)
    return Event.id.in_(recent)


def of_category(category_id: int) -> ColumnElement[bool]:
    """Return the condition on the series of one category."""
    return of_everything() & (Event.category_id == category_id)


def of_person(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on the series that a person or the children come to."""
    return of_everything() & registration.events_of(viewer)


def feed(viewer: Viewer, which: ColumnElement[bool], *, name: str, base: str, zone: str) -> bytes:
    """Return the events that this viewer may see as an iCalendar file.

    ``base`` is the address of the hub without a final slash, ``zone`` the time zone of the school. What did not
    change gives the same bytes.
    """
    from icalendar import Calendar

    series = db.session.scalars(select(Event).where(which, Event.visible_to(viewer)).order_by(Event.id)).all()
    ids = [event.id for event in series]
    changed = _changed(ids)
    shown = set(
        db.session.scalars(
            select(Event.id).where(Event.series_id.in_(ids), Event.state != DRAFT, Event.shown_to(viewer))
        )
    )
    happening = _happening(ids)
    names = _Names()
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in series:
        rows = changed.get(event.id, [])
        hidden = {row.recurrence for row in rows if row.id not in shown}
        present = happening.get(event.id, frozenset()) - hidden
        calendar.add_component(_component(event, names, base, present=present))
        for row in rows:
            if row.id in shown and row.recurrence in present:
                calendar.add_component(_component(row, names, base, of=event))
    if series:
        first = min(event.starts for event in series)
        calendar.add_missing_timezones(
            first_date=date(first.year, 1, 1), last_date=date(now().year + 4, 1, 1)
        )
    # Zones first, by name: the library takes them from a set, and every process would have an order of its own.
    calendar.subcomponents.sort(key=lambda each: (each.name != "VTIMEZONE", str(each.get("tzid", ""))))
    return bytes(calendar.to_ical())


def etag_of(body: bytes) -> str:
    """Return a mark of the content, by which a program knows that nothing changed."""
    return hashlib.sha256(body).hexdigest()[:32]


class _Names:
    """Names of categories and places, read once."""

    def __init__(self) -> None:
        self.categories = dict(db.session.execute(select(Category.id, Category.name)).all())
        self.places = dict(db.session.execute(select(Place.id, Place.name)).all())

    def place(self, event: Event) -> str:
        own = self.places.get(event.place_id, "") if event.place_id else ""
        return ", ".join(filter(None, (own, event.place_text)))


def _changed(ids: Sequence[int]) -> Mapping[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    query = select(Event).where(Event.series_id.in_(ids)).order_by(Event.recurrence)
    for row in db.session.scalars(query):
        found.setdefault(row.master_id, []).append(row)
    return found


def _happening(ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    query = select(Occurrence.series_id, Occurrence.recurrence).where(Occurrence.series_id.in_(ids))
    for series_id, key in db.session.execute(query):
        found.setdefault(series_id, set()).add(key)
    return {series_id: frozenset(keys) for series_id, keys in found.items()}


def _component(
    event: Event, names: _Names, base: str, *, of: Event | None = None, present: frozenset[str] = frozenset()
) -> "VEvent":
    """Return one VEVENT; ``of`` is the series of a changed single occurrence."""
    from icalendar import Event as VEvent

    made = VEvent()
    made.add("uid", event.uid)
    made.add("dtstamp", event.updated_at)
    made.add("created", event.created_at)
    made.add("last-modified", event.updated_at)
    made.add("sequence", event.sequence)
    made.add("summary", event.title)
    made.add("dtstart", _value(event, event.starts))
    made.add("dtend", _value(event, event.ends))
    series = of or event
    key = f"?on={event.recurrence}" if of else ""
    made.add("url", f"{base}/events/{series.id}{key}")
    if event.description:
        made.add("description", event.description)
    if names.place(event):
        made.add("location", names.place(event))
    if event.category_id in names.categories:
        made.add("categories", [names.categories[event.category_id]])
    if event.organiser:
        made.add("contact", event.organiser)
    made.add("status", "CANCELLED" if event.state == CANCELLED else "CONFIRMED")
    if event.state == MOVED:
        made.add("comment", str(STATES[MOVED]))
    if of is not None:
        made.add("recurrence-id", _value(of, wall_of(event.recurrence)))
    elif event.rule or event.added:
        _add_rule(made, event, present)
    return made


def _value(event: Event, wall: datetime) -> date | datetime:
    return wall.date() if event.all_day else wall.replace(tzinfo=ZoneInfo(event.zone))


def _add_rule(made: "VEvent", event: Event, present: frozenset[str]) -> None:
    """Add the rule and what is left out of it: days taken out, holidays, occurrences that this viewer may not see."""
    from icalendar.prop import vRecur

    if event.rule:
        parts = recurrence.parts_of(event.rule)
        until = recurrence.until_of(parts["UNTIL"], event.zone)
        parts["UNTIL"] = (
            until.strftime("%Y%m%d")
            if event.all_day
            else until.replace(tzinfo=ZoneInfo(event.zone)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        )
        made.add("rrule", vRecur.from_ical(recurrence.joined(parts)))
    walls = recurrence.occurrences(event.starts, event.rule, all_day=event.all_day, added=event.added)
    missing = [wall for wall in walls if key_of(wall, all_day=event.all_day) not in present]
    extra = [wall_of(key) for key in event.added if key in present]
    _add_times(made, "exdate", event, missing)
    _add_times(made, "rdate", event, extra)


def _add_times(made: "VEvent", name: str, event: Event, walls: Iterable[datetime]) -> None:
    values: list[Any] = [_value(event, wall) for wall in walls]
    if values:
        made.add(name, values)
