"""Giving courses to people, and taking them back. No Flask."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from libhub.api import (
    ADMINISTRATOR,
    LIBRARIAN,
    STAFF_LABEL,
    TEACHER,
    Label,
    LibHubError,
    Person,
    db,
    notify,
    people,
    role_label,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses import rules
from plugins.training.courses.audience import person_label
from plugins.training.courses.rules import PLUGIN
from plugins.training.learning import progress
from plugins.training.learning.models import Enrolment
from plugins.training.models import Course

STAFF_ROLES: Final = (TEACHER, LIBRARIAN, ADMINISTRATOR)


def courses() -> Sequence[Course]:
    """Return the courses that can be given to people."""
    query = select(Course).where(Course.present()).order_by(Course.title)
    return db.session.scalars(query).all()


def candidates() -> list[Person]:
    """Return everybody who may take a course."""
    return people(roles=STAFF_ROLES, active=True)


def assign(course_id: int, user_ids: Collection[int], roles: Collection[str], due_on: date | None) -> int:
    """Give a course to people and to everybody who has one of the roles now; return to how many.

    People for whom the course is not are told about to the librarian, instead of being given what they cannot open.

    :raises LibHubError: nobody was chosen, the course is a draft, or it is not for some of them.
    """
    wanted = [person for person in candidates() if person.id in user_ids or person.role in roles]
    if not wanted:
        raise LibHubError(_("Choose people or a role."))
    with writing():
        course = rules.get_course(course_id)
        if not course.published or course.archived_at:
            raise LibHubError(_("This course is a draft. Open it first."))
        readers = course.readers()
        outside = [person.name for person in wanted if not readers & _labels(person)]
        if outside:
            names = ", ".join(outside[:10])
            raise LibHubError(
                _("The course is not for: %(names)s. Change for whom it is, or leave them out.", names=names)
            )
        for person in wanted:
            row = progress.enrol(course_id, person.id)
            row.assigned, row.due_on, row.reminded_on = True, due_on, None
        waiting = [
            person.id for person in wanted if progress.enrol(course_id, person.id).completed_at is None
        ]
        notify(waiting, _assigned_text(course.title, due_on), f"/{PLUGIN}/{course_id}", plugin=PLUGIN)
    return len(wanted)


def _labels(person: Person) -> frozenset[str]:
    return frozenset({STAFF_LABEL, role_label(person.role), person_label(person.id)})


def _assigned_text(title: str, due_on: date | None) -> Label:
    if due_on is None:
        return _l("You were given the course “%(title)s”.", title=title)
    return _l("You were given the course “%(title)s”, due on %(day)s.", title=title, day=due_on)


def withdraw(course_id: int, user_id: int) -> None:
    """Take a course back from a person; what they did in it stays, and they may go on by themselves."""
    with writing():
        row = db.session.get(Enrolment, (course_id, user_id))
        if row is not None and row.started_at is None:
            db.session.delete(row)
        elif row is not None:
            row.assigned, row.due_on, row.reminded_on = False, None, None
