"""Tables of training, all named ``training_*``."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.api import Audited, UtcDateTime, db, now
from libhub.api import lazy_gettext as _l


class Course(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A course: sections with lessons, for some of the staff."""

    __tablename__ = "training_course"
    __audit_label__ = _l("course")
    __audit_ignore__ = frozenset({"updated_at"})

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    hours: Mapped[int] = mapped_column(default=1)
    """Academic hours, as they stand in the certificate."""
    audience: Mapped[str] = mapped_column(String(20), default="staff")
    """A name of ``audience.AUDIENCES``."""
    age: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    in_order: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a lesson opens only when those before it are done."""
    certificate: Mapped[bool] = mapped_column(default=True, server_default=true())
    published: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)
    written_on: Mapped[date | None] = mapped_column(Date)
    """Of when the material is."""
    checked_on: Mapped[date | None] = mapped_column(Date)
    """When somebody last looked through it and found it true."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sections: Mapped[list["Section"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(Section.position, Section.id)"
    )


class CoursePerson(db.Model):  # type: ignore[name-defined,misc]
    """A person for whom a course is that is for named people."""

    __tablename__ = "training_course_person"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Prerequisite(db.Model):  # type: ignore[name-defined,misc]
    """A course that has to be finished before another one opens."""

    __tablename__ = "training_prerequisite"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True
    )
    required_id: Mapped[int] = mapped_column(
        ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Section(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A part of a course."""

    __tablename__ = "training_section"
    __audit_label__ = _l("section of a course")
    __audit_ignore__ = frozenset({"position"})

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    course: Mapped[Course] = relationship(back_populates="sections", lazy="joined", innerjoin=True)
    lessons: Mapped[list["Lesson"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(Lesson.position, Lesson.id)"
    )


class Lesson(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A lesson: a text, and maybe a link, files, a quiz or a task."""

    __tablename__ = "training_lesson"
    __audit_label__ = _l("lesson")
    __audit_ignore__ = frozenset({"position", "updated_at"})

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("training_section.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="")
    """Markdown."""
    link: Mapped[str] = mapped_column(String(1000), default="")
    minutes: Mapped[int] = mapped_column(default=0)
    """How long it takes; 0 for not known."""
    completion: Mapped[str] = mapped_column(String(20), default="hand")
    """A name of ``learning.COMPLETIONS``."""
    task: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an answer with a file is asked for."""
    asked: Mapped[int] = mapped_column(default=0)
    """How many questions of the pool an attempt has; 0 for all of them."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often the quiz may be tried; 0 for as often as one likes."""
    pass_percent: Mapped[int] = mapped_column(default=80)
    shuffled: Mapped[bool] = mapped_column(default=True, server_default=true())
    published: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    section: Mapped[Section] = relationship(back_populates="lessons", lazy="joined", innerjoin=True)
    questions: Mapped[list["StoredQuestion"]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(StoredQuestion.position, StoredQuestion.id)",
    )


class LessonDraft(db.Model):  # type: ignore[name-defined,misc]
    """What somebody is writing and has not saved yet; kept while they type."""

    __tablename__ = "training_lesson_draft"

    lesson_id: Mapped[int] = mapped_column(
        ForeignKey("training_lesson.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class LessonVersion(db.Model):  # type: ignore[name-defined,misc]
    """The text of a lesson as it was saved once."""

    __tablename__ = "training_lesson_version"
    __table_args__ = (UniqueConstraint("lesson_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("training_lesson.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(200), default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class StoredQuestion(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A question of a lesson's pool, as the hub's quizzes describe one."""

    __tablename__ = "training_question"
    __audit_label__ = _l("question of a quiz")
    __audit_title__ = "id"
    __audit_ignore__ = frozenset({"position"})

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("training_lesson.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class Enrolment(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A person's way through a course: begun by themselves, or given to them with a date."""

    __tablename__ = "training_enrolment"
    __audit_label__ = _l("participation in a course")
    __audit_title__ = "course_id"
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


class TaskAnswer(Audited, db.Model):  # type: ignore[name-defined,misc]
    """What a person sent as the answer to a task; its files are attached to it."""

    __tablename__ = "training_task_answer"
    __table_args__ = (UniqueConstraint("lesson_id", "user_id"),)
    __audit_label__ = _l("answer to a task")
    __audit_title__ = "id"

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


class ExternalLearning(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A course that a person took elsewhere; the scan of the document is attached to it."""

    __tablename__ = "training_external"
    __audit_label__ = _l("learning elsewhere")

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
