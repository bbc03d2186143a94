"""Rules of the calendar: what an event may be, who sees it, saving one. No Flask here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, true

from libhub.api import (
    AGE_MARKS,
    Attachment,
    ItemRef,
    LibHubError,
    Viewer,
    attachments,
    db,
    now,
    tidy,
    touch,
    writing,
)
from libhub.api import gettext as _
from plugins.events.models import Category, Event, Place
from plugins.events.schedule import occurrences, recurrence, school_year
from plugins.events.schedule.recurrence import BadRule
from plugins.events.vocabulary import (
    DRAFT,
    EVERYBODY,
    FOR_WHOM,
    GRADES,
    MOVED,
    PUBLISHED,
    STATES,
    VISIBILITY,
    VISIBILITY_LABELS,
)

PLUGIN: Final = "events"
KIND: Final = "event"
COVER: Final = "cover"
"""The place of the one picture by which an event is known."""
LONGEST_EVENT: Final = timedelta(days=366)
MAX_PLACES: Final = 10_000
_LONGEST: Final = {"description": 20_000, "place_text": 200, "organiser": 200}
_EARLIEST, _LATEST = datetime(1990, 1, 1), datetime(2100, 1, 1)


@dataclass(frozen=True)
class EventData:
    """An event as a form, an import or the starter content describes it, already of the right types.

    ``starts`` and ``ends`` are the clock on the wall in ``zone``; of whole days they are midnights, and ``ends``
    is the midnight after the last day.
    """

    title: str
    starts: datetime
    ends: datetime
    zone: str
    all_day: bool = False
    description: str = ""
    category_id: int | None = None
    place_id: int | None = None
    place_text: str = ""
    occupies: bool = True
    organiser: str = ""
    for_whom: str = EVERYBODY
    grade_from: int | None = None
    grade_to: int | None = None
    visibility: str = "everyone"
    age: int = 0
    rule: str = ""
    skip_holidays: bool = False
    excluded: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    state: str = PUBLISHED
    registration: bool = False
    places: int | None = None
    close_hours: int = 0


FIELDS: Final = tuple(field.name for field in fields(EventData))
TIMES: Final = frozenset({"starts", "ends", "zone", "all_day", "rule", "skip_holidays", "excluded", "added"})
"""What says when it happens: a changed single occurrence does not take it over from its series."""


class InvalidEvent(LibHubError):
    """Something about an event will not do: ``problems`` are sentences by field name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Saved:
    """What saving came to; ``notes`` are sentences that the librarian should read."""

    event_id: int
    notes: tuple[str, ...] = ()


def ref(series_id: int) -> ItemRef:
    """Return the search address of an event, with all its occurrences."""
    return ItemRef(PLUGIN, KIND, str(series_id))


def audience(event: Event) -> frozenset[str]:
    """Return the labels of those who may find an event; drafts and archived ones nobody finds."""
    if event.archived_at or event.state == DRAFT:
        return frozenset()
    return frozenset({VISIBILITY_LABELS[event.visibility]})


def visible_to(viewer: Viewer, *, drafts: bool = True) -> ColumnElement[bool]:
    """Return the condition on events that this viewer may see; editors see drafts, too, if ``drafts``."""
    allowed = [name for name, label in VISIBILITY_LABELS.items() if label in viewer.labels]
    shown = true() if drafts and viewer.can("events.edit") else Event.state != DRAFT
    return and_(
        Event.archived_at.is_(None), shown, Event.visibility.in_(allowed), Event.age <= viewer.age_limit
    )


def meant_for_grade(grade: int) -> ColumnElement[bool]:
    """Return the condition on events that are meant for a grade, or for everybody in it."""
    return and_(
        Event.for_whom.in_([EVERYBODY, "pupils"]),
        or_(Event.grade_from.is_(None), Event.grade_from <= grade),
        or_(Event.grade_to.is_(None), Event.grade_to >= grade),
    )


def check(data: EventData) -> EventData:
    """Return the data trimmed, its rule bounded.

    :raises InvalidEvent: naming every field that will not do.
    """
    problems: dict[str, str] = {}
    title = " ".join(tidy(data.title).split())
    if not 1 <= len(title) <= 200:
        problems["title"] = _("A title of 1 to 200 characters is needed.")
    texts: dict[str, Any] = {name: tidy(getattr(data, name)).strip() for name in _LONGEST}
    for name, most in _LONGEST.items():
        if len(texts[name]) > most:
            problems[name] = _("At most %(most)d characters.", most=most)
    for name, value, known in (
        ("state", data.state, tuple(STATES)),
        ("for_whom", data.for_whom, tuple(FOR_WHOM)),
        ("visibility", data.visibility, tuple(VISIBILITY)),
        ("age", data.age, AGE_MARKS),
    ):
        if value not in known:
            problems[name] = _(
                "“%(value)s” is not one of: %(known)s.", value=value, known=", ".join(map(str, known))
            )
    problems |= _check_people(data) | _check_times(data)
    if data.category_id is not None and db.session.get(Category, data.category_id) is None:
        problems["category_id"] = _("There is no such category any more.")
    if data.place_id is not None and db.session.get(Place, data.place_id) is None:
        problems["place_id"] = _("There is no such place any more.")
    if problems:
        raise InvalidEvent(problems)
    return replace(data, title=title, **texts)


def _check_people(data: EventData) -> dict[str, str]:
    problems = {
        name: _("A grade is a number from 1 to 11.")
        for name, grade in (("grade_from", data.grade_from), ("grade_to", data.grade_to))
        if grade is not None and grade not in GRADES
    }
    if data.grade_from and data.grade_to and data.grade_from > data.grade_to:
        problems["grade_to"] = _("The last grade is before the first one.")
    if data.places is not None and not 1 <= data.places <= MAX_PLACES:
        problems["places"] = _(
            "The number of places is from 1 to %(most)d; empty means any.", most=MAX_PLACES
        )
    if not 0 <= data.close_hours <= 24 * 60:
        problems["close_hours"] = _("From 0 to %(most)d hours.", most=24 * 60)
    return problems


def _check_times(data: EventData) -> dict[str, str]:
    try:
        ZoneInfo(data.zone)
    except (KeyError, ValueError, OSError):
        return {"starts": _("There is no time zone “%(zone)s”.", zone=data.zone[:60])}
    if not (_EARLIEST <= data.starts < _LATEST and _EARLIEST <= data.ends < _LATEST):
        return {"starts": _("The day must be between 1990 and 2100.")}
    if data.ends < data.starts or (data.all_day and data.ends == data.starts):
        return {"ends": _("The event ends before it begins. Check the days and the times.")}
    if data.ends - data.starts > LONGEST_EVENT:
        return {"ends": _("An event lasts for a year at most.")}
    return {}


def when_it_repeats(data: EventData) -> tuple[EventData, tuple[str, ...]]:
    """Return the data with a rule that ends, beginning when the rule first names a day, and what to say of it.

    :raises InvalidEvent: the rule cannot be followed.
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
        raise InvalidEvent({"repeat": str(error)}) from error
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
    values = {name: getattr(event, name) for name in FIELDS}
    return EventData(**values | {"excluded": tuple(event.excluded), "added": tuple(event.added)})


def apply(event: Event, data: EventData) -> bool:
    """Write checked data into a row; say whether calendars of other programs have to know."""
    before = data_of(event) if event.id else None
    for name in FIELDS:
        value = getattr(data, name)
        setattr(event, name, list(value) if name in ("excluded", "added") else value)
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

    :raises InvalidEvent: see :func:`check`; or the place is taken.
    """
    clean, notes = when_it_repeats(check(data))
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

    :raises InvalidEvent: a place is taken, or the event never happens.
    """
    try:
        occurrences.refresh(event)
    except BadRule as error:
        raise InvalidEvent({"repeat": str(error)}) from error
    except occurrences.PlaceTaken as error:
        raise InvalidEvent({"place_id": str(error)}) from error
    event.past = False
    touch([ref(event.id)])


def get(event_id: int) -> Event:
    """Return an event, whoever may see it.

    :raises LibHubError: there is none with this number.
    """
    event = db.session.get(Event, event_id)
    if event is None:
        raise LibHubError(_("There is no such event."))
    return event


@dataclass(frozen=True)
class Files:
    """The picture of an event and what is attached to it."""

    cover: Attachment | None
    covers: tuple[Attachment, ...]
    attached: tuple[Attachment, ...]


def files_of(series_id: int) -> Files:
    """Return the files of an event; one query."""
    found = attachments([ref(series_id)]).get(ref(series_id), [])
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
