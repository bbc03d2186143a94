"""The list of one's courses, and how many lessons of each have to be done. No Flask."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select

from libhub.api import Viewer, db, today
from plugins.training.learning.models import Enrolment, Progress
from plugins.training.models import Course, Lesson, Section


@dataclass(frozen=True)
class Card:
    """A course in the list of one's courses."""

    course: Course
    total: int
    done: int
    due_on: date | None
    started: bool
    completed_at: datetime | None

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def late(self) -> bool:
        """Whether it should have been finished by now."""
        return self.due_on is not None and self.completed_at is None and self.due_on < today()


def counted_lessons() -> Select[int, int]:
    """Return the query of how many lessons of each course have to be done."""
    return (
        select(Section.course_id, func.count())
        .join(Lesson, Lesson.section_id == Section.id)
        .where(Lesson.archived_at.is_(None), Lesson.published, Lesson.completion != "none")
        .group_by(Section.course_id)
    )


def my_courses(viewer: Viewer) -> list[Card]:
    """Return the courses that a visitor may take: what is late or due first, then what was begun, then the rest."""
    own = and_(Enrolment.course_id == Course.id, Enrolment.user_id == viewer.user_id)
    query = (
        select(Course, Enrolment)
        .outerjoin(Enrolment, own)
        .where(Course.visible_to(viewer))
        .order_by(Course.title)
    )
    courses = db.session.execute(query).all()
    theirs = and_(
        Progress.lesson_id == Lesson.id,
        Progress.user_id == viewer.user_id,
        Progress.completed_at.is_not(None),
    )
    counted = counted_lessons().outerjoin(Progress, theirs).add_columns(func.count(Progress.lesson_id))
    numbers = {course_id: (total, done) for course_id, total, done in db.session.execute(counted)}
    cards = [
        Card(
            course,
            *numbers.get(course.id, (0, 0)),
            row.due_on if row else None,
            bool(row and row.started_at),
            row.completed_at if row else None,
        )
        for course, row in courses
    ]
    return sorted(
        cards,
        key=lambda card: (
            bool(card.completed_at),
            card.due_on or date.max,
            not card.started,
            card.course.title,
        ),
    )
