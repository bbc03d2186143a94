"""Rules of the calendar: what an event may be, saving one. No Flask here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import NaiveDatetime
from sqlalchemy import select

from libhub.api import (
    ADMINISTRATOR,
    LIBRARIAN,
    TEACHER,
    VISIBILITY,
    AgeMarkOrNone,
    Attachment,
    Data,
    Grade,
    Invalid,
    Label,
    LibHubError,
    OneLine,
    OneOf,
    Person,
    Rule,
    Text,
    Within,
    attachments,
    db,
    find_row,
    grades_in_order,
    now,
    people,
    touch,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events.models import Category, Event, Place
from plugins.events.schedule import occurrences, recurrence, school_year
from plugins.events.schedule.recurrence import BadRule
from plugins.events.vocabulary import DRAFT, EVERYBODY, FOR_WHOM, MOVED, PUBLISHED, STATES
from plugins.events.vocabulary import FIELDS as CALLED

COVER: Final = "cover"
"""The place of the one picture by which an event is known."""
LONGEST_EVENT: Final = timedelta(days=366)
MAX_PLACES: Final = 10_000
HOSTS: Final = (TEACHER, LIBRARIAN, ADMINISTRATOR)
"""Whose account may answer for an event."""
_EARLIEST, _LATEST = datetime(1990, 1, 1), datetime(2100, 1, 1)


NO_SUCH_CATEGORY: Final = _l("There is no such category any more.")
NO_SUCH_PLACE: Final = _l("There is no such place any more.")


@dataclass(frozen=True)
class Exists(Rule):
    """The number of a row that is there."""

    table: type[Category | Place]
    says: Label

    def judged(self, value: Any) -> Any:
        """Refuse a number that no row has, or has any more."""
        if db.session.get(self.table, value) is None:
            raise LibHubError(str(self.says))
        return value


def hosts(present: int | None) -> list[Person]:
    """Return those who can answer for an event, by name, and who does now."""
    found = people(roles=HOSTS, active=True)
    known = {person.id for person in found}
    return found if present is None or present in known else [*people([present]), *found]


@dataclass(frozen=True)
class HasAccount(Rule):
    """The number of an account."""

    def judged(self, value: Any) -> Any:
        """Refuse a number that nobody has, or has any more."""
        if not people([value]):
            raise LibHubError(_("There is no such account, or it is closed."))
        return value


@dataclass(frozen=True, kw_only=True)
class EventData(Data):
    """An event as a form, an import or the starter content describes it.

    ``starts`` and ``ends`` are the clock on the wall in ``zone``; of whole days they are midnights, and ``ends``
    is the midnight after the last day. ``rule`` is judged where the event is saved.
    """

    called = CALLED

    title: Annotated[str, OneLine(200, 1, _l("A title of 1 to 200 characters is needed."))]
    description: Annotated[str, Text(20_000)] = ""
    place_text: Annotated[str, Text(200)] = ""
    organiser: Annotated[str, Text(200)] = ""
    state: Annotated[str, OneOf(STATES)] = PUBLISHED
    for_whom: Annotated[str, OneOf(FOR_WHOM)] = EVERYBODY
    visibility: Annotated[str, OneOf(VISIBILITY)] = "everyone"
    age: AgeMarkOrNone = None
    grade_from: Grade = None
    grade_to: Grade = None
    places: Annotated[
        int | None, Within(1, MAX_PLACES, _l("The number of places is from 1 to %(most)d; empty means any."))
    ] = None
    close_hours: Annotated[int, Within(0, 24 * 60, _l("From 0 to %(most)d hours."))] = 0
    starts: NaiveDatetime
    ends: NaiveDatetime
    zone: str
    host_id: Annotated[int | None, HasAccount()] = None
    category_id: Annotated[int | None, Exists(Category, NO_SUCH_CATEGORY)] = None
    place_id: Annotated[int | None, Exists(Place, NO_SUCH_PLACE)] = None
    all_day: bool = False
    occupies: bool = True
    rule: str = ""
    skip_holidays: bool = False
    excluded: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    registration: bool = False

    def conflicts(self) -> Mapping[str, str]:
        """Refuse grades in the wrong order, and times that no calendar has."""
        return grades_in_order(self.grade_from, self.grade_to) | self._wrong_times()

    def _wrong_times(self) -> dict[str, str]:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            return {"starts": _("There is no time zone “%(zone)s”.", zone=self.zone[:60])}
        if not (_EARLIEST <= self.starts < _LATEST and _EARLIEST <= self.ends < _LATEST):
            return {"starts": _("The day must be between 1990 and 2100.")}
        if self.ends < self.starts or (self.all_day and self.ends == self.starts):
            return {"ends": _("The event ends before it begins. Check the days and the times.")}
        if self.ends - self.starts > LONGEST_EVENT:
            return {"ends": _("An event lasts for a year at most.")}
        return {}


FIELDS: Final = tuple(field.name for field in fields(EventData))
TIMES: Final = frozenset({"starts", "ends", "zone", "all_day", "rule", "skip_holidays", "excluded", "added"})
"""What says when it happens: a changed single occurrence does not take it over from its series."""


@dataclass(frozen=True)
class Saved:
    """What saving came to; ``notes`` are sentences that the librarian should read."""

    event_id: int
    notes: tuple[str, ...] = ()


def when_it_repeats(data: EventData) -> tuple[EventData, tuple[str, ...]]:
    """Return the data with a rule that ends, beginning when the rule first names a day, and what to say of it.

    :raises Invalid: the rule cannot be followed.
    """
    if not data.rule:
        return data, ()
    notes: tuple[str, ...] = ()
    try:
        limit = recurrence.bounded(
            data.rule, data.starts, data.zone, school_year.end_of_school_year(data.starts.date())
        )
        first = recurrence.first(limit.rule, data.starts)
    except BadRule as error:
        raise Invalid({"repeat": str(error)}) from error
    if limit.by_us:
        notes = (
            _(
                "The repetition had no end, so it ends with the school year, on %(day)s.",
                day=limit.by_us.strftime("%d.%m.%Y"),
            ),
        )
    return replace(data, rule=limit.rule, starts=first, ends=data.ends + (first - data.starts)), notes


def data_of(event: Event) -> EventData:
    """Return a row as data: the opposite of :func:`apply`."""
    return EventData.of(event, excluded=tuple(event.excluded), added=tuple(event.added))


def apply(event: Event, data: EventData) -> bool:
    """Write checked data into a row; say whether calendars of other programs have to know."""
    before = data_of(event) if event.id else None
    data.into(event, "excluded", "added")
    event.excluded, event.added = list(data.excluded), list(data.added)
    if before is None or before == data:
        return before != data
    event.sequence += 1
    event.updated_at = now()
    if data.state == MOVED and before.starts != data.starts and before.state != DRAFT:
        event.moved_from = occurrences.moment(before.starts, before)
    if data.state != MOVED:
        event.moved_from = None
    return True


def create(data: EventData, *, uid: str = "") -> Saved:
    """Add an event.

    :raises Invalid: naming every field that will not do; or the place is taken.
    """
    clean, notes = when_it_repeats(data.checked())
    with writing():
        event = Event(uid=uid or f"{uuid4()}@libhub", past=False)
        event.sequence = 0
        apply(event, clean)
        db.session.add(event)
        db.session.flush()
        settle(event)
        return Saved(event.id, notes)


def settle(event: Event) -> None:
    """Work out anew when a series happens, refuse clashes, and let search look at it.

    :raises Invalid: a place is taken, or the event never happens.
    """
    try:
        occurrences.refresh(event)
    except BadRule as error:
        raise Invalid({"repeat": str(error)}) from error
    except occurrences.PlaceTaken as error:
        raise Invalid({"place_id": str(error)}) from error
    event.past = False
    touch([event.ref])


def get(event_id: int) -> Event:
    """Return an event, whoever may see it.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Event, event_id, _l("There is no such event."))


@dataclass(frozen=True)
class Files:
    """The picture of an event and what is attached to it."""

    cover: Attachment | None
    covers: tuple[Attachment, ...]
    attached: tuple[Attachment, ...]


def files_of(series_id: int) -> Files:
    """Return the files of an event; one query."""
    ref = Event.ref_of(series_id)
    found = attachments([ref]).get(ref, [])
    covers = tuple(each for each in found if each.place == COVER)
    cover = next((each for each in covers if each.is_image), None)
    return Files(cover, covers, tuple(each for each in found if each.place == ""))


def children(series: Event) -> list[Event]:
    """Return the changed single occurrences of a series."""
    query = select(Event).where(Event.series_id == series.id).order_by(Event.recurrence)
    return list(db.session.scalars(query))


def names_of(event: Event) -> tuple[Category | None, str]:
    """Return the category of an event and the name of its place; nothing where it has none."""
    category = db.session.get(Category, event.category_id) if event.category_id else None
    place = db.session.get(Place, event.place_id) if event.place_id else None
    return category, place.name if place else ""
