"""What training keeps of a person: told to them, and erased. No Flask."""

from typing import Any, Final

from sqlalchemy import delete, select, update

from libhub.api import KeptData, Label, db, detach_all, touch, writing
from libhub.api import lazy_gettext as _l
from plugins.training.learning.models import (
    ANSWER_STATES,
    Attempt,
    Certificate,
    Enrolment,
    ExternalLearning,
    PersonalNote,
    Progress,
    TaskAnswer,
)
from plugins.training.models import Course, CoursePerson, Lesson, LessonDraft

_OWN: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "named_in_courses": (CoursePerson, ("course_id",)),
    "drafts": (LessonDraft, ("lesson_id", "text")),
    "courses": (Enrolment, ("course_id", "assigned", "due_on", "started_at", "completed_at")),
    "lessons": (Progress, ("lesson_id", "viewed_at", "completed_at")),
    "notes": (PersonalNote, ("lesson_id", "text")),
    "attempts": (Attempt, ("lesson_id", "started_at", "finished_at", "percent", "passed", "answers")),
    "answers": (TaskAnswer, ("lesson_id", "text", "state", "sent_at", "remark")),
    "certificates": (Certificate, ("number", "course_title", "hours", "completed_on")),
    "learning_elsewhere": (
        ExternalLearning,
        ("title", "organisation", "hours", "completed_on", "document", "expires_on"),
    ),
}
"""Tables of which every row is one person's, and what of a row is told."""


_LEARNING: Final = _l(
    "so that the person can go on, and those who answer for the learning of the staff see how it stands"
)
_WHAT_FOR: Final[dict[str, tuple[Label, Label]]] = {
    "named_in_courses": (_l("Courses for named people"), _l("so that the person finds the course")),
    "drafts": (_l("Drafts of lessons"), _l("so that nothing typed is lost")),
    "courses": (_l("Courses that were begun or given"), _LEARNING),
    "lessons": (_l("Lessons that were opened and done"), _LEARNING),
    "notes": (_l("Own notes on lessons"), _l("for the person alone")),
    "attempts": (_l("Attempts at quizzes"), _LEARNING),
    "answers": (_l("Answers to tasks"), _LEARNING),
    "certificates": (_l("Certificates"), _l("to prove what was learned")),
    "learning_elsewhere": (_l("Learning elsewhere"), _l("to prove what was learned")),
}
"""What it is, and what it is kept for."""
_PRIVATE: Final = frozenset({"notes", "drafts"})
_CALLED: Final[dict[str, Label]] = {
    "course": _l("Course"),
    "lesson": _l("Lesson"),
    "text": _l("Text"),
    "assigned": _l("Given by somebody"),
    "due_on": _l("Due on"),
    "started_at": _l("Begun on"),
    "completed_at": _l("Finished on"),
    "viewed_at": _l("Opened on"),
    "finished_at": _l("Finished on"),
    "percent": _l("Right answers, %"),
    "passed": _l("Passed"),
    "answers": _l("Answers"),
    "state": _l("State"),
    "sent_at": _l("Sent on"),
    "remark": _l("Remark"),
    "number": _l("Number of the certificate"),
    "course_title": _l("Title of the course"),
    "hours": _l("Academic hours"),
    "completed_on": _l("Finished on"),
    "title": _l("Title"),
    "organisation": _l("Where it was"),
    "document": _l("Document and its number"),
    "expires_on": _l("The document is valid until"),
}


def personal_data(user_id: int) -> dict[str, KeptData]:
    """Return what training keeps of a person."""
    return {
        name: KeptData(
            label,
            _told(name, user_id),
            purpose,
            _l("until the account is deleted"),
            _CALLED,
            private=name in _PRIVATE,
        )
        for name, (label, purpose) in _WHAT_FOR.items()
    }


def _told(name: str, user_id: int) -> list[dict[str, Any]]:
    table, columns = _OWN[name]
    rows = db.session.scalars(select(table).where(table.user_id == user_id)).all()
    titles = {
        column: dict(
            db.session.execute(
                select(of.id, of.title).where(of.id.in_([getattr(row, column) for row in rows]))
            ).all()
        )
        for column, of in (("course_id", Course), ("lesson_id", Lesson))
        if column in columns
    }
    return [
        {
            column.removesuffix("_id"): titles[column].get(getattr(row, column))
            if column in titles
            else _plain(column, getattr(row, column))
            for column in columns
        }
        for row in rows
    ]


def _plain(column: str, value: Any) -> Any:
    if column == "state":
        return str(ANSWER_STATES[value])
    return value.isoformat() if hasattr(value, "isoformat") else value


def erase_personal_data(user_id: int) -> None:
    """Delete what training keeps of a person, with files; the lessons that they wrote stay."""
    with writing():
        for owned in (TaskAnswer, ExternalLearning):
            theirs = db.session.scalars(select(owned.id).where(owned.user_id == user_id)).all()
            detach_all(map(owned.ref_of, theirs))
        named = select(CoursePerson.course_id).where(CoursePerson.user_id == user_id)
        touch(map(Course.ref_of, db.session.scalars(named).all()))
        for table, _columns in _OWN.values():
            db.session.execute(delete(table).where(table.user_id == user_id))
        db.session.execute(
            update(TaskAnswer).where(TaskAnswer.reviewer_id == user_id).values(reviewer_id=None)
        )
