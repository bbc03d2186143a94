"""The librarian's table of all events, drafts and the archive included."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint
from sqlalchemy import Select, and_, func, or_, select

from libhub.api import Action, Label, Managed, State, age_actions, archive_actions, db, now
from libhub.api import lazy_gettext as _l
from plugins.events.models import Category, Event, Occurrence
from plugins.events.schedule import series
from plugins.events.vocabulary import DRAFT, PUBLISHED, STATE_MARKS, STATES

blueprint = Blueprint("events", __name__, url_prefix="/events")

_FIRST_DAY: Final = func.min(Occurrence.first_day)
_TIMES: Final = (
    select(Occurrence.series_id, _FIRST_DAY.label("first_day"), func.max(Occurrence.ends_at).label("ends_at"))
    .group_by(Occurrence.series_id)
    .subquery()
)
"""When each series begins and when it is over."""

_PARTLY_UNMARKED: Final = select(Event.series_id).where(Event.series_id.is_not(None), Event.age.is_(None))
"""The series of which a changed single occurrence has no age mark."""


def _query() -> Select[Any]:
    return select(Event).join(_TIMES, _TIMES.c.series_id == Event.id).where(Event.series_id.is_(None))


def _beside(events: Sequence[Event]) -> Mapping[str, Any]:
    """Return what stands beside the titles of these events: first day, how many times, category; one query."""
    rows = db.session.execute(
        select(Event.id, _FIRST_DAY.label("first_day"), func.count().label("times"), Category.name)
        .join(Occurrence, Occurrence.series_id == Event.id)
        .outerjoin(Category, Category.id == Event.category_id)
        .where(Event.id.in_([event.id for event in events]))
        .group_by(Event.id, Category.name)
    )
    return {"beside": {row.id: row for row in rows}, "states": STATES, "state_marks": STATE_MARKS}


def _standing(event: Event) -> Label:
    return STATES[event.state]


Managed(
    model=Event,
    permission="events.edit",
    section=_l("Events"),
    title=_l("All events"),
    template="events/manage.html",
    order=(_TIMES.c.first_day, Event.id),
    states={
        "": State(_l("To come"), lambda: and_(Event.archived_at.is_(None), _TIMES.c.ends_at > now())),
        "draft": State(_l("Drafts"), lambda: and_(Event.archived_at.is_(None), Event.state == DRAFT)),
        "past": State(
            _l("Over"),
            lambda: and_(Event.archived_at.is_(None), _TIMES.c.ends_at <= now()),
            (_TIMES.c.first_day.desc(), Event.id),
        ),
        "unmarked": State(
            _l("Without an age mark"),
            lambda: and_(
                Event.archived_at.is_(None), or_(Event.age.is_(None), Event.id.in_(_PARTLY_UNMARKED))
            ),
        ),
        "archived": State(_l("In the archive"), lambda: Event.archived_at.is_not(None)),
    },
    actions={
        "publish": Action(
            _l("Announce"),
            lambda numbers, _value: series.set_state(numbers, DRAFT, PUBLISHED),
            about=_l("Those of them that are drafts are announced: readers see them, and search finds them."),
            states=lambda state: state != "archived",
            present=_standing,
        ),
        "draft": Action(
            _l("Back to draft"),
            lambda numbers, _value: series.set_state(numbers, PUBLISHED, DRAFT),
            about=_l(
                "Those of them that are announced become drafts, which editors alone see. "
                "Those who signed up stay on the list and are told nothing."
            ),
            states=lambda state: state not in ("draft", "archived"),
            present=_standing,
        ),
        **age_actions(Event, series.set_age),
        **archive_actions(Event, lambda numbers, into: series.set_archived(numbers, archived=into)),
    },
    query=_query,
    context=_beside,
).add_to(blueprint)
