"""What search may know of courses and lessons. Pupils, parents and guests share no label with any of it."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from libhub.api import Document, ItemType, Summary, Viewer, db
from libhub.api import lazy_gettext as _l
from plugins.training import domain
from plugins.training.audience import courses_for, labels_for, lessons_for
from plugins.training.domain import PLUGIN, course_ref, lesson_ref
from plugins.training.markdown import to_plain
from plugins.training.models import Course, Lesson, Section


def _numbers(some: Sequence[str]) -> list[int]:
    return [int(key) for key in some]


def course_keys() -> Iterable[str]:
    """Return the numbers of all courses that are not archived."""
    return map(str, db.session.scalars(select(Course.id).where(Course.archived_at.is_(None))))


def course_documents(some: Sequence[str]) -> list[Document]:
    """Return what is searched of these courses."""
    courses = db.session.scalars(
        select(Course).where(Course.id.in_(_numbers(some)), Course.archived_at.is_(None))
    ).all()
    named = domain.people_of([course.id for course in courses])
    return [
        Document(
            course_ref(course.id),
            course.title,
            course.summary,
            labels_for(course, named[course.id], open_to_readers=True),
            course.age,
        )
        for course in courses
    ]


def course_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the courses among these that the viewer may see now."""
    query = select(Course.id, Course.title, Course.age).where(
        Course.id.in_(_numbers(some)), courses_for(viewer)
    )
    return {
        str(number): Summary(title, f"/{PLUGIN}/{number}", age)
        for number, title, age in db.session.execute(query)
    }


def lesson_keys() -> Iterable[str]:
    """Return the numbers of all lessons that are not archived."""
    return map(str, db.session.scalars(select(Lesson.id).where(Lesson.archived_at.is_(None))))


def lesson_documents(some: Sequence[str]) -> list[Document]:
    """Return what is searched of these lessons."""
    lessons = db.session.scalars(
        select(Lesson).where(Lesson.id.in_(_numbers(some)), Lesson.archived_at.is_(None))
    ).all()
    named = domain.people_of(list({lesson.section.course_id for lesson in lessons}))
    documents = []
    for lesson in lessons:
        course = lesson.section.course
        documents.append(
            Document(
                lesson_ref(lesson.id),
                lesson.title,
                to_plain(lesson.text),
                labels_for(course, named[course.id], open_to_readers=lesson.published),
                course.age,
                keywords=f"{course.title}\n{lesson.section.title}",
            )
        )
    return documents


def lesson_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the lessons among these that the viewer may see now."""
    query = (
        select(Lesson.id, Lesson.title, Course.age)
        .join(Section, Section.id == Lesson.section_id)
        .join(Course, Course.id == Section.course_id)
        .where(Lesson.id.in_(_numbers(some)), courses_for(viewer), lessons_for(viewer))
    )
    return {
        str(number): Summary(title, f"/{PLUGIN}/lessons/{number}", age)
        for number, title, age in db.session.execute(query)
    }


COURSE = ItemType(PLUGIN, "course", _l("courses"), course_keys, course_documents, course_summaries)
LESSON = ItemType(PLUGIN, "lesson", _l("lessons"), lesson_keys, lesson_documents, lesson_summaries)
