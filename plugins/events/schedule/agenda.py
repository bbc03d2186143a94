"""What a calendar shows between two days: events, what other sections put in, memorable dates. No Flask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select

from libhub.api import CalendarEntry, Label, Viewer, calendar_entries, db, now, school_zone
from plugins.events import memorable_dates
from plugins.events.memorable_dates import Remembered
from plugins.events.models import Category, Event, Occurrence, Place
from plugins.events.people.notices import PLUGIN, address
from plugins.events.schedule import school_year
from plugins.events.schedule.wall_clock import DAY, local
from plugins.events.vocabulary import EVERYBODY, FOR_WHOM, SHAPES, YEARLY_DAY

MOST_DAYS: Final = 400
MOST_ENTRIES: Final = 2_000
"""More than that nobody reads on one page."""
_PLAIN: Final = ("grey", "circle")


@dataclass(frozen=True)
class Filters:
    """What the visitor narrowed the calendar down to; empty values narrow nothing."""

    category: int | None = None
    place: int | None = None
    for_whom: str = ""
    grade: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is narrowed down."""
        return any((self.category, self.place, self.for_whom, self.grade))


@dataclass(frozen=True)
class Entry:
    """A line of the calendar; days are the school's, times the clock on its wall, None for whole days."""

    title: str
    url: str
    first_day: date
    last_day: date
    starts: datetime | None = None
    ends: datetime | None = None
    category: Label = ""
    colour: str = _PLAIN[0]
    mark: str = SHAPES[_PLAIN[1]][0]
    state: str = "published"
    place: str = ""
    age: int | None = None
    series_id: int | None = None
    recurrence: str = ""

    @property
    def hour(self) -> str:
        """The beginning as a clock shows it, ``09:30``; empty for whole days."""
        return f"{self.starts:%H:%M}" if self.starts else ""

    @property
    def sort_key(self) -> tuple[date, bool, datetime | date, str]:
        """Whole days stand before hours."""
        return (self.first_day, self.starts is not None, self.starts or self.first_day, self.title)


@dataclass(frozen=True)
class Day:
    """A day of the calendar with what is in it."""

    date: date
    entries: tuple[Entry, ...] = ()
    remembered: tuple[Remembered, ...] = ()
    period: str = ""
    """Holidays or a day off, by name."""

    @property
    def marked(self) -> tuple[Remembered, ...]:
        """What is remembered where there is little room: anniversaries and the days of every year."""
        return tuple(each for each in self.remembered if each.anniversary or each.kind == YEARLY_DAY)


@dataclass(frozen=True)
class Choices:
    """What one can narrow the calendar down to."""

    categories: tuple[tuple[int, str, str, str], ...] = ()
    """Number, name, colour and sign."""
    places: tuple[tuple[int, str], ...] = ()
    for_whom: Mapping[str, Label] = field(default_factory=lambda: FOR_WHOM)


def choices() -> Choices:
    """Return the categories and places that there are."""
    categories = db.session.execute(
        select(Category.id, Category.name, Category.colour, Category.shape).order_by(
            Category.position, Category.name
        )
    )
    places = db.session.execute(
        select(Place.id, Place.name).where(Place.archived.is_(False)).order_by(Place.position, Place.name)
    )
    return Choices(
        tuple((number, name, colour, SHAPES[shape][0]) for number, name, colour, shape in categories),
        tuple(places),
    )


def _query(viewer: Viewer, filters: Filters) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Occurrence.series_id,
            Occurrence.recurrence,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.first_day,
            Occurrence.last_day,
            Event.title,
            Event.all_day,
            Event.state,
            Event.age,
            Event.place_text,
            Place.name.label("place"),
            Category.name.label("category"),
            Category.colour,
            Category.shape,
        )
        .join(Event, Event.id == Occurrence.event_id)
        .outerjoin(Place, Place.id == Event.place_id)
        .outerjoin(Category, Category.id == Event.category_id)
        .where(Event.shown_to(viewer))
    )
    if filters.category:
        query = query.where(Event.category_id == filters.category)
    if filters.place:
        query = query.where(Event.place_id == filters.place)
    if filters.for_whom:
        query = query.where(Event.for_whom.in_([filters.for_whom, EVERYBODY]))
    if filters.grade:
        query = query.where(Event.meant_for(filters.grade))
    return query


def events(viewer: Viewer, start: date, end: date, filters: Filters = Filters()) -> list[Entry]:
    """Return the events between two days, both in it, in order; one query."""
    query = _query(viewer, filters).where(Occurrence.first_day <= end, Occurrence.last_day >= start)
    rows = db.session.execute(query.order_by(Occurrence.starts_at, Event.title).limit(MOST_ENTRIES))
    return _entries(rows)


def coming(viewer: Viewer, number: int) -> list[Entry]:
    """Return the next events that are not over, each series once, with its next date."""
    query = _query(viewer, Filters()).where(Occurrence.ends_at > now())
    found: dict[int, Row[Any]] = {}
    with db.session.execute(
        query.order_by(Occurrence.starts_at, Event.title).execution_options(yield_per=50)
    ) as rows:
        for row in rows:
            found.setdefault(row.series_id, row)
            if len(found) == number:
                break
    return _entries(found.values())


def of_series(viewer: Viewer, series_id: int, number: int = 12) -> list[Entry]:
    """Return the next occurrences of one series."""
    query = _query(viewer, Filters()).where(Occurrence.series_id == series_id, Occurrence.ends_at > now())
    return _entries(db.session.execute(query.order_by(Occurrence.starts_at).limit(number)))


def _entries(rows: Iterable[Row[Any]]) -> list[Entry]:
    zone = school_zone()
    return [_entry(row, zone) for row in rows]


def _entry(row: Row[Any], zone: ZoneInfo) -> Entry:
    values = row._mapping
    whole = values["all_day"]
    return Entry(
        title=values["title"],
        url=address(values["series_id"], values["recurrence"]),
        first_day=values["first_day"],
        last_day=values["last_day"],
        starts=None if whole else values["starts_at"].astimezone(zone),
        ends=None if whole else values["ends_at"].astimezone(zone),
        category=values["category"] or "",
        colour=values["colour"] or _PLAIN[0],
        mark=SHAPES[values["shape"] or _PLAIN[1]][0],
        state=values["state"],
        place=values["place"] or values["place_text"],
        age=values["age"],
        series_id=values["series_id"],
        recurrence=values["recurrence"],
    )


def others(viewer: Viewer, start: date, end: date) -> list[Entry]:
    """Return what other sections put into the calendar."""
    found = calendar_entries(viewer, start, end, besides=PLUGIN)
    return [_of_section(entry) for _plugin, entry in found]


def _of_section(entry: CalendarEntry) -> Entry:
    return Entry(
        title=str(entry.title),
        url=entry.url,
        first_day=entry.first_day,
        last_day=entry.last_day,
        starts=local(entry.starts_at) if entry.starts_at else None,
        ends=local(entry.ends_at) if entry.ends_at else None,
        category=entry.kind,
        mark=SHAPES["ring"][0],
    )


def days(viewer: Viewer, start: date, end: date, filters: Filters = Filters()) -> list[Day]:
    """Return every day between two days, both in it, with what is in it; the queries do not grow with the days."""
    entries = events(viewer, start, end, filters)
    if not filters:
        entries = sorted([*entries, *others(viewer, start, end)], key=lambda entry: entry.sort_key)
    remembered: dict[date, list[Remembered]] = {}
    for each in memorable_dates.between(start, end):
        remembered.setdefault(each.day, []).append(each)
    names = {
        start + DAY * number: period.name
        for period in school_year.touching(start, end)
        if period.kind in school_year.FREE
        for number in range((period.first_day - start).days, (period.last_day - start).days + 1)
    }
    by_day = _by_day(entries, start, end)
    return [
        Day(
            day,
            tuple(by_day.get(day, ())),
            tuple(each for each in remembered.get(day, ()) if each.text != names.get(day)),
            names.get(day, ""),
        )
        for day in (start + DAY * number for number in range((end - start).days + 1))
    ]


def _by_day(entries: Iterable[Entry], start: date, end: date) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = {}
    for entry in entries:
        day, last = max(entry.first_day, start), min(entry.last_day, end)
        while day <= last:
            found.setdefault(day, []).append(entry)
            day += DAY
    return found
