"""The school's year as data: the year, quarters, holidays, days off; repetition can leave holidays out. No Flask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from sqlalchemy import select

from libhub.api import Data, Must, OneLine, db, find_row, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events.models import Period
from plugins.events.schedule.wall_clock import DAY
from plugins.events.vocabulary import DAY_OFF, HOLIDAYS, PERIODS, YEAR

LONGEST: Final = timedelta(days=400)
FREE: Final = (HOLIDAYS, DAY_OFF)


_NAME_AND_KIND: Final = _l("Write a name of 1 to 120 characters and choose what it is.")


@dataclass(frozen=True)
class PeriodData(Data):
    """A part of the school year, both days in it."""

    kind: Annotated[str, Must(PERIODS.__contains__, _NAME_AND_KIND)]
    name: Annotated[str, OneLine(120, 1, _NAME_AND_KIND)]
    first_day: date
    last_day: date

    def conflicts(self) -> Mapping[str, str]:
        """Refuse days in the wrong order, or too far from each other."""
        if timedelta(0) <= self.last_day - self.first_day <= LONGEST:
            return {}
        return {"last_day": _("The last day is before the first one, or more than a year later.")}


def listing() -> Sequence[Period]:
    """Return every part of every school year that is known, in the order of the calendar."""
    return db.session.scalars(
        select(Period).order_by(Period.first_day, Period.last_day.desc(), Period.id)
    ).all()


def touching(start: date, end: date) -> list[Period]:
    """Return the parts that touch these days, both in it."""
    query = select(Period).where(Period.first_day <= end, Period.last_day >= start).order_by(Period.first_day)
    return list(db.session.scalars(query))


def days_off(start: date, end: date) -> frozenset[date]:
    """Return the days of holidays and the days off between two days, both in it."""
    found: set[date] = set()
    for period in touching(start, end):
        if period.kind in FREE:
            day, last = max(period.first_day, start), min(period.last_day, end)
            found.update(day + DAY * number for number in range((last - day).days + 1))
    return frozenset(found)


def end_of_school_year(day: date) -> date:
    """Return the last day of the school year of ``day``; where none is entered, the next 31 August."""
    query = select(Period.last_day).where(
        Period.kind == YEAR, Period.first_day <= day, Period.last_day >= day
    )
    last = db.session.scalar(query.order_by(Period.last_day.desc()))
    if last is not None:
        return last
    return date(day.year + (day.month > 8), 8, 31)


def save(data: PeriodData, period_id: int | None = None) -> None:
    """Add a part of the school year, or change one. What skips holidays is worked out anew by the caller.

    :raises Invalid: something about it will not do.
    """
    clean = data.checked()
    with writing():
        period = get(period_id) if period_id else Period()
        clean.into(period)
        db.session.add(period)


def get(period_id: int) -> Period:
    """Return a part of the school year.

    :raises LibHubError: there is none with this number.
    """
    return find_row(Period, period_id, _l("There is no such part of the school year."))


def delete(period_id: int) -> None:
    """Delete a part of the school year."""
    with writing():
        db.session.delete(get(period_id))
