"""Attendance: the list of those who come, and who came. No Flask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from libhub.api import db, writing
from plugins.events.models import Occurrence, Registration
from plugins.events.people.registration import of_occurrence


@dataclass(frozen=True)
class Line:
    """A line of the list of those who come."""

    id: int
    name: str
    school_class: str
    seats: int
    waiting: bool
    came: int | None
    is_class: bool


def people(series_id: int, key: str) -> list[Line]:
    """Return those who come and those who wait, in the order in which they signed up."""
    rows = db.session.scalars(
        select(Registration)
        .where(*of_occurrence(series_id, key))
        .order_by(Registration.waiting, Registration.id)
    )
    return [
        Line(
            row.id,
            row.name,
            row.school_class or str(row.grade or ""),
            row.seats,
            row.waiting,
            row.came,
            bool(row.school_class),
        )
        for row in rows
    ]


def note_attendance(series_id: int, key: str, came: Mapping[int, int]) -> int:
    """Write down how many of each registration came; repeating it changes nothing. Return how many in all."""
    with writing():
        rows = db.session.scalars(
            select(Registration).where(*of_occurrence(series_id, key), Registration.id.in_(list(came)))
        ).all()
        for row in rows:
            row.came = max(0, min(came[row.id], row.seats))
        return sum(row.came or 0 for row in rows)


def visitors(start: datetime, end: datetime) -> dict[int | None, int]:
    """Return how many came to events that began in a period, by grade; None for those without one."""
    rows = db.session.execute(
        select(Registration.grade, func.sum(Registration.came))
        .join(
            Occurrence,
            (Occurrence.series_id == Registration.series_id)
            & (Occurrence.recurrence == Registration.recurrence),
        )
        .where(Occurrence.starts_at >= start, Occurrence.starts_at < end, Registration.came > 0)
        .group_by(Registration.grade)
    )
    return {grade: number or 0 for grade, number in rows}
