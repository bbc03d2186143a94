"""What the calendar does once an hour. No Flask."""

from datetime import datetime

from sqlalchemy import func, select

from libhub.api import db, touch, writing
from plugins.events.models import Event, Occurrence
from plugins.events.people import reminders


def mark_past(moment: datetime) -> int:
    """Tell search of the events that are over since it last heard; return how many."""
    with writing():
        over = (
            select(Occurrence.series_id)
            .group_by(Occurrence.series_id)
            .having(func.max(Occurrence.ends_at) <= moment)
        )
        rows = db.session.scalars(select(Event).where(Event.past.is_(False), Event.id.in_(over))).all()
        for event in rows:
            event.past = True
        touch([event.ref for event in rows])
    return len(rows)


def periodic(moment: datetime) -> None:
    """Remind people, and let search know what is over."""
    reminders.remind(moment)
    mark_past(moment)
