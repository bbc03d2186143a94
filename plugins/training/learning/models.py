"""Tables of what people do in training, all named ``training_*``."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from libhub.api import Addressed, Audited, Label, UtcDateTime, db, now
from libhub.api import lazy_gettext as _l

ANSWER_STATES: Final[dict[str, Label]] = {
    "draft": _l("not sent yet"),
    "sent": _l("sent, waits for an answer"),
    "accepted": _l("accepted"),
    "returned": _l("given back, to be worked on"),
}
"""Where an answer to a task stands."""


class Enrolment(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A person's way through a course: begun by themselves, or given to them with a date."""

    __tablename__ = "training_enrolment"
    __audit_label__ = _l("participation in a course")
    __audit_title__ = "course_id"
    __audit_called__ = {
        "course_id": _l("Course"),
        "assigned": _l("Given by somebody"),
        "due_on": _l("Due on"),
        "started_at": _l("Begun on"),
        "completed_at": _l("Finished on"),
    }
    __audit_ignore__ = frozenset({"last_lesson_id", "reminded_on", "touched_at"})

    course_id: Mapped[int] = mapped_column(
        ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    assigned: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_on: Mapped[date | None] = mapped_column(Date)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_lesson_id: Mapped[int | None] = mapped_column(
        ForeignKey("training_lesson.id", ondelete="SET NULL"), index=True
    )
    """Where the person was last."""
    reminded_on: Mapped[date | None] = mapped_column(Date)


class Progress(db.Model):  # type: ignore[name-defined,misc]
    """What a person did in a lesson."""

    __tablename__ = "training_progress"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(
        ForeignKey("training_lesson.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    viewed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonalNote(db.Model):  # type: ignore[name-defined,misc]
    """What a person wrote down for themselves beside a lesson."""

    __tablename__ = "training_note"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(
        ForeignKey("training_lesson.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class Attempt(db.Model):  # type: ignore[name-defined,misc]
    """One try at a quiz. It keeps its questions as they were: a later change does not rewrite the past."""

    __tablename__ = "training_attempt"
    __table_args__ = (Index("ix_training_attempt_user_id_lesson_id", "user_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("training_lesson.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"))
    seed: Mapped[int]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    answers: Mapped[list[Any]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    percent: Mapped[int | None]
    passed: Mapped[bool] = mapped_column(default=False, server_default=false())


class TaskAnswer(Addressed, Audited, db.Model):  # type: ignore[name-defined,misc]
    """What a person sent as the answer to a task; its files are attached to it."""

    __item__ = ("training", "answer")
    __tablename__ = "training_task_answer"
    __table_args__ = (UniqueConstraint("lesson_id", "user_id"),)
    __audit_label__ = _l("answer to a task")
    __audit_title__ = "lesson_id"
    __audit_called__ = {
        "lesson_id": _l("Lesson"),
        "text": _l("Text"),
        "state": _l("State"),
        "sent_at": _l("Sent on"),
        "reviewer_id": _l("Who looked at it"),
        "remark": _l("Remark"),
        "decided_at": _l("Decided on"),
    }
    __audit_values__ = {"state": ANSWER_STATES}

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("training_lesson.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    """A name of ``tasks.STATES``."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewer_id: Mapped[int | None] = mapped_column(
        ForeignKey("core_user.id", ondelete="SET NULL"), index=True
    )
    remark: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Certificate(Audited, db.Model):  # type: ignore[name-defined,misc]
    """That a person finished a course; it says what was true on that day, whatever becomes of the course."""

    __tablename__ = "training_certificate"
    __table_args__ = (UniqueConstraint("user_id", "course_id"),)
    __audit_label__ = _l("certificate")
    __audit_title__ = "course_title"
    __audit_secret__ = frozenset({"number"})
    __audit_called__ = {
        "number": _l("Number of the certificate"),
        "course_id": _l("Course"),
        "person_name": _l("Whose it is"),
        "course_title": _l("Title of the course"),
        "hours": _l("Academic hours"),
        "completed_on": _l("Finished on"),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(
        ForeignKey("training_course.id", ondelete="SET NULL"), index=True
    )
    person_name: Mapped[str] = mapped_column(String(200))
    course_title: Mapped[str] = mapped_column(String(200))
    hours: Mapped[int]
    completed_on: Mapped[date] = mapped_column(Date)


class ExternalLearning(Addressed, Audited, db.Model):  # type: ignore[name-defined,misc]
    """A course that a person took elsewhere; the scan of the document is attached to it."""

    __item__ = ("training", "external")
    __tablename__ = "training_external"
    __audit_label__ = _l("learning elsewhere")
    __audit_called__ = {
        "organisation": _l("Where it was"),
        "hours": _l("Academic hours"),
        "started_on": _l("From"),
        "completed_on": _l("Until"),
        "document": _l("Document and its number"),
        "expires_on": _l("The document is valid until"),
        "reminded_on": _l("Reminded on"),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[int] = mapped_column(default=0)
    started_on: Mapped[date | None] = mapped_column(Date)
    completed_on: Mapped[date] = mapped_column(Date, index=True)
    document: Mapped[str] = mapped_column(String(100), default="")
    """Kind and number of the document."""
    expires_on: Mapped[date | None] = mapped_column(Date, index=True)
    reminded_on: Mapped[date | None] = mapped_column(Date)
