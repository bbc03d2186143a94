"""What search may know of events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_date
from sqlalchemy import Row, select

from libhub.api import Document, Facet, ItemType, Summary, Viewer, current_locale, db, now, sentences
from libhub.api import lazy_gettext as _l
from plugins.events import rules
from plugins.events.models import Category, Event, Occurrence, Place
from plugins.events.schedule.wall_clock import local
from plugins.events.vocabulary import CANCELLED, DRAFT, FOR_WHOM, STATES

DATES_IN_TEXT = 12
"""The next dates of a series that the text names; all of them would drown the words."""


def keys() -> Iterable[str]:
    """Return the numbers of all events that somebody may find."""
    query = select(Event.id).where(
        Event.series_id.is_(None), Event.archived_at.is_(None), Event.state != DRAFT
    )
    return map(str, db.session.scalars(query))


def documents(some: Sequence[str]) -> list[Document]:
    """Return what is searched of these events; three queries, however many there are."""
    numbers = [int(key) for key in some]
    rows = db.session.execute(
        select(Event, Category.name, Place.name)
        .outerjoin(Category, Category.id == Event.category_id)
        .outerjoin(Place, Place.id == Event.place_id)
        .where(Event.id.in_(numbers), Event.series_id.is_(None))
    ).all()
    moments = _moments(numbers)
    return [
        _document(event, category, place, moments.get(event.id, []))
        for event, category, place in rows
        if rules.audience(event)
    ]


def _moments(numbers: Sequence[int]) -> dict[int, list[Row[Any, Any, Any]]]:
    query = select(Occurrence.series_id, Occurrence.starts_at, Occurrence.ends_at).where(
        Occurrence.series_id.in_(numbers)
    )
    found: dict[int, list[Row[Any, Any, Any]]] = {}
    for row in db.session.execute(query.order_by(Occurrence.starts_at)):
        found.setdefault(row.series_id, []).append(row)
    return found


def _document(
    event: Event, category: str | None, place: str | None, times: Sequence[Row[Any, Any, Any]]
) -> Document:
    coming = [row for row in times if row.ends_at > now()]
    shown = (coming or times[-1:])[:DATES_IN_TEXT]
    head = ["; ".join(_words(row.starts_at, whole=event.all_day) for row in shown)]
    if event.state == CANCELLED:
        head.insert(0, str(STATES[CANCELLED]))
    head += [place or event.place_text, event.organiser]
    keywords = [category or "", str(FOR_WHOM[event.for_whom])]
    if coming:
        keywords.append(event.title)  # said twice, an event to come stands before one that is over
    return Document(
        ref=rules.ref(event.id),
        title=event.title,
        text=sentences(" · ".join(filter(None, head)), event.description),
        keywords="\n".join(keywords),
        audience=rules.audience(event),
        age=event.age,
        facets={"when": ["coming" if coming else "past"]},
    )


def _words(moment: datetime, *, whole: bool) -> str:
    day = local(moment)
    words = f"{format_date(day.date(), 'd MMMM y', current_locale())}"
    return words if whole else f"{words}, {day:%H:%M}"


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the events among these that the viewer may see now."""
    query = select(Event.id, Event.title, Event.age).where(
        Event.id.in_([int(key) for key in some]),
        Event.series_id.is_(None),
        rules.visible_to(viewer, drafts=False),
    )
    return {
        str(number): Summary(title, f"/{rules.PLUGIN}/{number}", age)
        for number, title, age in db.session.execute(query)
    }


def editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the events among these whose files the viewer may change."""
    return frozenset(some) if viewer.can("events.edit") else frozenset()


EVENT = ItemType(
    plugin=rules.PLUGIN,
    kind=rules.KIND,
    label=_l("events"),
    keys=keys,
    documents=documents,
    summaries=summaries,
    editable=editable,
    facets=(Facet("when", _l("When"), {"coming": _l("To come"), "past": _l("Over")}, ("когда",)),),
)
