"""A person's way through a course: what is open, what is done, what is next, and when all of it is. No Flask."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, insert, select, tuple_, update
from sqlalchemy.orm import contains_eager

from libhub.api import Viewer, Waiting, db, now, remember, today, writing
from plugins.training.courses import rules
from plugins.training.courses.audience import courses_for, lessons_for
from plugins.training.learning import certificates
from plugins.training.models import (
    Course,
    Enrolment,
    Lesson,
    PersonalNote,
    Progress,
    Section,
    StoredQuestion,
)

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
    progress = _progress(viewer.user_id, [step.id for part in plan.parts for step in part.steps])
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
    return _Plan(tuple(parts.values()), frozenset(rules.required_by([course_id])[course_id]))


def lessons_of(course_ids: Sequence[int], viewer: Viewer) -> list[Lesson]:
    """Return the lessons of courses that a visitor may see, in order; one query."""
    query = (
        select(Lesson)
        .join(Section, Section.id == Lesson.section_id)
        .options(contains_eager(Lesson.section))
        .where(Section.course_id.in_(course_ids), lessons_for(viewer))
        .order_by(Section.position, Section.id, Lesson.position, Lesson.id)
    )
    return list(db.session.scalars(query))


def _progress(user_id: int, lesson_ids: Sequence[int]) -> dict[int, Progress]:
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
        select(Course, Enrolment).outerjoin(Enrolment, own).where(courses_for(viewer)).order_by(Course.title)
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


# -- what a person does -------------------------------------------------------------------------------


def enrol(course_id: int, user_id: int) -> Enrolment:
    """Return a person's participation in a course, made if there is none. Call inside ``writing()``."""
    row = db.session.get(Enrolment, (course_id, user_id))
    if row is None:
        row = Enrolment(course_id=course_id, user_id=user_id)
        db.session.add(row)
        db.session.flush()
    return row


def note_visit(lesson: Lesson, viewer: Viewer, here: Way, step: Step) -> Way:
    """Note that a person opens a lesson, and return the way after that.

    What opening begins or finishes is noted now, their place alone in a moment.
    """
    assert viewer.user_id is not None
    finishes = lesson.completion == "view" and not step.done
    if here.started and not finishes:
        _PLACES.put((viewer.user_id, lesson.id), now(), soon=True)
    else:
        visit(lesson, viewer.user_id)
    if finishes:  # perhaps more than this lesson
        return way(lesson.section.course, viewer, certificate=False)
    return here.opened(lesson.id)


def visit(lesson: Lesson, user_id: int) -> None:
    """Note that a person opened a lesson: their place is kept, and it is done if that is all it asks for."""
    with writing():
        row = enrol(lesson.section.course_id, user_id)
        row.started_at = row.started_at or now()
        db.session.flush()
        _store_places({(user_id, lesson.id): now()})
        if lesson.completion == "view":
            complete(lesson, user_id)


def _store_places(opened: Mapping[tuple[int, int], datetime]) -> None:
    """Note of persons and lessons when they were opened; of those that are gone by now nothing."""
    with writing():
        query = (
            select(Enrolment.user_id, Lesson.id, Enrolment.course_id, Progress.viewed_at)
            .join(Section, Section.course_id == Enrolment.course_id)
            .join(Lesson, Lesson.section_id == Section.id)
            .outerjoin(Progress, and_(Progress.user_id == Enrolment.user_id, Progress.lesson_id == Lesson.id))
            .where(tuple_(Enrolment.user_id, Lesson.id).in_(list(opened)))
        )
        found = sorted(db.session.execute(query), key=lambda row: opened[row[0], row[1]])
        places = [
            {"user": user, "course": course, "lesson": lesson, "at": opened[user, lesson]}
            for user, lesson, course, _viewed in found
        ]
        new = [
            {"user_id": user, "lesson_id": lesson, "viewed_at": opened[user, lesson]}
            for user, lesson, _course, viewed in found
            if viewed is None
        ]
        table = Enrolment.__table__
        here = (table.c.course_id == bindparam("course"), table.c.user_id == bindparam("user"))
        last: dict[str, Any] = {"touched_at": bindparam("at"), "last_lesson_id": bindparam("lesson")}
        connection = db.session.connection()
        if places:
            connection.execute(update(table).where(*here).values(last), places)
        if new:
            connection.execute(insert(Progress.__table__), new)


_PLACES: Final = Waiting(_store_places, max)


def _row(lesson_id: int, user_id: int) -> Progress:
    row = db.session.get(Progress, (user_id, lesson_id))
    if row is None:
        row = Progress(user_id=user_id, lesson_id=lesson_id)
        db.session.add(row)
        db.session.flush()
    return row


def complete(lesson: Lesson, user_id: int, *, done: bool = True) -> None:
    """Note that a lesson is done, or after all is not; what follows from it is noted too."""
    with writing():
        row = _row(lesson.id, user_id)
        row.completed_at = (row.completed_at or now()) if done else None
        db.session.flush()
        settle(lesson.section.course, user_id)


def settle(course: Course, user_id: int) -> None:
    """Draw the conclusions: lessons that are done with their section, and the course that is finished.

    A course that was finished stays finished, also when lessons are added to it later.
    """
    with writing():
        lessons = [
            lesson
            for section in course.sections
            for lesson in section.lessons
            if lesson.published and lesson.archived_at is None and lesson.completion != "none"
        ]
        done = {
            lesson_id
            for lesson_id, row in _progress(user_id, [lesson.id for lesson in lessons]).items()
            if row.completed_at
        }
        for lesson in lessons:
            others = {
                each.id
                for each in lessons
                if each.section_id == lesson.section_id and each.completion != "section"
            }
            if lesson.completion == "section":
                whole = bool(others) and others <= done
                _row(lesson.id, user_id).completed_at = now() if whole else None
                done = done | {lesson.id} if whole else done - {lesson.id}
        row = enrol(course.id, user_id)
        if row.completed_at is None and lessons and all(lesson.id in done for lesson in lessons):
            row.completed_at = now()
            if course.certificate:
                certificates.issue(course, user_id)


def note_of(user_id: int, lesson_id: int) -> str:
    """Return what a person wrote down for themselves beside a lesson."""

    def read() -> str:
        row = db.session.get(PersonalNote, (user_id, lesson_id))
        return row.text if row else ""

    return remember(("training note", user_id, lesson_id), read, lambda text: 2 * len(text))


def keep_note(user_id: int, lesson_id: int, text: str) -> None:
    """Keep what a person writes down for themselves; an empty note is none."""
    with writing():
        row = db.session.get(PersonalNote, (user_id, lesson_id))
        if row is not None and not text.strip():
            db.session.delete(row)
        elif row is not None:
            row.text = text.strip()
        elif text.strip():
            db.session.add(PersonalNote(user_id=user_id, lesson_id=lesson_id, text=text.strip()))
