"""What search may know of courses and lessons. Pupils, parents and guests share no label with any of it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import joinedload, selectinload

from libhub.api import Searched, Summary, Viewer, db, item_type, markdown, sentences, unsearched_type
from libhub.api import lazy_gettext as _l
from plugins.training.courses.audience import EDIT, LEARN, SUPERVISE
from plugins.training.courses.rules import PLUGIN
from plugins.training.learning.models import ExternalLearning, TaskAnswer
from plugins.training.models import Course, Lesson, Section

COURSE = item_type(
    Course,
    label=_l("courses"),
    searched=lambda course: Searched(sentences(course.summary)),
    options=(selectinload(Course.named),),
)


def _searched(lesson: Lesson) -> Searched:
    section = lesson.section
    text = sentences(markdown.to_plain(lesson.text))
    return Searched(text, f"{section.course.title}\n{section.title}")


LESSON = item_type(
    Lesson,
    label=_l("lessons"),
    searched=_searched,
    url=lambda number: f"/{PLUGIN}/lessons/{number}",
    editors=EDIT,
    options=(joinedload(Lesson.section).joinedload(Section.course).selectinload(Course.named),),
)


# -- what only one person and the librarian see -------------------------------------------------------


def _numbers(some: Sequence[str]) -> list[int]:
    return [int(key) for key in some]


def answer_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the answers among these that the viewer may see: one's own, and all for the librarian."""
    query = select(TaskAnswer.id, Lesson.id, Lesson.title).join(Lesson, Lesson.id == TaskAnswer.lesson_id)
    rows = db.session.execute(query.where(TaskAnswer.id.in_(_numbers(some)), _owned(TaskAnswer, viewer)))
    return {
        str(number): Summary(title, f"/{PLUGIN}/lessons/{lesson_id}", 0) for number, lesson_id, title in rows
    }


def answer_editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the answers among these whose files the viewer may change: one's own, until it is accepted."""
    return _own(TaskAnswer, viewer, some, TaskAnswer.state != "accepted")


def external_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the records among these that the viewer may see: one's own, and all for the librarian."""
    query = select(ExternalLearning.id, ExternalLearning.title)
    rows = db.session.execute(
        query.where(ExternalLearning.id.in_(_numbers(some)), _owned(ExternalLearning, viewer))
    )
    return {str(number): Summary(title, f"/{PLUGIN}/record", 0) for number, title in rows}


def external_editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
    """Return the records among these whose scans the viewer may change: one's own."""
    return _own(ExternalLearning, viewer, some)


def _owned(table: type[TaskAnswer] | type[ExternalLearning], viewer: Viewer) -> ColumnElement[bool]:
    if viewer.can(SUPERVISE):
        return true()
    return table.user_id == viewer.user_id if viewer.can(LEARN) else false()


def _own(
    table: type[TaskAnswer] | type[ExternalLearning],
    viewer: Viewer,
    some: Sequence[str],
    *conditions: ColumnElement[bool],
) -> frozenset[str]:
    query = select(table.id).where(table.id.in_(_numbers(some)), table.user_id == viewer.user_id, *conditions)
    return frozenset(map(str, db.session.scalars(query))) if viewer.can(LEARN) else frozenset()


ANSWER = unsearched_type(
    TaskAnswer, label=_l("answers to tasks"), summaries=answer_summaries, editable=answer_editable
)
EXTERNAL = unsearched_type(
    ExternalLearning, label=_l("learning elsewhere"), summaries=external_summaries, editable=external_editable
)
