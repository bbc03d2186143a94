"""Tables of courses, all named ``training_*``; those of people's learning are in :mod:`plugins.training.learning.models`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint, false, text, true
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
