"""The classes of the school as things: found by what people type, made where there is none yet, led by a teacher.

A class stays the same thing through the years: each September its grade is one higher.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import func, select

from libhub.accounts.models import SchoolClass, User
from libhub.accounts.school_class import ClassName
from libhub.base.db import db, read_rows
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import today
from libhub.caching.remembering import remember

FIRST_MONTH: Final = 8
"""From August on it is the coming school year that people prepare."""
_LED: Final = select(SchoolClass.__table__.c.id).where(SchoolClass.__table__.c.archived_at.is_(None))


def school_year(day: date | None = None) -> int:
    """Return the year in which the school year of a day (today) began."""
    day = day or today()
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def every_class() -> list[SchoolClass]:
    """Return the classes of the school, those that left it not among them, in the order of the school."""
    query = select(SchoolClass).where(SchoolClass.archived_at.is_(None))
    return list(db.session.scalars(query.order_by(SchoolClass.grade, SchoolClass.letter)))


def get_class(number: int) -> SchoolClass:
    """Return a class, also one that left.

    :raises LibHubError: there is none with this number.
    """
    found = db.session.get(SchoolClass, number)
    if found is None:
        raise LibHubError(_("There is no such class."))
    return found


def class_named(name: ClassName) -> SchoolClass | None:
    """Return the class that is called so now."""
    return db.session.scalar(
        select(SchoolClass).where(
            SchoolClass.grade == name.grade,
            SchoolClass.letter == name.letter,
            SchoolClass.archived_at.is_(None),
        )
    )


def find_or_make(name: ClassName) -> SchoolClass:
    """Return the class that is called so, made within the transaction that is open where there is none yet."""
    found = class_named(name)
    if found is None:
        found = SchoolClass(grade=name.grade, letter=name.letter, school_year=school_year())
        db.session.add(found)
        db.session.flush()
    return found


def led_by(user_id: int) -> frozenset[int]:
    """Return the numbers of the classes whose teacher this is."""
    return remember(
        ("classes led", user_id),
        lambda: frozenset(
            number for (number,) in read_rows(_LED.where(SchoolClass.__table__.c.teacher_id == user_id))
        ),
    )


def members(numbers: Iterable[int], *, active: bool | None = True) -> list[User]:
    """Return the people of these classes by name; ``active`` as in :func:`libhub.accounts.people.people`."""
    query = select(User).where(User.class_id.in_(list(numbers)))
    if active is not None:
        query = query.where(User.active.is_(active))
    return list(db.session.scalars(query.order_by(User.sort_name, User.id)))


def how_many() -> dict[int, int]:
    """Return how many people that may sign in are in each class, by its number."""
    query = (
        select(SchoolClass.id, func.count()).join(User, User.class_id == SchoolClass.id).where(User.active)
    )
    return {number: count for number, count in db.session.execute(query.group_by(SchoolClass.id))}
