"""What the calendar keeps of people, counts for the report, and does once an hour. No Flask."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from libhub.api import db, touch, writing
from libhub.api import gettext as _
from plugins.events import rooms, rules
from plugins.events.exchange import ical_out
from plugins.events.models import Event, Occurrence
from plugins.events.people import registration
from plugins.events.vocabulary import CANCELLED, DRAFT


def personal_data(user_id: int) -> Mapping[str, object]:
    """Return everything that the calendar keeps of a person."""
    made_at = ical_out.link_made_at(user_id)
    return {
        "registrations": registration.personal_data(user_id),
        "bookings": rooms.personal_data(user_id),
        "secret_address_since": made_at.isoformat() if made_at else None,
    }


def erase_personal_data(user_id: int) -> None:
    """Delete everything that the calendar keeps of a person."""
    with writing():
        registration.erase_personal_data(user_id)
        rooms.erase_personal_data(user_id)
        ical_out.revoke_link(user_id)


def statistics(start: datetime, end: datetime) -> Mapping[str, int]:
    """Return how many events there were and who came, by grade."""
    held = (
        select(func.count())
        .select_from(Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Occurrence.starts_at >= start,
            Occurrence.starts_at < end,
            Event.state.not_in([CANCELLED, DRAFT]),
            Event.archived_at.is_(None),
        )
    )
    by_grade = registration.visitors(start, end)
    numbers = {
        _("Events"): db.session.scalar(held) or 0,
        _("Visitors of events"): sum(by_grade.values()),
    }
    for grade in sorted(grade for grade in by_grade if grade is not None):
        numbers[_("Visitors of events, grade %(grade)d", grade=grade)] = by_grade[grade]
    return numbers


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
        touch([rules.ref(event.id) for event in rows])
    return len(rows)


def periodic(moment: datetime) -> None:
    """Remind people, and let search know what is over."""
    registration.remind(moment)
    mark_past(moment)
