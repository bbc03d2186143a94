"""The librarian's overview: who is where in which course, who is late, who finished. No Flask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from libhub.api import Label, Person, PersonLine, db, people, today
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.learning import course_list
from plugins.training.learning.models import Certificate, Enrolment, Progress
from plugins.training.models import Course, Lesson

STATES: Final[dict[str, Label]] = {
    "": _l("everybody"),
    "late": _l("late"),
    "going": _l("under way"),
    "finished": _l("finished"),
    "idle": _l("not begun"),
}


@dataclass(frozen=True)
class Row:
    """Where a person is in a course."""

    person: Person
    course: Course
    done: int
    total: int
    assigned: bool
    due_on: date | None
    started: bool
    touched_at: datetime
    completed_at: datetime | None
    lesson: str
    """The lesson where they are."""
    certificate: str

    @property
    def late(self) -> bool:
        """Whether they should have finished by now."""
        return self.completed_at is None and self.due_on is not None and self.due_on < today()

    @property
    def state(self) -> str:
        """A name of :data:`STATES`."""
        if self.completed_at:
            return "finished"
        if self.late:
            return "late"
        return "going" if self.started else "idle"

    @property
    def percent(self) -> int:
        """How much is done."""
        return 100 * self.done // self.total if self.total else 0


def rows(course_id: int | None = None, state: str = "") -> list[Row]:
    """Return where everybody is: who is late first; the number of queries does not depend on how many there are."""
    query = (
        select(Enrolment, Course, Lesson.title, Certificate.number)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Lesson, Lesson.id == Enrolment.last_lesson_id)
        .outerjoin(
            Certificate,
            (Certificate.user_id == Enrolment.user_id) & (Certificate.course_id == Enrolment.course_id),
        )
        .where(Course.archived_at.is_(None))
    )
    if course_id is not None:
        query = query.where(Course.id == course_id)
    found = db.session.execute(query).all()
    totals = {key: number for key, number in db.session.execute(course_list.counted_lessons())}
    mine = (
        course_list.counted_lessons()
        .join(Progress, Progress.lesson_id == Lesson.id)
        .add_columns(Progress.user_id)
        .where(Progress.completed_at.is_not(None))
        .group_by(Progress.user_id)
    )
    done = {(course, user): number for course, number, user in db.session.execute(mine)}
    names = {person.id: person for person in people({enrolment.user_id for enrolment, *_rest in found})}
    made = [
        Row(
            names[enrolment.user_id],
            course,
            done.get((course.id, enrolment.user_id), 0),
            totals.get(course.id, 0),
            enrolment.assigned,
            enrolment.due_on,
            enrolment.started_at is not None,
            enrolment.touched_at,
            enrolment.completed_at,
            title or "",
            number or "",
        )
        for enrolment, course, title, number in found
    ]
    chosen = [row for row in made if not state or row.state == state]
    order = list(STATES)
    return sorted(
        chosen,
        key=lambda row: (order.index(row.state), row.due_on or date.max, row.course.title, row.person.name),
    )


def leaving_lines(user_ids: Sequence[int]) -> list[PersonLine]:
    """Return the courses that these people began, or were given, and did not finish."""
    query = (
        select(Enrolment.user_id, Course.title)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.user_id.in_(list(user_ids)),
            Enrolment.completed_at.is_(None),
            Course.archived_at.is_(None),
        )
        .order_by(Course.title)
    )
    return [
        PersonLine(user_id, _("has not finished the course “%(title)s”", title=title))
        for user_id, title in db.session.execute(query)
    ]
