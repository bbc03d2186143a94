"""Classes as the school lists them: who is in each, and how they are changed, joined and put away."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from libhub.accounts.classes import class_named, every_class, get_class, members
from libhub.accounts.models import SchoolClass, User
from libhub.accounts.people import Person, people
from libhub.accounts.permissions import STAFF
from libhub.accounts.school_class import ClassName, parse_class
from libhub.base.db import db, writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.base.text import one_line
from libhub.kit.seen import refuse_stale

GROUP_LENGTH = 40


@dataclass(frozen=True)
class Row:
    """A class in the list: how many may sign in, and how many of them ever did."""

    id: int
    name: str
    teacher: str
    people: int
    signed_in: int


@dataclass(frozen=True)
class Member:
    """Somebody in a class."""

    id: int
    name: str
    username: str
    group: str
    last_visit_on: date | None


def listed(numbers: Collection[int] | None = None) -> list[Row]:
    """Return the classes of the school in its order: all of them, or these."""
    return _rows(each for each in every_class() if numbers is None or each.id in numbers)


def archived() -> dict[int, list[Row]]:
    """Return the classes that left, by the year in which they did, the last one first."""
    query = select(SchoolClass).where(SchoolClass.archived_at.is_not(None))
    order = (SchoolClass.school_year.desc(), SchoolClass.grade, SchoolClass.letter, SchoolClass.id)
    found = list(db.session.scalars(query.order_by(*order)))
    rows = {row.id: row for row in _rows(found)}
    by_year: dict[int, list[Row]] = {}
    for each in found:
        by_year.setdefault(each.school_year + 1, []).append(rows[each.id])
    return by_year


def _rows(some: Iterable[SchoolClass]) -> list[Row]:
    found = list(some)
    names = {
        person.id: person.name for person in people({each.teacher_id for each in found if each.teacher_id})
    }
    counts: dict[int | None, tuple[int, int]] = {}
    if found:
        query = (
            select(User.class_id, User.active, func.count(), func.count(User.last_visit_on))
            .where(User.class_id.in_([each.id for each in found]))
            .group_by(User.class_id, User.active)
        )
        archived_ids = {each.id for each in found if each.archived_at}
        for class_id, active, number, signed_in in db.session.execute(query):
            if active or class_id in archived_ids:  # of a class that left, its people are closed
                before = counts.get(class_id, (0, 0))
                counts[class_id] = (before[0] + number, before[1] + signed_in)
    return [
        Row(each.id, each.name, names.get(each.teacher_id or 0, ""), *counts.get(each.id, (0, 0)))
        for each in found
    ]


def members_of(row: SchoolClass) -> list[Member]:
    """Return the people of a class by name; of one that left, also those whose accounts are closed."""
    return [
        Member(user.id, user.name, user.username, user.class_group, user.last_visit_on)
        for user in members([row.id], active=None if row.archived_at else True)
    ]


def teachers() -> list[Person]:
    """Return who can be a class teacher, by name."""
    return people(roles=STAFF, active=True)


def save_class(number: int | None, name: str, teacher_id: int | None, school_year: int) -> int:
    """Add a class, or change the one with this number; return its number.

    :raises LibHubError: it is no name of a class, or that of another one; the teacher is none.
    """
    typed = parse_class(name)
    if typed is None:
        raise LibHubError(_("Write the class as a grade from 1 to 11 and a letter, such as 5А."))
    with writing():
        row = get_class(number) if number is not None else SchoolClass()
        _refuse_taken(typed, row.id, archived=row.archived_at is not None)
        if teacher_id not in {None, row.teacher_id, *(person.id for person in teachers())}:
            raise LibHubError(_("Choose one of the teachers."))
        row.grade, row.letter = typed.grade, typed.letter
        row.teacher_id, row.school_year = teacher_id, school_year
        db.session.add(row)
        db.session.flush()
        return row.id


def _refuse_taken(name: ClassName, except_id: int | None, *, archived: bool = False) -> None:
    other = None if archived else class_named(name)
    if other is not None and other.id != except_id:
        raise LibHubError(_("There is a class %(name)s already. You can join the two.", name=name))


def save_groups(class_id: int, groups: Mapping[int, str]) -> int:
    """Say who is in which group of a class; return for how many that is something new. Others than its people stay as they are."""
    with writing():
        changed = 0
        for user in members([class_id], active=None):
            group = one_line(groups.get(user.id, user.class_group))[:GROUP_LENGTH]
            if user.class_group != group:
                user.class_group = group
                changed += 1
        return changed


def join_classes(number: int, into: int, seen: str | None = None) -> int:
    """Move everybody of a class into another one, and delete it; return how many were moved.

    :param seen: the mark of :func:`what_is_joined` that somebody saw.
    :raises LibHubError: one of them is not there, or they are the same one.
    :raises StaleView: others are in it by now.
    """
    with writing():
        row, target = get_class(number), get_class(into)
        if row.id == target.id or target.archived_at is not None:
            raise LibHubError(_("Choose another class."))
        if seen is not None:
            refuse_stale(seen, what_is_joined(number, into))
        moved = members([number], active=None)
        for user in moved:
            user.school_class, user.class_group = target, ""
        db.session.flush()
        db.session.delete(row)
        return len(moved)


def what_is_joined(number: int, into: int) -> list[object]:
    """Return what whoever joins two classes has seen: which, and who is moved."""
    return [number, into, [user.id for user in members([number], active=None)]]


def put_away(number: int) -> bool:
    """Put a class into the archive; one in which nobody ever was is deleted. Return whether it is still there.

    :raises LibHubError: somebody in it may sign in.
    """
    with writing():
        row = get_class(number)
        everybody = members([number], active=None)
        if any(user.active for user in everybody):
            raise LibHubError(
                _(
                    "There are people in %(name)s. Join it with another class, or close their accounts first.",
                    name=row.name,
                )
            )
        if not everybody:
            db.session.delete(row)
            return False
        row.archived_at = now()
        return True


def bring_back(number: int) -> None:
    """Bring a class back from the archive.

    :raises LibHubError: there is another one of its name by now.
    """
    with writing():
        row = get_class(number)
        _refuse_taken(ClassName(row.grade, row.letter), row.id)
        row.archived_at = None
