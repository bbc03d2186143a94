"""What search may know of events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_date
from sqlalchemy import Row, select

from libhub.api import (
    Document,
    Facet,
    Searched,
    current_locale,
    db,
    document_of,
    item_type,
    now,
    sentences,
)
from libhub.api import lazy_gettext as _l
from plugins.events.models import Category, Event, Occurrence, Place
from plugins.events.schedule.wall_clock import local
from plugins.events.vocabulary import CANCELLED, FOR_WHOM, STATES

DATES_IN_TEXT = 12
"""The next dates of a series that the text names; all of them would drown the words."""


def _documents(numbers: Sequence[int]) -> list[Document]:
    """Return what is searched of these events; two queries, however many there are."""
    rows = db.session.execute(
        select(Event, Category.name, Place.name)
        .outerjoin(Category, Category.id == Event.category_id)
        .outerjoin(Place, Place.id == Event.place_id)
        .where(Event.id.in_(numbers), Event.present())
    ).all()
    moments = _moments(numbers)
    return [_document(event, category, place, moments.get(event.id, [])) for event, category, place in rows]


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
    return document_of(
        event,
        Searched(
            sentences(" · ".join(filter(None, head)), event.description),
            "\n".join(keywords),
            {"when": ["coming" if coming else "past"]},
        ),
    )


def _words(moment: datetime, *, whole: bool) -> str:
    day = local(moment)
    words = f"{format_date(day.date(), 'd MMMM y', current_locale())}"
    return words if whole else f"{words}, {day:%H:%M}"


EVENT = item_type(
    Event,
    label=_l("events"),
    documents=_documents,
    facets=(Facet("when", _l("When"), {"coming": _l("To come"), "past": _l("Over")}, ("когда",)),),
    editors="events.edit",
)
