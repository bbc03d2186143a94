"""A person's way through a course: what is open, what is done, what is next, and when all of it is. No Flask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from libhub.api import Viewer, db, now, remember, today
from plugins.training.courses import rules
from plugins.training.learning import certificates
from plugins.training.learning.models import Enrolment, Progress
from plugins.training.models import Course, Lesson, Section, StoredQuestion

NOTED_AGAIN: Final = timedelta(hours=1)
"""Somebody who stays in a lesson is seen anew after that."""


@dataclass(frozen=True)
class Step:
    """A lesson on somebody's way: what it has, whether it counts, is done, or is still closed."""

    id: int
    title: str
    minutes: int
    completion: str
    quiz: bool
    task: bool
    published: bool
    viewed: bool = False
    done: bool = False
    closed: bool = False

    @property
    def counts(self) -> bool:
        """Whether it has to be done."""
        return self.published and self.completion != "none"


@dataclass(frozen=True)
class Part:
    """A section of the way."""

    id: int
    title: str
    steps: tuple[Step, ...]

    @property
    def done(self) -> bool:
        """Whether everything in it that counts is done."""
        counted = [step for step in self.steps if step.counts]
        return bool(counted) and all(step.done for step in counted)


@dataclass(frozen=True)
class Way:
    """A course as one person sees it."""

    parts: tuple[Part, ...]
    due_on: date | None = None
    completed_at: datetime | None = None
    started: bool = False
    last_lesson_id: int | None = None
    touched_at: datetime | None = None
    waits_for: tuple[str, ...] = ()
    """Titles of the courses that have to be finished first."""
    certificate: str = ""
    """Number of the certificate; empty where there is none."""

    @property
    def steps(self) -> list[Step]:
        """Every lesson in order."""
        return [step for part in self.parts for step in part.steps]

    @property
    def total(self) -> int:
        """How many lessons have to be done."""
        return sum(step.counts for step in self.steps)

    @property
    def done(self) -> int:
        """How many of them are."""
        return sum(step.counts and step.done for step in self.steps)

    @property
    def percent(self) -> int:
        """How much of the course is done."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def next(self) -> Step | None:
        """The lesson to go on with: the last one that was open, unless it is done, then the next that is not."""
        waiting = [step for step in self.steps if step.counts and not step.done and not step.closed]
        last = next((step for step in waiting if step.id == self.last_lesson_id), None)
        return last or next(iter(waiting), None)

    @property
    def late(self) -> bool:
        """Whether it should have been finished by now."""
        return self.due_on is not None and self.completed_at is None and self.due_on < today()

    def opened(self, lesson_id: int) -> "Way":
        """Return the way after a lesson was opened that is not done by that."""
        parts = tuple(
            replace(
                part,
                steps=tuple(replace(step, viewed=step.viewed or step.id == lesson_id) for step in part.steps),
            )
            for part in self.parts
        )
        return replace(self, parts=parts, started=True, last_lesson_id=lesson_id, touched_at=now())

    def rests_in(self, step: Step) -> bool:
        """Say whether the person is in this lesson already, so that there is nothing new to note."""
        recently = self.touched_at is not None and self.touched_at > now() - NOTED_AGAIN
        done_by_opening = step.completion != "view" or step.done
        return recently and done_by_opening and step.viewed and self.last_lesson_id == step.id


def way(course: Course, viewer: Viewer, *, certificate: bool = True) -> Way:
    """Return a course as this visitor sees it; the number of queries does not depend on the course.

    ``certificate``: also look for its certificate.
    """
    key = ("training way", course.id, course.in_order, viewer, certificate)
    return remember(key, lambda: _read_way(course, viewer, certificate=certificate))


def _read_way(course: Course, viewer: Viewer, *, certificate: bool) -> Way:
    assert viewer.user_id is not None
    plan = remember(("training plan", course.id, viewer), lambda: _read_plan(course.id, viewer))
    progress = progress_of(viewer.user_id, [step.id for part in plan.parts for step in part.steps])
    waits_for = waiting_for(plan.required, viewer.user_id)
    enrolment = db.session.get(Enrolment, (course.id, viewer.user_id))
    parts: list[Part] = []
    closed = bool(waits_for)
    for part in plan.parts:
        steps = []
        for step in part.steps:
            row = progress.get(step.id)
            done = bool(row and row.completed_at)
            steps.append(replace(step, viewed=row is not None, done=done, closed=closed))
            closed = closed or (course.in_order and step.counts and not done)
        parts.append(replace(part, steps=tuple(steps)))
    return Way(
        tuple(parts),
        enrolment.due_on if enrolment else None,
        enrolment.completed_at if enrolment else None,
        bool(enrolment and enrolment.started_at),
        enrolment.last_lesson_id if enrolment else None,
        enrolment.touched_at if enrolment else None,
        waits_for,
        certificates.number_of(viewer.user_id, course.id) if certificate else "",
    )


@dataclass(frozen=True)
class _Plan:
    """A course as it is for everybody with the same rights: its lessons, and the courses to be finished before."""

    parts: tuple[Part, ...]
    required: frozenset[int]


def _read_plan(course_id: int, viewer: Viewer) -> _Plan:
    lessons = lessons_of([course_id], viewer)
    asked = select(StoredQuestion.lesson_id).where(
        StoredQuestion.lesson_id.in_([lesson.id for lesson in lessons])
    )
    quizzes = set(db.session.scalars(asked.distinct()))
    parts: dict[int, Part] = {}
    for lesson in lessons:
        before = parts.get(lesson.section_id, Part(lesson.section_id, lesson.section.title, ()))
        step = Step(
            lesson.id,
            lesson.title,
            lesson.minutes,
            lesson.completion,
            lesson.id in quizzes,
            lesson.task,
            lesson.published,
        )
        parts[lesson.section_id] = replace(before, steps=(*before.steps, step))
    return _Plan(tuple(parts.values()), rules.required_by(course_id))


def lessons_of(course_ids: Sequence[int], viewer: Viewer) -> list[Lesson]:
    """Return the lessons of courses that a visitor may see, in order; one query."""
    query = (
        select(Lesson)
        .join(Section, Section.id == Lesson.section_id)
        .options(contains_eager(Lesson.section))
        .where(Section.course_id.in_(course_ids), Lesson.open_to(viewer))
        .order_by(Section.position, Section.id, Lesson.position, Lesson.id)
    )
    return list(db.session.scalars(query))


def progress_of(user_id: int, lesson_ids: Sequence[int]) -> dict[int, Progress]:
    query = select(Progress).where(Progress.user_id == user_id, Progress.lesson_id.in_(lesson_ids))
    return {row.lesson_id: row for row in db.session.scalars(query)}


def waiting_for(required: Collection[int], user_id: int) -> tuple[str, ...]:
    """Return the titles of those courses, out of some that are required, that somebody has not finished yet."""
    if not required:
        return ()
    finished = select(Enrolment.course_id).where(
        Enrolment.user_id == user_id, Enrolment.completed_at.is_not(None)
    )
    query = select(Course.title).where(Course.id.in_(required), Course.id.not_in(finished))
    return tuple(db.session.scalars(query.order_by(Course.title)))
