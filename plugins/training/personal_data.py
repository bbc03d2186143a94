"""What training keeps of a person: told to them, and erased. No Flask."""

from typing import Any, Final

from sqlalchemy import delete, select, update

from libhub.api import db, detach_all, touch, writing
from plugins.training.learning.models import (
    Attempt,
    Certificate,
    Enrolment,
    ExternalLearning,
    PersonalNote,
    Progress,
    TaskAnswer,
)
from plugins.training.models import Course, CoursePerson, LessonDraft

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


def personal_data(user_id: int) -> dict[str, Any]:
    """Return what training keeps of a person."""
    told: dict[str, Any] = {
        name: [
            {column: _plain(getattr(row, column)) for column in columns}
            for row in db.session.scalars(select(table).where(table.user_id == user_id))
        ]
        for name, (table, columns) in _OWN.items()
    }
    return told


def _plain(value: Any) -> Any:
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
