"""For whom a course is: one rule, as a condition of queries, as labels of search, and for one visitor. No Flask."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, select

from libhub.api import (
    ADMINISTRATOR,
    LIBRARIAN,
    STAFF_LABEL,
    TEACHER,
    Label,
    Viewer,
    role_label,
)
from libhub.api import lazy_gettext as _l
from plugins.training.models import Course, CoursePerson, Lesson

LEARN: Final = "training.learn"
EDIT: Final = "training.edit"
SUPERVISE: Final = "training.board"
EDITOR_LABEL: Final = "training:editor"
AUDIENCES: Final[dict[str, Label]] = {
    "staff": _l("All staff"),
    "librarians": _l("Librarians only"),
    "teachers": _l("Teachers only"),
    "named": _l("Named people"),
}
_ROLES: Final = {"librarians": (LIBRARIAN, ADMINISTRATOR), "teachers": (TEACHER,)}


def person_label(user_id: int) -> str:
    """Return the label of a person as a member of the staff: it ends when they leave, their account's does not."""
    return f"training:person:{user_id}"


def labels_of(viewer: Viewer) -> frozenset[str]:
    """Return the labels that training gives a visitor; pupils, parents and guests have none."""
    if not viewer.staff or viewer.user_id is None:
        return frozenset()
    own = {person_label(viewer.user_id)}
    return frozenset(own | {EDITOR_LABEL} if viewer.can(EDIT) else own)


def labels_for(course: Course, people: Iterable[int], *, open_to_readers: bool) -> frozenset[str]:
    """Return the labels of those who may find something of a course; ``people`` are those it names."""
    if course.archived_at:
        return frozenset()
    readers: set[str] = set()
    if open_to_readers and course.published:
        if course.audience == "staff":
            readers = {STAFF_LABEL}
        elif course.audience == "named":
            readers = {person_label(user_id) for user_id in people}
        else:
            readers = {role_label(role) for role in _ROLES.get(course.audience, ())}
    return frozenset(readers | {EDITOR_LABEL})


def courses_for(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on courses that this visitor may see; editors also see drafts."""
    if not viewer.staff or viewer.user_id is None:
        return false()
    return and_(Course.archived_at.is_(None), Course.age <= viewer.age_limit, _chosen(viewer))


def _chosen(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.can(EDIT):
        return Course.id.is_not(None)
    named = select(CoursePerson.course_id).where(CoursePerson.user_id == viewer.user_id)
    allowed = [name for name in AUDIENCES if name == "staff" or viewer.role in _ROLES.get(name, ())]
    return and_(
        Course.published,
        or_(Course.audience.in_(allowed), and_(Course.audience == "named", Course.id.in_(named))),
    )


def lessons_for(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on lessons, to be used beside :func:`courses_for`."""
    present = Lesson.archived_at.is_(None)
    return present if viewer.can(EDIT) else and_(present, Lesson.published)


def roles_of(audience: str) -> Collection[str]:
    """Return the roles that an audience has; empty for named people."""
    if audience == "staff":
        return (TEACHER, LIBRARIAN, ADMINISTRATOR)
    return _ROLES.get(audience, ())
