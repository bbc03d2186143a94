"""Progress: a person takes part in a course, opens its lessons, does them, finishes it. No Flask."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, insert, select, tuple_, update

from libhub.api import Viewer, Waiting, db, now, writing
from plugins.training.learning import certificates
from plugins.training.learning.models import Enrolment, Progress
from plugins.training.learning.ways import Step, Way, progress_of, way
from plugins.training.models import Course, Lesson, Section


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
            for lesson_id, row in progress_of(user_id, [lesson.id for lesson in lessons]).items()
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
