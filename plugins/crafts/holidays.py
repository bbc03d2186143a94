"""When the holidays are, and which of them is near. No Flask here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from libhub.api import Label
from libhub.api import lazy_gettext as _l

NEAR: Final = timedelta(days=14)
"""How long before a holiday it is time to make something for it."""

_SUNDAY: Final = 6
_MONDAY: Final = 0


@dataclass(frozen=True)
class Holiday:
    """A holiday: what it is called and on which day of a year it is."""

    label: Label
    day_of: Callable[[int], date]


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _weekday_of(month: int, weekday: int, number: int) -> Callable[[int], date]:
    """The ``number``-th such weekday of a month, counted from 1; the last one for -1."""

    def day_of(year: int) -> date:
        if number < 0:
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    return day_of


def easter(year: int) -> date:
    """Return the day of Orthodox Easter (the Julian computus, 13 days apart from 1900 to 2099)."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def _after_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


HOLIDAYS: Final[dict[str, Holiday]] = {
    "new_year": Holiday(_l("New Year"), _fixed(1, 1)),
    "defender": Holiday(_l("Defender of the Fatherland Day"), _fixed(2, 23)),
    "maslenitsa": Holiday(_l("Maslenitsa"), _after_easter(-49)),
    "womens_day": Holiday(_l("8 March"), _fixed(3, 8)),
    "bird_day": Holiday(_l("Bird Day"), _fixed(4, 1)),
    "book_week": Holiday(_l("Children's Book Day"), _fixed(4, 2)),
    "space_day": Holiday(_l("Cosmonautics Day"), _fixed(4, 12)),
    "easter": Holiday(_l("Easter"), easter),
    "victory": Holiday(_l("Victory Day"), _fixed(5, 9)),
    "library_day": Holiday(_l("Day of Libraries"), _fixed(5, 27)),
    "children": Holiday(_l("Children's Day"), _fixed(6, 1)),
    "pushkin": Holiday(_l("Pushkin Day"), _fixed(6, 6)),
    "knowledge": Holiday(_l("Day of Knowledge"), _fixed(9, 1)),
    "teachers": Holiday(_l("Teachers' Day"), _fixed(10, 5)),
    "fathers": Holiday(_l("Father's Day"), _weekday_of(10, _SUNDAY, 3)),
    "school_library": Holiday(_l("School Library Day"), _weekday_of(10, _MONDAY, 4)),
    "mothers": Holiday(_l("Mother's Day"), _weekday_of(11, _SUNDAY, -1)),
}

LABELS: Final[dict[str, Label]] = {code: holiday.label for code, holiday in HOLIDAYS.items()}


@dataclass(frozen=True)
class Coming:
    """A holiday and the next day on which it is."""

    code: str
    label: Label
    day: date
    days_left: int


def coming(today: date) -> Iterator[Coming]:
    """Yield every holiday with its next day, the nearest first."""
    found = []
    for code, holiday in HOLIDAYS.items():
        day = holiday.day_of(today.year)
        if day < today:
            day = holiday.day_of(today.year + 1)
        found.append(Coming(code, holiday.label, day, (day - today).days))
    yield from sorted(found, key=lambda each: (each.day, each.code))


def near(today: date) -> list[Coming]:
    """Return the holidays of the next two weeks, the nearest first."""
    return [each for each in coming(today) if each.day - today <= NEAR]
