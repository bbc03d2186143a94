"""The librarian's board: who is where, who is late, who finished; giving courses to people, telling them. No Flask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from libhub.api import (
    ADMINISTRATOR,
    LIBRARIAN,
    TEACHER,
    Label,
    LibHubError,
    Person,
    db,
    notify,
    one_line,
    people,
    today,
    writing,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses import rules
from plugins.training.courses.audience import roles_of
from plugins.training.courses.rules import PLUGIN
from plugins.training.learning import progress
from plugins.training.models import Attempt, Certificate, Course, Enrolment, Lesson, Progress

STAFF_ROLES: Final = (TEACHER, LIBRARIAN, ADMINISTRATOR)
STATES: Final[dict[str, Label]] = {
    "": _l("everybody"),
    "late": _l("late"),
    "going": _l("under way"),
    "finished": _l("finished"),
    "idle": _l("not begun"),
}
REMIND_BEFORE: Final = timedelta(days=3)
MAX_MESSAGE: Final = 400


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
    totals = {key: number for key, number in db.session.execute(progress.counted_lessons())}
    mine = (
        progress.counted_lessons()
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


def courses() -> Sequence[Course]:
    """Return the courses that can be given to people."""
    query = select(Course).where(Course.archived_at.is_(None)).order_by(Course.title)
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
        named = set(rules.people_of([course_id])[course_id])
        outside = [
            person.name
            for person in wanted
            if (
                person.id not in named
                if course.audience == "named"
                else person.role not in roles_of(course.audience)
            )
        ]
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


def _assigned_text(title: str, due_on: date | None) -> str:
    if due_on is None:
        return _("You were given the course “%(title)s”.", title=title)
    return _(
        "You were given the course “%(title)s”, due on %(day)s.", title=title, day=due_on.strftime("%d.%m.%Y")
    )


def withdraw(course_id: int, user_id: int) -> None:
    """Take a course back from a person; what they did in it stays, and they may go on by themselves."""
    with writing():
        row = db.session.get(Enrolment, (course_id, user_id))
        if row is not None and row.started_at is None:
            db.session.delete(row)
        elif row is not None:
            row.assigned, row.due_on, row.reminded_on = False, None, None


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


def _reminder(stage: int, title: str, due_on: date) -> str:
    values = {"title": title, "day": due_on.strftime("%d.%m.%Y")}
    if stage == 0:
        return _("The course “%(title)s” is due on %(day)s.", **values)
    if stage == 1:
        return _("The course “%(title)s” is due today.", title=title)
    return _(
        "The course “%(title)s” was due on %(day)s. Finish it, or ask the librarian for more time.", **values
    )


def statistics(start: datetime, end: datetime) -> dict[str, int]:
    """Return numbers of a period for the librarian's report."""

    def count(column: InstrumentedAttribute[datetime | None]) -> int:
        return db.session.scalar(select(func.count(column)).where(column >= start, column < end)) or 0

    return {
        _("Lessons done"): count(Progress.completed_at),
        _("Courses finished"): count(Enrolment.completed_at),
        _("Quizzes tried"): count(Attempt.finished_at),
    }
