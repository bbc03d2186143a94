"""What the calendar shows on a person's own page: the next events that the person signed up for."""

from datetime import date, datetime
from typing import Final

from flask import url_for
from flask_babel import format_date, format_time

from libhub.api import PersonalLine, PersonalLines, Viewer
from libhub.api import gettext as _
from plugins.events.people import notices, registration
from plugins.events.schedule.wall_clock import local
from plugins.events.vocabulary import CANCELLED

MOST: Final = 5


def personal_lines(viewer: Viewer) -> list[PersonalLines]:
    """Return the next events of a viewer."""
    lines = []
    for row, event, occurrence in registration.mine(viewer)[:MOST]:
        when = _when(occurrence.first_day, None if event.all_day else local(occurrence.starts_at))
        said = (
            (_("cancelled") if event.state == CANCELLED else _("on the waiting list"))
            if (event.state == CANCELLED or row.waiting)
            else ""
        )
        lines.append(
            PersonalLine(
                event.title,
                notices.address(row.series_id, row.recurrence),
                ", ".join(part for part in (when, said) if part),
            )
        )
    return [PersonalLines(_("My events"), url_for("events.mine"), lines, order=10)]


def _when(day: date, at: datetime | None) -> str:
    shown = str(format_date(day, "d MMMM"))
    return f"{shown}, {format_time(at, 'HH:mm', rebase=False)}" if at else shown
