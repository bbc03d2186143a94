"""Attendance: the list of those who come, and who came. No Flask."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from libhub.api import db, writing
from libhub.api import people as accounts
from plugins.events.models import Occurrence, Registration
from plugins.events.people.registration import of_occurrence


@dataclass(frozen=True)
class Line:
    """A line of the list of those who come; ``class_id`` is the number of a pupil's class, None for a class that is signed up."""

    id: int
    user_id: int
    name: str
    school_class: str
    seats: int
    waiting: bool
    came: int | None
    is_class: bool
    class_id: int | None = None


def people(series_id: int, key: str) -> list[Line]:
    """Return those who come and those who wait, in the order in which they signed up."""
    rows = db.session.scalars(
        select(Registration)
        .where(*of_occurrence(series_id, key))
        .order_by(Registration.waiting, Registration.id)
    ).all()
    known = {person.id: person for person in accounts({row.user_id for row in rows})}
    return [
        Line(
            row.id,
            row.user_id,
            row.name,
            row.school_class or known[row.user_id].school_class or str(row.grade or ""),
            row.seats,
            row.waiting,
            row.came,
            bool(row.school_class),
            None if row.school_class else known[row.user_id].class_id,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Tick:
    """What somebody saw beside a name, and what they made of it: how many came, or None where nobody has looked."""

    saw: int | None
    came: int | None


@dataclass(frozen=True)
class Noted:
    """What became of some ticks: how many came in all, whose line says something else by now, how many lines are gone."""

    came: int
    otherwise: tuple[Line, ...]
    gone: int


def note_attendance(
    series_id: int, key: str, ticks: Mapping[int, Tick], among: Collection[int] | None = None
) -> Noted:
    """Write down, by the numbers of registrations, how many came; repeating it changes nothing.

    ``among``: the numbers of those that are seen, where it is not the whole list; the others are as if they were not there.

    A tick changes only what it saw: what somebody else noted in the meantime stays, as does a line that was left as it was.
    """
    changed = {number: tick for number, tick in ticks.items() if tick.saw != tick.came}
    with writing():
        present = {
            row.id: row
            for row in db.session.scalars(select(Registration).where(*of_occurrence(series_id, key)))
            if among is None or row.id in among
        }
        otherwise = set()
        for number in changed.keys() & present.keys():
            row, tick = present[number], changed[number]
            came = None if tick.came is None else max(0, min(tick.came, row.seats))
            if row.came == tick.saw:
                row.came = came
            elif row.came != came:
                otherwise.add(number)
        total = sum(row.came or 0 for row in present.values())
    lines = [line for line in people(series_id, key) if line.id in otherwise]
    return Noted(total, tuple(lines), len(changed.keys() - present.keys()))


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
