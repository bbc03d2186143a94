"""Telling people of their courses: what the librarian writes, and what is due. No Flask."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from libhub.api import Label, LibHubError, db, notify, one_line, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses.rules import PLUGIN
from plugins.training.learning.models import Enrolment
from plugins.training.learning.supervision import rows
from plugins.training.models import Course

REMIND_BEFORE: Final = timedelta(days=3)
MAX_MESSAGE: Final = 400


def tell(course_id: int, state: str, text: str) -> int:
    """Send a message about a course to those who are in this state in it; return to how many.

    :raises LibHubError: there is nothing to say, or nobody to say it to.
    """
    message = one_line(text)
    if not 1 <= len(message) <= MAX_MESSAGE:
        raise LibHubError(_("Write a message of 1 to %(most)d characters.", most=MAX_MESSAGE))
    found = rows(course_id, state)
    if not found:
        raise LibHubError(_("There is nobody in this list."))
    notify([row.person.id for row in found], message, f"/{PLUGIN}/{course_id}", plugin=PLUGIN)
    return len(found)


def remind(day: date) -> None:
    """Remind people of what is due: three days before, on the day, and once when it is past."""
    with writing():
        query = (
            select(Enrolment, Course.title)
            .join(Course, Course.id == Enrolment.course_id)
            .where(
                Enrolment.completed_at.is_(None),
                Enrolment.due_on <= day + REMIND_BEFORE,
                Course.archived_at.is_(None),
                Course.published,
            )
        )
        for row, title in db.session.execute(query).all():
            assert row.due_on
            stage = _stage(row.due_on, day)
            if row.reminded_on is not None and _stage(row.due_on, row.reminded_on) == stage:
                continue
            row.reminded_on = day
            notify(
                [row.user_id],
                _reminder(stage, title, row.due_on),
                f"/{PLUGIN}/{row.course_id}",
                plugin=PLUGIN,
            )


def _stage(due_on: date, day: date) -> int:
    """Return 0 in the days before, 1 on the day, 2 afterwards."""
    return 0 if day < due_on else 1 if day == due_on else 2


def _reminder(stage: int, title: str, due_on: date) -> Label:
    values = {"title": title, "day": due_on}
    if stage == 0:
        return _l("The course “%(title)s” is due on %(day)s.", **values)
    if stage == 1:
        return _l("The course “%(title)s” is due today.", title=title)
    return _l(
        "The course “%(title)s” was due on %(day)s. Finish it, or ask the librarian for more time.", **values
    )
