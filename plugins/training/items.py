"""What search may know of courses and lessons. Pupils, parents and guests share no label with any of it."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, false, select, true

from libhub.api import Document, ItemType, Summary, Viewer, db, markdown, sentences
from libhub.api import lazy_gettext as _l
from plugins.training.courses import rules
from plugins.training.courses.audience import EDIT, LEARN, SUPERVISE, courses_for, labels_for, lessons_for
from plugins.training.courses.rules import PLUGIN, course_ref, lesson_ref
from plugins.training.learning import outside_learning, tasks
from plugins.training.learning.models import ExternalLearning, TaskAnswer
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
    named = rules.people_of([course.id for course in courses])
    return [
        Document(
            course_ref(course.id),
            course.title,
            sentences(course.summary),
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
    named = rules.people_of(list({lesson.section.course_id for lesson in lessons}))
    documents = []
    for lesson in lessons:
        course = lesson.section.course
        documents.append(
            Document(
                lesson_ref(lesson.id),
                lesson.title,
                sentences(markdown.to_plain(lesson.text)),
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


def editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the lessons among these whose files the viewer may change: all that an editor sees."""
    return frozenset(lesson_summaries(viewer, some)) if viewer.can(EDIT) else frozenset()


# -- what only one person and the librarian see; search knows nothing of it ---------------------------


def no_keys() -> Iterable[str]:
    """Return nothing: search has no business here."""
    return ()


def no_documents(_some: Sequence[str]) -> list[Document]:
    """Return nothing: search has no business here."""
    return []


def answer_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the answers among these that the viewer may see: one's own, and all for the librarian."""
    query = select(TaskAnswer.id, Lesson.id, Lesson.title).join(Lesson, Lesson.id == TaskAnswer.lesson_id)
    rows = db.session.execute(query.where(TaskAnswer.id.in_(_numbers(some)), _owned(TaskAnswer, viewer)))
    return {
        str(number): Summary(title, f"/{PLUGIN}/lessons/{lesson_id}", 0) for number, lesson_id, title in rows
    }


def answer_editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the answers among these whose files the viewer may change: one's own, until it is accepted."""
    query = select(TaskAnswer.id).where(
        TaskAnswer.id.in_(_numbers(some)),
        TaskAnswer.user_id == viewer.user_id,
        TaskAnswer.state != "accepted",
    )
    return frozenset(map(str, db.session.scalars(query))) if viewer.can(LEARN) else frozenset()


def external_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the records among these that the viewer may see: one's own, and all for the librarian."""
    query = select(ExternalLearning.id, ExternalLearning.title)
    rows = db.session.execute(
        query.where(ExternalLearning.id.in_(_numbers(some)), _owned(ExternalLearning, viewer))
    )
    return {str(number): Summary(title, f"/{PLUGIN}/record", 0) for number, title in rows}


def external_editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the records among these whose scans the viewer may change: one's own."""
    query = select(ExternalLearning.id).where(
        ExternalLearning.id.in_(_numbers(some)), ExternalLearning.user_id == viewer.user_id
    )
    return frozenset(map(str, db.session.scalars(query))) if viewer.can(LEARN) else frozenset()


def _owned(table: type[TaskAnswer] | type[ExternalLearning], viewer: Viewer) -> ColumnElement[bool]:
    if viewer.can(SUPERVISE):
        return true()
    return table.user_id == viewer.user_id if viewer.can(LEARN) else false()


COURSE = ItemType(PLUGIN, "course", _l("courses"), course_keys, course_documents, course_summaries)
LESSON = ItemType(
    PLUGIN, "lesson", _l("lessons"), lesson_keys, lesson_documents, lesson_summaries, editable=editable
)
ANSWER = ItemType(
    PLUGIN,
    tasks.KIND,
    _l("answers to tasks"),
    no_keys,
    no_documents,
    answer_summaries,
    editable=answer_editable,
)
EXTERNAL = ItemType(
    PLUGIN,
    outside_learning.KIND,
    _l("learning elsewhere"),
    no_keys,
    no_documents,
    external_summaries,
    editable=external_editable,
)
