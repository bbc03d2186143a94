"""What the calendar counts for the librarian's report. No Flask."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from libhub.api import db
from libhub.api import gettext as _
from plugins.events.models import Event, Occurrence
from plugins.events.people import attendance
from plugins.events.vocabulary import CANCELLED, DRAFT


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
    by_grade = attendance.visitors(start, end)
    numbers = {
        _("Events"): db.session.scalar(held) or 0,
        _("Visitors of events"): sum(by_grade.values()),
    }
    for grade in sorted(grade for grade in by_grade if grade is not None):
        numbers[_("Visitors of events, grade %(grade)d", grade=grade)] = by_grade[grade]
    return numbers
