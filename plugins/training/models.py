"""Tables of courses, all named ``training_*``; those of people's learning are in :mod:`plugins.training.learning.models`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    ForeignKey,
    ScalarSelect,
    String,
    Text,
    and_,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.api import Audited, ItemRef, Published, UtcDateTime, Viewer, db, now, quizzes
from libhub.api import lazy_gettext as _l
from plugins.training.courses.audience import EDIT, EDITOR_LABEL, LABELS, NAMED, person_label

NEVER_TWICE = {"sqlite_autoincrement": True}
"""A number is never given twice: the log knows rows by it that were deleted, and brings them back."""


class Course(Published, Audited, db.Model):  # type: ignore[name-defined,misc]
    """A course: sections with lessons, for some of the staff. Who writes courses also finds those that are not open."""

    __item__ = ("training", "course")
    __tablename__ = "training_course"
    __audit_label__ = _l("course")
    __audit_ignore__ = frozenset({"updated_at"})
    __audit_parts__ = frozenset({"named", "required"})
    __audit_called__ = {"published": _l("Open to those it is for")}

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    hours: Mapped[int] = mapped_column(default=1)
    """Academic hours, as they stand in the certificate."""
    for_whom: Mapped[str] = mapped_column("audience", String(20), default="staff")
    """A name of ``audience.AUDIENCES``."""
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

    sections: Mapped[list["Section"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(Section.position, Section.id)"
    )
    named: Mapped[list["CoursePerson"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    required: Mapped[list["Prerequisite"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, foreign_keys="Prerequisite.course_id"
    )

    def concerned(self) -> list[ItemRef]:
        """Return the search addresses of the course and of all its lessons."""
        lessons = db.session.scalars(select(Lesson.id).where(Lesson.of_courses(Course.id == self.id)))
        return [self.ref, *map(Lesson.ref_of, lessons)]

    @classmethod
    def allowed(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on courses that are for this viewer: none for those who are not of the staff."""
        if not viewer.staff or viewer.user_id is None:
            return false()
        if viewer.can(EDIT):
            return true()
        groups = [name for name, labels in LABELS.items() if labels & viewer.labels]
        here = select(CoursePerson.course_id).where(CoursePerson.user_id == viewer.user_id)
        named = and_(cls.for_whom == NAMED, cls.id.in_(here))
        return and_(cls.published, or_(cls.for_whom.in_(groups), named))

    def readers(self) -> frozenset[str]:
        """Return the labels of those it is for, once it is open."""
        if self.for_whom == NAMED:
            return frozenset(person_label(row.user_id) for row in self.named)
        return LABELS[self.for_whom]

    def audience(self) -> frozenset[str]:
        """Return the labels of those who may find it."""
        return (self.readers() if self.published else frozenset()) | {EDITOR_LABEL}


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
    __table_args__ = NEVER_TWICE
    __audit_label__ = _l("section of a course")
    __audit_called__ = {"course_id": _l("Course")}
    __audit_ignore__ = frozenset({"position"})

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    course: Mapped[Course] = relationship(back_populates="sections", lazy="joined", innerjoin=True)
    lessons: Mapped[list["Lesson"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(Lesson.position, Lesson.id)"
    )


class Lesson(Published, Audited, db.Model):  # type: ignore[name-defined,misc]
    """A lesson: a text, and maybe a link, files, a quiz or a task. Who finds it is the course's business first."""

    __item__ = ("training", "lesson")
    __tablename__ = "training_lesson"
    __audit_label__ = _l("lesson")
    __audit_ignore__ = frozenset({"position", "updated_at"})
    __audit_called__ = {"section_id": _l("Section of the course")}

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

    section: Mapped[Section] = relationship(back_populates="lessons", lazy="joined", innerjoin=True)
    questions: Mapped[list["StoredQuestion"]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(StoredQuestion.position, StoredQuestion.id)",
    )

    @hybrid_property
    def age(self) -> int | None:
        """The age mark of the course, in years, or none."""
        return self.section.course.age

    @age.inplace.expression
    @classmethod
    def _age(cls) -> ScalarSelect[int | None]:
        return select(Course.age).join(Section).where(Section.id == cls.section_id).scalar_subquery()

    @classmethod
    def present(cls) -> ColumnElement[bool]:
        """Return the condition without which nobody finds a lesson: neither it nor its course is in the archive."""
        return and_(super().present(), cls.of_courses(Course.present()))

    @classmethod
    def open_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on lessons that a viewer of their course may see; editors also see drafts."""
        return and_(super().present(), true() if viewer.can(EDIT) else cls.published)

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on lessons that this viewer may see."""
        return and_(cls.open_to(viewer), cls.of_courses(Course.visible_to(viewer)))

    @classmethod
    def of_courses(cls, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return the condition on lessons of courses that fulfil one."""
        return cls.section_id.in_(select(Section.id).join(Course).where(condition))

    def audience(self) -> frozenset[str]:
        """Return the labels of those who may find it."""
        return self.section.course.audience() if self.published else frozenset({EDITOR_LABEL})


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


class StoredQuestion(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A question of a lesson's pool, as the hub's quizzes describe one."""

    __tablename__ = "training_question"
    __table_args__ = NEVER_TWICE
    __audit_label__ = _l("question of a quiz")
    __audit_title__ = "id"
    __audit_ignore__ = frozenset({"position"})
    __audit_called__ = {"lesson_id": _l("Lesson"), "data": _l("Question")}
    __audit_told__ = {"data": quizzes.stored_in_words}

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("training_lesson.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
