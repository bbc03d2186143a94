"""Memorable dates: birthdays, what happened, days of every year; how long ago is worked out, never typed. No Flask."""

import calendar
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from sqlalchemy import Row, and_, or_, select

from libhub.api import Data, Must, OneLine, db, deletable, find_row, ngettext, today, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.events.models import MemorableDate
from plugins.events.schedule.wall_clock import DAY
from plugins.events.vocabulary import BIRTHDAY, DATE_KINDS, EDIT, HAPPENED, YEARLY_DAY

ROUND: Final = 5
"""Years of which a multiple is an anniversary."""
_LEAP: Final = 2024
FEW_DAYS: Final = 8
"""Up to which the database picks the days; of more, whole months are read and picked from here."""

Dated: TypeAlias = Row[Any] | MemorableDate
"""A memorable date as an object, or its columns."""
_COLUMNS: Final = tuple(MemorableDate.__table__.columns)  # rows of columns are read twice as fast as objects


_WORDS: Final = _l("Write a name of 1 to 200 characters; the explanation has at most 500.")


@dataclass(frozen=True)
class DateData(Data):
    """A memorable date as a form or the starter content describes it."""

    kind: Annotated[str, Must(DATE_KINDS.__contains__, _l("Choose what kind of date it is."))]
    title: Annotated[str, OneLine(200, 1, _WORDS)]
    day: int
    month: int
    year: int | None = None
    whom: Annotated[str, OneLine(200, 0, _WORDS)] = ""
    about: Annotated[str, OneLine(500, 0, _WORDS)] = ""

    def conflicts(self) -> Mapping[str, str]:
        """Refuse a year that is missing or still to come, and a day that no month has."""
        problems = {}
        if self.kind in (BIRTHDAY, HAPPENED) and self.year is None:
            problems["year"] = _("The year is needed: from it is worked out how long ago it was.")
        if self.year is not None and not 1 <= self.year <= today().year:
            problems["year"] = _("The year must lie between 1 and this year.")
        try:
            date(_LEAP, self.month, self.day)
        except ValueError:
            problems["day"] = _("There is no such day in that month.")
        return problems


@dataclass(frozen=True)
class Remembered:
    """A memorable date in one year: the day, the words, and whether it is an anniversary."""

    id: int
    day: date
    text: str
    about: str
    kind: str
    anniversary: bool


def on_day(row: Dated, year: int) -> date:
    """Return the day in a year; the 29th of February is remembered a day earlier in other years."""
    if (row.month, row.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return date(year, row.month, row.day)


def words(row: Dated, year: int) -> str:
    """Return what is remembered in a year: «225 лет со дня рождения Владимира Ивановича Даля»."""
    passed = year - row.year if row.year else 0
    if passed <= 0:
        return row.title
    if row.kind == BIRTHDAY:
        return ngettext(
            "%(num)d year since the birth of %(whom)s",
            "%(num)d years since the birth of %(whom)s",
            passed,
            whom=row.whom or row.title,
        )
    return ngettext("%(title)s: %(num)d year ago", "%(title)s: %(num)d years ago", passed, title=row.title)


def between(start: date, end: date) -> list[Remembered]:
    """Return what is remembered between two days, both in it, in the order of the days; one query."""
    if end < start:
        return []
    pairs = {(day.month, day.day) for day in _days(start, end)}
    months = {month for month, _day in pairs}
    query = select(*_COLUMNS).where(MemorableDate.month.in_(months))
    if len(pairs) <= FEW_DAYS:
        exact = [and_(MemorableDate.month == month, MemorableDate.day == day) for month, day in sorted(pairs)]
        query = query.where(or_(*exact, and_(MemorableDate.month == 2, MemorableDate.day == 29)))
    found = [
        _remembered(row, day)
        for row in db.session.execute(query)
        for year in range(start.year, end.year + 1)
        if start <= (day := on_day(row, year)) <= end
    ]
    return sorted(found, key=lambda each: (each.day, not each.anniversary, each.text))


def _days(start: date, end: date) -> list[date]:
    return [start + DAY * number for number in range(min((end - start).days, 366) + 1)]


def _remembered(row: Dated, day: date) -> Remembered:
    passed = day.year - row.year if row.year else 0
    anniversary = passed > 0 and passed % ROUND == 0
    return Remembered(row.id, day, words(row, day.year), row.about, row.kind, anniversary)


def save(data: DateData, date_id: int | None = None) -> int:
    """Add a memorable date, or change one; return its number.

    :raises Invalid: there is no such day, or something is missing.
    """
    clean = data.checked()
    with writing():
        row = get(date_id) if date_id else MemorableDate()
        clean.into(row)
        db.session.add(row)
        db.session.flush()
        return row.id


def get(date_id: int) -> MemorableDate:
    """Return a memorable date.

    :raises LibHubError: there is none with this number.
    """
    return find_row(MemorableDate, date_id, _l("There is no such memorable date."))


def delete(date_id: int) -> DateData:
    """Delete a memorable date; return it, so that it can be put back."""
    with writing():
        row = get(date_id)
        data = DateData.of(row)
        db.session.delete(row)
    return data


deletable(MemorableDate, EDIT)


def of_month(month: int) -> Sequence[MemorableDate]:
    """Return the memorable dates of a month."""
    query = select(MemorableDate).where(MemorableDate.month == month)
    return db.session.scalars(query.order_by(MemorableDate.day, MemorableDate.title)).all()


def load_starter(path: Path) -> None:
    """Add the dates of a TOML file (``[[date]]`` tables) that are not there yet."""
    with writing():
        known = set(db.session.execute(select(MemorableDate.title, MemorableDate.month, MemorableDate.day)))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["date"]:
            data = _from_toml(entry)
            if (data.title, data.month, data.day) not in known:
                save(data)


def _from_toml(entry: Mapping[str, str]) -> DateData:
    """Read ``on = "1801-11-22"``; a day of every year is ``on = "05-27"``."""
    *year, month, day = entry["on"].split("-")
    return DateData(
        kind=entry.get("kind", BIRTHDAY if year else YEARLY_DAY),
        title=entry["title"],
        day=int(day),
        month=int(month),
        year=int(year[0]) if year else None,
        whom=entry.get("whom", ""),
        about=entry.get("about", ""),
    )
